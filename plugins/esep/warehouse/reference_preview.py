"""What a proposed version of prices or rates would move in the figures, before anybody accepts it.

The published snapshot is copied, the version is put into the copy, and the figures are worked out there by the same SQL
as ever; the copy is thrown away. Writers and readers are not disturbed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import duckdb

from esep import files
from esep.config import SPARK, Settings
from esep.exact import difference
from esep.warehouse import build, calls, duckdb_paths, published, reference_load, work
from esep.warehouse.errors import NoSnapshotError, OlderSnapshotError
from esep.warehouse.reference_proposal import Proposal
from esep.warehouse.reference_spec import SPECS
from esep.warehouse.reference_versions import Version, versions

_FOLDER = ".preview"
_LOCK = "preview.lock"


class PreviewState(StrEnum):
    """Whether the move could be worked out, else why not."""

    WORKED_OUT = "worked_out"
    OF_NO_FIGURE = "of_no_figure"
    """A register: no figure in tenge rests on it."""
    REFUSED = "refused"
    """The file has faults."""
    NO_SNAPSHOT = "no_snapshot"
    OLDER_SNAPSHOT = "older_snapshot"
    """It was made by other code."""
    OTHER_ENGINE = "other_engine"
    """The figures are worked out on a cluster."""


@dataclass(frozen=True, slots=True)
class YearMove:
    """Income of all taxpayers of a role in a year, in tenge: as it is and as it would be."""

    year: int
    role: str
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return difference(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Preview:
    state: PreviewState
    moves: tuple[YearMove, ...] = ()
    """Years and roles whose income would change."""


def preview(settings: Settings, proposal: Proposal, now: datetime) -> Preview:
    """By how much the figures would change, exactly. What was accepted and is not loaded yet counts as it is.

    An open question is taken as answered. Raises WarehouseError if an accepted version is damaged.
    """
    if not SPECS[proposal.name].days_of:
        return Preview(PreviewState.OF_NO_FIGURE)
    if any(not problem.is_question for problem in proposal.problems):
        return Preview(PreviewState.REFUSED)
    if settings.engine == SPARK:
        return Preview(PreviewState.OTHER_ENGINE)
    try:
        with published.opened(settings):
            pass
    except NoSnapshotError:
        return Preview(PreviewState.NO_SNAPSHOT)
    except OlderSnapshotError:
        return Preview(PreviewState.OLDER_SNAPSHOT)
    if not proposal.changes:
        return Preview(PreviewState.WORKED_OUT)
    with _copied(settings) as (connection, folder):
        for version in reference_load.new_versions(settings, connection):
            reference_load.replace(settings, connection, version)
        build.revalue(settings, connection)
        before = _income(connection)
        proposed = _proposed(proposal, folder, now)
        accepted = [*versions(settings, proposal.name), proposed]
        reference_load.replace(settings, connection, proposed, accepted)
        build.revalue(settings, connection)
        after = _income(connection)
    zero = Decimal(0)
    moves = [YearMove(*key, before.get(key, zero), after.get(key, zero)) for key in sorted(before | after)]
    return Preview(PreviewState.WORKED_OUT, tuple(move for move in moves if move.before != move.after))


@contextmanager
def _copied(settings: Settings) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A copy of the snapshot that may be written to, and its folder; one at a time, for it may be large."""
    folder = settings.warehouse / _FOLDER
    with files.lock(settings.locks / _LOCK):
        duckdb_paths.remove(folder)  # of one that was killed
        try:
            place = duckdb_paths.prepare(folder)
            files.copy(settings.snapshot, place / work.FILE)
            with closing(duckdb.connect(str(place / work.FILE))) as connection:
                work.configure(settings, connection)
                yield connection, place
        finally:
            duckdb_paths.remove(folder)


def _proposed(proposal: Proposal, folder: Path, now: datetime) -> Version:
    """The proposal as if it were accepted now."""
    path = folder / f"{proposal.name}.csv"
    path.write_bytes(proposal.content)
    accepted_at = max(now, proposal.since) if proposal.since else now
    return Version(proposal.name, path, sha256(proposal.content).hexdigest(), accepted_at, proposal.row_count)


def _income(connection: duckdb.DuckDBPyConnection) -> dict[tuple[int, str], Decimal]:
    columns = ("year", "role", "sum(income_kzt)::decimal(38, 12)")
    source = "from annual_income_total where year is not null group by all"
    return {(year, role): income for year, role, income in calls.rows(connection, columns, source)}
