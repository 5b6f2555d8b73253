"""Writing an annual statement: `reports/statement/<year>/as-known-on-<day>/`, whole or not at all, never over another.

The folder is built aside and renamed. One that is there with equal inputs is verified and left alone; where the content
would differ, because code changed or history was loaded since, the new one is written beside it with a number.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from filelock import FileLock

from esep import files
from esep.answers import UnknownError, open_warehouse
from esep.answers.statement import Statement, years
from esep.answers.statement_sources import statement as told
from esep.config import Settings
from esep.documents import paper
from esep.documents.book import Book
from esep.documents.model import Document, Section, Words
from esep.examination import suites
from esep.records import heads
from esep.reports import statement_taxpayer, statement_totals
from esep.reports.statement_files import (
    LANGUAGES,
    TAXPAYER,
    folder_name,
    inputs_of,
    read_manifest,
    stem_of,
    verify,
    write_manifest,
)
from esep.reports.statement_parquet import write_tables
from esep.reports.statement_tables import rule_words, words

FOLDER = "statement"
STAGING = ".staging"
LOCK = "statement.lock"
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
    """Write the statement of a year as told through the local day `known_on`, or only that of one taxpayer.

    Raises NoFiguresError for a year without figures or a taxpayer that it does not tell of, WarehouseError while there
    is no snapshot of this code, StatementError for a finished statement that is damaged.
    """
    statement = _told(settings, year, known_on)
    if taxpayer_id is not None and taxpayer_id not in statement.taxpayer_ids:
        raise NoFiguresError(
            f"{taxpayer_id}: no rows of this taxpayer in {year} as known on {known_on}. Write the number as the "
            f"filings have it; the statement of {year} without a taxpayer lists all {len(statement.taxpayer_ids)}."
        )
    taxpayer_ids = (taxpayer_id,) if taxpayer_id is not None else statement.taxpayer_ids
    rules = _rules(settings, statement)
    inputs = inputs_of(statement, languages, taxpayer_id, rules)
    settings.locks.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.locks / LOCK):
        target, finished = _target(settings, statement, languages, taxpayer_id, inputs)
        if not finished:
            _remove_unfinished(settings)
            staging = target.parent / STAGING
            aside = staging / uuid.uuid4().hex
            aside.mkdir(parents=True)
            try:
                if taxpayer_id is None:
                    _write_totals(aside, statement, languages)
                for done, one in enumerate(_documents(statement, taxpayer_ids, rules), start=1):
                    _write_document(aside / TAXPAYER / stem_of(one[0]), one[1], languages)
                    if progress:
                        progress(done, len(taxpayer_ids))
                write_manifest(aside, statement, languages, taxpayer_id, taxpayer_ids, inputs, _head(settings))
                _put_in_place(aside, target)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
        count = len(read_manifest(target)["files"])
    return Written(target, not finished, len(taxpayer_ids), count)


def _remove_unfinished(settings: Settings) -> None:
    """What killed runs left, of any year. The lock is held, so nobody is writing it."""
    for staging in (settings.reports / FOLDER).glob(f"**/{STAGING}"):
        shutil.rmtree(staging, ignore_errors=True)


def _told(settings: Settings, year: int, known_on: date) -> Statement:
    with open_warehouse(settings) as connection:
        try:
            return told(connection, settings, year, known_on)
        except UnknownError:
            there = ", ".join(map(str, years(connection, known_on)))
            state = f"years with figures: {there}" if there else "nothing had come by then"
            raise NoFiguresError(f"{year}: no figures of this year as known on {known_on}; {state}.") from None


def _rules(settings: Settings, statement: Statement) -> dict[str, Words]:
    """What the rules say that the statement names."""
    words_of = rule_words(suites.load(settings))
    return {rule_id: words_of(rule_id) for rule_id in sorted({doubt.rule_id for doubt in statement.doubts})}


def _target(
    settings: Settings, statement: Statement, languages: Sequence[str], taxpayer_id: str | None, inputs: str
) -> tuple[Path, bool]:
    """The folder, and whether it is finished: the one with equal inputs, else the first name that is free."""
    parent = settings.reports / FOLDER / str(statement.year)
    serial = 1
    while True:
        folder = parent / folder_name(statement.known_on, languages, taxpayer_id, serial)
        if not folder.exists():
            return folder, False
        manifest = read_manifest(folder)
        if manifest["inputs"] == inputs:
            verify(folder, manifest)
            return folder, True
        serial += 1


def _documents(
    statement: Statement, taxpayer_ids: Sequence[str], rules: dict[str, Words]
) -> Iterator[tuple[str, Document]]:
    for taxpayer_id, part in statement_taxpayer.parts(statement, taxpayer_ids):
        yield taxpayer_id, statement_taxpayer.document(taxpayer_id, part, rules.__getitem__)


def _write_totals(folder: Path, statement: Statement, languages: Sequence[str]) -> None:
    _write_document(folder / TOTALS, statement_totals.document(statement), languages)
    write_tables(folder, statement)


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


def _put_in_place(aside: Path, target: Path) -> None:
    """One rename, after every byte is on disk."""
    for path in aside.rglob("*"):
        files.flush_to_disk(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside.rename(target)
    files.flush_to_disk(target.parent)
