"""`bin/esep check-figures`: the figures worked out again from the lake's rows, apart from the warehouse's SQL."""

from __future__ import annotations

import sys

import click

from esep import clock
from esep.cli.common import UnusableError, json_option, print_json, settings_from_environment

DIFFERENT = 1
"""Exit code where a figure is not that of its rows."""


@click.command("check-figures")
@click.option("--seed", type=int, help="Draw the sample of a publication again, from warehouse/reckoning.json.")
@json_option
def check_figures(seed: int | None, as_json: bool) -> None:
    """Work out all published figures again from the lake's rows and name what differs.

    Income, obligations and traces of all years and taxpayers, in plain decimals, without the warehouse's SQL. With
    --seed only what was looked at before a publication, in the working file.

    \b
    Exit code: 0 all agree, 1 something differs, 2 it could not be looked at.
    Example:   bin/esep check-figures
    """
    from esep.office.archive import ArchiveError
    from esep.warehouse import work
    from esep.warehouse.errors import WarehouseError
    from esep.warehouse.reckoning import everything, publication, result

    settings = settings_from_environment()
    try:
        if seed is None:
            told = everything.reckon(settings)
            result.keep(settings, result.EVERYTHING, clock.now(), told)
        else:
            with work.opened(settings) as connection:
                told = publication.reckon(settings, connection, seed)
    except (WarehouseError, ArchiveError, OSError) as error:
        raise UnusableError(str(error)) from None
    if as_json:
        print_json(told.as_plain())
    else:
        click.echo("\n".join(told.lines()))
    sys.exit(DIFFERENT if told.differences else 0)
