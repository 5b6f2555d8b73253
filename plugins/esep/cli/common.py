"""What the commands share: options, settings, how an answer is printed, and errors that end with exit code 2."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from inspect import signature
from typing import TYPE_CHECKING, Any

import click

from esep import clock, files
from esep.config import ConfigurationError, Settings
from esep.documents.model import Block
from esep.texts import LANGUAGES, default_language

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

UNUSABLE = 2


class UnusableError(click.ClickException):
    """What was asked for cannot be done; the text says what, where and what to do."""

    exit_code = UNUSABLE


language_option = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=default_language,
    help="Language of the texts (default: ESEP_LANGUAGE, else the terminal's, else en).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON instead of a table.")


class DayType(click.ParamType[date]):
    """A day written YYYY-MM-DD."""

    name = "day"
    _written = click.DateTime(["%Y-%m-%d"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        return self._written.get_metavar(param, ctx)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        return self._written.convert(value, param, ctx).date()


class MonthType(click.ParamType[date]):
    """A month written YYYY-MM, as its first day."""

    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return datetime.strptime(str(value), "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone
        except ValueError:
            self.fail(f"{value!r} is no month; write it like 2025-03", param, ctx)


def today() -> date:
    """The local day."""
    return clock.local_date(clock.now())


def require_not_to_come(option: str, day: date) -> None:
    """Raise UnusableError for a day after today."""
    if day > today():
        raise UnusableError(f"{option} {day}: the day is yet to come; today is {today()}")


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found."""

    plain: object
    """For programs, printed by `print_json`."""
    shown: Callable[[], Iterable[Block | str]]
    """For people: blocks of a document, and lines that are printed as they are."""
    code: int = 0
    """The exit code that says it."""
    warnings: Sequence[str] = ()
    """For people, on the error stream."""


def answering(function: Callable[..., Answer]) -> Callable[..., None]:
    """A command that prints the answer of the function as JSON or as text, and ends with its exit code.

    It has the option --json, and --language where the function has a language.
    """

    @functools.wraps(function)
    def command(*, as_json: bool, **given: Any) -> None:
        with expected_errors():
            answer = function(**given)
        if as_json:
            print_json(answer.plain)
        else:
            print_shown(answer.shown(), given.get("language", "en"))
            for warning in answer.warnings:
                click.echo(warning, err=True)
        sys.exit(answer.code)

    in_languages = "language" in signature(function).parameters
    return json_option(language_option(command) if in_languages else command)


def say(line: str) -> None:
    """Print a line while a command is at work, unless its answer is asked for as JSON."""
    if not click.get_current_context().params["as_json"]:
        click.echo(line)


@contextmanager
def expected_errors() -> Iterator[None]:
    """Esep's own errors and the system's say what is wrong and what to do: they need no traceback."""
    try:
        yield
    except click.ClickException:
        raise
    except Exception as error:
        if isinstance(error, OSError) or type(error).__module__.startswith("esep."):
            raise UnusableError(str(error)) from None
        raise


def print_shown(shown: Iterable[Block | str], language: str) -> None:
    """Print blocks as a document in the terminal, and lines as they are."""
    from esep.documents import terminal

    out = terminal.console()
    for part in shown:
        if isinstance(part, str):
            click.echo(part)
        else:
            terminal.show([part], language, out)


def print_json(value: object) -> None:
    """The result of a command for programs: indented, letters of all languages kept.

    An iterator under the last key of a mapping is a list of any length, written an item a line as it comes.
    """
    items = list(value.items()) if isinstance(value, Mapping) else []
    if not items or not isinstance(items[-1][1], Iterator):
        click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=plain))
        return
    key, listed = items.pop()
    head = json.dumps(dict(items), ensure_ascii=False, indent=2, default=plain)
    click.echo(f"{head[:-2]},\n  {json.dumps(key)}: [", nl=False)
    for number, item in enumerate(listed):
        line = json.dumps(item, ensure_ascii=False, default=plain)
        click.echo(f"{',' if number else ''}\n    {line}", nl=False)
    click.echo("\n  ]\n}")


def plain(value: object) -> object:
    """A value for JSON: records by their fields, decimals as text with all digits, days and moments in ISO form."""
    if is_dataclass(value):
        return fields_of(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def fields_of(record: Any, *names: str) -> dict[str, Any]:
    """These fields of a record, or all of them, by name; their values as they are."""
    return {name: getattr(record, name) for name in names or [field.name for field in fields(record)]}


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
