"""`bin/esep report` and `bin/esep statement`: the monthly reports on quality, and the annual statements."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from esep.cli.common import (
    Answer,
    DayType,
    MonthType,
    UnusableError,
    answering,
    fields_of,
    progress,
    require_not_to_come,
    say,
    settings_from_environment,
    today,
)
from esep.texts import LANGUAGES, default_language, text

if TYPE_CHECKING:
    from esep.reports.quality_report import Written


@click.command()
@click.argument("month", required=False, type=MonthType())
@click.option("--all", "all_months", is_flag=True, help="Every month that is due to be reported.")
@click.option("--as-of", type=DayType(), help="As the day saw it when it began (default: today).")
@answering
def report(month: date | None, all_months: bool, as_of: date | None, language: str) -> Answer:
    """Write the report on the quality of the filings of MONTH (YYYY-MM, month of distribution).

    It is written as HTML and PDF in Kazakh, Russian and English into $ESEP_HOME/reports/quality/MONTH/; --language
    says which of them are listed. A report that says the same as before is left alone; one that changed is written
    anew, and the former stays beside it under its day. It holds no personal data.

    \b
    Exit code: 0 written or unchanged, 2 not possible.
    Examples:  bin/esep report 2025-03 --language ru
               bin/esep report --all
    """
    from esep.answers import UnknownError
    from esep.reports import quality_report as quality

    if (month is None) == (not all_months):
        raise UnusableError("give a month, for example `bin/esep report 2025-03`, or --all")
    settings, day = settings_from_environment(), as_of or today()
    require_not_to_come("--as-of", day)
    plain: list[dict[str, Any]] = []
    try:
        for one in [month] if month else quality.months(settings, day):
            written = quality.write(settings, one, day)
            plain.append(_plain(written))
            say("\n".join(_lines(written, language)))
    except UnknownError as error:
        known = ", ".join(f"{one:%Y-%m}" for one in quality.months(settings, day))
        raise UnusableError(f"{error.value}: nothing was due and nothing came; choose one of {known}") from None
    return Answer(plain, lambda: [] if plain else ["No month is due to be reported yet."])


def _plain(written: Written) -> dict[str, Any]:
    return {
        "month": f"{written.month:%Y-%m}",
        **fields_of(written, "as_of", "written", "folder"),
        "files": sorted(path.name for path in written.folder.iterdir() if path.is_file()),
    }


def _lines(written: Written, language: str) -> Iterator[str]:
    state = "written" if written.written else f"says the same as on {written.as_of}, left as it is"
    yield f"{written.month:%Y-%m}: {state}"
    for kind in ("html", "pdf"):
        yield f"  {written.file(language, kind)}"


@click.command()
@click.argument("year", type=click.IntRange(2000, 2999))
@click.option(
    "--known-on",
    type=DayType(),
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
@answering
def statement(year: int, known_on: date | None, taxpayer: str | None, languages: tuple[str, ...]) -> Answer:
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

    from esep.reports import statement as report
    from esep.reports.statement_files import LANGUAGES as OF_PROCEDURE

    settings, day = settings_from_environment(), known_on or today() - timedelta(days=1)
    require_not_to_come("--known-on", day)
    wanted = tuple(language for language in LANGUAGES if language in languages) or OF_PROCEDURE
    language, columns = default_language(), (MofNCompleteColumn(), TimeRemainingColumn())
    with progress(text("statement.progress", language), *columns, hidden=not sys.stderr.isatty()) as bar:
        task = bar.add_task("taxpayers", total=None)
        written = report.write(
            settings,
            year,
            day,
            taxpayer_id=taxpayer,
            languages=wanted,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )
    key = "statement.written" if written.written else "statement.left_alone"
    lines = (
        text(key, language, folder=written.folder),
        text("statement.counts", language, taxpayers=written.taxpayers, files=written.files),
    )
    return Answer(written, lambda: lines)
