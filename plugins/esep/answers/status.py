"""What is waiting, due and failed: what an officer and an engineer look at first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from esep import clock, failures
from esep.answers import office_state
from esep.answers.duties import DutyKind, duty_kinds
from esep.answers.office_state import LONG, Backlog, Inbox, RefusedFile
from esep.answers.snapshot import Snapshot, snapshot
from esep.answers.tables import records
from esep.config import Settings
from esep.failures import Failure
from esep.proof.model import Damage, standing


@dataclass(frozen=True, slots=True)
class Unvalued:
    """An asset of which distributions in force have no value in tenge."""

    asset: str | None
    first_period: date | None
    last_period: date | None
    month_count: int
    reason: str
    """`gap`: an official price or a rate of a day of these months is missing. `not_listed`: it is not on the official
    price list of a day of these months. `quantity`: prices are there, but some quantity or day cannot be read."""


@dataclass(frozen=True, slots=True)
class UnusedPrice:
    """An asset whose prices in force are not used, because it is not on the official list of their days."""

    asset: str
    first_day: date
    last_day: date
    days: int


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that is not done, at one moment."""

    now: datetime
    today: date
    snapshot: Snapshot
    duties: tuple[DutyKind, ...]
    inbox: Inbox
    backlog: Backlog
    refused_files: tuple[RefusedFile, ...]
    unvalued: tuple[Unvalued, ...]
    unused_prices: tuple[UnusedPrice, ...]
    failures: tuple[Failure, ...]
    damages: tuple[Damage, ...] = ()
    """Files that are not what was recorded, as of the last look at all of them."""
    unproved: int = 0
    """Chains of records from before there were hashes, which nobody has adopted."""

    @property
    def overdue(self) -> int:
        return sum(duty.overdue for duty in self.duties)

    @property
    def due_today(self) -> int:
        return sum(duty.due_today for duty in self.duties)

    @property
    def price_gaps(self) -> tuple[Unvalued, ...]:
        """Assets of which prices or rates are missing."""
        return tuple(gap for gap in self.unvalued if gap.reason == "gap")

    @property
    def is_stale(self) -> bool:
        """Whether the warehouse lacks a filing that the office has had for LONG."""
        since = self.backlog.registered_at
        return bool(self.backlog.unloaded) and (since is None or self.now - since > LONG)

    @property
    def has_failed(self) -> bool:
        """Whether something stands still until a person sees to it."""
        faults = self.failures, self.refused_files, self.inbox.attention, self.damages
        return any(faults) or self.is_stale or not self.inbox.is_readable


def status(connection: duckdb.DuckDBPyConnection, settings: Settings, now: datetime) -> Status:
    """The published warehouse, the folders and the record of failures, as of `now` (aware)."""
    today = clock.local_date(now)
    proof = standing(settings)
    return Status(
        now=now,
        today=today,
        snapshot=snapshot(connection),
        duties=duty_kinds(connection, today),
        inbox=office_state.inbox_of(settings, now),
        backlog=office_state.backlog(connection, settings),
        refused_files=office_state.refused_files(settings),
        unvalued=records(connection, Unvalued, "from unvalued_months() order by reason, asset"),
        unused_prices=records(connection, UnusedPrice, "from unused_price order by asset"),
        failures=tuple(failures.standing(settings)),
        damages=proof.damages,
        unproved=proof.unproved,
    )
