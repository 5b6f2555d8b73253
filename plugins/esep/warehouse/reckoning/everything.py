"""Once a day: every figure of the published snapshot against every row of the lake that is in force."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from esep.config import Settings
from esep.office import archive
from esep.warehouse import read, work
from esep.warehouse.errors import CheckError
from esep.warehouse.reckoning import filings as filing_records
from esep.warehouse.reckoning import knowledge as sources
from esep.warehouse.reckoning import publication, result, stored
from esep.warehouse.reckoning.filings import Filing
from esep.warehouse.reckoning.parts import added_up, lake_rows
from esep.warehouse.reckoning.result import Reckoned
from esep.warehouse.reckoning.told import Difference, Scope, Sums, damage, differences, pool_differences

INTAKE_SECONDS = 3600.0
"""What was examined as shortly before a snapshot without a load of its own may be missing from it."""


def reckon(settings: Settings) -> Reckoned:
    """Work out all years, taxpayers and pools again. About 50,000 rows a second; the writer is not held up.

    Raises NoSnapshotError, or WarehouseError for an accepted reference file that is missing or damaged.
    """
    knowledge = sources.read(settings)
    seen_until = _seen_until(settings)
    with read.connect(settings) as connection:
        found: list[Difference] = []
        seen: list[Filing] = []
        known = filing_records.from_warehouse(connection)
        for entry in archive.registered(settings):
            try:
                filing = filing_records.from_archive(entry, seen_until, known.get(entry.number))
            except (OSError, KeyError, TypeError, ValueError) as error:
                found.append(damage(entry.number, error))
                continue
            if filing is not None:
                seen.append(filing)
                if known.get(entry.number) != filing:
                    found.append(publication.of_filing(filing, known.get(entry.number)))
        sums = Sums()
        rows = 0
        in_force = filing_records.in_force(seen)
        for filing in in_force.values():
            try:
                own = list(lake_rows([settings.lake / path for path in filing.lake]))
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
