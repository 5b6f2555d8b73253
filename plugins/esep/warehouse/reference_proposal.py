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
from datetime import date, timedelta
from functools import cache

from esep.law import assets
from esep.law.calendar import working_calendar
from esep.warehouse.reference_rules import Problem, examine_lines, lines_of, separator_of
from esep.warehouse.reference_spec import NUMBERS, SPECS, Fault, FileSpec, Row

SHOWN = 3
"""Runs of days, or rows of a register, that a problem names; the rest is counted."""
Lines = list[tuple[int, Row]]
"""Rows with their lines."""


@dataclass(frozen=True, slots=True)
class Mode:
    """How a file is meant: `adds` merges it into the version in force, `replaces` lets rows go or take other values."""

    adds: bool = False
    replaces: bool = False

    @property
    def label(self) -> str:
        """`whole`, `add`, `replace` or `add-replace`, as names of files and records have it."""
        return "-".join(["add"] * self.adds + ["replace"] * self.replaces) or "whole"


WHOLE = Mode()
MODES: Mapping[str, Mode] = {
    mode.label: mode for mode in (WHOLE, Mode(adds=True), Mode(replaces=True), Mode(adds=True, replaces=True))
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The version that a file would make; `content` and `rows` are those of the file itself while it has faults."""

    content: bytes
    rows: Lines
    """Rows of the new version; their lines are those of the file, 0 for rows that stay from the version in force."""
    before: Lines
    problems: tuple[Problem, ...]
    """Faults and questions; with any of them the file is refused."""
    warnings: tuple[Problem, ...]

    @property
    def is_readable(self) -> bool:
        """Whether nothing is wrong but what the person may answer."""
        return all(problem.is_question for problem in self.problems)


def propose(name: str, content: bytes, mode: Mode, before: bytes | None) -> Proposal:
    """Examine a file against the rules and against the bytes of the version in force, None if there is none."""
    spec = SPECS[name]
    rows, found = examine_lines(name, content)
    old = examine_lines(name, before)[0] if before else []
    if all(problem.is_warning for problem in found):
        found += _of_arrival(content, rows)
    merged = content
    if all(problem.is_warning for problem in found):
        found += _off_the_price_list(row for _, row in rows)
        if not mode.adds:
            found += _lost(old, rows, spec, mode)
        elif before:
            found += [] if mode.replaces else _differing(old, rows, spec)
            merged, rows = _merged(before, content, old, rows, spec)
            found += [problem for problem in examine_lines(name, merged)[1] if not problem.is_warning]
    return Proposal(
        merged,
        rows,
        old,
        tuple(problem for problem in found if not problem.is_warning),
        tuple(problem for problem in found if problem.is_warning),
    )


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


def _lost(old: Lines, rows: Lines, spec: FileSpec, mode: Mode) -> Iterator[Problem]:
    kept = {spec.key_of(row) for _, row in rows}
    gone = [row for _, row in old if spec.key_of(row) not in kept]
    if not gone:
        return
    if spec.days_of is None:
        if not rows and not mode.replaces:
            yield Problem(0, Fault.NO_ROWS, count=len(gone))
        else:
            yield Problem(
                0, Fault.ROWS_LOST, found=_some([" ".join(spec.key_of(row)) for row in gone]), count=len(gone)
            )
    elif not mode.replaces:
        days = _days(spec, (row for _, row in old))
        for of, lost in sorted(_days(spec, gone).items()):
            yield Problem(0, Fault.DAYS_LOST, spec.days_of, of, _runs(lost, days[of]), len(lost))


def _differing(old: Lines, rows: Lines, spec: FileSpec) -> Iterator[Problem]:
    """Rows of a part that the version in force holds with other values: told once for each asset or currency."""
    held = {spec.key_of(row): row for _, row in old}
    differing: dict[str, list[tuple[int, Row, Row]]] = {}
    for line, row in rows:
        before = held.get(spec.key_of(row))
        if before and any(before[column] != row[column] for column in spec.values):
            of = str(row[spec.days_of]) if spec.days_of else " ".join(spec.key_of(row))
            differing.setdefault(of, []).append((line, before, row))
    all_days = _days(spec, (row for _, row in old)) if spec.days_of else {}
    for of, found in sorted(differing.items()):
        line, before, row = found[0]
        values = "; ".join(
            f"{column} {_shown(before[column])} → {_shown(row[column])}"
            for column in spec.values
            if before[column] != row[column]
        )
        days = f" {_runs([row['date'] for _, _, row in found], all_days[of])}" if spec.days_of else ""
        yield Problem(line, Fault.VALUES_DIFFER, found=f"{of}{days}", expected=values, count=len(found))


def _merged(before: bytes, part: bytes, old: Lines, rows: Lines, spec: FileSpec) -> tuple[bytes, Lines]:
    """The version in force with the rows of the part, cells as they were written; rows of the same values stay."""
    held, added = _written(before), _written(part)
    new = {spec.key_of(row): (line, row) for line, row in rows}
    heading = list(
        dict.fromkeys(
            column
            for column in (*spec.columns, *held[0], *added[0])
            if column in spec.required or column in held[0] or column in added[0]
        )
    )
    cells: list[Mapping[str, str]] = []
    merged: Lines = []
    unread = dict(held[1])
    for line, row in old:
        written = unread.pop(line)
        changed_line, changed = new.pop(spec.key_of(row), (0, row))
        if any(changed[column] != row[column] for column in spec.values):
            cells.append(added[1][changed_line])
            merged.append((changed_line, changed))
        else:
            cells.append(written)
            merged.append((0, row))
    cells += unread.values()  # what today's rules cannot read: told as faults of the whole
    for line, row in new.values():
        cells.append(added[1][line])
        merged.append((line, row))
    text = io.StringIO()
    writer = csv.DictWriter(text, heading, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells)
    return text.getvalue().encode(), merged


def _written(content: bytes) -> tuple[list[str], dict[int, dict[str, str]]]:
    """The heading, and the cells of each line as they stand there."""
    lines = lines_of(content.decode("utf-8-sig"))
    heading = next(lines)[1] or []
    return heading, {line: dict(zip(heading, cells or [], strict=False)) for line, cells in lines}


def _off_the_price_list(rows: Iterable[Row]) -> Iterator[Problem]:
    """Known assets with prices that no day of receipt can use, because the list of that day lacks them."""
    prices = [row for row in rows if "price" in row and assets.resolve(row["asset"])]
    days: dict[str, list[date]] = {}
    for row in prices:
        if not any(assets.on_price_list(row["asset"], day) for day in _days_served(row["date"])):
            days.setdefault(row["asset"], []).append(row["date"])
    for asset, unused in sorted(days.items()):
        all_days = [row["date"] for row in prices if row["asset"] == asset]
        yield Problem(0, Fault.NOT_ON_PRICE_LIST, "asset", asset, _runs(unused, all_days), len(unused))


@cache
def _days_served(day: date) -> tuple[date, ...]:
    """Days of receipt that take the price of `day`: itself and the days off after it (facts on valuation, rule 2)."""
    calendar = working_calendar()
    days = [day]
    while days[-1] < date.max and not calendar.is_working(days[-1] + timedelta(days=1)):
        days.append(days[-1] + timedelta(days=1))
    return tuple(days)


def _days(spec: FileSpec, rows: Iterable[Row]) -> dict[str, list[date]]:
    """Days by asset or currency."""
    days: dict[str, list[date]] = {}
    for row in rows:
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
