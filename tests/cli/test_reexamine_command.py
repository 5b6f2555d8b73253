"""`bin/esep reexamine`: what it prints, what it records, how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from end_to_end import filer
from esep import clock
from esep.cli.main import main
from esep.config import PROJECT, Settings
from esep.office import archive
from esep.orchestration import tasks

NUMBER = "2025-000001"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An office with one refused filing (no signature), and rules under which it would be accepted."""
    settings = Settings(home=tmp_path / "home", inbox_settle_seconds=0)
    filer.write(filer.Filing(signed=False), settings.inbox / "march", "2025-04-10T09:00:00+05:00")
    now = clock.now()
    tasks.register(settings, now)
    for batch in tasks.batches(settings):
        tasks.examine(settings, now, batch)
    shutil.copytree(PROJECT / "expectations", tmp_path / "rules")
    path = tmp_path / "rules" / "package.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    for expectation in suite["expectations"]:
        if expectation["meta"]["rule"] == "C-12":
            expectation["meta"]["lane"] = "reliability"
    path.write_text(json.dumps(suite, ensure_ascii=False), encoding="utf-8")
    monkeypatch.setenv("ESEP_HOME", str(settings.home))
    monkeypatch.setenv("ESEP_EXPECTATIONS", str(tmp_path / "rules"))
    monkeypatch.setenv("COLUMNS", "160")
    return settings


def esep(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["reexamine", *(str(argument) for argument in arguments)])


def verdicts(home: Settings) -> list[str]:
    return [verdict["verdict"] for verdict in archive.entry(home, NUMBER).verdicts]


def test_it_shows_by_default_and_records_with_apply(home: Settings) -> None:
    shown = esep()
    assert shown.exit_code == 0, shown.output
    assert "further consideration refused → complete" in shown.stdout
    assert "C-12 ×1" in shown.stdout
    assert "1 examined again: 1 differ, 1 of them in the verdict; 0 stay as they are." in shown.stdout
    assert "--apply" in shown.stdout
    assert verdicts(home) == ["refused"]
    applied = esep("--apply")
    assert applied.exit_code == 0, applied.output
    assert "1 new examinations recorded" in applied.stdout
    assert verdicts(home) == ["refused", "accepted"]
    assert "0 examined again" in esep("--apply").stdout


def test_json_has_the_same_facts(home: Settings) -> None:
    result = esep(NUMBER, "--since", "2025-04-10", "--dry-run", "--json")
    reported = json.loads(result.stdout)
    assert (reported["applied"], reported["candidates"], reported["unchanged"], reported["faults"]) == (False, 1, 0, [])
    (change,) = reported["changes"]
    assert (change["registration_no"], change["pool_id"], change["period"]) == (NUMBER, filer.POOL, "2025-03-01")
    assert (change["verdict_before"], change["verdict_after"], change["recorded"]) == ("refused", "accepted", False)
    assert verdicts(home) == ["refused"]


def test_a_fault_of_one_filing_is_reported_at_the_end(home: Settings) -> None:
    (archive.entry(home, NUMBER).folder / "verdict.json").write_text("{", encoding="utf-8")
    result = esep()
    assert result.exit_code == 2
    assert f"{NUMBER} could not be examined" in result.stdout
    assert "verdict.json" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["2025-000009"], "2025-000009"), (["march"], "YYYY-NNNNNN"), (["--since", "spring"], "spring")],
)
def test_what_cannot_be_asked_for_is_an_error(home: Settings, arguments: list[str], words: str) -> None:
    result = esep(*arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_rules_that_cannot_be_used_are_named(home: Settings, tmp_path: Path) -> None:
    (tmp_path / "rules" / "rows.json").write_text("[", encoding="utf-8")
    result = esep()
    assert result.exit_code == 2
    assert "rows.json" in result.output
