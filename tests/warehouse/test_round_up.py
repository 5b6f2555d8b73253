"""quantity_to_sell against Python's Decimal: rounded up once at the smallest unit, never below the share."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal, localcontext

from hypothesis import example, given, settings
from hypothesis import strategies as st

QUANTITIES = st.builds(
    lambda units, places: Decimal(units).scaleb(-places),
    st.integers(-(10**20), 10**26),
    st.integers(0, 18),
)
SHARES = st.integers(1, 10**6).map(lambda millionths: Decimal(millionths).scaleb(-6))


@settings(max_examples=150, deadline=None)
@given(QUANTITIES, SHARES, st.sampled_from([0, 6, 8, 12, 18, 24]))
@example(Decimal("0.00000001"), Decimal("0.5"), 8)
@example(Decimal("0.000000000000000001"), Decimal("0.000001"), 24)
@example(Decimal("99999999999999.999999999999999999"), Decimal("0.999999"), 18)
@example(Decimal("4"), Decimal("0.75"), 0)
@example(Decimal("-1"), Decimal("0.75"), 8)
@example(Decimal("0"), Decimal("0.75"), 8)
def test_rounds_up_once(empty_warehouse, quantity, share, decimals):
    with localcontext(prec=100):
        quantity = quantity.quantize(Decimal("1e-18")) if abs(quantity) < 10**14 else Decimal(10**14)
        unit = Decimal(1).scaleb(-min(decimals, 18))
        expected = max(Decimal(0), (quantity * share).quantize(unit, rounding=ROUND_CEILING))
        (reported,) = empty_warehouse.execute(
            "select quantity_to_sell(?::decimal(38, 18), ?::decimal(7, 6), ?)", [quantity, share, decimals]
        ).fetchone()
        assert reported == expected
