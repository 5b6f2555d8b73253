"""What each letter says, without words of any language: one frozen record per kind of letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from esep.law import terms
from esep.law.calendar import working_calendar
from esep.letters.remarks import Remarks
from esep.office.archive import Entry
from esep.office.receipt import RECIPIENTS, ReceivedFile, Recipient


class LetterKind(StrEnum):
    """Kind of a letter; the value is the stem of its file names."""

    RECEIPT = "receipt"
    """Para 7: what was registered, when."""
    REFUSAL = "refusal"
    """Para 8: an incomplete package, with every remark."""
    NOTICE = "notice"
    """Para 10: not filed, late, unreliable or incomplete."""
    REMINDER = "reminder"
    """Before the 25th (para 5)."""


LETTER_CODE = {
    LetterKind.RECEIPT: "A",
    LetterKind.REFUSAL: "R",
    LetterKind.NOTICE: "N",
    LetterKind.REMINDER: "M",
}
"""The letter in a letter's number: `2025-000017/R-1` is the first refusal of that filing."""


class NoticeReason(StrEnum):
    """What para 10 names as grounds of a notice."""

    NOT_FILED = "not_filed"
    LATE = "late"
    UNRELIABLE = "unreliable"
    INCOMPLETE = "incomplete"


class TermKind(StrEnum):
    EXAMINATION = "examination"
    NOTICE = "notice"
    FILING = "filing"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the order and how it was counted. `counted` are the working days 1..n; none for the 25th."""

    kind: TermKind
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
        """Whether the 25th is a day off and the term ends on the next working day."""
        return not self.counted and self.ends_on != self.starts_on


def examination_term(registered_on: date) -> Term:
    """Para 8: 2 working days from registration."""
    counted = _counted(registered_on, terms.EXAMINATION_WORKING_DAYS)
    return Term(TermKind.EXAMINATION, 8, registered_on, counted, terms.examine_by(registered_on))


def notice_term(detected_on: date) -> Term:
    """Para 10: 5 working days from detection."""
    return Term(
        TermKind.NOTICE, 10, detected_on, _counted(detected_on, terms.NOTICE_WORKING_DAYS), terms.notice_by(detected_on)
    )


def filing_term(period: date) -> Term:
    """Para 5: the 25th of the month after `period`, moved to a working day."""
    return Term(TermKind.FILING, 5, terms.due_on(period), (), terms.due_effective_on(period))


def _counted(day: date, n: int) -> tuple[date, ...]:
    calendar = working_calendar()
    return tuple(calendar.add_working_days(day, number) for number in range(1, n + 1))


@dataclass(frozen=True, slots=True)
class Pool:
    """Whom a letter is for. None where nothing readable says who filed."""

    pool_id: str | None
    pool_name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """The registered filing that a letter is about."""

    registration_no: str
    received_at: datetime
    registered_on: date
    incoming_no: str | None
    source_name: str
    package_sha256: str
    files: tuple[ReceivedFile, ...]
    recipients: tuple[Recipient, ...]
    pool: Pool
    period: date | None
    row_count: int | None
    """None before the examination."""
    verdict: str | None
    """accepted or refused; None before the examination."""
    examined_on: datetime | None
    examination_no: int | None
    ruleset: str | None


def filing_of(entry: Entry) -> Filing:
    """The filing as its receipt and latest verdict tell it; raises ArchiveError when those cannot be read."""
    receipt = entry.receipt
    verdict: dict[str, Any] = entry.verdict or {}
    period, examined = verdict.get("period"), verdict.get("examined_at")
    return Filing(
        registration_no=receipt.registration_no,
        received_at=receipt.received_at,
        registered_on=receipt.registered_on,
        incoming_no=receipt.incoming_no,
        source_name=receipt.source_name,
        package_sha256=receipt.package_sha256,
        files=receipt.files,
        recipients=receipt.recipients,
        pool=Pool(verdict.get("pool_id"), verdict.get("pool_name")),
        period=date.fromisoformat(period) if period else None,
        row_count=verdict.get("row_count"),
        verdict=verdict.get("verdict"),
        examined_on=datetime.fromisoformat(examined) if examined else None,
        examination_no=verdict.get("examination_no"),
        ruleset=verdict.get("ruleset"),
    )


@dataclass(frozen=True, slots=True)
class Head:
    """Number and date of a letter. `folder` is the folder of the outbox: a registration number or `BIN-YYYY-MM`."""

    kind: LetterKind
    folder: str
    serial: int
    dated: date

    def __post_init__(self) -> None:
        if self.serial < 1:
            raise ValueError(f"letter serial {self.serial}: letters of one kind are numbered from 1")

    @property
    def code(self) -> str:
        return f"{LETTER_CODE[self.kind]}-{self.serial}"

    @property
    def letter_no(self) -> str:
        return f"{self.folder}/{self.code}"


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Para 7. `term` is the examination term, None for history (a filing taken in long after it arrived)."""

    head: Head
    filing: Filing
    term: Term | None


@dataclass(frozen=True, slots=True)
class RefusalFacts:
    """Para 8. `remarks` are the completeness findings; `other_remarks` counts the faults that do not refuse."""

    head: Head
    filing: Filing
    term: Term
    remarks: Remarks
    other_remarks: int


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Para 10. One notice per pool and period, with all its grounds; `filing` None when nothing was filed."""

    head: Head
    pool: Pool
    period: date | None
    reasons: tuple[NoticeReason, ...]
    filing: Filing | None
    filing_term: Term | None
    days_late: int
    term: Term
    remarks: Remarks


@dataclass(frozen=True, slots=True)
class ReminderFacts:
    """Before the due day of para 5. `days_left` are calendar days from the letter to the end of the term."""

    head: Head
    pool: Pool
    period: date
    term: Term
    days_left: int


Facts = ReceiptFacts | RefusalFacts | NoticeFacts | ReminderFacts
RECIPIENTS_OF_ORDER = RECIPIENTS
"""The two bodies of para 5, where a letter is about no filing that names them."""


def pool_of(facts: Facts) -> Pool:
    if isinstance(facts, NoticeFacts | ReminderFacts):
        return facts.pool
    return facts.filing.pool


def recipients_of(facts: Facts) -> tuple[Recipient, ...]:
    filing = None if isinstance(facts, ReminderFacts) else facts.filing
    return filing.recipients if filing else RECIPIENTS_OF_ORDER


def remarks_of(facts: Facts) -> Remarks | None:
    return facts.remarks if isinstance(facts, RefusalFacts | NoticeFacts) else None
