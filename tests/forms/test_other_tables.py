"""Tables under the name of a workbook that are none of today's Excel: read as Excel shows them."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.forms.document import FileError, FileRead
from esep.forms.reading import limits
from esep.forms.reading.formats import READERS, sheets_of
from esep.forms.reading.kinds import Kind, kind_of
from esep.forms.reading.sheets import MarkedCell
from esep.forms.reading.web_page import grid_of
from esep.forms.reading.workbook import read_sheets
from esep.forms.values.cell import CellKind
from forms import table_files as files
from forms.form_workbooks import FOOTER, NUMBERS, data_row, unread
from forms.form_workbooks import rows_of as rows
from forms.table_files import WRITERS

HEAD: list[list[object]] = [
    ["Әкімшілік деректер нысанының индексі: 1-ЦМ"],
    ["Есепті кезең: 2025 жылғы наурыз"],
    [],
    ["№", "Атауы", "БСН / ЖСН", "Лицензия", "Әмиян", "Күні", "Актив", "Саны", "Пул сыйақысы", "саны, бірлік"],
    list(NUMBERS),
]


def texts(number: int) -> list[object]:
    """A row in which everything is a text."""
    return [f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value) for value in data_row(number)]


FORM = [*HEAD, texts(1), texts(2), [], *FOOTER]


def save(folder: Path, content: bytes, name: str = "1-ЦМ.xls") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(folder: Path, content: bytes, name: str = "1-ЦМ.xls") -> FileRead:
    path = save(folder, content, name)
    return read_sheets(sheets_of(path, kind_of(path, name)), unread(name))


@pytest.mark.parametrize("writer", WRITERS)
def test_the_same_form_whatever_program_wrote_it(writer: str, tmp_path: Path) -> None:
    found = read(tmp_path, WRITERS[writer](FORM))
    assert len(found.forms) == 1
    form = found.forms[0]
    assert form.header["period"].text == "2025 жылғы наурыз"
    assert form.footer["pool_name"].text == '"Алтын Пул" ЖШС'
    assert form.footer["head"].text == "Болатов Б."
    assert rows(found) == [(6, *texts(1)), (7, *texts(2))]


@pytest.mark.parametrize("name", ["1-ЦМ.csv", "1-ЦМ.txt", "1-ЦМ.tsv", "1-ЦМ", "1-ЦМ.xlsx", "1-ЦМ.CSV"])
def test_separated_values_go_by_content(name: str, tmp_path: Path) -> None:
    assert len(rows(read(tmp_path, files.separated(FORM), name))) == 2


@pytest.mark.parametrize("tail", [("09.янв", "09.фев"), ("9-Jan", "9-Feb"), ("09.01.2025", "09.02.2025")])
def test_a_number_row_of_which_excel_made_days(tail: tuple[str, str], tmp_path: Path) -> None:
    """Saved as CSV anew, 9.1 and 9.2 are days of January and February."""
    form = [[*row[:8], *tail] if row == list(NUMBERS) else row for row in FORM]
    assert len(rows(read(tmp_path, files.separated(form), "1-ЦМ.csv"))) == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("1;2;3\r\nа;б;в\r\n".encode(), "прочее.csv"),
        ("Форма 1-ЦМ прилагается".encode("cp1251"), "письмо.txt"),
        (b"1, 2, 3, 4, 5, 6, 7 rows", "log.txt"),
        (b"a" * (3 << 20), "long.txt"),
        (b"1;" * 500_000, "ones.txt"),
    ],
    ids=["a small table", "a letter", "a log", "a long text", "many ones"],
)
def test_other_texts_are_attachments(content: bytes, name: str, tmp_path: Path) -> None:
    assert kind_of(save(tmp_path, content, name), name) is Kind.ATTACHMENT


def test_cells_with_separators_quotes_and_breaks(tmp_path: Path) -> None:
    odd = [
        "1",
        'ТОО "Майнер; и Ко"',
        "990140004654",
        "№ 1\nот 01.02.2024",
        "a,b",
        "05.03.2025",
        "BTC",
        "0,5",
        "BTC",
        "0",
    ]
    for separator in ";,\t|":
        content = files.separated([*HEAD, odd], separator)
        assert rows(read(tmp_path, content)) == [(6, *odd)]


def test_a_web_page_with_merged_cells_and_a_table_in_a_table(tmp_path: Path) -> None:
    numbers = "".join(f"<td>{number}</td>" for number in NUMBERS)
    first, second = texts(1), texts(2)
    begun = "".join(f"<td{' rowspan=2' if 0 < n < 5 else ''}>{value}</td>" for n, value in enumerate(first))
    below = "".join(f"<td>{value}</td>" for n, value in enumerate(second) if not 0 < n < 5)
    page = (
        "<p>Есепті кезең:<br>2025 жылғы<br> наурыз</p><table><tr><td colspan=10>Индексі 1-ЦМ</table>"
        f"<table><tr><td><table><tr>{numbers}</tr><tr>{begun}</tr><tr>{below}</tr></table></td></tr></table>"
    )
    found = read(tmp_path, page.encode())
    assert [row[2:6] for row in rows(found)] == [tuple(first[1:5])] * 2
    assert [row[1] for row in rows(found)] == ["1", "2"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<td x:num>0,5</td>", 0.5),
        ('<td x:num="0.123456789012">0,12</td>', 0.123456789012),
        ('<td x:num="45721">05.03.2025</td>', "05.03.2025"),
        ('<td x:num="0.05">5%</td>', "5%"),
        ('<td x:num="1234.5">1&nbsp;234,50</td>', 1234.5),
        ('<td x:num="1234567.5">1,234,567.50</td>', 1234567.5),
        ('<td x:num="9.9999999999999995E-8">1E-07</td>', 1e-07),
        ('<td sdval="0.25" sdnum="1033;">0,25</td>', 0.25),
        ('<td x:str x:num="1">1</td>', "1"),
        ("<td>0,5</td>", "0,5"),
        ("<td style='mso-number-format:\"\\@\"'>000123</td>", "000123"),
        ("<td>a<br>b</td>", "a\nb"),
        ("<td><p>a</p>\n<p> b </p></td>", "a\nb"),
        ("<td><b>a</b> <i>b</i></td>", "a b"),
        ("<td><div><p>a</p></div><div> <p>b</p></div></td>", "a\nb"),
        ("<td> a\r\n   b&nbsp;</td>", "a b\u00a0"),
        ("<td>&lt;&#1178;&amp;<script>x</script><!-- y --></td>", "<Қ&"),
        ("<td>1<!-- -->23<b>.5</b></td>", "123.5"),
        ('<td><span style="display:none">20250305</span>05.03.2025</td>', "05.03.2025"),
        ("<td>0,5<span style='color:red; DISPLAY : None !important'>99</span></td>", "0,5"),
        ("<td>0,5<p hidden>99</p></td>", "0,5"),
        ("<td>0,5<i style='visibility:hidden'>9<b>9</b></i>1</td>", "0,51"),
        ("<td>0,5<span style='mso-hide:all'>99</span></td>", "0,5"),
        ("<td><del>9</del>0,5</td>", "0,5"),
        ("<td>0,5<sup>1)</sup></td>", "0,5¹)"),
        ("<td>10<sup><b>-5</b></sup> м</td>", "10-⁵ м"),
        ("<td><span style='display:inline'>0</span>,5</td>", "0,5"),
        ('<td><input type="text" value="0,5"><input type=hidden value=7><input type=checkbox value=1></td>', "0,5"),
    ],
)
def test_a_cell_of_a_web_page(cell: str, expected: object) -> None:
    grid = grid_of(f"<table><tr>{cell}</tr></table>".encode())
    assert list(grid.iter_rows()) == [[expected]]


_NAMESPACE = (
    'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
)


def _sheet(tmp_path: Path, inside: str, after: str = "") -> Any:
    worksheet = f'<Worksheet ss:Name="а"><Table>{inside}</Table>{after}</Worksheet>'
    text = f'<?xml version="1.0"?><Workbook {_NAMESPACE}>{worksheet}</Workbook>'
    (sheet,) = sheets_of(save(tmp_path, text.encode()), Kind.XML_SPREADSHEET)
    return sheet


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<Data ss:Type="Number">0.1</Data>', 0.1),
        ('<Data ss:Type="Number">1E-8</Data>', 1e-8),
        ('<Data ss:Type="Number">1<!-- -->23.5</Data>', 123.5),
        ('<Data ss:Type="Number"><![CDATA[1]]>23&#46;5</Data>', 123.5),
        ('<Data ss:Type="Number">NaN</Data>', "NaN"),
        ('<Data ss:Type="String">0001</Data>', "0001"),
        ('<Data ss:Type="DateTime">2025-03-05T00:00:00.000</Data>', datetime.fromisoformat("2025-03-05")),
        ('<Data ss:Type="DateTime">весна</Data>', "весна"),
        ('<Data ss:Type="DateTime">2025-02-28T20:00:00Z</Data>', "2025-02-28T20:00:00Z"),
        ('<Data ss:Type="Boolean">1</Data>', True),
        ('<Data ss:Type="Error">#N/A</Data>', MarkedCell(CellKind.ERROR, "#N/A")),
        (
            '<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>ab</B><Font>c</Font>d</ss:Data>',
            "abcd",
        ),
        ('<Comment><Data ss:Type="String">Заметка</Data></Comment><Data ss:Type="String">а</Data>', "а"),
        ('<Comment><Data ss:Type="String">Заметка</Data></Comment>', None),
    ],
)
def test_a_cell_of_an_xml_spreadsheet(cell: str, expected: object, tmp_path: Path) -> None:
    rows = list(_sheet(tmp_path, f"<Row><Cell>{cell}</Cell></Row>").cells.iter_rows())
    assert rows == [[] if expected is None else [expected]]


def test_places_in_an_xml_spreadsheet(tmp_path: Path) -> None:
    sheet = _sheet(
        tmp_path,
        '<Column/><Row ss:Index="2" ss:Span="1"><Cell ss:Index="2" ss:MergeAcross="1" ss:MergeDown="2">'
        '<Data ss:Type="String">а</Data></Cell><Cell><Data ss:Type="String">б</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="String">в</Data></Cell><Cell><Data ss:Type="String">г</Data></Cell></Row>'
        '<Row><Cell ss:Formula="=R1C1"/></Row>',
        "<WorksheetOptions xmlns='urn:schemas-microsoft-com:office:excel'><Visible>SheetHidden</Visible>"
        "</WorksheetOptions>",
    )
    assert sheet.hidden
    assert [list(row) for row in sheet.cells.iter_rows()] == [
        ["", "", "", ""],
        ["", "а", "", "б"],
        ["", "", "", ""],
        ["в", "", "", "г"],
        [MarkedCell(CellKind.FORMULA, "=R1C1"), "", "", ""],
    ]
    assert list(sheet.cells.merged_cell_ranges) == [((1, 1), (3, 2))]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ('<Row><Cell ss:Index="16384"><Data ss:Type="String">x</Data></Cell></Row>', "far_cell"),
        ('<Row ss:Index="9999999"><Cell><Data ss:Type="String">x</Data></Cell></Row>', "far_cell"),
        ("<Row><Cell>", "xml_damaged"),
    ],
)
def test_an_xml_spreadsheet_that_is_not_read(place: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        _sheet(tmp_path, place)
    assert caught.value.detail.code == code


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    text = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><Workbook {_NAMESPACE}></Workbook>'
    path = save(tmp_path, text.encode())
    with pytest.raises(FileError) as caught:
        sheets_of(path, kind_of(path, path.name))
    assert caught.value.detail.code == "xml_entity"


def test_a_far_cell_of_a_page_is_reported() -> None:
    wide = "<td></td>" * (limits.FAR_COLUMN + 2)
    with pytest.raises(FileError) as caught:
        grid_of(f"<table><tr>{wide}</tr></table>".encode())
    assert caught.value.detail.code == "far_cell"


def test_sheets_of_a_web_archive_have_their_names(tmp_path: Path) -> None:
    found = read(tmp_path, files.web_archive({"Бөлік 1": FORM, "Бөлік 2": FORM}), "1-ЦМ.mht")
    assert [form.sheet for form in found.forms] == ["Бөлік 1", "Бөлік 2"]


@pytest.mark.parametrize("encoding", ["kz1048", "cp866", "mac-cyrillic"])
@pytest.mark.parametrize("codepage", [None, 1252, 1251, 866, 10007, 437])
def test_an_old_workbook_is_read_whatever_code_page_it_names(
    encoding: str, codepage: int | None, tmp_path: Path
) -> None:
    plain = [[str(value).translate(_QUOTES if encoding == "cp866" else {}) for value in row] for row in _RUSSIAN]
    found = read(tmp_path, files.old_workbook(plain, encoding=encoding, codepage=codepage))
    assert found.forms[0].header["period"].text == "март 2025 года"
    assert rows(found)[0][2] == plain[3][1]
    assert found.forms[0].sheet == "1-ЦМ"


_QUOTES = str.maketrans("«»", '""')
_RUSSIAN: list[list[object]] = [
    ["Индекс формы административных данных: 1-ЦМ"],
    ["Отчетный период: март 2025 года"],
    list(NUMBERS),
    ["1", "ТОО «Майнер»", "990140004654", "N 10001 от 01.02.2024", "bc1q", "05.03.2025", "BTC", "0,5", "BTC", "0,005"],
    ["Руководитель", "Иванов И."],
]


def test_numbers_of_an_old_workbook_are_numbers(tmp_path: Path) -> None:
    line = [*texts(1)[:7], 0.5, "BTC", 0.005]
    found = read(tmp_path, files.old_workbook([*HEAD, line], encoding="kz1048"))
    (row,) = found.forms[0].rows.to_pylist()
    assert (row["quantity"], row["quantity_kind"]) == ("0.5", CellKind.NUMBER)


_CELL = st.text(st.characters(codec="kz1048", categories=("L", "N", "P")), min_size=1, max_size=10)
_BY_PLAIN_TEXT = ["html", "html of Excel", "mht", "xml", "csv ';' utf-8", "csv '\\t' utf-16", "csv, all in quotes"]


@settings(max_examples=60, deadline=None)
@given(
    writer=st.sampled_from(_BY_PLAIN_TEXT),
    cells=st.lists(st.lists(_CELL, min_size=9, max_size=9), min_size=1, max_size=4),
)
def test_any_rows_read_back(tmp_path_factory: pytest.TempPathFactory, writer: str, cells: list[list[str]]) -> None:
    lines = [[str(n), *texts] for n, texts in enumerate(cells, start=1)]
    path = save(tmp_path_factory.mktemp("table"), WRITERS[writer]([*HEAD, *lines]))
    sheets = {sheet.name: sheet for sheet in sheets_of(path, kind_of(path, path.name))}
    grid = list(sheets["1-ЦМ"].cells.iter_rows())
    assert [row[:10] for row in grid[5 : 5 + len(lines)]] == lines


@settings(max_examples=200, deadline=None)
@given(writer=st.sampled_from(sorted(WRITERS)), data=st.data())
def test_changed_bytes_raise_nothing_but_the_readers_fault(
    tmp_path_factory: pytest.TempPathFactory, writer: str, data: st.DataObject
) -> None:
    content = bytearray(WRITERS[writer]([*_RUSSIAN[:2], list(NUMBERS), texts(1)]))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    path = save(tmp_path_factory.mktemp("table"), bytes(content))
    with contextlib.suppress(FileError):
        kind = kind_of(path, path.name)
        if kind in READERS:
            read_sheets(sheets_of(path, kind), unread(path.name))
