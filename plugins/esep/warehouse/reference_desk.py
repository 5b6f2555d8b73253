"""The reference desk: what a reference file would change before anybody relies on it, and taking it over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.warehouse import reference, reference_folder, work
from esep.warehouse.reference import ReferenceReport, Version
from esep.warehouse.reference_proposal import WHOLE, Lines, Mode, propose
from esep.warehouse.reference_rules import Problem, examine_lines
from esep.warehouse.reference_spec import SPECS, Row


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
        return asdict(self) | {"before": _plain(self.before), "after": _plain(self.after)}


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
        return asdict(self) | {"first_day": self.first_day.isoformat(), "last_day": self.last_day.isoformat()}


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong with a file and what it would change. One with faults or open questions would be refused."""

    name: str
    mode: Mode
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    row_count: int
    in_force: Version | None
    is_same: bool
    """Whether the file has the very bytes of the version in force."""
    changes: tuple[RowChange, ...]
    """Empty for a file with faults; with open questions, what would change if the person said so."""
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


def check(settings: Settings, name: str, content: bytes, mode: Mode = WHOLE) -> Check:
    """Examine a file against the rules and against the version in force; changes nothing.

    Raises WarehouseError if the version in force cannot be read.
    """
    version = reference.in_force(settings, name)
    proposal = propose(name, content, mode, reference.content_of(version) if version else None)
    rows, before = proposal.rows, proposal.before
    return Check(
        name,
        mode,
        proposal.problems,
        proposal.warnings,
        len(rows),
        version,
        version is not None and version.sha256 == sha256(proposal.content).hexdigest(),
        tuple(_changes(name, before, rows)) if proposal.is_readable else (),
        tuple(_coverage(name, before, rows)) if proposal.is_readable else (),
    )


def add(
    settings: Settings, name: str, content: bytes, now: datetime, mode: Mode = WHOLE
) -> tuple[Check, ReferenceReport | None]:
    """Check a file and, if it has no fault and no open question, put it into reference/ and accept it.

    Else nothing is written. A kill in between leaves the file there, and the next run accepts it as it was meant.
    Raises WarehouseError if the version in force cannot be read.
    """
    with work.locked(settings):
        checked = check(settings, name, content, mode)
        if checked.problems:
            return checked, None
        digest = sha256(content).hexdigest()
        target = reference_folder.drop(settings, name, mode)
        aside = reference_folder.place(target, content, reference.replaceable(settings, name), digest)
        report = reference.accept_drop(settings, target, now)
        reference_folder.answered(settings, name, digest)
        return checked, replace(report, set_aside=report.set_aside or aside)


def held(settings: Settings) -> list[Held]:
    """All reference files as they stand; raises WarehouseError if a version in force cannot be read."""
    return [_held(settings, name) for name in reference.NAMES]


def _held(settings: Settings, name: str) -> Held:
    version = reference.in_force(settings, name)
    rows = examine_lines(name, reference.content_of(version))[0] if version else []
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


def _changes(name: str, before: Lines, after: Lines) -> Iterable[RowChange]:
    """Rows of one key belong together; of a register with spans the first day is part of the key."""
    spec = SPECS[name]
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


def _coverage(name: str, before: Lines, rows: Lines) -> Iterable[Coverage]:
    column = SPECS[name].days_of
    if column is None:
        return
    days_before: dict[str, int] = {}
    for _, row in before:
        days_before[row[column]] = days_before.get(row[column], 0) + 1
    days: dict[str, list[date]] = {}
    for _, row in rows:
        days.setdefault(row[column], []).append(row["date"])
    for of, covered in sorted(days.items()):
        yield Coverage(of, min(covered), max(covered), len(covered), days_before.get(of, 0))


def _plain(row: Row | None) -> dict[str, str | None] | None:
    return row and {column: None if value is None else str(value) for column, value in row.items()}
