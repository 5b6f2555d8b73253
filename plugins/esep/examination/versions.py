"""Whether a filing is a correction: a version of its pool and month that arrived earlier counts as accepted (para 6).

Asked only for filings that came without application or signature, for it looks at all filings of the archive; those of
one run share what was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

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
        counts = verdict["verdict"] == "accepted" or events.read(entry.folder, REFUSAL_OVERRULED)
        if counts and verdict["pool_id"] and verdict["period"] and self._accepted is not None:
            month = verdict["pool_id"], str(verdict["period"])[:7]
            self._accepted[month].append(archive.arrival_order(entry))
