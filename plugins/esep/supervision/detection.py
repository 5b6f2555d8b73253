"""Faults across filings, dated by the day on which a run first saw them; a later run does not move that day."""

from __future__ import annotations

from collections.abc import Iterable

from esep.supervision.across import Held
from esep.supervision.knowledge import Knowledge
from esep.supervision.memory import Memory


def update(memory: Memory, known: Knowledge, held: Iterable[Held]) -> int:
    """Record what is new and what no longer holds among the filings in force; gives how many faults are new.

    A run of an earlier day than one that saw the fault leaves what that one recorded.
    """
    seen = {(one.registration_no, one.key): one for one in held}
    new = 0
    for place, one in sorted(seen.items()):
        before = memory.detections.get(place)
        if before is None or (not before.holds and before.last < known.as_of):
            first = before.detected_on if before else known.as_of
            data = one.finding.as_dict() | {"ground": one.ground, "detected_on": first.isoformat()}
            memory.detect(*place, data, known.as_of, holds=True)
            new += before is None
    for place, detection in list(memory.detections.items()):
        filing = known.filings.get(place[0])
        in_force = filing is not None and filing.status == "accepted"
        if detection.holds and detection.last < known.as_of and in_force and place not in seen:
            memory.detect(*place, {"detected_on": detection.detected_on.isoformat()}, known.as_of, holds=False)
    return new
