"""The data rows of a package as they were read: for programs, and as blocks of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from esep import exact
from esep.documents.model import Block, Column, Kind, Paragraph, Table
from esep.documents.plain import shown
from esep.texts import numbers, text

if TYPE_CHECKING:
    from esep.examination.model import Examination

SHOWN = 50
"""Rows of a table unless all are asked for."""
_BATCH = 10_000
_LONGEST = 200
_AMOUNTS = {"quantity": "8", "reward_quantity": "9.2"}
"""Quantities of a row with their printed columns."""
CommaColumns = frozenset[tuple[str, str, str]]
"""File, sheet and name of a column."""


def plain_rows(examination: Examination) -> Iterator[dict[str, Any]]:
    """Each data row under the lake's column names: quantities as text with all their digits.

    `excluded` names by printed column the quantities that are in no figure, each with its reason: `empty`,
    `unreadable`, `too_large` or `looks_like_total`.
    """
    commas = _comma_columns(examination)
    for row in _rows(examination):
        values = {name: exact.plain(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        yield values | {"excluded": _excluded(row, commas)}


class _ReadRow(NamedTuple):
    """A data row as it is shown."""

    values: dict[str, Any]
    left_out: dict[str, str]
    language: str

    def words(self, name: str) -> str:
        return shown(self.values[name], _LONGEST)

    def day(self, name: str) -> str:
        return numbers.day(self.values[name], self.language)

    def licence(self) -> str:
        parts = (self.words("licence_no"), self.day("licence_date"))
        return ", ".join(part for part in parts if part != numbers.NOTHING) or numbers.NOTHING

    def amount(self, name: str) -> str:
        reason = self.left_out.get(_AMOUNTS[name])
        if reason is None:
            return numbers.quantity(self.values[name], self.language)
        why = text(f"state.excluded_{reason}", self.language)
        words = text("filing.not_counted", self.language, reason=why)
        return words if self.values[f"{name}_text"] is None else f"{self.words(f'{name}_text')} ({words})"


_COLUMNS: tuple[tuple[str, str, Kind, Callable[[_ReadRow], str]], ...] = (
    ("", "filing.worksheet_row", Kind.NUMBER, lambda row: row.words("row")),
    ("1", "", Kind.NUMBER, lambda row: row.words("row_no")),
    ("2", "column.taxpayer_name", Kind.SAID, lambda row: row.words("taxpayer_name")),
    ("3", "column.taxpayer_id", Kind.SAID, lambda row: row.words("taxpayer_id")),
    ("4", "filing.licence", Kind.SAID, _ReadRow.licence),
    ("5", "filing.wallet", Kind.SAID, lambda row: row.words("wallet")),
    ("6", "filing.day", Kind.SAID, lambda row: row.day("distributed_on")),
    ("7", "filing.asset", Kind.SAID, lambda row: row.words("asset")),
    ("8", "filing.quantity", Kind.NUMBER, lambda row: row.amount("quantity")),
    ("9.1", "filing.reward_asset", Kind.SAID, lambda row: row.words("reward_asset")),
    ("9.2", "filing.reward", Kind.NUMBER, lambda row: row.amount("reward_quantity")),
)
"""Printed number of the form's column, key of its heading, kind, and its value in a row."""


def rows_report(
    examination: Examination, language: str, show_all: bool, *, is_wide: bool, more: str = "check.more_rows"
) -> Iterator[Block]:
    """The rows of each sheet in the order of the form's columns: the first SHOWN of all unless all are asked for.

    A row is one line of a table where there is the room (`is_wide`), else a block of lines. `more` is the key of the
    words for what is left out.
    """
    rows, commas = _rows(examination), _comma_columns(examination)
    shown_rows = rows if show_all else islice(rows, SHOWN)
    for (file, sheet), of_sheet in groupby(shown_rows, key=itemgetter("file", "sheet")):
        yield Paragraph("")
        read = [_ReadRow(row, _excluded(row, commas), language) for row in of_sheet]
        yield _rows_table(f"{shown(file)} · {shown(sheet)}", read, language, is_wide)
    if not examination.row_count:
        yield Paragraph(text("filing.no_rows", language))
    for place in examination.total_rows:
        words = {"row": place.row, "sheet": shown(place.sheet), "file": shown(place.file)}
        yield Paragraph(text("check.total_row", language, **words))
    rest = examination.row_count - SHOWN
    if rest > 0 and not show_all:
        yield Paragraph(text(more, language, count=numbers.count(rest, language)))


def _rows_table(title: str, rows: Sequence[_ReadRow], language: str, is_wide: bool) -> Table:
    """A line for each row, or a block of lines with heading and value beside each other."""
    headings = [f"{number} {text(key, language) if key else '№'}".strip() for number, key, *_ in _COLUMNS]
    cells = [[value(row) for *_, value in _COLUMNS] for row in rows]
    if is_wide:
        kinds = (kind for *_, kind, _ in _COLUMNS)
        return Table([Column(*of) for of in zip(headings, kinds, strict=True)], cells, caption=title)
    pairs = [pair for row in cells for pair in zip(headings, row, strict=True)]
    ends = dict.fromkeys(range(len(headings) - 1, len(pairs), len(headings)), "last")
    return Table((Column("", Kind.SAID), Column("", Kind.SAID)), pairs, caption=title, look="pairs", looks=ends)


def _rows(examination: Examination) -> Iterator[dict[str, Any]]:
    for batch in examination.distribution.to_batches(_BATCH):
        yield from batch.to_pylist()


def _excluded(row: dict[str, Any], commas: CommaColumns) -> dict[str, str]:
    from esep.forms.values import quantity

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
    import pyarrow.compute as pc

    from esep.forms.values import quantity

    columns = set()
    for name in _AMOUNTS:
        texts = examination.distribution.select(["file", "sheet", f"{name}_text"]).combine_chunks()
        with_commas = texts.filter(pc.match_substring_regex(texts[f"{name}_text"], ",.*[,.]"))
        for row in with_commas.group_by(["file", "sheet", f"{name}_text"]).aggregate([]).to_pylist():
            if quantity.column_uses_comma_for_thousands([row[f"{name}_text"]]):
                columns.add((row["file"], row["sheet"], name))
    return frozenset(columns)
