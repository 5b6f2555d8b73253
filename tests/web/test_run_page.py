"""The tab of a DAG run: what each DAG's run dealt with, from what its tasks gave."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from airflow_process import result_of
from answers import calendar_office as story
from end_to_end import filer
from esep.answers.run_filings import RunFilings, RunResults, of_run
from esep.config import Settings
from esep.texts import LANGUAGES
from esep.warehouse import published
from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import OTHER_POOL, POOL, moment
from web.page_text import section, text_of

ADDRESS = "/run?dag_id=intake&run_id=manual__1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> SupervisedOffice:
    return story.fill(tmp_path_factory.mktemp("calendar"), empty_work)


@pytest.fixture(scope="module")
def warehouse(office: SupervisedOffice) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = published.connect(office.settings)
    yield connection
    connection.close()


def run_of(dag_id: str, results: dict[str, list[Any]] | None = None, **facts: Any) -> RunResults:
    moments = {"logical_date": None, "started_at": story.TODAY, "ended_at": None}
    plain = {"run_id": "manual__1", "state": "success", "user": None, "conf": {}} | moments | facts
    return RunResults(dag_id=dag_id, results=results or {}, **plain)


INTAKE = run_of(
    "intake",
    {
        "register": [
            {
                "registered": [
                    {"number": story.LATE, "source": "ақпан <i>.zip"},
                    {"number": story.UNLOADED, "source": "b"},
                ],
                "duplicates": [{"number": story.ON_TIME, "source": "again.zip"}],
                "examined": [story.ON_TIME],
            }
        ],
        "examine": [{story.LATE: "accepted"}, {story.REFUSED: "refused"}],
        "batch_letters": [[f"{story.LATE}/A-1"], None],
        "letters": [[f"{story.REFUSED}/R-1"]],
    },
)


def test_intake_tells_its_filings_and_where_they_stand_now(warehouse):
    handled = of_run(warehouse, INTAKE)
    assert [(one.registration_no, one.actions, one.verdict, one.status) for one in handled.filings] == [
        (story.LATE, ("registered", "examined"), "accepted", "accepted"),
        (story.UNLOADED, ("registered",), None, None),
        (story.ON_TIME, ("duplicate", "examined"), None, "accepted"),
        (story.REFUSED, ("examined",), "refused", "refused"),
    ]
    assert handled.filings[0].source_name == "ақпан <i>.zip"
    assert handled.filings[0].pool_id == POOL
    assert handled.letters == (f"{story.LATE}/A-1", f"{story.REFUSED}/R-1")


def test_supervision_tells_the_events_of_its_days(warehouse):
    one_day = of_run(warehouse, run_of("supervision", logical_date=moment("2025-03-27 06:00")))
    assert [(event.kind, event.pool_id) for event in one_day.events] == [("silence_found", OTHER_POOL)]
    many = of_run(warehouse, run_of("supervision", conf={"since": "2025-02-26", "as_of": "2025-04-28"}))
    assert [event.kind for event in many.events] == ["silence_found", "silence_found", "notice_drafted"]
    assert many.events[2].letter_no == f"{story.LATE}/N-1"
    assert of_run(warehouse, run_of("supervision", conf={"as_of": "soon"})).is_empty


def test_events_of_one_moment_come_in_one_order():
    """The names of their files are random."""
    at = moment("2025-03-27 00:00")
    facts = [(pool, rule) for pool in (OTHER_POOL, POOL) for rule in ("R-71", "R-72")]
    reported = []
    for names in ("abcd", "dcba"):
        with duckdb.connect() as connection:
            names_of_filing = "'' registration_no, '' status, '' pool_id, '' pool_name, null period"
            connection.execute(f"create table filing as select {names_of_filing}")
            connection.execute(
                "create table event (event_id varchar, registration_no varchar, pool_id varchar, period date, "
                "event varchar, happened_at timestamptz, letter_no varchar, data json)"
            )
            for name, (pool, rule) in zip(names, facts, strict=True):
                data = json.dumps({"rule_id": rule})
                values = [name, "2025-000001", pool, None, "finding_detected", at, None, data]
                connection.execute("insert into event values (?, ?, ?, ?, ?, ?, ?, ?)", values)
            handled = of_run(connection, run_of("supervision", logical_date=at))
        reported.append([(event.pool_id, event.rule_id) for event in handled.events])
    assert reported == [sorted(facts)] * 2


def test_a_decision_tells_what_it_is_about_and_not_its_reason(warehouse):
    conf = {"decision": "waive_rule", "registration_no": story.LATE, "rule_id": "R-37", "reason": "жеке себеп"}
    handled = of_run(warehouse, run_of("decision", conf=conf | {"letter_no": None}))
    assert handled.decision == {"decision": "waive_rule", "registration_no": story.LATE, "rule_id": "R-37"}
    assert [one.registration_no for one in handled.filings] == [story.LATE]


def test_a_question_tells_its_name_and_its_filing(warehouse):
    handled = of_run(warehouse, run_of("question", conf={"question": f"refiled_late/{story.LATE}"}))
    assert handled.decision == {"question": f"refiled_late/{story.LATE}"}
    assert [one.registration_no for one in handled.filings] == [story.LATE]
    month = of_run(warehouse, run_of("question", conf={"question": f"silence/{POOL}-2025-02"}))
    assert (month.filings, month.events) == ((), ())


def test_the_queue_tells_its_letters_and_the_warehouse_what_its_steps_said(warehouse):
    queue = run_of("dispatch_queue", {"letters_to_send": [[{"trigger_run_id": "x", "conf": {"letter_no": "1/R-1"}}]]})
    assert of_run(warehouse, queue).letters == ("1/R-1",)
    problems = [{"name": "price", "problems": ["line 2: x"]}, {"name": "pool", "problems": []}]
    load = run_of(
        "warehouse", {"refresh": [{"load": "loaded 1 registered", "publish": "published"}], "reference": [problems]}
    )
    handled = of_run(warehouse, load)
    assert handled.steps == (("load", "loaded 1 registered"), ("publish", "published"))
    assert handled.refused_files == ("price.csv",)


@pytest.mark.parametrize(
    "results",
    [
        {},
        {"register": [None], "examine": [None, 3], "letters": [{"receipts": 2}]},
        {"register": [{"registered": "x", "duplicates": [7], "examined": None}], "load": [None]},
    ],
)
def test_what_tasks_gave_in_another_shape_is_passed_over(warehouse, results):
    for dag_id in ("intake", "warehouse", "another"):
        handled: RunFilings = of_run(warehouse, run_of(dag_id, results))
        assert handled.is_empty


@pytest.fixture
def shown(office, pages, monkeypatch):
    """`shown(run, operator, language)` gives the page of a run as Airflow would keep it."""
    from esep.web.routes import run as route

    def page(run: RunResults, operator: bool = True, language: str = "en") -> str:
        monkeypatch.setattr(route, "run_results", lambda dag_id, run_id: run)
        client = pages(office.settings, operator, language)
        client.app.dependency_overrides[route.may_read_run] = lambda: None
        answer = client.get(ADDRESS)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    return page


def test_the_page_links_to_each_filing(shown):
    page = shown(INTAKE)
    for number in (story.LATE, story.UNLOADED, story.ON_TIME, story.REFUSED):
        assert f'href="/filing/{number}"' in page
    assert "the same bytes came again: no new filing" in text_of(page)
    assert "<i>" not in page
    assert f'href="/find?what={story.REFUSED}/R-1"' in page


def test_viewers_do_not_see_names_of_files(shown):
    assert "ақпан" in shown(INTAKE)
    assert "ақпан" not in shown(INTAKE, operator=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "run",
    [
        INTAKE,
        run_of("supervision", conf={"since": "2025-02-26", "as_of": "2025-04-28"}),
        run_of("decision", conf={"decision": "overrule_refusal", "registration_no": story.REFUSED}, user="А. Бекова"),
        run_of("another", state="up_for_retry"),
    ],
    ids=lambda run: run.dag_id,
)
def test_every_run_has_a_page_in_every_language(shown, run, language):
    page = shown(run, language=language)
    assert f'<html lang="{language}">' in page
    assert "{" not in text_of(page)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A real run of intake over one package that came twice, and what Airflow's api-server answers."""
    settings = Settings(home=tmp_path_factory.mktemp("runs"))
    package = filer.write(filer.Filing(), settings.inbox / "наурыз", "2025-04-20T10:00:00+05:00")
    shutil.copytree(package, settings.inbox / "наурыз тағы")
    return result_of("-m", "web.run_process", str(settings.home))


@pytest.mark.slow
def test_a_real_run_tells_its_filings(asked):
    status, page = asked["intake"]
    assert status == 200, page
    words = section(page.replace("<h2>Filings", '<h2 id="filings">Filings'), "filings")
    assert "2025-000001 registered" in words
    assert "the same bytes came again: no new filing, examined" in words
    assert "наурыз" in words
    assert "2025-000001/A-1" in text_of(page)


@pytest.mark.slow
def test_viewers_see_runs_and_strangers_do_not(asked):
    assert asked["viewer"][0] == 200
    assert "наурыз" not in asked["viewer"][1]
    assert asked["stranger"][0] == 401


@pytest.mark.slow
def test_a_run_that_is_not_there_is_reported(asked):
    status, page = asked["another_dag"]
    assert status == 404
    assert "There is no such run" in page
    assert asked["nothing"][0] == 422
