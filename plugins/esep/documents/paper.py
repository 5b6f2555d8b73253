"""Documents as PDF, by typst with its own embedded fonts: no system library, no network, the same bytes again. And as
the plain values from which HTML and paper are made (`resolved`): all texts are `str` in one language, cells too.

How they look is in a template of `looks/`, which gets their texts as data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from esep.documents.model import (
    FACT,
    Bars,
    Beside,
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Facts,
    Items,
    Kind,
    Paragraph,
    Section,
    Signature,
    Table,
    Text,
    Words,
    lines,
    said,
    written,
)
from esep.documents.plain import breakable
from esep.texts.numbers import NOTHING

LOOKS = Path(__file__).parent / "looks"


class LookError(ValueError):
    """A template of the office that cannot be used; the text names the file and says what to do."""


def look(name: str, folder: Path) -> Path:
    """A template: the office's own in `folder`, else that of Esep."""
    own = folder / name
    return own if own.is_file() else LOOKS / name


def pdf(documents: Mapping[str, Document], look: Path) -> bytes:
    """One PDF of the documents, each given by its language and beginning on a new page.

    `look` is a typst template. Title and date in the file's properties are those of the first document. Raises
    LookError for a template that typst does not understand.
    """
    import typst  # pages of the web take only `resolved` from here

    language, first = next(iter(documents.items()))
    data = {
        "title": said(first.title, language),
        "documents": [resolved(document, of, breakable) for of, document in documents.items()],
    }
    try:
        made = typst.compile(
            look.read_bytes(),
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=datetime.combine(first.day, time(12), UTC),
        )
    except typst.TypstError as error:
        raise LookError(f"{look}: {error}. Correct the template, or move it away: Esep then uses its own.") from error
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__} instead of one PDF")
    return made


@cache
def _fonts() -> Any:
    """Those that typst brings along, looked through once: a tenth of a letter."""
    import typst

    return typst.Fonts(include_system_fonts=False)


def resolved(document: Document, language: str, narrow: Callable[[str], str] = str) -> dict[str, Any]:
    """The document as the templates read it. `narrow` is done to every text that must fit a narrow place."""
    return _Language(language, narrow).document(document)


def resolved_blocks(blocks: Iterable[Block], language: str) -> list[dict[str, Any]]:
    """Blocks without a document, the same way."""
    writer = _Language(language, str)
    return [writer.block(block) for block in blocks]


class _Language:
    """Writes blocks in one language. What Esep says in all languages needs no chance to break but in narrow places."""

    def __init__(self, language: str, narrow: Callable[[str], str]) -> None:
        self._language, self._narrow = language, narrow

    def document(self, document: Document) -> dict[str, Any]:
        return {
            "language": self._language,
            "title": self._text(document.title),
            "subtitle": self._text(document.subtitle),
            "footer": self._narrow(said(document.footer, self._language)),
            "blocks": [self.block(block) for block in document.blocks],
        }

    def block(self, block: Block) -> dict[str, Any]:
        return {"kind": type(block).__name__.lower(), **self._values(block)}

    def _values(self, block: Block) -> dict[str, Any]:
        match block:
            case Paragraph():
                return {"text": self._text(block.text), "look": block.look, "label": block.label}
            case Facts():
                return {"rows": [self._fact(*row) for row in block.rows], "look": block.look}
            case Items():
                return {"entries": [self._text(item) for item in block.items], "empty": self._text(block.empty)}
            case Table():
                return self._table(block)
            case Chart():
                return {"svg": block.svg, "alt": block.alt}
            case Bars():
                return {"entries": self._bars(block)}
            case Beside():
                return {"columns": [[self.block(one) for one in column] for column in block.columns]}
            case Signature():
                return {"signer": block.signer, "captions": list(block.captions)}
            case Section():
                blocks = [self.block(one) for one in block.blocks]
                return {"heading": self._narrow(said(block.heading, self._language)), "look": block.look} | {
                    "blocks": blocks
                }

    def _fact(self, label: Text, value: Cell, note: Text = "") -> list[str]:
        return [self._text(label), self._cell(value, FACT), self._text(note)]

    def _table(self, table: Table) -> dict[str, Any]:
        return {
            "caption": self._text(table.caption),
            "empty": self._text(table.empty),
            "columns": [
                {
                    "label": self._text(column.label),
                    "width": column.width,
                    "is_number": column.kind.is_number,
                    "is_code": column.kind is Kind.CODE,
                }
                for column in table.columns
            ],
            "rows": [self._row(table, row) for row in table.rows],
            "looks": [table.looks.get(number, "") for number in range(len(table.rows))],
            "total": self._row(table, table.total) if table.total else [],
        }

    def _row(self, table: Table, row: Any) -> list[str]:
        return [self._cell(value, column) for value, column in zip(row, table.columns, strict=True)]

    def _cell(self, value: Cell, column: Column) -> str:
        return "\n".join(self._line(part, column) for part in lines(value))

    def _line(self, value: Any, column: Column) -> str:
        text = written(value, column.kind, self._language, column.limit)
        return self._narrow(text) if isinstance(value, str | Words) else text

    def _text(self, value: Text) -> str:
        return self._narrow(value) if isinstance(value, str) else value.in_(self._language)

    def _bars(self, bars: Bars) -> list[dict[str, Any]]:
        """Lengths in per cent of the longest; a sum of zero or less has none."""
        longest = max((value for _, value in bars.months if value is not None), default=Decimal(0))
        return [self._bar(month, value, longest) for month, value in bars.months]

    def _bar(self, month: date, value: Decimal | None, longest: Decimal) -> dict[str, Any]:
        return {
            "label": written(month, Kind.MONTH, self._language),
            "value": NOTHING if value is None else written(value, Kind.MONEY, self._language),
            "share": float(round(100 * value / longest, 2)) if value is not None and value > 0 else 0.0,
        }
