"""value_kzt of sql/figures/distribution_value.sql against Python's Decimal, over every size that may occur."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, localcontext

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from esep.config import PROJECT
from esep.warehouse import schema, valuation

DAY = date(2025, 1, 6)
LIMIT = Decimal(10**15)
QUANTITY = pa.decimal128(38, 18)
PRICE = pa.decimal128(38, 20)


@pytest.fixture(scope="module")
def connection():
    """The relations of sql/ in memory; only daily_asset and distribution_row get rows here."""
    with duckdb.connect() as connection:
        for path in schema.sql_files(PROJECT / "sql"):
            connection.execute(path.read_text(encoding="utf-8"))
        yield connection


def exact(quantity: Decimal, price: Decimal, rate: Decimal) -> Decimal | None:
    """Not rounded; None where a single distribution cannot be true."""
    with localcontext(prec=200):
        value = quantity * price * rate
        return None if abs(value) >= LIMIT else value


def rounded(value: Decimal | None) -> set[Decimal | None]:
    """Half up at the 20th decimal: away from zero, and for a negative value towards zero is right as well."""
    if value is None:
        return {None}
    with localcontext(prec=200):
        ways = (ROUND_HALF_UP, ROUND_HALF_DOWN) if value < 0 else (ROUND_HALF_UP,)
        return {value.quantize(Decimal("1e-20"), rounding=way) for way in ways}


def computed(connection, cases: list[tuple[Decimal, Decimal, Decimal]], *, one_part: bool = False):
    """value_kzt of a distribution for each case, through the view; the asset's name tells the case.

    With `one_part` all cases are of one asset and one price.
    """
    names = ["asset" if one_part else f"{number:06d}" for number in range(len(cases))]
    numbers = list(range(len(cases)))
    connection.execute("delete from daily_asset")
    connection.execute("delete from distribution_row")
    quantities = pa.table({"row": numbers, "asset": names, "quantity": pa.array([case[0] for case in cases], QUANTITY)})
    prices = pa.Table.from_pylist(
        [
            {"asset": name} | row
            for name, row in dict(zip(names, valuation.unit_prices([c[1:] for c in cases]), strict=True)).items()
        ],
        pa.schema([pa.field("asset", pa.string()), *valuation.UNIT_PRICE]),
    )
    connection.register("prices", prices)
    connection.register("quantities", quantities)
    connection.execute("insert into daily_asset by name select ?::date as day, * from prices", [DAY])
    connection.execute(
        """
        insert into distribution_row by name
        select 1 as filing_key, '2025-000001' as registration_no, 'f' as file, 'h' as file_sha256, 's' as sheet,
            row, 'p' as pool_id, ?::date as distributed_on, asset, quantity
        from quantities
        """,
        [DAY],
    )
    rows = connection.execute("select value_kzt from distribution_value where role = 'miner' order by row").fetchall()
    return [row[0] for row in rows]


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
        decimals(Decimal(10**12), 18).flatmap(lambda q: st.sampled_from([q, -q])),
        decimals(Decimal(10**7), 20, Decimal("1e-18")),
        decimals(Decimal(10**5), 20, Decimal("1e-4")),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=25, deadline=None)
@given(CASES)
@example([(Decimal("999999999999.999999999999999999"), Decimal("1E-18"), Decimal("450.12"))])
@example([(Decimal("0.000000000000000001"), Decimal("1E-18"), Decimal("0.01"))])
@example(
    [(Decimal("0.000000000000000005"), Decimal("0.001"), Decimal(1)), (Decimal("0.5"), Decimal("1E-20"), Decimal(1))]
)
@example([(Decimal("-0.000000000000000005"), Decimal("0.001"), Decimal(1))])
@example([(Decimal("0.000000000499999999"), Decimal("9999999.99999999999999999999"), Decimal("99999.9"))])
@example([(Decimal("0.999999999500000001"), Decimal("0.00000000999999999999"), Decimal("0.0001"))])
@example(
    [(Decimal("99999999.999999999999999999"), Decimal(10**7), Decimal(1)), (Decimal(10**8), Decimal(10**7), Decimal(1))]
)
def test_each_value_is_the_exact_product_rounded_once(connection, cases):
    told = computed(connection, cases)
    wrong = [(case, value) for case, value in zip(cases, told, strict=True) if value not in rounded(exact(*case))]
    assert wrong == []


@settings(max_examples=15, deadline=None)
@given(
    st.lists(decimals(Decimal(10**9), 18), min_size=1, max_size=30),
    decimals(Decimal(10**6), 18, Decimal("1e-18")),
    st.sampled_from([Decimal(1), Decimal("450.12"), Decimal("0.000123456789")]),
)
def test_the_values_of_a_part_add_up_to_its_income_which_is_rounded_once(connection, quantities, price, rate):
    told = computed(connection, [(quantity, price, rate) for quantity in quantities], one_part=True)
    sums = connection.execute(
        "select income_of(sum(coarse), sum(fine), sum(finest), sum(unusual)) from distribution_addend "
        "where role = 'miner'"
    ).fetchone()
    values = [exact(quantity, price, rate) for quantity in quantities]
    with localcontext(prec=200):
        assert [value is None for value in told] == [value is None for value in values]
        known = [value for value in values if value is not None]
        assert sum(value for value in told if value is not None) == sums[0]
        # Unusual quantities are rounded each by itself, all others once together.
        assert abs(sums[0] - sum(known)) <= Decimal("0.5e-20") * (1 + len(quantities))
        for one, value in zip(told, values, strict=True):
            assert one is None or abs(one - value) < Decimal("1.01e-20")


def test_a_total_of_nearly_ten_to_the_fifteen_tenge_is_exact(connection):
    # 999 x 10^12 units at 0.999999999999999999: exact to the last of 20 decimals.
    case = (Decimal(10**12), Decimal("0.999999999999999999"), Decimal(1))
    values = computed(connection, [case] * 999)
    assert sum(values) == Decimal("999") * (Decimal(10**12) - Decimal("0.000001"))
    total = connection.execute("select sum(value_kzt) from distribution_value where role = 'miner'").fetchone()[0]
    assert total == sum(values)


@settings(max_examples=100, deadline=None)
@given(decimals(Decimal(10**12), 20, Decimal("1e-20")), decimals(Decimal(10**6), 20, Decimal("1e-20")))
def test_the_pieces_of_a_unit_price_make_it_up(price, rate):
    with localcontext(prec=200):
        (pieces,) = valuation.unit_prices([(price, rate)])
        if pieces["usual_quantity"]:
            told = pieces["unit_price_coarse"] + pieces["unit_price_fine"].scaleb(-10)
            assert told + pieces["unit_price_finest"].scaleb(-16) == price * rate
        assert pieces["unit_price"] + Decimal(pieces["unit_price_rest"]).scaleb(-40) == price * rate
        low = Decimal(pieces["unit_price_low"])
        assert pieces["unit_price_e9"] * 10**9 + low.scaleb(-20) == pieces["unit_price"]
        assert (
            pieces["unit_price_e18"] * 10**9 + Decimal(pieces["unit_price_middle"]).scaleb(-20)
            == (pieces["unit_price_e9"])
        )
        assert pieces["largest_quantity"] * price * rate < LIMIT
        one_more = pieces["largest_quantity"] + Decimal("1e-18")
        assert one_more * price * rate >= LIMIT or one_more == Decimal(10**14)
