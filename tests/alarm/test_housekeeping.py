"""What Airflow keeps of runs long past goes; Esep's own data, what waits, and what is recent stays."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from airflow_process import result_of
from alarm import housekeeping_process
from esep import clock
from esep.orchestration import housekeeping

NOW = datetime(2025, 5, 6, 3, 0, tzinfo=clock.TIMEZONE)


def file(path: Path, days: float) -> Path:
    """A file last written so many days before NOW."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    at = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (at, at))
    return path


def test_logs_not_written_for_90_days_go_with_their_folders(tmp_path: Path) -> None:
    gone = [
        file(tmp_path / "dag_id=intake" / "run_id=1" / "task_id=register" / "attempt=1.log", 91),
        file(tmp_path / "dag_id=intake" / "run_id=1" / "task_id=letters" / "attempt=1.log.1", 400),
    ]
    stay = [
        file(tmp_path / "dag_id=intake" / "run_id=2" / "attempt=1.log", 89),
        file(tmp_path / "scheduler.log", 1),
        file(tmp_path / "notes.txt", 400),
    ]
    assert housekeeping.remove_old_logs(tmp_path, NOW) == len(gone)
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in stay)
    assert not (tmp_path / "dag_id=intake" / "run_id=1").exists()
    assert housekeeping.remove_old_logs(tmp_path / "nowhere", NOW) == 0


def test_make_up_cleans_at_a_start_a_week_after_the_last_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned: list[datetime] = []
    monkeypatch.setattr(housekeeping, "clean", lambda environment, now, output: cleaned.append(now))
    start = datetime.fromtimestamp(time.time(), clock.TIMEZONE)
    for days in (0, 1, 6.9, 7.1):
        housekeeping.weekly({}, tmp_path, start + timedelta(days=days), 1)
    assert cleaned == [start + timedelta(days=7.1)]


def test_it_is_airflows_own_command() -> None:
    assert housekeeping.clean_command(NOW)[1:] == [
        *("-m", "airflow", "db", "clean", "--yes", "--skip-archive"),
        *("--clean-before-timestamp", "2025-02-05T03:00:00+05:00"),
        *("--tables", ",".join(housekeeping.TABLES), "--exclude-dag-ids", "dispatch,question"),
    ]


@pytest.mark.slow
def test_tables_are_cleaned_and_esep_s_data_is_not_touched(tmp_path: Path) -> None:
    home = tmp_path / "home"
    kept = [
        file(home / name, 400)
        for name in ("archive/2024/2024-000001/receipt.json", "journal/1.json", "lake/filing/x.parquet", "x.log")
    ]
    result = result_of(str(Path(__file__).with_name("housekeeping_process.py")), str(home))
    recent, everything = [89, 1], list(housekeeping_process.AGES)
    assert result == {
        "done": True,
        "runs": {"intake": recent, "dispatch": everything},
        "log": {"intake": recent, "dispatch": everything},
    }
    assert all(path.read_text() == "x" for path in kept)
