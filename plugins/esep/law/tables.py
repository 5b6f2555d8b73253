"""The dated tables of the law: CSV rows with a source, read and checked before anything uses them.

A person may change a share, a list or a day off by editing a row; no code changes. A row that cannot be meant as
written stops the program with the file, the line and what to do, so that no figure is made from it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "tables"


class TableError(ValueError):
    """A table of the law cannot be used; the text names file, line, what is wrong and what is expected."""


def _text(text: str) -> str:
    if not text:
        raise ValueError("a text is expected, the cell is empty")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r}: a date YYYY-MM-DD is expected") from None


def _optional_day(text: str) -> date | None:
    return _day(text) if text else None


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r}: a whole number of zero or more is expected")
    return int(text)


def _share(text: str) -> Decimal:
    try:
        share = Decimal(text)
    except InvalidOperation:
        share = Decimal("NaN")
    if not (share.is_finite() and 0 < share <= 1):
        raise ValueError(f"{text!r}: a share above 0 and up to 1 is expected, for example 0.75")
    return share


def _yes_or_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text!r}: true or false is expected")
    return text == "true"


def _one_of(*allowed: str) -> Callable[[str], str]:
    def convert(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"{text!r}: one of {', '.join(allowed)} is expected")
        return text

    return convert


@dataclass(frozen=True, slots=True)
class TableSpec:
    """Columns of a table with their converters, and the columns that distinguish its rows.

    A table with `valid_from` and `valid_to` may hold several rows of one key, if their days do not overlap; any
    other table holds one.
    """

    columns: Mapping[str, Callable[[str], Any]]
    key: tuple[str, ...]

    @property
    def dated(self) -> bool:
        return "valid_from" in self.columns


_COLUMNS: Mapping[str, Callable[[str], Any]] = {
    "date": _day,
    "valid_from": _day,
    "valid_to": _optional_day,
    "working": _yes_or_no,
    "is_open": _yes_or_no,
    "decimals": _count,
    "value": _count,
    "share": _share,
    "confirmed_by": str,
    "asset_class": _one_of("unbacked", "backed"),
    "obliged_role": _one_of("miner", "pool"),
    "language": _one_of("en", "ru", "kk"),
    "kept_as": _one_of("value", "text"),
}
"""Converters by name of the column, in whatever table it is; any other column holds a text."""
_FORM_CELLS = _one_of(
    "row_number", "name", "identifier", "licence", "wallet", "day", "asset", "quantity", "text", "heading"
)


def _table(columns: str, *key: str, **of_its_own: Callable[[str], Any]) -> TableSpec:
    converters = {**_COLUMNS, **of_its_own}
    return TableSpec({name: converters.get(name, _text) for name in columns.split()}, key)


SPECS: Mapping[str, TableSpec] = {
    "asset": _table("ticker asset_class decimals valid_from valid_to source", "ticker"),
    "asset_alias": _table("alias ticker language source", "alias", "language"),
    "price_list": _table("ticker valid_from valid_to source", "ticker"),
    "sale_rule": _table("valid_from valid_to obliged_role share venue source confirmed_by", "obliged_role"),
    "form_version": _table("form_version valid_from valid_to source"),
    "form_column": _table(
        "column_no explained_no name kind kept_as is_open valid_from valid_to heading_kk heading_ru heading_en source",
        "name",
        kind=_FORM_CELLS,
    ),
    "recipient": _table("role name_kk name_ru name_en source", "role"),
    "valuation_basis": _table("valid_from valid_to text_kk text_ru text_en mark source", mark=_one_of("A", "B")),
    "order_text": _table("paragraph words source", "paragraph", "words"),
    "obligation_kind": _table("kind paragraph text_kk text_ru text_en source", "kind"),
    "appeal": _table("valid_from valid_to text_kk text_ru text_en source confirmed_by"),
    "question_kind": _table(
        "kind paragraph subject due rules answers source",
        "kind",
        subject=_one_of("filing", "month"),
        due=_one_of("examine", "notice", "silence"),
        rules=str,
    ),
    "office_practice": _table("name value valid_from valid_to source confirmed_by", "name"),
    "holiday": _table("date working reason reason_ru reason_kk source", "date"),
    "calendar_override": _table("date working reason reason_ru reason_kk source", "date"),
}


def read(name: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Rows of `<folder>/<name>.csv` in file order, typed: dates, Decimal shares, bool, int; open `valid_to` is None.

    Raises TableError for an unknown table, a wrong heading, a malformed, doubled or overlapping row.
    """
    if name not in SPECS:
        raise TableError(f"{name}: no such table of the law; known are {', '.join(sorted(SPECS))}")
    return [dict(row) for row in _read(name, folder)]


@cache
def _read(name: str, folder: Path) -> tuple[dict[str, Any], ...]:
    path = folder / f"{name}.csv"
    spec = SPECS[name]
    rows: list[dict[str, Any]] = []
    same_key: dict[tuple[Any, ...], list[tuple[int, dict[str, Any]]]] = {}
    for line, row in _typed_rows(path, spec):
        others = same_key.setdefault(tuple(row[column] for column in spec.key), [])
        _check_against(others, row, line, spec, path)
        others.append((line, row))
        rows.append(row)
    return tuple(rows)


def _typed_rows(path: Path, spec: TableSpec) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"{path}: the table cannot be read as UTF-8 text ({error})") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    heading = next(reader, [])
    if heading != list(spec.columns):
        raise TableError(f"{path}, line 1: the heading {','.join(spec.columns)} is expected, found {','.join(heading)}")
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            raise TableError(f"{path}, line {line}: {len(heading)} cells are expected, found {len(cells)}")
        row: dict[str, Any] = {}
        for column, cell in zip(heading, cells, strict=True):
            try:
                row[column] = spec.columns[column](cell.strip())
            except ValueError as error:
                raise TableError(f"{path}, line {line}, column {column}: {error}") from None
        if spec.dated and row["valid_to"] is not None and row["valid_to"] < row["valid_from"]:
            raise TableError(f"{path}, line {line}: valid_to {row['valid_to']} is before valid_from")
        yield line, row


def _check_against(
    others: list[tuple[int, dict[str, Any]]], row: dict[str, Any], line: int, spec: TableSpec, path: Path
) -> None:
    """`others` are the rows of the same key, with their lines."""
    for other_line, other in others:
        key = ", ".join(str(row[column]) for column in spec.key)
        if not spec.dated:
            raise TableError(f"{path}, line {line}: {key} is already on line {other_line}; keep one of them")
        if _overlap(other, row):
            raise TableError(
                f"{path}, line {line}: its days overlap those of line {other_line}"
                f"{f' for {key}' if key else ''}; end the earlier row before the later one begins"
            )


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    one_end = one["valid_to"] or date.max
    other_end = other["valid_to"] or date.max
    return bool(one["valid_from"] <= other_end and other["valid_from"] <= one_end)


def in_force(row: Mapping[str, Any], day: date) -> bool:
    """Whether a dated row is valid on `day`, both ends included."""
    return bool(row["valid_from"] <= day and (row["valid_to"] is None or day <= row["valid_to"]))
