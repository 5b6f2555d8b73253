"""The figures of a calendar year as told through a day, and what stands behind them, for the annual statement.

A statement known on D tells what had been received, decided, published and examined before the start of the local
day after D, by the macros `…_as_reported_on`: filings and decisions that came later, and later versions of prices and
rates, change nothing in it. So it can be made again years later to the same content, with these exceptions, which the
warehouse cannot tell as of then:

- `kind` and `replaces` of a filing are told by the verdicts of now, so a later re-examination of another filing of the
  same pool and month may change them;
- a fault across filings counts from the day that supervision gives it; a replay of old days adds to those days;
- shares, assets, working days and the price list are those of the code that built the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from esep.answers import UnknownError, tables
from esep.answers.reconciliation import ReferenceVersion
from esep.answers.tables import records, through


@dataclass(frozen=True, slots=True)
class AnnualIncome:
    """A row of `annual_income_as_reported_on`: year x role x taxpayer x asset. Quantities in units, income in tenge."""

    role: str
    taxpayer_id: str | None
    taxpayer_name: str | None
    taxpayer_id_state: str | None
    asset: str | None
    quantity: Decimal
    valued_quantity: Decimal
    unvalued_quantity: Decimal
    income_kzt: Decimal


@dataclass(frozen=True, slots=True)
class MonthlyIncome:
    """A row of `monthly_income_as_reported_on`. `period` is the month of distribution, as its first day."""

    period: date
    role: str
    taxpayer_id: str | None
    taxpayer_name: str | None
    taxpayer_id_state: str | None
    asset: str | None
    quantity: Decimal
    valued_quantity: Decimal
    unvalued_quantity: Decimal
    income_kzt: Decimal


@dataclass(frozen=True, slots=True)
class IncomeTotal:
    """A row of `annual_income_total_as_reported_on`: `income_kzt` is rounded half up to 2 decimals, the other exact."""

    role: str
    taxpayer_id: str | None
    taxpayer_name: str | None
    taxpayer_id_state: str | None
    income_kzt: Decimal
    exact_income_kzt: Decimal
    unvalued_assets: str | None


@dataclass(frozen=True, slots=True)
class SaleObligation:
    """A row of `sale_obligation_as_reported_on`; rounded up at the smallest unit (`decimals`)."""

    role: str
    taxpayer_id: str | None
    taxpayer_name: str | None
    taxpayer_id_state: str | None
    asset: str
    share: Decimal
    base_quantity: Decimal
    quantity_to_sell: Decimal
    decimals: int


@dataclass(frozen=True, slots=True)
class FilingBehind:
    """A filing in force that has rows in the year. `faults`: those of reliability in it, of all rows and months."""

    registration_no: str
    pool_id: str | None
    pool_name: str | None
    period: date | None
    received_at: datetime
    kind: str
    replaces: str | None
    examination_no: int
    ruleset: str
    faults: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a filing brings to a taxpayer's income of the year, in tenge, exact."""

    registration_no: str
    role: str
    taxpayer_id: str | None
    income_kzt: Decimal


@dataclass(frozen=True, slots=True)
class PriceUse:
    """Prices and rates behind the valued quantities of a taxpayer and asset. Sources as the files name them."""

    taxpayer_id: str | None
    asset: str
    currency: str
    price_days: int
    first_price_day: date
    last_price_day: date
    price_sources: str
    rate_sources: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Faults found in rows of a taxpayer: how many, by rule and filing.

    A row is its taxpayer's; what is found in column 9.1 or 9.2 is the pool's, and what in column 6, both.
    """

    taxpayer_id: str | None
    registration_no: str
    rule_id: str
    severity: str
    column_no: str | None
    occurrences: int


@dataclass(frozen=True, slots=True)
class ExcludedQuantity:
    """A quantity of the year that cannot be read, or is too large to be true: in no figure."""

    role: str
    taxpayer_id: str | None
    registration_no: str
    file: str
    sheet: str
    row: int
    column_no: str
    asset: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """The figures of a year as told through `known_on`, all taxpayers. Rows are sorted."""

    year: int
    known_on: date
    code_version: str
    income: tuple[AnnualIncome, ...]
    monthly: tuple[MonthlyIncome, ...]
    totals: tuple[IncomeTotal, ...]
    obligations: tuple[SaleObligation, ...]
    filings: tuple[FilingBehind, ...]
    contributions: tuple[Contribution, ...]
    prices: tuple[PriceUse, ...]
    doubts: tuple[Doubt, ...]
    excluded: tuple[ExcludedQuantity, ...]
    references: tuple[ReferenceVersion, ...]
    rows_without_year: int
    """Quantities in force whose day and month nobody could read: they belong to no year, so to no statement."""

    @property
    def rulesets(self) -> tuple[str, ...]:
        """Versions of the rules by which the filings were examined."""
        return tuple(sorted({filing.ruleset for filing in self.filings}))

    @property
    def taxpayer_ids(self) -> tuple[str, ...]:
        """Numbers of all taxpayers that the year tells of, those included whose quantities all are left out."""
        told = {row.taxpayer_id for row in self.totals} | {row.taxpayer_id for row in self.excluded}
        return tuple(sorted(taxpayer_id for taxpayer_id in told if taxpayer_id is not None))


def years(connection: duckdb.DuckDBPyConnection, known_on: date) -> list[int]:
    """Years with figures as told through the day, in order."""
    source = "from annual_income_as_reported_on($reported_on) where year is not null order by year"
    return list(tables.column(connection, "distinct year", source, reported_on=through(known_on)))


def figures(connection: duckdb.DuckDBPyConnection, year: int, known_on: date) -> dict[str, tuple[Any, ...]]:
    """`income`, `monthly`, `totals` and `obligations` of a Statement; raises UnknownError for a year without any."""
    found: dict[str, tuple[Any, ...]] = {
        name: records(
            connection,
            record,
            f"from {macro}($reported_on) where year = $year order by all",
            year=year,
            reported_on=through(known_on),
        )
        for name, (record, macro) in _FIGURES.items()
    }
    if not any(found.values()):
        raise UnknownError("year", year)
    return found


_FIGURES: Mapping[str, tuple[type, str]] = {
    "income": (AnnualIncome, "annual_income_as_reported_on"),
    "monthly": (MonthlyIncome, "monthly_income_as_reported_on"),
    "totals": (IncomeTotal, "annual_income_total_as_reported_on"),
    "obligations": (SaleObligation, "sale_obligation_as_reported_on"),
}
