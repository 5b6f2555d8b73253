"""The register as it must come out: numbers, kinds, statuses and terms, worked out from the plan alone.

Written from paras 5-9 of the order, without the code of the office, the examination or the warehouse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from esep.clock import TIMEZONE, month_after
from esep.demo import days_off
from esep.demo.plan import Package, Plan


@dataclass(frozen=True, slots=True)
class Entry:
    """One registered filing."""

    registration_no: str
    package: Package
    kind: str
    """`new`, `refiling` or `correction`."""
    status: str
    """`accepted`, `refused` or `superseded`."""
    replaces: str | None
    due_effective_on: date | None
    """Of a correction: from the stamped day of change; None without one, for its timeliness cannot be determined."""
    days_late: int | None

    @property
    def accepted(self) -> bool:
        return self.package.fault is None

    @property
    def registered_on(self) -> date:
        return self.package.received_at.astimezone(TIMEZONE).date()


class Ledger(NamedTuple):
    """`duplicates`: package that led to no filing → registration number it got back."""

    entries: tuple[Entry, ...]
    duplicates: dict[str, str]

    def in_force(self, known_on: datetime | None = None) -> tuple[Entry, ...]:
        """The latest accepted filing of each pool and month, as the filings received by `known_on` tell it."""
        latest: dict[object, Entry] = {}
        for entry in self.entries:
            if entry.accepted and (known_on is None or entry.package.received_at <= known_on):
                latest[_key(entry.package)] = entry
        return tuple(sorted(latest.values(), key=lambda entry: entry.registration_no))


def _key(package: Package) -> tuple[str, date | None]:
    return (package.pool.number if package.pool else "", package.period)


def due_effective_on(period: date) -> date:
    """The 25th of the following month (para 5); on a day off the next working day."""
    return days_off.working_day_after_or_on(month_after(period).replace(day=25))


def correction_due(change_date: date) -> date:
    """The tenth working day after the day of change (para 6)."""
    day = change_date
    for _ in range(10):
        day = days_off.working_day_after_or_on(day + timedelta(days=1))
    return day


def make_ledger(plan: Plan) -> Ledger:
    """Register the packages of the plan in order of arrival."""
    of_key: dict[object, list[Entry]] = defaultdict(list)
    last_number: dict[int, int] = defaultdict(int)
    entries: list[Entry] = []
    duplicates: dict[str, str] = {}
    for package in plan.packages:
        before = of_key[_key(package)] if package.pool else []
        if before and before[-1].package.content == package.content:
            duplicates[package.name] = before[-1].registration_no
            continue
        year = package.received_at.astimezone(TIMEZONE).year
        last_number[year] += 1
        entry = _entry(f"{year}-{last_number[year]:06}", package, before)
        before.append(entry)
        entries.append(entry)
    return Ledger(tuple(_with_superseded(entries)), duplicates)


def _entry(registration_no: str, package: Package, before: list[Entry]) -> Entry:
    accepted = [entry for entry in before if entry.accepted]
    kind = "correction" if accepted else "refiling" if before else "new"
    replaces = (accepted or before)[-1].registration_no if before else None
    if kind == "correction":
        due = correction_due(package.change_date) if package.change_date else None
    else:
        due = due_effective_on(package.period) if package.period else None
    late = max((package.received_at.astimezone(TIMEZONE).date() - due).days, 0) if due else None
    status = "refused" if package.fault else "accepted"
    return Entry(registration_no, package, kind, status, replaces, due, late)


def _with_superseded(entries: Iterable[Entry]) -> list[Entry]:
    """An accepted filing is superseded once a later one of its pool and month is accepted."""
    result: list[Entry] = []
    newer: set[object] = set()
    for entry in reversed(list(entries)):
        key = _key(entry.package)
        result.append(replace(entry, status="superseded") if entry.accepted and key in newer else entry)
        if entry.accepted:
            newer.add(key)
    return result[::-1]


def calendar_states(plan: Plan, ledger: Ledger, months_of: dict[str, list[date]]) -> dict[tuple[str, date], str]:
    """For each pool and month: `on_time`, `late`, `refused` (nothing else so far), `silent` or `not_filed`."""
    confirmed = {(silence.pool.number, silence.period) for silence in plan.confirmed}
    states = {}
    for pool in plan.pools:
        for period in months_of[pool.number]:
            filed = [e for e in ledger.entries if _key(e.package) == (pool.number, period)]
            accepted = [e for e in filed if e.accepted]
            if accepted:
                states[pool.number, period] = "late" if accepted[0].days_late else "on_time"
            else:
                silence = "not_filed" if (pool.number, period) in confirmed else "silent"
                states[pool.number, period] = "refused" if filed else silence
    return states
