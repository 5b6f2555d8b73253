"""`bin/esep statement`: the annual statement of all taxpayers, or of one."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from esep import clock
from esep.cli.common import (
    LANGUAGES,
    UnusableError,
    default_language,
    json_option,
    picked,
    print_json,
    progress,
    settings_from_environment,
)

if TYPE_CHECKING:
    from esep.reports.statement import Written


@click.command()
@click.argument("year", type=click.IntRange(2000, 2999))
@click.option(
    "--known-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="What was known at the end of this day (default: yesterday, the last day that is over).",
)
@click.option("--taxpayer", metavar="ID", help="Only the statement of this taxpayer (BIN or IIN).")
@click.option(
    "--language",
    "languages",
    type=click.Choice(LANGUAGES),
    multiple=True,
    help="Language of the PDFs, may be repeated (default: kk and ru).",
)
@json_option
def statement(
    year: int, known_on: datetime | None, taxpayer: str | None, languages: tuple[str, ...], as_json: bool
) -> None:
    """Write the annual statement of YEAR (year of distribution) into $ESEP_HOME/reports/statement/YEAR/.

    Both figures in total as PDF and workbook, a PDF and a workbook for each taxpayer, and the figures as Parquet. The
    same figures and day give the same bytes: a statement that is there is verified and left alone, and one that would
    differ is written beside it. It holds personal data.

    \b
    Exit code: 0 written or there already, 2 not possible: no figures of that year or taxpayer, no warehouse,
               a statement that was changed since it was written.
    Examples:  bin/esep statement 2025
               bin/esep statement 2025 --known-on 2026-02-28 --taxpayer 160140000371
    """
    from rich.progress import MofNCompleteColumn, TimeRemainingColumn

    from esep.examination.suites import SuiteError
    from esep.reports import statement as report
    from esep.reports.statement_files import LANGUAGES as OF_PROCEDURE
    from esep.reports.statement_files import StatementError
    from esep.texts import text
    from esep.warehouse.errors import WarehouseError

    settings, today = settings_from_environment(), clock.local_date(clock.now())
    day = known_on.date() if known_on else today - timedelta(days=1)
    if day > today:
        raise UnusableError(f"--known-on {day}: the day is yet to come; today is {today}")
    wanted = tuple(language for language in LANGUAGES if language in languages) or OF_PROCEDURE
    try:
        columns = (MofNCompleteColumn(), TimeRemainingColumn())
        hidden = as_json or not sys.stderr.isatty()
        with progress(text("statement.progress", default_language()), *columns, hidden=hidden) as bar:
            task = bar.add_task("taxpayers", total=None)
            written = report.write(
                settings,
                year,
                day,
                taxpayer_id=taxpayer,
                languages=wanted,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
    except (report.NoFiguresError, StatementError, WarehouseError, SuiteError, OSError) as error:
        raise UnusableError(str(error)) from None
    if as_json:
        print_json(picked(written, "folder", "written", "taxpayers", "files"))
    else:
        _tell(written)


def _tell(written: Written) -> None:
    from esep.texts import text

    language = default_language()
    key = "written" if written.written else "left_alone"
    click.echo(text(f"statement.{key}", language, folder=written.folder))
    click.echo(text("statement.counts", language, taxpayers=written.taxpayers, files=written.files))
