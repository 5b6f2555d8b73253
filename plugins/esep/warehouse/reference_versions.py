"""Accepted versions of the reference files: which there are, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from esep.config import Settings
from esep.records import seal
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_rules import Problem, examine
from esep.warehouse.reference_spec import Row


@dataclass(frozen=True, slots=True)
class Version:
    """An accepted version of a reference file."""

    name: str
    path: Path
    sha256: str
    accepted_at: datetime
    row_count: int
    author: str = ""
    """Who handed it in; empty where nobody said so."""
    mapping: Mapping[str, Any] | None = None
    """How the columns of its file were read (reference_mapping); None for a reference file as it is."""


def in_force(settings: Settings, name: str) -> Version | None:
    """The latest accepted version, or None if none was ever accepted."""
    records = _records(settings, name)
    return _version(name, records[-1]) if records else None


def versions(settings: Settings, name: str) -> list[Version]:
    """All accepted versions in the order of acceptance, the one in force last."""
    return [_version(name, record) for record in _records(settings, name)]


def _records(settings: Settings, name: str) -> list[Path]:
    return sorted(folder_of(settings, name).glob("*.json"))


def _version(name: str, path: Path) -> Version:
    try:
        record = seal.read(path)
        accepted_at = datetime.fromisoformat(record["accepted_at"])
        return Version(
            name,
            path.with_suffix(".csv"),
            record["sha256"],
            accepted_at,
            int(record["rows"]),
            str(record.get("author") or ""),
            record.get("mapping"),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise WarehouseError(_damaged(path, f"it cannot be read ({error!r})")) from error


def version_count(settings: Settings, name: str) -> int:
    """How many versions were accepted in all."""
    return len(_records(settings, name))


def rows_in_force(settings: Settings, name: str) -> list[Row]:
    """Typed rows of the version in force; none if there is no version."""
    version = in_force(settings, name)
    return rows_of(version) if version else []


def content_of(version: Version) -> bytes:
    """The bytes that were accepted; raises WarehouseError if they are missing or damaged."""
    try:
        content = version.path.read_bytes()
    except OSError as error:
        raise WarehouseError(_damaged(version.path, f"it cannot be read ({error.strerror})")) from error
    if sha256(content).hexdigest() != version.sha256:
        raise WarehouseError(_damaged(version.path, "its bytes are not those that were accepted"))
    return content


def rows_of(version: Version) -> list[Row]:
    """Typed rows of an accepted version; raises WarehouseError if it is damaged or refused by the rules of today."""
    rows, problems = examine(version.name, content_of(version))
    require_faultless(version, problems)
    return rows


def require_faultless(version: Version, problems: Iterable[Problem]) -> None:
    """Raises WarehouseError, naming the first fault, if what was accepted has one by the rules of today."""
    fault = next((problem for problem in problems if not problem.is_warning), None)
    if fault:
        raise WarehouseError(
            f"{version.path}: this version was accepted, but would be refused now ({fault}). Put a corrected "
            f"{version.name}.csv into the folder reference/ and run again."
        )


def _damaged(path: Path, fault: str) -> str:
    return (
        f"{path}: {fault}. Accepted versions are never edited or removed, because older figures rest on them: restore "
        "the file from a backup."
    )


def replaceable(settings: Settings, name: str) -> frozenset[str]:
    """Hashes of the bytes that are kept as accepted versions, so that a file with them may be written over."""
    return frozenset(version.sha256 for version in versions(settings, name))


def folder_of(settings: Settings, name: str) -> Path:
    """Where the accepted versions of a reference file are."""
    return settings.reference / "accepted" / name
