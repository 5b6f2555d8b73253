"""What a letter says, without words of any language, and the deadlines of the order, counted day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from esep.examination.model import Finding
from esep.law import calendar
from esep.letters.remarks import NO_REMARKS, Remarks
from esep.office.archive import Entry, Receipt, Recipient
from esep.office.events import Event


class LetterKind(StrEnum):
    """Kind of a letter; the value is the stem of its file names."""

    RECEIPT = "receipt"
    """Para 7: what was registered, when."""
    REFUSAL = "refusal"
    """Para 8: an incomplete package, with every remark."""
    REQUEST = "request"
    """Asks for a machine-readable copy of what only a person can read; no refusal."""
    NOTICE = "notice"
    """Para 10: not filed, late, unreliable or incomplete."""
    REMINDER = "reminder"
    """Before the 25th (para 5)."""
    MESSAGE_RECEIPT = "message_receipt"
    """A pool's voluntary message that nothing was distributed in a month was received; no filing, no number."""


LETTER_CODE = {
    LetterKind.RECEIPT: "A",
    LetterKind.REFUSAL: "R",
    LetterKind.REQUEST: "Q",
    LetterKind.NOTICE: "N",
    LetterKind.REMINDER: "M",
    LetterKind.MESSAGE_RECEIPT: "S",
}
"""The letter in a letter's number: `2025-000017/R-1` is the first refusal of that filing."""


def letter_code(kind: LetterKind, serial: int) -> str:
    return f"{LETTER_CODE[kind]}-{serial}"


def letter_no_of(folder: str, kind: LetterKind, serial: int) -> str:
    return f"{folder}/{letter_code(kind, serial)}"


def suffix_of(kind: LetterKind, serial: int) -> str:
    """What the names of a letter's status file and enclosures end with: its code, except for the first refusal."""
    return "" if kind is LetterKind.REFUSAL and serial == 1 else f"-{letter_code(kind, serial)}"


def status_name(kind: LetterKind, serial: int) -> str:
    """Name of a letter's status file."""
    return f"status{suffix_of(kind, serial)}.json"


class NoticeReason(StrEnum):
    """What para 10 names as grounds of a notice."""

    NOT_FILED = "not_filed"
    LATE = "late"
    UNRELIABLE = "unreliable"
    INCOMPLETE = "incomplete"
    """Refused as incomplete and not filed again."""


class DeadlineKind(StrEnum):
    EXAMINATION = "examination"
    NOTICE = "notice"
    FILING = "filing"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline of the order and how it was counted, which a lawyer checks.

    `counted` are the working days 1..n; none for the 25th.
    """

    kind: DeadlineKind
    paragraph: int
    starts_on: date
    """Day of the event (day 0); for the 25th, the nominal due day."""
    counted: tuple[date, ...]
    ends_on: date

    @property
    def working_days(self) -> int:
        return len(self.counted)

    @property
    def rolled_over(self) -> bool:
        """Whether the 25th is a day off, so that the deadline is the next working day."""
        return not self.counted and self.ends_on != self.starts_on


def examination_deadline(registered_on: date) -> Deadline:
    """Para 8: 2 working days from registration."""
    return _counted(DeadlineKind.EXAMINATION, 8, registered_on, calendar.EXAMINATION_WORKING_DAYS)


def notice_deadline(detected_on: date) -> Deadline:
    """Para 10: 5 working days from detection."""
    return _counted(DeadlineKind.NOTICE, 10, detected_on, calendar.NOTICE_WORKING_DAYS)


def filing_deadline(period: date) -> Deadline:
    """Para 5: the 25th of the month after `period`, moved to a working day."""
    return Deadline(DeadlineKind.FILING, 5, calendar.due_on(period), (), calendar.due_effective_on(period))


def correction_deadline(change_date: date) -> Deadline:
    """Para 6: 10 working days from the day of change."""
    return _counted(DeadlineKind.CORRECTION, 6, change_date, calendar.CORRECTION_WORKING_DAYS)


def _counted(kind: DeadlineKind, paragraph: int, day: date, working_days: int) -> Deadline:
    days = calendar.working_calendar()
    counted = tuple(days.add_working_days(day, number) for number in range(1, working_days + 1))
    return Deadline(kind, paragraph, day, counted, counted[-1])


@dataclass(frozen=True, slots=True)
class Pool:
    """Whom a letter is for. None where nothing readable says who filed."""

    pool_id: str | None
    pool_name: str | None = None
    email: str | None = None

    @property
    def is_known(self) -> bool:
        return bool(self.pool_id or self.pool_name)


@dataclass(frozen=True, slots=True)
class Head:
    """Number, date and file names of a letter. `folder` of the outbox: a registration number or `BIN-YYYY-MM`."""

    kind: LetterKind
    folder: str
    serial: int
    dated: date

    def __post_init__(self) -> None:
        if self.serial < 1:
            raise ValueError(f"letter serial {self.serial}: letters of one kind are numbered from 1")

    @property
    def letter_no(self) -> str:
        return letter_no_of(self.folder, self.kind, self.serial)

    @property
    def stem(self) -> str:
        """Name of the letter's own files, without their endings."""
        return self.kind.value if self.serial == 1 else f"{self.kind.value}-{self.serial}"

    @property
    def status(self) -> str:
        return status_name(self.kind, self.serial)

    @property
    def book(self) -> str:
        return f"findings{suffix_of(self.kind, self.serial)}.xlsx"

    def copy(self, number: int) -> str:
        return f"workbook-{number}{suffix_of(self.kind, self.serial)}.xlsx"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a notice reports (para 10): a ground, since when it is known, and where it is.

    `entry`: the filing that it is about, None for a month without one. `findings`: what is wrong in an unreliable or
    incomplete filing. `change_date`: for a late correction, the day of change that it declares (para 6).
    """

    reason: NoticeReason
    detected_on: date
    entry: Entry | None = None
    findings: Sequence[Finding] = ()
    change_date: date | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """A fact as the letter prints it. `deadline`: the one that was missed, where the ground is lateness or silence."""

    reason: NoticeReason
    detected_on: date
    receipt: Receipt | None
    deadline: Deadline | None
    days_late: int
    """Calendar days past the deadline."""
    fault_count: int
    waited_days: int | None = None
    """Working days that the office waited for a refiling after the refusal; None for other grounds."""


@dataclass(frozen=True, slots=True)
class OfficerDecision:
    """What an officer decided on a question that only an officer can answer: the reason in words, who, and when."""

    reason: str
    author: str | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message that nothing was distributed, as its receipt names it."""

    message_id: str
    received_at: datetime
    package_sha256: str
    source_name: str
    file_names: tuple[str, ...]
    doubt: str | None
    """Why it closes no question by itself (`doubt` of no_distribution_message)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one letter says. What a kind of letter does not speak of is empty."""

    head: Head
    pool: Pool
    period: date | None
    deadline: Deadline | None
    """Of the letter's paragraph; None for a filing that was loaded as history."""
    receipt: Receipt | None = None
    """Of the filing that the letter is about; None where nothing was filed."""
    history: Event | None = None
    """Who loaded the filing as history and when, in letters of paras 7 and 8; None for any other."""
    verdict: Mapping[str, Any] = field(default_factory=dict)
    """The filing's latest verdict; empty in a receipt, which says nothing of the examination."""
    remarks: Remarks = NO_REMARKS
    """Those that the letter spells out: in a refusal the findings of completeness."""
    unread: Remarks = NO_REMARKS
    """Of a request and of a refusal that an officer decided: files that no machine could read, which is no remark."""
    enclosed: Remarks = NO_REMARKS
    """Those that the enclosures list: in a refusal those of both lanes."""
    grounds: tuple[Ground, ...] = ()
    """Of a notice: one for each pool and period, with all of them."""
    hands_over: bool = False
    """Of a receipt: whether the office has switched on that it hands the package over to the other body."""
    officer: OfficerDecision | None = None
    """Of a refusal that an officer decided and of a request; None where rules alone decided."""

    message: ReceivedMessage | None = None
    """Of the receipt of a message."""

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """The bodies to which the filing is addressed (para 5); the letter itself goes to the pool alone."""
        return self.receipt.recipients if self.receipt else ()

    @property
    def other_remarks(self) -> int:
        """Faults that are no ground for the refusal."""
        return max(0, self.enclosed.fault_count - self.remarks.fault_count - self.unread.fault_count)

    @property
    def reasons(self) -> tuple[NoticeReason, ...]:
        """The kinds of ground, each once, in the order of NoticeReason."""
        given = {ground.reason for ground in self.grounds}
        return tuple(reason for reason in NoticeReason if reason in given)

    @property
    def missed(self) -> tuple[Deadline, ...]:
        """The deadlines that were missed, each once."""
        return tuple(dict.fromkeys(ground.deadline for ground in self.grounds if ground.deadline))
