"""`bin/esep status`: what waits, is due and failed, in a terminal and as JSON, with its exit codes."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answers import calendar_office as story
from esep import clock, failures
from esep.cli.main import main
from esep.config import Settings
from esep.office import confirmations, mail
from esep.texts import LANGUAGES
from esep.warehouse import reference
from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import OTHER_POOL, moment


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> SupervisedOffice:
    return story.fill(tmp_path_factory.mktemp("calendar"), empty_work)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    """`run(home, now, *arguments)` in a terminal of 80 columns."""

    def command(home: Path, now: datetime, *arguments: str) -> Result:
        monkeypatch.setattr(clock, "now", lambda: now)
        environment = {"ESEP_HOME": str(home), "ESEP_LANGUAGE": "en", "COLUMNS": "80"}
        return CliRunner().invoke(main, ["status", *arguments], env=environment)

    return command


def test_what_is_overdue_is_reported_with_exit_code_1(run, office):
    result = run(office.settings.home, story.TODAY)
    assert result.exit_code == 1
    assert "Overdue: 2. Due today: 2." in result.output
    assert f"Registered, without a verdict: 2\n  {story.WAITING}\n  {story.UNLOADED}\n" in result.output
    assert "Warehouse: out of date, published" in result.output
    asked = f"silence/{OTHER_POOL}-2025-02: due 2025-04-03, overdue"
    assert f"Questions that wait for an officer (bin/esep questions): 1\n  {asked}\n" in result.output


def test_a_letter_with_nothing_to_register_is_named_until_its_file_is_moved_away(run, office):
    home = office.settings.home
    taken = mail.take("From: a@example.kz\nSubject: сұрақ\n\nx".encode(), None, office.settings, story.TODAY)
    try:
        result = run(home, story.TODAY)
        path = f"mail/attention/{taken['id']}.eml"
        said = " ".join(result.output.split())
        assert f"{path}: a letter without attachments: nothing to register, an officer should look" in said
        assert "(a@example.kz: сұрақ)" in said
        [listed] = json.loads(run(home, story.TODAY, "--json").output)["letters"]
        assert (listed["path"], listed["outcome"], listed["received_at"]) == (path, "no_attachment", None)
        (home / path).unlink()
        assert json.loads(run(home, story.TODAY, "--json").output)["letters"] == []
    finally:
        shutil.rmtree(home / "mail")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_80_columns_in_every_language(run, office, language):
    failures.record(office.settings, "load", story.TODAY, ValueError("a long story of what went wrong, " * 10))
    try:
        result = run(office.settings.home, story.TODAY, "--language", language)
    finally:
        failures.forget(office.settings, "load")
    assert max(map(len, result.output.splitlines())) <= 80
    assert "{" not in result.output


def test_json_tells_the_same_with_stable_keys(run, office):
    result = run(office.settings.home, story.TODAY, "--json")
    reported = json.loads(result.output)
    assert result.exit_code == 1
    assert (reported["overdue"], reported["due_today"], reported["failed"]) == (2, 2, True)
    assert reported["duties"][1] == {
        "kind": "send_refusal",
        "paragraph": "8",
        "overdue": 1,
        "due_today": 0,
        "later": 0,
        "earliest": "2025-04-23",
    }
    asked = {"question": f"silence/{OTHER_POOL}-2025-02", "due_on": "2025-04-03", "state": "overdue"}
    assert reported["open_questions"] == [asked]
    assert reported["unloaded"] == [story.UNLOADED]
    assert reported["warehouse"]["stale"] is True
    assert reported["unvalued"] == [
        {"asset": "BTC", "reason": "gap", "first_period": "2025-02-01", "last_period": "2025-02-01", "months": 1}
    ]


def test_a_calm_office_is_reported_with_exit_code_0(run, tmp_path, empty_work):
    office = story.empty(tmp_path, empty_work)
    result = run(tmp_path, moment("2025-05-06 10:00"))
    assert result.exit_code == 0, result.output
    assert "Nothing is overdue and nothing has failed." in result.output
    assert "uestion" not in result.output, "nobody is asked"
    failures.record(office.settings, "load", moment("2025-05-06 09:00"), ValueError("the disk is full"))
    failed = run(tmp_path, moment("2025-05-06 10:00"))
    assert failed.exit_code == 1
    assert "load, 2025-05-06 09:00: the disk is full" in failed.output


def test_a_refused_reference_file_is_reported_until_it_is_answered(run, tmp_path, empty_work):
    office, now = story.empty(tmp_path, empty_work), moment("2025-05-06 10:00")
    office.reference("exchange_rate", "date,currency,kzt_per_unit", "2025-01-06,USD,500", "2025-01-07,USD,501")
    reference.accept(office.settings, now)
    office.reference("exchange_rate", "date,currency,kzt_per_unit", "2025-01-07,USD,501")
    reference.accept(office.settings, now)
    reported = run(tmp_path, now)
    assert reported.exit_code == 1
    output = " ".join(reported.output.split())
    assert "Refused reference files: 1 exchange_rate.csv: USD: the file lacks days" in output
    assert "reference add --add --name exchange_rate $ESEP_HOME/reference/exchange_rate.csv" in output
    (refused,) = json.loads(run(tmp_path, now, "--json").output)["refused_files"]
    assert (refused["name"], refused["file"], refused["faults"]) == ("exchange_rate", "exchange_rate.csv", 1)
    (tmp_path / "reference" / "exchange_rate.csv").rename(tmp_path / "reference" / "exchange_rate.add.csv")
    reference.accept(office.settings, now)
    assert run(tmp_path, now).exit_code == 0


def test_without_a_warehouse_it_cannot_tell(run, tmp_path):
    result = run(tmp_path, story.TODAY)
    assert result.exit_code == 2
    assert "no warehouse has been published yet" in result.output
    assert "make run" in result.output


def test_a_warehouse_of_other_code_cannot_tell(run, tmp_path, empty_work, monkeypatch):
    from esep.warehouse import work

    story.empty(tmp_path, empty_work)
    monkeypatch.setattr(work, "fingerprint", lambda sql: "other")
    result = run(tmp_path, story.TODAY)
    assert result.exit_code == 2
    assert "bin/esep rebuild" in result.output


def test_unreadable_settings_are_reported(run, monkeypatch):
    monkeypatch.setenv("ESEP_READER_SECONDS", "soon")
    assert run(Settings.from_environment({}).home, story.TODAY).exit_code == 2


def test_a_letterhead_that_is_not_set_and_readings_that_nobody_confirmed_are_asked_for(run, tmp_path, empty_work):
    office, now = story.empty(tmp_path, empty_work), moment("2025-05-06 10:00")
    result = run(tmp_path, now)
    assert result.exit_code == 0, "a question is no failure"
    assert "kk: name of the issuing body, address of the issuing body" in " ".join(result.output.split())
    assert "letterhead.toml; docs/operating.md" in " ".join(result.output.split())
    assert "bin/esep decide confirm appeal '2021-07-01' --on DAY" in " ".join(result.output.split())
    reported = json.loads(run(tmp_path, now, "--json").output)
    assert {"language": "ru", "part": "executor"} in reported["letterhead_gaps"]
    assert {"table": "sale_rule", "key": "2025-01-01|miner"} in reported["unconfirmed"]
    confirmations.confirm(
        office.settings, "appeal", "2021-07-01", date(2025, 5, 5), "order 12", "read by lawyers", "Омарова А.", now
    )
    assert "confirm appeal" not in " ".join(run(tmp_path, now).output.split())


def test_a_letterhead_that_cannot_be_used_is_a_failure(run, tmp_path, empty_work):
    office, now = story.empty(tmp_path, empty_work), moment("2025-05-06 10:00")
    office.settings.looks.mkdir(exist_ok=True)
    (office.settings.looks / "letterhead.toml").write_text("[[letterhead]]\nkk.boddy = 'x'", encoding="utf-8")
    result = run(tmp_path, now)
    assert result.exit_code == 1
    assert "kk: boddy is not known" in " ".join(result.output.split())
