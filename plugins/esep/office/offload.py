"""Which packages may leave a home's disk for the store: those whose filings are decided and came before a day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from esep.config import Settings
from esep.office import archive, questions
from esep.office.archive import ArchiveError
from esep.records import offloading
from esep.records.seal import DamagedRecordError


class Offloaded(NamedTuple):
    """What came of it."""

    numbers: list[str]
    size: int
    """Bytes that were removed here."""
    left: list[tuple[str, str]]
    """Number and reason of each filing that stays."""


def offload(settings: Settings, before: date) -> Offloaded:
    """Offload the packages of filings that were registered before a day and have their verdict. May be interrupted.

    Raises StoreError where the home shares no store, or it cannot be reached.
    """
    done = Offloaded([], 0, [])
    there = set(offloading.offloaded(settings.home))
    for entry in archive.registered(settings):
        try:
            verdict = entry.verdict
            is_old = entry.receipt.registered_on < before
            if entry.number in there or not is_old or verdict is None or questions.is_waiting(verdict):
                continue
            done = done._replace(size=done.size + offloading.offload(settings.home, entry.number))
            done.numbers.append(entry.number)
        except (ArchiveError, DamagedRecordError, OSError) as error:
            done.left.append((entry.number, str(error)))
    return done


def fetch(settings: Settings) -> list[str]:
    """Bring all packages back; their numbers. Raises StoreError."""
    return [
        number for number in sorted(offloading.offloaded(settings.home)) if offloading.bring_back(settings.home, number)
    ]
