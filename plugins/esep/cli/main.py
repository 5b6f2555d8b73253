"""The commands of `bin/esep`. Each imports what it needs when it runs, so that help answers at once."""

from __future__ import annotations

from pathlib import Path

import click

from esep import __version__, clock
from esep.cli.backup import backup, restore
from esep.cli.calendar import calendar
from esep.cli.check import check
from esep.cli.common import (
    Answer,
    DamagedError,
    UnusableError,
    answering,
    expected_errors,
    json_option,
    print_json,
    settings_from_environment,
    today,
)
from esep.cli.decisions import decide
from esep.cli.figures import change, check_figures, income
from esep.cli.reexamine import reexamine
from esep.cli.reference import reference
from esep.cli.reports import report, statement
from esep.cli.show import show
from esep.cli.status import status
from esep.cli.supervise import supervise
from esep.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="esep")
def main() -> None:
    """Esep: filings of form 1-ЦМ, from the office inbox to the two figures.

    Data live under $ESEP_HOME (default: var/ in the checkout).
    """


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@answering
def template(folder: Path) -> Answer:
    """Write the blank forms (Annex 1 and 1-ЦМ, Kazakh and Russian) into FOLDER.

    \b
    Exit code: 0 written, 2 the folder cannot be written.
    Example:   bin/esep template forms/
    """
    from esep.forms.templates import write_blank

    try:
        written = [str(path) for path in write_blank(folder, today())]
    except OSError as error:
        raise UnusableError(f"{folder}: {error.strerror or error}") from None
    return Answer({"files": written}, lambda: written)


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
    from esep.warehouse import masked
    from esep.warehouse.errors import DamagedHomeError
    from esep.warehouse.rebuild import rebuild as rebuild_warehouse

    settings = settings_from_environment()
    with expected_errors():
        try:
            steps = [rebuild_warehouse(settings, clock.now()).summary()]
            if not as_json:
                click.echo(steps[0])
            steps.append(str(masked.publish(settings)))
        except DamagedHomeError as error:
            raise DamagedError(str(error)) from None
    if as_json:
        reported = [line for step in steps for line in step.splitlines()]
        print_json({"snapshot": settings.snapshot, "masked": settings.masked_snapshot, "steps": reported})
    else:
        click.echo(steps[-1])


for _command in (
    backup, calendar, change, check, check_figures, decide, income, reference, reexamine, report, restore, show,
    statement, status, supervise, verify,
):  # fmt: skip
    main.add_command(_command)
