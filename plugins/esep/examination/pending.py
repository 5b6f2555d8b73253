"""Examine what is registered and has no verdict yet, in order of arrival (paras 8 and 9)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from esep import failures
from esep.config import Settings
from esep.examination import suites
from esep.examination.examine import examine
from esep.examination.model import Examination
from esep.examination.record import record
from esep.examination.register import Pool, pools_of
from esep.examination.suites import SuiteError
from esep.log_fields import log_fields
from esep.office import archive
from esep.proof import named

log = logging.getLogger(__name__)

Progress = Callable[[str, str], None]
"""Called with number and verdict of each filing that is done."""


@dataclass(frozen=True, slots=True)
class Examined:
    number: str
    verdict: str


class PendingError(RuntimeError):
    """Some filings could not be examined through a fault of program or machine: they keep waiting, none is refused.

    `examined` are those that were.
    """

    def __init__(self, faults: list[tuple[str, Exception]], examined: list[Examined]) -> None:
        super().__init__(
            f"{len(faults)} filings could not be examined and stay without a verdict: "
            f"{failures.in_few_words(faults)}. Repair the cause and run again; the examination takes "
            "up what has no verdict."
        )
        self.numbers = [number for number, _ in faults]
        self.examined = examined


def examine_pending(
    settings: Settings, now: datetime, numbers: Iterable[str] | None = None, progress: Progress | None = None
) -> list[Examined]:
    """Examine those of `numbers` (default: of all filings) that have no verdict, in order of arrival.

    One filing's fault does not stop the others; at the end PendingError names those that failed.
    Raises SuiteError at once, because without rules nothing can be examined.
    """
    suites.load(settings)
    pools = pools_of(settings)
    examined: list[Examined] = []
    waiting, faults = _waiting(settings, numbers)
    for entry in waiting:
        with log_fields(registration_no=entry.number):
            try:
                verdict = _examine(entry, settings, pools, now)
            except SuiteError:
                raise
            except Exception as error:
                log.exception("%s could not be examined", entry.number)
                faults.append((entry.number, error))
                continue
            examined.append(Examined(entry.number, verdict))
            if progress:
                progress(entry.number, verdict)
    if faults:
        raise PendingError(faults, examined)
    return examined


def identity_of(settings: Settings, now: datetime) -> Callable[[str], tuple[str | None, date | None] | None]:
    """Pool and period of a registered filing by its number; a filing without a verdict is examined for it."""

    def told(number: str) -> tuple[str | None, date | None] | None:
        entry = archive.entry(settings, number)
        if entry.verdict is None:
            _examine(entry, settings, pools_of(settings), now)
        verdict = entry.verdict
        if verdict is None:
            return None
        period = verdict["period"]
        return verdict["pool_id"], date.fromisoformat(period) if period else None

    return told


def _waiting(
    settings: Settings, numbers: Iterable[str] | None
) -> tuple[list[archive.Entry], list[tuple[str, Exception]]]:
    """Filings without a verdict in order of arrival, and those whose files in the archive are damaged."""
    if numbers is None:
        entries: Iterable[archive.Entry] = archive.registered(settings)
    else:
        entries = [archive.entry(settings, number) for number in dict.fromkeys(numbers)]
    waiting: list[archive.Entry] = []
    faults: list[tuple[str, Exception]] = []
    for entry in entries:
        try:
            if entry.verdict is None and entry.receipt:
                waiting.append(entry)
        except archive.ArchiveError as error:
            faults.append((entry.number, error))
    return archive.in_order_of_arrival(waiting), faults


def examination_of(entry: archive.Entry, settings: Settings, pools: tuple[Pool, ...], now: datetime) -> Examination:
    """Examine a registered filing, its signatures by the moment of its receipt; nothing is recorded.

    Raises ArchiveError for a package whose bytes are not those that came.
    """
    named.require_package(entry)
    return examine(entry.package, settings, pools, now, entry.receipt.received_at)


def _examine(entry: archive.Entry, settings: Settings, pools: tuple[Pool, ...], now: datetime) -> str:
    """Examine and record one filing; the verdict that stands, another process's if it was first."""
    examination = examination_of(entry, settings, pools, now)
    record(entry, examination, settings)
    verdict = entry.verdict
    return str(verdict["verdict"]) if verdict else examination.verdict.value
