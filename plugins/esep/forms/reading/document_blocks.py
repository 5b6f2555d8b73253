"""The body of a document, whatever program wrote it: paragraphs and tables in reading order."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from esep.forms.document import damaged_document


@dataclass(slots=True)
class Cell:
    blocks: list[Block] = field(default_factory=list)
    span: int = 1
    """Columns of the table's grid that the cell takes."""
    continues: bool = False
    """Whether it belongs to the cell above (merged downwards); it then shows nothing itself."""

    @property
    def text(self) -> str:
        return "\n".join(lines_of(self.blocks)).strip()


@dataclass(slots=True)
class Row:
    cells: list[Cell] = field(default_factory=list)
    before: int = 0
    """Columns of the grid left out before the first cell."""


@dataclass(slots=True)
class Table:
    rows: list[Row] = field(default_factory=list)


Block = str | Table
"""A paragraph, with `\n` where the line was broken by hand, or a table."""


def lines_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Lines for the application: cells side by side make one line, with tabs, their further paragraphs further ones."""
    for block in blocks:
        if isinstance(block, str):
            yield from block.split("\n")
            continue
        for row in block.rows:
            columns = [list(lines_of(cell.blocks)) for cell in row.cells]
            for number in range(max(map(len, columns), default=0)):
                yield "\t".join(column[number] for column in columns if number < len(column))


def width_of(table: Table) -> int:
    """The most cells that a row of the table has."""
    return max((len(row.cells) for row in table.rows), default=0)


def in_reading_order(blocks: Iterable[Block], columns: int) -> Iterator[Block]:
    """The blocks, with a table taken apart that only holds others of at least so many columns in their places."""
    for block in blocks:
        if isinstance(block, Table) and _holds_wide_table(block, columns):
            for row in block.rows:
                for cell in row.cells:
                    yield from in_reading_order(cell.blocks, columns)
        else:
            yield block


def _holds_wide_table(table: Table, columns: int) -> bool:
    return any(
        isinstance(block, Table) and (width_of(block) >= columns or _holds_wide_table(block, columns))
        for row in table.rows
        for cell in row.cells
        for block in cell.blocks
    )


_OF_DAMAGED_FILES = (
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError),
    *(etree.LxmlError, ValueError, LookupError, AttributeError),
)
"""What libraries raise for a file, or a member of it, that they cannot open, and for XML that is damaged."""


@contextmanager
def open_document(path: Path) -> Iterator[zipfile.ZipFile]:
    """The parts of a document. Raises FileError, also for what reading them raises because they are damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _OF_DAMAGED_FILES:
        raise damaged_document() from None
