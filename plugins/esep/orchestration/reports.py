"""What the DAGs `annual_statement` and `quality_report` write, without Airflow."""

from __future__ import annotations

import logging
from datetime import date

from esep.config import Settings
from esep.orchestration.parameters import ParameterError
from esep.orchestration.tasks import told

log = logging.getLogger(__name__)

LOG_EVERY = 50
"""Taxpayers between two lines of the log."""


def write_statement(settings: Settings, chosen: dict[str, int | str | None]) -> dict[str, str | int | bool]:
    """Write the statement, or verify the one that is there; `folder`, `written`, `taxpayers`, `files`.

    Raises ParameterError for a year or a taxpayer of whom there are no figures, or while nothing was published.
    """
    from esep.answers import NoSnapshotError
    from esep.reports import statement

    def tell(done: int, of: int) -> None:
        if done % LOG_EVERY == 0 or done == of:
            log.info("%d of %d taxpayers", done, of)

    taxpayer = chosen["taxpayer"]
    with told("annual_statement", settings, no_failure=(ParameterError,)):
        try:
            result = statement.write(
                settings,
                int(chosen["year"] or 0),
                date.fromisoformat(str(chosen["known_on"])),
                taxpayer_id=None if taxpayer is None else str(taxpayer),
                progress=tell,
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
    """Write the report; `folder` where it lies, `written` False where the one that stood there says the same."""
    from esep.answers import NoSnapshotError, UnknownError
    from esep.reports import quality_report
    from esep.reports.quality_facts import MonthError

    month, as_of = (date.fromisoformat(chosen[name]) for name in ("month", "as_of"))
    with told("quality_report", settings, no_failure=(ParameterError,)):
        try:
            result = quality_report.write(settings, month, as_of)
        except (MonthError, NoSnapshotError) as error:
            raise ParameterError(str(error)) from error
        except UnknownError as error:
            raise ParameterError(f"{month:%Y-%m}: nothing was due and nothing came; choose another month") from error
        log.info("%s: %s", result.folder, "written" if result.written else f"unchanged since {result.as_of}")
        return {"folder": str(result.folder), "written": result.written, "as_of": result.as_of.isoformat()}
