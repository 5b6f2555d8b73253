"""What one unit of an asset is worth on each day, and the largest quantity of it that has a value."""

from __future__ import annotations

import hashlib
from decimal import Decimal, localcontext

import duckdb
import pyarrow as pa

LARGEST_VALUE = 10**15
"""Tenge. A distribution worth as much or more by itself cannot be true and is left without a value."""
LARGEST_QUANTITY = Decimal("99999999999999.999999999999999999")
"""Units. From 10^14 to 10^15 a quantity counts and has no value: sql/figures/value_kzt.sql is exact up to there."""
_DIGITS = 100
"""Precision under which decimals are shifted; Python's default of 28 digits would round them."""
BOUND = pa.schema(
    [("price", pa.decimal128(38, 12)), ("rate", pa.decimal128(38, 6)), ("largest_quantity", pa.decimal128(38, 18))]
)
"""Up to which quantity a distribution has a value, at a price and a rate."""


def refresh(connection: duckdb.DuckDBPyConnection) -> int:
    """Bring daily_asset up to date and put the filings it affects on the work list; gives the days x assets changed.

    To be called inside a transaction. Nothing is looked at while prices, rates and tables of the law are the same.
    """
    sources = _sources(connection)
    if connection.execute("select sources from build_state where relation = 'daily_asset'").fetchone() == (sources,):
        return 0
    connection.execute("create temp table daily_asset_new as select * from daily_asset_due")
    connection.execute(
        """
        create temp table daily_asset_change as
        with before as (
            select
                day, asset, price_date, price, currency, rate_date, rate, miner_share, pool_share, known_from, known_to
            from daily_asset
        ),

        after as (
            select
                day, asset, price_date, price, currency, rate_date, rate, miner_share, pool_share, known_from, known_to
            from daily_asset_new
        )

        select distinct day, asset
        from ((from after except from before) union all (from before except from after))
        """
    )
    changed = _count(connection, "daily_asset_change")
    connection.execute("delete from daily_asset where (day, asset) in (select (day, asset) from daily_asset_change)")
    _insert(connection)
    connection.execute(
        """
        insert or ignore into filing_to_value
        select distinct income_part.filing_key
        from income_part
        inner join (
            select distinct date_trunc('month', day)::date as period, asset from daily_asset_change
        ) as changed
            on income_part.period = changed.period and income_part.asset = changed.asset
        """
    )
    connection.execute("drop table daily_asset_new")
    connection.execute("drop table daily_asset_change")
    connection.execute("insert or replace into build_state values ('daily_asset', ?)", [sources])
    return changed


def _insert(connection: duckdb.DuckDBPyConnection) -> None:
    pairs = connection.execute(
        """
        select distinct price, rate
        from daily_asset_new
        where (day, asset) in (select (day, asset) from daily_asset_change) and price is not null and rate is not null
        """
    ).fetchall()
    connection.register("bounds", pa.Table.from_pylist([_bound(*pair) for pair in pairs], BOUND))
    connection.execute(
        """
        insert into daily_asset by name
        select
            daily_asset_new.*,
            bounds.largest_quantity
        from daily_asset_new
        left join bounds on daily_asset_new.price = bounds.price and daily_asset_new.rate = bounds.rate
        where (daily_asset_new.day, daily_asset_new.asset) in (select (day, asset) from daily_asset_change)
        """
    )
    connection.unregister("bounds")


def _bound(price: Decimal, rate: Decimal) -> dict[str, Decimal]:
    return {"price": price, "rate": rate, "largest_quantity": largest_quantity(price, rate)}


def largest_quantity(price: Decimal, rate: Decimal) -> Decimal:
    """The largest quantity, in units with 18 decimals, that has a value: LARGEST_QUANTITY, or worth < LARGEST_VALUE."""
    with localcontext(prec=_DIGITS):
        unit_price = int((price * rate).scaleb(18))  # in units of 10^-18 tenge
        return min(Decimal((LARGEST_VALUE * 10**36 - 1) // unit_price).scaleb(-18), LARGEST_QUANTITY)


def _sources(connection: duckdb.DuckDBPyConnection) -> str:
    """The law's tables are part of the working file's fingerprint; prices and rates are told by their versions."""
    rows = connection.execute(
        "select name, sha256, accepted_at::varchar from reference_history where name in ('price', 'exchange_rate') "
        "order by name, version_no"
    ).fetchall()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()  # noqa: S608 - names of this module
    return int(row[0]) if row else 0
