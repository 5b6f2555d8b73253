"""Whether a filing is a correction: a version of its pool and month that arrived earlier counts as accepted (para 6).

Asked only for filings that came without application or signature, for it looks at all filings of the archive; those of
one run share what was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from esep.config import Settings
from esep.examination.model import Identity
from esep.office import archive, events
from esep.office.archive import Entry
from esep.office.decisions import REFUSAL_OVERRULED

Arrival = tuple[datetime, tuple[int, int]]
Month = tuple[str, str]
"""Pool and month as YYYY-MM."""


class EarlierVersions:
    """The accepted filings by pool and month, from the archive when it is first asked.

    `examine` gives a filing that has no verdict one: it may have arrived before the one that is asked about.
    """

    def __init__(self, settings: Settings, examine: Callable[[Entry], object]) -> None:
        self._settings = settings
        self._examine = examine
        self._accepted: dict[Month, list[Arrival]] | None = None
        self._open: list[Entry] = []

    def before(self, entry: Entry, identity: Identity) -> bool:
        """Whether one of that pool and month was accepted that arrived before `entry`."""
        if identity.pool_id is None or identity.period is None:
            return False
        if self._accepted is None:
            self._accepted = defaultdict(list)
            for other in archive.registered(self._settings):
                self._note(other)
        arrived = archive.arrival_order(entry)
        open_before, self._open = self._open, []
        for other in archive.in_order_of_arrival(open_before):
            if other.verdict is None and other.number != entry.number and archive.arrival_order(other) < arrived:
                self._examine(other)
            self._note(other)
        month = identity.pool_id, f"{identity.period:%Y-%m}"
        return any(earlier < arrived for earlier in self._accepted.get(month, ()))

    def _note(self, entry: Entry) -> None:
        verdict = entry.verdict
        if verdict is None or verdict["verdict"] is None:
            self._open.append(entry)
            return
        month = _month(verdict)
        if month and self._accepted is not None and _is_accepted(entry, verdict):
            self._accepted[month].append(archive.arrival_order(entry))


def kind_of(entries: Iterable[Entry], identity: Identity, arrived_at: datetime) -> str | None:
    """What a filing that arrived then would be beside the examined ones: new, refiling or correction.

    None where pool or month is not known.
    """
    if identity.pool_id is None or identity.period is None:
        return None
    month, kind = (identity.pool_id, f"{identity.period:%Y-%m}"), "new"
    for entry in entries:
        verdict = entry.verdict if entry.receipt.received_at <= arrived_at else None
        if verdict and verdict["verdict"] and _month(verdict) == month:
            if _is_accepted(entry, verdict):
                return "correction"
            kind = "refiling"
    return kind


def _month(verdict: Mapping[str, Any]) -> Month | None:
    pool_id, period = verdict["pool_id"], verdict["period"]
    return (pool_id, str(period)[:7]) if pool_id and period else None


def _is_accepted(entry: Entry, verdict: Mapping[str, Any]) -> bool:
    return verdict["verdict"] == "accepted" or bool(events.read(entry.folder, REFUSAL_OVERRULED))
