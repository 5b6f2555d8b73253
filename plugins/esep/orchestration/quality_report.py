"""What the DAG `quality_report` does, without Airflow: which month and day are meant, and the report."""

from __future__ import annotations

import logging
from datetime import date, datetime

from esep import clock
from esep.config import Settings
from esep.orchestration.tasks import told

log = logging.getLogger(__name__)


class MonthTextError(ValueError):
    """A parameter that names no month, or one of which there is no report; the text says what is expected."""


def month_and_day(month: str | None, logical_date: datetime | None, now: datetime) -> dict[str, str]:
    """The month to report and the day as which, as ISO text under `month` and `as_of`.

    The day is that of the run (a schedule, a backfill), else today. The month is the parameter, written YYYY-MM, else
    the month before the last one. Raises MonthTextError for what is no month.
    """
    from esep.reports.quality_report import month_due

    as_of = clock.local_date(logical_date or now)
    return {"month": (of_text(month) if month else month_due(as_of)).isoformat(), "as_of": as_of.isoformat()}


def of_text(text: str) -> date:
    """The first day of a month written `2025-03`."""
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone
    except ValueError:
        raise MonthTextError(f"month {text!r}: a month is written YYYY-MM, for example 2025-03") from None


def write(settings: Settings, chosen: dict[str, str]) -> dict[str, str | bool]:
    """Write the report; `folder` where it lies, `written` False where the one that stood there says the same."""
    from esep.answers import NoSnapshotError, UnknownError
    from esep.reports import quality_report
    from esep.reports.quality_facts import MonthError

    month, as_of = (date.fromisoformat(chosen[name]) for name in ("month", "as_of"))
    with told("quality_report", settings, no_failure=(MonthTextError,)):
        try:
            result = quality_report.write(settings, month, as_of)
        except (MonthError, NoSnapshotError) as error:
            raise MonthTextError(str(error)) from error
        except UnknownError as error:
            raise MonthTextError(f"{month:%Y-%m}: nothing was due and nothing came; choose another month") from error
        log.info("%s: %s", result.folder, "written" if result.written else f"unchanged since {result.as_of}")
        return {"folder": str(result.folder), "written": result.written, "as_of": result.as_of.isoformat()}
