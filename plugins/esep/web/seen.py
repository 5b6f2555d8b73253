"""What a page may show: a pool whose number may be a person's masked, a fault of the server's by its place alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from esep.answers import NoSnapshotError, OlderSnapshotError, masking
from esep.config import Settings
from esep.web.access import Reader


def pools_as_seen(rows: Sequence[Any], reader: Reader) -> tuple[Any, ...]:
    """The same rows, dataclasses with `pool_id` and `pool_name`, masked where this reader must not see them."""
    if reader.is_operator:
        return tuple(rows)
    return tuple(replace(row, **_masked(row)) if masking.is_person(row.pool_id) else row for row in rows)


def _masked(row: Any) -> dict[str, str | None]:
    number, name = masking.masked_taxpayer(row.pool_id, row.pool_name)
    return {"pool_id": number, "pool_name": name}


def places(faults: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """The files that faults begin with, below the home; "" for a fault of none.

    What follows may quote a library; commands and the log tell it.
    """
    home = f"{settings.home}/"
    return tuple(fault.removeprefix(home).partition(": ")[0] if fault.startswith(home) else "" for fault in faults)


def without_home(words: str, settings: Settings) -> str:
    """Words of a step or a check with their paths below the home."""
    return words.replace(f"{settings.home}/", "").replace(str(settings.home), "$ESEP_HOME")


def warehouse_key(error: Exception) -> str:
    """Key of the text that says why the warehouse does not answer; with `_todo`, of what to do about it."""
    if isinstance(error, NoSnapshotError):
        return "error.no_snapshot"
    return "error.older_snapshot" if isinstance(error, OlderSnapshotError) else "error.warehouse"
