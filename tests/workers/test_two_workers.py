"""Two Celery workers over one home: a flood that both examine, and one that loses a worker in the middle.

Proves that numbers have neither gaps nor doubles, that all bytes are archived once, that each filing has one verdict,
that the figures are the sum of what was filed, and that the records' chain is whole. The workers' shares and the rates
of one worker and of two are printed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from esep.clock import now
from esep.files import read_json, sha256_of
from workers import celery_office, flood
from workers.celery_office import Office, Task

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(
        bool(celery_office.missing()),
        reason=f"not installed here: {', '.join(celery_office.missing())} (scripts/debian-packages.sh installs it)",
    ),
]

ALONE, TOGETHER, INTERRUPTED = 100, 1000, 60
"""Packages for one worker, for both, and for two of which one is killed."""
LIMIT_SECONDS = 1500
"""For a step that takes five minutes at most on an idle machine."""
FIRST, SECOND = "worker-1", "worker-2"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with celery_office.opened(tmp_path) as opened:
        flood.write_reference(opened.settings.reference)
        yield opened


class Floods:
    """Floods one after the other, and all that was filed by them."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.folder = folder
        self.filed: list[flood.Package] = []

    def drop(self, count: int) -> datetime:
        """Drop so many packages more; gives the moment."""
        written = flood.write(self.folder, range(len(self.filed), len(self.filed) + count))
        self.filed += written
        moment = datetime.now(UTC)
        self.office.drop(self.folder)
        return moment

    def examined(self) -> bool:
        """Whether all have a verdict and no task is still at it."""
        if self.office.verdicts() < len(self.filed):
            return False
        return all(task.end for task in self.office.tasks("examine"))

    def rate(self, since: datetime) -> float:
        """Filings a second of `examine` since the moment, from its first beginning to its last end."""
        done = [task for task in self.office.tasks("examine") if task.start >= since]
        count = self.office.shares("examine", since).total()
        return count / (max(end_of(task) for task in done) - min(task.start for task in done)).total_seconds()


def end_of(task: Task) -> datetime:
    assert task.end is not None, task
    return task.end


def test_a_flood_is_shared_and_a_killed_worker_loses_nothing(office: Office, tmp_path: Path) -> None:
    floods = Floods(office, tmp_path / "flood")
    office.start_worker(FIRST)
    since = floods.drop(ALONE)
    office.wait(floods.examined, LIMIT_SECONDS, "the flood of one worker")
    assert set(office.shares("examine", since)) == {FIRST}
    alone = floods.rate(since)

    office.start_worker(SECOND)
    both, begun = floods.drop(TOGETHER), time.monotonic()
    office.wait(floods.examined, LIMIT_SECONDS, "the flood of both workers")
    taken = time.monotonic() - begun
    shares = office.shares("examine", both)
    assert set(shares) == {FIRST, SECOND}
    assert shares.total() == TOGETHER
    assert side_by_side([task for task in office.tasks("examine") if task.start >= both])
    together = floods.rate(both)
    print(f"{TOGETHER} packages have a verdict {taken:.0f} s after the drop: {dict(shares)}")
    print(f"examine: one worker {alone:.1f} filings/s, two {together:.1f}: × {together / alone:.2f}")

    before = office.verdicts()
    since = floods.drop(INTERRUPTED)
    victim = interrupted(office, since, before)
    office.kill_worker(victim)
    assert office.verdicts() < len(floods.filed), "the kill came in the middle"
    office.wait(floods.examined, LIMIT_SECONDS, "what the killed worker left")
    again = [task for task in office.tasks("examine") if task.start >= since and task.attempt > 1]
    assert {task.worker for task in again} == {FIRST, SECOND} - {victim}, "its task was tried again elsewhere"
    office.wait(office.idle, LIMIT_SECONDS, "all runs ended well")
    print(f"letters of batches: {dict(office.shares('batch_letters', both))}")

    nothing_is_lost_or_doubled(office, floods.filed)
    the_figures_are_the_sum(office, floods.filed)
    done = subprocess.run(
        [sys.executable, "-m", "esep.cli", "verify"],
        env=office.environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def side_by_side(tasks: list[Task]) -> bool:
    """Whether instances of different workers ran at the same time."""
    return any(
        one.worker != other.worker and one.start < end_of(other) and other.start < end_of(one)
        for one in tasks
        for other in tasks
    )


def interrupted(office: Office, since: datetime, before: int) -> str:
    """Wait until a worker is in the middle of a batch; its name."""
    found: list[str] = []

    def in_the_middle() -> bool:
        running = [one for one in office.tasks("examine") if one.start >= since and one.state == "running"]
        found[:] = [task.worker for task in running] if office.verdicts() > before + 5 else []
        return bool(found)

    office.wait(in_the_middle, LIMIT_SECONDS, "a worker in the middle of its batch")
    return found[0]


def nothing_is_lost_or_doubled(office: Office, filed: list[flood.Package]) -> None:
    settings = office.settings
    assert [path.name for path in settings.inbox.iterdir()] == []
    folders = sorted(settings.archive.glob("*/[0-9]*"))
    assert [folder.name for folder in folders] == [f"{now().year}-{n:06d}" for n in range(1, len(filed) + 1)]
    packages = {folder.name: [sha256_of(path) for path in (folder / "package").iterdir()] for folder in folders}
    assert all(len(files) == 1 for files in packages.values()), packages
    by_bytes = {package.sha256: package for package in filed}
    assert sorted(files[0] for files in packages.values()) == sorted(by_bytes)
    for folder in folders:
        package = by_bytes[packages[folder.name][0]]
        (verdict,) = (read_json(path) for path in folder.glob("verdict*.json"))
        assert verdict["verdict"] == ("accepted" if package.complete else "refused"), folder
        letters = {path.name for path in (settings.outbox / folder.name).glob("status*.json")}
        assert letters == {"status-A-1.json"} | (set() if package.complete else {"status.json"}), folder


def the_figures_are_the_sum(office: Office, filed: list[flood.Package]) -> None:
    query = "select taxpayer_id, sum(income_kzt) from annual_income where role = 'miner' and year = $year group by all"
    with duckdb.connect(str(office.settings.snapshot), read_only=True) as connection:
        found: dict[str, Decimal] = dict(connection.execute(query, {"year": flood.YEAR}).fetchall())
        assert connection.execute("select count(*) from filing").fetchone() == (len(filed),)
    assert found == flood.income(filed)
