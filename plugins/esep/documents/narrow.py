"""Tables on a narrow screen: a row becomes a card there, and each cell says the heading of its column before it.

The style sheet does it for tables of the class `stacked`; the headings are put into the cells here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

FEWEST_COLUMNS = 3
"""A table of fewer fits a telephone as it is."""
GRID = "grid"
"""The class of a table that is read across and down at once, and so stays one and scrolls."""

_TABLE = re.compile(r"<table\b[^>]*>.*?</table>", re.DOTALL)
_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_HIDDEN = re.compile(r'<span class="hidden">.*?</span>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_CLASS = re.compile(r'\bclass="([^"]*)"')
_ROW_OR_CELL = re.compile(r"<(tr|td|th)\b([^>]*)>")
_SPAN = re.compile(r'\b(col|row)span="(\d+)"')


def stacked(page: str) -> str:
    """The page of a template of Esep, its tables made ready for a narrow screen.

    Templates escape what they print, so every sign of a tag in a page is a template's own. Tables within tables, and
    headings of more than one line, are in none of them.
    """
    return _TABLE.sub(lambda found: _table(found[0]), page)


def _table(table: str) -> str:
    start, close, body = table.partition("</thead>")
    tag, rest = start.split(">", 1)
    found = _CLASS.search(tag)
    classes = found[1].split() if found else []
    labels = [_label(heading) for heading in _HEADING.findall(rest)]
    if not close or len(labels) < FEWEST_COLUMNS or GRID in classes:
        return table
    named = f'class="{" ".join([*classes, "stacked"])}"'
    tag = _CLASS.sub(named, tag, count=1) if found else f"{tag} {named}"
    return f"{tag}>{rest}{close}{''.join(_labelled(body, labels))}"


def _label(heading: str) -> str:
    """The words of a heading that are seen."""
    return " ".join(html.unescape(_TAG.sub(" ", _HIDDEN.sub("", heading))).split())


def _labelled(body: str, labels: Sequence[str]) -> Iterator[str]:
    """The rows of a table with a label in each cell that belongs to one column and is not the row's heading."""
    covered = [0] * len(labels)
    """Rows, this one included, into which a cell of a row above still reaches, by column."""
    column = done = 0
    for tag in _ROW_OR_CELL.finditer(body):
        if tag[1] == "tr":
            column, covered = 0, [max(rows - 1, 0) for rows in covered]
            continue
        while column < len(labels) and covered[column]:
            column += 1
        spans = {of: int(number) for of, number in _SPAN.findall(tag[2])}
        width = spans.get("col", 1)
        if tag[1] == "td" and width == 1 and column < len(labels) and labels[column]:
            yield f'{body[done : tag.end() - 1]} data-label="{html.escape(labels[column])}">'
            done = tag.end()
        for reached in range(column, min(column + width, len(labels))):
            covered[reached] = spans.get("row", 1)
        column += width
    yield body[done:]
