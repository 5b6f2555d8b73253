"""Failing, late and working runs through Airflow itself, with a mail server and a webhook."""

from __future__ import annotations

import email
import email.policy
import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from airflow_process import result_of
from esep.config import PROJECT

pytestmark = pytest.mark.slow

SCHEMA = json.loads((PROJECT / "plugins/esep/alarm/message.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `alarm_process.py` did, step by step."""
    home = tmp_path_factory.mktemp("an office")
    result = result_of(str(Path(__file__).with_name("alarm_process.py")), str(home))
    assert result["errors"] == {}
    return result


def kinds(step: dict[str, Any]) -> list[str]:
    """Of what the webhook got; a mail of the same id came for each."""
    for value in step["posts"]:
        jsonschema.validate(value, SCHEMA)
    ids = [f"<{value['id']}.message@esep>" for value in step["posts"]]
    assert [parsed(mail)["Message-ID"] for mail in step["mails"]] == ids
    return [value["kind"] for value in step["posts"]]


def parsed(mail: dict[str, Any]) -> EmailMessage:
    message = email.message_from_string(mail["content"], policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_failed_run_is_one_mail_and_one_post(steps: dict[str, Any]) -> None:
    step = steps["failed"]
    assert step["run"]["state"] == "failed"
    assert kinds(step) == ["failed"]
    value, mail = step["posts"][0], parsed(step["mails"][0])
    assert (value["dag_id"], value["task_id"], value["run_id"]) == ("intake", "register", step["run"]["run_id"])
    assert value["reason"] == "FileExistsError: File exists"
    assert step["mails"][0]["to"] == ["it@example.kz", "head@example.kz"]
    assert (mail["From"], mail["Subject"]) == ("office@example.kz", "Esep: intake не выполнен (register)")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert html
    for part in (plain.get_content(), html.get_content()):
        assert value["url"] in part.replace("&#43;", "+")
        assert "FileExistsError: File exists" in part


def test_the_next_failure_of_the_hour_is_not_sent(steps: dict[str, Any]) -> None:
    assert steps["failed_again"]["run"]["state"] == "failed"
    assert kinds(steps["failed_again"]) == []


def test_that_it_works_again_is_sent_once(steps: dict[str, Any]) -> None:
    assert (kinds(steps["worked"]), kinds(steps["worked_again"])) == (["recovered"], [])


def test_a_mapped_step_works_again_once_nothing_is_left_for_it(steps: dict[str, Any]) -> None:
    """What it had failed over is few, and examined where it is registered: it does not run itself."""
    assert steps["suite_broken"]["run"]["state"] == "failed"
    assert [value["task_id"] for value in steps["suite_broken"]["posts"]] == ["examine"]
    assert kinds(steps["suite_mended"]) == ["recovered"]


def test_a_missed_deadline_is_sent_unless_the_run_has_ended(steps: dict[str, Any]) -> None:
    assert steps["late"]["run"] == [True, True], "30 minutes after it was queued; the callback ran"
    assert kinds(steps["late"]) == ["late"]
    assert steps["late"]["posts"][0]["run_id"] == "scheduled__late_1"
    assert steps["late_but_failed"]["run"] == [True, True]
    assert kinds(steps["late_but_failed"]) == []


def test_servers_that_are_down_change_nothing_of_the_run_and_get_it_later_once(steps: dict[str, Any]) -> None:
    states = {"reference": "success", "refresh": "failed", "publish_masked": "upstream_failed"}
    assert steps["servers_down"]["run"]["states"] == states
    assert steps["kept"] == 1
    assert kinds(steps["servers_down"]) == kinds(steps["too_early"]) == []
    assert kinds(steps["servers_up"]) == ["failed"]
    assert kinds(steps["servers_up_again"]) == []


def test_the_digest_is_sent_with_the_dags_that_airflow_says_are_paused(steps: dict[str, Any]) -> None:
    assert steps["digest"]["run"]["states"] == {"send_digest": "success"}
    assert kinds(steps["digest"]) == ["digest"]
    found = steps["digest"]["posts"][0]["digest"]
    assert (found["paused_dags"], steps["idle"]) == (1, ["supervision"])
    assert (found["failed_runs"], found["messages_not_sent"]) == (4, 0), "three of intake, one of the warehouse"
