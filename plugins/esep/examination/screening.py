"""Which expectations need Great Expectations at all: those whose outcome the distinct values leave open.

Great Expectations spends about 10 ms on an expectation whatever the size of the frame, on a hundred rules a second a
package. Most rules ask whether a column has no null, only words of a set, or only numbers within bounds; where that
shows from the column's null count, its few distinct words or its least and greatest number, the expectation passes by
definition and is left out of the run. Every other expectation, and every one that may fail, is run.
`tests/examination/test_engine.py` holds this to the engine.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.suites import Rule


def cannot_fail(rule: Rule, table: pa.Table) -> bool:
    """True only if the expectation certainly passes on the table; a `row_condition` or `mostly` cannot change that."""
    name = rule.kwargs.get("column")
    if name not in table.column_names:
        return False
    column = table.column(name)
    if rule.type == "expect_column_values_to_not_be_null":
        return bool(column.null_count == 0)
    if rule.type == "expect_column_values_to_be_null":
        return bool(column.null_count == len(column))
    if rule.type == "expect_column_values_to_be_between":
        return pa.types.is_floating(column.type) and _all_between(column, rule.kwargs)
    if rule.type in _BY_WORDS:
        expected = rule.kwargs.get("value_set")
        return isinstance(expected, list) and _BY_WORDS[rule.type](_words(column), frozenset(expected))
    return False


_BY_WORDS = {
    "expect_column_values_to_be_in_set": frozenset.issubset,
    "expect_column_values_to_not_be_in_set": frozenset.isdisjoint,
}
_NO_BOUND = {"min_value": -math.inf, "max_value": math.inf}


def _all_between(column: pa.ChunkedArray, kwargs: Mapping[str, Any]) -> bool:
    """Whether no number lies on or beyond a bound; null is passed over. What is no number leaves it open."""
    bounds = [kwargs.get(name, none) for name, none in _NO_BOUND.items()]
    if not all(isinstance(bound, (int, float)) for bound in bounds) or pc.any(pc.is_nan(column)).as_py():
        return False
    extremes = pc.min_max(column).as_py()
    return extremes["min"] is None or bounds[0] < extremes["min"] <= extremes["max"] < bounds[1]


def _words(column: pa.ChunkedArray) -> frozenset[str]:
    """Distinct values but null, which the set expectations pass over."""
    distinct = pc.unique(column)
    return frozenset(value for value in distinct.to_pylist() if value is not None)
