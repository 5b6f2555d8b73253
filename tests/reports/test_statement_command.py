"""`bin/esep statement`, and the year and day that the DAG `annual_statement` chooses."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from esep.cli.main import main
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.orchestration import periodic as steps
from reports.statement_office import first_filings


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Path:
    return first_filings(tmp_path_factory.mktemp("command") / "home", empty_work).settings.home


def run(home: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["statement", *arguments], env={"ESEP_HOME": str(home), "ESEP_LANGUAGE": "ru"})
    return done.exit_code, done.output


def test_the_command_writes_and_then_verifies(home: Path) -> None:
    arguments = ("2025", "--known-on", "2026-02-28", "--taxpayer", "940140000385", "--language", "en")
    code, output = run(home, *arguments)
    assert (code, output.splitlines()[0].split(":")[0]) == (0, "Записано")
    folder = home / "reports/statement/2025/as-known-on-2026-02-28-en-taxpayer-940140000385"
    assert {path.name for path in (folder / "taxpayer").iterdir()} == {"940140000385.en.pdf", "940140000385.xlsx"}
    code, output = run(home, *arguments, "--json")
    assert (code, json.loads(output)["written"]) == (0, False)


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["2031", "--known-on", "2026-02-28"], "years with figures: 2025"),
        (["2025", "--taxpayer", "1"], "no rows of this taxpayer"),
        (["2025", "--known-on", "2999-01-01"], "yet to come"),
        (["1"], "not in the range"),
    ],
)
def test_what_cannot_be_written_is_reported_with_exit_code_2(home: Path, arguments: list[str], reported: str) -> None:
    code, output = run(home, *arguments)
    assert code == 2
    assert reported in " ".join(output.split())


def test_a_missing_warehouse_is_reported(tmp_path: Path) -> None:
    code, output = run(tmp_path, "2025")
    assert code == 2
    assert "no warehouse has been published" in output


def test_a_run_tells_of_the_year_before_as_known_the_day_before() -> None:
    scheduled = datetime(2026, 3, 1, 6, tzinfo=TIMEZONE)
    now = datetime(2029, 7, 1, 12, tzinfo=TIMEZONE)
    wanted = {"year": 2025, "known_on": "2026-02-28", "taxpayer": None}
    assert steps.statement_year(None, None, None, scheduled, now) == wanted
    assert steps.statement_year(None, None, " ", None, scheduled) == wanted
    given = steps.statement_year(2024, "2025-12-31", "940140000385", None, now)
    assert given == {"year": 2024, "known_on": "2025-12-31", "taxpayer": "940140000385"}


@pytest.mark.parametrize(("known_on", "reported"), [("2029-07-02", "yet to come"), ("31.12.2025", "YYYY-MM-DD")])
def test_a_day_that_cannot_be_reported_of_is_refused(known_on: str, reported: str) -> None:
    with pytest.raises(steps.ParameterError, match=reported):
        steps.statement_year(None, known_on, None, None, datetime(2029, 7, 1, 12, tzinfo=TIMEZONE))


def test_the_task_writes_and_refuses_a_year_without_figures(home: Path) -> None:
    chosen = {"year": 2025, "known_on": date(2026, 2, 28).isoformat(), "taxpayer": "990140004654"}
    first = steps.write_statement(Settings(home=home), chosen)
    assert (first["written"], first["taxpayers"]) == (True, 1)
    assert steps.write_statement(Settings(home=home), chosen) == first | {"written": False}
    with pytest.raises(steps.ParameterError, match="years with figures: 2025"):
        steps.write_statement(Settings(home=home), chosen | {"year": 2024})
