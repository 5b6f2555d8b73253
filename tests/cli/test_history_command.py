"""`bin/esep history`: loading what waits as history, and declaring former loads, as text and JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esep import clock
from esep.cli.main import main
from esep.config import Settings
from esep.office import archive

NUMBER = "2025-000001"


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path))
    monkeypatch.setenv("ESEP_INBOX_SETTLE_SECONDS", "0")
    made = Settings(home=tmp_path, inbox_settle_seconds=0.0)
    made.inbox.mkdir(parents=True)
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["history", *arguments])


def put(settings: Settings, name: str, content: str, received_at: str | None = "2025-02-20T10:15:00+05:00") -> None:
    (settings.inbox / name).write_text(content)
    if received_at:
        (settings.inbox / f"{name}.office.json").write_text(json.dumps({"received_at": received_at}))


def test_what_waits_is_loaded_and_what_is_no_history_is_named(settings: Settings) -> None:
    put(settings, "old.zip", "a")
    put(settings, "new.zip", "b", None)
    done = run("load", "--author", "Омарова А.")
    assert done.exit_code == 1, done.output
    assert f"old.zip: {NUMBER}, as history" in done.output
    assert "new.zip: no stamp with the moment of its former receipt" in done.output
    mark = archive.entry(settings, NUMBER).receipt.history
    assert mark is not None
    assert mark.author == "Омарова А."
    (settings.inbox / "new.zip").unlink()
    put(settings, "copy.zip", "a")
    copied = run("load", "--json")
    assert (copied.exit_code, json.loads(copied.output)) == (
        0,
        {"loaded": [], "copies": [NUMBER], "messages": [], "left": []},
    )
    again = run("load", "--json")
    assert (again.exit_code, json.loads(again.output)) == (0, {"loaded": [], "copies": [], "messages": [], "left": []})


def test_a_load_needs_its_author(settings: Settings) -> None:
    put(settings, "old.zip", "a")
    done = run("load", "--author", " ")
    assert (done.exit_code, "author is empty" in done.output) == (2, True)
    assert (settings.inbox / "old.zip").exists()


def test_former_loads_are_declared_by_number_or_by_day(settings: Settings) -> None:
    from esep.office.intake import register_waiting

    put(settings, "old.zip", "a")
    put(settings, "today.zip", "b", None)
    register_waiting(settings, clock.now() + timedelta(seconds=1), lambda number: None)
    assert run("mark", "--reason", "x").exit_code == 2
    assert run("mark", NUMBER, "--all-before", "2026-01-01", "--reason", "x").exit_code == 2
    assert run("mark", NUMBER).exit_code == 2, "without a reason"
    done = run("mark", "--all-before", "2026-01-01", "--reason", "archive of 2025", "--author", "Омарова А.")
    assert (done.exit_code, f"{NUMBER}: marked as history, Омарова А." in done.output) == (0, True)
    again = json.loads(run("mark", NUMBER, "--reason", "y", "--json").output)
    assert [(item["number"], item["written"], item["author"]) for item in again] == [(NUMBER, False, "Омарова А.")]
    nothing = run("mark", "--all-before", "2024-01-01", "--reason", "x")
    assert (nothing.exit_code, "nothing was marked" in nothing.output) == (0, True)


def test_a_copy_of_a_filing_that_is_no_history_is_named_with_what_to_do(settings: Settings) -> None:
    from esep.office.intake import register_waiting

    put(settings, "old.zip", "a")
    register_waiting(settings, clock.now() + timedelta(seconds=1), lambda number: None)
    put(settings, "again.zip", "a")
    done = run("load")
    assert done.exit_code == 1
    assert f"bin/esep history mark {NUMBER} --reason" in done.output
