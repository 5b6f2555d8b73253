"""What the parameters of a run mean, where a DAG takes any: a day, days, a month, a year, a taxpayer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from esep import clock


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
        raise ParameterError(f"since {first} lies after as_of {last}; give the earlier day first")
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
    run's: the last day that is over, so that the same run tells the same however often it is repeated. Raises
    ParameterError for what is no day, or a day to come.
    """
    today = clock.local_date(logical_date or now)
    day = _day("known_on", known_on) if known_on else today - timedelta(days=1)
    if day > clock.local_date(now):
        raise ParameterError(f"known_on {day}: the day is yet to come; a statement tells what is known, up to today")
    wanted = (taxpayer or "").strip() or None
    return {"year": year or today.year - 1, "known_on": day.isoformat(), "taxpayer": wanted}


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
