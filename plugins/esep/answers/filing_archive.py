"""What archive and outbox themselves hold of a filing: its receipt, verdicts, events, letters and files.

The warehouse shows a filing after its next load; the archive has it from its registration on. Nothing here is taken
from a path that a reader sends: a file is found among those that receipt and outbox list, and only then opened.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from esep import clock, files
from esep.answers import UnknownError, tables
from esep.answers.tables import Row
from esep.config import Settings
from esep.file_names import from_text
from esep.office import archive, dispatches, events, questions
from esep.office.archive import ArchiveError, Receipt, ReceivedFile
from esep.office.dispatches import DISPATCHED, LETTER_APPROVED, LETTER_RETURNED, OutgoingLetter
from esep.office.events import Event
from esep.office.questions import ANSWERED, Answer

Part = TypeVar("Part")
Letters = tuple[tuple["LetterShown", ...], tuple[str, ...]]
"""The letters of a folder, and what of them cannot be read."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A registered filing as its folder has it. `faults` name what in the folder cannot be read."""

    number: str
    receipt: Receipt | None
    verdicts: tuple[dict[str, Any], ...]
    """As the examination wrote them, the latest last."""
    events: tuple[Event, ...]
    faults: tuple[str, ...]

    @property
    def signatures(self) -> tuple[dict[str, Any], ...]:
        """State of each signature file in the latest examination."""
        return tuple(self.verdicts[-1].get("signatures") or ()) if self.verdicts else ()

    @property
    def contacts(self) -> tuple[dict[str, Any], ...]:
        """The footer of each 1-ЦМ sheet as the latest examination read it; verdicts of earlier versions have none."""
        return tuple(self.verdicts[-1].get("contacts") or ()) if self.verdicts else ()


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One dispatch of a letter."""

    sent_at: datetime
    channel: str
    proof: str | None
    recipients: tuple[str, ...]
    author: str


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter of the outbox with what became of it."""

    letter: OutgoingLetter
    files: tuple[Path, ...]
    """Those of its files that are there."""
    dispatches: tuple[Dispatch, ...]
    decision: str | None
    """approved or returned, by the last decision of an officer; None where nobody decided."""
    decided_by: str | None
    decided_at: datetime | None
    is_approved: bool
    """Approved, not sent, and still to leave."""


@dataclass(frozen=True, slots=True)
class Transcribed:
    """A file with the content of what no machine could read: the office's work, not the pool's."""

    path: str
    """Below the filing's folder, as its rows name it."""
    sha256: str
    author: str
    at: datetime
    reason: str


def archived(settings: Settings, number: str) -> Archived | None:
    """The filing's folder in the archive; None if no filing is registered under the number."""
    try:
        entry = archive.entry(settings, number)
    except ArchiveError:
        return None
    faults: list[str] = []
    receipt = _read(lambda: entry.receipt, faults)
    verdicts = _read(lambda: entry.verdicts, faults) or ()
    recorded = _read(lambda: tuple(events.read(entry.folder)), faults) or ()
    return Archived(number, receipt, verdicts, recorded, tuple(faults))


def _read(part: Callable[[], Part], faults: list[str]) -> Part | None:
    """A part of the folder; None, and a fault more, where it cannot be read."""
    try:
        return part()
    except ArchiveError as error:
        faults.append(str(error))
        return None


def unshown_answer(kept: Archived | None, shown: Iterable[Row]) -> Answer | None:
    """The last answer of the filing's folder, unless `shown`, rows of `question`, have it or a later one."""
    given = [questions.answer_of(event) for event in (kept.events if kept else ()) if event.kind == ANSWERED]
    if not given:
        return None
    moments = [row.answered_at for row in shown if row.answer == given[-1].answer and row.kind == given[-1].question]
    return None if moments else given[-1]


def transcriptions(kept: Archived | None) -> tuple[Transcribed, ...]:
    """The files that officers handed in for the filing, in order."""
    return tuple(
        Transcribed(f"{event.data['transcription']}/{path}", sha256, event.author, event.at, event.data["reason"])
        for event in (kept.events if kept else ())
        if event.kind == ANSWERED and event.data.get("transcription")
        for path, sha256 in sorted(event.data["files"].items())
    )


def transcription_file(settings: Settings, number: str, path: str) -> tuple[Transcribed, Path]:
    """A file of a transcription by its path below the filing's folder; UnknownError where no event names it."""
    found = archived(settings, number)
    if found is None:
        raise UnknownError("filing", number)
    file = next((file for file in transcriptions(found) if file.path == path), None)
    place = archive.entry(settings, number).folder / from_text(path) if file else None
    if file is None or place is None or not _is_plain(place):
        raise UnknownError("file", path)
    return file, place


def month_events(connection: duckdb.DuckDBPyConnection, pool_id: str, period: date) -> tuple[Event, ...]:
    """What the journal holds of a pool and month (silence, notices, reminders), in order, as last loaded."""
    columns = ("event", "happened_at", "author", "data::varchar", "event_id")
    source = """
        from event
        where registration_no is null and pool_id = $pool_id and period = $period
        order by happened_at, event_id
    """
    found = tables.rows(connection, columns, source, pool_id=pool_id, period=period)
    return tuple(Event(kind, at, author, _json(data), Path(path)) for kind, at, author, data, path in found)


def letters(settings: Settings, folder: str, recorded: Iterable[Event]) -> Letters:
    """The letters in a folder of the outbox with their dispatches by `recorded`, and what of them cannot be read."""
    found, faults = dispatches.of_folder(settings, folder)
    about = list(recorded)
    return tuple(_shown(settings, letter, about) for letter in found), tuple(str(fault) for fault in faults)


def _shown(settings: Settings, letter: OutgoingLetter, recorded: list[Event]) -> LetterShown:
    own = [event for event in recorded if event.data.get("letter_no") == letter.letter_no]
    sent = tuple(
        Dispatch(
            datetime.fromisoformat(event.data["sent_at"]),
            event.data["channel"],
            event.data.get("proof"),
            tuple(event.data.get("recipients") or ()),
            event.author,
        )
        for event in own
        if event.kind == DISPATCHED
    )
    decided = [event for event in own if event.kind in (LETTER_APPROVED, LETTER_RETURNED)]
    last = decided[-1] if decided else None
    return LetterShown(
        letter=letter,
        files=tuple(path for path in letter.files if _is_plain(path)),
        dispatches=sent,
        decision=last.kind.removeprefix("letter_") if last else None,
        decided_by=last.author if last else None,
        decided_at=last.at if last else None,
        is_approved=bool(last and last.kind == LETTER_APPROVED and not sent) and _still_holds(settings, letter),
    )


def _still_holds(settings: Settings, letter: OutgoingLetter) -> bool:
    """Whether the letter is still to leave; also where that cannot be read, which the page says elsewhere."""
    try:
        return dispatches.still_holds(settings, letter, clock.local_date(clock.now()))
    except ArchiveError:
        return True


def commented_copies(shown: Iterable[LetterShown], number: str) -> dict[str, tuple[str, str]]:
    """File of the package → folder and name of its newest copy with comments on the faulty cells, in the outbox."""
    copies: dict[str, tuple[str, str]] = {}
    for one in shown:
        there = {path.name: path for path in one.files}
        for copy in _workbooks(one.letter.files[-1]):
            name, about = copy.get("copy"), copy.get("registration_no") or number
            if name in there and about == number:
                copies[copy["file"]] = there[name].parent.name, name
    return copies


def _workbooks(status: Path) -> list[dict[str, Any]]:
    try:
        found = files.read_json(status)["workbooks"]
    except (OSError, KeyError, TypeError, ValueError):
        return []
    return [copy for copy in found if isinstance(copy, dict) and isinstance(copy.get("file"), str)]


def package_file(settings: Settings, number: str, path: str) -> tuple[ReceivedFile, Path]:
    """A file as received, by its path on the receipt; UnknownError where the receipt does not name it.

    The bytes are a stranger's: they are never to be opened here or shown by a browser.
    """
    found = archived(settings, number)
    if found is None:
        raise UnknownError("filing", number)
    file = next((file for file in found.receipt.files if file.path == path), None) if found.receipt else None
    if file is None:
        raise UnknownError("file", path)
    place = archive.entry(settings, number).package / from_text(file.path)
    if not _is_plain(place):
        raise UnknownError("file", path)
    return file, place


def outbox_file(settings: Settings, folder: str, name: str) -> Path:
    """A file of one of the letters in a folder of the outbox; UnknownError where no letter names it."""
    listed = (path for letter in dispatches.of_folder(settings, folder)[0] for path in letter.files)
    found = next((path for path in listed if path.name == name and path.parent.name == folder), None)
    if found is None or not _is_plain(found):
        raise UnknownError("file", name)
    return found


def numbers_like(settings: Settings, number: str, count: int = 5) -> tuple[str, ...]:
    """Numbers of the archive that are written most like one that is not there, the nearest first."""
    known = [entry.number for entry in archive.registered(settings)]
    return tuple(difflib.get_close_matches(number, known, count, cutoff=0.6))


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _json(text: str) -> dict[str, Any]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}
