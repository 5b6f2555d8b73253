"""What an event of an asset says to other offices' DAGs: registration numbers, pools and months, and when.

The one shape of `extra` (docs/engineer.md, "Waiting for Esep"):

    {"registration_nos": ["2025-000017"], "pools": ["230640000008"], "months": ["2025-03"],
     "published_at": "2025-04-11T15:00:12+05:00", "more": 0}

Each list is sorted and holds LIMIT entries at most; `more` is how many registration numbers are left out. It holds no
personal data: pools only as BINs, never an IIN, no name. Without Airflow; `assets` emits it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from esep.config import Settings

log = logging.getLogger(__name__)

LIMIT = 1000
"""Entries of a list: an event is a row of Airflow's database, and each waiting run gets all of it."""

_IN_FORCE = "internal.income_part_as_known_on(internal.last_moment())"
_FIGURES = "sum(hash(role, taxpayer_id, asset, share, quantity, valued_quantity, income_kzt))"
"""Parts rather than monthly_income and monthly_sale_obligation: one reading of them, where these views add them up."""

Extra = dict[str, Any]


def extra(
    numbers: Iterable[str], pools: Iterable[str | None], months: Iterable[str | None], published_at: datetime
) -> Extra:
    """The extra of an event. `months` are written YYYY-MM; pools that are no BIN, and what is None, is left out."""
    from esep.law.identifiers import is_bin

    every = sorted(set(numbers))
    return {
        "registration_nos": every[:LIMIT],
        "pools": sorted({pool for pool in pools if pool and is_bin(pool)})[:LIMIT],
        "months": sorted({month for month in months if month})[:LIMIT],
        "published_at": published_at.isoformat(),
        "more": max(0, len(every) - LIMIT),
    }


def of_filings(settings: Settings, numbers: Iterable[str], at: datetime) -> Extra:
    """Of filings of the archive; pool and month are those of their latest verdicts."""
    from esep.office import archive

    numbers = tuple(numbers)
    verdicts = [entry.verdict or {} for entry in archive.present(settings, set(numbers))] if numbers else []
    return extra(
        numbers, (one.get("pool_id") for one in verdicts), (str(one.get("period") or "")[:7] for one in verdicts), at
    )


def examined(settings: Settings, numbers: Iterable[str]) -> list[str]:
    """Those of the filings that have a verdict."""
    from esep.office import archive

    return [entry.number for entry in archive.present(settings, set(numbers)) if entry.verdict_paths]


def of_letters(settings: Settings, letter_nos: Iterable[str], at: datetime) -> Extra:
    """Of letters: `2025-000017/R-1` is about a filing, `230640000008-2025-03/N-1` about a pool's month."""
    from esep.office import archive

    subjects = {number.partition("/")[0] for number in letter_nos}
    filings = {subject for subject in subjects if archive.is_number(subject)}
    found = of_filings(settings, filings, at)
    others = [(subject[:-8], subject[-7:]) for subject in subjects - filings]
    pools, months = ([one[place] for one in others] for place in (0, 1))
    return extra(filings, [*found["pools"], *pools], [*found["months"], *months], at)


def of_months(months: Iterable[date], at: datetime) -> Extra:
    """Of what is about all pools of these months, as a report is."""
    return extra((), (), (f"{month:%Y-%m}" for month in months), at)


@dataclass(frozen=True, slots=True)
class Readable:
    """What readers of the snapshot see of its filings and months; empty where there is none that this code reads."""

    file: tuple[int, int] | None = None
    """Which file it is."""
    published_at: datetime | None = None
    filings: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Number → month, pool, and what is decided of it."""
    months: Mapping[date, int] = field(default_factory=dict)
    """Month → a hash of its parts in force, of which incomes and quantities to sell are made."""


def readable(settings: Settings) -> Readable:
    """The snapshot as it is published now. What cannot be read is left out: it must hold up no publication."""
    from esep import answers
    from esep.warehouse import calls, published

    try:
        found = settings.snapshot.stat()
    except FileNotFoundError:
        return Readable()
    file = (found.st_ino, found.st_mtime_ns)
    try:
        with published.opened(settings) as connection:
            filings = calls.rows(
                connection, ("registration_no", "period", "pool_id", "status", "decided_at", "row_count"), "from filing"
            )
            months = calls.rows(connection, ("period", _FIGURES), f"from {_IN_FORCE} group by period")
            published_at = answers.snapshot(connection).published_at
    except answers.WarehouseError as error:
        log.info("%s: %s", settings.snapshot, error)
        return Readable(file)
    return Readable(file, published_at, {number: tuple(rest) for number, *rest in filings}, dict(months))


def of_snapshot(settings: Settings, before: Readable, at: datetime) -> Extra | None:
    """What differs from the snapshot `before`; None if nothing was published since.

    A month is named where a filing of it differs, or its figures do, by a price for example. All is new after the first
    publication and after an upgrade, which has the warehouse built anew.
    """
    now = readable(settings)
    if now.file is None or now.file == before.file:
        return None
    numbers = _differ(before.filings, now.filings)
    filings = [one for number in numbers for one in (before.filings.get(number), now.filings.get(number)) if one]
    months = {period for period, *_ in filings} | _differ(before.months, now.months)
    pools = (pool for _, pool, *_ in filings)
    return extra(numbers, pools, (f"{month:%Y-%m}" for month in months if month), now.published_at or at)


def _differ(one: Mapping[Any, object], other: Mapping[Any, object]) -> set[Any]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
