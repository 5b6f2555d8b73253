"""Great Expectations, run fast: SUMMARY with a cap, index = position in the frame, no decimals, exceptions raised.

The library takes seconds to import and is imported once, when the first rule has to be run. Its ephemeral context and
batch definition are kept for all examinations of the process. An expectation costs 10 to 20 ms on however few rows, on
a hundred rules a second a package. So fewer are asked:

- What the same rules found in the same small columns is kept: packages of a flood lack the same things.
- Most rules ask whether a column has no null, only words of a set, or only numbers within bounds. Where that shows from
  the column's null count, its few distinct words or its least and greatest number, the expectation passes by definition
  and is left out of the run (`Look.cannot_fail`). Every other one, and every one that may fail, is run;
  `tests/examination/test_engine.py` holds this to the engine.
- Many small parts of a filing, as 1,900 sheets of three rows, are asked about at once (`failures_by_part`).
"""

from __future__ import annotations

import logging
import math
import os
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep import lean
from esep.examination.suites import Rule

SMALL = 200
"""Rows up to which the outcome for a frame is kept: far more rows are hardly ever the same twice."""
_KEPT = 1_024

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
_BY_WORDS = {
    "expect_column_values_to_be_in_set": frozenset.issubset,
    "expect_column_values_to_not_be_in_set": frozenset.isdisjoint,
}
_NO_BOUND = {"min_value": -math.inf, "max_value": math.inf}

_one_at_a_time = threading.Lock()


class EngineError(RuntimeError):
    """An expectation could not be evaluated: a fault of the program or the suite, never of the filing."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that did not hold, how often and where."""

    rule: Rule
    count: int
    positions: tuple[int, ...] | None
    """The first failing positions in the frame, up to the cap; None for a rule on the frame as a whole."""

    def listing(self, most: int) -> Failure:
        """The same with at most so many positions; the count stays."""
        if self.positions is None or len(self.positions) <= most:
            return self
        return replace(self, positions=self.positions[: max(most, 0)])


def failures(rules: Iterable[Rule], table: pa.Table, cap: int, *, screen: bool = True) -> list[Failure]:
    """The rules that do not hold on the table, in the order given, with at most `cap` positions each.

    Raises EngineError if an expectation ends with an exception. `screen=False` runs every rule.
    """
    if table.num_rows == 0:
        return []
    look = Look(table)
    open_rules = [rule for rule in rules if not (screen and look.cannot_fail(rule))]
    if not open_rules:
        return []
    looked_at = _columns_of(open_rules, table)
    if looked_at.num_rows > SMALL:
        return _run(open_rules, looked_at, cap)
    return list(_run_once(tuple(open_rules), _as_bytes(looked_at), cap))


def _columns_of(rules: list[Rule], table: pa.Table) -> pa.Table:
    """What the rules can see: the columns that their expectations name, or all if they name none."""
    columns = list(dict.fromkeys(column for rule in rules for column in rule.columns))
    missing = [column for column in columns if column not in table.column_names]
    if missing:
        raise EngineError(f"the frame lacks the columns {', '.join(missing)}")
    return table.select(columns or table.column_names)


def _as_bytes(table: pa.Table) -> bytes:
    """The table as a stream of Arrow: equal bytes are equal tables, to the type, the null and the sign of a zero."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return bytes(sink.getvalue())


@lru_cache(maxsize=_KEPT)
def _run_once(rules: tuple[Rule, ...], table: bytes, cap: int) -> tuple[Failure, ...]:
    """The outcome depends on nothing else; an EngineError is not kept."""
    return tuple(_run(list(rules), pa.ipc.open_stream(table).read_all(), cap))


def _run(rules: list[Rule], table: pa.Table, cap: int) -> list[Failure]:
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library, batch_definition = _context()
        frame = table.to_pandas(zero_copy_only=False)
        suite = library.ExpectationSuite(
            name="rules",
            expectations=[
                {"type": rule.type, "kwargs": dict(rule.kwargs), "meta": {"position": position}}
                for position, rule in enumerate(rules)
            ],
        )
        batch = batch_definition.get_batch({"dataframe": frame})
        # At least one position is asked for, because a count of 0 switches the counting off.
        outcome = batch.validate(
            suite, result_format={"result_format": "SUMMARY", "partial_unexpected_count": max(cap, 1)}
        )
    _check_all_answered(rules, outcome)
    found = sorted((_failure(rules, result, cap) for result in outcome.results), key=lambda pair: pair[0])
    return [failure for _, failure in found if failure is not None]


def _check_all_answered(rules: list[Rule], outcome: Any) -> None:
    """The library leaves an expectation it does not know out of the suite and goes on: that must not pass a filing."""
    answered = {result.expectation_config.meta["position"] for result in outcome.results}
    unknown = [rule for position, rule in enumerate(rules) if position not in answered]
    if unknown:
        named = ", ".join(f"{rule.rule_id} ({rule.type} in {rule.stage}.json)" for rule in unknown)
        raise EngineError(f"Great Expectations does not accept {named}. Correct type or kwargs of the expectation.")


def _failure(rules: list[Rule], result: Any, cap: int) -> tuple[int, Failure | None]:
    position = result.expectation_config.meta["position"]
    rule = rules[position]
    message = _exception_of(result.exception_info)
    if message:
        raise EngineError(f"{rule.rule_id} ({rule.type} in {rule.stage}.json) could not be evaluated: {message}")
    if result.success:
        return position, None
    count = result.result.get("unexpected_count")
    if count is None:
        return position, Failure(rule, 1, None)
    positions = tuple(int(index) for index in result.result.get("partial_unexpected_index_list") or ())
    return position, Failure(rule, int(count), positions[:cap])


def _exception_of(information: Any) -> str | None:
    """Text of the exception, whether `exception_info` is one record or one for each metric."""
    if not information:
        return None
    records = [information] if "raised_exception" in information else list(information.values())
    texts = [str(record.get("exception_message")) for record in records if record.get("raised_exception")]
    return "; ".join(texts) or None


def prepare() -> None:
    """Import the library and make its context now, for a process that will run rules and whose callers wait."""
    with lean.few_imports():
        _context()


@lru_cache(maxsize=1)
def _context() -> tuple[Any, Any]:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with lean.loading():
        import great_expectations as library

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = library.get_context(mode="ephemeral")
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas("examination").add_dataframe_asset("frame")
    return library, asset.add_batch_definition_whole_dataframe("whole")


class Look:
    """What the columns of a table show at a glance, looked at once for all rules."""

    def __init__(self, table: pa.Table) -> None:
        self._columns = dict(zip(table.column_names, table.columns, strict=True))
        self._words: dict[str, frozenset[str]] = {}

    def cannot_fail(self, rule: Rule) -> bool:
        """True only if the expectation certainly passes; a `row_condition` or `mostly` cannot change that."""
        name = rule.kwargs.get("column", "")
        column = self._columns.get(name)
        if column is None:
            return False
        if rule.type == "expect_column_values_to_not_be_null":
            return bool(column.null_count == 0)
        if rule.type == "expect_column_values_to_be_null":
            return bool(column.null_count == len(column))
        if rule.type == "expect_column_values_to_be_between":
            return pa.types.is_floating(column.type) and _all_between(column, rule.kwargs)
        if rule.type in _BY_WORDS:
            expected = rule.kwargs.get("value_set")
            return isinstance(expected, list) and _BY_WORDS[rule.type](self._words_of(name), frozenset(expected))
        return False

    def _words_of(self, name: str) -> frozenset[str]:
        """Distinct values but null, which the set expectations pass over."""
        if name not in self._words:
            distinct = pc.unique(self._columns[name]).to_pylist()
            self._words[name] = frozenset(value for value in distinct if value is not None)
        return self._words[name]


def _all_between(column: pa.ChunkedArray, kwargs: Mapping[str, Any]) -> bool:
    """Whether no number is on or beyond a bound; null is passed over. What is no number leaves it open."""
    bounds = [kwargs.get(name, none) for name, none in _NO_BOUND.items()]
    if not all(isinstance(bound, (int, float)) for bound in bounds) or pc.any(pc.is_nan(column)).as_py():
        return False
    extremes = pc.min_max(column).as_py()
    return extremes["min"] is None or bounds[0] < extremes["min"] <= extremes["max"] < bounds[1]


def failures_by_part(rules: Sequence[Rule], parts: Sequence[pa.Table], cap: int) -> Iterator[list[Failure]]:
    """For each part, what `failures` finds in it, with positions within the part."""
    row_by_row = [rule for rule in rules if rule.type in _ROW_BY_ROW and rule.kwargs.keys() <= _WITHOUT_SHARES]
    others = [rule for rule in rules if rule not in row_by_row]
    order = {id(rule): position for position, rule in enumerate(rules)}
    for group in _groups(parts):
        if len(group) == 1:
            yield failures(rules, group[0], cap)
            continue
        together = _together(row_by_row, group, cap)
        for part, found in zip(group, together, strict=True):
            both = found + failures(others, part, cap)
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
    for failure in failures(rules, whole, whole.num_rows):
        positions = np.array(failure.positions or (), np.int64)
        owners = np.searchsorted(starts, positions, side="right") - 1
        for owner in np.unique(owners).tolist():
            own = positions[owners == owner] - starts[owner]
            by_part[owner].append(Failure(failure.rule, len(own), tuple(own[:cap].tolist())))
    return by_part
