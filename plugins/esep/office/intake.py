"""One run of the office: every settled package of the inbox is registered or known again, and leaves the inbox."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from filelock import FileLock

from esep.config import Settings
from esep.file_names import in_one_line
from esep.office import archive, departure, events, inbox, registration, staging, storage
from esep.office.archive import Entry
from esep.office.duplicates import ARRIVED_AGAIN, IdentityOf, Register
from esep.office.package import Package, arrival_of
from esep.office.receipt import Receipt
from esep.office.registration import AUTHOR

log = logging.getLogger(__name__)

LOCK = "intake.lock"


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of one package of the inbox."""

    source_name: str
    number: str | None
    """Registration number; None if the package could not be taken."""
    receipt: Receipt | None
    """The filing's receipt: for identical bytes the one given before."""
    duplicate: bool
    """True if these bytes are registered already and no second filing was made."""
    fault: str | None = None
    """What went wrong. With a number: it is registered, but could not leave the inbox. Without: it stays for later."""


Progress = Callable[[Registered], None]


def register_waiting(
    settings: Settings,
    now: datetime | Callable[[], datetime],
    identity_of: IdentityOf,
    progress: Progress | None = None,
) -> list[Registered]:
    """Take every settled package, in order of arrival; a fault with one does not stop the others.

    `now` is the moment of registration. Where several intakes may wait for each other give the clock itself, which is
    then read once the lock is held, so that later numbers never bear earlier moments.
    Raises OSError or ArchiveError only for what concerns all: an inbox or archive that cannot be read or written.
    """
    storage.make_folder(settings.archive)
    settings.inbox.mkdir(parents=True, exist_ok=True)
    settings.locks.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.locks / LOCK):
        moment = now() if callable(now) else now
        results = _beside(_tidy_up(settings))
        waiting = inbox.waiting(settings, moment)
        if not waiting:
            return results
        register = Register(settings)
        results += _beside(register.unreadable)
        for package in waiting:
            result = _take(package, settings, moment, register, identity_of)
            results.append(result)
            if progress:
                progress(result)
    return results


def _tidy_up(settings: Settings) -> list[tuple[str, Exception]]:
    """Remove and finish what killed runs left; what resists is told, and hinders nobody."""
    return staging.clean(settings) + departure.finish_begun(settings)


def _take(
    package: Package, settings: Settings, now: datetime, register: Register, identity_of: IdentityOf
) -> Registered:
    """Register one package, or log it with the filing that it repeats; then let it leave the inbox."""
    try:
        entry, duplicate = _enter(package, settings, now, register, identity_of)
    except Exception as error:  # whatever it is, the other packages are still to be registered today (para 7)
        return _fault(package.name, error)
    fault = None
    try:
        departure.leave(package, settings)
    except OSError as error:
        fault = f"{entry.number} is registered, but the package could not leave the inbox: {error}"
    return Registered(package.name, entry.number, entry.receipt, duplicate, fault)


def _enter(
    package: Package, settings: Settings, now: datetime, register: Register, identity_of: IdentityOf
) -> tuple[Entry, bool]:
    """The filing that stands for this package, and whether the package only repeats it."""
    arrival = arrival_of(package)
    known = register.same_arrival(arrival)
    if known:
        return known
    first = register.duplicate_of(arrival, registration.received_at(package, now), identity_of)
    if first:
        events.append(first.folder, ARRIVED_AGAIN, now, AUTHOR, registration.arrival_data(arrival, now))
        register.add_repeat(first, arrival)
        return first, True
    receipt = registration.register(package, settings, now, arrival=arrival, numbers=register.numbers)
    entry = archive.entry(settings, receipt.registration_no)
    register.add(entry)
    return entry, False


def _beside(faults: list[tuple[str, Exception]]) -> list[Registered]:
    """Faults that are of no package of this run; `progress` is told of packages alone, so they are logged here."""
    for name, error in faults:
        log.error("%s: %s", in_one_line(name), in_one_line(str(error)))
    return [_fault(name, error) for name, error in faults]


def _fault(name: str, error: Exception) -> Registered:
    return Registered(name, None, None, False, f"{type(error).__name__}: {error}")
