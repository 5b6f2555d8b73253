"""kill -9 before every single change of the file system: no half bundle is seen, and the next run goes on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from esep.config import Settings
from esep.handover.target import FolderTarget
from esep.office import handovers
from esep.proof.check import check
from warehouse.warehouse_office import Office, row

HARNESS = Path(__file__).with_name("killed_handover.py")
TESTS = HARNESS.parents[1]


def seen(folder: Path) -> list[str]:
    """What a receiver lists: names with a dot before them are not shown."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_kill_before_any_change_leaves_a_whole_bundle_or_none(tmp_path: Path) -> None:
    pristine = tmp_path / "pristine"
    number = Office(Settings(home=pristine)).file("2025-02-10", [row("2025-01-06")])
    environment = {"PYTHONPATH": f"{TESTS}:{TESTS.parent / 'plugins'}"}
    with subprocess.Popen(
        [sys.executable, str(HARNESS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin
        assert process.stdout
        steps, outcome, unrecorded = 0, "killed", 0
        while outcome == "killed":
            settings, folder = Settings(home=tmp_path / f"home{steps}"), tmp_path / f"target{steps}"
            shutil.copytree(pristine, settings.home)
            folder.mkdir()
            for count in (steps, 10_000):
                print(f"{settings.home}\t{folder}\t{count}", file=process.stdin, flush=True)
                answer = process.stdout.readline().strip()
                outcome = answer if count == steps else outcome
                assert answer in ("killed", "finished"), (steps, answer)
                target = FolderTarget(folder)
                for name in seen(folder):
                    assert target.manifest_of(name), (steps, name)
                    assert target.differing(name) == [], (steps, name)
                if count == steps and seen(folder) and not handovers.bundles(settings):
                    unrecorded += 1
                assert check(settings, full=True).damages == (), steps
            assert answer == "finished"
            assert [path.name for path in folder.iterdir()] == ["2025-02-10"], steps
            assert [one.numbers for one in handovers.bundles(settings)] == [(number,)], steps
            steps += 1
        process.stdin.close()
    assert steps > 20
    assert unrecorded
