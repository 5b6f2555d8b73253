"""How the columns of a published list are read: which heading is which column of the reference file.

Given once by a person, kept in the record of the version that was accepted with it, and used again for the next file
with these headings. A list is long (a row a day and asset), or wide (a row a day, a column for each asset).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from esep.exact import plain
from esep.forms.reading.any_table import Cell, TableRow, TableSheet
from esep.forms.values import quantity
from esep.forms.values.cell import CellKind
from esep.law import assets
from esep.warehouse.reference_errors import HandedError
from esep.warehouse.reference_rules import Problem
from esep.warehouse.reference_spec import NUMBERS, SPECS, Fault

DATE_FORMAT = "YYYY-MM-DD"
_HEADING_WITHIN = 50
"""Filled rows in which the headings are looked for."""
_PARTS = {"YYYY": "(?P<year>[0-9]{4})", "MM": "(?P<month>[0-9]{2})", "DD": "(?P<day>[0-9]{2})"}
_PARTS |= {"M": "(?P<month>[0-9]{1,2})", "D": "(?P<day>[0-9]{1,2})"}
_PART = re.compile("YYYY|MM|DD|M|D")
_DAYS = frozenset({"date", "sold_on", "accredited_from", "accredited_to", "issued_on", "expires_on", "from", "to"})


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Headings by column of the reference file, and values that every row has."""

    columns: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    is_wide: bool = False
    """Whether each known asset has a column of prices of its own."""
    heading_row: int | None = None
    """1-based; None: the first row that has the headings."""
    sheet: str | None = None
    """None: the one visible sheet that has the headings."""
    date_format: str = DATE_FORMAT
    """Of days that are texts, of DD, MM, YYYY, D and M; cells that are days need none."""
    note: str = ""
    """What a day is (UTC, Almaty), in the office's words."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def require_for(self, name: str) -> None:
        """Raise HandedError unless every required column of the reference file comes from somewhere, once."""
        spec = SPECS[name]
        given = [*self.columns, *self.fixed]
        unknown = [column for column in given if column not in spec.columns]
        if unknown:
            values = {"name": name, "found": ", ".join(unknown), "expected": ", ".join(spec.columns)}
            raise HandedError("unknown_column", **values)
        twice = sorted(set(self.columns) & set(self.fixed))
        if twice:
            raise HandedError("given_twice", found=", ".join(twice))
        by_assets = {"asset", "price"} if self.is_wide else set()
        if self.is_wide and (name != "price" or by_assets & set(given)):
            raise HandedError("wide", "--wide")
        missing = [column for column in spec.required if column not in given and column not in by_assets]
        if missing:
            raise HandedError("unsaid", f"--column {missing[0]}=…", name=name, expected=", ".join(missing))
        if sorted(_PART.findall(self.date_format), key=lambda part: part[0]) not in (
            ["DD", "MM", "YYYY"],
            ["D", "MM", "YYYY"],
            ["DD", "M", "YYYY"],
            ["D", "M", "YYYY"],
        ):
            raise HandedError("date_format", "--date-format", found=self.date_format)


def of_dict(values: Mapping[str, Any]) -> ColumnMapping:
    """The mapping that a record holds; raises TypeError for one of another shape."""
    return ColumnMapping(**values)


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row of the reference file by column, and the worksheet row that it was read from."""

    number: int
    cells: Mapping[str, str]


_DOES_NOT_FIT = frozenset({Fault.MISSING_HEADING, Fault.DOUBLED_HEADING, Fault.OTHER_SHEET, Fault.MANY_SHEETS})


def fits(problems: Sequence[Problem]) -> bool:
    """Whether a mapping that found these has the headings of the file."""
    return not any(problem.fault in _DOES_NOT_FIT for problem in problems)


def same_names(sheets: Sequence[TableSheet], name: str) -> ColumnMapping:
    """The mapping of a file whose headings are the columns' own names."""
    spec = SPECS[name]
    seen = {heading for sheet in sheets for row in sheet.rows[:_HEADING_WITHIN] for heading in _headings(row)}
    return ColumnMapping({column: column for column in spec.columns if column in spec.required or column in seen})


def headings_shown(sheets: Sequence[TableSheet]) -> str:
    """The row of each sheet that is most like headings, for a person who is to say which is which."""
    rows = [max(sheet.rows[:_HEADING_WITHIN], key=_texts, default=None) for sheet in sheets]
    return "; ".join(_shown(row) for row in rows if row)


def _texts(row: TableRow) -> int:
    return sum(cell.text is not None and cell.kind is CellKind.TEXT for cell in row.cells)


def rows_of(sheets: Sequence[TableSheet], name: str, mapping: ColumnMapping) -> tuple[list[MappedRow], list[Problem]]:
    """The rows of a list, and why it cannot be read; faults of the values themselves are found later, by the rules."""
    found = _heading(sheets, mapping)
    if isinstance(found, Problem):
        return [], [found]
    sheet, heading = found
    places, problems = _places(heading, mapping)
    by_asset, doubled = _asset_places(heading, set(places.values())) if mapping.is_wide else ({}, [])
    problems += doubled
    if mapping.is_wide and not by_asset and not problems:
        problems.append(Problem(heading.number, Fault.NO_ASSETS, found=_shown(heading)))
    if problems:
        return [], problems
    if mapping.is_wide:
        problems += _unused(heading, {*places.values(), *by_asset.values()})
    rows: list[MappedRow] = []
    below = [row for row in sheet.rows if row.number > heading.number]
    reader = _Reader(mapping, _thousands(below, [*places.values(), *by_asset.values()]))
    is_text = not sheet.name
    for row in below:
        if is_text and (fault := _without_heading(row, heading)):
            problems.append(fault)
            continue
        cells = {column: _cell(row, place) for column, place in places.items()}
        prices = {asset: _cell(row, place) for asset, place in by_asset.items()}
        if not any(cell.text for cell in (*cells.values(), *prices.values())):
            continue
        read, faults = reader.read(row.number, cells)
        problems += faults
        if not mapping.is_wide:
            rows.append(MappedRow(row.number, {**mapping.fixed, **read}))
        for asset, cell in prices.items():
            if cell.text:
                price, faults = reader.read(row.number, {"price": cell})
                problems += faults
                rows.append(MappedRow(row.number, {**mapping.fixed, **read, "asset": asset, **price}))
    return rows, problems


def _heading(sheets: Sequence[TableSheet], mapping: ColumnMapping) -> tuple[TableSheet, TableRow] | Problem:
    """The sheet and the row of the headings."""
    of_name = [sheet for sheet in sheets if mapping.sheet in (None, sheet.name)]
    if not of_name:
        names = ", ".join(sheet.name for sheet in sheets)
        return Problem(0, Fault.OTHER_SHEET, found=names, expected=mapping.sheet or "")
    wanted = {_folded(heading) for heading in mapping.columns.values()}
    candidates = [(sheet, row) for sheet in of_name if (row := _best_row(sheet, mapping, wanted))]
    if not candidates:
        return Problem(mapping.heading_row or 0, Fault.MISSING_HEADING, found="", expected=_named(mapping))
    whole = [one for one in candidates if wanted <= _headings(one[1])]
    if len(whole) > 1:
        names = ", ".join(sheet.name for sheet, _ in whole)
        return Problem(0, Fault.MANY_SHEETS, found=names)
    if whole:
        return whole[0]
    _, nearest = max(candidates, key=lambda one: len(wanted & _headings(one[1])))
    missing = [heading for heading in mapping.columns.values() if _folded(heading) not in _headings(nearest)]
    return Problem(nearest.number, Fault.MISSING_HEADING, found=_shown(nearest), expected=", ".join(missing))


def _best_row(sheet: TableSheet, mapping: ColumnMapping, wanted: set[str]) -> TableRow | None:
    """The first row with all headings, else the one with most of them, else the first filled one."""
    if mapping.heading_row is not None:
        return next((row for row in sheet.rows if row.number == mapping.heading_row), None)
    return max(sheet.rows[:_HEADING_WITHIN], key=lambda row: len(wanted & _headings(row)), default=None)


def _places(heading: TableRow, mapping: ColumnMapping) -> tuple[dict[str, int], list[Problem]]:
    """Where each mapped column is, and headings that stand more than once."""
    folded = [_folded(cell.text or "") for cell in heading.cells]
    places: dict[str, int] = {}
    problems = []
    for column, written in mapping.columns.items():
        if folded.count(_folded(written)) > 1:
            problems.append(Problem(heading.number, Fault.DOUBLED_HEADING, column, written, _shown(heading)))
        else:
            places[column] = folded.index(_folded(written))
    return places, problems


def _asset_places(heading: TableRow, taken: set[int]) -> tuple[dict[str, int], list[Problem]]:
    """Where the column of each asset is, and those of an asset that has one already, by whatever name."""
    found: dict[str, int] = {}
    problems, tickers = [], set()
    for place, cell in enumerate(heading.cells):
        ticker = assets.resolve(cell.text) if place not in taken and cell.text else None
        if cell.text is None or ticker is None:
            continue
        if ticker in tickers:
            problems.append(Problem(heading.number, Fault.DOUBLED_HEADING, "price", cell.text, _shown(heading)))
        tickers.add(ticker)
        found.setdefault(cell.text, place)
    return found, problems


def _without_heading(row: TableRow, heading: TableRow) -> Problem | None:
    """A row of a text with more cells than headings: a decimal comma that is a separator, too, moves all others."""
    last = max((place for place, cell in enumerate(row.cells, 1) if cell.text), default=0)
    headed = max(place for place, cell in enumerate(heading.cells, 1) if cell.text)
    return Problem(row.number, Fault.CELL_COUNT, found=last, expected=headed) if last > headed else None


def _unused(heading: TableRow, taken: set[int]) -> Iterator[Problem]:
    left = [cell.text for place, cell in enumerate(heading.cells) if cell.text and place not in taken]
    if left:
        yield Problem(heading.number, Fault.UNUSED_HEADINGS, found=", ".join(left), count=len(left))


def _thousands(rows: Sequence[TableRow], places: Sequence[int]) -> bool:
    """Whether the list writes thousands with commas, so that a lone comma has no one reading."""
    texts = (_cell(row, place) for row in rows for place in places)
    return quantity.column_uses_comma_for_thousands(cell.text for cell in texts if cell.kind is CellKind.TEXT)


class _Reader:
    """Reads the cells of a row into what reference files hold."""

    def __init__(self, mapping: ColumnMapping, comma_is_thousands: bool) -> None:
        self._day = re.compile(_PART.sub(lambda part: _PARTS[part[0]], re.escape(mapping.date_format)))
        self._comma_is_thousands = comma_is_thousands

    def read(self, number: int, cells: Mapping[str, Cell]) -> tuple[dict[str, str], list[Problem]]:
        """Cells as texts; one that cannot be read has a problem."""
        read, problems = {}, []
        for column, cell in cells.items():
            if cell.kind in (CellKind.ERROR, CellKind.FORMULA):
                problems.append(Problem(number, Fault.CELL_WITHOUT_VALUE, column, cell.text or ""))
                continue
            text = "" if cell.text is None else cell.text
            if text and column in _DAYS:
                day = self._date(cell)
                if day is None:
                    problems.append(Problem(number, Fault.MAPPED_DATE, column, text))
                text = day or text
            elif text and column in NUMBERS:
                parsed = quantity.parse(cell.text, cell.kind, self._comma_is_thousands)
                if parsed.value is None:
                    problems.append(Problem(number, Fault.MAPPED_NUMBER, column, text))
                else:
                    text = plain(parsed.value)
            read[column] = " ".join(text.split())
        return read, problems

    def _date(self, cell: Cell) -> str | None:
        if cell.kind is CellKind.DATE:
            return cell.text if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell.text or "") else None
        found = self._day.fullmatch(cell.text or "") if cell.kind is CellKind.TEXT else None
        try:
            return date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat() if found else None
        except ValueError:
            return None


def _cell(row: TableRow, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else Cell(None, CellKind.EMPTY)


def _folded(heading: str) -> str:
    return " ".join(heading.split()).casefold()


def _headings(row: TableRow) -> set[str]:
    return {_folded(cell.text) for cell in row.cells if cell.text}


def _shown(row: TableRow) -> str:
    return " | ".join(" ".join(cell.text.split()) for cell in row.cells if cell.text)


def _named(mapping: ColumnMapping) -> str:
    return ", ".join(mapping.columns.values())
