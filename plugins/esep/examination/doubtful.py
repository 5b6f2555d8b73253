"""Totals that do not agree, and rows that only look like totals: out of all figures, one remark each.

A row that only looks like a total is kept with its texts; a total is no row of the filing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.cells import one_chunk
from esep.examination.frame_columns import NOT_ASKED
from esep.forms.document import LATER_FIELDS, ROW_FIELDS, FormRead

_CELLS = frozenset({*ROW_FIELDS, *LATER_FIELDS, "licence_or_own_row"})
"""What such a row lacks of these is no fault of its own."""
_KEPT = frozenset({"row", "row_kind", "total_found", "total_expected"})


def has_data(form: FormRead) -> bool:
    """Whether a form has a row that is neither a total nor looks like one."""
    return form.rows["total_expected"].null_count > 0


def columns(rows: pa.Table) -> dict[str, pa.Array]:
    """The columns of the frame about such rows: `row_kind`, `total_found` and `total_expected`."""
    expected = one_chunk(rows["total_expected"])
    quantity, reward = one_chunk(rows["quantity"]), one_chunk(rows["reward_quantity"])
    # Not null_handling="skip", which leaves rows out in which both are null (pyarrow 26).
    found = pc.coalesce(pc.binary_join_element_wise(quantity, reward, "; "), quantity, reward)
    doubtful = expected.is_valid()
    return {
        "row_kind": pc.if_else(doubtful, "looks_like_total", "data").dictionary_encode(),
        "total_found": pc.if_else(doubtful, found, pa.scalar(None, pa.string())),
        "total_expected": expected,
    }


def set_apart(frame: Mapping[str, Any]) -> dict[str, Any]:
    """The frame in which no other rule finds anything on such rows."""
    doubtful = frame["total_expected"].is_valid()
    if not pc.any(doubtful).as_py():
        return dict(frame)
    return {name: values if name in _KEPT else _apart(name, values, doubtful) for name, values in frame.items()}


def _apart(name: str, values: Any, doubtful: pa.Array) -> Any:
    other = pa.scalar(NOT_ASKED if name in _CELLS else None, pa.string())
    if pa.types.is_dictionary(values.type):
        return pc.if_else(doubtful, other, values.dictionary_decode()).dictionary_encode()
    return pc.if_else(doubtful, other, values)


def without_figures(values: pa.Array, rows: pa.Table) -> pa.Array:
    """Quantities, null on such rows."""
    doubtful = one_chunk(rows["total_expected"]).is_valid()
    return pc.if_else(doubtful, pa.scalar(None, values.type), values) if pc.any(doubtful).as_py() else values


def without_totals(distribution: pa.Table, forms: Sequence[FormRead]) -> pa.Table:
    """The rows of the filing: the raw rows of `forms`, one after the other, but for totals that do not agree."""
    keep: list[pa.Array] = []
    for form in forms:
        wrong = form.rows.filter(form.rows["total_expected"].is_valid())["row"].to_pylist()
        totals = pa.array(set(form.total_rows) & set(wrong), pa.int32())
        keep.append(pc.invert(pc.is_in(one_chunk(form.rows["row"]), totals)))
    return distribution.filter(pa.concat_arrays(keep)) if keep else distribution
