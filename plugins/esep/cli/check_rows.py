"""`bin/esep check --rows`: each data row as it was read, as plain values for JSON and as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import pyarrow.compute as pc

from esep.documents.model import Block, Column, Kind, Paragraph, Table
from esep.documents.plain import shown
from esep.examination.model import Examination
from esep.forms.values import quantity
from esep.texts import numbers, text

SHOWN = 50
"""Rows of a table unless all are asked for."""
_BATCH = 10_000
_LONGEST = 200
_AMOUNTS = {"quantity": "8", "reward_quantity": "9.2"}
_COLUMNS = (
    ("", "filing.worksheet_row"),
    ("1", ""),
    ("2", "column.taxpayer_name"),
    ("3", "column.taxpayer_id"),
    ("4", "filing.licence"),
    ("5", "filing.wallet"),
    ("6", "filing.day"),
    ("7", "filing.asset"),
    ("8", "filing.quantity"),
    ("9.1", "filing.reward_asset"),
    ("9.2", "filing.reward"),
)
"""Printed number of the form's column and the key of its heading."""
_FIGURES = frozenset({"", "1", "8", "9.2"})
CommaColumns = frozenset[tuple[str, str, str]]
"""File, sheet and name of a column."""
WIDE = 180
"""Characters of a terminal from which a row is one line of a table."""


def plain_rows(examination: Examination) -> Iterator[dict[str, Any]]:
    """Each data row under the lake's column names: quantities as text with all their digits, days in ISO form.

    `excluded` names by printed column the quantities that are in no figure, each with its reason: `empty`,
    `unreadable`, `too_large` or `looks_like_total`.
    """
    commas = _comma_columns(examination)
    for row in _rows(examination):
        yield {name: _plain(value) for name, value in row.items()} | {"excluded": _excluded(row, commas)}


def report(examination: Examination, language: str, show_all: bool, *, is_wide: bool) -> Iterator[Block]:
    """The rows of each sheet in the order of the form's columns: the first SHOWN of all unless all are asked for.

    In a terminal that is not wide enough for a row in one line, a row is a block of lines.
    """
    rows, commas = _rows(examination), _comma_columns(examination)
    shown_rows = rows if show_all else islice(rows, SHOWN)
    for (file, sheet), of_sheet in groupby(shown_rows, key=itemgetter("file", "sheet")):
        title = f"{shown(file)} · {shown(sheet)}"
        lines = [_cells(row, commas, language) for row in of_sheet]
        yield Paragraph("")
        yield _table(title, lines, language) if is_wide else _pairs(title, lines, language)
    if not examination.row_count:
        yield Paragraph(text("filing.no_rows", language))
    for place in examination.total_rows:
        words = {"row": place.row, "sheet": shown(place.sheet), "file": shown(place.file)}
        yield Paragraph(text("check.total_row", language, **words))
    rest = examination.row_count - SHOWN
    if rest > 0 and not show_all:
        yield Paragraph(text("check.more_rows", language, count=numbers.count(rest, language)))


def _table(title: str, rows: Sequence[Sequence[str]], language: str) -> Table:
    columns = [
        Column(_heading(*column, language), Kind.NUMBER if column[0] in _FIGURES else Kind.SAID) for column in _COLUMNS
    ]
    return Table(columns, rows, caption=title)


def _pairs(title: str, rows: Sequence[Sequence[str]], language: str) -> Table:
    """A block of lines for each row: heading and value beside each other."""
    headings = [_heading(*column, language) for column in _COLUMNS]
    pairs = [pair for cells in rows for pair in zip(headings, cells, strict=True)]
    ends = range(len(headings) - 1, len(pairs), len(headings))
    columns = (Column("", Kind.SAID), Column("", Kind.SAID))
    return Table(columns, pairs, caption=title, look="pairs", looks=dict.fromkeys(ends, "last"))


def _rows(examination: Examination) -> Iterator[dict[str, Any]]:
    for batch in examination.distribution.to_batches(_BATCH):
        yield from batch.to_pylist()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return amount_text(value)
    return value.isoformat() if isinstance(value, date) else value


def amount_text(value: Decimal) -> str:
    """A quantity without an exponent and without zeros at its end: `0.5`, `1000`."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _excluded(row: dict[str, Any], commas: CommaColumns) -> dict[str, str]:
    left_out = {}
    for name, number in _AMOUNTS.items():
        value = row[name]
        if value is None:
            has_commas = (row["file"], row["sheet"], name) in commas
            left_out[number] = quantity.reason_without_figure(row[f"{name}_text"], has_commas)
        elif value.copy_abs() >= quantity.COUNTED_BELOW:
            left_out[number] = "too_large"
    return left_out


def _comma_columns(examination: Examination) -> CommaColumns:
    """Columns whose figures have commas between thousands, so that a lone comma has two readings."""
    columns = set()
    for name in _AMOUNTS:
        texts = examination.distribution.select(["file", "sheet", f"{name}_text"]).combine_chunks()
        with_commas = texts.filter(pc.match_substring_regex(texts[f"{name}_text"], ",.*[,.]"))
        for row in with_commas.group_by(["file", "sheet", f"{name}_text"]).aggregate([]).to_pylist():
            if quantity.column_uses_comma_for_thousands([row[f"{name}_text"]]):
                columns.add((row["file"], row["sheet"], name))
    return frozenset(columns)


def _heading(number: str, key: str, language: str) -> str:
    return f"{number} {text(key, language) if key else '№'}".strip()


def _cells(row: dict[str, Any], commas: CommaColumns, language: str) -> list[str]:
    left_out = _excluded(row, commas)

    def amount(name: str) -> str:
        reason = left_out.get(_AMOUNTS[name])
        if reason is None:
            return numbers.quantity(row[name], language)
        written = row[f"{name}_text"]
        words = text("filing.not_counted", language, reason=text(f"state.excluded_{reason}", language))
        return words if written is None else f"{shown(written, _LONGEST)} ({words})"

    licence = [shown(row["licence_no"], _LONGEST), numbers.day(row["licence_date"], language)]
    return [
        str(row["row"]),
        shown(row["row_no"]),
        shown(row["taxpayer_name"], _LONGEST),
        shown(row["taxpayer_id"], _LONGEST),
        ", ".join(part for part in licence if part != numbers.NOTHING) or numbers.NOTHING,
        shown(row["wallet"], _LONGEST),
        numbers.day(row["distributed_on"], language),
        shown(row["asset"], _LONGEST),
        amount("quantity"),
        shown(row["reward_asset"], _LONGEST),
        amount("reward_quantity"),
    ]
