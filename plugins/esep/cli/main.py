"""The commands of `bin/esep`. Each imports what it needs when it runs, so that help answers at once."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from esep import __version__, clock
from esep.config import ConfigurationError, Settings

COMPLETE, INCOMPLETE, UNUSABLE = 0, 1, 2
"""Exit codes of `check`; every other command ends with 0 or, on an error, with 2."""

LANGUAGES = ("kk", "ru", "en")


class UnusableError(click.ClickException):
    """What was asked for cannot be done; the text says what, where and what to do."""

    exit_code = UNUSABLE


def _default_language() -> str:
    """ESEP_LANGUAGE, else the language of the terminal if it is one of the three, else English."""
    wanted = os.environ.get("ESEP_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    code = wanted[:2].lower()
    return code if code in LANGUAGES else "en"


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except ConfigurationError as error:
        raise UnusableError(str(error)) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="esep")
def main() -> None:
    """Esep: filings of form 1-ЦМ, from the office inbox to the two figures.

    Data live under $ESEP_HOME (default: var/ in the checkout).
    """


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON instead of a table.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=_default_language,
    help="Language of the remarks (default: ESEP_LANGUAGE, else the terminal's, else en).",
)
@click.option("--all", "show_all", is_flag=True, help="List every remark, not only the first of each rule.")
def check(path: Path, as_json: bool, language: str, show_all: bool) -> None:
    """Examine a package (folder, .zip or single file) without registering it.

    \b
    Exit code: 0 complete, 1 incomplete (it would be refused), 2 it cannot be examined.
    Example:   bin/esep check march-2025/ --language ru
    """
    from esep.cli.check_report import as_plain, print_report
    from esep.examination.check import check_path
    from esep.examination.model import Verdict
    from esep.examination.suites import SuiteError

    settings = _settings()
    try:
        examination = check_path(path, settings, clock.now())
    except (OSError, SuiteError) as error:
        raise UnusableError(str(error)) from None
    if as_json:
        json.dump(as_plain(examination), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        print_report(examination, path, language, show_all)
    sys.exit(COMPLETE if examination.verdict is Verdict.ACCEPTED else INCOMPLETE)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def template(folder: Path) -> None:
    """Write the blank forms (Annex 1 and 1-ЦМ, Kazakh and Russian) into FOLDER.

    \b
    Example: bin/esep template forms/
    """
    from esep.forms.templates import write_blank

    try:
        written = write_blank(folder)
    except OSError as error:
        raise UnusableError(f"{folder}: {error.strerror or error}") from None
    for path in written:
        click.echo(path)


@main.command()
def rebuild() -> None:
    """Delete the warehouse and build it again from archive, lake and reference data.

    Readers keep the last snapshot until the new one is published.
    """
    from esep.office.archive import ArchiveError
    from esep.warehouse.errors import WarehouseError
    from esep.warehouse.rebuild import rebuild as rebuild_warehouse

    settings = _settings()
    try:
        report = rebuild_warehouse(settings, clock.now())
    except (WarehouseError, ArchiveError, OSError) as error:
        raise UnusableError(str(error)) from None
    click.echo(report.summary())


if __name__ == "__main__":
    main()
