"""What the warehouse shows of handing over: bundles and receipts by filing, the duty once it is switched on."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from esep.answers import filing as filings
from esep.answers import open_warehouse
from esep.answers.status import status
from esep.cli.show import gathered
from esep.config import Settings
from esep.handover.run import hand_over
from esep.handover.target import FolderTarget
from esep.office import events, handovers
from esep.texts import LANGUAGES, text
from esep.warehouse import masked, work
from esep.warehouse.errors import LoadError
from supervision.supervised_office import OFFICER, SupervisedOffice
from warehouse.warehouse_office import moment, row

ROWS = [row("2025-01-06")]


@pytest.fixture
def office(tmp_path: Path, empty_work: Path) -> SupervisedOffice:
    settings = Settings(home=tmp_path / "home")
    shutil.copytree(empty_work, work.folder(settings))
    return SupervisedOffice(settings, live=True)


def given(office: SupervisedOffice, folder: Path, day: str, when: str) -> None:
    hand_over(office.settings, date.fromisoformat(day), FolderTarget(folder), "esep.handover", lambda: moment(when))


def of_handover(office: SupervisedOffice, as_of: str) -> dict[str, tuple[str, date, date | None]]:
    found = office.obligations(as_of)
    return {name.removeprefix("hand_over "): duty for name, duty in found.items() if name.startswith("hand_over ")}


def test_there_is_no_duty_until_the_office_switches_it_on(office: SupervisedOffice) -> None:
    before = office.file("2025-02-07", ROWS)
    first = office.file("2025-02-10", ROWS, period="2024-12-01")
    office.refresh()
    assert of_handover(office, "2025-03-01") == {}
    handovers.switch_on(office.settings, date(2025, 2, 10), "protocol 7", OFFICER, moment("2025-02-12"))
    office.refresh()
    due = date(2025, 2, 10)
    assert of_handover(office, "2025-03-01") == {first: ("overdue", due, None)}
    assert of_handover(office, "2025-02-12") == {}  # nobody knew of it yet
    assert before not in of_handover(office, "2025-03-01")
    handovers.switch_off(office.settings, "protocol 8", OFFICER, moment("2025-03-02"))
    office.refresh()
    assert of_handover(office, "2025-03-02") == {first: ("overdue", due, None)}
    assert of_handover(office, "2025-03-03") == {}


@pytest.mark.parametrize(("when", "state"), [("2025-02-10 23:59", "done"), ("2025-02-11 00:00", "done_late")])
def test_the_duty_is_done_by_handing_over_on_the_day_of_registration(
    office: SupervisedOffice, folder: Path, when: str, state: str
) -> None:
    handovers.switch_on(office.settings, date(2025, 2, 1), "protocol 7", OFFICER, moment("2025-02-01"))
    number = office.file("2025-02-10 15:00", ROWS)
    office.refresh()
    assert of_handover(office, "2025-02-11")[number][0] == "overdue"
    given(office, folder, "2025-02-10", when)
    office.refresh()
    assert of_handover(office, "2025-02-12") == {number: (state, date(2025, 2, 10), date.fromisoformat(when[:10]))}
    (text,) = office.query("select text_kk || text_ru || text_en from obligation_due where kind = 'hand_over'")
    for mark in ("түсіндіру", "толкование", "a reading"):
        assert mark in text[0]


def test_history_is_under_no_duty(office: SupervisedOffice) -> None:
    office.live = False
    handovers.switch_on(office.settings, date(2025, 2, 1), "protocol 7", OFFICER, moment("2025-02-01"))
    office.file("2025-02-10", ROWS)
    office.refresh()
    assert of_handover(office, "2026-03-02") == {}


def test_the_relation_has_each_filing_with_what_came_back(office: SupervisedOffice, folder: Path) -> None:
    first, second = office.file("2025-02-10", ROWS), office.file("2025-02-10", ROWS, period="2024-12-01")
    given(office, folder, "2025-02-10", "2025-02-10 23:30")
    third = office.file("2025-02-10", ROWS, period="2024-11-01")
    given(office, folder, "2025-02-10", "2025-02-11 23:30")
    for number in ("117", "118"):  # the second puts the first right
        at = moment(f"2025-02-12 0{number[-1]}:00")
        handovers.acknowledge(office.settings, "2025-02-10", number, date(2025, 2, 11), OFFICER, at)
    office.refresh()
    columns = "registration_no, bundle, registered_on, handed_over_on, handed_over_by, target, acknowledged_no"
    day = date(2025, 2, 10)
    told = ("esep.handover", str(folder))
    assert office.query(f"select {columns}, acknowledged_on from handover order by registration_no") == [
        (first, "2025-02-10", day, day, *told, "118", date(2025, 2, 11)),
        (second, "2025-02-10", day, day, *told, "118", date(2025, 2, 11)),
        (third, "2025-02-10-2", day, date(2025, 2, 11), *told, None, None),
    ]
    with open_warehouse(office.settings) as connection:
        assert [one.bundle for one in filings.handovers(connection, third)] == ["2025-02-10-2"]
    shown = gathered(office.settings, first, 3)
    assert shown["handovers"][0].acknowledged_no == "118"


def test_status_names_the_days_that_wait(office: SupervisedOffice, folder: Path) -> None:
    for day in ("2025-02-10", "2025-02-10", "2025-02-11", "2025-02-12"):
        office.register(day)
    office.refresh()
    now = moment("2025-02-12 12:00")

    def waiting() -> list[tuple[date, int, bool]]:
        with open_warehouse(office.settings) as connection:
            found = status(connection, office.settings, now).not_handed_over
        return [(one.day, one.filings, one.is_overdue) for one in found]

    def kinds() -> list[str]:
        with open_warehouse(office.settings) as connection:
            return [one.kind for one in status(connection, office.settings, now).duties]

    assert waiting() == []
    assert "hand_over" not in kinds()
    handovers.switch_on(office.settings, date(2025, 2, 10), "protocol 7", OFFICER, moment("2025-02-12 09:00"))
    given(office, folder, "2025-02-11", "2025-02-12 10:00")
    office.refresh()
    assert waiting() == [(date(2025, 2, 10), 2, True), (date(2025, 2, 12), 1, False)]
    assert "hand_over" in kinds()


def test_the_masked_snapshot_has_numbers_and_days_and_no_place_and_no_person(
    office: SupervisedOffice, folder: Path
) -> None:
    number = office.file("2025-02-10", ROWS)
    hand_over(office.settings, date(2025, 2, 10), FolderTarget(folder), OFFICER, lambda: moment("2025-02-10 23:30"))
    handovers.switch_on(office.settings, date(2025, 2, 10), "Әлиев asked", OFFICER, moment("2025-02-10"))
    handovers.acknowledge(
        office.settings, "2025-02-10", "КР-118 Әлиев", date(2025, 2, 11), OFFICER, moment("2025-02-12")
    )
    office.refresh()
    masked.publish(office.settings)
    with duckdb.connect(str(office.settings.masked_snapshot), read_only=True) as connection:
        rows = connection.execute("select * exclude (handed_over_at, manifest_sha256) from handover").fetchall()
        kept = [json.loads(data) for (data,) in connection.execute("select data from event").fetchall()]
        everything = repr(rows) + repr(kept)
    assert len(rows) == 1
    assert rows[0][:4] == (number, "2025-02-10", date(2025, 2, 10), date(2025, 2, 10))
    assert rows[0][-1] == date(2025, 2, 11)
    for secret in (str(folder), folder.name, OFFICER, "Әлиев", "КР-118"):
        assert secret not in everything


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (
            "handed_over",
            {"bundle": "2025-02-10", "day": "2025-02-10", "target": "x", "manifest_sha256": "0"},
            "numbers",
        ),
        ("handover_switched_on", {"since": "10.02.2025", "reason": "x"}, "since"),
        ("handover_acknowledged", {"bundle": "2025-02-10", "receipt_no": "1"}, "received_on"),
    ],
)
def test_a_record_that_the_relations_cannot_read_stops_the_load(
    office: SupervisedOffice, kind: str, data: dict[str, str], words: str
) -> None:
    events.append_to_journal(office.settings, kind, moment("2025-02-10"), OFFICER, data)
    with pytest.raises(LoadError, match=words):
        office.refresh()


def test_every_language_says_that_the_day_is_a_reading() -> None:
    marks = {"kk": "түсіндіру", "ru": "толкование", "en": "a reading"}
    for language in LANGUAGES:
        for key in ("state.duty_hand_over", "quality_report.next_hand_over", "status.not_handed_over"):
            values = {"number": "1", "day": "2"} if key.startswith("quality") else {}
            assert marks[language] in text(key, language, **values)
