"""The commands of `bin/esep`. Each imports what it needs when it runs, so that help answers at once."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from esep import __version__, clock
from esep.cli.backup import backup, restore
from esep.cli.calendar import calendar
from esep.cli.check_figures import check_figures
from esep.cli.common import (
    DamagedError,
    UnusableError,
    json_option,
    language_option,
    print_json,
    print_json_with_list,
    settings_from_environment,
)
from esep.cli.decisions import decide
from esep.cli.figures import change, income
from esep.cli.reexamine import reexamine
from esep.cli.reference import reference
from esep.cli.report import report
from esep.cli.show import show
from esep.cli.statement import statement
from esep.cli.status import status
from esep.cli.supervise import supervise
from esep.cli.verify import verify

COMPLETE, INCOMPLETE = 0, 1
"""Exit codes of `check`, beside UNUSABLE."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="esep")
def main() -> None:
    """Esep: filings of form 1-ЦМ, from the office inbox to the two figures.

    Data live under $ESEP_HOME (default: var/ in the checkout).
    """


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@json_option
@language_option
@click.option("--all", "show_all", is_flag=True, help="List every remark and row, not only the first ones.")
@click.option("--rows", "show_rows", is_flag=True, help="Show each data row of form 1-ЦМ as it was read.")
def check(path: Path, as_json: bool, language: str, show_all: bool, show_rows: bool) -> None:
    """Examine a package (folder, .zip or single file) without registering it.

    \b
    Exit code: 0 complete, 1 incomplete (it would be refused), 2 it cannot be examined.
    Examples:  bin/esep check march-2025/ --language ru
               bin/esep check march-2025/ --rows
               bin/esep check march-2025/ --rows --json | jq .rows
    """
    from esep.cli import check_report, check_rows
    from esep.documents import terminal
    from esep.examination.examine import check_path
    from esep.examination.model import Verdict
    from esep.examination.suites import SuiteError

    settings = settings_from_environment()
    try:
        examination = check_path(path, settings, clock.now())
    except (OSError, SuiteError) as error:
        raise UnusableError(str(error)) from None
    if as_json and show_rows:
        print_json_with_list(check_report.as_plain(examination), "rows", check_rows.plain_rows(examination))
    elif as_json:
        print_json(check_report.as_plain(examination))
    else:
        out = terminal.console()
        terminal.show(check_report.report(examination, path, language, show_all), language, out)
        if show_rows:
            is_wide = out.width >= check_rows.WIDE
            terminal.show(check_rows.report(examination, language, show_all, is_wide=is_wide), language, out)
    sys.exit(COMPLETE if examination.verdict is Verdict.ACCEPTED else INCOMPLETE)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@json_option
def template(folder: Path, as_json: bool) -> None:
    """Write the blank forms (Annex 1 and 1-ЦМ, Kazakh and Russian) into FOLDER.

    \b
    Exit code: 0 written, 2 the folder cannot be written.
    Example:   bin/esep template forms/
    """
    from esep.forms.templates import write_blank

    try:
        written = write_blank(folder, clock.local_date(clock.now()))
    except OSError as error:
        raise UnusableError(f"{folder}: {error.strerror or error}") from None
    if as_json:
        print_json({"files": [str(path) for path in written]})
        return
    for path in written:
        click.echo(path)


@main.command()
@json_option
def rebuild(as_json: bool) -> None:
    """Delete the warehouse and build it again from archive, lake and reference data.

    Every byte is proved first. Readers keep the last snapshot until the new one is published.

    \b
    Exit code: 0 built and published, 1 damaged files, each named with what to do, 2 not possible for another reason;
               readers keep what they have.
    Example:   bin/esep rebuild
    """
    from esep.office.archive import ArchiveError
    from esep.warehouse import masked
    from esep.warehouse.errors import DamagedHomeError, WarehouseError
    from esep.warehouse.rebuild import rebuild as rebuild_warehouse

    settings = settings_from_environment()
    try:
        steps = [rebuild_warehouse(settings, clock.now()).summary()]
        if not as_json:
            click.echo(steps[0])
        steps.append(str(masked.publish(settings)))
    except DamagedHomeError as error:
        raise DamagedError(str(error)) from None
    except (WarehouseError, ArchiveError, OSError) as error:
        raise UnusableError(str(error)) from None
    if as_json:
        told = [line for step in steps for line in step.splitlines()]
        print_json({"snapshot": str(settings.snapshot), "masked": str(settings.masked_snapshot), "steps": told})
    else:
        click.echo(steps[-1])


main.add_command(backup)
main.add_command(calendar)
main.add_command(change)
main.add_command(check_figures)
main.add_command(decide)
main.add_command(income)
main.add_command(reference)
main.add_command(reexamine)
main.add_command(report)
main.add_command(restore)
main.add_command(show)
main.add_command(statement)
main.add_command(status)
main.add_command(supervise)
main.add_command(verify)


if __name__ == "__main__":
    main()
