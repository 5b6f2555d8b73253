"""An officer's answer to a question: the event and, where a filing waited, the examination with it: its verdict.

A kill in between leaves the answer on record; the next run of the intake examines the filing with it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from esep import files
from esep.config import Settings
from esep.examination.examine import examine
from esep.examination.model import Examination, Finding, Identity, Lane, Verdict
from esep.examination.pending import examination_of, examine_pending
from esep.examination.register import pools_of
from esep.examination.standing import require_standing
from esep.examination.transcription import not_in_original
from esep.forms.reading import read_package
from esep.office import events, questions, storage
from esep.office.archive import Entry
from esep.office.decisions import (
    DecisionError,
    Recorded,
    alone,
    confirm_silence,
    explain_silence,
    filing_of,
    is_same,
    stated,
)
from esep.office.questions import (
    ANSWERED,
    NOT_FILED,
    NOT_READABLE,
    REFUSE,
    TAKE,
    TRANSCRIBE,
    Answer,
    Question,
    answers_to,
)

_SERIAL = re.compile(r"transcription-([1-9][0-9]*)")
_LISTED = 10
_SAME_ROWS = ("R-92", "R-93")
"""Rules about rows that two files of a filing have in common."""


def answer(settings: Settings, name: str, chosen: str, reason: str, author: str, at: datetime) -> Recorded:
    """Answer the question of that name (`kind/subject`); a filing that waits is examined with the answer.

    The same answer again changes nothing. Raises DecisionError for a question that does not stand, or an answer that it
    does not have; a transcription has a function of its own.
    """
    question = questions.parse(name)
    if chosen not in question.kind.answers:
        raise DecisionError(f"{chosen!r}: the answers to {name} are {', '.join(question.kind.answers)}.")
    if chosen == TRANSCRIBE:
        raise DecisionError(f"{name}: a transcription is handed in as a file: bin/esep decide transcribe NUMBER FILE")
    given = stated(reason, author, at)
    if question.registration_no:
        return _answer_filing(settings, question, question.registration_no, chosen, given, at)
    return _answer_silence(settings, question, chosen, given, at)


def _answer_silence(
    settings: Settings, question: Question, chosen: str, given: tuple[str, str], at: datetime
) -> Recorded:
    decide = confirm_silence if chosen == NOT_FILED else explain_silence
    last = answers_to(settings, question)[-1:]
    if not any((one.answer, one.reason, one.author) == (chosen, *given) for one in last):
        require_standing(settings, question)
    return decide(settings, str(question.pool_id), question.period or date.min, *given, at)


def _answer_filing(
    settings: Settings, question: Question, number: str, chosen: str, given: tuple[str, str], at: datetime
) -> Recorded:
    reason, author = given
    entry = filing_of(settings, number)
    data = {"question": question.kind.kind, "answer": chosen, "reason": reason}
    with alone(settings):
        same = [event for event in events.read(entry.folder, ANSWERED) if is_same(event, author, data)]
        if not same:
            require_standing(settings, question)
            if chosen in (TAKE, REFUSE):
                questions.remember(settings, number)
            written = events.append(entry.folder, ANSWERED, at, author, data)
    if chosen in (TAKE, REFUSE):
        examine_pending(settings, at, [number])
    return Recorded(same[0], written=False) if same else Recorded(written, written=True)


def transcribe(
    settings: Settings,
    number: str,
    path: Path,
    reason: str,
    author: str,
    at: datetime,
    *,
    incomplete: bool = False,
    compared: bool = False,
) -> tuple[Recorded, Examination]:
    """Keep a workbook (or folder) with the content of what no machine could read beside the package, and examine it.

    `incomplete` allows a transcription after which something of the package still lacks, as it does in the original;
    `compared` one with numbers that are in no readable cell of the original, which a person compared.
    Raises DecisionError for one that cannot be read, contradicts what was read of the original, or leaves gaps.
    """
    reason, author = stated(reason, author, at)
    entry = filing_of(settings, number)
    if not path.exists():
        raise DecisionError(f"{path}: there is no such file or folder. Give the transcribed workbook.")
    with alone(settings):
        digests = _digests(path)
        for event in events.read(entry.folder, ANSWERED):
            if event.data.get("files") == digests and event.author == author:
                examine_pending(settings, at, [number])
                return Recorded(event, written=False), examination_of(entry, settings, pools_of(settings), at)
        require_standing(settings, Question(questions.kinds()[NOT_READABLE], number, None, None))
        folder = _kept(entry, path, digests)
        given = Answer(NOT_READABLE, TRANSCRIBE, author, at, reason, folder.name)
        try:
            examination = examination_of(entry, settings, pools_of(settings), at, answer=given)
            alone_read = examine(folder, settings, pools_of(settings), at)
            _require_usable(entry, examination, alone_read.identity, incomplete=incomplete)
            if not compared:
                _require_found(entry, settings, examination)
        except BaseException:
            storage.remove(folder)
            raise
        data: dict[str, Any] = {
            "question": NOT_READABLE,
            "answer": TRANSCRIBE,
            "reason": reason,
            "transcription": folder.name,
            "files": digests,
        }
        questions.remember(settings, number)
        recorded = Recorded(events.append(entry.folder, ANSWERED, at, author, data), written=True)
    examine_pending(settings, at, [number])
    return recorded, examination


def _require_found(entry: Entry, settings: Settings, examination: Examination) -> None:
    """Numbers of the transcription are in the original, as far as a machine can read its cells."""
    with tempfile.TemporaryDirectory(prefix="esep-") as work:
        original = read_package(entry.package, Path(work), settings)
        missing = not_in_original(original, examination.distribution)
    if missing:
        more = f" and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
        raise DecisionError(
            f"{entry.number}: not in the readable cells of the original: {'; '.join(missing[:_LISTED])}{more}. Correct "
            "the transcription; if a person compared them and they are so, record it with --compared."
        )


def _digests(path: Path) -> dict[str, str]:
    """Path below the folder → SHA-256; raises DecisionError for a folder without files."""
    found = (
        {path.name: files.sha256_of(path)}
        if path.is_file()
        else {
            file.relative_to(path).as_posix(): files.sha256_of(file)
            for file in sorted(path.rglob("*"))
            if file.is_file() and not file.is_symlink()
        }
    )
    if not found:
        raise DecisionError(f"{path}: the folder holds no file. Give the transcribed workbook.")
    return found


def _kept(entry: Entry, path: Path, digests: Iterable[str]) -> Path:
    """A copy of the transcription beside the package, under the next free name; one that no event names is replaced.

    Its files are those of `digests`; links and devices stay where they are.
    """
    named = {answer.transcription for answer in questions.answers_of(entry)}
    for left in entry.folder.glob("transcription-*"):
        if left.name not in named:
            storage.remove(left)
    serials = [int(match[1]) for name in named if name and (match := _SERIAL.fullmatch(name))]
    folder = entry.folder / f"transcription-{max(serials, default=0) + 1}"
    building = entry.folder / f".{folder.name}.part"
    storage.remove(building)
    root = path if path.is_dir() else path.parent
    for name in digests:
        storage.make_folder((building / name).parent)
        storage.copy(root / name, building / name)
    building.rename(folder)
    storage.flush([folder, entry.folder])
    return folder


def _require_usable(entry: Entry, examination: Examination, typed: Identity, *, incomplete: bool) -> None:
    """What was transcribed must be readable, of the original's pool and month, and complete unless told otherwise.

    `typed`: pool and month of the transcription by itself. Rows that the original has as well would count twice, or
    contradict it.
    """
    if examination.row_count == 0:
        raise DecisionError(
            f"{entry.number}: no data row of form 1-ЦМ was read from the transcription. Write it into the form of "
            "bin/esep template, with its number row 1 … 9.2."
        )
    before = entry.verdict or {}
    period = f"{typed.period:%Y-%m}" if typed.period else None
    read = {"pool": (before.get("pool_id"), typed.pool_id), "month": (str(before.get("period") or "")[:7], period)}
    for name, (original, transcription) in read.items():
        if original and transcription and original != transcription:
            raise DecisionError(
                f"{entry.number}: the original's {name} is {original}, the transcription's {transcription}. "
                "Transcribe what the original says, then record it again."
            )
    for finding in examination.findings:
        if finding.rule_id in _SAME_ROWS and "transcription-" in f"{finding.file} {finding.found}":
            raise DecisionError(
                f"{entry.number}: rows of the transcription are in the original as well, as they are or otherwise: "
                f"{finding.message_en} Transcribe only what was not read."
            )
    gaps = [one for one in examination.findings if one.lane is Lane.COMPLETENESS]
    if examination.verdict is not Verdict.ACCEPTED and not incomplete:
        raise DecisionError(
            f"{entry.number}: with this transcription the filing is incomplete: {_listed(gaps)} If the original has "
            "these gaps as well, record it with --incomplete; else complete the transcription."
        )


def _listed(findings: Iterable[Finding]) -> str:
    remarks = list(dict.fromkeys(f"{one.rule_id} {one.message_en}" for one in findings))
    more = f" and {len(remarks) - _LISTED} more." if len(remarks) > _LISTED else ""
    return " ".join(remarks[:_LISTED]) + more
