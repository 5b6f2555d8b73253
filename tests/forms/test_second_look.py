"""Errors and uncalculated formulas are reported from blanks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from esep.forms.reading import odf
from esep.forms.reading.formats import sheets_of
from esep.forms.reading.kinds import Kind
from esep.forms.reading.sheets import MarkedCell
from esep.forms.values.cell import CellKind
from forms.form_workbooks import FIXTURES, FOOTER, NUMBERS, data_row, only_form, write_rows

LIBREOFFICE = [
    ("libreoffice.xlsx", Kind.WORKBOOK_XML),
    ("libreoffice.xls", Kind.WORKBOOK_BINARY),
    ("libreoffice.ods", Kind.WORKBOOK_OPEN),
]


def with_cells(path: Path, cells: dict[str, Any]) -> Path:
    workbook = load_workbook(path)
    for address, value in cells.items():
        workbook.active[address] = value
    workbook.save(path)
    return path


def test_a_formula_that_was_never_calculated(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "form.xlsx", [NUMBERS, data_row(1), data_row(2), *FOOTER])
    _, rows = only_form(with_cells(path, {"H2": "=SUM(1,2)", "A3": "=A2+1"}))
    assert (rows[0]["quantity"], rows[0]["quantity_kind"]) == ("=SUM(1,2)", CellKind.FORMULA)
    assert (rows[1]["row_no"], rows[1]["row_no_kind"]) == ("=A2+1", CellKind.FORMULA)
    assert (rows[1]["quantity"], rows[1]["quantity_kind"]) == ("0.5", CellKind.NUMBER)


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!"])
def test_an_error_value(tmp_path: Path, error: str) -> None:
    path = write_rows(tmp_path / "form.xlsx", [NUMBERS, data_row(1), *FOOTER])
    _, rows = only_form(with_cells(path, {"C2": error}))
    assert (rows[0]["miner_id"], rows[0]["miner_id_kind"]) == (error, CellKind.ERROR)


def test_a_blank_stays_blank(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "form.xlsx", [NUMBERS, data_row(1, wallet=None), data_row(2), *FOOTER])
    _, rows = only_form(with_cells(path, {"H3": "=1"}))
    assert (rows[0]["wallet"], rows[0]["wallet_kind"]) == (None, CellKind.EMPTY)


def test_rows_of_nothing_but_formulas_are_rows(tmp_path: Path) -> None:
    """A form filled by formulas from another sheet, saved by a program that does not calculate."""
    path = write_rows(tmp_path / "form.xlsx", [["x"], [None, *NUMBERS], [], [], ["Атауы: Пул"]])
    formulas = {f"{column}{row}": f"=Data!{column}{row}" for row in (3, 4) for column in "BCDEFGHIJK"}
    form, rows = only_form(with_cells(path, formulas))
    assert [row["row"] for row in rows] == [3, 4]
    assert {row["wallet_kind"] for row in rows} == {CellKind.FORMULA}
    assert form.footer["pool_name"].text == "Пул"


def test_formulas_beyond_the_last_filled_cell(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "form.xlsx", [NUMBERS])
    _, rows = only_form(with_cells(path, {f"{column}2": "=1" for column in "ABCDEFGHIJ"}))
    assert [row["quantity"] for row in rows] == ["=1"]


def test_an_error_in_the_header_and_footer(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "form.xlsx", [["Есепті кезең:"], NUMBERS, data_row(1), ["Атауы"]])
    form, _ = only_form(with_cells(path, {"B1": "#REF!", "B4": "=Data!B1"}))
    assert form.header["period"].text == "#REF!"
    assert form.footer["pool_name"].text == "=Data!B1"


@pytest.mark.parametrize(("name", "kind"), LIBREOFFICE)
def test_errors_in_workbooks_saved_by_libreoffice(name: str, kind: Kind) -> None:
    form, rows = only_form(FIXTURES / name, kind)
    assert [(row["asset"], row["asset_kind"]) for row in rows] == [
        ("#N/A", CellKind.ERROR),
        ("BTC", CellKind.TEXT),
        ("LTC", CellKind.TEXT),
    ]
    assert (rows[2]["quantity"], rows[2]["quantity_kind"]) == ("#DIV/0!", CellKind.ERROR)
    assert (rows[1]["reward_quantity"], rows[1]["reward_quantity_kind"]) == ("1e-05", CellKind.NUMBER)
    assert form.footer["head"].text == "Болатов Б.Б."


@pytest.mark.parametrize(("name", "kind"), LIBREOFFICE)
def test_only_the_errors_are_marked(name: str, kind: Kind) -> None:
    found = {}
    for sheet in sheets_of(FIXTURES / name, kind):
        seen = sheet.again() or sheet.cells
        for row, values in enumerate(seen.iter_rows(), start=1):
            for column, value in enumerate(values):
                if isinstance(value, MarkedCell):
                    found[sheet.name, row, column] = str(value)
    assert found == {("1-ЦМ", 16, 6): "#N/A", ("1-ЦМ", 18, 7): "#DIV/0!"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("epoch_1904.xlsx", Kind.WORKBOOK_XML),
        ("epoch_1904_libreoffice.xlsx", Kind.WORKBOOK_XML),
        ("epoch_1904.xls", Kind.WORKBOOK_BINARY),
        ("epoch_1904.ods", Kind.WORKBOOK_OPEN),
    ],
)
def test_dates_counted_from_1904(name: str, kind: Kind) -> None:
    _, rows = only_form(FIXTURES / name, kind)
    assert [row["distributed_on"] for row in rows] == ["2025-03-05", "2025-03-31", "2025-03-01"]
    assert {row["distributed_on_kind"] for row in rows} == {CellKind.DATE}
    assert [row["quantity"] for row in rows] == ["0.12345678", "0.123456780000000001", "12"]


def test_cells_merged_over_rows_in_an_open_document() -> None:
    _, rows = only_form(FIXTURES / "merged_rows.ods", Kind.WORKBOOK_OPEN)
    assert [row["row"] for row in rows] == [2, 3, 4]
    assert {row["miner_name"] for row in rows} == {'ЖШС "Көк Майнер"'}
    assert {row["miner_id"] for row in rows} == {"230640000008"}
    assert {row["wallet"] for row in rows} == {"bc1qk"}
    assert [row["distributed_on"] for row in rows] == ["2025-03-02", "2025-03-03", "2025-03-04"]


def test_merged_cells_of_another_sheet_or_of_one_row_are_not_reported() -> None:
    path = FIXTURES / "merged_rows.ods"
    assert odf.second_look(path, "1-ЦМ")[1] == [((1, column), (3, column)) for column in (1, 2, 3, 4)]
    assert odf.second_look(path, "басқа")[1] == []
