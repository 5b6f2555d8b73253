"""The outbox: `outbox/<number>/` with each letter and what goes with it, written once.

File names are the same for every filing: `refusal.pdf`, `refusal.docx`, `findings.xlsx`, `workbook-1.xlsx`, …,
`status.json`. A second letter of a kind (`notice-2.pdf`), and a notice about a refused filing, carry the letter's code
in the names of their enclosures (`findings-N-2.xlsx`). The status file is put in place last: while it is missing the
letter is not written, and the next call writes all of it again, to the same bytes.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.examination.model import Finding, Lane
from esep.law import terms
from esep.letters.annotate import Copy, annotate_package
from esep.letters.content import Enclosures, parts
from esep.letters.facts import (
    Facts,
    Head,
    LetterKind,
    NoticeFacts,
    NoticeReason,
    Pool,
    ReceiptFacts,
    RefusalFacts,
    ReminderFacts,
    examination_term,
    filing_of,
    filing_term,
    notice_term,
    remarks_of,
)
from esep.letters.findings_book import cell_lookup, write_findings_book
from esep.letters.pdf import render_pdf
from esep.letters.phrases import LETTER_LANGUAGES, phrase
from esep.letters.remarks import Citations, Remarks, collect
from esep.letters.status import status_of
from esep.letters.word import write_docx
from esep.office.archive import Entry

_STAGING = ".staging"
_FOLDER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,60}")


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


def write_receipt(
    settings: Settings, entry: Entry, dated: date, *, pool: Pool | None = None, history: bool = False
) -> Letter:
    """The receipt of a registered filing (para 7).

    It says what registration knows and nothing of the examination, so it may be written before or after the verdict.
    `pool`: whom it is for, where the office knows. `history`: the filing arrived long before it was taken in, so that
    the examination term does not apply.
    """
    filing = filing_of(entry)
    filing = replace(filing, pool=pool or Pool(None), period=None, row_count=None, verdict=None)
    filing = replace(filing, examined_on=None, examination_no=None, ruleset=None)
    term = None if history else examination_term(filing.registered_on)
    return _write(settings, ReceiptFacts(_head(LetterKind.RECEIPT, entry.number, dated, 1), filing, term))


def write_refusal(
    settings: Settings, entry: Entry, findings: Sequence[Finding], dated: date, *, serial: int = 1
) -> Letter:
    """The reasoned refusal of an incomplete filing (para 8) with all its `findings`, of both lanes.

    Raises LetterError if the filing was not refused or has no finding of completeness.
    """
    filing = filing_of(entry)
    if filing.verdict != "refused":
        raise LetterError(f"{entry.number}: the verdict is {filing.verdict}; only a refused filing gets a refusal")
    citations = Citations.of(settings)
    remarks = collect([finding for finding in findings if finding.lane is Lane.COMPLETENESS], citations)
    if not remarks:
        raise LetterError(f"{entry.number}: a refusal needs a finding of completeness (para 8), and there is none")
    other = [finding for finding in findings if finding.lane is not Lane.COMPLETENESS]
    facts = RefusalFacts(
        head=_head(LetterKind.REFUSAL, entry.number, dated, serial),
        filing=filing,
        term=examination_term(filing.registered_on),
        remarks=remarks,
        other_remarks=sum(finding.occurrences for finding in other),
    )
    return _write(settings, facts, collect(findings, citations), citations, entry)


def write_notice(
    settings: Settings,
    pool: Pool,
    period: date | None,
    reasons: Iterable[NoticeReason],
    detected_on: date,
    dated: date,
    *,
    entry: Entry | None = None,
    findings: Sequence[Finding] = (),
    serial: int = 1,
) -> Letter:
    """The notice of para 10 for a pool and a period, with all its grounds; `entry` is the filing that it is about.

    Without a filing the letter lies in `outbox/<BIN>-<YYYY-MM>/`. Raises LetterError for a notice without a ground, or
    without filing and period, or one called late for a filing that came in time.
    """
    grounds = tuple(reason for reason in NoticeReason if reason in set(reasons))
    if not grounds:
        raise LetterError("a notice needs at least one ground (para 10)")
    filing = filing_of(entry) if entry else None
    late = terms.days_late(filing.registered_on, period) if filing and period else 0
    if NoticeReason.LATE in grounds and not late:
        raise LetterError(f"{entry.number if entry else pool.pool_id}: not late, so no notice can say that it is")
    citations = Citations.of(settings)
    facts = NoticeFacts(
        head=_head(LetterKind.NOTICE, entry.number if entry else _folder_of(pool, period), dated, serial),
        pool=pool,
        period=period,
        reasons=grounds,
        filing=filing,
        filing_term=filing_term(period) if period else None,
        days_late=late,
        term=notice_term(detected_on),
        remarks=collect(findings, citations),
    )
    return _write(settings, facts, facts.remarks, citations, entry)


def write_reminder(settings: Settings, pool: Pool, period: date, dated: date, *, serial: int = 1) -> Letter:
    """The reminder before the 25th (para 5), in `outbox/<BIN>-<YYYY-MM>/`; LetterError once the term is over."""
    term = filing_term(period)
    left = (term.ends_on - dated).days
    if left < 0:
        raise LetterError(f"{pool.pool_id} {period:%Y-%m}: the term ended on {term.ends_on}, a reminder is too late")
    head = _head(LetterKind.REMINDER, _folder_of(pool, period), dated, serial)
    return _write(settings, ReminderFacts(head, pool, period.replace(day=1), term, left))


def _head(kind: LetterKind, folder: str, dated: date, serial: int) -> Head:
    if not _FOLDER.fullmatch(folder):
        raise LetterError(f"{folder!r}: a folder of the outbox is a registration number or BIN-YYYY-MM")
    return Head(kind, folder, serial, dated)


def _folder_of(pool: Pool, period: date | None) -> str:
    if not pool.pool_id or period is None:
        raise LetterError("a letter that is about no filing needs the pool's BIN and the period")
    return f"{pool.pool_id}-{period:%Y-%m}"


@dataclass(frozen=True, slots=True)
class _Names:
    """File names of one letter."""

    stem: str
    suffix: str

    @classmethod
    def of(cls, facts: Facts) -> _Names:
        head = facts.head
        stem = head.kind.value if head.serial == 1 else f"{head.kind.value}-{head.serial}"
        refused = isinstance(facts, NoticeFacts) and facts.filing is not None and facts.filing.verdict == "refused"
        plain = head.serial == 1 and not refused and remarks_of(facts) is not None
        return cls(stem, "" if plain else f"-{head.code}")

    @property
    def status(self) -> str:
        return f"status{self.suffix}.json"

    @property
    def book(self) -> str:
        return f"findings{self.suffix}.xlsx"

    def copy(self, number: int) -> str:
        return f"workbook-{number}{self.suffix}.xlsx"


def _write(
    settings: Settings,
    facts: Facts,
    remarks: Remarks | None = None,
    citations: Citations | None = None,
    entry: Entry | None = None,
) -> Letter:
    """Build the letter aside and move it into its folder, the status file last; a letter that is there stays."""
    names, folder = _Names.of(facts), settings.outbox / facts.head.folder
    status = folder / names.status
    if status.exists():
        return _there(facts, folder, status)
    staging = settings.outbox / _STAGING
    staging.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f"{facts.head.folder}-", dir=staging))
    try:
        built = _build(settings, facts, remarks, citations, entry, names, aside)
        folder.mkdir(parents=True, exist_ok=True)
        for file in built:
            files.flush_to_disk(file)
            file.replace(folder / file.name)
        files.flush_to_disk(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    placed = tuple(folder / file.name for file in built)
    return Letter(facts.head.letter_no, folder, placed[:-1], placed[-1], written=True)


def _there(facts: Facts, folder: Path, status: Path) -> Letter:
    try:
        names = [file["name"] for file in files.read_json(status)["files"]]
    except (ValueError, KeyError, TypeError) as error:
        raise LetterError(
            f"{status}: not a status file that can be read ({error!r}). Restore it or move it away."
        ) from error
    return Letter(facts.head.letter_no, folder, tuple(folder / name for name in names), status, written=False)


def _build(
    settings: Settings,
    facts: Facts,
    remarks: Remarks | None,
    citations: Citations | None,
    entry: Entry | None,
    names: _Names,
    aside: Path,
) -> list[Path]:
    """All files of the letter in `aside`, the status file last."""
    day = facts.head.dated
    built: list[Path] = []
    copies: tuple[Copy, ...] = ()
    if remarks and entry:
        copies = _copies(settings, facts, remarks, entry, names, aside)
        built += [copy.path for copy in copies if copy.path]
    cell_of = cell_lookup({(copy.file, sheet): found for copy in copies for sheet, found in copy.columns.items()})
    if remarks and citations:
        built.append(aside / names.book)
        write_findings_book(built[-1], remarks, citations, cell_of, day)
    enclosures = Enclosures(names.book if remarks else None, names.status if remarks else None, copies)
    content = parts(facts, LETTER_LANGUAGES, enclosures, cell_of)
    built = [aside / f"{names.stem}.pdf", aside / f"{names.stem}.docx", *built]
    built[0].write_bytes(render_pdf(content, day))
    write_docx(built[1], content, day)
    files.write_json(aside / names.status, status_of(facts, enclosures, built))
    return [*built, aside / names.status]


def _copies(
    settings: Settings, facts: Facts, remarks: Remarks, entry: Entry, names: _Names, aside: Path
) -> tuple[Copy, ...]:
    """The annotated copies under their final names, in `aside`."""
    work = aside / "work"
    work.mkdir()
    heading = " · ".join(phrase("letter_no", language, no=facts.head.letter_no) for language in ("kk",))
    found = annotate_package(entry.package, remarks.findings, heading, facts.head.dated, work, settings)
    copies: list[Copy] = []
    number = 0
    for copy in found:
        if copy.path:
            number += 1
            target = aside / names.copy(number)
            copies.append(replace(copy, path=copy.path.replace(target)))
        else:
            copies.append(copy)
    return tuple(copies)
