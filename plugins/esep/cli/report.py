"""`bin/esep report`: the monthly reports on the quality of filings."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli.common import UnusableError, json_option, language_option, print_json, settings_from_environment

if TYPE_CHECKING:
    from esep.reports.quality_report import Written


@click.command()
@click.argument("month", required=False)
@click.option("--all", "all_months", is_flag=True, help="Every month that is due to be reported.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As the day saw it when it began (default: today).")
@json_option
@language_option
def report(month: str | None, all_months: bool, as_of: datetime | None, as_json: bool, language: str) -> None:
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
    from esep.examination.suites import SuiteError
    from esep.reports import quality_report
    from esep.reports.quality_facts import MonthError
    from esep.warehouse.errors import WarehouseError

    if (month is None) == (not all_months):
        raise UnusableError("give a month, for example `bin/esep report 2025-03`, or --all")
    settings, today = settings_from_environment(), clock.local_date(clock.now())
    day = as_of.date() if as_of else today
    if day > today:
        raise UnusableError(f"--as-of {day}: the day is yet to come; today is {today}")
    told: list[dict[str, Any]] = []
    try:
        wanted = [_month(month)] if month else quality_report.months(settings, day)
        for one in wanted:
            written = quality_report.write(settings, one, day)
            told.append(_plain(written))
            if not as_json:
                _tell(written, language)
    except UnknownError as error:
        known = ", ".join(f"{one:%Y-%m}" for one in quality_report.months(settings, day))
        raise UnusableError(f"{error.value}: nothing was due and nothing came; choose one of {known}") from None
    except (MonthError, WarehouseError, SuiteError, OSError) as error:
        raise UnusableError(str(error)) from None
    if as_json:
        print_json(told)
    elif not told:
        click.echo("No month is due to be reported yet.")


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone
    except ValueError:
        raise UnusableError(f"{text!r} is no month; write YYYY-MM, for example 2025-03") from None


def _plain(written: Written) -> dict[str, Any]:
    return {
        "month": f"{written.month:%Y-%m}",
        "as_of": written.as_of.isoformat(),
        "written": written.written,
        "folder": str(written.folder),
        "files": sorted(path.name for path in written.folder.iterdir() if path.is_file()),
    }


def _tell(written: Written, language: str) -> None:
    state = "written" if written.written else f"says the same as on {written.as_of}, left as it is"
    click.echo(f"{written.month:%Y-%m}: {state}")
    for kind in ("html", "pdf"):
        click.echo(f"  {written.file(language, kind)}")
