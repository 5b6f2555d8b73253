"""How the reference desk tells its results: as plain values for JSON, as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from esep.answers.office_state import RefusedFile
from esep.clock import TIMEZONE
from esep.documents.model import Block, Cell, Column, Items, Kind, Paragraph, Table
from esep.texts import LANGUAGES, text
from esep.warehouse.reference import Held, ReferenceReport
from esep.warehouse.reference_proposal import Coverage, Proposal, RowChange
from esep.warehouse.reference_spec import todo

SHOWN = 10
"""Rows of a kind of change that are listed without --all."""


class Words:
    """The catalogue's texts of the reference desk in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __getitem__(self, name: str) -> str:
        return text(f"reference.{name}", self.language)

    def table(self, title: str, columns: Iterable[tuple[str, Kind]], rows: Sequence[Sequence[Cell]]) -> Table:
        """A table of (name of the heading, kind) columns."""
        return Table([Column(self[name], kind) for name, kind in columns], rows, caption=title, look="grid")


def check_as_plain(checked: Proposal, state: str | None, path: Path) -> dict[str, object]:
    """The check as JSON values; keys are stable. `state` is what `add` did, None for `check`."""
    return {
        "name": checked.name,
        "state": state,
        "mode": checked.mode,
        "row_count": checked.row_count,
        "faults": [problem.as_dict() for problem in checked.problems],
        "warnings": [problem.as_dict() for problem in checked.warnings],
        "todo": {language: _todo(checked, path, language) for language in LANGUAGES},
        "in_force_since": checked.since,
        "is_same": checked.is_same,
        **{change: checked.count(change) for change in ("added", "changed", "removed")},
        "changes": [asdict(change) for change in checked.changes],
        "coverage": [asdict(coverage) for coverage in checked.coverage],
    }


def held_as_plain(held: Sequence[Held], refused: Sequence[RefusedFile]) -> list[dict[str, object]]:
    """The versions in force as JSON values, and files that no name fits after them; keys are stable."""
    names = {file.name for file in held}
    strangers = [Held(name, None, 0, 0, (), "refused") for name in _names(refused) if name not in names]
    return [
        {
            "name": file.name,
            "accepted_at": file.version.accepted_at.isoformat() if file.version else None,
            "sha256": file.version.sha256 if file.version else None,
            "row_count": file.row_count,
            "versions": file.versions,
            "in_folder": file.waiting,
            "coverage": [
                {key: value for key, value in asdict(coverage).items() if key != "days_before"}
                for coverage in file.coverage
            ],
            "refused": [refused_as_plain(one) for one in refused if one.name == file.name],
        }
        for file in (*held, *strangers)
    ]


def refused_as_plain(file: RefusedFile) -> dict[str, object]:
    """A refused file as JSON values; keys are stable."""
    return {
        "name": file.name,
        "file": file.file,
        "faults": file.fault_count,
        "first_line": file.line,
        "first_fault": dict(file.words),
        "todo": {language: list(steps) for language, steps in file.todo.items()},
        "refused_at": file.refused_at.isoformat(),
    }


def check_report(
    checked: Proposal, report: ReferenceReport | None, path: Path, language: str, show_all: bool
) -> Iterator[Block]:
    """Faults and warnings by line, then what the file changes. `report` is what `add` did, None for `check`."""
    word = Words(language)
    yield Paragraph(f"{path} ({checked.name})", "strong")
    for title, problems in (("faults", checked.problems), ("warnings", checked.warnings)):
        if problems:
            rows = [(str(problem.line or ""), problem.text(language)) for problem in problems]
            yield word.table(word[title], (("line", Kind.NUMBER), ("what", Kind.SAID)), rows)
    if checked.problems:
        yield Paragraph(word["not_added"], "bad")
        yield from map(Paragraph, _todo(checked, path, language))
    if any(not problem.is_question for problem in checked.problems):
        return
    since = _moment(checked.since)
    yield Paragraph(word["against"].format(since=since) if since else word["none_in_force"])
    counts = {change: checked.count(change) for change in ("added", "changed", "removed")}
    yield Paragraph(word["counts"].format(rows=checked.row_count, **counts))
    if checked.mode.adds:
        yield Paragraph(word["added_to"])
    elif counts["removed"]:
        yield Paragraph(word["replaces"], "careful")
    if checked.changes:
        yield _changes(checked, word, show_all)
    if checked.coverage:
        yield _coverage(checked.coverage, word)
    if report and report.set_aside:
        yield Paragraph(word["set_aside"].format(path=report.set_aside), "careful")
    if not checked.problems:
        state = report.state if report else None
        yield Paragraph(word["unchanged" if checked.is_same else state or "good"], "good")


def held_report(held: Sequence[Held], refused: Sequence[RefusedFile], language: str) -> Iterator[Block]:
    """One line a file, the days that prices and rates cover, and what was refused with what to do about it."""
    word = Words(language)
    columns = (
        ("file", Kind.CODE),
        ("since", Kind.SAID),
        ("rows", Kind.NUMBER),
        ("versions", Kind.NUMBER),
        ("coverage", Kind.SAID),
        ("waiting", Kind.SAID),
    )
    rows = [
        (
            file.name,
            _moment(file.version.accepted_at if file.version else None),
            f"{file.row_count:,}",
            file.versions,
            _span(file.coverage),
            word[file.waiting],
        )
        for file in held
    ]
    yield word.table(word["held"], columns, rows)
    if refused:
        yield Paragraph(word["refused_files"], "worst")
    for one in refused:
        yield Paragraph(f"{one.file}: {one.sentence(language)}")
        yield Items(one.todo.get(language, ()))


def _moment(accepted_at: datetime | None) -> str:
    """When a version was accepted; empty where there is none."""
    return f"{accepted_at.astimezone(TIMEZONE):%Y-%m-%d %H:%M}" if accepted_at else ""


def _todo(checked: Proposal, path: Path, language: str) -> list[str]:
    return todo([problem.fault for problem in checked.problems], checked.name, str(path), language)


def _names(refused: Sequence[RefusedFile]) -> list[str]:
    return list(dict.fromkeys(one.name for one in refused))


def _span(coverage: Sequence[Coverage]) -> str:
    if not coverage:
        return ""
    return f"{min(of.first_day for of in coverage)} … {max(of.last_day for of in coverage)}"


def _changes(checked: Proposal, word: Words, show_all: bool) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for kind in ("changed", "removed", "added"):
        found = [change for change in checked.changes if change.change == kind]
        listed = found if show_all else found[:SHOWN]
        for change in listed:
            line = "" if change.line is None else change.line
            rows.append((word[kind], line, " ".join(change.key), _values(change)))
        if len(found) > len(listed):
            rows.append((word[kind], "…", word["more"].format(n=len(found) - len(listed)), ""))
    columns = (("change", Kind.CODE), ("line", Kind.NUMBER), ("row", Kind.SAID), ("values", Kind.SAID))
    return word.table("", columns, rows)


def _values(change: RowChange) -> str:
    """What differs, else the values that are not part of the key."""
    before, after = change.before or {}, change.after or {}
    if change.columns:
        return "; ".join(f"{name} {_shown(before[name])} → {_shown(after[name])}" for name in change.columns)
    row = after or before
    return ", ".join(str(value) for value in row.values() if value is not None and str(value) not in change.key)


def _shown(value: object) -> str:
    return "—" if value is None else str(value)


def _coverage(coverage: Sequence[Coverage], word: Words) -> Table:
    columns = (
        ("of", Kind.SAID),
        ("first", Kind.CODE),
        ("last", Kind.CODE),
        ("days", Kind.NUMBER),
        ("before", Kind.NUMBER),
    )
    rows = [
        (of.of, of.first_day.isoformat(), of.last_day.isoformat(), f"{of.days:,}", f"{of.days_before:,}")
        for of in coverage
    ]
    return word.table(word["coverage"], columns, rows)
