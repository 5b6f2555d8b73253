"""A text document of LibreOffice (.odt, .ott): its paragraphs and tables. OpenDocument 1.3 Part 3, chapters 5, 6, 9."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from esep.forms.document import damaged_document
from esep.forms.reading.document_blocks import Block, Cell, Row, Table, open_document
from esep.forms.reading.safe_xml import safe_parser

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LEFT_OUT = frozenset(
    {
        f"{_TEXT}tracked-changes",  # what was deleted; insertions stand in the text itself
        f"{_TEXT}note",
        f"{_TEXT}placeholder",
        f"{_TEXT}ruby-text",
        f"{_OFFICE}annotation",
        f"{_OFFICE}forms",
    }
)
_MOST_REPEATS = 200


def read_open_text(path: Path) -> list[Block]:
    """Raises FileError for a document that cannot be read."""
    with open_document(path) as archive, archive.open("content.xml") as part:
        body = etree.parse(part, safe_parser()).getroot().find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise damaged_document()
        return list(_blocks(body))


def _blocks(element: Any) -> Iterator[Block]:
    for child in element:
        tag = child.tag
        if tag in (f"{_TEXT}p", f"{_TEXT}h"):
            boxes: list[Any] = []
            yield "".join(_pieces(child, boxes))
            for box in boxes:
                yield from _blocks(box)
        elif tag == f"{_TABLE}table":
            yield Table(list(_rows(child)))
        elif isinstance(tag, str) and tag not in _LEFT_OUT:
            yield from _blocks(child)


def _pieces(element: Any, boxes: list[Any]) -> Iterator[str]:
    """White space counts once; `text:s` stands for more of it."""
    yield " ".join((element.text or "").replace("\t", " ").split("\n"))
    for child in element:
        tag = child.tag
        if tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c") or "1"
            yield " " * min(int(count), _MOST_REPEATS) if count.isascii() and count.isdigit() else " "
        elif tag == f"{_TEXT}tab":
            yield "\t"
        elif tag == f"{_TEXT}line-break":
            yield "\n"
        elif isinstance(tag, str) and tag.endswith("}text-box"):
            boxes.append(child)
        elif isinstance(tag, str) and tag not in _LEFT_OUT:
            yield from _pieces(child, boxes)
        yield " ".join((child.tail or "").replace("\t", " ").split("\n"))


def _rows(table: Any) -> Iterator[Row]:
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            row = Row(list(_cells(child)))
            for _ in range(_repeats(child, "number-rows-repeated")):
                yield row
        elif isinstance(child.tag, str) and child.tag.rsplit("}", 1)[-1].startswith(("table-row", "table-header-row")):
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Cell]:
    """A covered cell is hidden by a wider or higher one: left out beside its like, kept below it."""
    spanned = 0
    for child in row:
        if child.tag == f"{_TABLE}table-cell":
            span = _repeats(child, "number-columns-spanned")
            for _ in range(_repeats(child, "number-columns-repeated")):
                yield Cell(list(_blocks(child)), span)
            spanned = span - 1
        elif child.tag == f"{_TABLE}covered-table-cell":
            for _ in range(_repeats(child, "number-columns-repeated")):
                if spanned:
                    spanned -= 1
                else:
                    yield Cell(continues=True)


def _repeats(element: Any, name: str) -> int:
    text = element.get(f"{_TABLE}{name}") or "1"
    return max(1, min(int(text), _MOST_REPEATS)) if text.isascii() and text.isdigit() else 1
