"""What a failed step leaves for `bin/esep status`, and when it goes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from esep import clock, failures
from esep.config import Settings
from esep.examination.pending import PendingError
from esep.letters.missing import LettersError
from esep.office.package import Arrival, Package
from esep.orchestration import common, tasks


def fail(settings: Settings, step: str, *, alone: bool = True) -> None:
    with pytest.raises(OSError, match="disk"), common.reported(step, settings, alone=alone):
        raise OSError("the disk is full")


def standing(settings: Settings) -> list[tuple[str, str]]:
    return [(one.step, one.text) for one in failures.standing(settings)]


def test_a_failed_step_is_kept_until_it_succeeds(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    fail(settings, "load")
    assert standing(settings) == [("load", "the disk is full")]
    with common.reported("checks", settings):
        pass
    assert standing(settings) == [("load", "the disk is full")]
    with common.reported("load", settings):
        pass
    assert standing(settings) == []


def test_one_batch_that_succeeds_does_not_hide_another_that_failed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    fail(settings, "examine", alone=False)
    with common.reported("examine", settings, alone=False):
        pass
    assert standing(settings) == [("examine", "the disk is full")]
    assert tasks.batches(settings) == []
    assert standing(settings) == [], "the next run tries all of them again"


def test_a_real_task_leaves_its_failure(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(Exception, match="no check has seen"):
        tasks.publish(settings)
    assert [one.step for one in failures.standing(settings)] == ["publish"]


def test_a_home_that_cannot_be_written_does_not_hide_the_failure_itself(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    fail(Settings(home=tmp_path / "file"), "load")


@pytest.mark.parametrize(("error", "of"), [(LettersError, "1000 letters"), (PendingError, "1000 filings")])
def test_one_cause_that_concerns_each_of_a_flood_is_reported_in_few_words(
    error: Callable[..., Exception], of: str
) -> None:
    faults = [(f"2025-{serial:06d}", ValueError("a long text " * 100)) for serial in range(1, 1_001)]
    reported = error(faults, [])
    text = str(reported)
    assert text.count("ValueError: a long text") == 5
    assert of in text
    assert "and 995 more, each in the log" in text
    assert len(text) < 6_000
    assert len(reported.numbers) == 1_000  # type: ignore[attr-defined]
    few = str(error(faults[:2], []))
    assert "2025-000002" in few
    assert "more" not in few


def test_the_log_says_a_package_in_one_line_whatever_its_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path, inbox_settle_seconds=0)
    names = ["a\nERROR register failed: none", "b\r\x1b[31m\u2028\u202ec", "й ё"]
    for name in names:
        (settings.inbox / name).mkdir(parents=True)
        (settings.inbox / name / "form.xlsx").write_text(name)
    with caplog.at_level(logging.INFO, "esep"):
        taken = tasks.register(settings, clock.now())
    assert sorted(item["source"] for item in taken["registered"]) == sorted(names)
    reported = {record.getMessage().partition("registered: ")[2] for record in caplog.records}
    assert reported == {r"a\nERROR register failed: none", r"b\r\x1b[31m\u2028\u202ec", "й ё"}
    (settings.inbox / names[0]).mkdir()
    (settings.inbox / names[0] / "form.xlsx").write_text("other")
    monkeypatch.setattr("esep.office.intake.arrival_of", broken)
    caplog.clear()
    with caplog.at_level(logging.INFO, "esep"), pytest.raises(common.StepError) as error:
        tasks.register(settings, clock.now())
    assert "\n" not in str(error.value)
    assert not [record for record in caplog.records if "\n" in record.getMessage()]


def broken(package: Package) -> Arrival:
    raise OSError(f"{package.path}: it cannot be read")
