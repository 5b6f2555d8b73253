"""kill -9 before every single change of the file system: nothing is lost, doubled or skipped."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from esep.office import archive, events, sweeps
from esep.office.intake import ARRIVED_AGAIN
from esep.proof.check import check
from esep.records import append as records
from store.stores import reached

TODAY = date(2099, 6, 10)
HARNESS = Path(__file__).with_name("killed_office.py")


@pytest.fixture
def kill(join_home):
    """kill(home, k): run the intake there, killed before its k-th change; gives `killed` or `finished`."""
    with subprocess.Popen(
        [sys.executable, str(HARNESS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(HARNESS.parents[2] / "plugins")} | reached(),
    ) as process:

        def kill(home, count):
            process.stdin.write(f"{home}\t{count}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        yield kill
        process.stdin.close()


def scenario_folder(office):
    office.folder(
        "march",
        {"application.docx": b"annex 1", "deep/er/form.xlsx": b"annex 2"},
        stamp={"incoming_no": "1", "received_at": "2025-03-02T09:00:00+05:00"},
    )
    return {"2025-000001": {"application.docx": b"annex 1", "deep/er/form.xlsx": b"annex 2"}}


def scenario_beside(office):
    """Two lone files that share a stamp, and a zip with one of its own."""
    office.file("pair.xlsx", b"workbook")
    office.file("pair.docx", b"application")
    (office.inbox / "pair.office.json").write_text('{"received_at": "2024-12-31T23:59:00+05:00"}')
    office.file("own.zip", b"zip", stamp={"received_at": "2025-01-01T00:00:00+05:00"})
    return {
        "2024-000001": {"pair.xlsx": b"workbook"},
        "2024-000002": {"pair.docx": b"application"},
        "2025-000001": {"own.zip": b"zip"},
    }


def scenario_repeated(office):
    """The same bytes twice: one filing, two arrivals."""
    office.file("first.xlsx", b"same", stamp={"received_at": "2025-01-10T10:00:00+05:00"})
    office.file("again.xlsx", b"same", stamp={"received_at": "2025-02-10T10:00:00+05:00"})
    return {"2025-000001": {"first.xlsx": b"same"}}


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [scenario_folder, scenario_beside, scenario_repeated])
def test_a_kill_before_any_change_loses_and_doubles_nothing(office, tree, kill, join_home, tmp_path, scenario):
    expected = scenario(office)
    records.prepare(office.settings.home)
    sweeps.begin(office.settings, "x", TODAY).done()
    pristine = tmp_path / "pristine"
    office.settings.home.rename(pristine)
    steps = 0
    while True:
        shutil.rmtree(office.settings.home, ignore_errors=True)
        shutil.copytree(pristine, office.settings.home)
        join_home(office.settings.home)
        outcome = kill(office.settings.home, steps)
        for number in office.numbers():  # what has a number is whole, at every moment
            entry = archive.entry(office.settings, number)
            assert tree(entry.package) == expected[number], (steps, number)
            assert entry.receipt.registration_no == number
        assert sweeps.begin(office.settings, "x", TODAY).numbers == set(office.numbers()), (
            "at once, not by the next walk"
        )
        second = kill(office.settings.home, 10_000)
        assert second == "finished", (steps, second)
        assert office.numbers() == sorted(expected), steps
        for number, files in expected.items():
            entry = archive.entry(office.settings, number)
            assert tree(entry.package) == files, (steps, number)
            assert sorted(file.path for file in entry.receipt.files) == sorted(files)
            again = events.read(entry.folder, ARRIVED_AGAIN)
            assert len(again) == (1 if scenario is scenario_repeated else 0), steps
        assert office.left() == [], steps
        assert office.staged() == [], steps
        assert check(office.settings, full=True).damages == (), steps
        if outcome == "finished":
            break
        assert outcome == "killed", (steps, outcome)
        steps += 1
    assert steps > 30


@pytest.mark.slow
def test_two_kills_in_a_row(office, tree, kill, join_home, tmp_path):
    """The run that tidies up after a kill is killed itself, at each of its first steps."""
    expected = scenario_beside(office)
    pristine = tmp_path / "pristine"
    office.settings.home.rename(pristine)
    for first, second in [(first, second) for first in range(14, 80, 6) for second in range(1, 14, 3)]:
        shutil.rmtree(office.settings.home, ignore_errors=True)
        shutil.copytree(pristine, office.settings.home)
        join_home(office.settings.home)
        kill(office.settings.home, first)
        kill(office.settings.home, second)
        assert kill(office.settings.home, 10_000) == "finished", (first, second)
        assert office.numbers() == sorted(expected), (first, second)
        for number, files in expected.items():
            assert tree(archive.entry(office.settings, number).package) == files, (first, second)
        assert office.left() == [], (first, second)
        assert office.staged() == [], (first, second)


def test_the_stamp_reaches_the_receipt_even_after_a_kill_while_leaving(office, kill, join_home, tmp_path):
    scenario_folder(office)
    pristine = tmp_path / "pristine"
    office.settings.home.rename(pristine)
    for steps in range(20, 45, 4):
        shutil.rmtree(office.settings.home, ignore_errors=True)
        shutil.copytree(pristine, office.settings.home)
        join_home(office.settings.home)
        kill(office.settings.home, steps)
        kill(office.settings.home, 10_000)
        entry = archive.entry(office.settings, "2025-000001")
        assert entry.receipt.incoming_no == "1"
        assert json.loads((entry.folder / "office.json").read_text())["incoming_no"] == "1"
