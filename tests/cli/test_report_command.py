"""`bin/esep report`: what it writes, what it says, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from answers.quality_office import Filled, quality_filings
from esep.cli.main import main
from esep.reports import quality_report

__all__ = ["quality_filings"]


@pytest.fixture
def home(quality_filings: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "esep.duckdb").write_bytes(quality_filings[0].settings.snapshot.read_bytes())
    monkeypatch.setenv("ESEP_HOME", str(tmp_path))
    monkeypatch.setattr(quality_report, "LANGUAGES", ("ru",))
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["report", *arguments])
    return result.exit_code, result.output


def test_a_month_is_written_once(home: Path) -> None:
    folder = home / "reports" / "quality" / "2025-01"
    code, reported = run("2025-01", "--as-of", "2025-04-15", "--language", "ru")
    assert code == 0
    assert reported.splitlines() == [
        "2025-01: written", f"  {folder / 'report.ru.html'}", f"  {folder / 'report.ru.pdf'}",
    ]  # fmt: skip
    assert (folder / "report.ru.pdf").read_bytes().startswith(b"%PDF")
    code, reported = run("2025-01", "--as-of", "2025-04-16", "--language", "ru")
    assert (code, reported.splitlines()[0]) == (0, "2025-01: says the same as on 2025-04-15, left as it is")


def test_all_months_that_are_due_as_json(home: Path) -> None:
    code, reported = run("--all", "--as-of", "2025-04-15", "--json")
    assert code == 0
    assert [(one["month"], one["written"]) for one in json.loads(reported)] == [("2025-01", True), ("2025-02", True)]
    assert json.loads(run("--all", "--as-of", "2025-02-01", "--json")[1]) == []
    assert "No month is due" in run("--all", "--as-of", "2025-02-01")[1]


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        ((), "give a month"),
        (("2025-01", "--all"), "give a month"),
        (("2025-1x",), "write it like 2025-03"),
        (("2019-01", "--as-of", "2025-04-15"), "choose one of 2025-01, 2025-02"),
        (("2025-04", "--as-of", "2025-04-15"), "is not over"),
        (("2025-01", "--as-of", "2999-01-01"), "yet to come"),
    ],
)
def test_what_cannot_be_written_is_reported(home: Path, arguments: tuple[str, ...], reported: str) -> None:
    code, output = run(*arguments)
    assert code == 2
    assert reported in output
    assert not (home / "reports").exists()


def test_a_missing_warehouse_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path))
    code, output = run("2025-01")
    assert code == 2
    assert "no warehouse has been published yet" in output
