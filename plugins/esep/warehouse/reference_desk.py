"""The reference desk: what a reference file would change before anybody relies on it, and taking it over.

A file replaces the version in force as a whole, so rows that it leaves out are removed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.warehouse import reference, work
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference import ReferenceReport, Version
from esep.warehouse.reference_rules import SPECS, Problem, Row, examine_lines

_COVERED_BY = {"price": "asset", "exchange_rate": "currency"}
"""Files with a row a day, and the column that tells whose day it is."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that the file adds, removes or changes; `line` is its line in the file, None for a removed row."""

    change: str
    line: int | None
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()
    """What differs; empty for a row added or removed."""
    before: Row | None = None
    after: Row | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "change": self.change,
            "line": self.line,
            "key": list(self.key),
            "columns": list(self.columns),
            "before": _plain(self.before),
            "after": _plain(self.after),
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """Days of one asset or currency that have a row of their own."""

    of: str
    first_day: date
    last_day: date
    days: int
    days_before: int
    """The same in the version in force; 0 if it has none."""

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "of": self.of,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "days": self.days,
            "days_before": self.days_before,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong with a file and what it would change. A file with faults would be refused and change nothing."""

    name: str
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    row_count: int
    in_force: Version | None
    is_same: bool
    """Whether the file has the very bytes of the version in force."""
    changes: tuple[RowChange, ...]
    coverage: tuple[Coverage, ...]

    def count(self, change: str) -> int:
        """How many rows are `added`, `removed` or `changed`."""
        return sum(row.change == change for row in self.changes)


@dataclass(frozen=True, slots=True)
class Held:
    """A reference file as it stands: the version in force, its rows, and what lies in the folder reference/."""

    name: str
    version: Version | None
    versions: int
    row_count: int
    coverage: tuple[Coverage, ...]
    waiting: str
    """The file in reference/: `same` as in force, `new` (the next run looks at it), `refused` or `missing`."""


def check(settings: Settings, name: str, content: bytes) -> Check:
    """Examine a file against the rules and against the version in force; changes nothing.

    Raises WarehouseError if the version in force cannot be read.
    """
    rows, found = examine_lines(name, content)
    problems = tuple(problem for problem in found if not problem.is_warning)
    version = reference.in_force(settings, name)
    before = _rows_of(version)
    return Check(
        name,
        problems,
        tuple(problem for problem in found if problem.is_warning),
        len(rows),
        version,
        version is not None and version.sha256 == sha256(content).hexdigest(),
        () if problems else tuple(_changes(name, before, rows)),
        () if problems else tuple(_coverage(name, before, [row for _, row in rows])),
    )


def add(settings: Settings, name: str, content: bytes, now: datetime) -> tuple[Check, ReferenceReport | None]:
    """Check a file and, if it has no fault, put it into reference/ and accept it; else nothing is written.

    Raises WarehouseError if the version in force cannot be read.
    """
    with work.locked(settings):
        checked = check(settings, name, content)
        if checked.problems:
            return checked, None
        with files.replacing(settings.reference / f"{name}.csv") as temporary:
            temporary.write_bytes(content)
        return checked, reference.accept_one(settings, name, now)


def held(settings: Settings) -> list[Held]:
    """All reference files as they stand; raises WarehouseError if a version in force cannot be read."""
    return [_held(settings, name) for name in reference.NAMES]


def _held(settings: Settings, name: str) -> Held:
    version = reference.in_force(settings, name)
    rows = [row for _, row in _rows_of(version)]
    return Held(
        name,
        version,
        reference.version_count(settings, name),
        len(rows),
        tuple(_coverage(name, [], rows)),
        _waiting(settings.reference / f"{name}.csv", version),
    )


def _waiting(path: Path, version: Version | None) -> str:
    try:
        digest = sha256(path.read_bytes()).hexdigest()
        if version and version.sha256 == digest:
            return "same"
        errors = path.with_suffix(".errors.json")
        return "refused" if errors.exists() and files.read_json(errors).get("sha256") == digest else "new"
    except FileNotFoundError:
        return "missing"
    except (OSError, ValueError):
        return "refused"


def _rows_of(version: Version | None) -> list[tuple[int, Row]]:
    """Rows of the version in force that today's rules can read, so that a mended file can be held against it."""
    if version is None:
        return []
    try:
        return examine_lines(version.name, version.path.read_bytes())[0]
    except OSError as error:
        raise WarehouseError(
            f"{version.path}: it cannot be read ({error.strerror}); restore it from a backup"
        ) from None


def _changes(name: str, before: list[tuple[int, Row]], after: list[tuple[int, Row]]) -> Iterable[RowChange]:
    """Rows of one key belong together; of a register with spans the first day is part of the key."""
    old = {_key(name, row): row for _, row in before}
    new = {_key(name, row): (line, row) for line, row in after}
    for key, (line, row) in new.items():
        if key not in old:
            yield RowChange("added", line, key, after=row)
        elif old[key] != row:
            columns = tuple(column for column in row if row[column] != old[key][column])
            yield RowChange("changed", line, key, columns, old[key], row)
    for key, row in old.items():
        if key not in new:
            yield RowChange("removed", None, key, before=row)


def _key(name: str, row: Row) -> tuple[str, ...]:
    spec = SPECS[name]
    columns = (*spec.key, spec.span[0]) if spec.span else spec.key
    return tuple(str(row[column]) for column in columns)


def _coverage(name: str, before: list[tuple[int, Row]], rows: list[Row]) -> Iterable[Coverage]:
    column = _COVERED_BY.get(name)
    if column is None:
        return
    days_before: dict[str, int] = {}
    for _, row in before:
        days_before[row[column]] = days_before.get(row[column], 0) + 1
    days: dict[str, list[date]] = {}
    for row in rows:
        days.setdefault(row[column], []).append(row["date"])
    for of, covered in sorted(days.items()):
        yield Coverage(of, min(covered), max(covered), len(covered), days_before.get(of, 0))


def _plain(row: Row | None) -> dict[str, str | None] | None:
    return row and {column: None if value is None else str(value) for column, value in row.items()}
