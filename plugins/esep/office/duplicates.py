"""Identical bytes again: is it the filing that stands already, or an old version that is filed anew?"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime

from esep.config import Settings
from esep.office import archive, events
from esep.office.archive import Entry
from esep.office.numbers import Numbers
from esep.office.package import Arrival

ARRIVED_AGAIN = "arrived_again"
"""Kind of the event of a repeated arrival, kept with the filing whose receipt stands for it."""

IdentityOf = Callable[[str], tuple[str | None, date | None] | None]
"""Pool and period of a registered filing by its number, as its examination tells them; None if it tells nothing.

A filing without a verdict is examined by it on demand. Only asked when the same bytes are registered already.
"""


class Register:
    """The registered filings in memory, by bytes; kept up to date by whoever holds the intake's lock."""

    def __init__(self, settings: Settings) -> None:
        self._entries: list[Entry] = []
        """In order of arrival."""
        self._identities: dict[str, tuple[str, str] | None] = {}
        self._by_sha256: defaultdict[str, list[Entry]] = defaultdict(list)
        self._repeats: dict[str, set[object]] = {}
        """By number the ids of the arrivals that only repeated the filing, read once."""
        self.numbers = Numbers()
        self.unreadable: list[tuple[str, Exception]] = []
        """Filings with a damaged receipt: told, but no reason to register nothing today (para 7)."""
        for entry in archive.registered(settings):
            try:
                self.add(entry)
            except archive.ArchiveError as error:
                self.unreadable.append((entry.number, error))

    def add(self, entry: Entry) -> None:
        insort(self._entries, entry, key=archive.arrival_order)
        self._by_sha256[entry.receipt.package_sha256].append(entry)

    def same_arrival(self, arrival: Arrival) -> tuple[Entry, bool] | None:
        """The filing with which this very arrival was logged before a run was killed, and whether as a repeated one."""
        for entry in self._by_sha256[arrival.package_sha256]:
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
            told = events.read(entry.folder, ARRIVED_AGAIN)
            self._repeats[entry.number] = {event.data.get("arrival_id") for event in told}
        return self._repeats[entry.number]

    def duplicate_of(self, arrival: Arrival, moment: datetime, identity_of: IdentityOf) -> Entry | None:
        """The filing of which this arrival is only a copy, or None if it is a filing of its own.

        It is a copy if the same bytes are the latest filing of their pool and period, either of those that had
        arrived by `moment` or of all: so neither the same envelope twice nor the whole history dropped again makes
        new filings, while an old version sent after a correction does. Bytes that tell no pool or no period have no
        successor, and are a copy of what they equal. So are bytes under the very stamp of a filing: the incoming number
        tells two arrivals of one moment apart.
        """
        same = sorted(self._by_sha256[arrival.package_sha256], key=archive.arrival_order)
        for first in same:
            if _same_stamp(first, arrival):
                return first
        for first in same:
            identity = self._identity(first, identity_of)
            if identity is None:
                return first
            for until in (moment, None):
                latest = self._latest(identity, until, identity_of)
                if latest and latest.receipt.package_sha256 == arrival.package_sha256:
                    return latest
        return None

    def _latest(self, identity: tuple[str, str], until: datetime | None, identity_of: IdentityOf) -> Entry | None:
        """The latest filing of a pool and period, of those received by `until`. Looks from the newest backwards."""
        for entry in reversed(self._entries):
            arrived_in_time = until is None or entry.receipt.received_at <= until
            if arrived_in_time and self._identity(entry, identity_of) == identity:
                return entry
        return None

    def _identity(self, entry: Entry, identity_of: IdentityOf) -> tuple[str, str] | None:
        """(pool, month as YYYY-MM) by the latest verdict, else by examining now; None if either cannot be read."""
        if entry.number not in self._identities:
            verdict = entry.verdict
            told = (verdict["pool_id"], verdict["period"]) if verdict else identity_of(entry.number)
            pool, period = told or (None, None)
            self._identities[entry.number] = (str(pool), str(period)[:7]) if pool and period else None
        return self._identities[entry.number]


def _same_stamp(entry: Entry, arrival: Arrival) -> bool:
    """True if both bear the same incoming number and moment of arrival."""
    stamp, receipt = arrival.package.stamp, entry.receipt
    if stamp is None or stamp.incoming_no is None or stamp.received_at is None:
        return False
    return (stamp.incoming_no, stamp.received_at) == (receipt.incoming_no, receipt.received_at)
