"""A term of the order and how it was counted, day by day: what a lawyer checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from esep.law import calendar


class TermKind(StrEnum):
    EXAMINATION = "examination"
    NOTICE = "notice"
    FILING = "filing"
    CORRECTION = "correction"


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
    counted = _counted(registered_on, calendar.EXAMINATION_WORKING_DAYS)
    return Term(TermKind.EXAMINATION, 8, registered_on, counted, calendar.examine_by(registered_on))


def notice_term(detected_on: date) -> Term:
    """Para 10: 5 working days from detection."""
    counted = _counted(detected_on, calendar.NOTICE_WORKING_DAYS)
    return Term(TermKind.NOTICE, 10, detected_on, counted, calendar.notice_by(detected_on))


def filing_term(period: date) -> Term:
    """Para 5: the 25th of the month after `period`, moved to a working day."""
    return Term(TermKind.FILING, 5, calendar.due_on(period), (), calendar.due_effective_on(period))


def correction_term(change_date: date) -> Term:
    """Para 6: 10 working days from the day of change."""
    counted = _counted(change_date, calendar.CORRECTION_WORKING_DAYS)
    return Term(TermKind.CORRECTION, 6, change_date, counted, calendar.correction_due(change_date))


def _counted(day: date, n: int) -> tuple[date, ...]:
    days = calendar.working_calendar()
    return tuple(days.add_working_days(day, number) for number in range(1, n + 1))
