"""Cells become texts exactly, one by one and by the column."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.cell import coordinate_to_tuple

from esep.forms.reading.sheets import MarkedCell, address, cell_text, column_of, column_texts
from esep.forms.values.cell import CellKind

_FLOATS = st.floats(allow_nan=False, allow_infinity=False)
_CELLS = st.one_of(
    st.text(max_size=12),
    _FLOATS,
    st.booleans(),
    st.dates(),
    st.datetimes(min_value=datetime(1900, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),  # noqa: DTZ001
    st.just(""),
    st.just(" \u00a0"),
    st.sampled_from(["____", "_ _", "_x", "_\u00a0_"]),
    st.just(MarkedCell(CellKind.ERROR, "#N/A")),
)


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        ("", None, CellKind.EMPTY),
        (" \t\u00a0", None, CellKind.EMPTY),
        (" ____ ", None, CellKind.EMPTY),
        ("_a_", "_a_", CellKind.TEXT),
        (" x ", " x ", CellKind.TEXT),
        ("=1+1", "=1+1", CellKind.TEXT),
        (1.0, "1", CellKind.NUMBER),
        (230640000008.0, "230640000008", CellKind.NUMBER),
        (0.1, "0.1", CellKind.NUMBER),
        (1e-05, "1e-05", CellKind.NUMBER),
        (-2.5, "-2.5", CellKind.NUMBER),
        (True, "TRUE", CellKind.BOOLEAN),
        (date(2025, 3, 5), "2025-03-05", CellKind.DATE),
        (datetime(2025, 3, 5), "2025-03-05", CellKind.DATE),  # noqa: DTZ001
        (datetime(2025, 3, 5, 14, 30), "2025-03-05 14:30:00", CellKind.DATE),  # noqa: DTZ001
        (time(14, 30), "14:30:00", CellKind.DATE),
        (MarkedCell(CellKind.ERROR, "#N/A"), "#N/A", CellKind.ERROR),
        (MarkedCell(CellKind.FORMULA, "=A1"), "=A1", CellKind.FORMULA),
    ],
)
def test_text_and_kind_of_a_cell(value: Any, text: str | None, kind: CellKind) -> None:
    assert cell_text(value) == (text, kind)


@given(_FLOATS)
def test_a_number_loses_nothing(value: float) -> None:
    text, _ = cell_text(value)
    assert text is not None
    assert Decimal(text) == Decimal(repr(value))


@settings(deadline=None)  # the first conversion imports
@given(st.one_of(st.lists(_CELLS, min_size=1), st.lists(_FLOATS, min_size=1), st.lists(st.text(), min_size=1)))
def test_a_column_is_its_cells(values: list[Any]) -> None:
    """The fast ways by the column give what the plain way gives cell by cell."""
    column, kinds = column_texts(values)
    assert list(zip(column.to_pylist(), kinds.tolist(), strict=True)) == [
        (text, int(kind)) for text, kind in map(cell_text, values)
    ]


@given(st.integers(1, 1_048_576), st.integers(0, 16_383))
def test_addresses_are_those_of_a_spreadsheet(row: int, column: int) -> None:
    assert coordinate_to_tuple(address(row, column)) == (row, column + 1)
    assert column_of(address(row, column)) == column
