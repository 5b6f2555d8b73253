"""Examine registered filings again: what the rules of today would say, and, if asked, a new verdict beside the old.

If asked, damaged files of the lake are made again from the bytes in the archive first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from esep import clock
from esep.config import Settings
from esep.examination import suites
from esep.examination.comparison import Difference, compare, damaged
from esep.examination.pending import examination_of, lake_aside, record
from esep.examination.register import Pool, pools_of
from esep.examination.suites import SuiteError, code_version
from esep.lake import files as lake_files
from esep.lake import places
from esep.office import archive, events
from esep.office.archive import Entry
from esep.proof.named import LOST, lost_examinations
from esep.records.turns import turn

log = logging.getLogger(__name__)

LOCK = "reexamine.lock"
AUTHOR = "esep.reexamine"
RESTORED = "lake_file_restored"

Progress = Callable[[int, int, str], None]
"""Called before each examination with how many are done, how many there are, and the number that is next."""


@dataclass(frozen=True, slots=True)
class Change:
    """A filing whose examination today differs from its latest verdict."""

    number: str
    pool_id: str | None
    period: str | None
    difference: Difference
    recorded: bool
    """Whether the new examination is now beside the old."""


@dataclass(frozen=True, slots=True)
class Reexamination:
    """The results for all candidates."""

    ruleset: str
    code_version: str
    candidates: int
    changes: tuple[Change, ...]
    faults: tuple[tuple[str, str], ...]
    """(number, what went wrong) of filings that could not be examined."""
    restored: tuple[str, ...] = ()
    """Damaged files of the lake, relative to it, that were put back."""

    @property
    def unchanged(self) -> int:
        return self.candidates - len(self.changes) - len(self.faults)


def reexamine(
    settings: Settings,
    now: datetime,
    numbers: Iterable[str] = (),
    *,
    since: date | None = None,
    apply: bool = False,
    progress: Progress | None = None,
) -> Reexamination:
    """Examine filings in memory and compare with their latest verdicts; `apply` records those that differ.

    Candidates are the named filings, else those whose latest verdict was made by other rules or other code; `since`
    leaves out filings that arrived before that local date. Nothing that is recorded is changed: a new examination gets
    a verdict and Parquet files of its own. Damaged files of the lake are put back by `apply` where today's code makes
    the same bytes. A filing whose verdict would be the same keeps it, so that a second run
    with `apply` records nothing. One filing's fault does not stop the others.
    Raises SuiteError, and ArchiveError for a number that is not registered, before anything is examined.
    """
    ruleset, pools = suites.load(settings).ruleset, pools_of(settings)
    with turn(settings.home, LOCK) if apply else nullcontext():
        candidates, faults = _candidates(settings, list(numbers), since, ruleset)
        total = len(candidates) + len(faults)
        changes: list[Change] = []
        restored: list[str] = []
        for done, entry in enumerate(candidates):
            if progress:
                progress(done, len(candidates), entry.number)
            try:
                healed, beyond = _heal(entry, settings, pools, now) if apply else ([], [])
                restored += healed
                change = _examine(entry, settings, pools, now, apply=apply)
                for examination_no in beyond:
                    _give_up(entry, settings, examination_no, now)
            except SuiteError:
                raise
            except Exception as error:
                log.exception("%s could not be examined again", entry.number)
                faults.append((entry.number, f"{type(error).__name__}: {error}"))
                continue
            if change:
                changes.append(change)
    return Reexamination(ruleset, code_version(), total, tuple(changes), tuple(faults), tuple(restored))


def _candidates(
    settings: Settings, numbers: list[str], since: date | None, ruleset: str
) -> tuple[list[Entry], list[tuple[str, str]]]:
    """Filings to be examined, in order of arrival, and those whose files in the archive are damaged or lack a verdict.

    Filings without a verdict are the intake's to examine; only a named one is reported.
    """
    found: list[Entry] = []
    faults: list[tuple[str, str]] = []
    for entry in archive.entries(settings, numbers or None):
        try:
            verdict = entry.verdict
            if since and clock.local_date(entry.receipt.received_at) < since:
                continue
            if verdict is None:
                if numbers:
                    faults.append((entry.number, "it has no verdict yet: the DAG intake (make run) examines it"))
            elif numbers or (verdict["ruleset"], verdict["code_version"]) != (ruleset, code_version()):
                _ = entry.receipt
                found.append(entry)
        except (archive.ArchiveError, KeyError) as error:
            faults.append((entry.number, f"{type(error).__name__}: {error}"))
    return archive.in_order_of_arrival(found), faults


def _examine(entry: Entry, settings: Settings, pools: tuple[Pool, ...], now: datetime, *, apply: bool) -> Change | None:
    verdict = entry.verdict
    if verdict is None:
        raise archive.ArchiveError(f"{entry.number}: its verdict has gone while it was examined")
    examination = examination_of(entry, settings, pools, now)
    difference = compare(verdict, examination, settings)
    if not difference:
        return None
    recorded = apply and record(entry, examination, settings, again=True)
    return Change(entry.number, verdict["pool_id"], verdict["period"], difference, recorded)


def _heal(entry: Entry, settings: Settings, pools: tuple[Pool, ...], now: datetime) -> tuple[list[str], list[int]]:
    """Put back damaged files of the lake that can be made again, each with an event; and list examinations beyond that.

    The same code, rules and moment give the same bytes: then the file is put back. Where they do not any more, nobody
    can make the file again: the examination is given up by an event, and a new one beside it counts.
    Raises ArchiveError for damaged bytes of the package.
    """
    restored: list[str] = []
    beyond: list[int] = []
    lost = lost_examinations(entry)
    for verdict in entry.verdicts:
        wanted = damaged(verdict, settings)
        if not wanted or verdict["examination_no"] in lost:
            continue
        done = _make_again(entry, verdict, wanted, settings, pools)
        for path, digest in done.items():
            data = {"examination_no": verdict["examination_no"], "path": path, "sha256": digest}
            events.append(entry.folder, RESTORED, now, AUTHOR, data)
        restored += done
        if len(done) < len(wanted):
            beyond.append(verdict["examination_no"])
    return restored, beyond


def _give_up(entry: Entry, settings: Settings, examination_no: int, now: datetime) -> None:
    """Record that an examination's files are lost: its rows are left out of earlier figures from now on."""
    verdict = entry.verdicts[examination_no - 1]
    data = {"examination_no": examination_no, "paths": sorted(damaged(verdict, settings))}
    events.append(entry.folder, LOST, now, AUTHOR, data)


def _make_again(
    entry: Entry,
    verdict: Mapping[str, Any],
    wanted: Mapping[str, str],
    settings: Settings,
    pools: tuple[Pool, ...],
) -> dict[str, str]:
    """Examine as of the moment of that examination; the files whose bytes are those recorded get their names.

    Gives path → hex SHA-256. Under an older key the damaged file makes room: it would be found before the new one.
    """
    then = datetime.fromisoformat(verdict["examined_at"])
    examination = examination_of(entry, settings, pools, then)
    with lake_aside(entry.number, int(verdict["examination_no"]), examination, settings) as written:
        recorded = {places.of_today(path): path for path in wanted}
        same = {path: one for path, one in written.items() if wanted.get(recorded.get(path, "")) == one.sha256}
        lake_files.place(same.values())
        for path in same:
            if recorded[path] != path:
                (settings.lake / recorded[path]).unlink(missing_ok=True)
        return {path: one.sha256 for path, one in same.items()}
