"""Examine registered filings again: what the rules of today would say, and, if asked, a new verdict beside the old."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime

from filelock import FileLock

from esep import clock
from esep.config import Settings
from esep.examination import healing, suites
from esep.examination.comparison import Difference, compare
from esep.examination.healing import Healed
from esep.examination.pending import examination_of
from esep.examination.record import record
from esep.examination.register import Pool, pools_of
from esep.examination.suites import SuiteError
from esep.examination.versions import code_version
from esep.office import archive
from esep.office.archive import Entry

log = logging.getLogger(__name__)

LOCK = "reexamine.lock"

Progress = Callable[[int, int, str], None]
"""Called before each examination with how many are done, how many there are, and the number that is next."""


@dataclass(frozen=True, slots=True)
class Change:
    """A filing of which today's examination says something else than its latest verdict."""

    number: str
    pool_id: str | None
    period: str | None
    difference: Difference
    recorded: bool
    """Whether the new examination now stands beside the old."""


@dataclass(frozen=True, slots=True)
class Reexamination:
    """What became of all candidates."""

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
    the same bytes (see healing). A filing whose verdict would be the same keeps it, so that a second run
    with `apply` records nothing. One filing's fault does not stop the others.
    Raises SuiteError, and ArchiveError for a number that is not registered, before anything is examined.
    """
    ruleset, pools = suites.load(settings).ruleset, pools_of(settings)
    settings.locks.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.locks / LOCK) if apply else nullcontext():
        candidates, faults = _candidates(settings, list(dict.fromkeys(numbers)), since, ruleset)
        total = len(candidates) + len(faults)
        changes: list[Change] = []
        restored: list[str] = []
        for done, entry in enumerate(candidates):
            if progress:
                progress(done, len(candidates), entry.number)
            try:
                healed = healing.heal(entry, settings, pools, now) if apply else Healed((), ())
                restored += healed.restored
                change = _examine(entry, settings, pools, now, apply=apply)
                for examination_no in healed.beyond:
                    healing.give_up(entry, settings, examination_no, now)
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

    Filings without a verdict are the intake's to examine; only a named one is told.
    """
    entries = [archive.entry(settings, number) for number in numbers] if numbers else archive.registered(settings)
    found: list[Entry] = []
    faults: list[tuple[str, str]] = []
    for entry in entries:
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
