"""Calendar, open duties and status, against a small office worked out by hand (see calendar_office)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from answers import calendar_office as story
from esep import failures
from esep.answers import UnknownError, duties, snapshot
from esep.answers.calendar import Calendar, calendar
from esep.answers.status import inbox_of, refused_files, status
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.warehouse.published import connect
from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import NOW, OTHER_POOL, POOL, moment

TODAY = story.TODAY.date()
KINDS = ("examine", "send_refusal", "send_notice", "decide_silence")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> SupervisedOffice:
    return story.fill(tmp_path_factory.mktemp("calendar"), empty_work)


@pytest.fixture(scope="module")
def warehouse(office: SupervisedOffice) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect(office.settings)
    yield connection
    connection.close()


def states(shown: Calendar, pool_id: str) -> dict[str, str]:
    """Month → state of a pool."""
    months = next(months for pool, months in shown.pools if pool.pool_id == pool_id)
    return {f"{cell.period:%Y-%m}": cell.state for cell in months if cell}


def test_every_pool_and_month_has_its_state(warehouse):
    shown = calendar(warehouse, TODAY, 2025)
    assert states(shown, POOL) == {
        "2025-01": "on_time",
        "2025-02": "late",
        "2025-03": "refused",
        "2025-04": "not_due",
    }
    assert states(shown, OTHER_POOL) == {"2025-01": "not_filed", "2025-02": "silent", "2025-03": "not_due"}
    assert states(shown, story.UNLISTED_POOL) == {"2025-02": "on_time", "2025-03": "silent", "2025-04": "not_due"}
    assert shown.totals[2] == {"refused": 1, "silent": 1, "not_due": 1}
    assert shown.sums == {"on_time": 2, "late": 1, "refused": 1, "silent": 2, "not_filed": 1, "not_due": 3}


def test_a_late_month_tells_its_term_and_its_days(warehouse):
    months = next(months for pool, months in calendar(warehouse, TODAY, 2025).pools if pool.pool_id == POOL)
    late = months[1]
    assert late is not None
    assert (late.due_effective_on, late.accepted_arrived_on, late.accepted_days_late) == (
        date(2025, 3, 26),
        date(2025, 3, 28),
        2,
    )
    assert late.registration_no == story.LATE


def test_pools_tell_their_accreditation_and_those_outside_the_register_are_there(warehouse):
    reported = {
        pool.pool_id: (pool.pool_name, pool.is_registered, pool.accredited_from, pool.accredited_to)
        for pool, _ in calendar(warehouse, TODAY).pools
    }
    assert reported == {
        POOL: ("ТОО «Пул Алатау»", True, date(2025, 1, 1), None),
        OTHER_POOL: ("«Ертіс Пул» ЖШС", True, date(2025, 1, 1), date(2025, 3, 31)),
        story.UNLISTED_POOL: (story.HOSTILE, False, None, None),
    }


def test_without_a_year_the_last_twelve_months_are_shown(warehouse):
    shown = calendar(warehouse, TODAY)
    assert (shown.months[0], shown.months[-1], len(shown.months)) == (date(2024, 5, 1), date(2025, 4, 1), 12)
    assert (shown.years, shown.year) == ((2025,), None)
    assert shown.due_on[-1] == date(2025, 5, 26)


def test_terms_are_judged_by_today_not_by_the_last_build(warehouse):
    assert snapshot(warehouse).as_of == NOW.date()
    assert states(calendar(warehouse, date(2025, 5, 26), 2025), POOL)["2025-04"] == "not_due"
    assert states(calendar(warehouse, date(2025, 5, 27), 2025), POOL)["2025-04"] == "silent"


def test_a_year_without_anything_is_unknown(warehouse):
    with pytest.raises(UnknownError) as reported:
        calendar(warehouse, TODAY, 2019)
    assert (reported.value.kind, reported.value.value) == ("year", 2019)


def test_an_empty_warehouse_has_an_empty_calendar(empty_work, tmp_path):
    with duckdb.connect(str(empty_work / "esep.duckdb"), read_only=True) as connection:
        shown = calendar(connection, TODAY)
    assert (shown.pools, shown.years) == ((), ())
    assert shown.months[-1] == date(2025, 4, 1)


def test_duties_are_counted_by_kind(warehouse):
    kinds = duties.kinds_on(warehouse, TODAY)
    assert tuple(duty.kind for duty in kinds)[: len(KINDS)] == KINDS
    counted = {duty.kind: (duty.overdue, duty.due_today, duty.later, duty.earliest) for duty in kinds}
    assert {kind: count for kind, count in counted.items() if count != (0, 0, 0, None)} == {
        "examine": (0, 1, 0, date(2025, 5, 6)),
        "send_refusal": (1, 0, 0, date(2025, 4, 23)),
        # Detected on Monday 28 April; 1 May is a day off, so the fifth working day is Tuesday 6 May.
        "send_notice": (0, 1, 0, date(2025, 5, 6)),
        "decide_silence": (1, 0, 0, date(2025, 4, 3)),
    }
    assert all(set(duty.words) == {"kk", "ru", "en"} for duty in kinds)


def test_open_duties_come_by_their_terms_and_by_pages(warehouse):
    found = duties.open_on(TODAY).rows(warehouse)
    assert [(duty.kind, duty.due_on) for duty in found] == [
        ("decide_silence", date(2025, 4, 3)),
        ("send_refusal", date(2025, 4, 23)),
        ("examine", date(2025, 5, 6)),
        ("send_notice", date(2025, 5, 6)),
    ]
    silence, refusal = found[:2]
    assert (silence.pool_id, silence.pool_name, silence.period) == (OTHER_POOL, "«Ертіс Пул» ЖШС", date(2025, 2, 1))
    assert (refusal.letter_no, refusal.days_over) == (f"{story.REFUSED}/R-1", 13)
    assert duties.open_on(TODAY).rows(warehouse, 1, 1) == (refusal,)
    assert [duty.kind for duty in duties.open_on(TODAY, "send_notice").rows(warehouse)] == ["send_notice"]
    assert duties.open_on(TODAY, "no_such_kind").rows(warehouse) == ()


def test_status_tells_what_is_not_examined_and_not_loaded(warehouse, office):
    found = status(warehouse, office.settings, story.TODAY)
    assert (found.overdue, found.due_today) == (2, 2)
    assert found.backlog.unexamined == (story.WAITING, story.UNLOADED)
    assert found.backlog.unloaded == (story.UNLOADED,)
    assert found.is_stale, "registered at 8:00, and not loaded at 10:30"
    assert not status(warehouse, office.settings, moment("2025-05-06 08:59")).is_stale


def test_status_tells_assets_without_a_price_by_their_reason(warehouse, office):
    found = status(warehouse, office.settings, story.TODAY).unvalued
    assert [(gap.asset, gap.reason, gap.first_period, gap.month_count) for gap in found] == [
        ("BTC", "gap", date(2025, 2, 1), 1)
    ]


def test_the_snapshot_tells_when_it_was_published(warehouse, office):
    changed = office.settings.snapshot.stat().st_mtime
    reported = snapshot(warehouse).published_at
    assert reported is not None
    assert reported.timestamp() == pytest.approx(changed)


def test_the_inbox_tells_what_waits_and_what_needs_a_person(tmp_path):
    settings = Settings(home=tmp_path, inbox_settle_seconds=30)
    settings.inbox.mkdir()
    for name in ("old.zip", "new.zip", "book.zip.office.json", "half.zip.part"):
        (settings.inbox / name).write_text("{}")
    (settings.inbox / "empty").mkdir()
    now = datetime.now(TIMEZONE) + timedelta(hours=2)  # what was written just now is two hours old then
    found = inbox_of(settings, now)
    assert {item.name: (item.cause, item.needs_attention) for item in found.items} == {
        "old.zip": ("settled", True),
        "new.zip": ("settled", True),
        "book.zip.office.json": ("stamp_alone", True),
        "half.zip.part": ("unfinished", True),
        "empty": ("empty", True),
    }
    soon = inbox_of(settings, now - timedelta(minutes=90))
    assert {item.name for item in soon.attention} == {"book.zip.office.json", "half.zip.part", "empty"}
    assert inbox_of(Settings(home=tmp_path / "none"), now).items == ()


def test_an_inbox_that_cannot_be_listed_is_reported(tmp_path):
    settings = Settings(home=tmp_path)
    settings.inbox.write_text("not a folder")
    assert not inbox_of(settings, story.TODAY).is_readable


def test_refused_reference_files_tell_their_first_fault(office, empty_work, tmp_path):
    reference = tmp_path / "reference"
    reference.mkdir()
    fault = {"line": 7, "message_kk": "кк", "message_ru": "рр", "message_en": "ee"}
    (reference / "price.errors.json").write_text(json.dumps({"name": "price", "errors": [fault, fault]}))
    (reference / "pool.errors.json").write_text("{")
    found = refused_files(Settings(home=tmp_path))
    assert [(file.name, file.fault_count, file.line, file.words) for file in found] == [
        ("pool", 1, None, {}),
        ("price", 2, 7, {"kk": "кк", "ru": "рр", "en": "ee"}),
    ]
    assert [file.sentence("en") for file in found] == [
        "its report cannot be read; see reference/pool.errors.txt",
        "Line 7: ee",
    ]
    assert found[1].todo["en"] == (
        "Correct the lines named and put the file there again: $ESEP_HOME/reference/price.csv",
    )


def test_a_failure_stands_until_the_step_succeeds(tmp_path, monkeypatch):
    settings = Settings(home=tmp_path)
    monkeypatch.setenv("AIRFLOW_CTX_DAG_ID", "warehouse")
    monkeypatch.setenv("AIRFLOW_CTX_DAG_RUN_ID", "scheduled__1")
    failures.record(settings, "load", moment("2025-05-05 10:00"), ValueError("broken"))
    failures.record(settings, "load", moment("2025-05-06 10:00"), ValueError("broken again"))
    failures.record(settings, "checks", moment("2025-05-05 11:00"), ZeroDivisionError())
    reported = [(one.step, one.text, one.dag_id, one.run_id) for one in failures.standing(settings)]
    assert reported == [
        ("load", "broken again", "warehouse", "scheduled__1"),
        ("checks", "ZeroDivisionError", "warehouse", "scheduled__1"),
    ]
    failures.forget(settings, "load")
    (tmp_path / ".failures" / "odd.json").write_text("[]")
    assert [one.step for one in failures.standing(settings)] == ["checks"]


def test_a_failed_step_makes_the_status_a_failed_one(warehouse, office):
    calm = moment("2025-05-06 08:30")
    assert not status(warehouse, office.settings, calm).has_failed
    failures.record(office.settings, "load", calm, ValueError("broken"))
    try:
        assert status(warehouse, office.settings, calm).has_failed
    finally:
        failures.forget(office.settings, "load")
