"""How an examination differs from the latest verdict: verdict, identity, findings, values as read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.examination.model import Examination
from esep.lake import files as lake_files
from esep.lake import places
from esep.lake.schema import DISTRIBUTION, FINDING, TABLES
from esep.proof.looks import sha256_of

_OF_EXAMINATION = ("verdict", "ruleset", "code_version")
"""Facts of a verdict that are about the examination, not the filing."""
_PLACE = ("file", "sheet", "row")
_WORDS = ("message_kk", "message_ru", "message_en")
_KEYS = {"registration_no", "examination_no", *_PLACE}
_VALUES = tuple(name for name in DISTRIBUTION.loaded.names if name not in _KEYS)
"""Typed columns of a distribution; the raw texts beside them are the filer's and change only with the reader."""

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One filing's verdict against a new examination. Counts are faults or rows; what is empty has not changed."""

    verdict_before: str | None
    verdict_after: str | None
    """None while the filing waits for an officer."""
    facts: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Pool, period and counts: name → (before, after), as verdict.json writes them."""
    gone: dict[str, int] = field(default_factory=dict)
    """Rule → faults that are no longer found."""
    new: dict[str, int] = field(default_factory=dict)
    """Rule → faults that were not found before."""
    reworded: dict[str, int] = field(default_factory=dict)
    """Rule → faults of the same place and kind that are put in other words."""
    values: dict[str, int] = field(default_factory=dict)
    """Column of a distribution → rows in which it is read differently; `rows_gone` and `rows_new` for whole rows."""
    damaged: str | None = None
    """The fault of the Parquet files that the verdict names; a new examination writes new ones."""

    def __bool__(self) -> bool:
        changed = self.facts or self.gone or self.new or self.reworded or self.values or self.damaged
        return self.verdict_before != self.verdict_after or bool(changed)


def compare(verdict: Mapping[str, Any], examination: Examination, settings: Settings) -> Difference:
    """The difference between a filing's latest verdict, as verdict.json has it, and `examination`."""
    period = examination.identity.period
    after = examination.facts() | {"period": period.isoformat() if period else None}
    names = [name for name in after if name not in _OF_EXAMINATION and verdict.get(name) != after[name]]
    facts = {name: (verdict.get(name), after[name]) for name in names}
    fault, values = None, {}
    try:
        before = _recorded(verdict, settings)
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        fault = str(error)
        gone, new = _counts(verdict["findings"], examination.count_by_rule())
        reworded: dict[str, int] = {}
    else:
        rows = [finding.as_dict() for finding in examination.findings]
        gone, new, reworded = _findings(before[FINDING.name].to_pylist(), rows)
        values = _values(before[DISTRIBUTION.name], examination.distribution)
    verdict_after = examination.verdict.value if examination.verdict else None
    return Difference(verdict["verdict"], verdict_after, facts, gone, new, reworded, values, fault)


def damaged(verdict: Mapping[str, Any], settings: Settings) -> dict[str, str]:
    """The lake files of an examination that are not what its verdict says: path → hex SHA-256 that they must have."""

    def is_as_recorded(path: str, digest: str) -> bool:
        there = settings.lake / places.found(settings.lake, path)
        return there.is_file() and sha256_of(there) == digest

    recorded = verdict.get("lake_sha256", {})
    return {path: digest for path, digest in recorded.items() if not is_as_recorded(path, digest)}


def _recorded(verdict: Mapping[str, Any], settings: Settings) -> dict[str, pa.Table]:
    """The tables that the verdict names, by relation; raises for one that is missing or cannot be read."""
    for path in damaged(verdict, settings):
        raise ValueError(f"{settings.lake / path}: it is gone, or its bytes are not those that were recorded")
    paths = {PurePosixPath(path).parts[0]: path for path in verdict["lake"]}
    for table in TABLES:
        if table.name not in paths:
            raise KeyError(f"the verdict names no file of {table.name}")
    return {table.name: lake_files.read(settings, table, paths[table.name]) for table in TABLES}


def _counts(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Rule → faults fewer, rule → faults more."""
    less, more = Counter(before), Counter(after)
    return dict(sorted((less - more).items())), dict(sorted((more - less).items()))


def _findings(before: Rows, after: Rows) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Faults gone, new and reworded, by rule."""
    old, old_words = _by_kind(before)
    new, new_words = _by_kind(after)
    reworded: Counter[str] = Counter()
    for kind, count in (old & new).items():
        if old_words[kind] != new_words[kind]:
            reworded[kind[0]] += count
    return _by_rule(old - new), _by_rule(new - old), dict(sorted(reworded.items()))


def _by_kind(rows: Rows) -> tuple[Counter[tuple[Any, ...]], dict[tuple[Any, ...], tuple[str, ...]]]:
    """Faults by what and where they are (rule first), and the words of the last of each."""
    counts: Counter[tuple[Any, ...]] = Counter()
    words: dict[tuple[Any, ...], tuple[str, ...]] = {}
    for row in rows:
        kind = tuple(row[name] for name in ("rule_id", "lane", "severity", *_PLACE, "column_no", "found", "expected"))
        counts[kind] += row["occurrences"]
        words[kind] = tuple(row[name] for name in _WORDS)
    return counts, words


def _by_rule(counts: Counter[tuple[Any, ...]]) -> dict[str, int]:
    rules: Counter[str] = Counter()
    for kind, count in counts.items():
        rules[kind[0]] += count
    return dict(sorted(rules.items()))


def _values(before: pa.Table, after: pa.Table) -> dict[str, int]:
    """Rows that are new, gone or read differently, by column; columns that only one of both has are left out."""
    names = [name for name in _VALUES if name in before.column_names and name in after.column_names]
    old, new = before.select([*_PLACE, *names]), after.select([*_PLACE, *names])
    if old.equals(new):
        return {}
    both = "o.row is not null and n.row is not null"
    counted = [
        "count(*) filter (n.row is null) as rows_gone",
        "count(*) filter (o.row is null) as rows_new",
        *(f'count(*) filter ({both} and o."{name}" is distinct from n."{name}") as "{name}"' for name in names),
    ]
    with duckdb.connect() as connection:
        connection.register("old_rows", old)
        connection.register("new_rows", new)
        # The names are columns of the lake's schema, never a filer's text.
        result = connection.execute(
            f"select {', '.join(counted)} from old_rows as o full join new_rows as n using ({', '.join(_PLACE)})"  # noqa: S608
        )
        columns = [column[0] for column in result.description or ()]
        (row,) = result.fetchall()
    return {name: count for name, count in zip(columns, row, strict=True) if count}
