"""When people are called and when not: one message a run, an hour of counting, one word that it works again."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from alarm.webhook_server import WebhookServer
from esep import clock
from esep.alarm import kept
from esep.config import PROJECT, ConfigurationError, Settings
from esep.orchestration import alarms
from esep.orchestration.alarms import Step
from esep.proof.model import DamagedHomeError
from esep.texts import LANGUAGES

SCHEMA = json.loads((PROJECT / "plugins/esep/alarm/message.schema.json").read_text(encoding="utf-8"))
START = datetime(2025, 5, 5, 9, 0, tzinfo=clock.TIMEZONE)
DENIED = PermissionError(13, "Permission denied", "/home/ivanov/x")


class Desk:
    """An office with a webhook; minutes count from START."""

    def __init__(self, home: Path) -> None:
        self.server = WebhookServer()
        self.settings = Settings(home=home, alarm_webhook=self.server.url)
        self.settings.reference.mkdir(parents=True)

    def fails(self, minute: float, run: str, task: str = "letters", dag: str = "intake", **more: Any) -> None:
        error = more.pop("error", DENIED)
        alarms.step_failed(self.settings, Step(dag, task, run, **more), error, at(minute))

    def works(self, minute: float, run: str, task: str = "letters", dag: str = "intake", **more: Any) -> None:
        alarms.step_worked(self.settings, Step(dag, task, run, **more), at(minute))

    def got(self) -> list[tuple[str, int | None]]:
        """Kind and count of each message since the last look."""
        posted, self.server.posted = self.server.posted, []
        for value in posted:
            jsonschema.validate(value, SCHEMA)
        return [(value["kind"], value.get("count")) for value in posted]


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("ESEP_LANGUAGE", "en")
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://esep.example.kz/")
    return Desk(tmp_path / "home")


def test_a_failure_is_one_message_with_reason_run_and_next_step(desk: Desk) -> None:
    desk.fails(0, "run 1")
    (value,) = desk.server.posted
    assert value["reason"] == "PermissionError: Permission denied"
    assert value["url"] == "https://esep.example.kz/dags/intake/runs/run%201"
    for words in ("intake failed (letters)", value["url"], value["reason"], "bin/esep status"):
        assert words in value["text"]
    assert desk.got() == [("failed", 1)]
    assert kept.waiting(desk.settings) == []


def test_the_address_of_a_run_is_in_one_piece(desk: Desk) -> None:
    """Longer than a line of a mail: in pieces it leads nowhere."""
    desk.fails(0, "asset_triggered__2026-12-01T15:44:17.026147+00:00_3zOIGwwL" * 2)
    (value,) = desk.server.posted
    assert len(value["url"]) > 120
    assert value["url"] in value["text"]


def test_a_run_in_which_several_steps_fail_is_one_message(desk: Desk) -> None:
    for number, task in enumerate(("register", "letters", "examine")):
        desk.fails(number, "1", task)
    assert desk.got() == [("failed", 1)]
    desk.works(5, "2", "register")
    desk.works(6, "2", "letters")
    assert desk.got() == [], "one step still fails"
    desk.works(7, "2", "examine")
    assert desk.got() == [("recovered", None)]


def test_failures_of_the_hour_are_counted_in_the_next_message(desk: Desk) -> None:
    for number in range(12):
        desk.fails(5 * number, str(number))
    assert desk.got() == [("failed", 1)]
    desk.fails(60, "12")
    assert desk.got() == [("failed", 12)]


def test_what_stays_failed_after_a_quiet_hour_is_said_by_any_other_step(desk: Desk) -> None:
    desk.fails(0, "1")
    desk.fails(10, "2")
    assert desk.got() == [("failed", 1)]
    desk.works(59, "a", "reference", "warehouse")
    assert desk.got() == []
    desk.works(61, "b", "reference", "warehouse")
    assert desk.got() == [("failed", 1)]
    desk.works(200, "c", "reference", "warehouse")
    assert desk.got() == []


def test_that_it_works_again_is_said_once_and_only_after_a_message(desk: Desk) -> None:
    desk.works(0, "1")
    assert desk.got() == []
    desk.fails(5, "2")
    desk.works(10, "3")
    desk.works(15, "4")
    assert desk.got() == [("failed", 1), ("recovered", None)]


def test_a_step_that_comes_and_goes_does_not_write_all_the_time(desk: Desk) -> None:
    for number in range(0, 60, 10):
        desk.fails(number, f"f{number}")
        desk.works(number + 5, f"w{number}")
    assert desk.got() == [("failed", 1), ("recovered", None)]
    desk.fails(70, "f70")
    assert desk.got() == [("failed", 1)]


def test_an_instance_of_a_mapped_step_says_nothing_of_the_others(desk: Desk) -> None:
    desk.fails(0, "1", "examine", map_index=2)
    desk.works(0, "1", "examine", map_index=0)
    assert desk.got() == [("failed", 1)]
    desk.works(5, "1", "examine", map_index=2)
    assert desk.got() == [("recovered", None)]


def test_a_late_run_is_one_message_and_no_failure(desk: Desk) -> None:
    for minute in (0, 30):
        alarms.run_late(desk.settings, Step("intake", "", f"run {minute}"), at(minute))
    desk.works(40, "run 30")
    assert desk.got() == [("late", 1)]


def test_a_damaged_file_has_a_message_of_its_own(desk: Desk) -> None:
    desk.fails(0, "1", "refresh", "warehouse", error=DamagedHomeError("archive/2025/2025-000001: changed"))
    assert desk.server.posted[0]["text"].startswith("Esep: a file is damaged, nothing is published (warehouse)")
    assert desk.got() == [("damaged", 1)]


def test_a_step_that_was_killed_is_said_so(desk: Desk) -> None:
    desk.fails(0, "1", error=None)
    assert desk.server.posted[0]["reason"] is None
    assert "ended from outside" in desk.server.posted[0]["text"]


def refuse(desk: Desk, name: str, message: str) -> None:
    errors = [{"code": "value", "line": 7, **{f"message_{language}": message for language in LANGUAGES}}]
    report = {"name": name, "file": f"{name}.csv", "errors": errors}
    (desk.settings.reference / f"{name}.errors.json").write_text(json.dumps(report), encoding="utf-8")


def test_a_refused_reference_file_is_said_once_by_name_and_not_by_content(desk: Desk) -> None:
    refuse(desk, "price", "790107300609 Иванов")
    refuse(desk, "иванов", "a stranger's file")
    for minute in (0, 15):
        desk.works(minute, str(minute), "reference", "warehouse")
    (value,) = desk.server.posted
    assert desk.got() == [("refused_file", None)]
    assert value["files"] == [{"name": "price", "faults": 1}, {"name": "[…]", "faults": 1}]
    assert not any(word in json.dumps(value, ensure_ascii=False).lower() for word in ("790107300609", "иванов"))
    refuse(desk, "price", "another fault, longer")
    desk.works(30, "30", "reference", "warehouse")
    assert [one["name"] for one in desk.server.posted[0]["files"]] == ["price"]


def test_a_server_that_is_down_delays_a_message_and_it_comes_once(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.server.code = 503
    desk.fails(0, "1")
    (one,) = kept.waiting(desk.settings)
    assert (one.left, one.fault) == (("webhook",), "webhook: 127.0.0.1: the answer is 503; look at ESEP_ALARM_WEBHOOK")
    assert "is kept" in caplog.text
    assert "a-secret" not in caplog.text
    desk.server.code = 200
    desk.works(5, "2", "other", "warehouse")
    assert desk.got() == [], "tried a moment ago"
    desk.works(16, "3", "other", "warehouse")
    desk.works(40, "4", "other", "warehouse")
    assert desk.got() == [("failed", 1)]


def test_an_answer_is_not_read_beyond_its_code(desk: Desk) -> None:
    desk.server.pieces = 4_000  # 250 MB
    desk.fails(0, "1")
    assert kept.waiting(desk.settings) == []
    assert desk.server.is_answered.wait(60)
    assert desk.server.given < desk.server.pieces / 4
    assert desk.got() == [("failed", 1)]


def test_a_channel_that_has_a_message_does_not_get_it_again(desk: Desk) -> None:
    desk.fails(0, "1")
    desk.got()
    mails: list[str] = []

    def broken(message: kept.Message) -> None:
        raise OSError("no route")

    def mail(message: kept.Message) -> None:
        mails.append(message.id)

    message = alarms._recovered(Step("intake", "letters", "2"), at(1))
    kept.keep(desk.settings, message, ["mail", "webhook"], at(1))
    assert kept.send(desk.settings, {"mail": mail, "webhook": broken}, at(1)) == (0, 1)
    assert kept.send(desk.settings, {"mail": mail, "webhook": lambda one: None}, at(30)) == (1, 0)
    assert mails == [message.id]


def test_a_message_to_a_channel_that_is_switched_off_is_let_go(desk: Desk) -> None:
    kept.keep(desk.settings, alarms._recovered(Step("intake", "letters", "2"), at(1)), ["mail"], at(1))
    assert kept.send(desk.settings, {}, at(1)) == (1, 0)


def test_nothing_that_goes_wrong_here_fails_a_run(desk: Desk) -> None:
    desk.settings.home.joinpath(".alarms").write_text("in the way")
    desk.fails(0, "1")
    desk.works(1, "2")
    alarms.run_late(desk.settings, Step("intake", "", "3"), at(2))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_in_the_language_of_the_office(desk: Desk, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_LANGUAGE", language)
    desk.fails(0, "1")
    expected = {"kk": "орындалмады", "ru": "не выполнен", "en": "failed"}
    assert expected[language] in desk.server.posted[0]["text"]
    assert desk.server.posted[0]["language"] == language


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ESEP_ALARM_TO", "it@example.kz, somebody"),
        ("ESEP_ALARM_WEBHOOK", "hooks.example.kz/secret"),
        ("ESEP_ALARM_WEBHOOK", "ftp://hooks.example.kz/secret"),
        ("ESEP_ALARM_WEBHOOK", "https://hooks.example.kz:x/secret"),
    ],
)
def test_an_address_that_is_none_is_named_without_its_secret(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name) as raised:
        Settings.from_environment({name: value})
    assert "secret" not in str(raised.value)


def test_addresses_are_read_between_commas() -> None:
    given = {"ESEP_ALARM_TO": " a@example.kz,b@example.kz ,", "ESEP_ALARM_WEBHOOK": "http://chat.local/x"}
    settings = Settings.from_environment(given)
    assert (settings.alarm_to, settings.alarm_webhook) == (("a@example.kz", "b@example.kz"), "http://chat.local/x")
    assert Settings.from_environment({}).alarm_to == ()
