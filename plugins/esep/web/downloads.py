"""A table as XLSX, CSV or Parquet: the same rows with exact values, and nothing in them that a program would run.

Parquet keeps names, types and values of the warehouse; its metadata says what the table is. CSV and XLSX are for
people: headings and coded words in the reader's language, texts of strangers as plain visible text.

CSV opens in the Excel of its language by a double click: UTF-8 with a byte order mark, in Kazakh and Russian with
semicolons and decimal commas, in English with commas and decimal points. Excel then shows 15 digits and drops the
leading zeros of numbers of taxpayers; the file has them all.

A spreadsheet keeps 15 digits of a number. So in XLSX a column of exact decimals is there twice: as a number to reckon
with, rounded to 15 digits, and as text with every digit.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from fastapi import HTTPException, Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from esep.answers import Snapshot, masking
from esep.answers.tables import MOST_ROWS
from esep.clock import TIMEZONE
from esep.documents.book import Cells, put_text
from esep.documents.plain import shown
from esep.texts import has, text
from esep.texts.numbers import day
from esep.web.queries import Format
from esep.web.rendering import Asked

LIMITS: Mapping[Format, int] = {"xlsx": 10_000, "csv": 200_000, "parquet": MOST_ROWS}
"""Rows beyond which a download is refused with a page that says so; it is never cut."""
MEDIA_TYPES: Mapping[Format, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NEEDS_CARE = ("=", "+", "-", "@", "'", "#", "")
"""First signs of texts that openpyxl or a spreadsheet would take for something else than text."""
_DIGITS = 15
_CONTEXT = Context(prec=_DIGITS)
_WIDEST = 48


@dataclass(frozen=True, slots=True)
class About:
    """What a table is: its title, what it is and is not, what was chosen, and of which warehouse it was read."""

    title: str
    caution: str
    chosen: Mapping[str, str]
    snapshot: Snapshot


def response(
    asked: Asked, table: pa.Table, kind: Format, name: str, title: str, caution: str, chosen: Mapping[str, str | None]
) -> Response:
    """The file as a download; `name` is its name in ASCII without ending. 413 for more rows than LIMITS.

    It says of itself its title, what it is and is not (a key), and what was chosen (by key of its text).
    """
    if table.num_rows > LIMITS[kind]:
        raise HTTPException(413)
    lines = {asked.text(key): value for key, value in chosen.items() if value}
    about = About(title, asked.text(caution), lines, asked.snapshot)
    seen = table if asked.reader.is_operator else masked(table)
    content = {"xlsx": xlsx, "csv": csv_file, "parquet": parquet}[kind](seen, about, asked.language)
    file = f"esep-{name}-{about.snapshot.as_of}.{kind}"
    return Response(
        content,
        media_type=MEDIA_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"},
    )


def masked(table: pa.Table) -> pa.Table:
    """The table as a viewer may see it: numbers and names of persons and wallets shortened."""
    columns = {name: table[name].to_pylist() for name in table.column_names if name in _PERSONAL}
    if "taxpayer_id" in columns:
        names = columns.get("taxpayer_name", [None] * table.num_rows)
        pairs = [masking.masked_taxpayer(*pair) for pair in zip(columns["taxpayer_id"], names, strict=True)]
        columns["taxpayer_id"] = [number for number, _ in pairs]
        if "taxpayer_name" in columns:
            columns["taxpayer_name"] = [name for _, name in pairs]
    if "pool_id" in columns:
        columns["pool_id"] = [masking.masked_taxpayer(number, None)[0] for number in columns["pool_id"]]
    if "wallet" in columns:
        columns["wallet"] = [masking.masked_wallet(wallet) for wallet in columns["wallet"]]
    for name, values in columns.items():
        table = table.set_column(table.column_names.index(name), name, pa.array(values, pa.string()))
    return table


_PERSONAL = ("taxpayer_id", "taxpayer_name", "pool_id", "wallet")


def parquet(table: pa.Table, about: About, language: str) -> bytes:
    """Names, types and values of the warehouse; what it is under the key `esep` of the file's metadata."""
    described = {
        "title": about.title,
        "caution": about.caution,
        "chosen": dict(about.chosen),
        "as_of": about.snapshot.as_of.isoformat(),
        "code_version": about.snapshot.code_version,
    }
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"esep": json.dumps(described, ensure_ascii=False)}), buffer)
    return buffer.getvalue()


def csv_file(table: pa.Table, about: About, language: str) -> bytes:
    """Every value with all its digits, in the dialect of the language."""
    buffer = io.StringIO(newline="")
    comma = language != "en"
    writer = csv.writer(buffer, delimiter=";" if comma else ",", lineterminator="\r\n")
    writer.writerow(_headings(table, language))
    writers = [_csv_value(name, language, comma) for name in table.column_names]
    for row in _rows(table):
        writer.writerow([write(value) for write, value in zip(writers, row, strict=True)])
    return buffer.getvalue().encode("utf-8-sig")


def xlsx(table: pa.Table, about: About, language: str) -> bytes:
    """A sheet with the rows, and one that says what they are."""
    book = Workbook(write_only=True)
    _data_sheet(book, table, language)
    _about_sheet(book, table, about, language)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _data_sheet(book: Any, table: pa.Table, language: str) -> None:
    sheet = book.create_sheet(text("download.sheet", language))
    headings = []
    for field, heading in zip(table.schema, _headings(table, language), strict=True):
        headings.append(heading)
        if _is_twofold(field.type):
            headings.append(text("download.exact", language, column=heading))
    for number, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(max(14, len(heading) * 0.7 + 4), _WIDEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{table.num_rows + 1}"
    cells = Cells()
    sheet.append([cells.text(sheet, heading, "heading") for heading in headings])
    writers = [_cell_writer(sheet, field, language) for field in table.schema]
    for row in _rows(table):
        values: list[Any] = []
        for write, value in zip(writers, row, strict=True):
            values += write(value)
        sheet.append(values)


def _about_sheet(book: Any, table: pa.Table, about: About, language: str) -> None:
    sheet = book.create_sheet(text("download.about", language))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 100
    snapshot, cells = about.snapshot, Cells()
    lines = [
        ("", about.title),
        (text("download.what", language), about.caution),
        *about.chosen.items(),
        (text("download.as_of", language), day(snapshot.as_of, language)),
        (text("download.code", language), snapshot.code_version),
        (text("download.rows", language), str(table.num_rows)),
        (text("download.numbers", language), text("download.numbers_note", language)),
    ]
    for line in lines:
        sheet.append([cells.text(sheet, content, "fact") for content in line])


def _cell_writer(sheet: Any, field: pa.Field, language: str) -> Callable[[Any], Sequence[Any]]:
    """Turns a value of a column into its cells: one, or two for an exact decimal (15 digits, and the text of all).

    A row is written when it is appended, so that one cell with its format serves all rows.
    """
    kind, is_twofold = field.type, _is_twofold(field.type)
    number = WriteOnlyCell(sheet)
    number.number_format = "#,##0.00########" if is_twofold else "#,##0.00"

    def decimal(value: Any) -> Sequence[Any]:
        if value is None:
            return (None, None) if is_twofold else (None,)
        number.value = _rounded(value)
        return (number, _digits(value)) if is_twofold else (number,)

    def words(value: Any) -> Sequence[Any]:
        if value is None:
            return (None,)
        said = _words(field.name, value, language)
        if said[:1] not in _NEEDS_CARE:
            return (said,)
        cell = WriteOnlyCell(sheet)
        put_text(cell, said)
        return (cell,)

    if pa.types.is_decimal(kind):
        return decimal
    is_plain = pa.types.is_integer(kind) or pa.types.is_date(kind)
    return (lambda value: (value,)) if is_plain else words


def _is_twofold(kind: pa.DataType) -> bool:
    """Whether its decimals may need more digits than a spreadsheet's number has."""
    return bool(pa.types.is_decimal(kind)) and kind.scale > 6


def _rounded(value: Decimal) -> Decimal:
    return _CONTEXT.create_decimal(value)


def _digits(value: Decimal) -> str:
    """All digits without the zeros at the end."""
    whole, _, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _csv_value(name: str, language: str, comma: bool) -> Callable[[Any], str]:
    def write(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, Decimal):
            return _digits(value).replace(".", ",") if comma else _digits(value)
        if isinstance(value, int | date) and not isinstance(value, datetime):
            return str(value)
        return harmless(_words(name, value, language))

    return write


def harmless(words: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before what begins like one."""
    return f"'{words}" if words.startswith(_RUN_BY_SPREADSHEETS) else words


@lru_cache(maxsize=20_000)
def _words(name: str, value: Any, language: str) -> str:
    """A text of the table on one line with its invisible signs written out; a coded word in the reader's language."""
    if isinstance(value, datetime):
        return value.astimezone(TIMEZONE).isoformat(sep=" ", timespec="seconds")
    key = f"state.{name.replace('taxpayer_id_state', 'identifier')}_{value}"
    if has(key):
        return text(key, language)
    return shown(value)


def _headings(table: pa.Table, language: str) -> list[str]:
    return [text(f"column.{name}", language) for name in table.column_names]


def _rows(table: pa.Table) -> Iterator[Iterable[Any]]:
    """Row by row, a batch of the table at a time."""
    for batch in table.to_batches(max_chunksize=10_000):
        columns = [column.to_pylist() for column in batch.columns]
        yield from zip(*columns, strict=True)
