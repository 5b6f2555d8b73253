"""A pool's message that it distributed nothing in a month: kept in the journal, without a registration number.

It is voluntary, and no application and no data: nothing of paras 5 to 9 applies to it. Its bytes lie in
`journal/message/<id>/package/`, written once; the id is the beginning of their hash. The event that names them says
what the message says, and what is in doubt about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from esep.clock import local_date, month_after
from esep.config import Settings
from esep.law.identifiers import is_bin
from esep.office import archive, events, registration, storage
from esep.office.events import Event
from esep.office.package import Arrival
from esep.office.registration import AUTHOR, MESSAGES

REPORTED = "no_distributions_reported"
"""Kind of the event of a message's first arrival, one for each pool and month that it names."""
ARRIVED_AGAIN = "message_arrived_again"
_DIGITS_OF_ID = 16
_TRUSTED = ("verified_chain_not_checked", "present_unverified_algorithm")
"""States of a signature with which a filing counts as signed, too."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says, and who signed it."""

    file: str
    """Path in the package."""
    pool_id: str | None
    pool_name: str | None
    period: date | None
    """First day of the month."""
    head: str | None
    signature: str
    """State of the signature over it, `absent` without one."""
    signer_bin: str | None

    def doubt(self, received_on: date) -> str | None:
        """Why it closes no question by itself (`doubt` of no_distribution_message); None where nothing is in doubt."""
        if self.pool_id is None or not is_bin(self.pool_id):
            return "pool_unreadable"
        if self.period is None:
            return "month_unreadable"
        if received_on < month_after(self.period):
            return "month_not_over"
        if self.signature not in _TRUSTED:
            return "not_signed" if self.signature == "absent" else "signature_invalid"
        return None if self.signer_bin == self.pool_id else "signed_by_another"


@dataclass(frozen=True, slots=True)
class Kept:
    """The outcome for one package that is a message."""

    message_id: str
    duplicate: bool
    """Whether its bytes were kept before."""


def id_of(package_sha256: str) -> str:
    return package_sha256[:_DIGITS_OF_ID]


def keep(settings: Settings, arrival: Arrival, found: Sequence[Message], now: datetime) -> Kept:
    """Keep the bytes and record what they say; bytes that were kept before are only logged.

    To be called with the intake's lock held. After a kill the next call goes on where it ended. Raises OSError.
    """
    message_id = id_of(arrival.package_sha256)
    known = _of(settings, REPORTED, arrival)
    if known and known[0].data["arrival_id"] != arrival.arrival_id:
        again = _of(settings, ARRIVED_AGAIN, arrival)
        if all(event.data["arrival_id"] != arrival.arrival_id for event in again):
            data = {"message_id": message_id, **registration.arrival_data(arrival, now)}
            events.append_to_journal(settings, ARRIVED_AGAIN, now, AUTHOR, data)
        return Kept(message_id, duplicate=True)
    if not known:
        _place(settings, arrival, message_id)
    stamps = registration.stamps_in(settings.journal / MESSAGES / message_id)
    received_on = local_date(registration.received_at(arrival.package, now))
    recorded = {(event.data["pool_id"], event.data["period"]) for event in known}
    for message in found:
        period = message.period.isoformat() if message.period else None
        if (message.pool_id, period) in recorded:
            continue
        recorded.add((message.pool_id, period))
        data = {
            **registration.arrival_data(arrival, now),
            "message_id": message_id,
            "pool_id": message.pool_id,
            "pool_name": message.pool_name,
            "period": period,
            "head": message.head,
            "message_file": message.file,
            "files": [_as_dict(file) for file in arrival.files],
            "stamps": [_as_dict(file) for file in stamps],
            "signature": message.signature,
            "signer_bin": message.signer_bin,
            "doubt": message.doubt(received_on),
        }
        events.append_to_journal(settings, REPORTED, now, AUTHOR, data)
    return Kept(message_id, duplicate=False)


def _as_dict(file: archive.ReceivedFile) -> dict[str, Any]:
    return {"path": file.path, "sha256": file.sha256, "size": file.size}


def _of(settings: Settings, kind: str, arrival: Arrival) -> list[Event]:
    recorded = events.read_journal(settings, kind)
    return [event for event in recorded if event.data["package_sha256"] == arrival.package_sha256]


def _place(settings: Settings, arrival: Arrival, message_id: str) -> None:
    """Put the bytes in place by one rename; what no event names is of a killed run, and is made anew."""
    shelf = settings.journal / MESSAGES
    storage.make_folder(settings.journal)
    storage.make_folder(shelf)
    staged = registration.build(arrival, shelf)
    try:
        place = shelf / message_id
        if place.exists():
            storage.remove(place)
        staged.rename(place)
        storage.flush([shelf])
    finally:
        storage.remove(staged)
