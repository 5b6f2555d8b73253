"""What the task of the DAG `handover` does: hand over to the other body what was registered (paras 5, 7 and 8)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from esep import clock, failures
from esep.config import Settings
from esep.failures import log_fields
from esep.orchestration.common import StepError, reported
from esep.orchestration.periodic import ParameterError

log = logging.getLogger(__name__)


def hand_over(
    settings: Settings, day: str | None, to: str | None, user: str | None, now: Callable[[], datetime]
) -> list[dict[str, Any]]:
    """Hand over a day, or every day that is due: `bundle`, `numbers`, `target` of each bundle that was written.

    Raises ParameterError where there is no place to hand over to, StepError at the end if damaged filings were left;
    the others have been handed over by then.
    """
    address = to or settings.handover_to
    if not address:
        raise ParameterError("ESEP_HANDOVER_TO is not set and `to` is empty: there is no place to hand over to.")
    with reported("handover", settings):
        from esep.handover.run import AUTHOR, days_due
        from esep.handover.run import hand_over as step
        from esep.handover.target import target_of

        target = target_of(settings.home, address)
        days = [date.fromisoformat(day)] if day else days_due(settings, clock.local_date(now()))
        done: list[dict[str, Any]] = []
        faults: dict[str, str] = {}
        for one in days:
            report = step(settings, one, target, user or AUTHOR, now)
            log.info("%s: %d filings, %d bundles before", one, report.filings, len(report.before))
            for bundle in report.written:
                log.info("%s: %d filings written to %s", bundle.name, len(bundle.numbers), bundle.target)
                done.append({"bundle": bundle.name, "numbers": list(bundle.numbers), "target": bundle.target})
            for damage in report.damaged:
                with log_fields(registration_no=damage.registration_no):
                    log.error("%s", damage.what)
                faults[damage.registration_no] = damage.what
        if faults:
            raise StepError(f"{len(faults)} filings not handed over: {failures.in_few_words(list(faults.items()))}")
        return done
