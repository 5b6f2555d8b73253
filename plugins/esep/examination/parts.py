"""The row rules over the parts of a filing: many small parts are asked about at once, with the result of one by one.

Great Expectations takes about 10 ms an expectation whatever the size of the frame, which 1,900 sheets of three rows pay
1,900 times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from esep.examination import engine
from esep.examination.engine import Failure
from esep.examination.suites import Rule

_MOST_ROWS_AT_ONCE = 20_000
"""Rows of parts asked about together: all failing ones are listed, and only then cut to the cap of each part."""
_ROW_BY_ROW = frozenset(
    {
        "expect_column_values_to_be_null",
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_not_be_in_set",
    }
)
_WITHOUT_SHARES = frozenset({"column", "value_set"})
"""Arguments that judge each row by itself: `mostly` would not."""


def failures_by_part(rules: Sequence[Rule], parts: Sequence[pa.Table], cap: int) -> Iterator[list[Failure]]:
    """For each part what `engine.failures` says of it, with positions within the part."""
    row_by_row = [rule for rule in rules if rule.type in _ROW_BY_ROW and rule.kwargs.keys() <= _WITHOUT_SHARES]
    others = [rule for rule in rules if rule not in row_by_row]
    order = {id(rule): position for position, rule in enumerate(rules)}
    for group in _groups(parts):
        if len(group) == 1:
            yield engine.failures(rules, group[0], cap)
            continue
        together = _together(row_by_row, group, cap)
        for part, found in zip(group, together, strict=True):
            both = found + engine.failures(others, part, cap)
            yield sorted(both, key=lambda failure: order[id(failure.rule)])


def _groups(parts: Sequence[pa.Table]) -> Iterator[list[pa.Table]]:
    group: list[pa.Table] = []
    rows = 0
    for part in parts:
        if group and rows + part.num_rows > _MOST_ROWS_AT_ONCE:
            yield group
            group, rows = [], 0
        group.append(part)
        rows += part.num_rows
    if group:
        yield group


def _together(rules: Sequence[Rule], parts: Sequence[pa.Table], cap: int) -> list[list[Failure]]:
    """The failures of rules that judge each row by itself, shared out to the parts whose rows they name."""
    whole = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    starts = np.cumsum([0, *(part.num_rows for part in parts)])
    by_part: list[list[Failure]] = [[] for _ in parts]
    for failure in engine.failures(rules, whole, whole.num_rows):
        positions = np.array(failure.positions or (), np.int64)
        owners = np.searchsorted(starts, positions, side="right") - 1
        for owner in np.unique(owners).tolist():
            own = positions[owners == owner] - starts[owner]
            by_part[owner].append(Failure(failure.rule, len(own), tuple(own[:cap].tolist())))
    return by_part
