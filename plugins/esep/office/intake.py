"""One run of the office: every settled package of the inbox is registered or known again, and leaves the inbox.

Are identical bytes the filing in force, or an old version that is filed anew? See `Register.duplicate_of`.
"""

from __future__ import annotations

import logging
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from esep.config import Settings
from esep.file_names import in_one_line
from esep.office import archive, departure, events, inbox, messages, registration, storage
from esep.office.archive import Entry, Receipt
from esep.office.messages import Kept, Message
from esep.office.package import Arrival, Package, arrival_of, content_keys
from esep.office.registration import AUTHOR, Numbers
from esep.records.turns import turn
from esep.store.model import StoreError

ARRIVED_AGAIN = "arrived_again"
"""Kind of the event of a repeated arrival, kept with the filing whose receipt answers it."""

IdentityOf = Callable[[str], tuple[str | None, date | None] | None]
"""Pool and period of a registered filing by its number, as its examination found them; None if it found none.

A filing without a verdict is examined by it on demand. Only asked when the same bytes are registered already.
"""
MessagesIn = Callable[[Package, datetime, datetime], tuple[Message, ...]]
"""The messages that a package holds instead of a filing, by the moments of its arrival and of now; none of a filing."""
log = logging.getLogger(__name__)
LOCK = "intake.lock"


@dataclass(frozen=True, slots=True)
class Registered:
    """The result for one package of the inbox."""

    source_name: str
    number: str | None
    """Registration number; None if the package could not be taken."""
    receipt: Receipt | None
    """The filing's receipt: for identical bytes the one given before."""
    duplicate: bool
    """True if these bytes are registered already and no second filing was made."""
    message_id: str | None = None
    """Of a message without a registration number, see office.messages; `duplicate` if its bytes were kept before."""
    fault: str | None = None
    """The fault. With a number: it is registered, but could not leave the inbox. Without: it stays for later."""


Progress = Callable[[Registered], None]


def register_waiting(
    settings: Settings,
    now: datetime | Callable[[], datetime],
    identity_of: IdentityOf,
    progress: Progress | None = None,
    *,
    history_by: str | None = None,
    messages_in: MessagesIn | None = None,
) -> list[Registered]:
    """Take every settled package, in order of arrival; a fault with one does not stop the others.

    `now` is the moment of registration. Where several intakes may wait for each other give the clock itself, which is
    then read once the lock is held, so that later numbers never bear earlier moments.
    `history_by`: who loads what waits as history. A package without a stamped moment of arrival then stays, and so does
    one whose stamp says that it is none: taken as history it would bear a day on which it was not received.
    `messages_in` finds messages that are no filing; without it everything is registered.
    Raises OSError, ArchiveError or StoreError only for what concerns all: an inbox, archive or store that cannot be
    read or written.
    """
    storage.make_folder(settings.archive)
    settings.inbox.mkdir(parents=True, exist_ok=True)
    with turn(settings.home, LOCK):
        moment = now() if callable(now) else now
        # What killed runs left is removed or finished; what resists is reported, and hinders nobody.
        results = _beside(registration.clean_staging(settings) + departure.finish_begun(settings))
        waiting = inbox.waiting(settings, moment)
        if not waiting:
            return results
        register = Register(settings, identity_of)
        results += _beside(register.unreadable)
        for package in waiting:
            result = _no_history(package) if history_by else None
            result = result or _take(package, settings, moment, register, history_by, messages_in)
            results.append(result)
            if progress:
                progress(result)
    return results


def _no_history(package: Package) -> Registered | None:
    """Why the package cannot be loaded as history; None where it can."""
    if package.received_at is None:
        wrong = package.stamp.error if package.stamp else None
        fault = f"no stamp with the moment of its former receipt{f' ({wrong})' if wrong else ''}: "
        fault += 'add office.json with "received_at", or let intake register it as arriving now'
    elif package.stamp and package.stamp.history is False:
        fault = 'its stamp says "history": false: correct the stamp, or let intake register it'
    else:
        return None
    return Registered(package.name, None, None, False, fault=fault)


def _take(
    package: Package,
    settings: Settings,
    now: datetime,
    register: Register,
    history_by: str | None,
    messages_in: MessagesIn | None,
) -> Registered:
    """Register one package, or log it with the filing that it repeats; then let it leave the inbox."""
    try:
        kept = _kept_message(package, settings, now, register, messages_in) if messages_in else None
        if kept is not None:
            return _left(package, settings, kept)
        entry, duplicate = _enter(package, settings, now, register, history_by)
    except StoreError:  # it concerns all; nothing leaves the inbox
        raise
    except Exception as error:  # whatever it is, the other packages are still to be registered today (para 7)
        return _fault(package.name, error)
    fault = None
    try:
        departure.leave(package, settings)
    except OSError as error:
        fault = f"{entry.number} is registered, but the package could not leave the inbox: {error}"
    return Registered(package.name, entry.number, entry.receipt, duplicate, fault=fault)


def _kept_message(
    package: Package, settings: Settings, now: datetime, register: Register, messages_in: MessagesIn
) -> Kept | None:
    """Keep a package that is a message and no filing. What cannot be told is registered (para 7)."""
    try:
        found = messages_in(package, registration.received_at(package, now), now)
    except Exception:
        log.exception("%s: whether it is a message could not be told; it is registered", in_one_line(package.name))
        return None
    arrival = arrival_of(package) if found else None
    if arrival is None or register.with_bytes_of(arrival):
        return None
    return messages.keep(settings, arrival, found, now)


def _left(package: Package, settings: Settings, kept: Kept) -> Registered:
    """A message that was kept leaves the inbox."""
    fault = None
    try:
        departure.leave(package, settings)
    except OSError as error:
        fault = f"the message {kept.message_id} is kept, but the package could not leave the inbox: {error}"
    return Registered(package.name, None, None, kept.duplicate, kept.message_id, fault)


def _enter(
    package: Package, settings: Settings, now: datetime, register: Register, history_by: str | None
) -> tuple[Entry, bool]:
    """The filing of this package, and whether the package only repeats it."""
    arrival = arrival_of(package)
    known = register.same_arrival(arrival)
    if known:
        return known
    first = register.duplicate_of(arrival, registration.received_at(package, now))
    if first:
        events.append(first.folder, ARRIVED_AGAIN, now, AUTHOR, registration.arrival_data(arrival, now))
        register.add_repeat(first, arrival)
        return first, True
    receipt = registration.register(
        package, settings, now, arrival=arrival, numbers=register.numbers, history_by=history_by
    )
    entry = archive.entry(settings, receipt.registration_no)
    register.add(entry)
    return entry, False


def _beside(faults: list[tuple[str, Exception]]) -> list[Registered]:
    """Faults that are of no package of this run; `progress` gets packages alone, so they are logged here."""
    for name, error in faults:
        log.error("%s: %s", in_one_line(name), in_one_line(str(error)))
    return [_fault(name, error) for name, error in faults]


def _fault(name: str, error: Exception) -> Registered:
    return Registered(name, None, None, False, fault=f"{type(error).__name__}: {error}")


class Register:
    """The registered filings in memory, by bytes; kept up to date by whoever holds the intake's lock."""

    def __init__(self, settings: Settings, identity_of: IdentityOf) -> None:
        self._identity_of = identity_of
        self._entries: list[Entry] = []
        """In order of arrival."""
        self._identities: dict[str, tuple[str, str] | None] = {}
        self._by_content: defaultdict[str, list[Entry]] = defaultdict(list)
        self._repeats: dict[str, set[object]] = {}
        """By number the ids of the arrivals that only repeated the filing, read once."""
        self.numbers = Numbers()
        self.unreadable: list[tuple[str, Exception]] = []
        """Filings with a damaged receipt: reported, but no reason to register nothing today (para 7)."""
        for entry in archive.registered(settings):
            try:
                self.add(entry)
            except archive.ArchiveError as error:
                self.unreadable.append((entry.number, error))

    def add(self, entry: Entry) -> None:
        insort(self._entries, entry, key=archive.arrival_order)
        for key in _content_keys(entry):
            self._by_content[key].append(entry)

    @property
    def entries(self) -> Sequence[Entry]:
        """In order of arrival."""
        return self._entries

    def with_bytes_of(self, arrival: Arrival) -> list[Entry]:
        """The filings with these bytes, in order of arrival."""
        found = {one.number: one for key in arrival.content_keys for one in self._by_content.get(key, ())}
        return archive.in_order_of_arrival(found.values())

    def same_arrival(self, arrival: Arrival) -> tuple[Entry, bool] | None:
        """The filing with which this very arrival was logged before a run was killed, and whether as a repeated one."""
        for entry in self.with_bytes_of(arrival):
            if entry.receipt.arrival_id == arrival.arrival_id:
                return entry, False
            if arrival.arrival_id in self._repeats_of(entry):
                return entry, True
        return None

    def add_repeat(self, entry: Entry, arrival: Arrival) -> None:
        """The arrival was logged as one that only repeats the filing."""
        self._repeats_of(entry).add(arrival.arrival_id)

    def _repeats_of(self, entry: Entry) -> set[object]:
        if entry.number not in self._repeats:
            repeats = events.read(entry.folder, ARRIVED_AGAIN)
            self._repeats[entry.number] = {event.data.get("arrival_id") for event in repeats}
        return self._repeats[entry.number]

    def duplicate_of(self, arrival: Arrival, moment: datetime) -> Entry | None:
        """The filing of which this arrival is only a copy, or None if it is a filing of its own.

        It is a copy if the same bytes are the latest filing of their pool and period, either of those that had
        arrived by `moment` or of all: so neither the same envelope twice nor the whole history dropped again makes
        new filings, while an old version sent after a correction does. Bytes without a pool or a period have no
        successor, and are a copy of what they equal. So are bytes under the very stamp of a filing: the incoming number
        distinguishes two arrivals of one moment.
        """
        same = self.with_bytes_of(arrival)
        for first in same:
            if _same_stamp(first, arrival):
                return first
        for first in same:
            identity = self._identity(first)
            if identity is None:
                return first
            for until in (moment, None):
                latest = self._latest(identity, until)
                if latest and _content_keys(latest) & arrival.content_keys:
                    return latest
        return None

    def _latest(self, identity: tuple[str, str], until: datetime | None) -> Entry | None:
        """The latest filing of a pool and period, of those received by `until`. Looks from the newest backwards."""
        for entry in reversed(self._entries):
            arrived_in_time = until is None or entry.receipt.received_at <= until
            if arrived_in_time and self._identity(entry) == identity:
                return entry
        return None

    def _identity(self, entry: Entry) -> tuple[str, str] | None:
        """(pool, month as YYYY-MM) by the latest verdict, else by examining now; None if either cannot be read."""
        if entry.number not in self._identities:
            verdict = entry.verdict
            found = (verdict["pool_id"], verdict["period"]) if verdict else self._identity_of(entry.number)
            pool, period = found or (None, None)
            self._identities[entry.number] = (str(pool), str(period)[:7]) if pool and period else None
        return self._identities[entry.number]


def _content_keys(entry: Entry) -> frozenset[str]:
    return content_keys(entry.receipt.files, entry.receipt.package_sha256)


def _same_stamp(entry: Entry, arrival: Arrival) -> bool:
    """True if both bear the same incoming number and moment of arrival."""
    stamp, receipt = arrival.package.stamp, entry.receipt
    if stamp is None or stamp.incoming_no is None or stamp.received_at is None:
        return False
    return (stamp.incoming_no, stamp.received_at) == (receipt.incoming_no, receipt.received_at)
