"""What registration and examination would make of a package before it is put into the inbox; nothing is recorded."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from esep import clock
from esep.config import Settings
from esep.examination.checked import Checked, check
from esep.examination.examine import Circumstances
from esep.examination.versions import kind_of
from esep.law.calendar import due_effective_on
from esep.office import hand_in
from esep.office.archive import Entry
from esep.office.hand_in import PutIn
from esep.office.intake import Register
from esep.office.package import Arrival, Package, arrival_of
from esep.office.registration import received_at

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ArrivalPreview:
    """A package before anybody puts it in."""

    arrival: Arrival
    received_at: datetime
    checked: Checked | None
    """None where it could not be examined, by a fault of rules or machine: it can be put in all the same."""
    kind: str | None
    """new, refiling or correction, by the examined filings; None where pool or month is not known, and of a message."""
    due_on: date | None
    """Of a new filing: until when it was to come (para 5)."""
    repeats: Entry | None
    """The filing that these bytes would only repeat."""
    older: Entry | None
    """Else a filing with these bytes that is no longer the latest of its pool and month: they are a filing again."""
    waiting: PutIn | None
    """The same bytes that were put in already and are not registered yet."""

    @property
    def days_late(self) -> int:
        """Calendar days from the due day to its arrival; 0 where it comes in time, or nothing of it is due."""
        return max((clock.local_date(self.received_at) - self.due_on).days, 0) if self.due_on else 0


def preview(package: Package, settings: Settings, now: datetime) -> ArrivalPreview:
    """Examine the package by the rules as they are now. Raises OSError if it cannot be read."""
    arrival = arrival_of(package)
    arrived_at = received_at(package, now)
    register = Register(settings, lambda _: None)
    entries = register.entries
    circumstances = Circumstances(lambda identity: kind_of(entries, identity, arrived_at) == "correction")
    checked = None
    try:
        checked = check(package.path, settings, now, arrived_at, circumstances)
    except Exception:  # everything that arrives is registered (para 7), also when a suite is broken
        log.exception("%s: the package could not be examined before registration", package.name)
    repeats = register.duplicate_of(arrival, arrived_at)
    same = register.with_bytes_of(arrival)
    identity = checked.examination.identity if checked and not checked.messages else None
    kind = kind_of(entries, identity, arrived_at) if identity else None
    return ArrivalPreview(
        arrival=arrival,
        received_at=arrived_at,
        checked=checked,
        kind=kind,
        due_on=due_effective_on(identity.period) if identity and identity.period and kind == "new" else None,
        repeats=repeats,
        older=same[-1] if same and not repeats else None,
        waiting=hand_in.waiting_with(settings, arrival.package_sha256),
    )
