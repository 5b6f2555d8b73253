"""`bin/esep handover` and the task of the DAG: exit codes, what is said, and what is recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esep import clock, failures
from esep.cli.main import main
from esep.handover.target import HandoverError
from esep.office import events, handovers
from esep.orchestration import handover as steps
from esep.orchestration.common import StepError
from esep.orchestration.periodic import ParameterError
from warehouse.warehouse_office import Office, moment, row


def at(when: str) -> Callable[[], datetime]:
    return lambda: moment(when)


@pytest.fixture(autouse=True)
def evening(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(office.settings.home))
    monkeypatch.setattr(clock, "now", at("2025-02-10 23:30"))


def handover(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["handover", *map(str, arguments)])


def test_a_day_is_handed_over_once(office: Office, folder: Path) -> None:
    office.file("2025-02-10", [row("2025-01-06")])
    first = handover("--to", folder, "--author", "А. Бекова")
    assert (first.exit_code, "2025-02-10: 1 filings written to" in first.output) == (0, True)
    again = handover("--day", "2025-02-10", "--to", folder, "--json")
    assert again.exit_code == 0
    (told,) = json.loads(again.output)["days"]
    assert (told["filings"], told["written"], [one["name"] for one in told["before"]]) == (1, [], ["2025-02-10"])
    assert told["before"][0]["author"] == "А. Бекова"
    said = handover("--day", "2025-02-10", "--to", folder).output
    assert "handed over 2025-02-10 23:30, А. Бекова" in said
    assert "nothing is left to hand over" in said


def test_the_place_may_be_a_setting_and_is_asked_for(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.register("2025-02-10")
    missing = handover()
    assert (missing.exit_code, "give --to FOLDER|URL, or set ESEP_HANDOVER_TO" in missing.output) == (2, True)
    monkeypatch.setenv("ESEP_HANDOVER_TO", str(folder))
    assert handover().exit_code == 0
    assert (folder / "2025-02-10" / "manifest.json").is_file()


def test_a_day_with_nothing_a_day_to_come_and_a_place_that_is_gone(folder: Path) -> None:
    nothing = handover("--day", "2025-02-09", "--to", folder)
    assert (nothing.exit_code, "no filing was registered on that day" in nothing.output) == (0, True)
    to_come = handover("--day", "2025-02-11", "--to", folder)
    assert (to_come.exit_code, "the day is yet to come" in to_come.output) == (2, True)
    gone = handover("--to", folder / "gone")
    assert (gone.exit_code, "Is the share mounted?" in gone.output) == (2, True)


def test_damaged_filings_are_named_and_the_others_go(office: Office, folder: Path) -> None:
    damaged, sound = office.register("2025-02-10"), office.register("2025-02-10")
    (office.folder(damaged) / "package" / "1-ЦМ.xlsx").unlink()
    done = handover("--to", folder)
    assert done.exit_code == 1
    assert f"NOT handed over: {damaged}: {damaged}: package/1-ЦМ.xlsx: it is missing" in done.output
    assert handovers.bundles(office.settings)[0].numbers == (sound,)


def test_what_came_back_and_the_switch_are_events(office: Office, folder: Path, tmp_path: Path) -> None:
    office.register("2025-02-10")
    handover("--to", folder)
    receipt = tmp_path / "receipt.pdf"
    receipt.write_bytes(b"%PDF")
    told = ("received", "2025-02-10", "--number", "КР-118", "--on", "2025-02-10", "--file", receipt)
    assert handover(*told, "--author", "А. Бекова").exit_code == 0
    unknown = handover("received", "2025-02-09", "--number", "1", "--on", "2025-02-10")
    assert (unknown.exit_code, "no such bundle was handed over" in unknown.output) == (2, True)
    on = handover("switch", "--from", "2025-02-01", "--reason", "protocol 7")
    off = handover("switch", "--off", "--reason", "protocol 8")
    assert (on.exit_code, off.exit_code) == (0, 2)  # the same moment: the clock stands still here
    assert handover("switch", "--reason", "neither").exit_code == 2
    kinds = sorted(event.kind for event in events.read_journal(office.settings))
    assert kinds == ["handed_over", "handover_acknowledged", "handover_switched_on"]


def test_the_task_hands_over_every_day_that_is_due(office: Office, folder: Path) -> None:
    settings, now = office.settings, at("2025-02-11 23:30")
    first, second = office.register("2025-02-10"), office.register("2025-02-11")
    handovers.switch_on(settings, date(2025, 2, 1), "protocol 7", "officer", moment("2025-02-01"))
    assert steps.hand_over(settings, None, str(folder), None, now) == [
        {"bundle": "2025-02-10", "numbers": [first], "target": str(folder)},
        {"bundle": "2025-02-11", "numbers": [second], "target": str(folder)},
    ]
    assert steps.hand_over(settings, None, str(folder), None, now) == []
    assert {one.author for one in handovers.bundles(settings)} == {"esep.handover"}
    with pytest.raises(ParameterError, match="ESEP_HANDOVER_TO is not set"):
        steps.hand_over(settings, None, None, None, now)


def test_the_task_tells_of_damage_and_of_a_place_that_is_gone_until_it_is_put_right(
    office: Office, folder: Path
) -> None:
    settings, now = office.settings, at("2025-02-10 23:30")
    damaged, sound = office.register("2025-02-10"), office.register("2025-02-10")
    path = office.folder(damaged) / "package" / "1-ЦМ.xlsx"
    path.unlink()
    with pytest.raises(HandoverError, match="no such folder"):
        steps.hand_over(settings, "2025-02-10", str(folder / "gone"), None, now)
    with pytest.raises(StepError, match=f"1 filings not handed over: {damaged}"):
        steps.hand_over(settings, "2025-02-10", str(folder), "А. Бекова", now)
    assert [one.step for one in failures.standing(settings)] == ["handover"]
    path.write_bytes(damaged.encode())
    done = steps.hand_over(settings, "2025-02-10", str(folder), None, now)
    assert [one["numbers"] for one in done] == [[damaged]]
    assert [one.numbers for one in handovers.bundles(settings)] == [(sound,), (damaged,)]
    assert list(failures.standing(settings)) == []
