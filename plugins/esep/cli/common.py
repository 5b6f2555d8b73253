"""What the commands share: languages, settings, and errors that end with exit code 2."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from esep import files
from esep.config import ConfigurationError, Settings

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

UNUSABLE = 2
LANGUAGES = ("kk", "ru", "en")


class UnusableError(click.ClickException):
    """What was asked for cannot be done; the text says what, where and what to do."""

    exit_code = UNUSABLE


class DamagedError(click.ClickException):
    """Files that were recorded are damaged; the text names each and says what to do."""

    exit_code = 1


def default_language() -> str:
    """ESEP_LANGUAGE, else the language of the terminal if it is one of the three, else English."""
    wanted = os.environ.get("ESEP_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    code = wanted[:2].lower()
    return code if code in LANGUAGES else "en"


language_option = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=default_language,
    help="Language of the texts (default: ESEP_LANGUAGE, else the terminal's, else en).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON instead of a table.")


def settings_from_environment() -> Settings:
    """Settings from ESEP_* variables; what the command writes is for owner and group only.

    Raises UnusableError naming the variable that is wrong.
    """
    try:
        settings = Settings.from_environment()
    except ConfigurationError as error:
        raise UnusableError(str(error)) from None
    files.keep_private(settings.home)
    return settings


def plain(value: object) -> str:
    """A value for JSON: decimals as text with all their digits, days and moments in ISO form."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def picked(one: object, *names: str) -> dict[str, Any]:
    """Some fields of a record under their own names."""
    return {name: getattr(one, name) for name in names}


def print_json(value: object) -> None:
    """The result of a command for programs: indented, letters of all languages kept."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def print_json_with_list(value: Mapping[str, object], key: str, items: Iterable[object]) -> None:
    """As print_json, with a list under one more key: an item a line, written as it comes, whatever their number."""
    head = json.dumps(value, ensure_ascii=False, indent=2, default=plain)
    click.echo(f"{head[:-2]},\n  {json.dumps(key)}: [", nl=False)
    for number, item in enumerate(items):
        click.echo(f"{',' if number else ''}\n    {json.dumps(item, ensure_ascii=False)}", nl=False)
    click.echo("\n  ]\n}")


@contextmanager
def progress(description: str, *columns: ProgressColumn, hidden: bool = False) -> Iterator[Progress]:
    """A bar on the terminal's error stream, gone at the end, so that the output stays clean.

    `columns` of rich come after the description and the bar; without any it is how many of how many.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    shown = columns or (MofNCompleteColumn(),)
    head = (TextColumn(description), BarColumn())
    with Progress(*head, *shown, console=Console(stderr=True), transient=True, disable=hidden) as bar:
        yield bar
