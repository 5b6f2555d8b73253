"""Every command that tells something tells it as JSON too; help says the exit codes and gives an example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from esep.cli.main import main


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands(main))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_takes_json_and_shows_an_example(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert "--json" in {option for parameter in command.params for option in parameter.opts}
    assert f"bin/esep {' '.join(path)}" in (command.help or "")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_says_the_exit_codes(path: tuple[str, ...]) -> None:
    above = main.get_command(click.Context(main), path[0])
    assert any("Exit code" in (command.help or "") for command in (COMMANDS[path], above) if command)


def test_the_blank_forms_are_listed_as_json(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["template", str(tmp_path), "--json"])
    listed = json.loads(done.output)["files"]
    assert done.exit_code == 0
    assert sorted(listed) == sorted(str(path) for path in tmp_path.iterdir())
    assert listed


def test_a_rebuild_of_an_empty_home_tells_its_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path / "home"))
    done = CliRunner().invoke(main, ["rebuild", "--json"])
    assert done.exit_code == 0, done.output
    reported = json.loads(done.output)
    assert Path(reported["snapshot"]).is_file()
    assert reported["steps"][-1].startswith("masked snapshot")
    supervised = CliRunner().invoke(main, ["supervise", "--as-of", "2024-05-01", "--json"])
    assert json.loads(supervised.output) == {"days": [], "letters": []}
