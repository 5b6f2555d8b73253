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
from esep.config import Settings
from esep.failures import Failure
from esep.proof import cache
from esep.proof.model import Damage


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
    day_count: int


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
    proof = cache.standing(settings)
    return Status(
        now=now,
        today=today,
        snapshot=snapshot(connection),
        duties=duty_kinds(connection, today),
        inbox=office_state.inbox_of(settings, now),
        backlog=office_state.backlog(connection, settings),
        refused_files=office_state.refused_files(settings),
        unvalued=_unvalued(connection),
        unused_prices=tuple(
            UnusedPrice(*row)
            for row in connection.execute(
                "select asset, first_day, last_day, days from unused_price order by asset"
            ).fetchall()
        ),
        failures=tuple(failures.standing(settings)),
        damages=proof.damages,
        unproved=proof.unproved,
    )


def _unvalued(connection: duckdb.DuckDBPyConnection) -> tuple[Unvalued, ...]:
    """By months, from the figures; the days stand in `reference_gap`, which reads every row for them."""
    rows = connection.execute(
        """
        with unvalued as (
            select distinct asset, period
            from monthly_income
            where unvalued_quantity <> 0
        ),

        without_price as (
            select
                asset,
                date_trunc('month', day)::date as period,
                bool_or(on_price_list(asset, day)) as is_listed
            from daily_asset
            where (price is null or rate is null) and known_to = 'infinity'::timestamptz
            group by all
        ),

        told as (
            select
                unvalued.*,
                case
                    when without_price.is_listed then 'gap'
                    when without_price.asset is not null then 'not_listed'
                    when unvalued.asset in (select ticker from price_list) then 'quantity'
                    else 'not_listed'
                end as reason
            from unvalued
            left join without_price using (asset, period)
        )

        select asset, min(period), max(period), count(*), reason
        from told
        group by asset, reason
        order by reason, asset
        """
    ).fetchall()
    return tuple(Unvalued(*row) for row in rows)
