"""Every command of `bin/esep`: exit code, output in each language and as JSON, help."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from esep.cli.main import main
from esep.config import Settings
from goldens import golden_home
from goldens.golden import hold, normalised, nothing_else
from goldens.golden_addresses import MINER, PERSON, POOL, SILENT_POOL

pytestmark = pytest.mark.slow

BY = ("--author", "А. Бекова")
WHY = ("--reason", "the signature came by letter К-12", *BY)

ASKING = (
    "calendar 2025",
    "calendar 1900",
    f"change {MINER} 2025 --since 2025-11-01",
    f"change {MINER} 2025 --since 2025-11-01 --until 2025-12-31 --role miner",
    "change 000000000000 2025 --since 2025-11-01",
    "check {package}",
    "check {package} --rows",
    "check {incomplete}",
    "check {incomplete} --all",
    "check {home}/nothing",
    "check-figures --seed 166",
    f"income {MINER} 2025",
    f"income {MINER} 2025 --known-on 2025-12-01 --trace",
    f"income {POOL} 2025 --role pool",
    f"income {PERSON} 1999",
    "reexamine 2024-000001 2025-000011",
    "reexamine 2024-999999",
    "reference",
    "reference list",
    "reference check {prices} --name price --add",
    "reference check {prices} --name price",
    "reference check {prices}",
    "reference check {home}/nothing.csv --name pool",
    "report 2025-10",
    "report 2025-10 --as-of 2027-01-01",
    "report 1999-01",
    "show 2024-000001",
    "show 2024-000017 --findings 1",
    "show 2024-999999",
    "statement 2025 --known-on 2026-03-31 --language ru",
    f"statement 2025 --known-on 2026-03-31 --taxpayer {PERSON} --language kk",
    "statement 1999",
    "status",
    "supervise --as-of 2027-01-01",
    "verify",
    f"verify --expect {'0' * 64}",
)
"""What changes no record: asked for in each language that the command has, and as JSON."""
LONGER = {"check-figures --seed 166": ("json",), "report 2025-10": ("ru", "json"), "report 1999-01": ("kk",)}
"""What takes seconds each time, or says the same in each language: only in these forms."""
DOING: Sequence[tuple[str, ...]] = (
    ("decide", "overrule", "2024-000001", *WHY),
    ("decide", "overrule", "2024-000001", *WHY, "--json"),
    ("decide", "overrule", "2024-000002", *WHY),
    ("decide", "waive", "2024-000014", "R-90", "--until", "2026-12-31", *WHY, "--json"),
    ("decide", "waive", "2024-000001", "C-10", "--until", "2026-12-31", *WHY),
    ("decide", "silence", SILENT_POOL, "2025-11", "--explained", *WHY),
    ("decide", "silence", SILENT_POOL, "2025-11", "--confirmed", *WHY, "--json"),
    ("decide", "silence", SILENT_POOL, "2025-11", *WHY),
    ("decide", "dispatch", "2024-000001/R-1", "--channel", "post", "--proof", "RR 1", "--json", *BY),
    ("decide", "dispatch", "2024-000001/R-9", "--channel", "post", "--proof", "RR 1", *BY),
    ("reference", "add", "{prices}", "--name", "price"),
    ("reference", "add", "{prices}", "--name", "price", "--add", "--json"),
    ("reexamine", "2024-000001", "--apply", "--json"),
    ("supervise", "--as-of", "2026-04-01", "--json"),
    ("show", "2024-000001", "--json"),
    ("status", "--json"),
    ("backup", "{aside}/backup.tar", "--json"),
    ("backup", "{aside}/backup.tar"),  # it is there already
    ("restore", "{aside}/backup.tar", "{aside}/restored", "--json"),
    ("restore", "{aside}/nothing.tar", "{aside}/again"),
    ("template", "{aside}/forms"),
    ("template", "{aside}/forms", "--json"),
    ("verify", "--adopt", "--json", *BY),
    ("--home", "{aside}/empty", "rebuild", "--json"),
    ("--home", "{aside}/empty", "status"),
)
"""What changes something, one after the other on the same home; after `--home` it is another one."""


class Desk:
    """A home of its own, and files to give to commands."""

    def __init__(self, home: Path, aside: Path) -> None:
        self.home, self.aside = aside / "desk", aside
        shutil.copytree(home, self.home)
        prices = (self.home / "reference" / "price.csv").read_text(encoding="utf-8").splitlines()
        (aside / "march.csv").write_text("\n".join([prices[0], *(_later(line) for line in prices[-3:])]) + "\n")
        self._places = {
            "package": self.home / "archive/2024/2024-000002/package",
            "incomplete": self.home / "archive/2024/2024-000001/package",
            "prices": aside / "march.csv",
            "home": self.home,
            "aside": aside,
        }

    def __call__(self, *arguments: str) -> str:
        """Exit code and output, what stands on the error stream apart."""
        given = [argument.format(**self._places) for argument in arguments]
        home = str(self.home)
        if given[:1] == ["--home"]:
            _, home, *given = given
        environment = {
            "ESEP_HOME": home,
            "ESEP_LANGUAGE": "en",
            "ESEP_INBOX_SETTLE_SECONDS": "0",
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "300",
        }
        golden_home.published_at_the_moment(Settings(home=Path(home)))
        with golden_home.fixed_clock():
            done = CliRunner().invoke(main, given, env=environment)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        told = f"exit code {done.exit_code}\n{done.stdout}\n— errors\n{done.stderr}"
        return normalised(told, self.home, self.aside)


@pytest.fixture(scope="module")
def desk(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(home, tmp_path_factory.mktemp("aside"))


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(main))


def test_every_command_is_given() -> None:
    given = [*ASKING, *(" ".join(arguments) for arguments in DOING)]
    assert [name for name in COMMANDS if not any(f" {name} " in f" {one} " for one in given)] == []


@pytest.mark.parametrize("name", ["", "decide", "reference", *COMMANDS])
def test_help_says_what_it_said(name: str, desk: Desk) -> None:
    hold(f"commands/help/{name or 'esep'}", desk(*name.split(), "--help"))


@pytest.mark.parametrize("asked", ASKING)
def test_answers_are_what_they_were(asked: str, desk: Desk) -> None:
    command = max((name for name in COMMANDS if f"{asked} ".startswith(f"{name} ")), key=len, default="")
    options = {option for parameter in getattr(COMMANDS.get(command), "params", ()) for option in parameter.opts}
    forms = [("", ())]
    if "--language" in options and command != "statement":
        forms = [(language, ("--language", language)) for language in ("kk", "ru", "en")]
    if "--json" in options:
        forms.append(("json", ("--json",)))
    for form, added in forms:
        if form not in LONGER.get(asked, (form,)):
            continue
        hold(f"commands/{_plain(asked)}/{form}", desk(*asked.split(), *added))


def test_doings_are_told_as_they_were(desk: Desk) -> None:
    faults = []
    for number, arguments in enumerate(DOING, start=1):
        try:
            hold(f"commands/doing/{number:02} {_plain(' '.join(arguments))}", desk(*arguments))
        except pytest.fail.Exception as fault:  # the next ones follow upon it, whatever it said
            faults.append(str(fault))
    assert not faults, "\n\n".join(faults)


def test_nothing_else_is_on_record() -> None:
    nothing_else("commands")


def _plain(asked: str) -> str:
    return asked.replace("/", " ")


def _later(line: str) -> str:
    """A price of a day that is in no file yet."""
    day, _, rest = line.partition(",")
    return f"2026-03-{day[-2:]},{rest}"
