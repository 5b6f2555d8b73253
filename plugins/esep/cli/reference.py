"""`bin/esep reference`: the reference desk on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli.common import Answer, DayType, UnusableError, answering, settings_from_environment
from esep.cli.decisions import author_option
from esep.cli.reference_report import check_as_plain, check_report, held_as_plain, held_report

if TYPE_CHECKING:
    from esep.config import Settings
    from esep.warehouse.reference import ReferenceReport
    from esep.warehouse.reference_handed import Handed
    from esep.warehouse.reference_mapping import ColumnMapping
    from esep.warehouse.reference_preview import Preview
    from esep.warehouse.reference_proposal import Proposal

FAULTS = 1
"""Exit code of `check` and `add` for a file with faults."""

_files = click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
_asked = click.option("--day", "asked", type=DayType(), help="The day that the National Bank was asked for.")
_name = click.option("--name", help="Which reference file it is, if it is not called like one (price, pool, …).")
_MAPPING = (
    click.option(
        "--column", "columns", multiple=True, metavar="COLUMN=HEADING", help="Which heading of a list is which column."
    ),
    click.option("--currency", help="Currency of all prices of a list that has no column for it."),
    click.option("--asset", help="Asset of all prices of a list that has no column for it."),
    click.option("--wide", is_flag=True, help="The list has a column of prices for each asset, headed by it."),
    click.option(
        "--heading-row", type=click.IntRange(1), help="Row of the headings, if it is not the first with them."
    ),
    click.option("--sheet", help="Sheet of the workbook, if more than one has the headings."),
    click.option("--date-format", default="YYYY-MM-DD", show_default=True, help="How a list writes days as text."),
    click.option("--note", default="", help="What a day is in the file (UTC, Almaty); kept with it."),
)


def _mapped(function: Callable[..., None]) -> Callable[..., None]:
    """With the options that say how the columns of a list are read."""
    for option in reversed(_MAPPING):
        function = option(function)
    return function


_adds = click.option("--add", "adds", is_flag=True, help="Add FILE, a month's for example, to the version in force.")
_replaces = click.option(
    "--replace", "replaces", is_flag=True, help="Days that FILE lacks go; with --add, its values count."
)
_all = click.option("--all", "show_all", is_flag=True, help="List every row that changes, not only the first ones.")


@click.group(invoke_without_command=True)
@click.pass_context
def reference(context: click.Context) -> None:
    """Prices, rates, and the registers of pools, licences, exchanges and sales: what is in force, and new versions.

    Without a command: the same as `reference list`.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_versions)


@reference.command("list")
@answering
def list_versions(language: str) -> Answer:
    """Show the versions in force with their dates and rows, and what was refused with what to do about it.

    \b
    Exit code: 0 shown, 2 an accepted version is damaged.
    Example:   bin/esep reference list --language ru
    """
    from esep.answers.status import refused_files
    from esep.warehouse import reference as desk

    settings = settings_from_environment()
    held, refused = desk.held(settings), refused_files(settings)
    return Answer(held_as_plain(held, refused), lambda: held_report(held, refused, language))


@reference.command()
@_files
@_name
@_adds
@_replaces
@_asked
@_mapped
@_all
@answering
def check(show_all: bool, language: str, files: tuple[Path, ...], **given: Any) -> Answer:
    """Say what is wrong with FILE by line, what it would change, and what it would move in the figures.

    FILE is a reference file, or the National Bank's XML as published (see `reference add`).

    \b
    Exit code: 0 no fault, 1 faults (it would be refused as a whole), 2 it cannot be used.
    Example:   bin/esep reference check prices-march.csv --name price --add
    """
    from esep.warehouse import reference as desk
    from esep.warehouse import reference_preview

    settings = settings_from_environment()
    handed = _handed(settings, files, **given)
    checked = desk.check_handed(settings, handed, clock.now())
    figures = reference_preview.preview(settings, checked, clock.now())
    return _answer(checked, None, figures, files, language, show_all)


@reference.command()
@_files
@_name
@_adds
@_replaces
@_asked
@_mapped
@author_option
@_all
@answering
def add(show_all: bool, language: str, files: tuple[Path, ...], **given: Any) -> Answer:
    """Check FILE as `reference check` does; if nothing is wrong, put it under $ESEP_HOME/reference/ and accept it.

    FILE is a whole version, or with --add the part of one. A whole file of prices or rates that lacks days of the
    version in force is refused without --replace, and so is a part with other values for days that are
    there, or a register of sales that lacks trades.
    Every accepted version is kept. The figures follow with the next run of the warehouse.

    A price list is a table (.xlsx, .xls, .ods, CSV) with columns of its own: say once with --column which heading is
    which column; the next list with these headings is read the same way. Its file is kept beside the accepted version.

    The National Bank's XML as published (get_rates.cfm of a day, rates_all.xml), one file or many, is added to
    exchange_rate.csv: days are those that the files name. The files are kept beside the accepted version.

    \b
    Exit code: 0 accepted or in force already, 1 faults (nothing is changed), 2 it cannot be used.
    Examples:  bin/esep reference add pool.csv
               bin/esep reference add prices-march.csv --name price --add
               bin/esep reference add rates-2025-03-*.xml
               bin/esep reference add --name price --add march.xlsx --column date=Күні --column asset=Актив
                   --column price="Құны, USD" --currency USD --note "a day ends at midnight UTC"
    """
    from esep.warehouse import reference as desk

    settings = settings_from_environment()
    handed = _handed(settings, files, **given)
    checked, report = desk.add_handed(settings, handed, clock.now())
    return _answer(checked, report, None, files, language, show_all)


def _handed(
    settings: Settings,
    files: Sequence[Path],
    name: str | None,
    adds: bool,
    replaces: bool,
    asked: date | None,
    note: str,
    author: str = "",
    **columns: Any,
) -> Handed:
    from esep.warehouse import reference_handed
    from esep.warehouse.reference_proposal import Mode

    return reference_handed.read(
        settings,
        [(file.name, _content(file)) for file in files],
        name=name,
        mode=Mode.of(adds, replaces),
        author=author,
        asked=asked,
        mapping=_mapping(note=note, **columns),
        note=note,
    )


def _mapping(
    columns: Sequence[str],
    currency: str | None,
    asset: str | None,
    wide: bool,
    heading_row: int | None,
    sheet: str | None,
    date_format: str,
    note: str,
) -> ColumnMapping | None:
    """What the options say of the columns; None where they say nothing of headings."""
    from esep.warehouse.reference_mapping import ColumnMapping

    if not columns:
        if currency or asset or wide or heading_row or sheet:
            raise UnusableError("say which heading is which column, such as --column date=Күні")
        return None
    headings: dict[str, str] = {}
    for one in columns:
        column, sign, heading = (part.strip() for part in one.partition("="))
        if not (column and sign and heading) or column in headings:
            raise UnusableError(f"--column {one}: write each column once, such as --column date=Күні")
        headings[column] = heading
    fixed = {column: value for column, value in (("currency", currency), ("asset", asset)) if value}
    return ColumnMapping(headings, fixed, wide, heading_row, sheet, date_format, note)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UnusableError(f"{file}: {error.strerror or error}") from None


def _answer(
    checked: Proposal,
    report: ReferenceReport | None,
    figures: Preview | None,
    files: Sequence[Path],
    language: str,
    show_all: bool,
) -> Answer:
    """`report` is what `add` did, None for `check`; `figures` what it would move, None for `add`."""
    named = " ".join(map(str, files))
    plain = check_as_plain(checked, report.state if report else None, figures, named)
    shown = partial(check_report, checked, report, figures, named, language, show_all)
    return Answer(plain, shown, FAULTS if checked.problems else 0)
