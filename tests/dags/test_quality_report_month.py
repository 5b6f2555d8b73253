"""Which month a run of the DAG quality_report means."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from esep import failures
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.orchestration import periodic as steps
from esep.reports import quality_report as reports
from esep.reports.quality_report import Written

NOW = datetime(2025, 6, 10, 12, 0, tzinfo=TIMEZONE)


@pytest.mark.parametrize(
    ("month", "logical_date", "expected"),
    [
        (None, datetime(2025, 4, 28, 1, 0, tzinfo=UTC), ("2025-02-01", "2025-04-28")),  # the schedule's 06:00
        (None, datetime(2025, 1, 27, 19, 0, tzinfo=UTC), ("2024-11-01", "2025-01-28")),  # local midnight
        (None, None, ("2025-04-01", "2025-06-10")),  # started by hand
        ("2025-03", None, ("2025-03-01", "2025-06-10")),
    ],
)
def test_the_month_that_is_meant(month, logical_date, expected) -> None:
    chosen = steps.report_month(month, logical_date, NOW)
    assert (chosen["month"], chosen["as_of"]) == expected


@pytest.mark.parametrize("month", ["03.2025", "2025-13", "2025-03-01"])
def test_what_is_no_month_is_reported(month) -> None:
    with pytest.raises(steps.ParameterError, match="a month is written YYYY-MM"):
        steps.report_month(month, None, NOW)


def test_the_task_tells_what_it_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(settings: Settings, month: date, as_of: date) -> Written:
        return Written(month, as_of, settings.reports / "quality" / "2025-02", True)

    monkeypatch.setattr(reports, "write", write)
    reported = steps.write_report(Settings(home=tmp_path), {"month": "2025-02-01", "as_of": "2025-04-28"})
    assert reported == {
        "folder": str(tmp_path / "reports" / "quality" / "2025-02"), "written": True, "as_of": "2025-04-28",
    }  # fmt: skip


def test_nothing_to_report_yet_is_no_failure_of_the_step(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(steps.ParameterError, match="no warehouse has been published yet"):
        steps.write_report(settings, {"month": "2025-02-01", "as_of": "2025-04-28"})
    with pytest.raises(steps.ParameterError, match="no warehouse has been published yet"):
        steps.write_statement(settings, {"year": 2025, "known_on": "2026-02-28", "taxpayer": None})
    assert failures.standing(settings) == []


def test_a_fault_of_the_step_is_kept_until_it_succeeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(settings: Settings, month: date, as_of: date) -> Written:
        raise OSError(28, "No space left on device")

    settings = Settings(home=tmp_path)
    monkeypatch.setattr(reports, "write", full)
    with pytest.raises(OSError, match="No space left"):
        steps.write_report(settings, {"month": "2025-02-01", "as_of": "2025-04-28"})
    assert [failure.step for failure in failures.standing(settings)] == ["quality_report"]
