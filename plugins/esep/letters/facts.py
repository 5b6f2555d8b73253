"""What each letter says, without words of any language: one frozen record per kind of letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from esep import clock
from esep.examination.model import Finding
from esep.law import calendar
from esep.letters.remarks import Remarks
from esep.letters.term import Term
from esep.office.archive import RECIPIENTS, Entry, Receipt, ReceivedFile, Recipient


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


def letter_code(kind: LetterKind, serial: int) -> str:
    return f"{LETTER_CODE[kind]}-{serial}"


def letter_no_of(folder: str, kind: LetterKind, serial: int) -> str:
    return f"{folder}/{letter_code(kind, serial)}"


class NoticeReason(StrEnum):
    """What para 10 names as grounds of a notice."""

    NOT_FILED = "not_filed"
    LATE = "late"
    UNRELIABLE = "unreliable"
    INCOMPLETE = "incomplete"
    """Refused as incomplete and not filed again."""


def is_history(receipt: Receipt) -> bool:
    """Whether a filing was taken in long after it had been stamped: no term of para 8 is told of it."""
    return calendar.is_history(receipt.registered_on, clock.local_date(receipt.registered_at))


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
        return letter_code(self.kind, self.serial)

    @property
    def letter_no(self) -> str:
        return letter_no_of(self.folder, self.kind, self.serial)


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Para 7. `term` is the examination term, None for history (a filing taken in long after it arrived)."""

    head: Head
    filing: Filing
    term: Term | None


@dataclass(frozen=True, slots=True)
class RefusalFacts:
    """Para 8. `remarks` are the completeness findings; `other_remarks` counts the faults that do not refuse.

    `term` is None for history, as in a receipt.
    """

    head: Head
    filing: Filing
    term: Term | None
    remarks: Remarks
    other_remarks: int
    all_remarks: Remarks
    """Of both lanes: what the enclosures list."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a notice is to tell (para 10): a ground, since when it is known, and where it lies.

    `entry`: the filing that it is about, None for a month without one. `findings`: what is wrong in an unreliable or
    incomplete filing. `change_date`: for a late correction, the day of change that it declares (its term is para 6's).
    """

    reason: NoticeReason
    detected_on: date
    entry: Entry | None = None
    findings: Sequence[Finding] = ()
    change_date: date | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """A fact as the letter prints it. `term`: the one that was missed, where the ground is lateness or silence."""

    reason: NoticeReason
    detected_on: date
    filing: Filing | None
    term: Term | None
    days_late: int
    """Calendar days past the last day of `term`."""
    fault_count: int


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Para 10. One notice per pool and period, with all its grounds; `filing` None when nothing was filed."""

    head: Head
    pool: Pool
    period: date | None
    grounds: tuple[Ground, ...]
    filing: Filing | None
    term: Term
    remarks: Remarks

    @property
    def reasons(self) -> tuple[NoticeReason, ...]:
        """The kinds of ground, each once, in the order of NoticeReason."""
        given = {ground.reason for ground in self.grounds}
        return tuple(reason for reason in NoticeReason if reason in given)

    @property
    def days_late(self) -> int:
        return max((ground.days_late for ground in self.grounds), default=0)

    @property
    def missed_terms(self) -> tuple[Term, ...]:
        """The terms that were missed, each once."""
        return tuple(dict.fromkeys(ground.term for ground in self.grounds if ground.term))


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
    """The remarks that the letter spells out."""
    return facts.remarks if isinstance(facts, RefusalFacts | NoticeFacts) else None


def enclosed_remarks_of(facts: Facts) -> Remarks | None:
    """The remarks that the enclosures list: those of a refusal that are no ground for it, too."""
    return facts.all_remarks if isinstance(facts, RefusalFacts) else remarks_of(facts)
