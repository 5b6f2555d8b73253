"""Examine registered filings without a verdict, in order of arrival (paras 8 and 9), and record the results.

The lake's Parquet is written first, verdict.json last, both once and never over. The verdict names each file with its
SHA-256. A kill in between leaves Parquet files that no verdict names: they do not count; the next run replaces them.

A filing that an officer has to look at gets a record without a verdict. Once its question is answered it is examined
again, and the next record has the verdict.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from typing import Any

import pyarrow as pa

from esep import failures, lean
from esep.config import Settings
from esep.examination import suites
from esep.examination.examine import Circumstances, examine
from esep.examination.model import Examination
from esep.examination.register import Pool, pools_of
from esep.examination.suites import SuiteError
from esep.examination.versions import EarlierVersions
from esep.failures import Faults, one_by_one
from esep.lake import files as lake_files
from esep.lake.files import Aside
from esep.lake.schema import DISTRIBUTION, FILING, FINDING, Table
from esep.office import archive, questions
from esep.office.archive import RECEIPT, Entry
from esep.proof import named
from esep.records import append as records
from esep.records import offloading, sharing
from esep.records.seal import seal_of

log = logging.getLogger(__name__)

Progress = Callable[[str, str], None]
"""Called with number and verdict of each filing that is done."""


class PendingError(RuntimeError):
    """Some filings could not be examined through a fault of program or machine: they keep waiting, none is refused.

    `examined` are the verdicts of those that could.
    """

    def __init__(self, faults: Faults, examined: dict[str, str]) -> None:
        super().__init__(
            f"{len(faults)} filings could not be examined and stay without a verdict: "
            f"{failures.in_few_words(faults)}. Repair the cause and run again; the examination takes "
            "up what has no verdict."
        )
        self.numbers = [number for number, _ in faults]
        self.examined = examined


def examine_pending(
    settings: Settings, now: datetime, numbers: Iterable[str] | None = None, progress: Progress | None = None
) -> dict[str, str]:
    """Examine those of `numbers` (default: of all filings) that have no verdict, in order of arrival: number → verdict.

    One filing's fault does not stop the others; at the end PendingError names those that failed.
    Raises SuiteError at once, because without rules nothing can be examined.
    """
    suites.load(settings)
    lean.one_allocator()
    pools = pools_of(settings)
    examined: dict[str, str] = {}
    waiting, faults = _waiting(settings, numbers)
    versions = _versions(settings, pools, now)
    verdicts = one_by_one(
        waiting,
        lambda entry: _examine(entry, settings, pools, now, versions),
        lambda entry: {"registration_no": entry.number},
        faults,
        log,
        fatal=(SuiteError,),
    )
    for entry, verdict in verdicts:
        examined[entry.number] = verdict
        if progress:
            progress(entry.number, verdict)
    if faults:
        raise PendingError(faults, examined)
    return examined


def identity_of(settings: Settings, now: datetime) -> Callable[[str], tuple[str | None, date | None] | None]:
    """Pool and period of a registered filing by its number; a filing without a verdict is examined for it."""

    def identity(number: str) -> tuple[str | None, date | None] | None:
        entry = archive.entry(settings, number)
        if entry.verdict is None:
            _examine(entry, settings, pools_of(settings), now)
        verdict = entry.verdict
        if verdict is None:
            return None
        period = verdict["period"]
        return verdict["pool_id"], date.fromisoformat(period) if period else None

    return identity


def _waiting(settings: Settings, numbers: Iterable[str] | None) -> tuple[list[Entry], Faults]:
    """Filings to be examined in order of arrival, and those whose files in the archive are damaged."""
    waiting: list[Entry] = []
    faults: Faults = []
    for entry in archive.entries(settings, numbers):
        try:
            if is_due(entry) and entry.receipt:
                waiting.append(entry)
        except archive.ArchiveError as error:
            faults.append((entry.number, error))
    return archive.in_order_of_arrival(waiting), faults


def is_due(entry: Entry) -> bool:
    """Whether a filing has to be examined: it never was, or an officer answered the question for which it waited."""
    verdict = entry.verdict
    if verdict is None:
        return True
    return questions.is_waiting(verdict) and not verdict["answer"] and questions.deciding(entry) is not None


def examination_of(
    entry: Entry,
    settings: Settings,
    pools: tuple[Pool, ...],
    now: datetime,
    *,
    versions: EarlierVersions | None = None,
    answer: questions.Answer | None = None,
) -> Examination:
    """Examine a registered filing, its signatures by the moment of its receipt; nothing is recorded.

    An officer's answer counts, the one on record unless `answer` is given. `versions` is shared by those who examine
    many. Raises ArchiveError for a package whose bytes are not those that came.
    """
    named.require_package(entry)
    answer = answer or questions.deciding(entry)
    earlier = versions or _versions(settings, pools, now)
    circumstances = Circumstances(
        lambda identity: earlier.before(entry, identity),
        answer,
        questions.transcription_folder(entry, answer),
    )
    examination = examine(entry.package, settings, pools, now, entry.receipt.received_at, circumstances)
    if offloading.is_offloaded(settings.home, entry.number):
        raise archive.ArchiveError(f"{entry.number}: its package left for the store meanwhile. Run the same again.")
    return examination


def _versions(settings: Settings, pools: tuple[Pool, ...], now: datetime) -> EarlierVersions:
    return EarlierVersions(settings, lambda entry: _examine(entry, settings, pools, now))


def _examine(
    entry: Entry,
    settings: Settings,
    pools: tuple[Pool, ...],
    now: datetime,
    versions: EarlierVersions | None = None,
) -> str:
    """Examine and record one filing; the word for what counts, by another process's record if it was first."""
    examination = examination_of(entry, settings, pools, now, versions=versions)
    record(entry, examination, settings)
    questions.forget(settings, entry.number)
    return questions.verdict_word(entry.verdict)


def record(entry: Entry, examination: Examination, settings: Settings, *, again: bool = False) -> bool:
    """Record the examination of a registered filing; True if it now counts, False if another one was there already.

    `again` adds a re-examination beside the verdicts that exist; an officer's answer adds one beside a record without
    a verdict. The Parquet files are written aside, so that the lock
    is held only while they and the verdict get their names: examinations run side by side, and two processes that
    examine one filing at the same time end with one verdict and the Parquet files that belong to it.
    """
    while True:
        count = len(entry.verdict_paths)
        answered = examination.answer is not None and is_due(entry)
        if count and not (again or answered):
            return False
        with lake_aside(entry.number, count + 1, examination, settings) as written:
            shared = sharing.of(settings.home)
            if shared:
                shared.keep_files({one.sha256: one.temporary for one in written.values()})
            with records.adding(settings.home) as adder:
                if len(entry.verdict_paths) != count:
                    continue  # another process was quicker
                name = "verdict.json" if not count else f"verdict-{count + 1}.json"
                added = adder.add(
                    entry.folder / name,
                    _verdict(entry, count + 1, examination, written),
                    place=partial(lake_files.place, written.values()),
                    sources={f"{settings.lake.name}/{path}": one.temporary for path, one in written.items()},
                    still=lambda: len(entry.verdict_paths) == count,  # noqa: B023 - asked within this turn of the loop
                )
                if added:
                    return True


@contextmanager
def lake_aside(
    number: str, examination_no: int, examination: Examination, settings: Settings
) -> Iterator[dict[str, Aside]]:
    """Write the Parquet files of an examination aside, by their path in the lake; what gets no name is gone at the end.

    They are written before any lock is taken.
    """
    tables = (
        (FILING, _filing(examination)),
        (DISTRIBUTION, examination.distribution),
        (FINDING, _findings(examination)),
    )
    written: dict[str, Aside] = {}
    try:
        for table, rows in tables:
            numbered = rows.append_column("registration_no", pa.repeat(pa.scalar(number), len(rows))).append_column(
                "examination_no", pa.repeat(pa.scalar(examination_no, pa.int32()), len(rows))
            )
            path = lake_files.path_of(table, examination.identity.period, number, examination_no)
            written[path.as_posix()] = lake_files.write_aside(settings, table, numbered, path)
        yield written
    finally:
        for one in written.values():
            one.drop()


def _filing(examination: Examination) -> pa.Table:
    return _table(FILING, [examination.facts() | {"examined_at": examination.examined_at}])


def _findings(examination: Examination) -> pa.Table:
    identity = {"pool_id": examination.identity.pool_id, "period": examination.identity.period}
    details = (one.found_detail for one in examination.findings)
    rows = [
        identity | finding.as_dict() | {"found_detail": detail.as_json() if detail else None}
        for finding, detail in zip(examination.findings, details, strict=True)
    ]
    return _table(FINDING, rows)


def _table(table: Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The table's columns but for registration and examination number."""
    columns = list(table.arrow_schema)[2:]
    return pa.table({column.name: pa.array([row[column.name] for row in rows], column.type) for column in columns})


def _verdict(
    entry: Entry, examination_no: int, examination: Examination, written: Mapping[str, Aside]
) -> dict[str, Any]:
    """The content of verdict.json."""
    seal = seal_of((entry.folder / RECEIPT).read_bytes())
    return {
        "registration_no": entry.number,
        "examination_no": examination_no,
        "examined_at": examination.examined_at,
        **examination.facts(),
        "answer": examination.answer.as_dict() if examination.answer else None,
        "signatures": [asdict(signature) for signature in examination.signatures],
        "contacts": [asdict(contacts) for contacts in examination.contacts],
        "findings": dict(sorted(examination.count_by_rule().items())),
        "receipt_hash": seal.hash if seal else None,  # none for one from before there were any
        "lake": list(written),
        "lake_sha256": {path: one.sha256 for path, one in written.items()},
    }
