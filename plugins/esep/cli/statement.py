"""`bin/esep statement`: the annual statement of all taxpayers, or of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from esep import clock
from esep.cli.common import (
    LANGUAGES,
    UnusableError,
    default_language,
    json_option,
    print_json,
    settings_from_environment,
)

if TYPE_CHECKING:
    from esep.reports.statement import Progress, Written


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
    from esep.examination.suites import SuiteError
    from esep.reports import statement as report
    from esep.reports.statement_files import LANGUAGES as OF_PROCEDURE
    from esep.reports.statement_files import StatementError
    from esep.warehouse.errors import WarehouseError

    settings, today = settings_from_environment(), clock.local_date(clock.now())
    day = known_on.date() if known_on else today - timedelta(days=1)
    if day > today:
        raise UnusableError(f"--known-on {day}: the day is yet to come; today is {today}")
    wanted = tuple(language for language in LANGUAGES if language in languages) or OF_PROCEDURE
    try:
        with _progress(hidden=as_json) as progress:
            written = report.write(settings, year, day, taxpayer_id=taxpayer, languages=wanted, progress=progress)
    except (report.NoFiguresError, StatementError, WarehouseError, SuiteError, OSError) as error:
        raise UnusableError(str(error)) from None
    if as_json:
        plain = {
            "folder": str(written.folder),
            "written": written.written,
            "taxpayers": written.taxpayers,
            "files": written.files,
        }
        print_json(plain)
    else:
        _tell(written)


def _tell(written: Written) -> None:
    from esep.texts import text

    language = default_language()
    key = "written" if written.written else "left_alone"
    click.echo(text(f"statement.{key}", language, folder=written.folder))
    click.echo(text("statement.counts", language, taxpayers=written.taxpayers, files=written.files))


@contextmanager
def _progress(*, hidden: bool) -> Iterator[Progress]:
    """A bar on the terminal's error output, gone at the end; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from esep.texts import text

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True, disable=hidden or not console.is_terminal) as bar:
        job = bar.add_task(text("statement.progress", default_language()), total=None)
        yield lambda done, of: bar.update(job, completed=done, total=of)
