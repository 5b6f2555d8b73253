"""Decimals, exact: sums, differences, texts. Python's default of 28 digits rounds units of 18 decimals from 10¹⁰ on."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext

PRECISION = 100


def added(values: Iterable[Decimal]) -> Decimal:
    """The exact sum; 0 of nothing."""
    with localcontext(prec=PRECISION):
        return sum(values, Decimal(0))


def difference(one: Decimal, other: Decimal) -> Decimal:
    """The first less the second, exact."""
    with localcontext(prec=PRECISION):
        return one - other


def plain(value: Decimal) -> str:
    """Without an exponent and without zeros at its end: `0.5`, `1000`."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
