"""What one unit of an asset is worth on a day: price x rate, exact, in the pieces that sql/ multiplies with."""

from __future__ import annotations

import hashlib
from decimal import Decimal, localcontext

import duckdb
import pyarrow as pa

LARGEST_VALUE = 10**15
"""Tenge. A distribution worth as much or more by itself cannot be true and is left without a value."""
LARGEST_QUANTITY = Decimal("99999999999999.999999999999999999")
"""Units. From 10^14 to 10^15 a quantity counts and has no value: up to there values are exact to the last decimal."""
USUAL_VALUE = 10**10
USUAL_QUANTITY = Decimal(10**7)
"""Up to these a value is worked out by plain multiplication, and millions of them can be summed."""
_DIGITS = 100
"""Precision under which decimals are shifted; Python's default of 28 would round them."""
UNIT_PRICE = pa.schema(
    [
        ("price", pa.decimal128(38, 20)),
        ("rate", pa.decimal128(38, 20)),
        ("largest_quantity", pa.decimal128(38, 18)),
        ("usual_quantity", pa.decimal128(38, 18)),
        ("unit_price_coarse", pa.decimal128(22, 4)),
        ("unit_price_fine", pa.decimal128(6, 0)),
        ("unit_price_finest", pa.decimal128(6, 0)),
        ("unit_price", pa.decimal128(38, 20)),
        ("unit_price_e9", pa.decimal128(38, 20)),
        ("unit_price_e18", pa.decimal128(38, 20)),
        ("unit_price_middle", pa.int64()),
        ("unit_price_low", pa.int64()),
        ("unit_price_rest", pa.decimal128(38, 0)),
    ]
)
"""A price, a rate, and what `unit_prices` works out from them."""


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
    connection.register("unit_prices", pa.Table.from_pylist(unit_prices(pairs), UNIT_PRICE))
    connection.execute(
        """
        insert into daily_asset by name
        select
            daily_asset_new.*,
            unit_prices.* exclude (price, rate)
        from daily_asset_new
        left join unit_prices
            on daily_asset_new.price = unit_prices.price and daily_asset_new.rate = unit_prices.rate
        where (daily_asset_new.day, daily_asset_new.asset) in (select (day, asset) from daily_asset_change)
        """
    )
    connection.unregister("unit_prices")


def unit_prices(pairs: list[tuple[Decimal, Decimal]]) -> list[dict[str, Decimal | int]]:
    """The columns of daily_asset that follow from a price and a rate, each with up to 20 decimals."""
    with localcontext(prec=_DIGITS):
        return [_unit_price(price, rate) for price, rate in pairs]


def _unit_price(price: Decimal, rate: Decimal) -> dict[str, Decimal | int]:
    exact = _scaled(price) * _scaled(rate)  # in units of 10^-40 tenge
    units, rest = divmod(exact, 10**20)  # in units of 10^-20 tenge
    told, untold = divmod(exact, 10**24)  # the first 16 decimals, and what follows them
    usual = Decimal(0) if untold else min(_quantity_below(USUAL_VALUE, exact), USUAL_QUANTITY)
    return {
        "price": price,
        "rate": rate,
        "largest_quantity": min(_quantity_below(LARGEST_VALUE, exact), LARGEST_QUANTITY),
        "usual_quantity": usual,
        "unit_price_coarse": Decimal(told // 10**12).scaleb(-4),
        "unit_price_fine": Decimal(told // 10**6 % 10**6),
        "unit_price_finest": Decimal(told % 10**6),
        "unit_price": Decimal(units).scaleb(-20),
        "unit_price_e9": Decimal(units // 10**9).scaleb(-20),
        "unit_price_e18": Decimal(units // 10**18).scaleb(-20),
        "unit_price_middle": units // 10**9 % 10**9,
        "unit_price_low": units % 10**9,
        "unit_price_rest": Decimal(rest),
    }


def _scaled(number: Decimal) -> int:
    return int(number.scaleb(20))


def _quantity_below(value: int, exact: int) -> Decimal:
    """The largest quantity with 18 decimals that is worth less than `value` tenge."""
    return Decimal((value * 10**58 - 1) // exact).scaleb(-18)


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
