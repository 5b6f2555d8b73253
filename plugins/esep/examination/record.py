"""Keep an examination: the lake's Parquet first, verdict.json last. Both are written once and never over.

A kill in between leaves Parquet files that no verdict names: they do not count, and the next run replaces them.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import pyarrow as pa
from filelock import FileLock

from esep import files
from esep.config import Settings
from esep.examination.model import Examination
from esep.lake import files as lake_files
from esep.lake.schema import DISTRIBUTION, FILING, FINDING


class Registered(Protocol):
    """What is needed of an office.archive.Entry."""

    @property
    def number(self) -> str: ...

    @property
    def folder(self) -> Path: ...

    @property
    def verdicts(self) -> tuple[dict[str, Any], ...]: ...


def record(entry: Registered, examination: Examination, settings: Settings, *, again: bool = False) -> bool:
    """Record the examination of a registered filing; True if it now stands, False if another one stood already.

    `again` adds a re-examination beside the verdicts that exist. Two processes that examine one filing at the same
    time end with one verdict and the Parquet files that belong to it.
    """
    settings.locks.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.locks / "record.lock"):
        count = len(entry.verdicts)
        if count and not again:
            return False
        examination_no = count + 1
        paths = _write_lake(entry.number, examination_no, examination, settings)
        name = "verdict.json" if examination_no == 1 else f"verdict-{examination_no}.json"
        return _write_once(entry.folder / name, _verdict(entry.number, examination_no, examination, paths))


def _write_lake(number: str, examination_no: int, examination: Examination, settings: Settings) -> list[PurePosixPath]:
    tables = (
        (FILING, _filing(examination)),
        (DISTRIBUTION, examination.distribution),
        (FINDING, _findings(examination)),
    )
    paths = []
    for table, rows in tables:
        numbered = rows.append_column("registration_no", pa.repeat(pa.scalar(number), len(rows))).append_column(
            "examination_no", pa.repeat(pa.scalar(examination_no, pa.int32()), len(rows))
        )
        path = lake_files.path_of(table, examination.identity.period, number, examination_no)
        lake_files.write(settings, table, numbered, path)
        paths.append(path)
    return paths


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
    return pa.table({column.name: pa.array([row[column.name]], column.type) for column in FILING.columns[2:]})


def _findings(examination: Examination) -> pa.Table:
    rows = [finding.as_dict() for finding in examination.findings]
    identity = {"pool_id": examination.identity.pool_id, "period": examination.identity.period}
    return pa.table(
        {
            column.name: pa.array([(identity | row)[column.name] for row in rows], column.type)
            for column in FINDING.columns[2:]
        }
    )


def _verdict(number: str, examination_no: int, examination: Examination, paths: list[PurePosixPath]) -> dict[str, Any]:
    identity = examination.identity
    counts: Counter[str] = Counter()
    for finding in examination.findings:
        counts[finding.rule_id] += finding.occurrences
    return {
        "registration_no": number,
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
        "lake": [path.as_posix() for path in paths],
    }


def _write_once(path: Path, value: dict[str, Any]) -> bool:
    """Write JSON under a name that is not taken, in one step; False if it was taken after all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}{files.TEMPORARY}")
    try:
        files.write_json(aside, value)
        files.put_once(aside, path)
    except FileExistsError:
        return False
    finally:
        aside.unlink(missing_ok=True)
    return True
