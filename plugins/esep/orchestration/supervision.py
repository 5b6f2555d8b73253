"""What the tasks of the DAG `supervision` do, without Airflow: the run, the letters, the daily proofs."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from esep.config import Settings
from esep.orchestration.tasks import told

log = logging.getLogger(__name__)


def refresh(settings: Settings, now: datetime) -> str:
    """Bring the warehouse up to date, so that the latest filings and decisions count."""
    with told("refresh", settings):
        from esep.warehouse.rebuild import refresh as step

        summary = step(settings, now).summary()
        log.info("%s", summary)
        return summary


def verify(settings: Settings) -> str:
    """Read every byte that figures rest on, once a day, and hold it against the records; the head hash.

    Raises DamagedHomeError naming what is damaged: nothing is published until it is put right.
    """
    with told("verify", settings):
        from esep.proof import check

        report = check.require(settings, full=True)
        log.info(
            "%d records, %d files, %d bytes are sound; head %s", report.records, report.files, report.size, report.head
        )
        return report.head


def supervise(settings: Settings, days: dict[str, str]) -> dict[str, int]:
    """Run the days in turn; counts of what is new: `faults_across`, `silences`, `reminders`, `notices`, `withdrawn`."""
    with told("supervise", settings):
        from esep.supervision.daily import DayReport
        from esep.supervision.daily import supervise as step

        def tell(report: DayReport) -> None:
            if report.found:
                log.info("%s", report)

        since, as_of = (date.fromisoformat(days[name]) for name in ("since", "as_of"))
        reports = step(settings, as_of, since, progress=tell)
        counts = {
            name: sum(getattr(report, name) for report in reports)
            for name in ("faults_across", "silences", "reminders", "notices", "withdrawn")
        }
        log.info("%s", ", ".join(f"{count} {name}" for name, count in counts.items()))
        return counts


def check_figures(settings: Settings, now: datetime) -> str:
    """Work out all published figures again from the lake's rows; raises CheckError naming what differs."""
    with told("check figures", settings):
        from esep.warehouse.reckoning import everything

        result = str(everything.check(settings, now))
        log.info("%s", result)
        return result


def letters(settings: Settings) -> list[str]:
    """Write the letters that are drafted and not in the outbox; their numbers."""
    with told("supervision letters", settings):
        from esep.supervision.daily import letters as step

        def tell(letter: Any) -> None:
            log.info("%s written", letter.letter_no)

        return [letter.letter_no for letter in step(settings, tell)]
