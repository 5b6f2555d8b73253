"""Once a day: every figure of the published snapshot against every row of the lake that is in force."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from esep.config import Settings
from esep.warehouse import read, work
from esep.warehouse.errors import CheckError
from esep.warehouse.reckoning import filings as filing_records
from esep.warehouse.reckoning import knowledge as sources
from esep.warehouse.reckoning import result, stored
from esep.warehouse.reckoning.parts import added_up, rows_of
from esep.warehouse.reckoning.result import Reckoned, damage
from esep.warehouse.reckoning.told import Scope, Sums, differences, pool_differences

INTAKE_SECONDS = 3600.0
"""What was examined as shortly before a snapshot without a load of its own may be missing from it."""


def reckon(settings: Settings) -> Reckoned:
    """Work out all years, taxpayers and pools again. About 50,000 rows a second; the writer is not held up.

    Raises NoSnapshotError, or WarehouseError for an accepted reference file that is missing or damaged.
    """
    knowledge = sources.read(settings)
    seen_until = _seen_until(settings)
    with read.connect(settings) as connection:
        seen, found = filing_records.from_archive(settings, seen_until, filing_records.from_warehouse(connection))
        sums = Sums()
        rows = 0
        in_force = filing_records.in_force(seen.values())
        for filing in in_force.values():
            try:
                own = rows_of(settings, filing)
            except (OSError, pa.ArrowException) as error:
                found.append(damage(", ".join(filing.lake), error))
                continue
            rows += len(own)
            sums.add(filing.number, filing.pool_id, added_up(own, filing.pool_id, filing.period, knowledge))
        found += differences(connection, sums, Scope(), knowledge)
        found += pool_differences(connection, sums, None, ())
        keys = sorted({(one.key.year, one.key.taxpayer_id) for one in sums.parts}, key=repr)
        found += stored.trace_differences(connection, keys)
    return Reckoned(None, len(in_force), rows, len(keys), len(keys), tuple(found))


def check(settings: Settings, now: datetime) -> Reckoned:
    """The same, kept in `warehouse/reckoning-all.json`; raises CheckError naming what differs."""
    told = reckon(settings)
    result.keep(settings, result.EVERYTHING, now, told)
    if told.differences:
        raise CheckError(
            "Published figures are not those of the rows they are made of. Run `bin/esep rebuild`; if that is not "
            "published either, the code is at fault.\n" + "\n".join(told.lines())
        )
    return told


def _seen_until(settings: Settings) -> float:
    """What had been written by then must be in the snapshot."""
    listed = work.listed_at(settings)
    published = settings.snapshot.stat().st_mtime if settings.snapshot.exists() else 0.0
    return listed if 0.0 < listed <= published else published - INTAKE_SECONDS
