"""Building a letter aside and putting it into its folder of the outbox, the status file last.

File names are the same for every filing: `refusal.pdf`, `refusal.docx`, `findings.xlsx`, `workbook-1.xlsx`, …,
`status.json`. These plain names are the first refusal's; status and enclosures of every other letter carry its code
(`status-A-1.json`, `notice.pdf` with `findings-N-1.xlsx`, `notice-2.pdf` with `findings-N-2.xlsx`), so that no letter
is in the way of another.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

from filelock import FileLock

from esep import files
from esep.config import Settings
from esep.documents import paper
from esep.documents.word import write_docx
from esep.letters.annotate import MOST_COPIES, Copy, annotate_package, faulty_workbooks
from esep.letters.content import Enclosures, document
from esep.letters.facts import Facts
from esep.letters.findings_book import cell_lookup, write_findings_book
from esep.letters.remarks import Citations, filing_no
from esep.letters.status import status_of
from esep.letters.wording import LETTER_LANGUAGES, phrase
from esep.office.archive import Entry

STAGING = ".staging"
SHELVES = 16
"""Locks that all folders of the outbox share: a lock for each would leave a file for each."""


class LetterError(ValueError):
    """A letter that cannot be written from these facts; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in the outbox. `files` are its parts and enclosures, `status` its status file."""

    letter_no: str
    folder: Path
    files: tuple[Path, ...]
    status: Path
    written: bool
    """False when the letter was there already and was left as it is."""


def place(
    settings: Settings, facts: Facts, citations: Citations | None = None, entries: Sequence[Entry] = ()
) -> Letter:
    """Write the letter and everything that goes with it, once: a letter that is there stays as it is.

    A letter with remarks needs the suites' `citations`; `entries` are the filings whose workbooks are copied.
    While the status file is missing the letter is not written, and the next call writes all of it, to the same bytes.
    Letters of one folder are written one at a time, those of others side by side; what a killed writer left aside is
    removed by the next that holds its lock.
    """
    folder = settings.outbox / facts.head.folder
    status = folder / facts.head.status
    if status.exists():
        return _there(facts, folder, status)
    with _alone(settings, facts.head.folder) as staging:
        if status.exists():
            return _there(facts, folder, status)
        aside = staging / facts.head.folder
        aside.mkdir(parents=True)
        built = _build(settings, facts, citations, entries, aside)
        folder.mkdir(parents=True, exist_ok=True)
        for file in built:
            files.flush_to_disk(file)
            file.replace(folder / file.name)
        files.flush_to_disk(folder)
    placed = tuple(folder / file.name for file in built)
    return Letter(facts.head.letter_no, folder, placed[:-1], placed[-1], written=True)


@contextmanager
def _alone(settings: Settings, folder: str) -> Iterator[Path]:
    """Hold the lock of a folder of the outbox; gives an empty folder to build in, which only its holder uses."""
    shelf = crc32(folder.encode()) % SHELVES
    settings.locks.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.locks / f"outbox-{shelf}.lock"):
        staging = settings.outbox / STAGING / str(shelf)
        shutil.rmtree(staging, ignore_errors=True)
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _there(facts: Facts, folder: Path, status: Path) -> Letter:
    try:
        names = [file["name"] for file in files.read_json(status)["files"]]
    except (ValueError, KeyError, TypeError) as error:
        raise LetterError(
            f"{status}: not a status file that can be read ({error!r}). Restore it or move it away."
        ) from error
    return Letter(facts.head.letter_no, folder, tuple(folder / name for name in names), status, written=False)


def _build(
    settings: Settings, facts: Facts, citations: Citations | None, entries: Sequence[Entry], aside: Path
) -> list[Path]:
    """All files of the letter in `aside`, the status file last."""
    head = facts.head
    built: list[Path] = []
    copies, left = _copies(settings, facts, entries, aside)
    cell_of = cell_lookup(
        {(copy.registration_no, copy.file, sheet): found for copy in copies for sheet, found in copy.columns.items()}
    )
    enclosures = Enclosures()
    if facts.enclosed and citations:
        built = [*(copy.path for copy in copies if copy.path), aside / head.book]
        write_findings_book(built[-1], facts.enclosed, citations, cell_of, head.dated)
        enclosures = Enclosures(head.book, head.status, tuple(copies), left)
    documents = {language: document(facts, language, enclosures, cell_of) for language in LETTER_LANGUAGES}
    built = [aside / f"{head.stem}.pdf", aside / f"{head.stem}.docx", *built]
    built[0].write_bytes(paper.pdf(documents, paper.look("letter.typ", settings.looks)))
    write_docx(built[1], documents, paper.look("letter.docx", settings.looks))
    files.write_json(aside / head.status, status_of(facts, enclosures, built))
    return [*built, aside / head.status]


def _copies(settings: Settings, facts: Facts, entries: Sequence[Entry], aside: Path) -> tuple[list[Copy], int]:
    """The annotated copies under their final names, in `aside`, and how many files with faulty cells have none."""
    heading = phrase("letter_no", "kk", no=facts.head.letter_no)
    copies: list[Copy] = []
    number = left = 0
    for entry in entries:
        mine = [finding for finding in facts.enclosed.findings if filing_no(finding) in (None, entry.number)]
        most = MOST_COPIES - len(copies)
        left += max(0, len(faulty_workbooks(mine)) - most)
        work = aside / "work" / entry.number
        work.mkdir(parents=True)
        for copy in annotate_package(entry.package, mine, heading, facts.head.dated, work, settings, most):
            named = replace(copy, registration_no=next(iter({filing_no(finding) for finding in mine}), None))
            if copy.path:
                number += 1
                named = replace(named, path=copy.path.replace(aside / facts.head.copy(number)))
            copies.append(named)
    return copies, left
