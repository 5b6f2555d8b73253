"""The figures of what changed: unit prices, parts of the filings on the work list, reconciliation of their years.

A unit price is what one unit of an asset is worth on a day, with the largest quantity of it that has a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext
from hashlib import sha256

import duckdb
import pyarrow as pa

from esep import clock
from esep.config import SPARK, Settings
from esep.warehouse import engines, load, work
from esep.warehouse.calls import rows, value

LARGEST_VALUE = 10**15
"""Tenge. A distribution worth as much or more by itself cannot be true and is left without a value."""
LARGEST_QUANTITY = Decimal("99999999999999.999999999999999999")
"""Units. From 10^14 to 10^15 a quantity counts and has no value: sql/figures/value_kzt.sql is exact up to there."""
PIECE_ROWS = 1_000_000
"""Rows, those of earlier examinations too, whose parts are worked out at once: it bounds what is grouped in memory."""
_DIGITS = 100
"""Precision under which decimals are shifted; Python's default of 28 digits would round them."""
_BOUND = pa.schema(
    [("price", pa.decimal128(38, 12)), ("rate", pa.decimal128(38, 6)), ("largest_quantity", pa.decimal128(38, 18))]
)
"""Up to which quantity a distribution has a value, at a price and a rate."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    filings: int
    """Filings whose figures were worked out."""
    unit_prices: int
    """Days x assets whose price, rate or share changed."""
    as_of: date

    def __str__(self) -> str:
        return (
            f"figures of {self.filings} filings worked out, {self.unit_prices} unit prices changed, as of {self.as_of}"
        )


def build_marts(settings: Settings, now: datetime) -> BuildReport:
    """Work out what load and reference data left to do, in one transaction. `now` must be aware."""
    as_of = clock.local_date(now)
    with engines.kept(settings), work.opened(settings) as connection:
        if work.is_unloaded(settings):  # it was lost, or other code came, since the load
            load.load(settings, now)
        if not _is_due(connection, as_of, changed=work.is_changed(settings)):
            return BuildReport(0, 0, as_of)
        work.mark_changed(settings)
        with work.transaction(connection):
            connection.execute("update build set as_of = ?, built_at = ?", [as_of, now])
            unit_prices, filings = revalue(settings, connection)
            _refresh_reconciliation(settings, connection)
        return BuildReport(filings, unit_prices, as_of)


def revalue(settings: Settings, connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Unit prices by the versions of prices and rates that are loaded, then the parts of the filings that they affect.

    Gives the days x assets and the filings that changed.
    """
    return _refresh_unit_prices(connection), _refresh_parts(settings, connection)


def _is_due(connection: duckdb.DuckDBPyConnection, as_of: date, *, changed: bool) -> bool:
    return changed or connection.execute("select as_of from build").fetchone() != (as_of,)


def largest_quantity(price: Decimal, rate: Decimal) -> Decimal:
    """The largest quantity, in units with 18 decimals, that has a value: LARGEST_QUANTITY, or worth < LARGEST_VALUE."""
    with localcontext(prec=_DIGITS):
        unit_price = int((price * rate).scaleb(18))  # in units of 10^-18 tenge
        return min(Decimal((LARGEST_VALUE * 10**36 - 1) // unit_price).scaleb(-18), LARGEST_QUANTITY)


def _refresh_unit_prices(connection: duckdb.DuckDBPyConnection) -> int:
    """Bring daily_asset up to date and put the filings it affects on the work list; gives the days x assets changed.

    Nothing is looked at while prices, rates and tables of the law are the same.
    """
    sources = _sources(connection)
    if value(connection, "sources", "from internal.build_state where relation = 'daily_asset'") == sources:
        return 0
    connection.execute("create temp table changed as from internal.daily_asset_change")
    connection.execute("delete from internal.daily_asset where (day, asset) in (select (day, asset) from changed)")
    connection.register("bounds", _bounds(connection))
    due = "select changed.* exclude (is_due), largest_quantity from changed left join bounds using (price, rate)"
    connection.execute(f"insert into internal.daily_asset by name {due} where is_due")
    connection.unregister("bounds")
    connection.execute(
        "insert or ignore into internal.filing_to_value select distinct filing_key from internal.income_part "
        "where (period, asset) in (select (date_trunc('month', day)::date, asset) from changed)"
    )
    count: int = value(connection, "count(distinct (day, asset))", "from changed")
    connection.execute("drop table changed")
    connection.execute("insert or replace into internal.build_state values ('daily_asset', ?)", [sources])
    return count


def _bounds(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    pairs = rows(connection, ("distinct price", "rate"), "from changed where price is not null and rate is not null")
    bounds = [largest_quantity(price, rate) for price, rate in pairs]
    return pa.table([[price for price, _ in pairs], [rate for _, rate in pairs], bounds], _BOUND)


def _sources(connection: duckdb.DuckDBPyConnection) -> str:
    """The law's tables are part of the working file's fingerprint; prices and rates are known by their versions."""
    versions = "from reference_history where name in ('price', 'exchange_rate') order by name, version_no"
    return sha256(repr(rows(connection, ("name", "sha256", "accepted_at::varchar"), versions)).encode()).hexdigest()


def _refresh_parts(settings: Settings, connection: duckdb.DuckDBPyConnection) -> int:
    """Replace the parts of the filings on the work list, and empty it.

    First of all which of their rows are worth too much to be true: these are left without a value.
    """
    count: int = value(connection, "count(*)", "from internal.filing_to_value")
    if count:
        for relation in ("row_beyond_value", "income_part"):
            connection.execute(
                f"delete from internal.{relation} where filing_key in (select filing_key from internal.filing_to_value)"  # noqa: S608 - above
            )
        if settings.engine == SPARK:
            from esep.warehouse.spark import marts

            marts.refresh_parts(settings, connection)
        else:
            _add_parts(connection)
        connection.execute("insert or ignore into internal.filing_unchecked from internal.filing_to_value")
        connection.execute("delete from internal.filing_to_value")
    return count


def _add_parts(connection: duckdb.DuckDBPyConnection) -> None:
    for first, last in _pieces(connection):
        _leave_without_value(connection, first, last)
        source = f"internal.income_part_due({first}, {last})"
        connection.execute(f"insert into internal.income_part by name from {source}")


def _pieces(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    """First and last filing of pieces of the work list, of PIECE_ROWS rows each or of a single filing."""
    source = "from internal.filing_to_value left join examination using (filing_key) group by all order by filing_key"
    first = last = held = 0
    for key, count in rows(connection, ("filing_key", "coalesce(sum(row_count), 0)"), source):
        if first and held + count > PIECE_ROWS:
            yield first, last
            first = held = 0
        first, last, held = first or key, key, held + int(count)
    yield first, last


def _leave_without_value(connection: duckdb.DuckDBPyConnection, first: int, last: int) -> None:
    """Hardly ever is a filing worth so much that its rows must be looked at; a rough sum shows it."""
    source = f"from internal.filing_beyond_value({first}, {last})"
    ((lowest, highest),) = rows(connection, ("min(filing_key)", "max(filing_key)"), source)
    if lowest is not None:
        source = f"internal.row_beyond_value_due({int(lowest)}, {int(highest)})"
        connection.execute(f"insert into internal.row_beyond_value by name from {source}")


def _refresh_reconciliation(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Compare anew: the whole warehouse, and all from the first to the last of the years that changed.

    These are years in which changed filings, or those that they replace, have a part.
    """
    overall = "from internal.reconciliation_overall"
    if settings.engine == SPARK:
        from esep.warehouse.spark import rows as of_lake

        connection.register("by_spark", of_lake.answer(settings, connection, overall))
        overall = "from by_spark"
    connection.execute(f"create temp table reconciled as {overall}")
    connection.unregister("by_spark")
    ((first, last),) = rows(connection, ("min(year)", "max(year)"), "from internal.year_unchecked()")
    if first is not None:
        source = f"internal.reconciliation_of_years({int(first)}, {int(last)})"
        connection.execute(f"insert into reconciled by name from {source}")
    connection.execute("delete from reconciliation where identity in (select identity from reconciled)")
    years = "select distinct year from internal.income_part where year is not null"
    connection.execute(f"delete from reconciliation where year not in ({years})")  # noqa: S608 - above
    connection.execute("insert into reconciliation by name from reconciled")
    connection.execute("drop table reconciled")
