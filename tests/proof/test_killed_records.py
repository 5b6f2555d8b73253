"""kill -9 before every single change of the file system, while records are written: nothing is damaged or lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from esep.config import Settings
from esep.office import archive, events, sweeps
from esep.proof.check import check
from esep.records import heads
from store.stores import reached
from warehouse.warehouse_office import Office

HARNESS = Path(__file__).with_name("killed_records.py")
TESTS = HARNESS.parents[1]
TODAY = date(2026, 3, 1)


def test_a_kill_before_any_change_leaves_a_sound_home(join_home: Callable[[Path], None], tmp_path: Path) -> None:
    pristine = tmp_path / "pristine"
    number = Office(Settings(home=pristine), as_history=False).register("2025-02-11")
    sweeps.begin(Settings(home=pristine), "x", TODAY).done()
    environment = {"PYTHONPATH": f"{TESTS}:{TESTS.parent / 'plugins'}"} | reached()
    with subprocess.Popen(
        [sys.executable, str(HARNESS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin
        assert process.stdout
        steps, outcome = 0, "killed"
        while outcome == "killed":
            settings = Settings(home=tmp_path / str(steps))
            shutil.copytree(pristine, settings.home)
            join_home(settings.home)
            for count in (steps, 10_000):
                print(f"{settings.home}\t{count}", file=process.stdin, flush=True)
                answer = process.stdout.readline().strip()
                outcome = answer if count == steps else outcome
                assert answer in ("killed", "finished"), (steps, answer)
                if count == steps:
                    assert sweeps.begin(settings, "x", TODAY).chains == _chains_in_place(settings, number), steps
                assert check(settings, full=True).damages == (), steps
            assert answer == "finished"
            entry = archive.entry(settings, number)
            assert len(entry.verdicts) == 1
            assert len(events.read(entry.folder)) == 2
            assert len(events.read_journal(settings)) == 1
            assert check(settings, full=True).records == 5
            steps += 1
        process.stdin.close()
    assert steps > 30


def _chains_in_place(settings: Settings, number: str) -> set[str]:
    """Those to which the killed process had added."""
    entry = archive.entry(settings, number)
    of_filing = {heads.chain_of_filing(number)} if entry.verdict_paths or events.read(entry.folder) else set()
    return of_filing | ({"journal"} if events.read_journal(settings) else set())
