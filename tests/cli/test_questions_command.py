"""`bin/esep questions`, `decide answer`, `decide transcribe`, and the exit code 3 of `check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from end_to_end import filer
from end_to_end.conftest import Office
from end_to_end.test_questions import scanned_form, workbook
from esep import clock
from esep.cli.main import main

MARCH = filer.Filing()
NAME = "not_readable/2025-000001"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A scanned form that has waited for a year."""
    made = Office(tmp_path / "home")
    scanned_form(filer.write(MARCH, made.settings.inbox / "a", "2025-04-10T10:00:00+05:00"))
    made.process(filer.moment("2025-04-10 12:00"))
    monkeypatch.setenv("ESEP_HOME", str(made.settings.home))
    return made


def test_they_are_listed_with_days_and_answers_until_answered(office: Office) -> None:
    listed = run("questions", "--json")
    (question,) = json.loads(listed.output)["questions"]
    assert listed.exit_code == 1, "overdue since April"
    assert question["question"] == NAME
    assert question["answers"] == ["refuse", "transcribe", "ask_pool"]
    assert (question["state"], question["due_on"]) == ("overdue", "2025-04-14")
    assert question["days_counted"] == ["2025-04-11", "2025-04-14"]
    for language, words in {"kk": "жұмыс күндері: 1) 11.04.2025", "ru": "рабочие дни", "en": "working days"}.items():
        assert words in run("questions", "--language", language).output
    done = run("decide", "answer", NAME, "refuse", "--reason", "black", "--author", "Ахметов", "--json")
    assert (done.exit_code, json.loads(done.output)["written"]) == (0, True)
    office.process(clock.now())
    assert run("questions").exit_code == 0
    assert "black (Ахметов" in run("questions", "--all").output
    late = run("decide", "answer", NAME, "ask_pool", "--reason", "?", "--author", "Ахметов")
    assert late.exit_code == 2
    assert "no longer stands" in late.stderr


def test_a_transcription_is_handed_in(office: Office, tmp_path: Path) -> None:
    typed = workbook(tmp_path, MARCH)
    done = run("decide", "transcribe", "2025-000001", typed, "--reason", "typed", "--author", "Ахметов")
    assert done.exit_code == 0, done.output
    assert "2025-000001: accepted, 1 rows read from the transcription." in done.output
    missing = run("decide", "transcribe", "2025-000001", tmp_path / "none.xlsx", "--reason", "typed", "--author", "А")
    assert missing.exit_code == 2
    assert "there is no such file" in missing.stderr


def test_check_says_when_an_officer_must_look(tmp_path: Path) -> None:
    package = filer.write(MARCH, tmp_path / "package")
    scanned_form(package)
    checked = run("check", package, "--json")
    assert checked.exit_code == 3
    assert json.loads(checked.output)["question"] == "not_readable"
    shown = run("check", package).output
    assert "No machine could read the whole package" in shown
    assert "Completeness: an officer decides" in shown
    assert "lead to a refusal" not in shown
