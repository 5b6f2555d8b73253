"""Documents in a terminal, by rich: texts of strangers as they are, with nothing taken for markup."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Any

from rich.box import HEAVY_HEAD, SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text as RichText

from esep.documents.model import (
    Block,
    Cell,
    Column,
    Facts,
    Items,
    Kind,
    Paragraph,
    Section,
    Table,
    lines,
    said,
    written,
)

STYLES = {"strong": "bold", "good": "green", "bad": "red", "worst": "bold red", "careful": "yellow", "faint": "dim"}
"""What a look of a paragraph or row is in a terminal; all others are plain."""
_NEVER_WRAPPED = frozenset({Kind.CODE, Kind.DAY, Kind.MONTH})


def console() -> Console:
    return Console(markup=False, highlight=False, emoji=False)


def show(blocks: Iterable[Block], language: str, out: Console | None = None) -> None:
    """Print the blocks one below the other, for 80 columns or more."""
    terminal = out or console()
    for block in blocks:
        _show(block, language, terminal)


def _show(block: Block, language: str, out: Console) -> None:
    match block:
        case Paragraph():
            label = f"{block.label}: " if block.label else ""
            _print(out, f"{label}{said(block.text, language)}", STYLES.get(block.look))
        case Facts():
            for row in block.rows:
                value = "\n".join(written(part, Kind.SAID, language) for part in lines(row[1]))
                _print(out, f"{said(row[0], language)}: {value}")
        case Items():
            for item in block.items:
                _print(out, f"  {said(item, language)}")
        case Table():
            out.print(_table(block, language))
        case Section():
            if block.heading:
                out.print(said(block.heading, language), style="bold")
            show(block.blocks, language, out)
        case _:
            raise TypeError(f"{type(block).__name__} has no form in a terminal")


def _print(out: Console, words: str, style: str | None = None) -> None:
    """Lines end between words only: an address or a hash in pieces leads nowhere and cannot be copied."""
    for line in words.split("\n"):
        parts = wrap(line, out.width, break_long_words=False, break_on_hyphens=False, replace_whitespace=False)
        out.print("\n".join(parts), style=style, soft_wrap=True)


def _table(table: Table, language: str) -> RichTable:
    """The table: `plain` without lines, `grid` in a frame, `lines` with a line below each row, `pairs` without head."""
    is_plain = table.look in ("plain", "pairs")
    made = RichTable(
        title=said(table.caption, language) or None,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD if is_plain else HEAVY_HEAD,
        padding=(0, 1),
        pad_edge=not is_plain,
        show_lines=table.look == "lines",
        show_header=table.look != "pairs",
    )
    for column in table.columns:
        made.add_column(said(column.label, language), **_form(column))
    for number, row in enumerate(table.rows):
        look = table.looks.get(number, "")
        made.add_row(
            *(_cell(value, column, language) for value, column in zip(row, table.columns, strict=True)),
            style=STYLES.get(look),
            end_section=look == "last",
        )
    return made


def _form(column: Column) -> dict[str, Any]:
    """Numbers, days and codes stay on one line, where there is room; long texts fold."""
    is_number = column.kind.is_number
    return {
        "justify": "right" if is_number else "left",
        "overflow": "fold",
        "no_wrap": is_number or column.kind in _NEVER_WRAPPED,
        "min_width": int(column.width) if column.width > 1 else None,
    }


def _cell(value: Cell, column: Column, language: str) -> RichText:
    return RichText("\n".join(written(part, column.kind, language, column.limit) for part in lines(value)))
