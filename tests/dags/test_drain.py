"""`make run` from outside: packages in the inbox, a fresh process, the published figures and the exit code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import airflow_process
from end_to_end import filer
from esep.config import Settings

pytestmark = pytest.mark.slow


def make_run(home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What `make run` does, in a process that knows nothing of this one's Airflow."""
    own = {"ESEP_HOME": str(home), "ESEP_INBOX_SETTLE_SECONDS": "0", "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-m", "esep.orchestration"],
        env=airflow_process.environment(**(own | variables)),
        capture_output=True,
        text=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
        cwd=home,
    )


def query(home: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(Settings(home=home).snapshot), read_only=True) as connection:
        return connection.execute(sql).fetchall()


Run = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run, Run]:
    """An office whose path has spaces, and two runs.

    The first has no rules to examine by, which is a fault of the machine. Before the second come an unsigned, a
    repeated, a broken and a half-written package, and a faulty price file.
    """
    home = tmp_path_factory.mktemp("an office")
    settings = Settings(home=home)
    settings.inbox.mkdir()
    filer.write(filer.Filing(), settings.inbox / "good", "2025-04-20T10:00:00+05:00")
    shutil.copytree(settings.inbox / "good", home / "kept")
    no_rules = home / "no rules"
    no_rules.mkdir()
    first = make_run(home, ESEP_EXPECTATIONS=str(no_rules))

    (home / "kept").rename(settings.inbox / "good again")
    filer.write(
        filer.Filing().but(signed=False, omit=frozenset({"phone"})),
        settings.inbox / "unsigned",
        "2025-04-21T10:00:00+05:00",
    )
    (settings.inbox / "broken.xlsx").write_bytes(b"this is no workbook")
    (settings.inbox / "half.zip.part").write_bytes(b"PK")
    (settings.reference / "price.csv").write_text("date,asset,price,currency,source\n2025-03-05,BTC,-1,USD,made up\n")
    return home, first, make_run(home)


def test_a_fault_of_the_machine_is_reported_and_refuses_nothing(office: tuple[Path, Run, Run]) -> None:
    home, first, _ = office
    assert first.returncode == 1, first.stdout + first.stderr
    assert "Failed: task examine of DAG intake" in first.stdout
    assert str(home / "no rules") in first.stdout
    assert "1  registered" in first.stdout
    assert "0  refused" in first.stdout


def test_the_next_run_does_all_that_can_be_done(office: tuple[Path, Run, Run]) -> None:
    home, _, done = office
    assert done.returncode == 0, done.stdout + done.stderr
    rows = query(home, "select registration_no, status from filing order by all")
    assert rows[:2] == [("2025-000001", "accepted"), ("2025-000002", "refused")]
    assert [status for _, status in rows[2:]] == ["refused"], "the broken file is registered and refused, too"
    assert [path.name for path in Settings(home=home).inbox.iterdir()] == ["half.zip.part"]


def test_the_summary_says_what_became_of_everything(office: tuple[Path, Run, Run]) -> None:
    home, _, done = office
    for expected in (
        "2  registered",
        "1  complete",
        "2  refused as incomplete",
        "1  received before",
        "1  left in the inbox",
        "half.zip.part",
        "price was refused as a whole",
        "line 2",
        str(Settings(home=home).snapshot),
    ):
        assert expected in done.stdout
    assert "[info" not in done.stdout + done.stderr, "Airflow's own messages belong into the log file"


def test_the_logs_carry_the_registration_numbers(office: tuple[Path, Run, Run]) -> None:
    home, _, _ = office
    logs = sorted((home / ".airflow" / "run" / "logs").glob("run-*.log"), key=lambda path: path.stat().st_mtime)
    assert "2025-000001 registered: good" in logs[0].read_text()
    text = logs[1].read_text()
    assert "2025-000001 accepted" in text
    assert "2025-000002 refused" in text
    assert "good again: the same bytes as 2025-000001" in text


def test_one_more_run_changes_nothing(office: tuple[Path, Run, Run]) -> None:
    home, _, _ = office
    content = "select * exclude (days_late) from filing order by all"
    archive = Settings(home=home).archive
    before = query(home, content), sorted(archive.rglob("*"))
    again = make_run(home)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "0  registered" in again.stdout
    assert (query(home, content), sorted(archive.rglob("*"))) == before


def test_wrong_settings_are_reported_before_anything_starts(tmp_path: Path) -> None:
    done = make_run(tmp_path, ESEP_INBOX_SETTLE_SECONDS="soon")
    assert done.returncode == 2
    assert "ESEP_INBOX_SETTLE_SECONDS='soon'" in done.stdout
    assert not (tmp_path / ".airflow").exists()
