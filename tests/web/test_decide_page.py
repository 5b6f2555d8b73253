"""Decisions in pages: what is refused before a run starts, and that a form makes exactly one run of the DAG."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from airflow_process import result_of
from answers import filing_office as story
from answers.filing_office import copied, filled
from esep import clock
from esep.config import Settings
from esep.office import events
from esep.orchestration import decision as work
from warehouse.warehouse_office import POOL, Office
from web.page_text import text_of

TOMORROW = (clock.now() + timedelta(days=1)).date().isoformat()
REFUSED, FIRST = f"/filing/{story.REFUSED}", f"/filing/{story.FIRST}"
SILENCE = f"/silence/{POOL}/2025-03"
OVERRULE = {"reason": "the signature came by letter К-12"}
WAIVE = {"rule_id": "R-65", "until": TOMORROW, "reason": "a correction comes"}
LETTER = {"letter_no": f"{story.REFUSED}/R-1", "channel": "post", "proof": "RR1", "sent_at": "2025-03-22T10:30"}
EXPLAIN = {"decision": "explain_silence", "reason": "letter К-40"}
CONFIRM = {
    "row": "sale_rule 2025-01-01|miner",
    "confirmed_on": "2026-02-02",
    "document": "letter № 12",
    "reason": "read",
}


@pytest.fixture(scope="module")
def filing_office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    return filled(tmp_path_factory.mktemp("filings"), empty_work)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, str]]]:
    """The runs that pages start, without Airflow."""
    from esep.web import runs

    found: list[dict[str, str]] = []

    def start(conf: dict[str, str], user: str) -> str:
        found.append({**conf, "user": user})
        return "manual__2025-06-01T10:00:00+00:00"

    monkeypatch.setattr(runs, "start_decision", start)
    return found


def post(client: Any, address: str, form: dict[str, str], name: str = "А. Бекова") -> Any:
    from esep.web import access

    return client.post(address, data={"form_token": access.form_token(name), **form})


RIGHT: list[Any] = [
    (f"{REFUSED}/overrule", OVERRULE, {"decision": "overrule_refusal", "registration_no": story.REFUSED}),
    (f"{FIRST}/waive", WAIVE, {"decision": "waive_rule", "registration_no": story.FIRST, "rule_id": "R-65"}),
    (
        f"{REFUSED}/dispatch",
        LETTER | {"recipients": "a@example.kz\n b@example.kz;"},
        {"decision": "record_dispatch", "recipients": "a@example.kz; b@example.kz"},
    ),
    (SILENCE, EXPLAIN, {"decision": "explain_silence", "pool_id": POOL, "period": "2025-03-01"}),
    ("/confirmation", CONFIRM, {"decision": "confirm_reference", "table": "sale_rule", "key": "2025-01-01|miner"}),
    (
        f"{SILENCE}/dispatch",
        LETTER | {"letter_no": f"{POOL}-2025-03/M-1", "sent_at": "2025-04-18T10:30"},
        {"decision": "record_dispatch", "letter_no": f"{POOL}-2025-03/M-1"},
    ),
]


@pytest.mark.parametrize(("address", "form", "conf"), RIGHT)
def test_a_form_starts_one_run_and_leads_to_it(filing_office, pages, started, address, form, conf):
    answer = post(pages(filing_office.settings), address, form)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/decision?run_id=manual__2025-06-01T10%3A00%3A00%2B00%3A00"
    (run,) = started
    assert conf.items() <= run.items()
    assert run["user"] == "А. Бекова"


@pytest.mark.parametrize(("address", "form", "conf"), RIGHT)
def test_what_a_form_sends_can_be_recorded(filing_office, tmp_path, pages, started, address, form, conf):
    """The same fields recorded twice by what the DAG's task does: one event."""
    office = copied(filing_office, tmp_path)
    post(pages(office.settings), address, form)
    post(pages(office.settings), address, form)
    first, second = (
        work.record(office.settings, run, run.pop("user"), clock.now() + timedelta(seconds=number))
        for number, run in enumerate(started)
    )
    assert "recorded" in first
    assert "on record since" in second


WRONG: list[Any] = [
    (f"{REFUSED}/overrule", OVERRULE | {"reason": "  "}, "The reason is empty."),
    (f"{REFUSED}/overrule", OVERRULE | {"reason": "x" * 2001}, "The reason is too long"),
    (f"{FIRST}/overrule", OVERRULE, "this filing is not refused"),
    (f"{FIRST}/waive", WAIVE | {"rule_id": "R-31"}, "R-31: this filing has no finding of such a rule."),
    (f"{FIRST}/waive", WAIVE | {"until": "2025-03-01"}, "2025-03-01 is past."),
    (f"{FIRST}/waive", WAIVE | {"until": "soon"}, "Choose a day."),
    (f"{FIRST}/waive", WAIVE | {"reason": ""}, "The reason is empty."),
    (f"{REFUSED}/waive", WAIVE | {"rule_id": "C-42"}, "C-42 is a rule of completeness"),
    (f"{REFUSED}/dispatch", LETTER | {"letter_no": f"{story.REFUSED}/N-1"}, "there is no such letter"),
    (f"{FIRST}/dispatch", LETTER, "there is no such letter"),
    (f"{REFUSED}/dispatch", LETTER | {"letter_no": "../x"}, "there is no such letter"),
    (f"{REFUSED}/dispatch", LETTER | {"channel": "smtp"}, "Choose a channel"),
    (f"{REFUSED}/dispatch", LETTER | {"proof": " "}, "The proof is empty."),
    (f"{REFUSED}/dispatch", LETTER | {"sent_at": "yesterday"}, "The moment cannot be read."),
    (f"{REFUSED}/dispatch", LETTER | {"sent_at": f"{TOMORROW}T10:30"}, "is in the future"),
    (f"{REFUSED}/dispatch", LETTER | {"sent_at": "2025-03-20T10:30"}, "cannot have been sent before"),
    (SILENCE, EXPLAIN | {"decision": "overrule_refusal"}, "Choose one of the two answers."),
    (SILENCE, EXPLAIN | {"reason": ""}, "The reason is empty."),
    (f"/silence/{POOL}/2025-02", EXPLAIN, "The pool did file for this month"),
]


@pytest.mark.parametrize(("address", "form", "reported"), WRONG)
def test_a_fault_is_reported_with_the_form_as_it_was_sent(filing_office, pages, started, address, form, reported):
    answer = post(pages(filing_office.settings), address, form)
    assert answer.status_code == 422
    assert reported in text_of(answer.text)
    assert 'role="alert"' in answer.text
    if address in (f"{FIRST}/waive", SILENCE):
        assert form["reason"] in answer.text
    assert started == []


def test_a_refusal_is_overruled_once(filing_office, tmp_path, pages, started):
    office = copied(filing_office, tmp_path)
    folder = office.folder(story.REFUSED)
    events.append(folder, "refusal_overruled", story.moment("2025-04-01 10:00"), "Б. Серік", {"reason": "қате"})
    answer = post(pages(office.settings), f"{REFUSED}/overrule", OVERRULE)
    assert answer.status_code == 422
    assert "Б. Серік overruled this refusal on 2025-04-01 10:00." in text_of(answer.text)
    office.refresh()
    page = pages(office.settings).get(REFUSED).text
    assert "Б. Серік overruled the refusal on 2025-04-01 10:00" in text_of(page)
    assert f'action="{REFUSED}/overrule"' not in page
    assert started == []


ADDRESSES = [(address, form) for address, form, _ in RIGHT]


@pytest.mark.parametrize(("address", "form"), ADDRESSES)
def test_a_viewer_decides_nothing(filing_office, pages, started, address, form):
    assert post(pages(filing_office.settings, operator=False), address, form).status_code == 403
    assert started == []


@pytest.mark.parametrize(("address", "form"), ADDRESSES)
@pytest.mark.parametrize("token", [None, "", "x", "another's"])
def test_a_form_of_another_site_decides_nothing(filing_office, pages, started, address, form, token):
    from esep.web import access

    sent = access.form_token("Б. Серік") if token == "another's" else token
    data = form if sent is None else {**form, "form_token": sent}
    assert pages(filing_office.settings).post(address, data=data).status_code == 403
    assert started == []


@pytest.mark.parametrize("address", ["/filing/2025-009999/overrule", "/filing/2025-009999/waive"])
def test_an_unknown_filing_is_reported(filing_office, pages, started, address):
    assert post(pages(filing_office.settings), address, WAIVE).status_code in (404, 422)
    assert started == []


@pytest.fixture(scope="module")
def airflow(filing_office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Airflow's api-server answers to each of REQUESTS, in this order, and the runs it has afterwards."""
    office = copied(filing_office, tmp_path_factory.mktemp("airflow decides"))
    script = Path(__file__).with_name("decision_process.py")
    result = result_of(str(script), str(office.settings.home), json.dumps(list(REQUESTS.values())))
    result["answers"] = dict(zip(REQUESTS, result["answers"], strict=True))
    result["settings"] = office.settings
    return result


def request(who: str, **more: Any) -> dict[str, Any]:
    address = f"/esep{REFUSED}"
    return {"who": who, "method": "POST", "path": f"{address}/overrule", "shown": address, **more}


OWN = {"form_token": "own", **OVERRULE}
REQUESTS = {
    "stranger looks": request("nobody", method="GET", path=f"/esep{REFUSED}"),
    "stranger": request("nobody", form={"form_token": "x", **OVERRULE}),
    "viewer": request("viewer", form={"form_token": "x", **OVERRULE}),
    "forged": request("operator", form={"form_token": "x", **OVERRULE}),
    "unknown to Airflow": request("operator", form=OWN),
    "wrong": request("operator", form=OWN | {"reason": ""}, before="known"),
    "right": request("operator", form=OWN),
    "double click": request("operator", form=OWN),
    "viewer looks at the run": request("viewer", method="GET", path="/esep/decision?run_id=x"),
    "no such run": request("operator", method="GET", path="/esep/decision?run_id=x"),
}


@pytest.mark.slow
def test_strangers_viewers_and_forged_forms_start_nothing(airflow):
    answers = airflow["answers"]
    assert answers["stranger looks"]["status"] == 303  # to the login
    assert "/login" in answers["stranger looks"]["location"]
    assert [answers[who]["status"] for who in ("stranger", "viewer", "forged")] == [401, 403, 403]
    assert answers["viewer looks at the run"]["status"] == 403
    assert answers["no such run"]["status"] == 404
    assert [answers[who]["runs"] for who in ("stranger", "viewer", "forged", "unknown to Airflow", "wrong")] == [0] * 5


@pytest.mark.slow
def test_a_dag_that_airflow_does_not_know_is_reported(airflow):
    answer = airflow["answers"]["unknown to Airflow"]
    assert answer["status"] == 422
    assert "Airflow did not start the decision, nothing is recorded" in answer["reported"]


@pytest.mark.slow
def test_each_click_makes_one_run_with_the_fields_of_the_form(airflow):
    answers = airflow["answers"]
    assert [answers[name]["runs"] for name in ("right", "double click")] == [1, 2]
    conf = {"decision": "overrule_refusal", "registration_no": story.REFUSED, "reason": OVERRULE["reason"]}
    run = {"conf": conf, "user": "operator", "by": "ui", "type": "manual", "state": "queued"}
    assert airflow["runs"] == [run, run]
    assert airflow["audited"] == ["operator", "operator"]


@pytest.mark.slow
def test_the_page_of_the_run_says_what_was_started(airflow):
    status, page = airflow["answers"]["right"]["page"]
    assert status == 200
    assert "Decision started queued" in text_of(page)
    assert "overrule the refusal" in text_of(page)
    assert 'href="/dags/decision/runs/manual__' in page
    assert f'href="/esep{REFUSED}"' in page


@pytest.mark.slow
def test_a_double_click_is_recorded_once(airflow):
    settings: Settings = airflow["settings"]
    for run in airflow["runs"]:
        work.record(settings, run["conf"], run["user"], clock.now())
    folder = settings.archive / "2025" / story.REFUSED
    assert [event.author for event in events.read(folder, "refusal_overruled")] == ["operator"]


def test_the_pool_s_messages_stand_beside_the_question(filing_office, pages, tmp_path):
    """An unsigned message that nothing was distributed answers nothing by itself: the officer sees it and decides."""
    office = copied(filing_office, tmp_path / "office")
    data = {
        "message_id": "0123456789abcdef",
        "pool_id": POOL,
        "period": "2025-03-01",
        "received_at": "2025-04-20T10:00:00+05:00",
        "signature": "absent",
        "doubt": "not_signed",
        "source_name": "letter.docx",
    }
    events.append_to_journal(office.settings, "no_distributions_reported", clock.now(), "esep.office", data)
    office.refresh()
    page = text_of(pages(office.settings).get(SILENCE).text)
    assert "The pool's message" in page
    assert "it has no electronic signature" in page
    assert "The pool reported no distributions in the month (letter.docx)" in page
