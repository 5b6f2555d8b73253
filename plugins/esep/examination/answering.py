"""An officer's answer to a question: the event and, where a filing waited, the examination with it: its verdict.

A kill in between leaves the answer on record; the next run of the intake examines the filing with it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from esep import files
from esep.config import Settings
from esep.examination.examine import examine
from esep.examination.model import Examination, Finding, Identity, Lane, Verdict
from esep.examination.pending import examination_of, examine_pending
from esep.examination.register import pools_of
from esep.office import archive, events, questions, storage
from esep.office.archive import Entry
from esep.office.decisions import (
    DecisionError,
    Recorded,
    alone,
    confirm_silence,
    explain_silence,
    is_same,
    moment_words,
    stated,
)
from esep.office.questions import (
    ANSWERED,
    DETECTED,
    NOT_FILED,
    NOT_READABLE,
    REFUSE,
    TAKE,
    TRANSCRIBE,
    WITHDRAWN,
    Answer,
    QuestionKind,
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
    try:
        question = questions.parse(name)
    except ValueError as error:
        raise DecisionError(str(error)) from None
    kind = question.kind
    if chosen not in kind.answers:
        raise DecisionError(f"{chosen!r}: the answers to {name} are {', '.join(kind.answers)}.")
    if chosen == TRANSCRIBE:
        raise DecisionError(f"{name}: a transcription is handed in as a file: bin/esep decide transcribe NUMBER FILE")
    if question.pool_id and question.period:
        decide = confirm_silence if chosen == NOT_FILED else explain_silence
        return decide(settings, question.pool_id, question.period, reason, author, at)
    return _answer_filing(settings, str(question.registration_no), kind, chosen, stated(reason, author, at), at)


def _answer_filing(
    settings: Settings, number: str, kind: QuestionKind, chosen: str, given: tuple[str, str], at: datetime
) -> Recorded:
    reason, author = given
    entry = _entry(settings, number)
    data = {"question": kind.kind, "answer": chosen, "reason": reason}
    with alone(settings):
        same = [event for event in events.read(entry.folder, ANSWERED) if is_same(event, author, data)]
        if not same:
            (_require_raised if kind.rules else _require_waiting)(settings, entry, kind)
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
) -> tuple[Recorded, Examination]:
    """Keep a workbook (or folder) with the content of what no machine could read beside the package, and examine it.

    `incomplete` allows a transcription after which something of the package still lacks, as it does in the original.
    Raises DecisionError for one that cannot be read, contradicts what was read of the original, or leaves gaps.
    """
    reason, author = stated(reason, author, at)
    entry = _entry(settings, number)
    if not path.exists():
        raise DecisionError(f"{path}: there is no such file or folder. Give the transcribed workbook.")
    with alone(settings):
        digests = _digests(path)
        for event in events.read(entry.folder, ANSWERED):
            if event.data.get("files") == digests and event.author == author:
                examine_pending(settings, at, [number])
                return Recorded(event, written=False), examination_of(entry, settings, pools_of(settings), at)
        _require_waiting(settings, entry, questions.kinds()[NOT_READABLE])
        folder = _kept(entry, path)
        given = Answer(NOT_READABLE, TRANSCRIBE, author, at, reason, folder.name)
        try:
            examination = examination_of(entry, settings, pools_of(settings), at, answer=given)
            alone_read = examine(folder, settings, pools_of(settings), at)
            _require_usable(entry, examination, alone_read.identity, incomplete=incomplete)
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


def _entry(settings: Settings, number: str) -> Entry:
    try:
        return archive.entry(settings, number)
    except archive.ArchiveError as error:
        raise DecisionError(f"{error}. The archive is {settings.archive}.") from None


def _require_waiting(settings: Settings, entry: Entry, kind: QuestionKind) -> None:
    """The filing waits for an answer to a question of the kind."""
    verdict = entry.verdict
    if verdict is None:
        raise DecisionError(f"{entry.number}: not examined yet, so nothing is asked. Run the intake first (make run).")
    decided = questions.deciding(entry)
    if decided:
        raise _no_longer(entry, decided)
    if verdict["verdict"] is not None or verdict["question"] != kind.kind:
        waits = verdict["verdict"] is None
        state = f"it waits for {verdict['question']}" if waits else f"its verdict is {verdict['verdict']}"
        raise DecisionError(
            f"{entry.number}: the question {kind.kind} does not stand: {state}. See bin/esep questions."
        )


def _require_raised(settings: Settings, entry: Entry, kind: QuestionKind) -> None:
    """Findings of the kind's rules stand in the filing, which is in force, and nobody has answered."""
    for given in questions.answers_of(entry):
        if given.question == kind.kind:
            raise _no_longer(entry, given)
    verdict = entry.verdict or {}
    detected = [event.data for event in events.read(entry.folder, DETECTED)]
    gone = {event.data["key"] for event in events.read(entry.folder, WITHDRAWN)}
    across = {data["rule_id"] for data in detected if data["key"] not in gone}
    if not across.union(verdict.get("findings", {})).intersection(kind.rules):
        raise DecisionError(
            f"{entry.number}: the question {kind.kind} does not stand: no finding of {' or '.join(kind.rules)}. "
            "See bin/esep questions."
        )
    for other in archive.registered(settings):
        later = other.verdict or {}
        same = all(later.get(name) == verdict.get(name) for name in ("pool_id", "period"))
        if same and later.get("verdict") == "accepted" and archive.arrival_order(other) > archive.arrival_order(entry):
            raise DecisionError(f"{entry.number}: {other.number} took its place, so the question no longer stands.")


def _no_longer(entry: Entry, given: Answer) -> DecisionError:
    return DecisionError(
        f"{entry.number}: {given.author} answered at {moment_words(given.at)}: {given.answer} ({given.reason}). "
        "The question no longer stands."
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


def _kept(entry: Entry, path: Path) -> Path:
    """A copy of the transcription beside the package, under the next free name; one that no event names is replaced."""
    named = {answer.transcription for answer in questions.answers_of(entry)}
    for left in entry.folder.glob("transcription-*"):
        if left.name not in named:
            storage.remove(left)
    serials = [int(match[1]) for name in named if name and (match := _SERIAL.fullmatch(name))]
    folder = entry.folder / f"transcription-{max(serials, default=0) + 1}"
    building = entry.folder / f".{folder.name}.part"
    storage.remove(building)
    if path.is_dir():
        shutil.copytree(path, building, symlinks=True)
    else:
        storage.make_folder(building)
        storage.copy(path, building / path.name)
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
