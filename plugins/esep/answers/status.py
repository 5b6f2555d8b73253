"""What is waiting, due and failed: what an officer and an engineer look at first.

The folders say what of it is not done yet: the inbox, filings not examined or not loaded, refused reference files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from esep import clock, failures, files
from esep.answers import Snapshot, duties, letters, questions, snapshot, tables
from esep.answers.asked import Asked, asked_of
from esep.answers.tables import Row, records
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.failures import Failure
from esep.file_names import to_text
from esep.lake import places
from esep.office import archive, inbox, mail
from esep.office.file_system import Fault as FileSystemFault
from esep.proof.model import Damage, standing
from esep.texts import LANGUAGES, text
from esep.warehouse.reference_folder import reference_path
from esep.warehouse.reference_spec import Fault, todo

LONG = timedelta(hours=1)
"""The DAGs sweep every five and fifteen minutes: what has waited for so long does not wait for its turn."""


@dataclass(frozen=True, slots=True)
class InInbox:
    """Something in the inbox."""

    name: str
    cause: str
    """`settled` for a package that can be taken, else why not: see `inbox.Unsettled.cause`."""
    since: datetime | None
    """Last change of a settled package; None for the others."""
    needs_attention: bool
    """Whether a person has to see to it: it is not taken by itself, or has waited for LONG."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The inbox at one moment."""

    items: tuple[InInbox, ...]
    """Those that need attention first, then by name."""
    is_readable: bool = True

    @property
    def attention(self) -> tuple[InInbox, ...]:
        """Packages that nobody took for LONG, and what a person has to see to."""
        return tuple(item for item in self.items if item.needs_attention)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Filings of the archive that have not come all the way, in order of their numbers."""

    unexamined: tuple[str, ...]
    """Registered, without a verdict."""
    unloaded: tuple[str, ...]
    """Not in the published warehouse, or with a verdict that is not."""
    registered_at: datetime | None
    """When the machine registered the first of the unloaded; None if there is none."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A reference file that was refused as a whole; its last accepted version stays in force."""

    name: str
    """Which reference file it is, for example `price`; of a file that no name fits, its own name."""
    file: str
    """The file's name in reference/."""
    fault_count: int
    line: int | None
    """Line of the first fault; None for one of the whole file."""
    words: Mapping[str, str]
    """The first fault, by language; empty if the report cannot be read."""
    todo: Mapping[str, tuple[str, ...]]
    """What a person may do about it, by language."""
    refused_at: datetime

    def sentence(self, language: str) -> str:
        """The first fault with its line."""
        if not self.words:
            return text("status.report_unreadable", language, name=self.name)
        words = self.words[language]
        return text("reference.at_line", language, line=self.line, fault=words) if self.line else words


@dataclass(frozen=True, slots=True)
class LetterToSee:
    """A letter of the mailbox in which there was nothing to register."""

    path: str
    """Below the home; whoever has seen to it moves the file away."""
    outcome: str
    """`no_attachment`, `unreadable` or `too_large` (office.mail.Outcome)."""
    received_at: datetime | None
    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class IdleDags:
    """DAGs that do not run, by Airflow's own tables."""

    paused: tuple[str, ...]
    """Ids of those that Esep needs and somebody has paused."""
    broken: tuple[str, ...]
    """Names of DAG files that cannot be imported."""


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that is not done, at one moment."""

    now: datetime
    today: date
    snapshot: Snapshot
    duties: tuple[Row, ...]
    """By kind, as `duties.kinds_on` gives them."""
    open_questions: tuple[Row, ...]
    """Of `question_on`: what only an officer can answer, by due date."""
    approved_letters: tuple[Row, ...]
    """Of `approved_letter_on`: approved and not sent, by the last day for sending."""
    inbox: Inbox
    backlog: Backlog
    refused_files: tuple[RefusedFile, ...]
    unvalued: tuple[Row, ...]
    """Of `unvalued_months`: assets of which distributions in force have no value."""
    unused_prices: tuple[Row, ...]
    """Of `unused_price`: assets that are not on the official list of the days for which there are prices."""
    not_handed_over: tuple[Row, ...]
    """Of `day_not_handed_over`: days of which filings wait to be handed over to the other body."""
    failures: tuple[Failure, ...]
    asked: Asked
    letters: tuple[LetterToSee, ...] = ()
    damages: tuple[Damage, ...] = ()
    """Files that are not what was recorded, as of the last look at all of them."""
    unproved: int = 0
    """Chains of records from before there were hashes, which nobody has adopted."""
    older_folders: int = 0
    """Folders of a lake from before, which other programs cannot open as they are."""
    file_systems: tuple[FileSystemFault, ...] = ()
    """What the file systems of the folders lack, where the reader may write and tried them."""
    idle_dags: IdleDags | None = None
    """None where Airflow's tables cannot be reached."""

    @property
    def overdue(self) -> int:
        return sum(duty.overdue for duty in self.duties)

    @property
    def due_today(self) -> int:
        return sum(duty.due_today for duty in self.duties)

    @property
    def price_gaps(self) -> tuple[Row, ...]:
        """Assets of which prices or rates are missing."""
        return tuple(gap for gap in self.unvalued if gap.reason == "gap")

    @property
    def is_stale(self) -> bool:
        """Whether the warehouse lacks a filing that the office has had for LONG."""
        since = self.backlog.registered_at
        return bool(self.backlog.unloaded) and (since is None or self.now - since > LONG)

    @property
    def has_failed(self) -> bool:
        """Whether something waits until a person sees to it."""
        faults = (
            self.failures,
            self.refused_files,
            self.inbox.attention,
            self.damages,
            self.asked.letterhead_fault,
            self.file_systems,
            self.letters,
            self.idle_dags and (self.idle_dags.paused or self.idle_dags.broken),
        )
        return any(faults) or self.is_stale or not self.inbox.is_readable


def status(connection: duckdb.DuckDBPyConnection, settings: Settings, now: datetime) -> Status:
    """The published warehouse, the folders and the record of failures, as of `now` (aware)."""
    today = clock.local_date(now)
    proof = standing(settings)
    return Status(
        now=now,
        today=today,
        snapshot=snapshot(connection),
        duties=duties.kinds_on(connection, today),
        open_questions=tuple(row for row in questions.on_day(connection, today) if row.state in questions.OPEN),
        approved_letters=letters.approved_on(connection, today),
        inbox=inbox_of(settings, now),
        backlog=backlog(connection, settings),
        refused_files=refused_files(settings),
        unvalued=records(connection, "*", "from unvalued_months() order by reason, asset"),
        unused_prices=records(connection, "*", "from unused_price order by asset"),
        not_handed_over=records(connection, "*", "from day_not_handed_over($today) order by day", today=today),
        failures=tuple(failures.standing(settings)),
        asked=asked_of(settings, today),
        letters=letters_for_attention(settings),
        damages=proof.damages,
        unproved=proof.unproved,
        older_folders=len(places.older_folders(settings.lake)),
    )


def inbox_of(settings: Settings, now: datetime) -> Inbox:
    """The inbox now, from one look at it."""
    try:
        survey = inbox.survey(settings, now)
    except OSError:
        return Inbox((), is_readable=False)
    items = [InInbox(left.name, left.cause, None, left.settles_at is None) for left in survey.unsettled]
    for package in survey.waiting:
        since = datetime.fromtimestamp(package.changed_ns / 1e9, UTC).astimezone(TIMEZONE)
        items.append(InInbox(to_text(package.name), "settled", since, now - since > LONG))
    return Inbox(tuple(sorted(items, key=lambda item: (not item.needs_attention, item.name))))


def backlog(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Backlog:
    """Compares the archive's numbers with the warehouse; opens only folders that the warehouse has no verdict of."""
    known = dict(tables.rows(connection, ("registration_no", "has_verdict"), "from loaded_filing()"))
    unexamined, unloaded = [], []
    for entry in archive.registered(settings):
        if not known.get(entry.number):
            is_examined = bool(entry.verdict_paths)
            if not is_examined:
                unexamined.append(entry.number)
            if is_examined or entry.number not in known:
                unloaded.append(entry)
    return Backlog(tuple(unexamined), tuple(entry.number for entry in unloaded), _registered_at(unloaded))


def _registered_at(entries: list[archive.Entry]) -> datetime | None:
    for entry in entries:
        try:
            return entry.receipt.registered_at
        except archive.ArchiveError:  # reported by the examination
            continue
    return None


def letters_for_attention(settings: Settings) -> tuple[LetterToSee, ...]:
    """Letters that an officer should look at, oldest first."""
    return tuple(
        LetterToSee(
            one["path"],
            one["outcome"],
            datetime.fromisoformat(one["received_at"]) if one["received_at"] else None,
            one["from"],
            one["subject"],
        )
        for one in mail.for_attention(settings)
    )


def refused_files(settings: Settings) -> tuple[RefusedFile, ...]:
    """Reference files with a report of faults beside them, by name."""
    return tuple(refused_file(path) for path in sorted(settings.reference.glob("*.errors.json")))


def refused_file(path: Path) -> RefusedFile:
    """What a report of faults says."""
    try:
        value = files.read_json(path)
        faults = value["errors"]
        words = {language: str(faults[0][f"message_{language}"]) for language in LANGUAGES}
        name, file = str(value["name"]), str(value.get("file") or f"{value['name']}.csv")
        kinds = [_kind(fault.get("code")) for fault in faults]
        steps = {language: tuple(todo(kinds, name, reference_path(file), language)) for language in LANGUAGES}
        moment = datetime.fromtimestamp(path.stat().st_mtime, TIMEZONE)
        return RefusedFile(name, file, len(faults), faults[0]["line"], words, steps, moment)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        name = path.name.removesuffix(".errors.json")
        return RefusedFile(name, f"{name}.csv", 1, None, {}, {}, datetime.fromtimestamp(0, TIMEZONE))


def _kind(code: object) -> Fault:
    """The fault of a report; one that this code does not know has to be corrected like any other."""
    try:
        return Fault(str(code))
    except ValueError:
        return Fault.UNREADABLE
