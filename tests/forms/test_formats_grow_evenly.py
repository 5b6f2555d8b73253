"""Reading is linear in the size of the file, also where a file is made to be searched in vain."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from esep.forms.document import FileError
from esep.forms.reading.formats import sheets_of
from esep.forms.reading.kinds import kind_of
from esep.forms.reading.word_document import read_word
from forms import table_files as files
from forms import word_files as word
from forms.form_workbooks import NUMBERS

_SMALL, _LARGE = 1_500, 12_000
_XML = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="а"><Table>{}</Table></Worksheet>'
    "</Workbook>"
)
_ITEM = "<w:p><w:pPr><w:numPr><w:ilvl w:val='{0}'/><w:numId w:val='3'/></w:numPr></w:pPr></w:p>"


def _pages(inside: str) -> Callable[[int], bytes]:
    return lambda count: b"<html><table>" + inside.encode() * count + b"</table>"


TABLES: dict[str, Callable[[int], bytes]] = {
    "number rows": lambda count: files.separated([list(NUMBERS)] * count),
    "ones": lambda count: files.separated([list(NUMBERS)]) + b"1;" * count,
    "quotes": lambda count: files.separated([list(NUMBERS)]) + b'"' * count,
    "cells of a page": _pages("<tr><td>1<td>2"),
    "cells over many rows": _pages("<tr><td rowspan=60000>1<td rowspan=60000>2"),
    "tables in tables": _pages("<table><tr><td>"),
    "unclosed letters": _pages("<b><i>x"),
    "paragraphs of one cell": lambda count: b"<table><tr><td>" + b"<p> </p>" * count + b"</table>",
    "breaks": _pages("<br>"),
    "rows of XML": lambda count: _XML.format(
        '<Row><Cell><Data ss:Type="String">x</Data></Cell></Row>' * count
    ).encode(),
    "merged far away": lambda count: _XML.format(
        "<Row>" + '<Cell ss:MergeAcross="199" ss:MergeDown="999999"/>' * count + "</Row>" + "<Row><Cell/></Row>" * count
    ).encode(),
    "comments of XML": lambda count: _XML.format("<!-- x -->" * count).encode(),
    "pages of an archive": lambda count: files.web_archive({"a": [["x"]]}).replace(b"tabstrip", b"x" * count),
}
BODIES: dict[str, Callable[[int], str]] = {
    "list items of all levels": lambda count: "".join(_ITEM.format(n) for n in range(count)),
    "begun fields": lambda count: word.paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * count),
    "deleted ends": lambda count: word.paragraph(word.run("x"), properties="<w:rPr><w:del/></w:rPr>") * count,
    "merged cells": lambda count: (
        f"<w:tbl>{word.row(['1'] * 10)}"
        + f"<w:tr>{word.cell('', '<w:vMerge/>') * 10}</w:tr>" * (count // 10)
        + "</w:tbl>"
    ),
}


def _seconds(read: Callable[[], object]) -> float:
    begun = time.process_time()
    with contextlib.suppress(FileError):
        read()
    return time.process_time() - begun


def _expect_even_growth(small: Callable[[], object], large: Callable[[], object]) -> None:
    """Eight times the size may take thirty times as long on a busy machine; with the square it were sixty-four."""
    before = min(_seconds(small) for _ in range(3))
    assert min(_seconds(large) for _ in range(2)) < max(0.6, 30 * (_LARGE / _SMALL / 8) * before)


@pytest.mark.parametrize("shape", TABLES)
def test_tables(shape: str, tmp_path: Path) -> None:
    def reading(count: int) -> Callable[[], object]:
        path = tmp_path / f"{count}.xls"
        path.write_bytes(TABLES[shape](count))
        return lambda: [list(sheet.cells.iter_rows()) for sheet in sheets_of(path, kind_of(path, path.name))]

    _expect_even_growth(reading(_SMALL), reading(_LARGE))


@pytest.mark.parametrize("shape", BODIES)
def test_documents(shape: str, tmp_path: Path) -> None:
    def reading(count: int) -> Callable[[], object]:
        levels = "".join(f"<w:lvl w:ilvl='{n}'><w:lvlText w:val='%1'/></w:lvl>" for n in range(count))
        numbering = f"<w:abstractNum w:abstractNumId='7'>{levels}</w:abstractNum>"
        numbering += "<w:num w:numId='3'><w:abstractNumId w:val='7'/></w:num>"
        path = word.write_word(
            tmp_path / f"{count}.docx",
            BODIES[shape](count),
            parts={"numbering.xml": word.part("numbering", numbering)},
            kinds=[("numbering", "numbering.xml")],
        )
        return lambda: read_word(path)

    _expect_even_growth(reading(_SMALL), reading(_LARGE))
