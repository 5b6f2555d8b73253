"""Letters that lie in the outbox, as their status files tell it, and where the events of a letter are kept.

A letter's number is `<folder>/<code>`, for example `2025-000017/R-1` or `230640000008-2025-03/N-1`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from esep import files
from esep.config import Settings
from esep.office import archive, events, journal
from esep.office.events import Event

_NUMBER = re.compile(r"([0-9A-Za-z][0-9A-Za-z-]{0,60})/([ARNM]-[1-9][0-9]{0,3})")
_FOLDER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,60}")


class OutgoingError(ValueError):
    """A letter that does not exist or whose status file cannot be read; the text names it."""


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """A letter of the outbox and what goes with it."""

    letter_no: str
    kind: str
    """receipt, refusal, notice or reminder."""
    dated: date
    registration_no: str | None
    pool_id: str | None
    pool_name: str | None
    period: date | None
    """First day of the month."""
    term_ends_on: date | None
    """Last day on which it is sent in time; None where no term runs, as for history."""
    files: tuple[Path, ...]
    """The letter as .pdf and .docx, then what goes with it; the status file last."""


def letter(settings: Settings, letter_no: str) -> OutgoingLetter:
    """The letter of that number; raises OutgoingError if it is not in the outbox."""
    match = _NUMBER.fullmatch(letter_no)
    if not match:
        raise OutgoingError(
            f"{letter_no!r}: the number of a letter is written as it stands on the letter, "
            "for example 2025-000017/R-1 or 230640000008-2025-03/N-1"
        )
    folder = settings.outbox / match[1]
    for path in (folder / "status.json", folder / f"status-{match[2]}.json"):
        if path.is_file():
            found = _read(path)
            if found.letter_no == letter_no:
                return found
    raise OutgoingError(f"{letter_no}: there is no such letter in {settings.outbox}. Look there for its number.")


def written_since(settings: Settings, moment: datetime) -> tuple[list[OutgoingLetter], list[OutgoingError]]:
    """Letters whose status file was put in place at or after `moment`, by folder, and those that cannot be read.

    Older files are not even opened: the outbox keeps the letters of many years.
    """
    letters: list[OutgoingLetter] = []
    faults: list[OutgoingError] = []
    for path in sorted(settings.outbox.glob("*/status*.json")):
        if path.stat().st_mtime >= moment.timestamp():
            try:
                letters.append(_read(path))
            except OutgoingError as error:
                faults.append(error)
    return letters, faults


def of_folder(settings: Settings, name: str) -> tuple[list[OutgoingLetter], list[OutgoingError]]:
    """The letters in one folder of the outbox (a registration number or `BIN-YYYY-MM`) by date and number, and those
    that cannot be read."""
    if not _FOLDER.fullmatch(name):
        return [], []
    letters: list[OutgoingLetter] = []
    faults: list[OutgoingError] = []
    for path in sorted((settings.outbox / name).glob("status*.json")):
        try:
            letters.append(_read(path))
        except OutgoingError as error:
            faults.append(error)
    return sorted(letters, key=lambda letter: (letter.dated, letter.letter_no)), faults


def append(
    settings: Settings, about: OutgoingLetter, kind: str, moment: datetime, author: str, data: dict[str, Any]
) -> Path:
    """Add an event about the letter: to its filing, or to the journal with pool and period where it has none."""
    data = {"letter_no": about.letter_no, **data}
    if about.registration_no:
        folder = archive.entry(settings, about.registration_no).folder
        return events.append(folder, kind, moment, author, data)
    of_pool = {"pool_id": about.pool_id, "period": about.period.isoformat() if about.period else None}
    return journal.append(settings, kind, moment, author, data | of_pool)


def events_of(settings: Settings, about: OutgoingLetter, *kinds: str) -> list[Event]:
    """The letter's events of these kinds, in order of their moments."""
    if about.registration_no:
        folder = archive.entry(settings, about.registration_no).folder
        found = [event for kind in kinds for event in events.read(folder, kind)]
    else:
        found = [event for kind in kinds for event in journal.read(settings, kind)]
    own = [event for event in found if event.data.get("letter_no") == about.letter_no]
    return sorted(own, key=lambda event: (event.at, event.path.name))


def _read(path: Path) -> OutgoingLetter:
    try:
        value = files.read_json(path)
        term = value["term"]
        return OutgoingLetter(
            letter_no=value["letter_no"],
            kind=value["kind"],
            dated=date.fromisoformat(value["dated"]),
            registration_no=value["registration_no"],
            pool_id=value["pool_id"],
            pool_name=value["pool_name"],
            period=date.fromisoformat(f"{value['period']}-01") if value["period"] else None,
            term_ends_on=date.fromisoformat(term["ends_on"]) if term else None,
            files=(*(path.parent / file["name"] for file in value["files"]), path),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise OutgoingError(
            f"{path}: not a status file that can be read ({error!r}). Restore it or move it away."
        ) from error
