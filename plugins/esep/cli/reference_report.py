"""What `bin/esep reference` shows: what is in force, and what a file would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from esep import clock
from esep.cli.common import fields_of
from esep.documents.model import Block, Cell, Items, Kind, Paragraph, Table, titled
from esep.texts import LANGUAGES, text

if TYPE_CHECKING:
    from esep.answers.status import RefusedFile
    from esep.warehouse.reference import Held, ReferenceReport
    from esep.warehouse.reference_preview import Preview
    from esep.warehouse.reference_proposal import Coverage, Proposal, RowChange

SHOWN = 10
"""Rows of a kind of change that are listed without --all."""
_table = partial(titled, look="grid")


def check_as_plain(checked: Proposal, state: str | None, figures: Preview | None, path: str) -> dict[str, object]:
    """The check for programs; keys are stable. `state` is what `add` did, `figures` what `check` found."""
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
        **fields_of(checked, "changes", "coverage"),
        "figures": figures_as_plain(figures) if figures else None,
    }


def figures_as_plain(figures: Preview) -> dict[str, object]:
    """What would be moved, for programs; keys are stable."""
    names = ("year", "role", "before", "after", "difference")
    return {"state": figures.state, "moves": [fields_of(move, *names) for move in figures.moves]}


def held_as_plain(held: Sequence[Held], refused: Sequence[RefusedFile]) -> list[dict[str, object]]:
    """The versions in force for programs, and files that no name fits after them; keys are stable."""
    from esep.warehouse.reference import Held

    names = {file.name for file in held}
    strangers = dict.fromkeys(one.name for one in refused if one.name not in names)
    return [
        {
            "name": file.name,
            "accepted_at": file.version.accepted_at if file.version else None,
            "sha256": file.version.sha256 if file.version else None,
            "row_count": file.row_count,
            "versions": file.versions,
            "in_folder": file.waiting,
            "coverage": [fields_of(coverage, "of", "first_day", "last_day", "days") for coverage in file.coverage],
            "refused": [refused_as_plain(one) for one in refused if one.name == file.name],
        }
        for file in (*held, *(Held(name, None, 0, 0, (), "refused") for name in strangers))
    ]


def refused_as_plain(file: RefusedFile) -> dict[str, object]:
    """A refused file for programs; keys are stable."""
    return {
        "name": file.name,
        "file": file.file,
        "faults": file.fault_count,
        "first_line": file.line,
        "first_fault": file.words,
        "todo": file.todo,
        "refused_at": file.refused_at,
    }


def check_report(
    checked: Proposal,
    report: ReferenceReport | None,
    figures: Preview | None,
    path: str,
    language: str,
    show_all: bool,
) -> Iterator[Block]:
    """Faults and warnings by line, then what the file changes, and what of the figures it would move.

    `report` is what `add` did, `figures` what `check` found.
    """
    word = partial(_word, language)
    yield Paragraph(f"{path} ({checked.name})", "strong")
    for title, problems in (("faults", checked.problems), ("warnings", checked.warnings)):
        if problems:
            rows = [(problem.place, problem.text(language)) for problem in problems]
            columns = (("reference.line", Kind.NUMBER), ("reference.what", Kind.SAID))
            yield _table(f"reference.{title}", columns, rows, language)
    if checked.problems:
        yield Paragraph(word("not_added"), "bad")
        yield from map(Paragraph, _todo(checked, path, language))
    if any(not problem.is_question for problem in checked.problems):
        return
    since = _moment(checked.since)
    yield Paragraph(word("against", since=since) if since else word("none_in_force"))
    counts = {change: checked.count(change) for change in ("added", "changed", "removed")}
    yield Paragraph(word("counts", rows=checked.row_count, **counts))
    if checked.mode.adds:
        yield Paragraph(word("added_to"))
    elif counts["removed"]:
        yield Paragraph(word("replaces"), "careful")
    if checked.changes:
        yield _changes(checked, language, show_all)
    if checked.coverage:
        yield _coverage(checked.coverage, language)
    if figures:
        yield from figures_report(figures, language)
    if report and report.set_aside:
        yield Paragraph(word("set_aside", path=report.set_aside), "careful")
    if not checked.problems:
        state = report.state if report else None
        said = "unchanged" if checked.is_same else "nothing_new" if checked.adds_nothing else state or "good"
        yield Paragraph(word(said), "good")


def figures_report(figures: Preview, language: str) -> Iterator[Block]:
    """Tenge per year that would change, or why that cannot be said."""
    if not figures.moves:
        said = "figures_same" if figures.state == "worked_out" else f"figures_{figures.state}"
        yield Paragraph(_word(language, said))
        return
    columns = (
        ("reference.year", Kind.NUMBER),
        ("reference.role", Kind.SAID),
        ("reference.income_before", Kind.MONEY),
        ("reference.income_after", Kind.MONEY),
        ("reference.income_difference", Kind.MONEY),
    )
    rows = [
        (str(move.year), text(f"state.role_{move.role}", language), move.before, move.after, move.difference)
        for move in figures.moves
    ]
    yield _table("reference.figures", columns, rows, language)


def held_report(held: Sequence[Held], refused: Sequence[RefusedFile], language: str) -> Iterator[Block]:
    """One line a file, the days that prices and rates cover, and what was refused with what to do about it."""
    word = partial(_word, language)
    columns = (
        ("reference.file", Kind.CODE),
        ("reference.since", Kind.SAID),
        ("reference.rows", Kind.NUMBER),
        ("reference.versions", Kind.NUMBER),
        ("reference.coverage", Kind.SAID),
        ("reference.waiting", Kind.SAID),
    )
    rows = [
        (
            of.name,
            _moment(of.version.accepted_at if of.version else None),
            f"{of.row_count:,}",
            of.versions,
            _span(of.coverage),
            word(of.waiting),
        )
        for of in held
    ]
    yield _table("reference.held", columns, rows, language)
    if refused:
        yield Paragraph(word("refused_files"), "worst")
    for one in refused:
        yield Paragraph(f"{one.file}: {one.sentence(language)}")
        yield Items(one.todo.get(language, ()))


def _word(language: str, name: str, **values: object) -> str:
    return text(f"reference.{name}", language, **values)


def _moment(accepted_at: datetime | None) -> str:
    """When a version was accepted; empty where there is none."""
    return f"{accepted_at.astimezone(clock.TIMEZONE):%Y-%m-%d %H:%M}" if accepted_at else ""


def _todo(checked: Proposal, path: str, language: str) -> list[str]:
    from esep.warehouse.reference_spec import todo

    return todo([problem.fault for problem in checked.problems], checked.name, path, language)


def _span(coverage: Sequence[Coverage]) -> str:
    if not coverage:
        return ""
    return f"{min(of.first_day for of in coverage)} … {max(of.last_day for of in coverage)}"


def _changes(checked: Proposal, language: str, show_all: bool) -> Table:
    word = partial(_word, language)
    rows: list[tuple[Cell, ...]] = []
    for kind in ("changed", "removed", "added"):
        found = [change for change in checked.changes if change.change == kind]
        listed = found if show_all else found[:SHOWN]
        for change in listed:
            line = "" if change.line is None else change.line
            rows.append((word(kind), line, " ".join(change.key), _values(change)))
        if len(found) > len(listed):
            rows.append((word(kind), "…", word("more", n=len(found) - len(listed)), ""))
    columns = (
        ("reference.change", Kind.CODE),
        ("reference.line", Kind.NUMBER),
        ("reference.row", Kind.SAID),
        ("reference.values", Kind.SAID),
    )
    return _table("", columns, rows, language)


def _values(change: RowChange) -> str:
    """What differs, else the values that are not part of the key."""
    before, after = change.before or {}, change.after or {}
    if change.columns:
        return "; ".join(f"{name} {_shown(before[name])} → {_shown(after[name])}" for name in change.columns)
    row = after or before
    return ", ".join(str(value) for value in row.values() if value is not None and str(value) not in change.key)


def _shown(value: object) -> str:
    return "—" if value is None else str(value)


def _coverage(coverage: Sequence[Coverage], language: str) -> Table:
    columns = (
        ("reference.of", Kind.SAID),
        ("reference.first", Kind.CODE),
        ("reference.last", Kind.CODE),
        ("reference.days", Kind.NUMBER),
        ("reference.before", Kind.NUMBER),
    )
    rows = [
        (of.of, of.first_day.isoformat(), of.last_day.isoformat(), f"{of.days:,}", f"{of.days_before:,}")
        for of in coverage
    ]
    return _table("reference.coverage", columns, rows, language)
