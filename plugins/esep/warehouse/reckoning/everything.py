"""Once a day: every figure of the published snapshot against every row of the lake that is in force."""

from __future__ import annotations

from datetime import datetime

from esep.config import Settings
from esep.warehouse import published, work
from esep.warehouse.errors import CheckError
from esep.warehouse.reckoning import filings as filing_records
from esep.warehouse.reckoning import result
from esep.warehouse.reckoning.comparison import Sums, differences, pool_differences, trace_differences
from esep.warehouse.reckoning.parts import added_up, knowledge_of, rows_of
from esep.warehouse.reckoning.result import Reckoned, damage_noted

INTAKE_SECONDS = 3600.0
"""What was examined as shortly before a snapshot without a load of its own may be missing from it."""


def reckon(settings: Settings) -> Reckoned:
    """Work out all years, taxpayers and pools again. About 50,000 rows a second; the writer is not held up.

    Raises NoSnapshotError, OlderSnapshotError, or WarehouseError for an accepted reference file that is missing or
    damaged.
    """
    knowledge = knowledge_of(settings)
    seen_until = _seen_until(settings)
    with published.opened(settings) as connection:
        seen, found = filing_records.from_archive(settings, seen_until, filing_records.from_warehouse(connection))
        sums = Sums()
        row_count = 0
        in_force = filing_records.in_force(seen.values())
        for filing in in_force.values():
            with damage_noted(found, filing.lake):
                rows = rows_of(settings, filing)
                row_count += len(rows)
                sums.add([filing.number], filing.pool_id, added_up(rows, filing.pool_id, filing.period, knowledge))
        found += differences(connection, sums, None, knowledge)
        found += pool_differences(connection, sums, None, ())
        places = sorted({(one.key.year, one.key.taxpayer_id) for one in sums.parts}, key=repr)
        found += trace_differences(connection, places)
    return Reckoned(None, len(in_force), row_count, len(places), len(places), tuple(found))


def check(settings: Settings, now: datetime) -> Reckoned:
    """The same, kept in `warehouse/reckoning-all.json`; raises CheckError naming what differs."""
    reckoned = reckon(settings)
    result.keep(settings, result.EVERYTHING, now, reckoned)
    if reckoned.differences:
        raise CheckError(
            "Published figures are not those of the rows they are made of. Run `bin/esep rebuild`; if that is not "
            "published either, the code is at fault.\n" + "\n".join(reckoned.lines())
        )
    return reckoned


def _seen_until(settings: Settings) -> float:
    """What had been written by then must be in the snapshot."""
    listed = work.listed_at(settings)
    published = settings.snapshot.stat().st_mtime if settings.snapshot.exists() else 0.0
    return listed if 0.0 < listed <= published else published - INTAKE_SECONDS
