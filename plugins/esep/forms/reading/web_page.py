"""Tables of a web page, also one saved as a web archive (.mht)."""

from __future__ import annotations

import email
import math
import re
from collections.abc import Iterator
from email import policy
from email.message import Message
from html import unescape
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from esep.forms.document import FileError, FileState, far_cell
from esep.forms.reading import limits
from esep.forms.reading.sheets import Grid, Range, Sheet
from esep.forms.reading.text_files import SHEET, text_of
from esep.forms.reading.words import raised

_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_NOT_SHOWN = frozenset({"head", "script", "style", "title", "template", "select", "iframe", "noscript", "xml"})
_BREAKS = frozenset(
    {"p", "div", "li", "ul", "ol", "tr", "center", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "section"}
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_UNSEEN = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
"""Styles of what a page holds and does not show: keys for sorting, labels for narrow screens, prompts."""
_INPUTS = frozenset({"text", "number", "date"})


def read_page(path: Path) -> list[Sheet]:
    """The page as one sheet. Raises FileError."""
    return [Sheet(SHEET, hidden=False, cells=grid_of(path.read_bytes()))]


def grid_of(raw: bytes) -> Grid:
    """The rows of all tables of a page, one below the other, and the lines around them. Raises FileError."""
    declared = _CHARSET.search(raw[:4096])
    text = text_of(raw, declared[1].decode("ascii", "replace") if declared else None)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        return Grid([])
    page = _Page()
    try:
        page.lines(root)
    except RecursionError:
        raise FileError(FileState.UNREADABLE, "page_damaged") from None
    page.end_line()
    return Grid(page.rows, page.merged)


class _Page:
    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.merged: list[Range] = []
        self._line: list[str] = []

    def lines(self, element: Any) -> None:
        """What is outside of tables, a line each; tables in their places."""
        self._line.append(element.text or "")
        for child in element:
            name = child.tag if isinstance(child.tag, str) else ""
            if name == "table":
                self.end_line()
                self._table(child)
            elif name == "br":
                self.end_line()
            elif name and not _is_hidden(name):
                if name in _BREAKS:
                    self.end_line()
                self.lines(child)
                if name in _BREAKS:
                    self.end_line()
            self._line.append(child.tail or "")

    def end_line(self) -> None:
        text = _SPACES.sub(" ", "".join(self._line)).strip()
        self._line = []
        if text:
            self._add([text])

    def _add(self, row: list[Any]) -> None:
        if len(self.rows) >= limits.WORKSHEET_ROWS:
            raise far_cell()
        self.rows.append(row)

    def _table(self, table: Any) -> None:
        spanned: dict[int, int] = {}
        """Column → how many rows below are still covered by a cell above."""
        for row in _rows_of(table):
            values: list[Any] = []
            nested: list[Any] = []
            covered = spanned
            spanned = {column: left - 1 for column, left in covered.items() if left > 1}
            column = 0
            for cell in row:
                if cell.tag not in ("td", "th"):
                    continue
                while column in covered:
                    column += 1
                width, height = _span(cell, "colspan"), _span(cell, "rowspan")
                if column > limits.FAR_COLUMN:
                    raise far_cell()
                values += [""] * (column - len(values))
                values.append(_value(cell, nested))
                if height > 1:
                    top = len(self.rows)
                    self.merged.append(((top, column), (top + height - 1, column + width - 1)))
                    spanned |= dict.fromkeys(range(column, column + width), height - 1)
                column += width
            self._add(values)
            for inner in nested:
                self._table(inner)


def _is_hidden(name: str) -> bool:
    return name.rsplit(":", 1)[-1] in _NOT_SHOWN


def _is_unseen(element: Any) -> bool:
    """Whether nobody sees an element inside of a cell: by its style, or because its text was deleted.

    Rows and cells that are hidden count, as those of a workbook do.
    """
    unseen = element.tag == "del" or element.get("hidden") is not None
    return unseen or _UNSEEN.search(element.get("style") or "") is not None


def _rows_of(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _span(cell: Any, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    largest = limits.FAR_COLUMN if name == "colspan" else limits.WORKSHEET_ROWS
    return max(1, min(int(text), largest)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _value(cell: Any, nested: list[Any]) -> str | float:
    pieces: list[str] = []
    _collect(cell, pieces, nested)
    text = _BLOCKS.sub(_BREAK, _SPACES.sub(" ", "".join(pieces)))
    text = text.replace(" \v", "\v").replace("\v ", "\v").strip(" \v").replace("\v", "\n")
    exact = cell.get("x:num", cell.get("sdval"))
    if exact is None or cell.get("x:str") is not None:
        return text
    number = _number(exact or text)
    return number if number is not None and _shows(text, number) else text


_BREAK, _BLOCK = "\v", "\x1f"
"""A line break and the beginning of a paragraph, while white space is counted once."""
_NO_MARKS = str.maketrans(dict.fromkeys((_BREAK, _BLOCK), " "))
_BLOCKS = re.compile(f"{_BLOCK}[ {_BLOCK}]*")


def _collect(element: Any, pieces: list[str], nested: list[Any]) -> None:
    pieces.append((element.text or "").translate(_NO_MARKS))
    for child in element:
        name = child.tag if isinstance(child.tag, str) else ""
        if name == "table":
            nested.append(child)
        elif name == "br":
            pieces.append(_BREAK)
        elif name == "input":
            pieces.append(child.get("value", "") if child.get("type", "text").lower() in _INPUTS else "")
        elif name == "sup":
            above: list[str] = []
            _collect(child, above, nested)
            pieces += map(raised, above)
        elif name and not _is_hidden(name) and not _is_unseen(child):
            if name in _BREAKS:
                pieces.append(_BLOCK)
            _collect(child, pieces, nested)
        pieces.append((child.tail or "").translate(_NO_MARKS))


def _number(text: str) -> float | None:
    """A number as shown: spaces or signs between thousands, comma or point before decimals."""
    plain = "".join(text.split()).replace("\u2212", "-").replace("'", "")
    if "," in plain and "." in plain:
        group = min(",.", key=plain.rfind)
        plain = plain.replace(group, "")
    plain = plain.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in plain else None


def _shows(text: str, number: float) -> bool:
    """Whether what people see is this number, rounded or not: a day or a percentage hides a number of its own."""
    seen = _number(text)
    if seen is None:
        return not text
    decimals = len(re.split(r"[.,]", text.strip())[-1]) if re.search(r"[.,]\d+\s*$", text) else 0
    return math.isclose(seen, number, rel_tol=1e-2 if "e" in text.lower() else 1e-12, abs_tol=0.51 * 10.0**-decimals)


_NAMED = re.compile(
    r"<x:Name>([^<]{1,200})</x:Name>(?:(?!<x:Name>).)*?<x:WorksheetSource\s+HRef=[\"']([^\"']{1,300})[\"']", re.S | re.I
)
_MOST_PAGES = 200


def read_archive(path: Path) -> list[Sheet]:
    """A sheet for each page of the archive that holds anything; Excel's index of sheets gives their names."""
    message = email.message_from_bytes(path.read_bytes(), policy=policy.compat32)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"][:_MOST_PAGES]
    contents = [_content(page) for page in pages]
    names: dict[str, str] = {}
    for raw in contents:
        names |= {_base(place): unescape(name) for name, place in _NAMED.findall(text_of(raw[: 1 << 20]))}
    sheets = []
    for number, (page, raw) in enumerate(zip(pages, contents, strict=True), start=1):
        base = _base(str(page.get("Content-Location") or ""))
        if names and base not in names and len(pages) > 1:
            continue  # the frame around the sheets, the bar of their names
        grid = grid_of(raw)
        if grid.rows:
            sheets.append(Sheet(names.get(base) or f"{number}", hidden=False, cells=grid))
    return sheets


def _content(page: Message) -> bytes:
    content = page.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _base(place: str) -> str:
    return PurePosixPath(place.strip().replace("\\", "/")).name.lower()
