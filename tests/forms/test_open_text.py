"""A text document of LibreOffice: the form in its table, the application in its paragraphs."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from esep.forms.document import ROW_FIELDS
from esep.forms.reading.document_blocks import lines_of
from esep.forms.reading.document_text import read_document
from esep.forms.reading.kinds import Kind, kind_of
from esep.forms.reading.odf import read_open_text
from forms.form_workbooks import NUMBERS, data_row, unread

_NAMES = (
    "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "text", "table")
    )
    + ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)


def write_odt(path: Path, body: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content{_NAMES}><office:body><office:text>{body}</office:text>'
            "</office:body></office:document-content>",
        )
    return path


def _row(texts: list[object]) -> str:
    cells = "".join(f"<table:table-cell><text:p>{escape(str(text))}</text:p></table:table-cell>" for text in texts)
    return f"<table:table-row>{cells}</table:table-row>"


def test_paragraphs_as_they_are_seen(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>снято</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:h>Өтініш</text:h><text:p>а<text:s text:c='2'/>б<text:tab/>в<text:line-break/>г</text:p>"
        "<text:list><text:list-item>"
        "<text:p>пункт<text:note><text:p>сноска</text:p></text:note></text:p></text:list-item>"
        "</text:list>"
        "<text:p>до<draw:frame><draw:text-box><text:p>в рамке</text:p></draw:text-box></draw:frame></text:p>"
    )
    path = write_odt(tmp_path / "a.odt", body)
    assert kind_of(path, "a.odt") is Kind.DOCUMENT_OPEN
    assert list(lines_of(read_open_text(path)[0])) == ["Өтініш", "а  б\tв", "г", "пункт", "до", "в рамке"]


def test_the_form_in_a_table(tmp_path: Path) -> None:
    """Its headings repeat on each page; one cell is merged over two rows."""
    first, second = data_row(1), data_row(2)
    merged = "".join(
        f"<table:table-cell {'table:number-rows-spanned=' + quoteattr('2') if n == 1 else ''}>"
        f"<text:p>{escape(str(text))}</text:p></table:table-cell>"
        for n, text in enumerate(first)
    )
    below = _row(second[:1]).removesuffix("</table:table-row>") + "<table:covered-table-cell/>"
    below += _row(second[2:]).removeprefix("<table:table-row>")
    body = (
        "<text:p>Индексі: 1-ЦМ</text:p><text:p>Есепті кезең: 2025 жылғы наурыз</text:p>"
        f"<table:table><table:table-header-rows>{_row(list(NUMBERS))}</table:table-header-rows>"
        f"<table:table-row>{merged}</table:table-row>{below}</table:table><text:p>Мекенжайы Астана</text:p>"
    )
    document = read_document(write_odt(tmp_path / "a.odt", body), unread("a.odt"), Kind.DOCUMENT_OPEN)
    form = document.forms[0]
    assert form.footer["address"].text == "Астана"
    rows = form.rows.to_pylist()
    assert [(row["row"], row["row_no"]) for row in rows] == [(2, "1"), (3, "2")]
    assert [[row[name] for name in ROW_FIELDS[1:]] for row in rows] == [
        list(map(str, one[1:])) for one in (first, second)
    ]
