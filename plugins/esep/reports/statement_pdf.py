"""A statement as PDF, by typst with its own embedded fonts: no system library, no network."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from esep.documents.plain import NOTHING, breakable
from esep.reports.statement_document import Cell, Document, Kind, Plain, Section, Table, Words, written

TEMPLATE = Path(__file__).with_name("statement.typ")


def render_pdf(document: Document, language: str) -> bytes:
    """The PDF in one language; the bytes depend on nothing but the arguments."""
    rendered = typst.compile(
        str(TEMPLATE),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"statement": json.dumps(_plain(document, language), ensure_ascii=False)},
        timestamp=datetime.combine(document.day, time(12), UTC),
    )
    if not isinstance(rendered, bytes):
        raise TypeError(f"typst gave {type(rendered).__name__} instead of one PDF")
    return rendered


def _plain(document: Document, language: str) -> dict[str, Any]:
    """All texts of the document in the language, as the template reads them."""
    return {
        "language": language,
        "title": document.title.in_(language),
        "subtitle": document.subtitle.in_(language),
        "footer": breakable(document.footer.in_(language)),
        "facts": [
            [label.in_(language), _shown(value, Kind.TEXT, language), position < 1]
            for position, (label, value) in enumerate(document.facts)
        ],
        "sections": [_section(section, language) for section in document.sections],
    }


def _section(section: Section, language: str) -> dict[str, Any]:
    table = section.table or Table((), ())
    kinds = [column.kind for column in table.columns]
    return {
        "title": breakable(section.title.in_(language)),
        "paragraphs": [paragraph.in_(language) for paragraph in section.paragraphs],
        "marked": section.marked,
        "columns": [
            {"label": column.label.in_(language), "width": column.width, "right": column.kind.is_number}
            for column in table.columns
        ],
        "rows": [_row(row, kinds, language) for row in table.rows],
        "strong": sorted(table.strong),
        "total": _row(table.total, kinds, language) if table.total else [],
        "bars": _bars(section.bars, language),
    }


def _row(row: tuple[Cell, ...], kinds: list[Kind], language: str) -> list[Any]:
    return [_shown(value, kind, language) for value, kind in zip(row, kinds, strict=True)]


def _bars(bars: tuple[tuple[date, Decimal | None], ...], language: str) -> list[dict[str, Any]]:
    """Lengths in per cent of the longest; a sum of zero or less has none."""
    longest = max((value for _, value in bars if value is not None), default=Decimal(0))
    return [
        {
            "label": written(month, Kind.MONTH, language),
            "value": NOTHING if value is None else written(value, Kind.MONEY, language),
            "share": float(round(100 * value / longest, 2)) if value is not None and value > 0 else 0.0,
        }
        for month, value in bars
    ]


def _shown(value: Cell, kind: Kind, language: str) -> Any:
    """A value as text, or as a list of lines; strangers' texts get chances to break."""
    if isinstance(value, tuple):
        return [_line(part, kind, language) for part in value if part is not None]
    return _line(value, kind, language)


def _line(value: Plain, kind: Kind, language: str) -> str:
    text = written(value, kind, language)
    return breakable(text) if isinstance(value, str | Words) and kind is Kind.TEXT else text
