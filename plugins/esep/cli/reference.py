"""`bin/esep reference`: the reference desk on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from esep import clock
from esep.cli.common import UnusableError, json_option, language_option, print_json, settings_from_environment

if TYPE_CHECKING:
    from esep.warehouse.reference import ReferenceReport
    from esep.warehouse.reference_proposal import Proposal

FAULTS = 1
"""Exit code of `check` and `add` for a file with faults."""

_file = click.argument("file", type=click.Path(path_type=Path))
_name = click.option("--name", help="Which reference file it is, if it is not called like one (price, pool, …).")
_adds = click.option("--add", "adds", is_flag=True, help="Add FILE, a month's for example, to the version in force.")
_replaces = click.option(
    "--replace", "replaces", is_flag=True, help="Days that FILE lacks go; with --add, its values count."
)
_all = click.option("--all", "show_all", is_flag=True, help="List every row that changes, not only the first ones.")


@click.group(invoke_without_command=True)
@click.pass_context
def reference(context: click.Context) -> None:
    """Prices, rates, and the registers of pools, licences and exchanges: what is in force, and new versions.

    Without a command: the same as `reference list`.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_versions)


@reference.command("list")
@language_option
@json_option
def list_versions(language: str, as_json: bool) -> None:
    """Show the versions in force with their dates and rows, and what was refused with what to do about it.

    \b
    Exit code: 0 shown, 2 an accepted version is damaged.
    Example:   bin/esep reference list --language ru
    """
    from esep.answers.office_state import refused_files
    from esep.cli import reference_report
    from esep.documents import terminal
    from esep.warehouse import reference as desk
    from esep.warehouse.errors import WarehouseError

    settings = settings_from_environment()
    try:
        held, refused = desk.held(settings), refused_files(settings)
    except WarehouseError as error:
        raise UnusableError(str(error)) from None
    if as_json:
        print_json(reference_report.held_as_plain(held, refused))
    else:
        terminal.show(reference_report.held_report(held, refused, language), language)


@reference.command()
@_file
@_name
@_adds
@_replaces
@_all
@language_option
@json_option
def check(
    file: Path, name: str | None, adds: bool, replaces: bool, show_all: bool, language: str, as_json: bool
) -> None:
    """Tell what is wrong with FILE by line, and what it would add, change and take away.

    \b
    Exit code: 0 no fault, 1 faults (it would be refused as a whole), 2 it cannot be used.
    Example:   bin/esep reference check prices-march.csv --name price --add
    """
    from esep.warehouse import reference as desk
    from esep.warehouse.errors import WarehouseError
    from esep.warehouse.reference_proposal import Mode

    settings, mode = settings_from_environment(), Mode.of(adds, replaces)
    try:
        checked = desk.check(settings, _name_of(file, name), _content(file), mode)
    except WarehouseError as error:
        raise UnusableError(str(error)) from None
    _tell(checked, None, file, language, show_all, as_json)


@reference.command()
@_file
@_name
@_adds
@_replaces
@_all
@language_option
@json_option
def add(file: Path, name: str | None, adds: bool, replaces: bool, show_all: bool, language: str, as_json: bool) -> None:
    """The same, and if nothing is wrong with FILE, put it under $ESEP_HOME/reference/ and accept it.

    FILE is a whole version, or with --add the part of one. A whole file of prices or rates that lacks days of the
    version in force is refused without --replace, and so is a part with other values for days that are there.
    Every accepted version is kept. The figures follow with the next run of the warehouse.

    \b
    Exit code: 0 accepted or in force already, 1 faults (nothing is changed), 2 it cannot be used.
    Examples:  bin/esep reference add pool.csv
               bin/esep reference add prices-march.csv --name price --add
    """
    from esep.warehouse import reference as desk
    from esep.warehouse.errors import WarehouseError
    from esep.warehouse.reference_proposal import Mode

    settings, mode = settings_from_environment(), Mode.of(adds, replaces)
    try:
        checked, report = desk.add(settings, _name_of(file, name), _content(file), clock.now(), mode)
    except (WarehouseError, OSError) as error:
        raise UnusableError(str(error)) from None
    _tell(checked, report, file, language, show_all, as_json)


def _name_of(file: Path, name: str | None) -> str:
    from esep.warehouse.reference import NAMES

    wanted = name or file.name.removesuffix(".csv")
    if wanted not in NAMES:
        hint = "" if name else "; say which one it is with --name"
        raise UnusableError(f"{wanted}: no reference file is called so; there are {', '.join(NAMES)}{hint}")
    return wanted


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UnusableError(f"{file}: {error.strerror or error}") from None


def _tell(
    checked: Proposal, report: ReferenceReport | None, file: Path, language: str, show_all: bool, as_json: bool
) -> None:
    from esep.cli import reference_report
    from esep.documents import terminal

    if as_json:
        print_json(reference_report.check_as_plain(checked, report.state if report else None, file))
    else:
        terminal.show(reference_report.check_report(checked, report, file, language, show_all), language)
    if checked.problems:
        sys.exit(FAULTS)
