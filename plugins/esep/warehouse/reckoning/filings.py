"""Which filings there are and which of them are in force, by the archive's own records (paras 6 and 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath

import duckdb

from esep import files
from esep.config import Settings
from esep.lake.schema import DISTRIBUTION
from esep.office import archive, events
from esep.office.decisions import REFUSAL_OVERRULED
from esep.warehouse import calls, work
from esep.warehouse.reckoning.result import Difference, damage


@dataclass(frozen=True, slots=True)
class Filing:
    """One registered filing as far as figures depend on it."""

    number: str
    received_at: datetime
    pool_id: str | None
    period: date | None
    accepted: bool
    """By its latest examination, or because an officer overruled the refusal."""
    examination_no: int
    row_count: int
    lake: tuple[str, ...] = field(default=(), compare=False)
    """Its Parquet files of distributions, relative to the lake; not known of a filing read from the warehouse."""

    @property
    def key(self) -> int:
        return work.filing_key(self.number)

    @property
    def month(self) -> tuple[str, str] | str:
        """The pool and period of which one filing is in force; a filing where nobody could read them is alone."""
        return (self.pool_id, self.period.isoformat()) if self.pool_id and self.period else self.number


def from_archive(
    settings: Settings, seen_until: float, known: Mapping[str, Filing], left_out: Collection[str] = ()
) -> tuple[dict[str, Filing], list[Difference]]:
    """All examined filings by the archive's records, by number, and where the warehouse (`known`) has them otherwise.

    What came after `seen_until` (seconds of the file system) the load could not know: of that only what it did load
    counts. `left_out`: numbers that are not looked at.
    """
    seen: dict[str, Filing] = {}
    found: list[Difference] = []
    for entry in archive.registered(settings):
        if entry.number in left_out:
            continue
        loaded = known.get(entry.number)
        try:
            filing = _from_archive(entry, seen_until, loaded)
        except (OSError, KeyError, TypeError, ValueError) as error:
            found.append(damage(entry.number, error))
            continue
        if filing is not None:
            seen[entry.number] = filing
            if loaded != filing:
                found.append(_difference(filing, loaded))
    return seen, found


def _from_archive(entry: archive.Entry, seen_until: float, loaded: Filing | None) -> Filing | None:
    """What receipt, latest verdict and events say; None while the filing was not examined.

    Raises OSError or ValueError for files that cannot be read.
    """
    loaded_no = loaded.examination_no if loaded else 0
    paths = [
        path
        for number, path in enumerate(entry.verdict_paths, start=1)
        if number <= loaded_no or path.stat().st_mtime <= seen_until
    ]
    if not paths:
        return None
    verdict = files.read_json(paths[-1])
    overruled = events.read(entry.folder, REFUSAL_OVERRULED)
    is_loaded = loaded is not None and loaded.accepted
    period = verdict["period"]
    return Filing(
        entry.number,
        entry.receipt.received_at,
        verdict["pool_id"],
        date.fromisoformat(f"{period[:7]}-01") if period else None,
        verdict["verdict"] == "accepted"
        or any(is_loaded or event.path.stat().st_mtime <= seen_until for event in overruled),
        len(paths),
        int(verdict["row_count"]),
        tuple(path for path in verdict["lake"] if PurePosixPath(path).parts[0] == DISTRIBUTION.name),
    )


def from_warehouse(connection: duckdb.DuckDBPyConnection) -> dict[str, Filing]:
    """What the warehouse has loaded, by number: compared with the archive, or believed where that costs too much."""
    received_at = dict(calls.rows(connection, ("registration_no", "received_at"), "from internal.registered"))
    columns = ("registration_no", "pool_id", "period", "accepted_from is not null", "examination_no", "row_count")
    rows = calls.rows(connection, columns, "from examination where is_latest")
    return {number: Filing(number, received_at[number], *row) for number, *row in rows if number in received_at}


def in_force(filings: Iterable[Filing]) -> dict[str, Filing]:
    """The latest accepted filing of each pool and period, by number."""
    latest: dict[object, Filing] = {}
    for filing in sorted(filings, key=lambda one: (one.received_at, one.key)):
        if filing.accepted:
            latest[filing.month] = filing
    return {filing.number: filing for filing in latest.values()}


def _difference(seen: Filing, loaded: Filing | None) -> Difference:
    """A filing that the warehouse does not know, or not as the archive does."""
    return Difference("filing", None, None, seen.pool_id, None, seen.number, _facts(loaded), _facts(seen), seen.lake)


def _facts(filing: Filing | None) -> str:
    if filing is None:
        return "not there"
    state = "accepted" if filing.accepted else "not accepted"
    return (
        f"{state} by examination {filing.examination_no}, {filing.pool_id} {filing.period}, {filing.row_count} rows, "
        f"received {filing.received_at.isoformat()}"
    )
