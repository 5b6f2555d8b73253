"""How the reference desk tells its results: as plain values for JSON, as tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from esep.answers.office_state import RefusedFile
from esep.clock import TIMEZONE
from esep.texts import LANGUAGES, text
from esep.warehouse.reference import ReferenceReport
from esep.warehouse.reference_desk import Check, Coverage, Held, RowChange
from esep.warehouse.reference_rules import Problem
from esep.warehouse.reference_spec import todo

SHOWN = 10
"""Rows of a kind of change that are listed without --all."""


class Words:
    """The catalogue's texts of the reference desk in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __getitem__(self, name: str) -> str:
        return text(f"reference.{name}", self.language)


def check_as_plain(checked: Check, state: str | None, path: Path) -> dict[str, object]:
    """The check as JSON values; keys are stable. `state` is what `add` did, None for `check`."""
    return {
        "name": checked.name,
        "state": state,
        "mode": checked.mode.label,
        "row_count": checked.row_count,
        "faults": [problem.as_dict() for problem in checked.problems],
        "warnings": [problem.as_dict() for problem in checked.warnings],
        "todo": {language: _todo(checked, path, language) for language in LANGUAGES},
        "in_force_since": checked.in_force.accepted_at.isoformat() if checked.in_force else None,
        "is_same": checked.is_same,
        **{change: checked.count(change) for change in ("added", "changed", "removed")},
        "changes": [change.as_dict() for change in checked.changes],
        "coverage": [coverage.as_dict() for coverage in checked.coverage],
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
                {key: value for key, value in coverage.as_dict().items() if key != "days_before"}
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


def print_check(checked: Check, report: ReferenceReport | None, path: Path, language: str, show_all: bool) -> None:
    """Faults and warnings by line, then what the file changes. `report` is what `add` did, None for `check`."""
    word = Words(language)
    console = Console(soft_wrap=False)
    console.print(f"[bold]{escape(str(path))}[/bold] ({checked.name})")
    for title, problems in (("faults", checked.problems), ("warnings", checked.warnings)):
        if problems:
            console.print(_problem_table(problems, word[title], word))
    if checked.problems:
        console.print(word["not_added"], style="red")
        for step in _todo(checked, path, language):
            console.print(step, markup=False, highlight=False)
    if any(not problem.is_question for problem in checked.problems):
        return
    if checked.in_force:
        since = checked.in_force.accepted_at.astimezone(TIMEZONE)
        console.print(word["against"].format(since=f"{since:%Y-%m-%d %H:%M}"))
    else:
        console.print(word["none_in_force"])
    counts = {change: checked.count(change) for change in ("added", "changed", "removed")}
    console.print(word["counts"].format(rows=checked.row_count, **counts))
    if checked.mode.adds:
        console.print(word["added_to"])
    elif counts["removed"]:
        console.print(word["replaces"], style="yellow")
    if checked.changes:
        console.print(_change_table(checked, word, show_all))
    if checked.coverage:
        console.print(_coverage_table(checked.coverage, word))
    if report and report.set_aside:
        console.print(word["set_aside"].format(path=report.set_aside), style="yellow", markup=False)
    if not checked.problems:
        state = report.state if report else None
        console.print(word["unchanged" if checked.is_same else state or "good"], style="green")


def print_held(held: Sequence[Held], refused: Sequence[RefusedFile], language: str) -> None:
    """One line a file, the days that prices and rates cover, and what was refused with what to do about it."""
    word = Words(language)
    console = Console(soft_wrap=False)
    table = _table(word["held"])
    table.add_column(word["file"], no_wrap=True)
    table.add_column(word["since"], min_width=10)
    for name in ("rows", "versions"):
        table.add_column(word[name], justify="right", no_wrap=True)
    table.add_column(word["coverage"], min_width=11)
    table.add_column(word["waiting"], overflow="fold")
    for file in held:
        since = f"{file.version.accepted_at.astimezone(TIMEZONE):%Y-%m-%d %H:%M}" if file.version else ""
        table.add_row(
            file.name, since, f"{file.row_count:,}", str(file.versions), _span(file.coverage), word[file.waiting]
        )
    console.print(table)
    if refused:
        console.print(word["refused_files"], style="bold red")
    for one in refused:
        console.print(f"{one.file}: {one.sentence(language)}", markup=False, highlight=False)
        for step in one.todo.get(language, ()):
            console.print(f"  {step}", markup=False, highlight=False)


def _todo(checked: Check, path: Path, language: str) -> list[str]:
    return todo([problem.fault for problem in checked.problems], checked.name, str(path), language)


def _names(refused: Sequence[RefusedFile]) -> list[str]:
    return list(dict.fromkeys(one.name for one in refused))


def _span(coverage: Sequence[Coverage]) -> str:
    if not coverage:
        return ""
    return f"{min(of.first_day for of in coverage)} … {max(of.last_day for of in coverage)}"


def _problem_table(problems: Sequence[Problem], title: str, word: Words) -> Table:
    table = _table(title)
    table.add_column(word["line"], justify="right")
    table.add_column(word["what"], overflow="fold")
    for problem in problems:
        table.add_row(str(problem.line or ""), escape(problem.text(word.language)))
    return table


def _change_table(checked: Check, word: Words, show_all: bool) -> Table:
    table = _table("")
    table.add_column(word["change"], no_wrap=True)
    table.add_column(word["line"], justify="right")
    table.add_column(word["row"], overflow="fold")
    table.add_column(word["values"], overflow="fold")
    for kind in ("changed", "removed", "added"):
        rows = [change for change in checked.changes if change.change == kind]
        shown = rows if show_all else rows[:SHOWN]
        for change in shown:
            line = "" if change.line is None else str(change.line)
            table.add_row(word[kind], line, escape(" ".join(change.key)), escape(_values(change)))
        if len(rows) > len(shown):
            table.add_row(word[kind], "…", word["more"].format(n=len(rows) - len(shown)), "")
    return table


def _values(change: RowChange) -> str:
    """What differs, else the values that are not part of the key."""
    before, after = change.before or {}, change.after or {}
    if change.columns:
        return "; ".join(f"{name} {_shown(before[name])} → {_shown(after[name])}" for name in change.columns)
    row = after or before
    return ", ".join(str(value) for value in row.values() if value is not None and str(value) not in change.key)


def _shown(value: object) -> str:
    return "—" if value is None else str(value)


def _coverage_table(coverage: Sequence[Coverage], word: Words) -> Table:
    table = _table(word["coverage"])
    table.add_column(word["of"], overflow="fold")
    table.add_column(word["first"], no_wrap=True)
    table.add_column(word["last"], no_wrap=True)
    table.add_column(word["days"], justify="right")
    table.add_column(word["before"], justify="right")
    for of in coverage:
        table.add_row(
            escape(of.of), of.first_day.isoformat(), of.last_day.isoformat(), f"{of.days:,}", f"{of.days_before:,}"
        )
    return table


def _table(title: str) -> Table:
    return Table(title=title or None, title_justify="left", title_style="bold")
