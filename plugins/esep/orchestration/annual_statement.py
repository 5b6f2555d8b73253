"""What the DAG `annual_statement` does, without Airflow: which year and day are meant, and the statement."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from esep import clock
from esep.config import Settings
from esep.orchestration.tasks import told

log = logging.getLogger(__name__)

LOG_EVERY = 50
"""Taxpayers between two lines of the log."""


class ChoiceError(ValueError):
    """Parameters that no statement can be written for; the text says which and what is expected."""


def choose(
    year: int | None, known_on: str | None, taxpayer: str | None, logical_date: datetime | None, now: datetime
) -> dict[str, int | str | None]:
    """`year`, `known_on` (ISO day) and `taxpayer` of the statement.

    The year is the parameter, else the one before that of the run. The day is the parameter, else the one before the
    run's: the last day that is over, so that the same run tells the same however often it is repeated. Raises
    ChoiceError for what is no day, or a day to come.
    """
    today = clock.local_date(logical_date or now)
    day = _day(known_on) if known_on else today - timedelta(days=1)
    if day > clock.local_date(now):
        raise ChoiceError(f"known_on {day}: the day is yet to come; a statement tells what is known, up to today")
    wanted = (taxpayer or "").strip() or None
    return {"year": year or today.year - 1, "known_on": day.isoformat(), "taxpayer": wanted}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ChoiceError(f"known_on {text!r}: a day is written YYYY-MM-DD, for example 2026-02-28") from None


def write(settings: Settings, chosen: dict[str, int | str | None]) -> dict[str, str | int | bool]:
    """Write the statement, or verify the one that is there; `folder`, `written`, `taxpayers`, `files`.

    Raises ChoiceError for a year or a taxpayer of whom there are no figures, or while nothing was published.
    """
    from esep.answers import NoSnapshotError
    from esep.reports import statement

    def tell(done: int, of: int) -> None:
        if done % LOG_EVERY == 0 or done == of:
            log.info("%d of %d taxpayers", done, of)

    taxpayer = chosen["taxpayer"]
    with told("annual_statement", settings, no_failure=(ChoiceError,)):
        try:
            result = statement.write(
                settings,
                int(chosen["year"] or 0),
                date.fromisoformat(str(chosen["known_on"])),
                taxpayer_id=None if taxpayer is None else str(taxpayer),
                progress=tell,
            )
        except (statement.NoFiguresError, NoSnapshotError) as error:
            raise ChoiceError(str(error)) from error
        log.info("%s: %s", result.folder, "written" if result.written else "was there, verified and left as it is")
        return {
            "folder": str(result.folder),
            "written": result.written,
            "taxpayers": result.taxpayers,
            "files": result.files,
        }
