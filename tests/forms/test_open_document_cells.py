"""Cells of .ods files as LibreOffice shows them, however their text is written."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from esep.forms.reading.kinds import Kind
from esep.forms.values.cell import CellKind
from forms.form_workbooks import FOOTER, NUMBERS, data_row, only_form

_NAMES = {
    "office": "office",
    "table": "table",
    "text": "text",
    "dc": "http://purl.org/dc/elements/1.1/",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
SPACES = " ".join(
    f'xmlns:{prefix}="{name if ":" in name else f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"}"'
    for prefix, name in _NAMES.items()
)
MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def cell(paragraphs: str, attributes: str = 'office:value-type="string"', **repeated: int) -> str:
    """A cell; `paragraphs` is XML."""
    more = "".join(f' table:number-{what}-repeated="{count}"' for what, count in repeated.items())
    return f"<table:table-cell {attributes}{more}>{paragraphs}</table:table-cell>"


def write(path: Path, rows: list[list[Any]], quantity: str, row_attributes: str = "") -> Path:
    """A form whose last data row has this cell in column 8."""
    lines = []
    for row in rows:
        cells = [
            quantity
            if value is quantity
            else cell(f"<text:p>{escape(str(value))}</text:p>")
            if value is not None
            else "<table:table-cell/>"
            for value in row
        ]
        attributes = row_attributes if quantity in row else ""
        lines.append(f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>")
    content = (
        f'<office:document-content {SPACES} office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:table table:name="1-ЦМ">{"".join(lines)}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", MEDIA_TYPE)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MEDIA_TYPE}"/></manifest:manifest>',
        )
        archive.writestr("content.xml", content)
    return path


def quantity_of(tmp_path: Path, xml: str) -> tuple[str | None, int]:
    path = write(tmp_path / "form.ods", [NUMBERS, data_row(1, quantity=xml), *FOOTER], xml)
    _, [row] = only_form(path, Kind.WORKBOOK_OPEN)
    return row["quantity"], row["quantity_kind"]


FLOAT = 'office:value-type="float" office:value="{}"'
FORMULA = 'table:formula="of:=[.A1]+1"'


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (cell("<text:p>1<![CDATA[23]]>.5</text:p>"), "123.5"),
        (cell("<text:p><![CDATA[123.5]]></text:p>"), "123.5"),
        (cell("<text:p>1<!-- x -->2<?y z?>3&#46;5</text:p>"), "123.5"),
        (cell("<text:p>1<text:span>2<text:span>3</text:span></text:span>.5</text:p>"), "123.5"),
        (cell("<text:p>1<text:s/>234.5</text:p>"), "1 234.5"),
        (cell('<text:p>1<text:s text:c="3"/>234.5</text:p>'), "1   234.5"),
        (cell("<text:p>123<text:tab/>5</text:p>"), "123\t5"),
        (cell("<text:p>123<text:line-break/>5</text:p>"), "123\n5"),
        (cell("<text:p>123</text:p><text:p>5</text:p>"), "123\n5"),
        (cell("<text:p><text:a>123.5</text:a></text:p>"), "123.5"),
        (
            cell(
                "<office:annotation><dc:creator>A</dc:creator><text:p>9</text:p></office:annotation><text:p>5</text:p>"
            ),
            "5",
        ),
        (cell("<text:p>12<text:note><text:note-body><text:p>9</text:p></text:note-body></text:note>3</text:p>"), "123"),
        (
            cell(
                "<text:p><text:ruby><text:ruby-base>1</text:ruby-base><text:ruby-text>9</text:ruby-text></text:ruby>2"
                "</text:p>"
            ),
            "12",
        ),
        (cell("<text:p>0.5</text:p>", ""), "0.5"),
        (cell("<text:p>0.5</text:p>", 'office:value-type="float"'), "0.5"),
        (cell("<text:p>1</text:p>", 'office:value-type="string" office:string-value="123.5"'), "123.5"),
    ],
)
def test_texts_are_whole(tmp_path: Path, xml: str, text: str) -> None:
    assert quantity_of(tmp_path, xml) == (text, CellKind.TEXT)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (cell("<text:p>1</text:p>", FLOAT.format("123.5")), "123.5"),
        (cell("<text:p>50 %</text:p>", 'office:value-type="percentage" office:value="0.5"'), "0.5"),
        (cell("<text:p>0,5 ₸</text:p>", 'office:value-type="currency" office:value="0.5"'), "0.5"),
        (cell("<text:p>0,5</text:p>", f"{FORMULA} {FLOAT.format('0.5')}"), "0.5"),
    ],
)
def test_the_stored_number_counts_not_what_is_shown(tmp_path: Path, xml: str, text: str) -> None:
    assert quantity_of(tmp_path, xml) == (text, CellKind.NUMBER)


@pytest.mark.parametrize("shown", ["", "<text:p>0.5</text:p>"])
@pytest.mark.parametrize("kind", ["", 'office:value-type="float"'])
def test_a_formula_without_a_value_was_never_calculated(tmp_path: Path, kind: str, shown: str) -> None:
    assert quantity_of(tmp_path, cell(shown, f"{FORMULA} {kind}")) == ("=[.A1]+1", CellKind.FORMULA)


@pytest.mark.parametrize("shown", ["#DIV/0!", "#N/A", "Err:502"])
@pytest.mark.parametrize(
    "attributes",
    [
        FLOAT.format("0"),
        f'{FLOAT.format("0")} calcext:value-type="error"',
        'office:value-type="string" office:string-value="" calcext:value-type="error"',
    ],
)
def test_an_error_is_no_number(tmp_path: Path, attributes: str, shown: str) -> None:
    xml = cell(f"<text:p>{shown}</text:p>", f"{FORMULA} {attributes}")
    assert quantity_of(tmp_path, xml) == (shown, CellKind.ERROR)


def test_a_repeated_row_has_its_marks_everywhere(tmp_path: Path) -> None:
    xml = cell("<text:p>1<![CDATA[23]]>.5</text:p>")
    rows = [NUMBERS, data_row(1, quantity=xml), *FOOTER]
    path = write(tmp_path / "form.ods", rows, xml, 'table:number-rows-repeated="3"')
    assert [row["quantity"] for row in only_form(path, Kind.WORKBOOK_OPEN)[1]] == ["123.5"] * 3
