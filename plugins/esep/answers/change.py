"""Why did a figure change between two days: by which filing, decision, price, rate, examination or code version.

A day means its end in local time. Entries after `since` and through `until` add up to the difference between what was
reported on the two days, exactly, in tenge, in units and in units to sell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from esep.answers import tables
from esep.answers.tables import Listed, Row, records, through
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

    def moments(self) -> dict[str, Any]:
        """The values of the macros."""
        return {"since": through(self.since), "until": through(self.until)}


@dataclass(frozen=True, slots=True)
class Change:
    """All steps of a taxpayer's year between two days, and what was reported on them (exact tenge)."""

    span: Span
    since_kzt: Decimal
    until_kzt: Decimal
    steps: tuple[Row, ...]
    """Of `income_step`, each with `running_kzt`: the income of the year after it."""

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

    @property
    def assets(self) -> tuple[Mapping[str, Any], ...]:
        """The steps added up by asset: units, tenge and units to sell."""
        sums: dict[str, dict[str, Any]] = {}
        for one in (one for step in self.steps for one in step.assets):
            before = sums.setdefault(one["asset"], dict.fromkeys(one, Decimal(0)) | {"asset": one["asset"]})
            before.update({name: added((before[name], value)) for name, value in one.items() if name != "asset"})
        return tuple(sums[asset] for asset in sorted(sums))


def version_of(step: Row) -> str | None:
    """The version of prices or rates, or of the program, that a step came with, as far as `reference` names one."""
    if step.cause in ("price", "exchange_rate") and step.reference:
        return str(step.reference.split()[-1])
    return step.reference if step.cause == "code_version" else None


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

    A taxpayer whose figures are all gone (corrected away) is known as long as there is any entry about him.
    """
    check_year(connection, year)
    of = {"year": year, "role": role, "taxpayer": taxpayer_id}
    since_kzt, until_kzt = (_reported(connection, of, day) for day in (span.since, span.until))
    steps = tuple(_steps(connection, of | span.moments(), since_kzt))
    any_entry = "from income_entry where taxpayer_id = $taxpayer limit 1"
    if not (steps or since_kzt or until_kzt or tables.value(connection, "1", any_entry, **of)):
        years_of(connection, taxpayer_id)
    return Change(span, since_kzt, until_kzt, steps)


def entries(year: int, role: Role, taxpayer_id: str, span: Span) -> Listed:
    """The entries one by one, for a download: those of a version of prices by filing."""
    source = "from income_change($taxpayer, $year, $since, $until) where role = $role"
    order = "moment, cause desc, reference, registration_no, period, asset"
    return Listed(source, order, {"year": year, "taxpayer": taxpayer_id, "role": role} | span.moments())


def changed(year: int, role: Role, span: Span) -> Listed:
    """The taxpayers whose figures of the year changed between two days, by the size of the difference in tenge."""
    source = "from income_changed($year, $role, $since, $until)"
    return Listed(source, "abs(income_kzt) desc, taxpayer_id", {"year": year, "role": role} | span.moments())


def _reported(connection: duckdb.DuckDBPyConnection, of: dict[str, Any], day: date) -> Decimal:
    """The exact income as reported through a day."""
    source = """
        from annual_income_total_as_reported_on($moment)
        where year = $year and role = $role and taxpayer_id = $taxpayer
    """
    return tables.value(connection, "exact_income_kzt", source, **of, moment=through(day)) or Decimal(0)


def _steps(connection: duckdb.DuckDBPyConnection, values: dict[str, Any], reported: Decimal) -> Iterator[Row]:
    """The steps in order, with the total that each leads to."""
    columns = "*, 0::decimal(38, 12) as running_kzt"
    for step in records(connection, columns, "from income_step($taxpayer, $year, $role, $since, $until)", **values):
        reported = added((reported, step.income_kzt))
        yield replace(step, running_kzt=reported)
