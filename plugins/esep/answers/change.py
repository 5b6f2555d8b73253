"""Why did a figure change between two days: by which filing, decision, price, rate, examination or code version.

A day means its end in local time. Entries after `since` and through `until` add up to the difference between what was
told on the two days, exactly, in tenge, in units and in units to sell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from esep.answers import tables
from esep.answers.tables import Page, through
from esep.answers.taxpayers import Role, check_year, years_of
from esep.clock import local_date
from esep.exact import added, difference

DAYS = 30
"""Days of knowledge that are shown unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class Span:
    """From the end of one local day to the end of another."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class AssetChange:
    """What one step changed of an asset: later less earlier, in units, tenge and units to sell."""

    asset: str
    quantity: Decimal
    unvalued_quantity: Decimal
    income_kzt: Decimal
    quantity_to_sell: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """What happened at one moment for one cause.

    cause: new, refiling, correction, overruled, reexamination, price, exchange_rate, code_version. `reference` names
    the filing, the version or the examination; `registration_no`, `pool_id` and `period` are given where it is one.
    """

    moment: datetime
    cause: str
    reference: str | None
    registration_no: str | None
    pool_id: str | None
    period: date | None
    filing_count: int
    ruleset: str | None
    code_version: str | None
    assets: tuple[AssetChange, ...]
    income_kzt: Decimal
    """By how much the step moved the income of the year."""
    running_kzt: Decimal
    """The income of the year after it, exact."""

    @property
    def version(self) -> str | None:
        """The version of prices or rates, or of the program, that it came with, as far as `reference` names one."""
        if self.cause in ("price", "exchange_rate") and self.reference:
            return self.reference.split()[-1]
        return self.reference if self.cause == "code_version" else None


@dataclass(frozen=True, slots=True)
class Change:
    """All steps of a taxpayer's year between two days, and what was told on them (exact tenge)."""

    span: Span
    since_kzt: Decimal
    until_kzt: Decimal
    steps: tuple[Step, ...]
    assets: tuple[AssetChange, ...]
    """The steps added up by asset."""

    @property
    def difference_kzt(self) -> Decimal:
        return difference(self.until_kzt, self.since_kzt)

    @property
    def holds(self) -> bool:
        """Whether the steps add up to the difference between the two figures."""
        return self.sum_kzt == self.difference_kzt

    @property
    def sum_kzt(self) -> Decimal:
        """The steps added up."""
        return added(step.income_kzt for step in self.steps)


@dataclass(frozen=True, slots=True)
class Changed:
    """A taxpayer whose figure changed between two days."""

    role: Role
    taxpayer_id: str | None
    taxpayer_name: str | None
    income_kzt: Decimal
    """Later less earlier."""
    step_count: int
    assets: str
    """Tickers of which units, tenge or units to sell changed."""


def default_span(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str | None = None
) -> Span | None:
    """The last DAYS days up to the latest change of the year's figures; None if there never was any."""
    source = "from income_moment($year, $role, $taxpayer)"
    latest = tables.value(connection, "max(moment)", source, year=year, role=role, taxpayer=taxpayer_id)
    if latest is None:
        return None
    until = local_date(latest)
    return Span(until - timedelta(days=DAYS), until)


def of_taxpayer(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str, span: Span) -> Change:
    """The steps by which a taxpayer's figures of the year changed; raises UnknownError for a year without figures.

    A taxpayer whose figures are all gone (corrected away) is known as long as any entry tells of him.
    """
    check_year(connection, year)
    of = {"year": year, "role": role, "taxpayer": taxpayer_id}
    found = tables.rows(connection, _STEP, _STEPS, **of, **_between(span))
    since_kzt, until_kzt = (_reported(connection, of, day) for day in (span.since, span.until))
    if not (found or since_kzt or until_kzt or tables.value(connection, "1", _ANY_ENTRY, **of)):
        years_of(connection, taxpayer_id)
    steps = _steps(found, since_kzt)
    return Change(span, since_kzt, until_kzt, steps, _by_asset(step.assets for step in steps))


def table_of_entries(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str, span: Span
) -> pa.Table:
    """The entries one by one, for a download: those of a version of prices by filing."""
    values = {"year": year, "taxpayer": taxpayer_id, "role": role} | _between(span)
    return tables.arrow(connection, _ENTRY, _ENTRIES, **values)


def changed(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, span: Span, *, limit: int, offset: int = 0
) -> Page[Changed]:
    """The taxpayers whose figures of the year changed between two days, by the size of the difference in tenge."""
    check_year(connection, year)
    values = {"year": year, "role": role} | _between(span)
    return tables.page(connection, Changed, _CHANGED, _BY_SIZE, limit=limit, offset=offset, **values)


def table_of_changed(connection: duckdb.DuckDBPyConnection, year: int, role: Role, span: Span) -> pa.Table:
    """The same list, whole, for a download."""
    source = f"{_CHANGED} order by {_BY_SIZE}"
    return tables.arrow(connection, Changed, source, year=year, role=role, **_between(span))


def _between(span: Span) -> dict[str, Any]:
    return {"since": through(span.since), "until": through(span.until)}


def _reported(connection: duckdb.DuckDBPyConnection, of: dict[str, Any], day: date) -> Decimal:
    """The exact income as reported through a day."""
    source = """
        from annual_income_total_as_reported_on($moment)
        where year = $year and role = $role and taxpayer_id = $taxpayer
    """
    return tables.value(connection, "exact_income_kzt", source, **of, moment=through(day)) or Decimal(0)


def _steps(found: Iterable[Sequence[Any]], reported: Decimal) -> tuple[Step, ...]:
    """The steps in order, with the total that each leads to."""
    steps = []
    for *facts, assets, income in found:
        reported = added((reported, income))
        step: list[Any] = [*facts, tuple(AssetChange(**asset) for asset in assets), income, reported]
        steps.append(Step(*step))
    return tuple(steps)


def _by_asset(steps: Iterable[tuple[AssetChange, ...]]) -> tuple[AssetChange, ...]:
    sums: dict[str, AssetChange] = {}
    for change in (change for assets in steps for change in assets):
        sum_so_far = sums.get(change.asset)
        sums[change.asset] = change if sum_so_far is None else _added(sum_so_far, change)
    return tuple(sums[asset] for asset in sorted(sums))


def _added(one: AssetChange, other: AssetChange) -> AssetChange:
    return AssetChange(
        one.asset,
        added((one.quantity, other.quantity)),
        added((one.unvalued_quantity, other.unvalued_quantity)),
        added((one.income_kzt, other.income_kzt)),
        added((one.quantity_to_sell, other.quantity_to_sell)),
    )


_STEP = (
    "moment", "cause", "reference", "registration_no", "pool_id", "period", "filing_count", "ruleset", "code_version",
    "assets", "income_kzt",
)  # fmt: skip
_STEPS = "from income_step($taxpayer, $year, $role, $since, $until)"
_ANY_ENTRY = "from income_entry where taxpayer_id = $taxpayer limit 1"
_ENTRY = (
    "moment", "cause", "reference", "registration_no", "pool_id", "period", "year", "role", "taxpayer_id", "asset",
    "quantity_difference", "unvalued_difference", "income_kzt_difference", "quantity_to_sell_difference", "ruleset",
    "code_version",
)  # fmt: skip
_ENTRIES = """
    from income_change($taxpayer, $year, $since, $until)
    where role = $role
    order by moment, cause desc, reference, registration_no, period, asset
"""
_CHANGED = "from income_changed($year, $role, $since, $until)"
_BY_SIZE = "abs(income_kzt) desc, taxpayer_id"
