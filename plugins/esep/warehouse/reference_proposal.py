"""What a file would make of the version in force: the new whole version, and what would be lost or changed by it.

A file is a whole version, or the part of one that is added to the version in force (a month of prices). Days of prices
and rates never go in silence: a whole file that lacks some, or a part with another value for a day, is refused unless
the person says that it replaces them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from esep.law import assets
from esep.law.calendar import working_calendar
from esep.warehouse.reference_jumps import jumps
from esep.warehouse.reference_rules import Problem, examine_lines, lines_of, separator_of
from esep.warehouse.reference_spec import NUMBERS, SPECS, Fault, FileSpec, Row

PRICE = "price"
"""Name of the reference file."""
SHOWN = 3
"""Runs of days, or rows of a register, that a problem names; the rest is counted."""
Lines = list[tuple[int, Row]]
"""Rows with their lines."""


class Mode(StrEnum):
    """How a file is meant, as names of files and records have it."""

    WHOLE = "whole"
    ADD = "add"
    REPLACE = "replace"
    ADD_REPLACE = "add-replace"

    @classmethod
    def of(cls, adds: bool, replaces: bool) -> Mode:
        return cls("-".join(["add"] * adds + ["replace"] * replaces) or "whole")

    @property
    def adds(self) -> bool:
        """Whether the file is merged into the version in force."""
        return self in (Mode.ADD, Mode.ADD_REPLACE)

    @property
    def replaces(self) -> bool:
        """Whether rows may go or take other values."""
        return self in (Mode.REPLACE, Mode.ADD_REPLACE)


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that a file adds, removes or changes; `line` is its line in the file, None for a removed row."""

    change: str
    line: int | None
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()
    """What differs; empty for a row added or removed."""
    before: Row | None = None
    after: Row | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Days of one asset or currency that have a row of their own."""

    of: str
    first_day: date
    last_day: date
    days: int
    days_before: int
    """The same in the version in force; 0 if it has none."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The version that a file would make of the one in force; while it has faults, it is the file itself."""

    name: str
    mode: Mode
    content: bytes
    row_count: int
    changes: tuple[RowChange, ...]
    """Empty for a file with faults; with open questions, what would change if the person said so."""
    coverage: tuple[Coverage, ...]
    """Empty for a file with faults."""
    problems: tuple[Problem, ...]
    """Faults and questions; with any of them the file is refused."""
    warnings: tuple[Problem, ...]
    before: bytes | None
    since: datetime | None
    """When the version in force was accepted, with the bytes `before`; None if there is none."""

    @property
    def is_same(self) -> bool:
        """Whether it has the very bytes of the version in force."""
        return self.content == self.before

    @property
    def adds_nothing(self) -> bool:
        """Whether it is a part of which the version in force holds every row, or one without rows."""
        return self.mode.adds and not self.problems and not self.changes

    def count(self, change: str) -> int:
        """How many rows are `added`, `removed` or `changed`."""
        return sum(row.change == change for row in self.changes)


def propose(
    name: str,
    content: bytes,
    mode: Mode,
    before: bytes | None = None,
    since: datetime | None = None,
    *,
    asks: bool = False,
) -> Proposal:
    """Examine a file against the rules and against the bytes of the version in force, None if there is none.

    `asks`: whether a person is there to be asked whether prices that jump are meant so; else that is a warning. In a
    first version they are history.
    """
    spec = SPECS[name]
    rows, found = examine_lines(name, content)
    old = examine_lines(name, before)[0] if before else []
    merged = content
    changes: list[RowChange] = []
    if not _faults(found):
        found += _of_arrival(content, rows)
    if not _faults(found):
        found += _off_the_price_list(rows, spec)
        if mode.adds and before:
            merged, rows = _merged(before, content, old, rows, spec)
        changes = list(_changes(old, rows, spec))
        if not mode.adds:
            found += _lost(changes, old, rows, spec, mode)
        elif not mode.replaces:
            found += _differing(changes, old, spec)
        if name == PRICE and before:
            new = {(change.after["date"], change.after["asset"]) for change in changes if change.after}
            found += jumps(rows, new, Fault.PRICE_JUMP if asks and not mode.replaces else Fault.PRICE_JUMPED)
        if merged is not content:
            found += _faults(examine_lines(name, merged)[1])
    problems = _faults(found)
    is_readable = all(problem.is_question for problem in problems)
    return Proposal(
        name,
        mode,
        merged,
        len(rows),
        tuple(changes if is_readable else ()),
        tuple(coverage_of(spec, rows, old) if is_readable else ()),
        tuple(problems),
        tuple(problem for problem in found if problem.is_warning),
        before,
        since,
    )


def _faults(found: Iterable[Problem]) -> list[Problem]:
    """Faults and questions."""
    return [problem for problem in found if not problem.is_warning]


def _of_arrival(content: bytes, rows: Lines) -> Iterator[Problem]:
    """Signs of a file that was cut, or whose decimal commas became separators. Versions accepted before stay good."""
    written = content.decode("utf-8-sig")
    lines = list(lines_of(written))
    heading = lines[0][1] or []
    if "source" in heading and separator_of(written) == ",":
        column = heading[heading.index("source") - 1]
        for line, row in rows:
            source = str(row.get("source") or "")
            if column in NUMBERS and source.isdigit():
                yield Problem(line, Fault.SOURCE_IS_NUMBER, "source", source, column)
    if len(lines) > 1 and not written.endswith(("\n", "\r")) and heading[-1] in NUMBERS:
        line, cells = lines[-1]
        yield Problem(line, Fault.CUT_OFF, heading[-1], (cells or [""])[-1])


def _changes(before: Lines, after: Lines, spec: FileSpec) -> Iterator[RowChange]:
    """Rows of one key belong together; of a register with spans the first day is part of the key."""
    old = {spec.key_of(row): row for _, row in before}
    new = {spec.key_of(row): (line, row) for line, row in after}
    for key, (line, row) in new.items():
        if key not in old:
            yield RowChange("added", line, key, after=row)
        elif old[key] != row:
            columns = tuple(column for column in row if row[column] != old[key][column])
            yield RowChange("changed", line, key, columns, old[key], row)
    for key, row in old.items():
        if key not in new:
            yield RowChange("removed", None, key, before=row)


def coverage_of(spec: FileSpec, rows: Lines, before: Lines) -> Iterator[Coverage]:
    """The days of each asset or currency; none of a register."""
    days_before = _days(spec, (row for _, row in before))
    for of, days in sorted(_days(spec, (row for _, row in rows)).items()):
        yield Coverage(of, min(days), max(days), len(days), len(days_before.get(of, ())))


def _lost(changes: list[RowChange], old: Lines, rows: Lines, spec: FileSpec, mode: Mode) -> Iterator[Problem]:
    gone = [change for change in changes if change.change == "removed"]
    if not gone:
        return
    if spec.days_of is None:
        keys = _some([" ".join(change.key) for change in gone])
        if not rows and not mode.replaces:
            yield Problem(0, Fault.NO_ROWS, count=len(gone))
        elif spec.keeps_rows and not mode.replaces:
            yield Problem(0, Fault.TRADES_LOST, found=keys, count=len(gone))
        else:
            yield Problem(0, Fault.ROWS_LOST, found=keys, count=len(gone))
    elif not mode.replaces:
        days = _days(spec, (row for _, row in old))
        for of, lost in sorted(_days(spec, (change.before or {} for change in gone)).items()):
            yield Problem(0, Fault.DAYS_LOST, spec.days_of, of, _runs(lost, days[of]), len(lost))


def _differing(changes: list[RowChange], old: Lines, spec: FileSpec) -> Iterator[Problem]:
    """Rows of a part that the version in force holds with other values: once for each asset or currency."""
    differing: dict[str, list[RowChange]] = {}
    for change in changes:
        if change.after and change.change == "changed":
            of = str(change.after[spec.days_of]) if spec.days_of else " ".join(change.key)
            differing.setdefault(of, []).append(change)
    all_days = _days(spec, (row for _, row in old))
    for of, found in sorted(differing.items()):
        first = min(found, key=lambda change: change.line or 0)
        before, after = first.before or {}, first.after or {}
        columns = [column for column in spec.values if column in first.columns]
        values = "; ".join(f"{column} {_shown(before[column])} → {_shown(after[column])}" for column in columns)
        days = [change.after["date"] for change in found if change.after] if spec.days_of else []
        where = f"{of} {_runs(days, all_days[of])}" if days else of
        yield Problem(first.line or 0, Fault.VALUES_DIFFER, found=where, expected=values, count=len(found))


def _merged(before: bytes, part: bytes, old: Lines, rows: Lines, spec: FileSpec) -> tuple[bytes, Lines]:
    """The version in force with the rows of the part, cells as they were written; rows of the same values stay."""
    held, added = _written(before), _written(part)
    new = {spec.key_of(row): (line, row) for line, row in rows}
    written = {*spec.required, *held[0], *added[0]}
    heading = [column for column in dict.fromkeys((*spec.columns, *held[0], *added[0])) if column in written]
    cells: list[Mapping[str, str]] = []
    merged: Lines = []
    unread = dict(held[1])
    for line, row in old:
        kept = unread.pop(line)
        changed_line, changed = new.pop(spec.key_of(row), (0, row))
        if any(changed[column] != row[column] for column in spec.values):
            cells.append(added[1][changed_line])
            merged.append((changed_line, changed))
        else:
            cells.append(kept)
            merged.append((0, row))
    cells += unread.values()  # what today's rules cannot read: faults of the whole
    for line, row in new.values():
        cells.append(added[1][line])
        merged.append((line, row))
    text = io.StringIO()
    writer = csv.DictWriter(text, heading, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells)
    return text.getvalue().encode(), merged


def _written(content: bytes) -> tuple[list[str], dict[int, dict[str, str]]]:
    """The heading, and the cells of each line as written."""
    lines = lines_of(content.decode("utf-8-sig"))
    heading = next(lines)[1] or []
    return heading, {line: dict(zip(heading, cells or [], strict=False)) for line, cells in lines}


def _off_the_price_list(rows: Lines, spec: FileSpec) -> Iterator[Problem]:
    """Known assets with prices that no day of receipt can use, because the list of that day lacks them."""
    for asset, days in sorted(_days(spec, (row for _, row in rows)).items()) if spec.days_of == "asset" else ():
        unused = [day for day in days if not any(assets.on_price_list(asset, on) for on in _days_served(day))]
        if unused and assets.resolve(asset):
            yield Problem(0, Fault.NOT_ON_PRICE_LIST, "asset", asset, _runs(unused, days), len(unused))


@cache
def _days_served(day: date) -> tuple[date, ...]:
    """Days of receipt that take the price of `day`: itself and the days off after it (facts on valuation, rule 2)."""
    calendar = working_calendar()
    days = [day]
    while days[-1] < date.max and not calendar.is_working(days[-1] + timedelta(days=1)):
        days.append(days[-1] + timedelta(days=1))
    return tuple(days)


def _days(spec: FileSpec, rows: Iterable[Row]) -> dict[str, list[date]]:
    """Days by asset or currency; none of a register."""
    days: dict[str, list[date]] = {}
    for row in rows if spec.days_of else ():
        days.setdefault(row[str(spec.days_of)], []).append(row["date"])
    return days


def _runs(days: Iterable[date], all_days: Iterable[date]) -> str:
    """`2025-01-06 … 2025-01-31, 2025-03-03`: runs of days that follow each other among `all_days`."""
    place = {day: number for number, day in enumerate(sorted(set(all_days)))}
    runs: list[list[date]] = []
    for day in sorted(set(days)):
        if runs and place[day] == place[runs[-1][-1]] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return _some([run[0].isoformat() if len(run) == 1 else f"{run[0]} … {run[-1]}" for run in runs])


def _some(names: list[str]) -> str:
    """The first names, and the last one where more follow."""
    shown = names if len(names) <= SHOWN else [*names[: SHOWN - 1], "…", names[-1]]
    return ", ".join(shown)


def _shown(value: object) -> str:
    return "—" if value is None else str(value)
