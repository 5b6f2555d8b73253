"""Letters that are not in the outbox yet: receipts and refusals (paras 7 and 8). Its status file says that one is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from esep import clock, failures
from esep.config import Settings
from esep.examination.model import Finding
from esep.failures import Faults, one_by_one
from esep.lake.schema import FINDING
from esep.letters import outbox
from esep.letters.facts import LetterKind, is_history, status_name
from esep.letters.placing import Letter, LetterError
from esep.letters.remarks import findings_of_rows
from esep.office import archive, events
from esep.office.archive import Entry
from esep.office.decisions import REFUSAL_OVERRULED

log = logging.getLogger(__name__)

RECEIPT_STATUS = status_name(LetterKind.RECEIPT, 1)
REFUSAL_STATUS = status_name(LetterKind.REFUSAL, 1)

Progress = Callable[[Letter], None]
"""Called with each letter that was written."""


class LettersError(RuntimeError):
    """Some letters could not be written: they stay missing until the next run. `written` are the others."""

    def __init__(self, faults: Faults, written: list[Letter]) -> None:
        super().__init__(
            f"{len(faults)} letters could not be written: {failures.in_few_words(faults)}. Repair the cause and run "
            "again: what is missing in the outbox is written then."
        )
        self.numbers = list(dict(faults))
        self.written = written


Job = tuple[Mapping[str, str], Callable[[], Letter | None]]
"""A letter to write: the fields of its log lines, the first of which names it in faults, and what writes it."""


def write_all(jobs: Iterable[Job], progress: Progress | None = None) -> list[Letter]:
    """Write one letter after the other; gives those that were not there.

    One letter's fault does not stop the others; at the end LettersError names those that failed.
    """
    written: list[Letter] = []
    faults: Faults = []
    for _, letter in one_by_one(jobs, lambda job: job[1](), lambda job: job[0], faults, log):
        if letter and letter.written:
            written.append(letter)
            if progress:
                progress(letter)
    if faults:
        raise LettersError(faults, written)
    return written


def write_missing(settings: Settings, progress: Progress | None = None) -> list[Letter]:
    """Write what the outbox lacks: a receipt for each registered filing, a refusal for each that is refused.

    A receipt bears the day of registration, a refusal the day of the examination. A refused filing gets one refusal,
    also if it is refused again in a re-examination; one that is overruled before its refusal was written gets none.
    """
    jobs = (
        ({"registration_no": entry.number}, partial(write, settings, entry))
        for entry in archive.registered(settings)
        for write in (_receipt, _refusal)
    )
    return write_all(jobs, progress)


def _receipt(settings: Settings, entry: Entry) -> Letter | None:
    if (settings.outbox / entry.number / RECEIPT_STATUS).exists():
        return None
    receipt = entry.receipt
    dated = clock.local_date(receipt.registered_at)
    return outbox.write_receipt(settings, entry, dated, history=is_history(receipt))


def _refusal(settings: Settings, entry: Entry) -> Letter | None:
    if (settings.outbox / entry.number / REFUSAL_STATUS).exists():
        return None
    verdict = entry.verdict
    if verdict is None or verdict["verdict"] != "refused" or events.read(entry.folder, REFUSAL_OVERRULED):
        return None
    findings = recorded_findings(settings, entry.number, verdict)
    dated = clock.local_date(datetime.fromisoformat(verdict["examined_at"]))
    return outbox.write_refusal(settings, entry, findings, dated, history=is_history(entry.receipt))


def recorded_findings(settings: Settings, number: str, verdict: Mapping[str, Any]) -> list[Finding]:
    """The findings that a verdict names in the lake; raises LetterError if they cannot be read."""
    paths = [settings.lake / path for path in verdict["lake"] if PurePosixPath(path).parts[0] == FINDING.name]
    try:
        tables = [pq.ParquetFile(path).read() for path in paths]
        return findings_of_rows(row for table in tables for row in table.to_pylist())
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise LetterError(
            f"{number}: its findings cannot be read from {', '.join(map(str, paths))} ({error}). Restore the file from "
            f"a backup, or examine the filing again: bin/esep reexamine {number} --apply"
        ) from error
