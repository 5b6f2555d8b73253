"""Which filings are in force, told by archive and events alone."""

from __future__ import annotations

from esep.config import Settings
from esep.office import archive, events

OVERRULED = "refusal_overruled"


def numbers(settings: Settings) -> set[str]:
    """Of each pool and month the last filing that counts as accepted; with them those that cannot be read.

    A filing whose pool or month nobody could read stands alone.
    """
    unreadable, last = set(), {}
    entries = []
    for entry in archive.registered(settings):
        try:
            verdict = entry.verdict
            if verdict and (verdict["verdict"] == "accepted" or events.read(entry.folder, OVERRULED)):
                pool, period = verdict["pool_id"], verdict["period"]
                identity = (pool, period) if pool and period else (entry.number, None)
                entries.append((archive.arrival_order(entry), entry.number, identity))
        except (ValueError, KeyError, OSError):
            unreadable.add(entry.number)
    for _, number, identity in sorted(entries, key=lambda item: item[0]):
        last[identity] = number
    return unreadable | set(last.values())
