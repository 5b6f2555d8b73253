"""What supervision drafts: notices (para 10), reminders before the due day (para 5), and silent months as a question.

Grounds of a notice are not filed, late, unreliable and incomplete, each with the day of its detection. A pool and month
gets one notice with the grounds that none has stated yet. A silent month is a question to the officer first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import duckdb

from esep.clock import month_before
from esep.examination.model import Severity
from esep.law import calendar
from esep.letters.facts import LetterKind, NoticeReason, letter_no_of
from esep.office.dispatches import NOTICE_DRAFTED, NOTICE_WITHDRAWN
from esep.supervision.across import Held
from esep.supervision.knowledge import REMINDER, SILENCE, Knowledge, Memory, PoolMonth, known_on
from esep.warehouse.calls import column, rows

_DAY = timedelta(days=1)
_OF_EVENT = ("key", "reason", "detected_on", "registration_no", "rule_id", "across", "change_date")


@dataclass(frozen=True, slots=True)
class Ground:
    """One fact that a notice has to state. `key` is the same in every run, so that it is stated once.

    `across`: the key of a fault across filings; `rule_id`: the rule that is broken, None where it is of no rule.
    """

    key: str
    reason: NoticeReason
    pool_id: str
    period: date
    detected_on: date
    registration_no: str | None = None
    rule_id: str | None = None
    across: str | None = None
    waived: bool = False
    """Set aside by an officer for the day: it holds and is not stated."""
    change_date: date | None = None
    """The declared day of change of a correction, from which its days count (para 6)."""

    def as_dict(self) -> dict[str, Any]:
        """Its values in the event."""
        return {name: getattr(self, name) for name in _OF_EVENT}


def grounds(
    connection: duckdb.DuckDBPyConnection, known: Knowledge, held: Iterable[Held], memory: Memory
) -> list[Ground]:
    """All grounds that hold on the day, stated before or not, waived or not."""
    return [
        *_unreliable(connection, known),
        *_across(known, held, memory),
        *_not_filed(known),
        *_not_refiled(known),
    ]


def _unreliable(connection: duckdb.DuckDBPyConnection, known: Knowledge) -> Iterator[Ground]:
    """Rules of reliability that the examination of a filing in force found broken."""
    columns = ("registration_no", "pool_id", "period", "rule_id", "detected_on", "is_waived")
    source = "from internal.unreliable_as_of($as_of, $known_on) order by all"
    found = rows(connection, columns, source, as_of=known.as_of, known_on=known_on(known.as_of))
    for number, pool_id, period, rule_id, detected_on, waived in found:
        key = f"{number} {rule_id}"
        yield Ground(key, NoticeReason.UNRELIABLE, pool_id, period, detected_on, number, rule_id, waived=waived)


def _across(known: Knowledge, held: Iterable[Held], memory: Memory) -> Iterator[Ground]:
    """Faults across filings that are errors; a warning causes no notice unless an officer found it to be a fault."""
    for one in held:
        filing = known.filings.get(one.registration_no)
        confirmed = known.confirmed.get((one.registration_no, one.finding.rule_id))
        if filing is None or (one.finding.severity is not Severity.ERROR and confirmed is None):
            continue
        waived = known.waived_until.get((one.registration_no, one.finding.rule_id))
        detected = max(memory.detections[one.registration_no, one.key].detected_on, confirmed or date.min)
        yield Ground(
            key=f"{one.registration_no} {one.key}",
            reason=NoticeReason.LATE if one.ground == "late" else NoticeReason.UNRELIABLE,
            pool_id=filing.pool_id,
            period=filing.period,
            detected_on=max(detected, waived + _DAY) if waived else detected,
            registration_no=one.registration_no,
            rule_id=one.finding.rule_id,
            across=one.key,
            waived=waived is not None and waived >= known.as_of,
            change_date=filing.change_date if filing.kind == "correction" else None,
        )


def _not_filed(known: Knowledge) -> Iterator[Ground]:
    """Months in which nothing came although there were distributions."""
    for (pool_id, period), state in known.without_filing.items():
        if state == "not_filed":
            key = f"not_filed {pool_id} {period:%Y-%m}"
            yield Ground(key, NoticeReason.NOT_FILED, pool_id, period, known.as_of)


def _not_refiled(known: Knowledge) -> Iterator[Ground]:
    """Months whose last filing, first or correction, was refused, and that were not filed again in time (para 9).

    A pool that was never sent the refusal cannot be blamed: without a dispatch no time runs (but for history).
    """
    last = {(filing.pool_id, filing.period): filing for filing in known.filings.values()}
    for (pool_id, period), filing in last.items():
        if filing.status != "refused" or filing.refused_on is None:
            continue
        if max(calendar.due_effective_on(period), calendar.refile_by(filing.refused_on)) < known.as_of:
            number = filing.registration_no
            yield Ground(f"{number} not_refiled", NoticeReason.INCOMPLETE, pool_id, period, known.as_of, number)


def draft(memory: Memory, grounds: Iterable[Ground], as_of: date) -> int:
    """Record a notice for each pool and period that has something new to state; gives how many.

    The letter itself is written from the event (see `letters`), so that a run that was killed in between is taken up.
    The days for sending count from the earliest detection among the facts.
    """
    by_month: dict[PoolMonth, dict[str, Ground]] = defaultdict(dict)
    for ground in grounds:
        if not ground.waived and not memory.is_noticed(ground.key, as_of):
            again = ground.key in memory.withdrawn
            by_month[ground.pool_id, ground.period][ground.key] = (
                replace(ground, detected_on=as_of) if again else ground
            )
    for (pool_id, period), new in sorted(by_month.items()):
        _record(memory, pool_id, period, [new[key] for key in sorted(new)], as_of)
    return len(by_month)


def withdraw(memory: Memory, grounds: Iterable[Ground], as_of: date) -> int:
    """Record that drafted notices have no ground left before they were sent; gives how many.

    So a refusal was overruled or answered, a silence explained, a correction accepted. A ground that comes back gets a
    new notice with new days.
    """
    holding = {ground.key for ground in grounds}
    count = 0
    for letter_no, notice in list(memory.unsent.items()):
        if notice.dated < as_of and not holding.intersection(notice.facts):
            data = {"letter_no": letter_no, "withdrawn_on": as_of.isoformat()}
            memory.record(NOTICE_WITHDRAWN, *notice.month, as_of, data)
            count += 1
    return count


def _record(memory: Memory, pool_id: str, period: date, grounds: list[Ground], as_of: date) -> None:
    number = max((ground.registration_no for ground in grounds if ground.registration_no), default=None)
    folder = number or f"{pool_id}-{period:%Y-%m}"
    serial = memory.notices[folder] + 1
    reasons = {ground.reason for ground in grounds}
    data = {
        "letter_no": letter_no_of(folder, LetterKind.NOTICE, serial),
        "registration_no": number,
        "serial": serial,
        "reasons": [reason.value for reason in NoticeReason if reason in reasons],
        "facts": [ground.key for ground in grounds],
        "grounds": [ground.as_dict() for ground in grounds],
        "detected_on": min(ground.detected_on for ground in grounds).isoformat(),
        "dated": as_of.isoformat(),
    }
    memory.record(NOTICE_DRAFTED, pool_id, period, as_of, data)


def find_silences(known: Knowledge, memory: Memory) -> int:
    """Record the months of accredited pools that are silent since today; gives how many."""
    silent = [month for month, state in known.without_filing.items() if state == "silent"]
    new = [month for month in silent if month not in memory.silences]
    decide_by = calendar.decide_silence_by(known.as_of).isoformat()
    for pool_id, period in new:
        data = {"detected_on": known.as_of.isoformat(), "decide_by": decide_by}
        memory.record(SILENCE, pool_id, period, known.as_of, data)
    return len(new)


def remind(connection: duckdb.DuckDBPyConnection, known: Knowledge, memory: Memory) -> int:
    """Draft a reminder to accredited pools that have filed nothing, once a month before the due day; gives how many.

    A pool that reported that it distributed nothing gets none.
    From so many working days before the effective due day (office_practice.csv) until that day.
    """
    as_of = known.as_of
    period = month_before(as_of)
    if not calendar.remind_on(period) <= as_of <= calendar.due_effective_on(period):
        return 0
    filed = {filing.pool_id for filing in known.filings.values() if filing.period == period}
    reported = "from internal.no_distributions_as_known_on($moment) where period = $period and reported_on is not null"
    filed.update(column(connection, "pool_id", reported, moment=known_on(as_of), period=period))
    new = [
        pool_id
        for pool_id in _accredited(connection, period)
        if pool_id not in filed and (pool_id, period) not in memory.reminders
    ]
    for pool_id in new:
        letter_no = letter_no_of(f"{pool_id}-{period:%Y-%m}", LetterKind.REMINDER, 1)
        data = {"letter_no": letter_no, "serial": 1, "dated": as_of.isoformat()}
        memory.record(REMINDER, pool_id, period, as_of, data)
    return len(new)


def _accredited(connection: duckdb.DuckDBPyConnection, period: date) -> tuple[str, ...]:
    """Pools of the register whose accreditation covers a part of the month."""
    source = """
        from pool
        where accredited_from <= last_day($period) and coalesce(accredited_to, date '9999-12-31') >= $period
        order by pool_id
    """
    return column(connection, "distinct pool_id", source, period=period)
