"""The DAGs `supervision`, `quality_report` and `annual_statement` without Airflow: days, month and year that their
parameters mean, and their tasks."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from esep import clock
from esep.config import Settings
from esep.orchestration import tasks
from esep.orchestration.common import reported

log = logging.getLogger(__name__)


class ParameterError(ValueError):
    """A parameter of a run that cannot be meant; the text names it and says what is expected."""


def supervised_days(
    as_of: str | None, since: str | None, logical_date: datetime | None, now: datetime
) -> dict[str, str]:
    """The days to run, as ISO text under `since` and `as_of`.

    `as_of` is the parameter of the run; without it the local day of its logical date (a schedule, a backfill); without
    that, today. `since` without a value is the same day. Raises ParameterError for what is no day, or a day to come.
    """
    last = _day("as_of", as_of) if as_of else clock.local_date(logical_date or now)
    first = _day("since", since) if since else last
    if last > clock.local_date(now):
        raise ParameterError(f"as_of {last}: the day is yet to come; supervision sees what is known, up to today")
    if first > last:
        raise ParameterError(f"since {first} is after as_of {last}; give the earlier day first")
    return {"since": first.isoformat(), "as_of": last.isoformat()}


def report_month(month: str | None, logical_date: datetime | None, now: datetime) -> dict[str, str]:
    """The month to report and the day as which, as ISO text under `month` and `as_of`.

    The day is that of the run (a schedule, a backfill), else today. The month is the parameter, written YYYY-MM, else
    the month before the last one. Raises ParameterError for what is no month.
    """
    from esep.reports.quality_report import month_due

    as_of = clock.local_date(logical_date or now)
    return {"month": (_month("month", month) if month else month_due(as_of)).isoformat(), "as_of": as_of.isoformat()}


def statement_year(
    year: int | None, known_on: str | None, taxpayer: str | None, logical_date: datetime | None, now: datetime
) -> dict[str, int | str | None]:
    """`year`, `known_on` (ISO day) and `taxpayer` of the statement.

    The year is the parameter, else the one before that of the run. The day is the parameter, else the one before the
    run's: the last day that is over, so that the same run says the same however often it is repeated. Raises
    ParameterError for what is no day, or a day to come.
    """
    today = clock.local_date(logical_date or now)
    day = _day("known_on", known_on) if known_on else today - timedelta(days=1)
    if day > clock.local_date(now):
        raise ParameterError(f"known_on {day}: the day is yet to come; a statement says what is known, up to today")
    wanted = (taxpayer or "").strip() or None
    return {"year": year or today.year - 1, "known_on": day.isoformat(), "taxpayer": wanted}


def months_of(chosen: Mapping[str, int | str | None]) -> list[date]:
    """The months that a report (`month`) or a statement (`year`) is about."""
    if "month" in chosen:
        return [date.fromisoformat(str(chosen["month"]))]
    return [date(int(chosen["year"] or 0), month, 1) for month in range(1, 13)]


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParameterError(f"{name} {text!r}: a day is written YYYY-MM-DD, for example 2025-03-26") from None


def _month(name: str, text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone
    except ValueError:
        raise ParameterError(f"{name} {text!r}: a month is written YYYY-MM, for example 2025-03") from None


LOG_EVERY = 50
"""Taxpayers between two lines of the log."""


def write_statement(settings: Settings, chosen: dict[str, int | str | None]) -> dict[str, str | int | bool]:
    """Write the statement, or verify the one that is there; `folder`, `written`, `taxpayers`, `files`.

    Raises ParameterError for a year or a taxpayer of whom there are no figures, or while nothing was published.
    """
    from esep.answers import NoSnapshotError
    from esep.reports import statement

    def report(done: int, of: int) -> None:
        if done % LOG_EVERY == 0 or done == of:
            log.info("%d of %d taxpayers", done, of)

    taxpayer = chosen["taxpayer"]
    with reported("annual_statement", settings, no_failure=(ParameterError,)):
        try:
            result = statement.write(
                settings,
                int(chosen["year"] or 0),
                date.fromisoformat(str(chosen["known_on"])),
                taxpayer_id=None if taxpayer is None else str(taxpayer),
                progress=report,
            )
        except (statement.NoFiguresError, NoSnapshotError) as error:
            raise ParameterError(str(error)) from error
        log.info("%s: %s", result.folder, "written" if result.written else "was there, verified and left as it is")
        return {
            "folder": str(result.folder),
            "written": result.written,
            "taxpayers": result.taxpayers,
            "files": result.files,
        }


def write_report(settings: Settings, chosen: dict[str, str]) -> dict[str, str | bool]:
    """Write the report; `folder` where it is, `written` False where the one that was there says the same."""
    from esep.answers import NoSnapshotError, UnknownError
    from esep.reports import quality_report
    from esep.reports.quality_facts import MonthError

    month, as_of = (date.fromisoformat(chosen[name]) for name in ("month", "as_of"))
    with reported("quality_report", settings, no_failure=(ParameterError,)):
        try:
            result = quality_report.write(settings, month, as_of)
        except (MonthError, NoSnapshotError) as error:
            raise ParameterError(str(error)) from error
        except UnknownError as error:
            raise ParameterError(f"{month:%Y-%m}: nothing was due and nothing came; choose another month") from error
        log.info("%s: %s", result.folder, "written" if result.written else f"unchanged since {result.as_of}")
        return {"folder": str(result.folder), "written": result.written, "as_of": result.as_of.isoformat()}


def refresh(settings: Settings, now: datetime) -> str:
    """Bring the warehouse up to date, so that the latest filings and decisions count."""
    with reported("refresh", settings):
        from esep.warehouse.rebuild import refresh as step

        summary = step(settings, now).summary()
        log.info("%s", summary)
        return summary


def verify(settings: Settings) -> str:
    """Read every byte that figures rest on, once a day, and hold it against the records; the head hash.

    Raises DamagedHomeError naming what is damaged: nothing is published until it is put right.
    """
    with reported("verify", settings):
        from esep.proof import check

        report = check.require(settings, full=True)
        log.info(
            "%d records, %d files, %d bytes are sound; head %s", report.records, report.files, report.size, report.head
        )
        return report.head


def supervise(settings: Settings, days: dict[str, str]) -> dict[str, int]:
    """Run the days in turn; counts of what is new: `faults_across`, `silences`, `reminders`, `notices`, `withdrawn`."""
    with reported("supervise", settings):
        from esep.supervision.daily import DayReport
        from esep.supervision.daily import supervise as step

        def report(report: DayReport) -> None:
            if report.found:
                log.info("%s", report)

        since, as_of = (date.fromisoformat(days[name]) for name in ("since", "as_of"))
        reports = step(settings, as_of, since, progress=report)
        counts = {
            name: sum(getattr(report, name) for report in reports)
            for name in ("faults_across", "silences", "reminders", "notices", "withdrawn")
        }
        log.info("%s", ", ".join(f"{count} {name}" for name, count in counts.items()))
        return counts


def publish_masked(settings: Settings) -> str:
    """The masked snapshot, all annual sums of which are compared; raises MaskingError where they differ."""
    result = tasks.publish_masked(settings)
    with reported("publish_masked", settings):
        from esep.warehouse import masked

        masked.require_same_figures(settings)
        return result


def check_figures(settings: Settings, now: datetime) -> str:
    """Work out all published figures again from the lake's rows; raises CheckError naming what differs."""
    with reported("check figures", settings):
        from esep.warehouse.reckoning import everything

        result = str(everything.check(settings, now))
        log.info("%s", result)
        return result


def letters(settings: Settings) -> list[str]:
    """Write the letters that are drafted and not in the outbox; their numbers."""
    with reported("supervision letters", settings):
        from esep.supervision.daily import letters as step

        def report(letter: Any) -> None:
            log.info("%s written", letter.letter_no)

        return [letter.letter_no for letter in step(settings, report)]
