"""One notice for each pool and period with everything that no notice has told yet (para 10), and its withdrawal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from esep.letters.facts import NoticeReason
from esep.office.dispatches import NOTICE_DRAFTED, NOTICE_WITHDRAWN
from esep.supervision.grounds import Ground
from esep.supervision.memory import Memory, PoolMonth


def draft(memory: Memory, grounds: Iterable[Ground], as_of: date) -> int:
    """Record a notice for each pool and period that has something new to tell; gives how many.

    The letter itself is written from the event (see `letters`), so that a run that was killed in between is taken up.
    The term runs from the earliest detection among the facts.
    """
    by_month: dict[PoolMonth, dict[str, Ground]] = defaultdict(dict)
    for ground in grounds:
        if not ground.waived and not memory.is_noticed(ground.key, as_of):
            again = ground.key in memory.withdrawn
            by_month[ground.pool_id, ground.period][ground.key] = (
                replace(ground, detected_on=as_of) if again else ground
            )
    for (pool_id, period), new in sorted(by_month.items()):
        _record(memory, pool_id, period, [new[key] for key in sorted(new)], as_of)
    return len(by_month)


def withdraw(memory: Memory, grounds: Iterable[Ground], as_of: date) -> int:
    """Record that drafted notices have nothing left to tell before they were sent; gives how many.

    So a refusal was overruled or answered, a silence explained, a correction accepted. A ground that comes back gets a
    new notice with a new term.
    """
    holding = {ground.key for ground in grounds}
    count = 0
    for letter_no, notice in list(memory.unsent.items()):
        if notice.dated < as_of and not holding.intersection(notice.facts):
            data = {"letter_no": letter_no, "withdrawn_on": as_of.isoformat()}
            memory.record(NOTICE_WITHDRAWN, *notice.month, as_of, data)
            count += 1
    return count


def _record(memory: Memory, pool_id: str, period: date, grounds: list[Ground], as_of: date) -> None:
    number = max((ground.registration_no for ground in grounds if ground.registration_no), default=None)
    folder = number or f"{pool_id}-{period:%Y-%m}"
    serial = memory.notices[folder] + 1
    reasons = {ground.reason for ground in grounds}
    data = {
        "letter_no": f"{folder}/N-{serial}",
        "registration_no": number,
        "serial": serial,
        "reasons": [reason.value for reason in NoticeReason if reason in reasons],
        "facts": [ground.key for ground in grounds],
        "grounds": [ground.as_dict() for ground in grounds],
        "detected_on": min(ground.detected_on for ground in grounds).isoformat(),
        "dated": as_of.isoformat(),
    }
    memory.record(NOTICE_DRAFTED, pool_id, period, as_of, data)
