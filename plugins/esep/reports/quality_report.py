"""Writes the monthly report on quality: one month, or all that are due.

A report whose content is the same but for its day stays as it is; one that changed is written anew, and every former
version stays beside it under its day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from esep.answers import open_warehouse
from esep.answers.quality_scope import months_to_tell
from esep.config import Settings
from esep.documents import html, paper
from esep.examination import suites
from esep.reports import quality_files
from esep.reports.quality_content import content
from esep.reports.quality_facts import QualityFacts, facts, months_before
from esep.texts import LANGUAGES

MONTHS_AFTER = 2
"""A month is reported in the second month after it: its term, refusals and notices are then over."""


@dataclass(frozen=True, slots=True)
class Written:
    """A report and where it lies."""

    month: date
    as_of: date
    """The day of the report that stands there now: an unchanged one keeps its own."""
    folder: Path
    written: bool
    """False: what stood there says the same."""

    def file(self, language: str, kind: str) -> Path:
        return self.folder / f"report.{language}.{kind}"


def month_due(as_of: date) -> date:
    """The latest month that is to be reported on a day."""
    return months_before(as_of.replace(day=1), MONTHS_AFTER)


def write(settings: Settings, month: date, as_of: date) -> Written:
    """The report of a month as of a day, which knows what was known before the day began.

    Raises MonthError, UnknownError("month"), and what `open_warehouse` raises.
    """
    with open_warehouse(settings) as connection:
        told = facts(connection, month, as_of)
    with quality_files.locked(settings):
        return _write(settings, told)


def _write(settings: Settings, told: QualityFacts) -> Written:
    month = told.month
    current = quality_files.manifest(settings, month)
    if current is not None:
        as_then = replace(told, as_of=date.fromisoformat(current.as_of), code_version=current.code_version)
        contents = render(settings, as_then)
        if quality_files.describe(month, as_then.as_of, as_then.code_version, contents) == current:
            if not quality_files.is_whole(settings, month, current):
                quality_files.put(settings, month, current, contents)
            return Written(month, as_then.as_of, quality_files.folder_of(settings, month), False)
    contents = render(settings, told)
    quality_files.put(settings, month, quality_files.describe(month, told.as_of, told.code_version, contents), contents)
    return Written(month, told.as_of, quality_files.folder_of(settings, month), True)


def months(settings: Settings, as_of: date) -> list[date]:
    """The months with filings or with a pool that was to file, up to the latest that is to be reported on the day."""
    with open_warehouse(settings) as connection:
        return [month for month in months_to_tell(connection) if month <= month_due(as_of)]


def render(settings: Settings, told: QualityFacts) -> dict[str, bytes]:
    """The files of a report by name: HTML and PDF in all languages."""
    clauses: dict[str, list[suites.Rule]] = {}
    for clause in suites.load(settings).rules:
        clauses.setdefault(clause.rule_id, []).append(clause)
    look = paper.LOOKS / "report.typ"
    contents: dict[str, bytes] = {}
    for language in LANGUAGES:
        said = content(told, clauses, language)
        contents[f"report.{language}.html"] = html.html(said, language)
        contents[f"report.{language}.pdf"] = paper.pdf({language: said}, look)
    return contents
