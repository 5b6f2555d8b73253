"""When the steps of the warehouse may be skipped, and that a load never skips its look at the files.

Checks and masking, which take long, are others' tests: here they only leave what the next sweep looks at.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest

from esep import files
from esep.config import Settings
from esep.office import events, sweeps
from esep.orchestration import tasks
from esep.warehouse import checks, due, load, masked, work
from esep.warehouse.errors import CheckError, DamagedHomeError
from esep.warehouse.masked_values import Pseudonyms
from warehouse.warehouse_office import NOW, Office, row


def run(office: Office, now=NOW) -> bool:
    """One sweep of the DAG; whether there was anything to do."""
    tasks.accept_reference(office.settings, now)
    if not due.is_due(office.settings, now):
        return False
    tasks.load(office.settings, now)
    tasks.build_marts(office.settings, now)
    if work.is_changed(office.settings):
        tasks.check(office.settings, now)
    tasks.publish(office.settings)
    tasks.publish_masked(office.settings)
    return True


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    def copy(settings: Settings) -> None:
        files.write_json(settings.warehouse / masked.STATE, masked._state(settings, Pseudonyms.of(settings)))
        settings.public.mkdir(exist_ok=True)
        settings.masked_snapshot.touch()

    monkeypatch.setattr(masked, "publish", copy)
    monkeypatch.setattr(checks, "run", work.mark_checked)


@pytest.fixture
def swept(office: Office) -> Office:
    """An office after a sweep, and one more where something was published."""
    office.prices("2025-01-06,BTC,10,KZT")
    office.file("2025-02-10", [row("2025-01-06", quantity="2")])
    while run(office):
        pass
    return office


def test_nothing_is_due_until_something_is_recorded(swept: Office) -> None:
    assert not run(swept)
    number = swept.register("2025-02-12")
    assert run(swept)
    assert not run(swept)
    swept.examine(number, [row("2025-01-06", quantity="3")])
    assert run(swept)
    assert swept.query("select sum(quantity) from distribution") == [(3,)]
    events.append_to_journal(swept.settings, "reminder_drafted", NOW, "x", {"letter_no": "a", "dated": "2025-02-01"})
    assert run(swept)
    swept.prices("2025-01-06,BTC,11,KZT")
    assert run(swept)
    assert swept.query("select sum(income_kzt) from annual_income where role = 'miner'") == [(33,)]
    assert not run(swept)


def test_each_day_begins_with_a_look_at_everything(swept: Office) -> None:
    assert run(swept, NOW + timedelta(1))
    assert not run(swept, NOW + timedelta(1))
    assert run(swept, NOW), "a clock may go back"


def test_the_day_of_the_figures_counts_also_after_a_kill_between_the_steps(swept: Office) -> None:
    tasks.load(swept.settings, NOW + timedelta(1))
    assert run(swept, NOW + timedelta(1))


CHANGES: dict[str, Callable[[Office], object]] = {
    "no snapshot": lambda office: office.settings.snapshot.unlink(),
    "another snapshot": lambda office: office.settings.snapshot.write_bytes(b"x"),
    "no masked snapshot": lambda office: office.settings.masked_snapshot.unlink(),
    "no checkpoint": lambda office: sweeps.forget(office.settings),
    "no warehouse": lambda office: shutil.rmtree(office.settings.warehouse),
    "not published": lambda office: work.mark_changed(office.settings),
    "a killed writer": lambda office: (office.settings.locks / "announced" / "journal").touch(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_lost_is_made_again(swept: Office, change: str) -> None:
    before = swept.query("select * from annual_income order by all")
    CHANGES[change](swept)
    assert run(swept) is (change != "a killed writer"), "that one had recorded nothing"
    assert swept.settings.masked_snapshot.is_file()
    assert swept.query("select * from annual_income order by all") == before
    assert not run(swept)


def test_a_check_that_fails_is_tried_again(swept: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    swept.file("2025-02-12", [row("2025-01-06", quantity="4")])

    def fail(settings: object) -> None:
        raise CheckError("no")

    with monkeypatch.context() as patch:
        patch.setattr(checks, "run", fail)
        for _ in range(2):
            with pytest.raises(CheckError):
                run(swept)
    assert run(swept)
    assert not run(swept)


def test_a_load_looks_at_the_files_whatever_is_due(swept: Office) -> None:
    assert not run(swept)
    (file,) = (swept.settings.lake / "distribution").glob("*/*.parquet")
    content = bytearray(file.read_bytes())
    content[10] ^= 1
    file.write_bytes(content)
    for step in (tasks.load, load.load):
        with pytest.raises(DamagedHomeError, match=file.name):
            step(swept.settings, NOW)
    swept.register("2025-02-12")
    for _ in range(2):
        with pytest.raises(DamagedHomeError, match=file.name):
            run(swept)
