"""Questions under Airflow's "Required Actions": what the officer is asked, and what an answer does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from airflow_process import result_of
from end_to_end import filer
from end_to_end.conftest import Office
from esep.examination.standing import NotStandingError
from esep.office import archive, events
from esep.office.decisions import DecisionError
from esep.office.questions import ANSWERED
from esep.orchestration import questions

ARRIVED, NOW = "2025-04-10T10:00:00+05:00", filer.moment("2025-04-10 12:00")
TODAY = date(2025, 4, 11)
FIRST = "not_readable/2025-000001"
HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 64
OFFICER, COLLEAGUE = "А. Бекова", "Б. Серік"


def with_scans(home: Path, count: int) -> Office:
    """An office with filings whose form is a photograph: a Thursday's, to be answered by Monday 14 April."""
    office = Office(home)
    for month in range(1, count + 1):
        package = filer.write(filer.Filing(month=month), office.settings.inbox / f"a{month}", ARRIVED)
        (package / "1-CM.xlsx").unlink()
        (package / "1-CM.heic").write_bytes(HEIC)
    office.process(NOW)
    return office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return with_scans(tmp_path_factory.mktemp("an office"), 2)


def said(option: str, reason: str = "black", name: str = OFFICER) -> dict[str, Any]:
    user = {"id": "17", "name": name}
    at = "2025-04-11T06:00:00+00:00"
    return {
        "chosen_options": [option],
        "params_input": {"reason": reason},
        "responded_at": at,
        "responded_by_user": user,
    }


def test_the_run_of_a_question_has_one_name():
    assert questions.run_of(FIRST) == {
        "trigger_run_id": "question__not_readable_2025-000001",
        "conf": {"question": FIRST},
    }


def test_no_warehouse_has_no_question(tmp_path):
    assert questions.open_questions(Office(tmp_path / "home").settings, TODAY) == []


def test_the_officer_reads_what_is_asked_until_when_and_what_an_answer_does(office):
    assert FIRST in questions.open_questions(office.settings, TODAY)
    asked = questions.request(office.settings, FIRST, TODAY)
    assert asked["subject"].startswith(FIRST)
    assert [option.partition(":")[0] for option in asked["options"]] == ["refuse", "ask_pool"]
    assert all(" / " in option for option in asked["options"])
    for expected in (
        "14.04.2025: 1) 11.04.2025, 2) 14.04.2025",
        "archive/2025/2025-000001/package",
        "Number of files | 3 |",
        "- C-14: The file “…” holds neither an application nor form 1-ЦМ",
        "[/esep/filing/2025-000001](/esep/filing/2025-000001)",
        filer.POOL,
        "01.2025",
        "Машина оқи алмады",
        "Машина не прочитала",
        "No machine could read it",
        "bin/esep decide transcribe",
        "A reasoned refusal is written that states your reason (para 8).",
    ):
        assert expected in asked["body"], expected


def test_nothing_that_a_filer_wrote_is_in_the_step_but_the_pools_name_as_text(tmp_path):
    """Who may see Airflow's pages may not see personal data, and Markdown would make a link of it."""
    office = Office(tmp_path / "home")
    package = filer.write(filer.Filing(pool_name="[go](x) `b` | c"), office.settings.inbox / "a", ARRIVED)
    (package / "1-CM.xlsx").unlink()
    (package / "Иванов И.И..heic").write_bytes(HEIC)
    office.process(NOW)
    body = questions.request(office.settings, FIRST, TODAY)["body"]
    assert r"\[go\](x) \`b\` \| c" in body
    assert "Иванов" not in body


def test_an_answer_is_recorded_once_with_the_officers_name(tmp_path):
    office = with_scans(tmp_path / "home", 1)
    asked = questions.request(office.settings, FIRST, TODAY)
    entry = archive.entry(office.settings, "2025-000001")
    with pytest.raises(DecisionError, match="The reason is empty"):
        questions.record(office.settings, FIRST, said(asked["options"][0], " "), asked["given"])
    assert events.read(entry.folder, ANSWERED) == []
    for _ in range(2):
        questions.record(office.settings, FIRST, said(asked["options"][0]), asked["given"])
    [event] = events.read(entry.folder, ANSWERED)
    assert (event.author, event.data["answer"], event.data["reason"]) == (OFFICER, "refuse", "black")
    assert (entry.verdict or {})["verdict"] == "refused"
    for ask in (
        lambda: questions.request(office.settings, FIRST, TODAY),
        lambda: questions.record(office.settings, FIRST, said(asked["options"][1], name=COLLEAGUE), asked["given"]),
    ):
        with pytest.raises(NotStandingError, match=OFFICER):
            ask()


def test_a_name_that_means_no_question_is_reported(office):
    with pytest.raises(DecisionError, match="'what': no question"):
        questions.request(office.settings, "what", TODAY)
    with pytest.raises(NotStandingError, match="no run of supervision found the month silent"):
        questions.request(office.settings, f"silence/{filer.POOL}-2025-03", TODAY)


# Through Airflow itself.


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, dict[str, Any]]:
    """Three questions: 1 answered in Airflow, 2 by command while it waits, 3 by command just before Airflow."""
    office = with_scans(tmp_path_factory.mktemp("an office with Airflow"), 3)
    result = result_of(str(Path(__file__).with_name("question_process.py")), str(office.settings.home))
    assert result["errors"] == {}
    return office, result


def answers(office: Office, number: str) -> list[tuple[str, str, str]]:
    found = events.read(archive.entry(office.settings, number).folder, ANSWERED)
    return [(event.data["answer"], event.data["reason"], event.author) for event in found]


@pytest.mark.slow
def test_the_queue_starts_one_run_a_question(airflow: tuple[Office, dict[str, Any]]) -> None:
    _, result = airflow
    runs = [[f"question__not_readable_2025-00000{n}", f"not_readable/2025-00000{n}"] for n in (1, 2, 3)]
    states = {"letters_to_send": "success", "start": "skipped", "open_questions": "success", "ask": "success"}
    assert result["queue"] == {"states": states, "queued": runs}
    assert result["queue_again"] == {"states": states | {"ask": "skipped"}, "queued": runs}


@pytest.mark.slow
def test_an_answer_in_airflow_gives_the_filing_its_verdict(airflow: tuple[Office, dict[str, Any]]) -> None:
    office, result = airflow
    assert result["answered"]["states"] == dict.fromkeys(("describe", "ask", "record"), "success")
    assert result["answered"]["subject"].startswith(FIRST)
    assert answers(office, "2025-000001") == [("refuse", "the scan is black", OFFICER)]
    assert (archive.entry(office.settings, "2025-000001").verdict or {})["verdict"] == "refused"
    assert set(result["asked_again"].values()) == {"skipped"}


@pytest.mark.slow
def test_a_run_whose_question_was_answered_elsewhere_ends(airflow: tuple[Office, dict[str, Any]]) -> None:
    """After an hour without an answer it goes on waiting; after the next it finds the answer and is skipped."""
    office, result = airflow
    assert result["closed"] == {"describe": "success", "ask": "skipped", "record": "skipped"}
    assert answers(office, "2025-000002") == [("refuse", "by telephone", COLLEAGUE)]


@pytest.mark.slow
def test_an_answer_after_another_is_not_recorded(airflow: tuple[Office, dict[str, Any]]) -> None:
    office, result = airflow
    assert result["too_late"] == {"describe": "success", "ask": "success", "record": "skipped"}
    assert answers(office, "2025-000003") == [("ask_pool", "by telephone", COLLEAGUE)]


@pytest.mark.slow
def test_a_question_without_a_filing_fails_and_an_answer_needs_a_reason(
    airflow: tuple[Office, dict[str, Any]],
) -> None:
    _, result = airflow
    assert result["unknown"]["describe"] == "failed"
    blank = "x/1: the answer has no reason, so it is not recorded. It is asked again."
    assert result["faults"] == [blank, blank, ""]
