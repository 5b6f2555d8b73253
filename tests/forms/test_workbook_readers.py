"""Two readers of .xlsx, one number: fast, exact and openpyxl say the same of generated workbooks, however written."""

from __future__ import annotations

import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.forms.document import FileError
from esep.forms.reading.fast_reader import FastWorkbook
from esep.forms.reading.formats import sheets_of
from esep.forms.reading.kinds import Kind
from esep.forms.reading.ooxml import screening
from esep.forms.reading.ooxml.cell_values import read_formats, shared_strings
from esep.forms.reading.ooxml.sheet import Book, read_sheet
from esep.forms.reading.opc import Parts
from forms.generated_workbooks import PLAIN, SPLITS, Cell, Way, grids, values, ways, write

Grid = list[list[Cell | None]]
FEW = settings(max_examples=120, deadline=None)


@pytest.fixture(scope="module")
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "form.xlsx"


def meant(grid: Grid) -> dict[tuple[int, int], Any]:
    """What whoever wrote the cells meant."""
    of_kind: dict[str, Any] = {
        "n": float,
        "b": lambda text: text == "1",
        "d": lambda text: datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text),
        "date": lambda text: date(1899, 12, 30) + timedelta(days=int(text)),
    }
    return {
        (row, column): of_kind.get(cell.kind, str)(cell.stored)
        for row, line in enumerate(grid, start=1)
        for column, cell in enumerate(line)
        if cell
    }


def as_read(path: Path) -> dict[tuple[int, int], Any]:
    return {
        place: value for sheet in sheets_of(path, Kind.WORKBOOK_XML) for place, value in values(sheet.cells).items()
    }


def by_exact_reader(path: Path) -> dict[tuple[int, int], Any]:
    with zipfile.ZipFile(path) as archive:
        parts = Parts(archive)
        with parts.open("xl/sharedStrings.xml") as strings:
            texts = shared_strings(strings)
        book = Book(texts, read_formats(parts.parsed("xl/styles.xml")), False, False)
        with parts.open("xl/worksheets/sheet1.xml") as part:
            return values(read_sheet(part, book))


def by_openpyxl(path: Path) -> dict[tuple[int, int], Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = openpyxl.load_workbook(path, data_only=True).active
    return {
        (cell.row, cell.column - 1): cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
    }


def comparable(read: dict[tuple[int, int], Any]) -> dict[tuple[int, int], Any]:
    """Midnight as its day, whole numbers as floats: what openpyxl tells otherwise."""

    def one(value: Any) -> Any:
        if isinstance(value, datetime) and value.time() == datetime.min.time():
            return value.date()
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return {place: one(value) for place, value in read.items()}


@FEW
@given(grid=grids)
def test_plain_workbooks_read_alike(path: Path, grid: Grid) -> None:
    write(path, grid, PLAIN)
    fast = values(FastWorkbook(path).cells(0))
    assert fast == by_exact_reader(path) == as_read(path) == meant(grid)
    assert [type(value) for value in fast.values()] == [type(value) for value in by_exact_reader(path).values()]
    assert comparable(by_openpyxl(path)) == comparable(fast)


@FEW
@given(grid=grids, way=ways)
def test_workbooks_written_in_any_way_read_as_they_are_meant(path: Path, grid: Grid, way: Way) -> None:
    assert as_read(write(path, grid, way)) == meant(grid)


@pytest.mark.parametrize("split", SPLITS[1:])
@pytest.mark.parametrize("kind", ["n", "s", "inlineStr", "str", "b", "date"])
def test_no_part_of_a_cell_is_read_as_the_cell(path: Path, kind: str, split: str) -> None:
    grid: Grid = [[Cell("s", f"text {number}") for number in range(12)], [Cell(kind, "1" if kind == "b" else "12345")]]
    assert as_read(write(path, grid, Way(parts=("", split)))) == meant(grid)
    assert as_read(write(path, grid, Way(parts=(split,)))) == meant(grid)


@pytest.mark.parametrize("padding", [" ", "\n", "\t", "\r\n  "])
def test_white_space_around_an_index_is_not_index_0(path: Path, padding: str) -> None:
    grid: Grid = [[Cell("s", "first"), Cell("s", "second"), Cell("n", "12.5")]]
    assert as_read(write(path, grid, Way(padding=padding))) == meant(grid)


ELEMENTS = ("<b/>", "<b>9</b>", "<v>2</v>", "<t>2</t>", "<x:v xmlns:x='urn:x'>2</x:v>", "<b\n/>", "<a> </a>")
PLACES = (("", "123.5"), ("1", "23.5"), ("123.5", ""), ("1 ", "23.5"))


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize(("before", "after"), PLACES)
@pytest.mark.parametrize("text", ["<v>{}</v>", "<is><t>{}</t></is>", "<is><r><t>{}</t></r></is>", "shared"])
def test_an_element_inside_of_a_value_makes_the_workbook_unreadable(
    path: Path, text: str, before: str, after: str, element: str
) -> None:
    """Excel calls such a file damaged; no reader may take a part of the value for the whole."""
    write(path, [[Cell("s", "first"), Cell("s", "MARK")]], PLAIN)
    inside = before + element + after
    kind = 'inlineStr"' if text.startswith("<is>") else 'n"'
    if text == "shared":
        changed(path, "xl/sharedStrings.xml", "MARK", inside)
    else:
        changed(path, "xl/worksheets/sheet1.xml", 's"><v>1</v>', f"{kind}>{text.format(inside)}")
    with pytest.raises(FileError):
        as_read(path)


@pytest.mark.parametrize("values_of_cell", ["<v>1</v><v>23.5</v>", "<v>1</v>\n<v>23.5</v>", "<v>1</v><v/>"])
def test_a_cell_of_two_values_makes_the_workbook_unreadable(path: Path, values_of_cell: str) -> None:
    write(path, [[Cell("n", "123.5")]], PLAIN)
    changed(path, "xl/worksheets/sheet1.xml", "<v>123.5</v>", values_of_cell)
    with pytest.raises(FileError):
        as_read(path)


def changed(path: Path, part: str, old: str, new: str) -> None:
    """Put `new` in the place of `old` in one part of the workbook."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    assert old in members[part]
    members[part] = members[part].replace(old, new, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("distance", range(-8, 9))
def test_a_mark_at_the_border_of_two_pieces_is_seen(distance: int) -> None:
    import io

    start = b'<worksheet xmlns="x"><sheetData><row r="1"><c r="A1"><v>'
    filler = b"1" * ((1 << 20) - len(start) + distance)
    for mark in (b"<!-- -->", b"<?a b?>", b"&#49;", b" </v>"):
        assert screening.is_odd(io.BytesIO(start + filler + mark + b"</v></c></row></sheetData></worksheet>"))
    assert not screening.is_odd(io.BytesIO(start + filler + b"</v></c></row></sheetData></worksheet>"))


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from(["<", ">", "/", "v", "t", "c", "1", " ", "\n", "<v>", "</v>", "<t>"])).map("".join))
def test_elements_in_texts_are_found_by_all_bytes_at_once_as_one_by_one(content: str) -> None:
    piece = f"<c>{content}".encode()
    assert screening._element_in_text(piece) == bool(screening._ELEMENT_IN_TEXT.search(piece))


def test_a_plain_sheet_is_left_to_the_fast_reader(path: Path) -> None:
    """Formulas with references to other sheets, texts with marks, line breaks and quotes are plain."""
    import io

    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="a" xmlns:r="b" '
        'mc:Ignorable="x14ac" xmlns:mc="c" xmlns:x14ac="d"><sheetData><row r="1" x14ac:dyDescent="0.25"><c r="A1">'
        '<f>Лист2!A1&amp;B1</f><v>1</v></c><c t="inlineStr"><is><t>What?! a &amp; b\nc</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    assert not screening.is_odd(io.BytesIO(xml.encode()))
