"""Writing an annual statement: `reports/statement/<year>/as-known-on-<day>/`, whole or not at all, never over another.

The folder is built aside and renamed. One that is there with equal inputs is verified and left alone; where the content
would differ, because code changed or history was loaded since, the new one is written beside it with a number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from esep.answers import UnknownError, open_warehouse
from esep.answers.statement import Statement, years
from esep.answers.statement import statement as statement_of
from esep.config import Settings
from esep.documents import paper
from esep.documents.book import Book
from esep.documents.model import Document, Section, Words
from esep.examination import suites
from esep.records import heads
from esep.reports import folders, statement_taxpayer, statement_totals
from esep.reports.statement_files import (
    LANGUAGES,
    TAXPAYER,
    folder_name,
    inputs_of,
    read_manifest,
    stem_of,
    verify,
    write_manifest,
    write_tables,
)
from esep.reports.statement_tables import rule_words, words

FOLDER = "statement"
TOTALS = "totals"
_NARROWEST = 17
"""Characters of a column of the workbook, so that words in two languages fit."""

Progress = Callable[[int, int], None]
"""Called with how many taxpayers are done, and of how many."""


class NoFiguresError(ValueError):
    """A statement of nothing was asked for; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Written:
    """A statement in reports/."""

    folder: Path
    written: bool
    """False when it was there already; its files have been verified then."""
    taxpayers: int
    files: int


def write(
    settings: Settings,
    year: int,
    known_on: date,
    *,
    taxpayer_id: str | None = None,
    languages: Sequence[str] = LANGUAGES,
    progress: Progress | None = None,
) -> Written:
    """Write the statement of a year as reported through the local day `known_on`, or only that of one taxpayer.

    Raises NoFiguresError for a year without figures or a taxpayer that it does not mention, WarehouseError while there
    is no snapshot of this code, StatementError for a finished statement that is damaged.
    """
    statement = _statement(settings, year, known_on)
    if taxpayer_id is not None and taxpayer_id not in statement.taxpayer_ids:
        raise NoFiguresError(
            f"{taxpayer_id}: no rows of this taxpayer in {year} as known on {known_on}. Write the number as the "
            f"filings have it; the statement of {year} without a taxpayer lists all {len(statement.taxpayer_ids)}."
        )
    taxpayer_ids = (taxpayer_id,) if taxpayer_id is not None else statement.taxpayer_ids
    rules = _rules(settings, statement)
    inputs = inputs_of(statement, languages, taxpayer_id, rules)
    root = settings.reports / FOLDER
    with folders.locked(settings, FOLDER, root):
        name = folder_name(statement.known_on, languages, taxpayer_id)
        versions = folders.numbered(root / str(year) / name)
        target = next(path for path in versions if not path.exists() or read_manifest(path)["inputs"] == inputs)
        finished = target.exists()
        if finished:
            verify(target)
        else:
            with folders.built_aside(target) as aside:
                if taxpayer_id is None:
                    _write_document(aside / TOTALS, statement_totals.document(statement), languages)
                    write_tables(aside, statement)
                parts = statement_taxpayer.parts(statement, taxpayer_ids)
                for done, (one, part) in enumerate(parts, start=1):
                    document = statement_taxpayer.document(one, part, rules.__getitem__)
                    _write_document(aside / TAXPAYER / stem_of(one), document, languages)
                    if progress:
                        progress(done, len(taxpayer_ids))
                write_manifest(aside, statement, languages, taxpayer_id, taxpayer_ids, inputs, _head(settings))
        count = len(read_manifest(target)["files"])
    return Written(target, not finished, len(taxpayer_ids), count)


def _statement(settings: Settings, year: int, known_on: date) -> Statement:
    with open_warehouse(settings) as connection:
        try:
            return statement_of(connection, settings, year, known_on)
        except UnknownError:
            there = ", ".join(map(str, years(connection, known_on)))
            state = f"years with figures: {there}" if there else "nothing had come by then"
            raise NoFiguresError(f"{year}: no figures of this year as known on {known_on}; {state}.") from None


def _rules(settings: Settings, statement: Statement) -> dict[str, Words]:
    """What the rules say that the statement names."""
    words_of = rule_words(suites.load(settings))
    return {rule_id: words_of(rule_id) for rule_id in sorted({doubt.rule_id for doubt in statement.doubts})}


def _write_document(stem: Path, document: Document, languages: Sequence[str]) -> None:
    """`<stem>.<language>.pdf` for each language, and one workbook in all of them."""
    stem.parent.mkdir(exist_ok=True)
    look = paper.LOOKS / "statement.typ"
    for language in languages:
        stem.with_name(f"{stem.name}.{language}.pdf").write_bytes(paper.pdf({language: document}, look))
    book = Book(languages, least=_NARROWEST)
    book.add_facts(document, words("sheet_statement"), words("exact_note"))
    for section in document.blocks:
        if isinstance(section, Section):
            book.add_section(section)
    book.save(stem.with_name(f"{stem.name}.xlsx"), document.day)


def _head(settings: Settings) -> str:
    return (heads.read(settings.home) or heads.Heads()).hash
