"""Files and pages as lines of text that a diff can show: words of letters, cells of workbooks, rows of Parquet."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser

import openpyxl
import pyarrow.parquet as pq
import pypdf
from docx import Document

_BLOCKS = frozenset({"title", "h1", "h2", "h3", "h4", "p", "div", "section", "article", "header", "footer", "main"})
_BLOCKS |= {"nav", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "caption", "form", "fieldset"}
_BLOCKS |= {"legend", "details", "summary", "svg", "g", "figure", "figcaption", "pre", "br", "option", "body"}
_TOLD: Mapping[str, tuple[str, ...]] = {
    "a": ("href",),
    "form": ("method", "action"),
    "input": ("type", "name", "value", "checked"),
    "select": ("name",),
    "option": ("value", "selected"),
    "textarea": ("name",),
    "button": ("name", "value"),
    "img": ("src", "alt"),
    "html": ("lang",),
}
"""Attributes that say something to a reader or to the next request."""


def of_file(name: str, content: bytes) -> str:
    """The text of a file by the ending of its name; of one that is something else (the demo has such) only its size."""
    suffix = name.rpartition(".")[2].lower()
    readers = {"pdf": of_pdf, "docx": of_docx, "xlsx": of_xlsx, "parquet": of_parquet, "html": of_html_file}
    if suffix in readers and content[:1] in (b"%", b"P", b"<"):
        return readers[suffix](content)
    if suffix in ("csv", "json", "txt", "css", "svg"):
        return content.decode("utf-8")
    return f"{len(content)} bytes"


def of_pdf(content: bytes) -> str:
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    return "\n".join(f"— page {number} of {len(pages)}\n{text}" for number, text in enumerate(pages, start=1))


def of_docx(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += [" | ".join(cell.text for cell in row.cells) for row in table.rows]
    return "\n".join(lines)


def of_xlsx(content: bytes) -> str:
    """Each cell that holds something with its address, type, number format and comment."""
    lines = []
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        lines.append(f"— sheet {sheet.title} {sheet.dimensions}")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None or cell.comment:
                    comment = f" ‹{cell.comment.text}›" if cell.comment else ""
                    form = "" if cell.number_format == "General" else f" [{cell.number_format}]"
                    lines.append(f"{cell.coordinate} {cell.data_type} {cell.value}{form}{comment}")
    return "\n".join(lines)


def of_parquet(content: bytes) -> str:
    """Schema, metadata of its maker, rows in their order."""
    table = pq.read_table(io.BytesIO(content))
    fields = [f"{field.name}: {field.type}{'' if field.nullable else ' not null'}" for field in table.schema]
    made = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    rows = [json.dumps(row, ensure_ascii=False, default=str) for row in table.to_pylist()]
    return "\n".join([*fields, *(f"{key} = {value}" for key, value in sorted(made.items())), *rows])


def of_html_file(content: bytes) -> str:
    return of_html(content.decode("utf-8"))


def of_html(page: str) -> str:
    """What a page says and where it leads, a line for each block; markup and style are left out."""
    parser = _Words()
    parser.feed(page)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def markup_of(page: str) -> str:
    """The page's source, one element a line."""
    return re.sub(r">\s*<", ">\n<", page)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script"):
            self._silent += 1
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag in ("td", "th"):
            self.parts.append(" | ")
        given = dict(attrs)
        names = [name for name in (*_TOLD.get(tag, ()), "title", "aria-label") if name in given]
        if names:
            self.parts.append(" ‹" + " ".join([tag, *(f"{name}={given[name]}" for name in names)]) + "› ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._silent -= 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data.replace("\n", " "))
