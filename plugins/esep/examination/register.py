"""The register of accredited pools, as far as an examination needs it: reference/pool.csv.

The warehouse checks the file in full and keeps the accepted versions. Here a file that cannot be read counts as its
last accepted version, or as none: a fault of reference data is no fault of a filing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esep.clock import month_after
from esep.config import Settings
from esep.forms.values.text import normalise_name

if TYPE_CHECKING:
    from esep.examination.suites import Rule

_IN_FRAMES = "register_"
"""How the columns of the frames begin that are null without a register."""
_COLUMNS = ("pool_id", "pool_name", "accredited_from", "accredited_to")


@dataclass(frozen=True, slots=True)
class Pool:
    """One accreditation. `accredited_to` None: still in force."""

    pool_id: str
    pool_name: str
    accredited_from: date | None
    accredited_to: date | None
    email: str | None = None
    """Where letters go; None where the register names none."""

    def accredited_in(self, period: date) -> bool:
        """Whether the accreditation covers any day of the month that begins with `period`."""
        begun = self.accredited_from is None or self.accredited_from < month_after(period)
        return begun and (self.accredited_to is None or self.accredited_to >= period)


def needs_register(rule: Rule) -> bool:
    """Whether the rule compares with the register of pools: without one it finds nothing."""
    return any(name.startswith(_IN_FRAMES) for name in rule.columns)


def pools_of(settings: Settings) -> tuple[Pool, ...]:
    """The pools of the version in force; of reference/pool.csv while none was accepted; else none.

    A file that waits or was refused does not count. Copies without a record, left by a kill, come last.
    """
    copies = sorted((settings.reference / "accepted" / "pool").glob("*.csv"), reverse=True)
    accepted = [path for path in copies if path.with_suffix(".json").exists()]
    for path in (*accepted, settings.reference / "pool.csv", *copies):
        try:
            return _read(path)
        except (OSError, ValueError, KeyError, csv.Error):
            continue
    return ()


def as_pools(rows: Iterable[Pool | Mapping[str, Any]]) -> tuple[Pool, ...]:
    """Pools from rows of reference/pool.csv; raises ValueError or KeyError for a row that cannot be used."""
    return tuple(row if isinstance(row, Pool) else _pool(row) for row in rows)


def entries_of(pools: Sequence[Pool], pool_id: str | None) -> tuple[Pool, ...]:
    return tuple(pool for pool in pools if pool.pool_id == pool_id)


def named(pools: Sequence[Pool], name: str | None) -> Pool | None:
    """The one pool of that name (case, quotes and legal form apart); None if there is none or several BINs have it."""
    key = normalise_name(name or "")
    found = {pool.pool_id: pool for pool in pools if key and normalise_name(pool.pool_name) == key}
    return next(iter(found.values())) if len(found) == 1 else None


def _read(path: Path) -> tuple[Pool, ...]:
    text = path.read_text(encoding="utf-8-sig")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter, strict=True))
    return as_pools(rows)


def _pool(row: Mapping[str, Any]) -> Pool:
    values = {name: row[name] for name in _COLUMNS}
    pool_id = str(values["pool_id"]).strip()
    if not pool_id:
        raise ValueError("pool_id is empty")
    return Pool(
        pool_id,
        str(values["pool_name"] or "").strip(),
        _day(values["accredited_from"]),
        _day(values["accredited_to"]),
        str(row.get("email") or "").strip() or None,
    )


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value).strip()) if str(value).strip() else None
