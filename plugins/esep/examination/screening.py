"""Which expectations need Great Expectations at all: those whose outcome the distinct values leave open.

Great Expectations spends about 10 ms on each expectation whatever the size of the frame, on a hundred rules a second
a package. Most rules ask whether a column has no null, or only words of a set; where that shows from the column's
null count or its few distinct words, the expectation passes by definition and is left out of the run. Every other
expectation, and every one that may fail, is run. `tests/examination/test_screening.py` holds this to the engine.
"""

from __future__ import annotations

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
    if rule.type in _BY_WORDS:
        expected = rule.kwargs.get("value_set")
        return isinstance(expected, list) and _BY_WORDS[rule.type](_words(column), frozenset(expected))
    return False


_BY_WORDS = {
    "expect_column_values_to_be_in_set": frozenset.issubset,
    "expect_column_values_to_not_be_in_set": frozenset.isdisjoint,
}


def _words(column: pa.ChunkedArray) -> frozenset[str]:
    """Distinct values but null, which the set expectations pass over."""
    distinct = pc.unique(column)
    return frozenset(value for value in distinct.to_pylist() if value is not None)
