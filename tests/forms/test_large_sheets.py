"""A large sheet is read through an unpacked copy: whatever it holds, as without one."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
import pytest
from hypothesis import given, settings
from openpyxl.formatting.rule import CellIsRule
from openpyxl.worksheet.datavalidation import DataValidation

from esep.forms.document import FileError, FileRead, FileRole, FileState
from esep.forms.reading.fast_reader import FastCells
from esep.forms.reading.formats import sheets_of
from esep.forms.reading.kinds import Kind
from esep.forms.reading.ooxml import screening, unpacked
from esep.forms.reading.sheets import Sheet
from esep.forms.reading.workbook import read_sheets
from forms.generated_workbooks import PLAIN, Cell, Way, grids, values, ways, write
from forms.test_workbook_readers import Grid, changed, meant

FEW = settings(max_examples=80, deadline=None)
SHEET = "xl/worksheets/sheet1.xml"
MERGED = ("A1:J1", "B3:B7", "E4:E5", "C3:D3")
AREAS = [((0, 0), (0, 9)), ((2, 1), (6, 1)), ((3, 4), (4, 4)), ((2, 2), (2, 3))]
"""The same, counted from 0."""


@pytest.fixture(scope="module")
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "form.xlsx"


def sheets(path: Path, large: int = 0) -> list[Sheet]:
    """The sheets where those of `large` bytes or more are read through a copy, of which nothing may be left."""
    with patch.object(unpacked, "LARGE", large):
        read = list(sheets_of(path, Kind.WORKBOOK_XML))
    assert [one for one in path.parent.iterdir() if one.suffix == ".xlsx"] == [path]
    return read


def cells(path: Path, large: int = 0) -> dict[tuple[int, int], Any]:
    return {place: value for sheet in sheets(path, large) for place, value in values(sheet.cells).items()}


@FEW
@given(grid=grids)
def test_a_plain_sheet_is_read_as_it_is_meant(path: Path, grid: Grid) -> None:
    write(path, grid, PLAIN)
    with patch.object(unpacked, "fast_cells", wraps=unpacked.fast_cells) as copied:
        assert cells(path) == meant(grid)
    copied.assert_called_once()
    assert [type(one) for one in cells(path).values()] == [type(one) for one in cells(path, 2**40).values()]


@FEW
@given(grid=grids, way=ways)
def test_a_sheet_written_in_any_way_is_read_as_it_is_meant(path: Path, grid: Grid, way: Way) -> None:
    assert cells(write(path, grid, way)) == meant(grid)


def with_merged_cells(path: Path) -> None:
    """Merged cells behind 40 rows, and before what else may follow them."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 41):
        sheet.append([f"{column} of {row}" for column in range(10)])
    for area in MERGED:
        sheet.merge_cells(area)
    sheet.conditional_formatting.add("A1:A9", CellIsRule(operator="lessThan", formula=["5"]))
    validation = DataValidation(type="list", formula1='"BTC,ETH"')
    validation.add("G1:G40")
    sheet.add_data_validation(validation)
    book.save(path)


def test_merged_cells_behind_the_rows_are_found_wherever_pieces_end(path: Path) -> None:
    with_merged_cells(path)
    for size in range(400, 520):
        with patch.object(screening, "_PIECE", size):
            [sheet] = sheets(path)
        assert isinstance(sheet.cells, FastCells)
        assert sorted(sheet.cells.merged_cell_ranges or ()) == sorted(AREAS)
    assert values(sheets(path)[0].cells) == values(sheets(path, 2**40)[0].cells)


def test_merged_cells_in_front_of_the_rows_are_found(path: Path) -> None:
    write(path, [[Cell("s", "first")]], PLAIN)
    changed(path, SHEET, "<sheetData>", '<mergeCells count="1"><mergeCell ref="A1:A4"/></mergeCells><sheetData>')
    assert sheets(path)[0].cells.merged_cell_ranges == [((0, 0), (3, 0))]


def test_a_sheet_without_merged_cells_has_none(path: Path) -> None:
    write(path, [[Cell("s", "first")]], PLAIN)
    assert sheets(path)[0].cells.merged_cell_ranges == []


@pytest.mark.parametrize("left_out", ["</worksheet>", "</sheetData></worksheet>", "</row></sheetData></worksheet>"])
def test_a_sheet_that_is_cut_off_is_judged_as_without_a_copy(path: Path, left_out: str) -> None:
    write(path, [[Cell("s", "first"), Cell("n", "12.5")]], PLAIN)
    changed(path, SHEET, left_out, "")

    def judged(large: int) -> Any:
        try:
            return cells(path, large)
        except FileError as fault:
            return fault.state, fault.detail

    assert judged(0) == judged(2**40)


def test_without_room_for_a_copy_the_sheet_is_read_all_the_same(path: Path) -> None:
    grid: Grid = [[Cell("s", "first"), Cell("n", "12.5")]]
    write(path, grid, PLAIN)
    with patch.object(tempfile, "NamedTemporaryFile", side_effect=OSError(28, "No space left on device")):
        assert cells(path) == meant(grid)


def every_workbook() -> list[Path]:
    """All but those that are encrypted."""
    return sorted(filter(zipfile.is_zipfile, Path(__file__).parents[1].rglob("*.xlsx")))


@pytest.mark.parametrize("workbook", every_workbook(), ids=lambda path: path.name)
def test_every_workbook_of_the_tests_gives_the_same_rows(tmp_path: Path, workbook: Path) -> None:
    copy = tmp_path / "form.xlsx"
    copy.write_bytes(workbook.read_bytes())
    file = FileRead(workbook.name, "", 0, FileState.READ, FileRole.UNKNOWN)

    def read(large: int) -> FileRead:
        with patch.object(unpacked, "LARGE", large):
            return read_sheets(sheets_of(copy, Kind.WORKBOOK_XML), file)

    with_copy, without = read(0), read(2**40)
    assert len(with_copy.forms) == len(without.forms)
    for one, other in zip(with_copy.forms, without.forms, strict=True):
        assert one.rows.equals(other.rows)
        assert replace(one, rows=other.rows) == other
    assert replace(with_copy, forms=()) == replace(without, forms=())
