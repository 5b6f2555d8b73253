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
from esep.warehouse import schema

FORMAT = 1


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

    `last`: the file that came out of the backup last, to say where it ends.
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
            found = connection.sql(schema.query(settings.sql, "snapshot/annual_sum"))
            return [dict(zip(found.columns, map(str, row), strict=True)) for row in found.fetchall()]
    except duckdb.Error:
        return None
