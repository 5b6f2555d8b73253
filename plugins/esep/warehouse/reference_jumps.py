"""Prices that differ by more than 30 % from the day before: a slip of the decimal point, or a day to remember."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from esep.exact import plain
from esep.warehouse.reference_rules import Problem
from esep.warehouse.reference_spec import Fault, Row

MOST_PERCENT = 30
"""Of the price of the day before."""


def jumps(rows: Sequence[tuple[int, Row]], new: set[tuple[date, str]], fault: Fault) -> Iterator[Problem]:
    """One problem for each asset whose price jumps at a `new` (day, asset), or right after one.

    The day before is the last one with a price in the same currency.
    """
    of_asset: dict[tuple[str, str], list[tuple[date, int, Decimal]]] = defaultdict(list)
    for line, row in rows:
        of_asset[row["asset"], row["currency"]].append((row["date"], line, row["price"]))
    for (asset, _), prices in sorted(of_asset.items()):
        found = [
            (before, after)
            for before, after in pairwise(sorted(prices))
            if {(before[0], asset), (after[0], asset)} & new and _is_jump(before[2], after[2])
        ]
        if found:
            before, after = found[0]
            values = f"{before[0]} {plain(before[2])} → {after[0]} {plain(after[2])}"
            yield Problem(after[1], fault, "price", asset, values, len(found))


def _is_jump(before: Decimal, after: Decimal) -> bool:
    return abs(after - before) * 100 > before * MOST_PERCENT
