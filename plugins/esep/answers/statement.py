"""The figures of a calendar year as reported through a day, and what is behind them, for the annual statement.

A statement known on D has what had been received, decided, published and examined before the start of the local
day after D, by the macros `…_as_reported_on`: filings and decisions that came later, and later versions of prices and
rates, change nothing in it. So it can be made again years later to the same content, with these exceptions, which the
warehouse cannot give as of then:

- `kind` and `replaces` of a filing go by the verdicts of now, so a later re-examination of another filing of the
  same pool and month may change them;
- a fault across filings counts from the day that supervision gives it; a replay of old days adds to those days;
- shares, assets, working days and the price list are those of the code that built the warehouse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb

from esep.answers import UnknownError, tables
from esep.answers.tables import Row, records, through
from esep.config import Settings
from esep.exact import added, difference
from esep.lake import files as lake_files
from esep.lake import places
from esep.lake.schema import FINDING
from esep.warehouse import duckdb_paths, reference_versions
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_rules import examine

_WHO = "role, taxpayer_id, taxpayer_name, taxpayer_id_state"
_FIGURES: Mapping[str, str] = {
    "income": f"from annual_income_as_reported_on($reported_on) where year = $year order by {_WHO}, asset",
    "monthly": f"from monthly_income_as_reported_on($reported_on) where year = $year order by period, {_WHO}, asset",
    "totals": f"from annual_income_total_as_reported_on($reported_on) where year = $year order by {_WHO}",
    "obligations": f"""
        from sale_obligation_as_reported_on($reported_on) where year = $year order by {_WHO}, asset, share
    """,
}
_BEHIND: Mapping[str, str] = {
    "filings": "from statement_filing($year, $reported_on, $earlier) order by period, pool_id, filing_key",
    "contributions": "from statement_contribution($year, $reported_on) order by role, taxpayer_id, registration_no",
    "prices": """
        from statement_price($year, $reported_on, $price_sources, $rate_sources) order by taxpayer_id, asset, currency
    """,
    "doubts": """
        from statement_doubt($year, $reported_on, $earlier)
        order by taxpayer_id, rule_id, registration_no, column_no, severity
    """,
    "excluded": """
        from quantity_as_reported_on($reported_on)
        where year(day) = $year and not is_counted
        order by role, taxpayer_id, registration_no, file, sheet, row
    """,
}
_REFERENCES = """
    from reference_in_force_on($reported_on)
    where name in ('price', 'exchange_rate') or name = 'sale' and accepted_at <= $reported_on
    order by name
"""
_EARLIER = (
    "registration_no", "examination_no", "rule_id", "lane", "severity", "file", "sheet", "row", "column_no",
    "occurrences",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Balance:
    """Sales known to the office through the day, beside the obligation of a miner and asset; units.

    `obligation`, `open_quantity` and `sold_above` are None where the class of the asset is undecided.
    """

    taxpayer_id: str | None
    asset: str | None
    obligation: Decimal | None
    sold: Decimal
    open_quantity: Decimal | None
    sold_above: Decimal | None


@dataclass(frozen=True, slots=True)
class Statement:
    """The figures of a year as reported through `known_on`, all taxpayers. Rows are sorted."""

    year: int
    known_on: date
    code_version: str
    income: tuple[Row, ...]
    """Of `annual_income_as_reported_on`; quantities in units, income in tenge."""
    monthly: tuple[Row, ...]
    """Of `monthly_income_as_reported_on`."""
    totals: tuple[Row, ...]
    """Of `annual_income_total_as_reported_on`: `income_kzt` is rounded half up to 2 decimals, the other is exact."""
    obligations: tuple[Row, ...]
    """Of `sale_obligation_as_reported_on`."""
    balances: tuple[Balance, ...]
    """Of the taxpayers with an obligation or with known sales; empty while the office had no register of sales."""
    filings: tuple[Row, ...]
    """Of `statement_filing`."""
    contributions: tuple[Row, ...]
    """Of `statement_contribution`."""
    prices: tuple[Row, ...]
    """Of `statement_price`."""
    doubts: tuple[Row, ...]
    """Of `statement_doubt`."""
    excluded: tuple[Row, ...]
    """Of `quantity_as_reported_on`: quantities of the year that cannot be read, or are too large to be true."""
    references: tuple[Row, ...]
    """Of `reference_in_force_on`: prices, rates, and the register of sales if the office had one."""
    rows_without_year: int
    """Quantities in force whose day and month nobody could read: they belong to no year, so to no statement."""

    @property
    def rulesets(self) -> tuple[str, ...]:
        """Versions of the rules by which the filings were examined."""
        return tuple(sorted({filing.ruleset for filing in self.filings}))

    @property
    def taxpayer_ids(self) -> tuple[str, ...]:
        """Numbers of all taxpayers of the year, those included whose quantities all are left out."""
        named = {row.taxpayer_id for row in self.totals} | {row.taxpayer_id for row in self.excluded}
        return tuple(sorted(taxpayer_id for taxpayer_id in named if taxpayer_id is not None))


def years(connection: duckdb.DuckDBPyConnection, known_on: date) -> list[int]:
    """Years with figures as reported through the day, in order."""
    source = "from annual_income_as_reported_on($reported_on) where year is not null order by year"
    return list(tables.column(connection, "distinct year", source, reported_on=through(known_on)))


def statement(connection: duckdb.DuckDBPyConnection, settings: Settings, year: int, known_on: date) -> Statement:
    """The statement of a year as reported through the local day `known_on`.

    `settings` because two things are in truth files only: the sources named in earlier versions of the reference
    files, and the findings of examinations that were made again since. Raises UnknownError for a year without figures,
    WarehouseError for a version of a reference file that is missing or damaged.
    """
    reported_on = through(known_on)
    values: dict[str, Any] = {"year": year, "reported_on": reported_on}
    figures = {name: records(connection, "*", source, **values) for name, source in _FIGURES.items()}
    if not any(figures.values()):
        raise UnknownError("year", year)
    references = records(connection, "*", _REFERENCES, reported_on=reported_on)
    versions = {version.name: version for version in references}
    values |= {
        "earlier": _earlier_findings(connection, settings, reported_on),
        "price_sources": list(_sources(settings, versions.get("price"), "asset")),
        "rate_sources": list(_sources(settings, versions.get("exchange_rate"), "currency")),
    }
    return Statement(
        year=year,
        known_on=known_on,
        code_version=tables.value(connection, "code_version", "from build"),
        references=references,
        balances=tuple(_balances(settings, year, versions.get("sale"), figures["obligations"])),
        rows_without_year=tables.value(
            connection,
            "count(*)",
            "from quantity_as_reported_on($reported_on) where day is null",
            reported_on=reported_on,
        ),
        **figures,
        **{name: records(connection, "*", source, **values) for name, source in _BEHIND.items()},
    )


def _earlier_findings(
    connection: duckdb.DuckDBPyConnection, settings: Settings, reported_on: datetime
) -> list[dict[str, Any]]:
    """The findings of examinations that counted then and were made again since, from the lake."""
    source = "from examined_again($reported_on) order by registration_no"
    again = tables.rows(connection, ("registration_no", "examination_no", "period"), source, reported_on=reported_on)
    named = [lake_files.path_of(FINDING, period, number, turn).as_posix() for number, turn, period in again]
    paths = [settings.lake / places.found(settings.lake, path) for path in named]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise WarehouseError(f"{missing[0]}: the findings of an examination are gone. Restore the file from a backup.")
    if not paths:
        return []
    lake = "from read_parquet($paths, hive_partitioning = false)"
    return [asdict(one) for one in records(connection, _EARLIER, lake, paths=duckdb_paths.parquet(paths))]


def _balances(settings: Settings, year: int, version: Row | None, obligations: Iterable[Row]) -> Iterator[Balance]:
    """From the register in force on the day, which the warehouse does not keep once another one is accepted."""
    if version is None:
        return
    owed: dict[tuple[str | None, str | None], list[Decimal]] = defaultdict(list)
    for row in obligations:
        if row.role == "miner":
            owed[row.taxpayer_id, row.asset] += [] if row.quantity_to_sell is None else [row.quantity_to_sell]
    sold: dict[tuple[str | None, str | None], list[Decimal]] = defaultdict(list)
    for trade in _rows_of(settings, version):
        if trade["sold_on"].year == year:
            sold[trade["taxpayer_id"], trade["asset"]].append(trade["quantity"])
    for place in sorted({*owed, *sold}, key=lambda place: (place[0] or "", place[1] or "")):
        known = added(sold.get(place, ()))
        if place in owed and not owed[place]:
            yield Balance(*place, None, known, None, None)
        else:
            obligation = added(owed.get(place, ()))
            left = difference(obligation, known)
            above = difference(known, obligation)
            yield Balance(*place, obligation, known, max(left, Decimal(0)), max(above, Decimal(0)))


def _sources(settings: Settings, version: Row | None, key: str) -> Iterator[dict[str, Any]]:
    """Where the values of a version come from, by asset or currency: spans of days with the same source."""
    rows = sorted(_rows_of(settings, version), key=lambda row: (row[key], row["date"]))
    for (name, source), of_one in groupby(rows, lambda row: (row[key], row.get("source"))):
        days = [row["date"] for row in of_one]
        yield {"key": name, "first_day": days[0], "last_day": days[-1], "source": source}


def _rows_of(settings: Settings, version: Row | None) -> Iterable[Mapping[str, Any]]:
    """Rows of an accepted version, also of one that rules made since would refuse."""
    if version is None:
        return []
    for kept in reference_versions.versions(settings, version.name):
        if kept.sha256 == version.sha256:
            return list(examine(version.name, reference_versions.content_of(kept))[0])
    raise WarehouseError(
        f"{settings.reference}: the accepted version {version.sha256[:8]} of {version.name}.csv, which the warehouse "
        "was built from, is gone. Restore reference/accepted/ from a backup."
    )
