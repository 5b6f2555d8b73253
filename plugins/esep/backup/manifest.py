"""What can go wrong with a backup; each text says what, where, and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from esep import files
from esep.config import Settings
from esep.file_names import from_text, to_text

FORMAT = 1
_FIGURES = """
with of_asset as (
    select
        year,
        role,
        coalesce(asset, '') as asset,
        count(*) as rows,
        sum(quantity)::decimal(38, 18)::varchar as quantity,
        sum(unvalued_quantity)::decimal(38, 18) as unvalued_quantity,
        sum(income_kzt) as income_kzt
    from annual_income
    group by all
)

select
    of_asset.year,
    of_asset.role,
    sum(of_asset.rows)::bigint as rows,
    (
        select count(distinct annual_income.taxpayer_id) from annual_income
        where annual_income.year is not distinct from of_asset.year and annual_income.role = of_asset.role
    ) as taxpayers,
    string_agg(of_asset.asset || ' ' || of_asset.quantity, ', ' order by of_asset.asset) as quantities,
    coalesce(
        string_agg(of_asset.asset || ' ' || of_asset.unvalued_quantity::varchar, ', ' order by of_asset.asset)
            filter (where of_asset.unvalued_quantity <> 0),
        '-'
    ) as unvalued_quantities,
    sum(of_asset.income_kzt) as income_kzt
from of_asset
group by of_asset.year, of_asset.role
order by of_asset.year, of_asset.role
"""
"""Tenge are added up over assets, units never: they stand beside their asset."""


class BackupError(RuntimeError):
    """A backup cannot be made, or cannot be restored; nothing was left half-made."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files`: name → hex SHA-256. `figures`: annual sums of the snapshot then, None where none was published."""

    made_at: str
    code_version: str
    files: Mapping[str, str]
    figures: list[dict[str, str]] | None
    head: str | None = None
    """Head hash of the home, None in backups from before there was one."""
    damaged: Mapping[str, str] = field(default_factory=dict)
    """Files that were not what was recorded when the backup was made: path → what was wrong."""

    def as_bytes(self) -> bytes:
        value = {
            "format": FORMAT,
            "made_at": self.made_at,
            "code_version": self.code_version,
            "figures": self.figures,
            "head": self.head,
            "damaged": dict(self.damaged),
            "files": {to_text(name): digest for name, digest in self.files.items()},
        }
        return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def read(path: Path, last: str) -> Manifest:
    """The manifest of an unpacked backup; raises BackupError if it is missing or not one of these.

    `last`: the file that came out of the backup last, to tell where it ends.
    """
    try:
        value: dict[str, Any] = files.read_json(path)
        if value["format"] != FORMAT:
            raise ValueError(f"format {value['format']}; this version of Esep reads {FORMAT}")
        found = {from_text(name): str(digest) for name, digest in value["files"].items()}
        head, damaged = value.get("head"), value.get("damaged", {})
        return Manifest(value["made_at"], value["code_version"], found, value["figures"], head, damaged)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(
            f"The backup is damaged or cut short after {last}, or is none of Esep's: {path.name} cannot be read "
            f"({type(error).__name__}). Nothing was restored: take another copy of the backup, or an older one."
        ) from error


def figures_of(settings: Settings) -> list[dict[str, str]] | None:
    """The annual sums of the published snapshot as text, exact; None where there is none that can be read."""
    try:
        with duckdb.connect(str(settings.snapshot), read_only=True) as connection:
            cursor = connection.execute(_FIGURES)
            columns = [column[0] for column in cursor.description or ()]
            return [dict(zip(columns, map(str, row), strict=True)) for row in cursor.fetchall()]
    except duckdb.Error:
        return None
