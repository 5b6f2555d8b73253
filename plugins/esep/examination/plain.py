"""Expectations that judge each row by itself, evaluated on Arrow columns without Great Expectations.

`tests/examination/test_plain.py` holds the outcome to that of the library, and that every rule of a package is of these
kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.suites import Rule

_WITHOUT_SHARES = frozenset({"column", "value_set"})
"""Arguments that judge each row by itself: `mostly` would not."""


class NotPlainError(ValueError):
    """An expectation that only Great Expectations can evaluate; the text says why and what to do."""


def is_row_by_row(rule: Rule) -> bool:
    """Whether the expectation is of a kind, and has only arguments, by which each row is judged by itself."""
    return rule.type in _FAILING and rule.kwargs.keys() <= _WITHOUT_SHARES


def failing_positions(rule: Rule, table: pa.Table) -> np.ndarray:
    """Positions in the table at which the rule does not hold, ascending; NotPlainError if it cannot be told here."""
    if not is_row_by_row(rule):
        raise NotPlainError("this kind of expectation needs Great Expectations: pip install great-expectations")
    column = table[rule.kwargs["column"]].combine_chunks()
    return np.flatnonzero(_FAILING[rule.type](column, rule).to_numpy(zero_copy_only=False))


def _is_null(column: pa.Array) -> pa.BooleanArray:
    return pc.is_null(column, nan_is_null=pa.types.is_floating(column.type))


def _is_in_set(column: pa.Array, rule: Rule) -> pa.BooleanArray:
    """Whether each value is one of the rule's words; of null neither this nor its contrary counts."""
    words = rule.kwargs["value_set"]
    values = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    is_text = pa.types.is_string(values.type) or pa.types.is_null(values.type)
    if not is_text or not all(isinstance(word, str) for word in words):
        raise NotPlainError(f"a set is compared with texts here, and {rule.kwargs['column']} or the set holds others")
    return pc.is_in(values.cast(pa.string()), value_set=pa.array(words, pa.string()))


_FAILING: Mapping[str, Callable[[pa.Array, Rule], pa.BooleanArray]] = {
    "expect_column_values_to_be_null": lambda column, _: pc.invert(_is_null(column)),
    "expect_column_values_to_not_be_null": lambda column, _: _is_null(column),
    "expect_column_values_to_be_in_set": lambda column, rule: pc.and_(
        pc.is_valid(column), pc.invert(_is_in_set(column, rule))
    ),
    "expect_column_values_to_not_be_in_set": lambda column, rule: pc.and_(
        pc.is_valid(column), _is_in_set(column, rule)
    ),
}
"""Kind of expectation → the rows at which it fails."""
