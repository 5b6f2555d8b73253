"""`bin/esep check` as a process that was just started: what it imports, and that it finds what any check finds."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from end_to_end import filer
from esep import lean
from esep.cli.main import main
from esep.config import PROJECT
from esep.forms.reading.zygote import Helper
from forms import word_files

NEEDLESS = {
    "great_expectations",
    "pandas.core",
    "duckdb",
    "pypdf",
    "openpyxl",
    "docx",
    "babel",
    "airflow",
    "esep.warehouse",
}
OF_OTHER_ENGINES = {"pyarrow._dataset", "sqlalchemy.util.langhelpers", "pyspark.serializers"}
"""Taken in by pyarrow and Great Expectations where they can be; modules that those asked for import."""


def started(folder: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "plugins"), "ESEP_HOME": str(folder.parent), **settings}
    command = [sys.executable, *options, "-m", "esep.cli", "check", str(folder), "--json"]
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300
    )


def imported_by(done: subprocess.CompletedProcess[str]) -> set[str]:
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip() for line in lines}


def test_a_check_without_faults_imports_neither_the_engine_of_the_rules_nor_what_reads_other_files(
    tmp_path: Path,
) -> None:
    done = started(filer.write(filer.Filing(), tmp_path / "march"), "-X", "importtime")
    assert done.returncode == 0, done.stderr
    imported = imported_by(done)
    assert "pyarrow" in imported
    assert imported & (NEEDLESS | OF_OTHER_ENGINES) == set()


def test_a_started_check_finds_the_same_as_one_within_a_process_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path))
    cells = filer.row(2)
    cells[4] = None
    folder = filer.write(filer.Filing(rows=[filer.row(1), cells], signed=False), tmp_path / "march")
    done = started(folder, "-X", "importtime")
    assert done.returncode == 1, done.stderr
    imported = imported_by(done)
    assert "great_expectations" in imported
    assert imported & OF_OTHER_ENGINES == set()
    within = CliRunner().invoke(main, ["check", str(folder), "--json"])
    assert json.loads(done.stdout) == json.loads(within.output)


def test_a_started_check_reads_within_the_limit_of_memory(tmp_path: Path) -> None:
    folder = filer.write(filer.Filing(), tmp_path / "march")
    word_files.write_word(folder / "plan.docx", "<w:p/>" * 3_000_000)
    done = started(folder, ESEP_READER_MEMORY_MB="400")
    reported = json.loads(done.stdout)
    assert reported["row_count"] == 1
    assert [(one["rule_id"], one["file"]) for one in reported["findings"]] == [("R-01", "plan.docx")]


def test_while_modules_are_loaded_the_collector_rests_and_then_passes_over_them() -> None:
    before = gc.get_freeze_count()
    with lean.loading():
        assert not gc.isenabled()
    try:
        assert gc.isenabled()
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()


def test_a_child_of_the_process_itself_is_limited_and_told_apart_by_its_end(tmp_path: Path) -> None:
    def run(job: dict[str, object]) -> None:
        if job["task"] == "memory":
            bytearray(1 << 40)
        elif job["task"] == "time":
            time.sleep(60)
        elif job["task"] == "crash":
            raise ValueError("a reader's own fault")

    helper = Helper("no.such.module")
    with helper.forking_here(run):
        ends = {
            task: helper.run(
                {"task": task, "out": str(tmp_path)}, memory=8 << 30, seconds=0.5 if task == "time" else 60
            )
            for task in ("done", "memory", "time", "crash")
        }
    assert ends == {task: task for task in ends}
    assert "a reader's own fault" in (tmp_path / "crash.txt").read_text(encoding="utf-8")
