"""The files of a statement: their names, the figures as Parquet, and statement.json with what they were made from and
the hash of each.

What data hold is hostile: only twelve digits name a file as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import esep
from esep import files
from esep.answers.statement import Statement
from esep.documents.model import Words
from esep.warehouse.schema import column_comment

MANIFEST = "statement.json"
TAXPAYER = "taxpayer"
LANGUAGES = ("kk", "ru")
"""Languages of the procedure: a statement is in both unless others are asked for."""
_TWELVE_DIGITS = re.compile(r"[0-9]{12}", re.ASCII)
_OTHERS = re.compile(r"[^0-9A-Za-z]+", re.ASCII)
_KEPT = 24
_LOOKS = (
    "reports/statement*.py",
    "documents/*.py",
    "documents/looks/statement.typ",
    "examination/rule_words.py",
    "texts/statement.toml",
    "texts/state.toml",
    "texts/questions.toml",
    "texts/obligation.toml",
    "texts/income.toml",
    "law/valuation.py",
    "law/tables/valuation_basis.csv",
    "answers/valuation_basis.py",
    "texts/__init__.py",
    "texts/numbers.py",
)
"""Files of the library that decide how a statement looks, given its content."""
_LIBRARIES = ("typst", "openpyxl", "pyarrow")
_TAXPAYER = ("taxpayer_id", "taxpayer_name", "taxpayer_id_state")
_INCOME = ("asset", "quantity", "valued_quantity", "unvalued_quantity", "income_kzt")
TABLES: Mapping[str, Sequence[str]] = {
    "annual_income": ("year", "role", *_TAXPAYER, *_INCOME),
    "monthly_income": ("year", "period", "role", *_TAXPAYER, *_INCOME),
    "sale_obligation": (
        "year", "role", *_TAXPAYER, "asset", "share", "base_quantity", "quantity_to_sell", "decimals",
        "asset_class", "share_state",
    ),
    "filing": (
        "registration_no", "pool_id", "pool_name", "period", "received_at", "kind", "replaces", "examination_no",
        "ruleset",
    ),
}  # fmt: skip
"""Relation → its columns; they are those of the warehouse."""
_QUANTITIES = ("quantity", "valued_quantity", "unvalued_quantity", "base_quantity", "quantity_to_sell")
_TYPES: Mapping[str, pa.DataType] = {
    **dict.fromkeys(_QUANTITIES, pa.decimal128(38, 18)),
    **dict.fromkeys(("year", "decimals", "examination_no"), pa.int32()),
    "income_kzt": pa.decimal128(38, 12),
    "share": pa.decimal128(7, 6),
    "period": pa.date32(),
    "received_at": pa.timestamp("us", "Asia/Almaty"),
}
"""Of the columns that are no text."""


class StatementError(ValueError):
    """A statement in reports/ that is not what was written; the text names the file and says what to do."""


def stem_of(taxpayer_id: str) -> str:
    """The number itself, or for anything else a plain name with a hash that distinguishes it from others."""
    if _TWELVE_DIGITS.fullmatch(taxpayer_id):
        return taxpayer_id
    readable = _OTHERS.sub("-", taxpayer_id)[:_KEPT].strip("-")
    digest = sha256(taxpayer_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return "-".join(part for part in ("id", readable, digest) if part)


def folder_name(known_on: date, languages: Sequence[str], taxpayer_id: str | None) -> str:
    """`as-known-on-2026-02-28`, and after it what makes it another statement: languages, taxpayer."""
    parts = [f"as-known-on-{known_on.isoformat()}"]
    if tuple(languages) != LANGUAGES:
        parts += languages
    if taxpayer_id is not None:
        parts += [TAXPAYER, stem_of(taxpayer_id)]
    return "-".join(parts)


def inputs_of(
    statement: Statement, languages: Sequence[str], taxpayer_id: str | None, rules: Mapping[str, Words]
) -> str:
    """Hash of all that the bytes of a statement depend on: content, texts of the rules, look, libraries."""
    content = {
        "statement": asdict(statement),
        "languages": list(languages),
        "taxpayer_id": taxpayer_id,
        "rules": {rule_id: dict(words.texts) for rule_id, words in sorted(rules.items())},
        "look": look(),
    }
    return sha256(json.dumps(content, ensure_ascii=True, default=str, sort_keys=True).encode()).hexdigest()


@cache
def look() -> str:
    """Hash of the code, texts and libraries that draw statements."""
    package = Path(esep.__file__).parent
    digest = sha256(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    for path in sorted({path for pattern in _LOOKS for path in package.glob(pattern)}):
        digest.update(f"{path.relative_to(package).as_posix()} {files.sha256_of(path)}\n".encode())
    return digest.hexdigest()


def write_tables(folder: Path, statement: Statement) -> None:
    """A file for each of TABLES: exact decimals, sorted rows, the same bytes for the same rows."""
    rows: Mapping[str, Iterable[Any]] = {
        "annual_income": statement.income,
        "monthly_income": statement.monthly,
        "sale_obligation": statement.obligations,
        "filing": statement.filings,
    }
    for name, columns in TABLES.items():
        schema = pa.schema(
            pa.field(column, _TYPES.get(column, pa.string()), metadata={"comment": column_comment(name, column)})
            for column in columns
        )
        lines = [{"year": statement.year, **asdict(row)} for row in rows[name]]
        table = pa.Table.from_pylist([{column: line[column] for column in columns} for line in lines], schema)
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def write_manifest(
    folder: Path,
    statement: Statement,
    languages: Sequence[str],
    taxpayer_id: str | None,
    taxpayer_ids: Iterable[str],
    inputs: str,
    head: str,
) -> None:
    """Write statement.json beside the files in `folder`.

    `head`: head hash of the home when it was written, by which `bin/esep verify --expect` says later whether what the
    figures rest on is still as it was. It is no part of `inputs`: a statement does not change by what comes later.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files.write_json(
        folder / MANIFEST,
        {
            "year": statement.year,
            "known_on": statement.known_on.isoformat(),
            "taxpayer_id": taxpayer_id,
            "languages": list(languages),
            "code_version": statement.code_version,
            "rulesets": list(statement.rulesets),
            "references": [
                {
                    "name": one.name,
                    "sha256": one.sha256,
                    "accepted_at": one.accepted_at.isoformat(),
                    "rows": one.row_count,
                }
                for one in statement.references
            ],
            "head": head,
            "look": look(),
            "inputs": inputs,
            "taxpayers": [{"taxpayer_id": one, "stem": stem_of(one)} for one in taxpayer_ids],
            "files": [
                {"name": name, "sha256": files.sha256_of(folder / name), "size": (folder / name).stat().st_size}
                for name in names
            ],
        },
    )


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """The manifest of a finished statement; raises StatementError where there is none that can be read."""
    path = folder / MANIFEST
    try:
        manifest = files.read_json(path)
        _ = manifest["inputs"], [(one["name"], one["sha256"]) for one in manifest["files"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StatementError(
            f"{path}: cannot be read ({error!r}), so it is not known whether this statement is whole. Restore the "
            "folder from a backup, or move it away and run again."
        ) from error
    return manifest


def verify(folder: Path) -> None:
    """Whether every file is the one that was written; raises StatementError naming the first that is not."""
    for one in read_manifest(folder)["files"]:
        path = folder / one["name"]
        if not path.is_file() or files.sha256_of(path) != one["sha256"]:
            state = "is not what was written" if path.exists() else "is gone"
            raise StatementError(
                f"{path}: {state}. A finished statement is never written over: restore the folder from a backup, or "
                "move it away and run again."
            )
