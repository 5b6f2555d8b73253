"""Several processes at once: each package once, numbers without gap or double."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import esep
from esep.office import archive

LOCKED = """
import sys; from pathlib import Path
from esep.clock import now; from esep.config import Settings; from esep.office import intake
results = intake.register_waiting(Settings(home=Path(sys.argv[1]), inbox_settle_seconds=0), now, lambda number: None)
assert not any(result.fault for result in results), results
print(len(results))
"""

UNLOCKED = """
import sys; from pathlib import Path
from esep.clock import now; from esep.config import Settings; from esep.office import inbox, registration
settings = Settings(home=Path(sys.argv[1]), inbox_settle_seconds=0)
mine = [package for package in inbox.waiting(settings, now()) if int(package.name[:2]) % 4 == int(sys.argv[2])]
for package in mine:
    registration.register(package, settings, now())
print(len(mine))
"""


@pytest.mark.slow
@pytest.mark.parametrize("code", [LOCKED, UNLOCKED], ids=["one inbox, lock held", "numbers without the lock"])
def test_four_processes_and_thirty_packages(office, tree, code):
    for index in range(30):
        office.folder(f"{index:02d}", {"form.xlsx": b"%d" % index, "in/other": b"x"})
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(office.settings.home), str(part)],
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(Path(esep.__file__).parents[1])},
        )
        for part in range(4)
    ]
    counts = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert sum(counts) == 30

    entries = list(archive.registered(office.settings))
    year = entries[0].number[:4]
    assert [entry.number for entry in entries] == [f"{year}-{serial:06d}" for serial in range(1, 31)]
    assert [entry.receipt.registration_no for entry in entries] == [entry.number for entry in entries]
    assert sorted(tree(entry.package)["form.xlsx"] for entry in entries) == sorted(b"%d" % i for i in range(30))
    assert office.staged() == []
    if code is LOCKED:
        assert office.left() == []
        moments = [entry.receipt.received_at for entry in entries]
        assert moments == sorted(moments)
