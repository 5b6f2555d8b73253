"""What was the income from mining in a year, as reported by pools (para 3): in total, by asset, month and taxpayer.

Of one taxpayer also why units have no value, the filings behind the figure, the doubts, and the rows behind it down to
the worksheet, each quantity with its price, rate and value.

Income is exact; only a taxpayer's total of the year is rounded, half up to 2 decimals. The total of several taxpayers
is the sum of their totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import duckdb

from esep.answers import UnknownError, tables
from esep.answers.tables import Listed, Row, records, through
from esep.answers.taxpayers import Role, check_year, years_of
from esep.exact import added, difference

Order = Literal["income", "name"]

_ORDER = {"income": "income_kzt desc, taxpayer_id", "name": "lower(taxpayer_name) nulls last, taxpayer_id"}
_TOTAL = ("count(*)", "coalesce(sum(income_kzt), 0)::decimal(38, 2)")
_OF = "where year = $year and role = $role and taxpayer_id = $taxpayer"
_OF_ASSET = "($asset::varchar is null or coalesce(asset, '') = $asset)"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of distribution with its assets, rows of `income_by_month`, and the income of all of them."""

    period: date
    assets: Mapping[str, Row]
    income_kzt: Decimal


@dataclass(frozen=True, slots=True)
class YearIncome:
    """The figure of a year and role: `income_kzt` in tenge, what has no value apart from it."""

    income_kzt: Decimal
    taxpayer_count: int
    assets: tuple[Row, ...]
    months: tuple[Row, ...]
    gaps: tuple[Row, ...]
    """Of `income_gap`: why units have no value, and between which days."""
    excluded_count: int
    """Quantities that could not be read; they are in no figure."""

    @property
    def unvalued(self) -> tuple[Row, ...]:
        return tuple(one for one in self.assets if one.unvalued_quantity)

    def reasons(self, asset: str) -> tuple[Row, ...]:
        """Why units of the asset have no value; empty where the row itself is the reason (no day, an absurd size)."""
        return tuple(gap for gap in self.gaps if gap.asset == asset)


@dataclass(frozen=True, slots=True)
class TaxpayerYear:
    """The figure of one taxpayer, year and role; `income_kzt` is rounded to 2 decimals, everything else exact."""

    year: int
    role: Role
    taxpayer_id: str
    taxpayer_name: str | None
    taxpayer_id_state: str | None
    income_kzt: Decimal
    assets: tuple[Row, ...]
    """Of `income_by_asset`."""
    months: tuple[Row, ...]
    """Of `income_by_month`."""

    @property
    def unvalued(self) -> tuple[Row, ...]:
        return tuple(one for one in self.assets if one.unvalued_quantity)


@dataclass(frozen=True, slots=True)
class Compared:
    """The figure as reported through a day, beside the present one; `assets` are rows of `income_compared`."""

    day: date
    then_kzt: Decimal
    now_kzt: Decimal
    assets: tuple[Row, ...]

    @property
    def difference_kzt(self) -> Decimal:
        """Now less then."""
        return difference(self.now_kzt, self.then_kzt)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of one taxpayer, year and role; of one month (its first day) and asset if given."""

    year: int
    role: Role
    taxpayer: str
    month: date | None = None
    asset: str | None = None


def of_year(connection: duckdb.DuckDBPyConnection, year: int, role: Role, asset: str | None = None) -> YearIncome:
    """The income of all taxpayers of a role (of one asset); raises UnknownError for a year without figures."""
    check_year(connection, year)
    listed = of_taxpayers(year, role, asset)
    ((count, total),) = tables.rows(connection, _TOTAL, listed.source, **listed.values)
    excluded = f"from income_excluded($year) where role = $role and {_OF_ASSET}"
    assets = of_assets(connection, year, role, asset=asset)
    return YearIncome(
        income_kzt=total,
        taxpayer_count=count,
        assets=assets,
        months=of_months(connection, year, role, asset=asset),
        gaps=_gaps(connection, year, [one.asset for one in assets if one.unvalued_quantity]),
        excluded_count=tables.value(connection, "count(*)", excluded, **listed.values),
    )


def assets_of(connection: duckdb.DuckDBPyConnection, year: int, role: Role) -> tuple[str, ...]:
    """The assets of which a year has figures."""
    source = "from annual_income where year = $year and role = $role and asset is not null order by asset"
    return tables.column(connection, "distinct asset", source, year=year, role=role)


def of_taxpayers(
    year: int, role: Role, asset: str | None = None, *, ids: Sequence[str] | None = None, order: Order = "income"
) -> Listed:
    """The taxpayers of a year, largest income first or by name; `ids` keeps only these.

    Units only where one asset was asked for.
    """
    source = """
        from income_by_taxpayer($year, $role, $asset)
        where $ids::varchar[] is null or taxpayer_id in (select unnest($ids::varchar[]))
    """
    values = {"year": year, "role": role, "asset": asset, "ids": ids}
    return Listed(source, _ORDER[order], values, "*" if asset is not None else "* exclude (quantity)")


def of_assets(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    *,
    taxpayer_id: str | None = None,
    asset: str | None = None,
) -> tuple[Row, ...]:
    """The income of all taxpayers, or of one, by asset: the largest first."""
    source = f"from income_by_asset($year, $role, $taxpayer) where {_OF_ASSET} order by income_kzt desc, asset"
    return records(connection, "*", source, year=year, role=role, taxpayer=taxpayer_id, asset=asset)


def of_months(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    *,
    taxpayer_id: str | None = None,
    asset: str | None = None,
) -> tuple[Row, ...]:
    """The income of all taxpayers, or of one, by month of distribution and asset."""
    source = f"from income_by_month($year, $role, $taxpayer) where {_OF_ASSET} order by period, asset"
    return records(connection, "*", source, year=year, role=role, taxpayer=taxpayer_id, asset=asset)


def by_month(months: Sequence[Row]) -> tuple[Month, ...]:
    """Income by month and asset, as one record a month with all its assets, in order."""
    found: dict[date, dict[str, Row]] = {}
    for one in months:
        found.setdefault(one.period, {})[one.asset] = one
    return tuple(
        Month(period, assets, added(one.income_kzt for one in assets.values()))
        for period, assets in sorted(found.items())
    )


def _gaps(connection: duckdb.DuckDBPyConnection, year: int, assets: Sequence[str]) -> tuple[Row, ...]:
    if not assets:
        return ()
    source = (
        "from income_gap($year) where asset in (select unnest($assets::varchar[])) order by asset, first_day, reason"
    )
    return records(connection, "*", source, year=year, assets=assets)


def of_taxpayer(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> TaxpayerYear:
    """The figure; raises UnknownError for a taxpayer without figures, or for a year and role without his."""
    columns = ("taxpayer_name", "taxpayer_id_state", "income_kzt")
    source = f"from annual_income_total {_OF}"
    head = tables.rows(connection, columns, source, year=year, role=role, taxpayer=taxpayer_id)
    if not head:
        years_of(connection, taxpayer_id)
        check_year(connection, year)
        raise UnknownError("taxpayer_year", year)
    assets = of_assets(connection, year, role, taxpayer_id=taxpayer_id)
    months = of_months(connection, year, role, taxpayer_id=taxpayer_id)
    name, state, income_kzt = head[0]
    return TaxpayerYear(year, role, taxpayer_id, name, state, income_kzt, assets, months)


def table_of_months(year: int, role: Role, taxpayer_id: str) -> Listed:
    """Income by month and asset, for a download."""
    source = f"from monthly_income {_OF}"
    values = {"year": year, "role": role, "taxpayer": taxpayer_id}
    return Listed(source, "period, asset", values, "* exclude (taxpayer_id_state)")


def unvalued(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[Row, ...]:
    """The units without value by asset and reason; they add up to `unvalued_quantity` of the figure."""
    source = "from income_unvalued($taxpayer, $year) where role = $role order by asset, reason"
    return records(connection, "* exclude (role)", source, year=year, role=role, taxpayer=taxpayer_id)


def filings(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[Row, ...]:
    """The filings whose rows make the figure, by month; their incomes add up to it."""
    source = "from income_filing($taxpayer, $year) where role = $role order by period, pool_name, registration_no"
    return records(connection, "* exclude (role)", source, year=year, role=role, taxpayer=taxpayer_id)


def doubts(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[Row, ...]:
    """Faults on rows of the figure, by rule; of a pool's figure those of day and reward alone. They change nothing."""
    source = "from income_doubt($taxpayer, $year) where role = $role order by severity, rule_id"
    return records(connection, "* exclude (role)", source, year=year, role=role, taxpayer=taxpayer_id)


def excluded(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[Row, ...]:
    """Quantities of the taxpayer in the months of the year that are left out of the figure."""
    source = """
        from income_excluded($year)
        where role = $role and taxpayer_id = $taxpayer
        order by registration_no, file, sheet, row
    """
    columns = "* exclude (role, taxpayer_id)"
    return records(connection, columns, source, year=year, role=role, taxpayer=taxpayer_id)


def compared(connection: duckdb.DuckDBPyConnection, figure: TaxpayerYear, day: date) -> Compared:
    """The figure as reported through `day` (its end, local time): with the filings, prices and rates of then."""
    values = {"year": figure.year, "role": figure.role, "taxpayer": figure.taxpayer_id, "moment": through(day)}
    then = tables.value(connection, "income_kzt", f"from annual_income_total_as_reported_on($moment) {_OF}", **values)
    source = "from income_compared($taxpayer, $year, $role, $moment) order by asset"
    return Compared(day, then or Decimal(0), figure.income_kzt, records(connection, "*", source, **values))


def rows(of: Selection) -> Listed:
    """The rows of a selection by day and place: quantity x price x rate = value, or the reason why there is none."""
    source = """
        from income_row($taxpayer, $year)
        where
            role = $role
            and ($month::date is null or period = $month)
            and ($asset::varchar is null or asset = $asset)
    """
    return Listed(source, "distributed_on, registration_no, file, sheet, row", asdict(of), "* exclude (role)")


def proof(connection: duckdb.DuckDBPyConnection, of: Selection) -> Row:
    """What the rows of a selection add up to (`value_kzt`, `quantity`), and what the figures say of the same."""
    source = "from income_row_proof($taxpayer, $year, $role, $month, $asset)"
    return records(connection, "*", source, **asdict(of))[0]


def holds(proof: Row) -> bool:
    """Whether both are the same."""
    return bool((proof.value_kzt, proof.quantity) == (proof.figure_kzt, proof.figure_quantity))
