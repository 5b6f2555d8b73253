"""What the made-up officer does: confirms a pool's silence, has history supervised, sends a few letters."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from esep import clock
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.demo.plan import Plan
from esep.office import decisions, dispatches, events
from esep.office.dispatches import NOTICE_DRAFTED
from esep.warehouse.rebuild import refresh

OFFICER = "А. Қарашаева"
SUPERVISED_DAYS = 420
"""Days before the last one that the demo replays, so that notices bear the days on which they would have come."""
SENT_IN_TIME, SENT_LATE = 2, 12
"""Calendar days from the letter to its dispatch, for the first and the second notice of the demo."""


def confirm_silences(settings: Settings, plan: Plan) -> None:
    """Record that there were distributions in the silent months of which the story says so."""
    for silence in plan.confirmed:
        decisions.confirm_silence(
            settings,
            silence.pool.number,
            silence.period,
            "Three miners of the pool showed statements of that month",
            OFFICER,
            silence.decided_at,
        )


def supervised(plan: Plan) -> dict[str, str]:
    """Parameters of the DAG supervision: the days to replay, up to two months after the last arrival."""
    last = max(package.received_at for package in plan.packages).astimezone(TIMEZONE).date() + timedelta(days=60)
    return {"since": (last - timedelta(days=SUPERVISED_DAYS)).isoformat(), "as_of": last.isoformat()}


def dispatch_letters(settings: Settings) -> None:
    """Record the dispatch of two notices, one in time and one late; the others wait to be sent."""
    notices = sorted(
        events.read_journal(settings, NOTICE_DRAFTED), key=lambda event: (event.at, event.data["letter_no"])
    )
    for event, days in zip(notices, (SENT_IN_TIME, SENT_LATE), strict=False):
        sent_at = datetime.combine(clock.local_date(event.at) + timedelta(days=days), time(15), TIMEZONE)
        dispatches.record_dispatch(
            settings,
            event.data["letter_no"],
            dispatches.Channel.INFORMATION_SYSTEM.value,
            sent_at,
            f"IS-{sent_at:%Y%m%d}-{days:03}",
            OFFICER,
            sent_at,
            [event.data["pool_id"]],
        )
    refresh(settings, clock.now())
