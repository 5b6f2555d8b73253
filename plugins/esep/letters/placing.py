"""Building a letter aside and putting it into its folder of the outbox, the status file last.

File names are the same for every filing: `refusal.pdf`, `refusal.docx`, `findings.xlsx`, `workbook-1.xlsx`, …,
`status.json`. These plain names are the first refusal's; status and enclosures of every other letter carry its code
(`status-A-1.json`, `notice.pdf` with `findings-N-1.xlsx`, `notice-2.pdf` with `findings-N-2.xlsx`), so that no letter
is in the way of another.

The status file is for the filer's own software; its JSON Schema is status.schema.json. Its codes (kinds, verdicts,
reasons, outcomes of copies, lanes, rule ids) are stable: a program may compare them. Words for people are in the
messages only.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

from esep import files
from esep.config import Settings
from esep.documents import paper
from esep.documents.word import write_docx
from esep.files import sha256_of
from esep.letters.annotate import MOST_COPIES, Copy, annotate_package, faulty_workbooks
from esep.letters.content import document
from esep.letters.facts import Deadline, Facts, Ground, LetterKind
from esep.letters.findings_book import cell_lookup, counts_by_rule, write_findings_book
from esep.letters.issuer import LETTER_LANGUAGES, issuer_on
from esep.letters.office_blocks import APPEALED
from esep.letters.remarks import Citations, filing_no
from esep.letters.wording import phrase
from esep.office.archive import Entry

SCHEMA = "esep.status/1"
LISTED = 2000
"""Findings in status.json; counts are true and findings.xlsx holds all that are listed."""


def status_of(facts: Facts, copies: Sequence[Copy], copies_left: int, files: list[Path]) -> dict[str, Any]:
    """Plain values of status.json. `files` are what the letter consists of, on disk, for their names and hashes."""
    receipt, verdict, message = facts.receipt, facts.verdict, facts.message
    arrival = receipt or message
    is_notice = facts.head.kind is LetterKind.NOTICE
    value = {
        "schema": SCHEMA,
        "letter_no": facts.head.letter_no,
        "kind": facts.head.kind.value,
        "dated": facts.head.dated.isoformat(),
        "registration_no": receipt.registration_no if receipt else None,
        "registered_on": receipt.registered_on.isoformat() if receipt else None,
        "received_at": arrival.received_at.isoformat() if arrival else None,
        "package_sha256": arrival.package_sha256 if arrival else None,
        "message": {"message_id": message.message_id, "doubt": message.doubt} if message else None,
        "verdict": verdict.get("verdict"),
        "examination_no": verdict.get("examination_no"),
        "ruleset": verdict.get("ruleset"),
        "pool_id": facts.pool.pool_id,
        "pool_name": facts.pool.pool_name,
        "period": f"{facts.period:%Y-%m}" if facts.period else None,
        "reasons": [reason.value for reason in facts.reasons],
        "days_late": max((ground.days_late for ground in facts.grounds), default=0) if is_notice else None,
        "facts": [_fact(ground) for ground in facts.grounds],
        "term": _deadline(facts.deadline),
        "other_remarks": facts.other_remarks,
        "recipients": [recipient.role for recipient in facts.recipients],
        **_stated(facts),
        "workbooks": [_copy(copy) for copy in copies],
        "workbooks_not_listed": copies_left,
        "files": [{"name": file.name, "sha256": sha256_of(file), "size": file.stat().st_size} for file in files],
    }
    return {key: _encodable(item) for key, item in value.items()}


def _encodable(value: Any) -> Any:
    r"""The same values with lone surrogates (of a name that was no UTF-8) as `\udcXX`: UTF-8 cannot encode them."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    return value


def _stated(facts: Facts) -> dict[str, Any]:
    findings = (*facts.remarks.findings, *facts.unread.findings)
    return {
        "fault_count": facts.remarks.fault_count + facts.unread.fault_count,
        "counts": counts_by_rule(findings),
        "findings": [finding.as_dict() for finding in findings[:LISTED]],
        "findings_not_listed": len(findings) - len(findings[:LISTED]),
    }


def _fact(ground: Ground) -> dict[str, Any]:
    return {
        "reason": ground.reason.value,
        "registration_no": ground.receipt.registration_no if ground.receipt else None,
        "detected_on": ground.detected_on.isoformat(),
        "missed_term": _deadline(ground.deadline),
        "days_late": ground.days_late,
        "fault_count": ground.fault_count,
    }


def _deadline(deadline: Deadline | None) -> dict[str, Any] | None:
    if deadline is None:
        return None
    return {
        "kind": deadline.kind.value,
        "paragraph": deadline.paragraph,
        "starts_on": deadline.starts_on.isoformat(),
        "working_days": deadline.working_days,
        "counted": [day.isoformat() for day in deadline.counted],
        "ends_on": deadline.ends_on.isoformat(),
        "rolled_over": deadline.rolled_over,
    }


def _copy(copy: Copy) -> dict[str, Any]:
    return {
        "registration_no": copy.registration_no,
        "file": copy.file,
        "outcome": copy.outcome.value,
        "copy": copy.path.name if copy.path else None,
        "commented_cells": copy.commented_cells,
    }


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
    with files.lock(settings.locks / f"outbox-{shelf}.lock"):
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
    if facts.enclosed and citations:
        built = [*(copy.path for copy in copies if copy.path), aside / head.book]
        write_findings_book(built[-1], facts.enclosed, citations, cell_of, head.dated)
    issuer = issuer_on(settings, head.dated, appealed=head.kind in APPEALED)
    documents = {one: document(facts, issuer, one, copies, left, cell_of) for one in LETTER_LANGUAGES}
    built = [aside / f"{head.stem}.pdf", aside / f"{head.stem}.docx", *built]
    built[0].write_bytes(paper.pdf(documents, paper.look("letter.typ", settings.looks)))
    write_docx(built[1], documents, paper.look("letter.docx", settings.looks))
    files.write_json(aside / head.status, status_of(facts, copies, left, built))
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
