"""Handing over the filings of a day: a bundle of those that no bundle holds yet, and its record.

May be killed and run again at any point: what was written and not recorded is found in its place, proved, and recorded.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from esep import clock
from esep.config import Settings
from esep.handover import bundle
from esep.handover.bundle import Filing
from esep.handover.target import HandoverError, Target
from esep.office import archive, handovers, storage
from esep.office.archive import ArchiveError, Entry
from esep.office.handovers import Bundle
from esep.records.turns import turn

AUTHOR = "esep.handover"
LOCK = "handover.lock"
_ASIDE = ".handover"
"""Folder below the home for what is made on the way."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A filing that was not handed over because the archive does not hold it as it was recorded."""

    registration_no: str
    what: str


@dataclass(frozen=True, slots=True)
class DayReport:
    """What became of the filings of a day."""

    day: date
    filings: int
    """Registered on that day."""
    before: tuple[Bundle, ...]
    """Bundles of the day that were on record already."""
    written: tuple[Bundle, ...]
    """Those that this run wrote, or found whole in their place and recorded."""
    damaged: tuple[Damage, ...]
    """Filings of the day that are left, and those whose receipt does not even say their day."""


def days_due(settings: Settings, today: date) -> list[date]:
    """The days up to `today` of which filings are not handed over, in order.

    Only those from the day from which the office wants it; while that is switched off, `today` alone.
    """
    since = handovers.required_since(settings)
    if since is None:
        return [today]
    done = {number for one in handovers.bundles(settings) for number in one.numbers}
    days = {
        found.receipt.registered_on
        for found in _readable(settings, range(since.year, today.year + 1))
        if found.number not in done
    }
    return sorted(day for day in days if since <= day <= today)


def hand_over(settings: Settings, day: date, target: Target, author: str, now: Callable[[], datetime]) -> DayReport:
    """Hand over what was registered on a day and is in no bundle yet. `now` is read again when a bundle is in place.

    What is damaged is left and named, the rest goes. Raises HandoverError for a day to come, for a target that cannot
    be written, and for a bundle of that name there that is not this office's.
    """
    if day > clock.local_date(now()):
        raise HandoverError(f"{day}: the day is yet to come; what is registered today is the latest to hand over.")
    with turn(settings.home, LOCK), _aside(settings) as aside:
        before = tuple(one for one in handovers.bundles(settings) if one.day == day)
        entries, damaged = _of_day(settings, day)
        done = {number for one in before for number in one.numbers}
        waiting = []
        for entry in entries:
            if entry.number not in done:
                try:
                    waiting.append(bundle.proved(settings, entry))
                except (ArchiveError, OSError) as error:
                    damaged.append(Damage(entry.number, str(error)))
        written: list[Bundle] = []
        while waiting:
            name = handovers.bundle_name(day, len(before) + len(written) + 1)
            there = target.manifest_of(name)
            if there is None:
                content = bundle.content(settings, name, day, waiting, aside)
                target.write(name, content.items)
                numbers, digest = content.numbers, content.manifest_sha256
            else:
                numbers, digest = _found(target, name, there, waiting)
            written.append(handovers.record(settings, name, numbers, target.address, digest, author, now()))
            waiting = [filing for filing in waiting if filing.number not in numbers]
        return DayReport(day, len(entries), before, tuple(written), tuple(damaged))


def _found(target: Target, name: str, manifest: bytes, waiting: list[Filing]) -> tuple[tuple[str, ...], str]:
    """Numbers and hash of a bundle that is in its place without a record: a run was killed between the two."""
    packages = {filing.number: filing.facts["package_sha256"] for filing in waiting}
    try:
        stated = {one["registration_no"]: one["package_sha256"] for one in json.loads(manifest)["filings"]}
    except (ValueError, KeyError, TypeError):
        stated = {}
    if not stated or any(packages.get(number) != package for number, package in stated.items()):
        raise HandoverError(
            f"{target.address}/{name}: a bundle of that name is there, and it does not hold this office's filings of "
            "the day that wait. Move it away or give another target; then run again."
        )
    differing = target.differing(name)
    if differing:
        raise HandoverError(
            f"{target.address}/{name}: was written and not recorded, and {differing[0]} is not as its list of hashes "
            "says. Move the bundle away; then run again."
        )
    return tuple(stated), bundle.digest_of(manifest)


def _of_day(settings: Settings, day: date) -> tuple[list[Entry], list[Damage]]:
    """The filings registered on a day by number, and those of its year whose receipt cannot be read."""
    found, damaged = [], []
    for serial in sorted(archive.serials(settings.archive / f"{day.year:04d}")):
        number = archive.number_of(day.year, serial)
        try:
            entry = archive.entry(settings, number)
            if entry.receipt.registered_on == day:
                found.append(entry)
        except ArchiveError as error:
            damaged.append(Damage(number, str(error)))
    return found, damaged


def _readable(settings: Settings, years: range) -> Iterator[Entry]:
    """The filings of these years whose receipt can be read; handing over a day names the others."""
    for year in years:
        for serial in archive.serials(settings.archive / f"{year:04d}"):
            try:
                entry = archive.entry(settings, archive.number_of(year, serial))
                _ = entry.receipt
                yield entry
            except ArchiveError:
                continue


@contextmanager
def _aside(settings: Settings) -> Iterator[Path]:
    """A folder for what is made on the way; what a killed run left there is gone first. With the lock held."""
    folder = settings.home / _ASIDE
    shutil.rmtree(folder, ignore_errors=True)
    storage.make_folder(folder)
    try:
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            yield Path(aside)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
