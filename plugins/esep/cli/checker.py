"""`esep-check`, the command of the wheel: a package is checked before it is filed, without an office around it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from importlib import import_module

import click

MODULES: Mapping[str, str] = {"check": "check", "rules": "rules", "serve": "serve_check", "template": "template"}
"""Module of each command; they are those of bin/esep."""
_OWN_NAME = (
    ("bin/esep serve-check", "esep-check serve"),
    ("bin/esep check ", "esep-check "),
    ("bin/esep ", "esep-check "),
)


class _Checker(click.Group):
    """`check` without its name, and the other commands of MODULES with theirs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        found: click.Command = copy(getattr(import_module(f"esep.cli.{MODULES[cmd_name]}"), cmd_name.replace("-", "_")))
        for written, own in _OWN_NAME:
            found.help = (found.help or "").replace(written, own)
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is neither a command nor help nor version belongs to `check`; a folder named like one is `./rules`."""
        if args and args[0] not in {*MODULES, "--help", "-h", "--version"}:
            args = ["check", *args]
        return super().parse_args(ctx, args)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Of code and rules, as verdicts name them."""
    if not wanted:
        return
    from esep.cli.common import expected_errors, settings_from_environment
    from esep.examination import suites

    with expected_errors():
        click.echo(f"esep-check {suites.code_version()}, ruleset {suites.ruleset(settings_from_environment())}")
    ctx.exit()


@click.group(cls=_Checker, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show code and ruleset."
)
def main() -> None:
    """Check a package of form 1-ЦМ before it is filed: esep-check PATH is short for esep-check check PATH.

    \b
    Examples:  esep-check march-2025/ --language ru
               esep-check march-2025/ --workbook remarks/
               esep-check template forms/
               esep-check rules --format csv
    """
