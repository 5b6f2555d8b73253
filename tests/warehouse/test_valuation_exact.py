"""Values of sql/figures/value_kzt.sql against Python's Decimal, over every size that may occur."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from esep.config import PROJECT
from esep.warehouse import build, schema
from esep.warehouse.reference_spec import PRICE, RATE

DAY = date(2025, 1, 6)
LIMIT = Decimal(10**15)
QUANTITY = pa.decimal128(38, 18)
LAST = Decimal("1e-12")


@pytest.fixture(scope="module")
def connection():
    """The relations of sql/ in memory; only daily_asset and distribution_row get rows here."""
    with duckdb.connect() as connection:
        schema.make_relations(connection, PROJECT / "sql")
        yield connection


def expected(quantity: Decimal, price: Decimal, rate: Decimal) -> Decimal | None:
    """Half away from zero at the 12th decimal; None where a single distribution cannot be true."""
    with localcontext(prec=200):
        value = quantity * price * rate
        return None if abs(value) >= LIMIT else value.quantize(LAST, ROUND_HALF_UP)


def computed(connection, cases: list[tuple[Decimal, Decimal, Decimal]]):
    """value_kzt of a distribution for each case, through the view; the asset's name tells the case."""
    names = [f"{number:06d}" for number in range(len(cases))]
    connection.execute("delete from internal.daily_asset")
    connection.execute("delete from internal.distribution_row")
    quantities = pa.table(
        {"row": list(range(len(cases))), "asset": names, "quantity": pa.array([case[0] for case in cases], QUANTITY)}
    )
    prices = pa.table(
        {
            "asset": names,
            "price": pa.array([case[1] for case in cases], PRICE),
            "rate": pa.array([case[2] for case in cases], RATE),
            "largest_quantity": pa.array([build.largest_quantity(*case[1:]) for case in cases], QUANTITY),
        }
    )
    connection.register("prices", prices)
    connection.register("quantities", quantities)
    connection.execute(
        "insert into internal.daily_asset by name select ?::date as day, *, "
        "internal.short_price(price * rate) as short_price, internal.units_of_price(price * rate) as price_units, "
        "internal.billionths_of(price * rate) as price_billionths, internal.rest_of(price * rate) as price_rest, "
        "internal.first_moment() as known_from, internal.last_moment() as known_to from prices",
        [DAY],
    )
    connection.execute(
        """
        insert into internal.distribution_row by name
        select 1 as filing_key, '2025-000001' as registration_no, 'f' as file, 'h' as file_sha256, 's' as sheet,
            row, 'p' as pool_id, ?::date as distributed_on, asset, quantity
        from quantities
        """,
        [DAY],
    )
    rows = connection.execute("select value_kzt from internal.row_value where role = 'miner' order by row").fetchall()
    return [row[0] for row in rows]


def by_macro(connection, cases: list[tuple[Decimal, Decimal, Decimal]]):
    """The same by the macro value_kzt of each case, empty where the view gives no value."""
    source = (
        "select case when abs(quantity) <= largest_quantity then value_kzt(quantity, price, rate) end from quantities "
        "inner join prices using (asset) order by row"
    )
    assert connection.execute("select count(*) from quantities").fetchone() == (len(cases),)
    return [value for (value,) in connection.execute(source).fetchall()]


def decimals(largest: Decimal, places: int, smallest: Decimal = Decimal(0)) -> st.SearchStrategy[Decimal]:
    """Decimals of every magnitude, with all or few of their places used."""

    def build(units: int, used: int) -> Decimal:
        with localcontext(prec=60):
            number = (Decimal(units) * Decimal(1).scaleb(-used)).quantize(Decimal(1).scaleb(-places))
            return max(min(number, largest), smallest)

    digits = len(str(int(largest)))
    return st.builds(
        build,
        st.one_of(*(st.integers(0, 10**size) for size in range(1, digits + places + 1, 3))),
        st.integers(0, places),
    )


CASES = st.lists(
    st.tuples(
        decimals(Decimal(10**14), 18).flatmap(lambda quantity: st.sampled_from([quantity, -quantity])),
        decimals(Decimal(10**12), 12, LAST),
        decimals(Decimal(10**6), 6, Decimal("1e-6")),
    ),
    min_size=1,
    max_size=60,
)


SHORT_CASES = st.lists(
    st.tuples(
        st.builds(
            lambda quantity, more, sign: sign * (quantity + more),
            decimals(Decimal(10**11), 8),
            st.sampled_from([Decimal(0), Decimal("1e-9"), Decimal("1e-18"), Decimal("9.999999999e-9")]),
            st.sampled_from([1, -1]),
        ),
        decimals(Decimal(10**12), 2, LAST),
        decimals(Decimal(10**6), 3, Decimal("1e-6")),
    ),
    min_size=1,
    max_size=60,
)
"""At the borders of what needs no rounding: quantities of 8 decimals or a trace more, unit prices of 4 or 5."""


@settings(max_examples=40, deadline=None)
@given(st.one_of(CASES, SHORT_CASES))
@example(  # quantities of 8 decimals: the largest, beyond, and where doubles lie further apart than they do
    [
        (Decimal("9999999999.99999999"), Decimal("0.01"), Decimal("0.01")),
        (Decimal("-9999999999.999999999999999999"), Decimal("0.01"), Decimal("0.01")),
        (Decimal(10**10), Decimal("0.01"), Decimal("0.01")),
        (Decimal("90071992.54740993"), Decimal(1), Decimal(1)),
        (Decimal("90071992.547409930000000001"), Decimal(1), Decimal(1)),
        (Decimal("4503599627.37049601"), Decimal("0.01"), Decimal("450.12")),
        (Decimal("0.000000010000000001"), Decimal("1.11"), Decimal("1.11")),
    ]
)
@example(  # unit prices of 4 decimals: the largest, beyond, and of more decimals
    [
        (Decimal("1.00000001"), Decimal("999999999999.99"), Decimal("99.99")),
        (Decimal("1.00000001"), Decimal("1000000000000"), Decimal(100)),
        (Decimal("-1.00000001"), Decimal("999999999999.999999999999"), Decimal(100)),
        (Decimal("0.12345678"), Decimal("54321.12345"), Decimal(1)),
        (Decimal("0.12345678"), Decimal("54321.1234"), Decimal("1.000001")),
    ]
)
@example([(Decimal("99999999999999.999999999999999999"), LAST, Decimal("450.12"))])
@example([(Decimal("99999999999999.999999999999999999"), Decimal("9.999999999999"), Decimal("1.000001"))])
@example([(Decimal("0.000000000000000001"), Decimal(10**12), Decimal(10**6))])
@example([(Decimal("0.000000000000000001"), Decimal("999999999999.999999999999"), Decimal("999999.999999"))])
@example([(Decimal("0.0000000000005"), Decimal(1), Decimal(1)), (Decimal("-0.0000000000005"), Decimal(1), Decimal(1))])
@example(
    [(Decimal("0.000000000000499999"), Decimal(1), Decimal(1)), (Decimal("1.0000000000005"), Decimal(1), Decimal(1))]
)
@example([(Decimal("0.000000000499999999"), Decimal("9999999.999999999999"), Decimal("99999.9"))])
@example([(Decimal("0.999999999500000001"), Decimal("0.000000009999"), Decimal("0.0001"))])
@example(  # the product of the two rests decides the 12th decimal: with its carry, and where it has none
    [
        (Decimal("0.224291113475756078"), Decimal("617715.470000000003"), Decimal("0.000001")),
        (Decimal("0.774961640292887191"), Decimal("853185.959000000001"), Decimal("0.000001")),
        (Decimal("0.134921793222359978"), Decimal("537654.226000000001"), Decimal("0.000001")),
    ]
)
@example([(Decimal("0.000000000999999999"), Decimal("0.000000000999"), Decimal("0.999999"))])
@example(  # units at the borders of a million meet decimals 10 to 18
    [
        (Decimal("999999.999999999999999999"), Decimal("999999.999999999999"), Decimal("1.999999")),
        (Decimal("1000000.000000000000000001"), Decimal("1000000.000000000001"), Decimal("1.000001")),
        (Decimal("99999999999999.999999999999999999"), Decimal("0.000000000001"), Decimal("0.999999")),
        (Decimal("0.000000000999999999"), Decimal("999999999999.999999999999"), Decimal("999999.999999")),
        (Decimal("0.000000000999999999"), Decimal("999999.999999999999"), Decimal("0.999999")),
    ]
)
@example(
    [(Decimal("99999999.999999999999999999"), Decimal(10**7), Decimal(1)), (Decimal(10**8), Decimal(10**7), Decimal(1))]
)
def test_each_value_is_the_exact_product_rounded_once(connection, cases):
    values = computed(connection, cases)
    assert values == by_macro(connection, cases)
    wrong = [(case, value) for case, value in zip(cases, values, strict=True) if value != expected(*case)]
    beyond = [case for case in cases if abs(case[0]) > build.LARGEST_QUANTITY]
    assert [pair for pair in wrong if pair[0] not in beyond] == []
    assert all(value is None for case, value in wrong)


def test_a_total_of_nearly_ten_to_the_fifteen_tenge_is_exact(connection):
    case = (Decimal(10**12), Decimal("0.999999999999"), Decimal(1))
    values = computed(connection, [case] * 999)
    assert sum(values) == Decimal("999") * (Decimal(10**12) - 1)
    total = connection.execute("select sum(value_kzt) from internal.row_value where role = 'miner'").fetchone()[0]
    assert total == sum(values)


@settings(max_examples=100, deadline=None)
@given(decimals(Decimal(10**12), 12, LAST), decimals(Decimal(10**6), 6, Decimal("1e-6")))
def test_the_largest_quantity_is_worth_less_than_the_bound_and_one_more_is_not(price, rate):
    with localcontext(prec=200):
        largest = build.largest_quantity(price, rate)
        assert largest * price * rate < LIMIT
        one_more = largest + Decimal("1e-18")
        assert one_more * price * rate >= LIMIT or one_more == Decimal(10**14)
