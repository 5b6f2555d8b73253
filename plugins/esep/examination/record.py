"""Keep an examination: the lake's Parquet first, verdict.json last. Both are written once and never over.

The verdict names each file with its SHA-256. A kill in between leaves Parquet files that no verdict names: they do not
count, and the next run replaces them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from esep.config import Settings
from esep.detail import Detail
from esep.examination.model import Examination
from esep.lake import files as lake_files
from esep.lake.files import Aside
from esep.lake.schema import DISTRIBUTION, FILING, FINDING
from esep.office.archive import RECEIPT
from esep.records import append as records
from esep.records.seal import seal_of


class Registered(Protocol):
    """What is needed of an office.archive.Entry."""

    @property
    def number(self) -> str: ...

    @property
    def folder(self) -> Path: ...

    @property
    def verdict_paths(self) -> tuple[Path, ...]: ...


def record(entry: Registered, examination: Examination, settings: Settings, *, again: bool = False) -> bool:
    """Record the examination of a registered filing; True if it now counts, False if another one was there already.

    `again` adds a re-examination beside the verdicts that exist. The Parquet files are written aside, so that the lock
    is held only while they and the verdict get their names: examinations run side by side, and two processes that
    examine one filing at the same time end with one verdict and the Parquet files that belong to it.
    """
    while True:
        count = len(entry.verdict_paths)
        if count and not again:
            return False
        written = write_lake(entry.number, count + 1, examination, settings)
        try:
            with records.adding(settings.home) as adder:
                if len(entry.verdict_paths) != count:
                    continue  # another process was quicker
                lake_files.place(written)
                name = "verdict.json" if not count else f"verdict-{count + 1}.json"
                adder.add(entry.folder / name, _verdict(entry, count + 1, examination, settings, written))
                return True
        finally:
            for one in written:
                one.drop()


def write_lake(number: str, examination_no: int, examination: Examination, settings: Settings) -> list[Aside]:
    """Write the Parquet files of an examination aside; they have no name yet."""
    tables = (
        (FILING, _filing(examination)),
        (DISTRIBUTION, examination.distribution),
        (FINDING, _findings(examination)),
    )
    written: list[Aside] = []
    try:
        for table, rows in tables:
            numbered = rows.append_column("registration_no", pa.repeat(pa.scalar(number), len(rows))).append_column(
                "examination_no", pa.repeat(pa.scalar(examination_no, pa.int32()), len(rows))
            )
            path = lake_files.path_of(table, examination.identity.period, number, examination_no)
            written.append(lake_files.write_aside(settings, table, numbered, path))
    except BaseException:
        for one in written:
            one.drop()
        raise
    return written


def _filing(examination: Examination) -> pa.Table:
    identity = examination.identity
    row = {
        "verdict": examination.verdict.value,
        "pool_id": identity.pool_id,
        "pool_id_source": identity.pool_id_source,
        "pool_name": identity.pool_name,
        "period": identity.period,
        "period_source": identity.period_source,
        "sheets_stated": examination.sheets_stated,
        "row_count": examination.row_count,
        "excluded_count": examination.excluded_count,
        "form_version": examination.form_version,
        "ruleset": examination.ruleset,
        "code_version": examination.code_version,
        "examined_at": examination.examined_at,
    }
    return pa.table(
        {column.name: pa.array([row[column.name]], column.type) for column in list(FILING.arrow_schema)[2:]}
    )


def _findings(examination: Examination) -> pa.Table:
    rows = [finding.as_dict() | {"found_detail": _json(finding.found_detail)} for finding in examination.findings]
    identity = {"pool_id": examination.identity.pool_id, "period": examination.identity.period}
    return pa.table(
        {
            column.name: pa.array([(identity | row)[column.name] for row in rows], column.type)
            for column in list(FINDING.arrow_schema)[2:]
        }
    )


def _json(detail: Detail | None) -> str | None:
    return detail.as_json() if detail else None


def _verdict(
    entry: Registered, examination_no: int, examination: Examination, settings: Settings, written: list[Aside]
) -> dict[str, Any]:
    identity = examination.identity
    counts: Counter[str] = Counter()
    for finding in examination.findings:
        counts[finding.rule_id] += finding.occurrences
    hashes = {one.target.relative_to(settings.lake).as_posix(): one.sha256 for one in written}
    return {
        "registration_no": entry.number,
        "examination_no": examination_no,
        "examined_at": examination.examined_at.isoformat(),
        "verdict": examination.verdict.value,
        "pool_id": identity.pool_id,
        "pool_id_source": identity.pool_id_source,
        "pool_name": identity.pool_name,
        "period": identity.period.isoformat() if identity.period else None,
        "period_source": identity.period_source,
        "row_count": examination.row_count,
        "excluded_count": examination.excluded_count,
        "sheets_stated": examination.sheets_stated,
        "form_version": examination.form_version,
        "ruleset": examination.ruleset,
        "code_version": examination.code_version,
        "signatures": [signature.as_dict() for signature in examination.signatures],
        "findings": dict(sorted(counts.items())),
        "receipt_hash": _hash_of(entry.folder / RECEIPT),
        "lake": list(hashes),
        "lake_sha256": hashes,
    }


def _hash_of(receipt: Path) -> str | None:
    """The hash of the receipt, None for one from before there were any."""
    seal = seal_of(receipt.read_bytes())
    return seal.hash if seal else None
