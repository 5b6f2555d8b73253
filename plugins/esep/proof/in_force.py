"""Which filings are in force, told by archive and events alone."""

from __future__ import annotations

from esep.config import Settings
from esep.office import archive, events

OVERRULED = "refusal_overruled"


def numbers(settings: Settings) -> set[str]:
    """Of each pool and month the last filing that counts as accepted; with them those that cannot be read."""
    unreadable, last = set(), {}
    entries = []
    for entry in archive.registered(settings):
        try:
            verdict = entry.verdict
            if verdict and (verdict["verdict"] == "accepted" or events.read(entry.folder, OVERRULED)):
                entries.append((archive.arrival_order(entry), entry.number, (verdict["pool_id"], verdict["period"])))
        except (ValueError, KeyError, OSError):
            unreadable.add(entry.number)
    for _, number, identity in sorted(entries, key=lambda item: item[0]):
        last[identity] = number
    return unreadable | set(last.values())
