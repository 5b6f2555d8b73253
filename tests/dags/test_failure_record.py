"""What a failed step leaves for `bin/esep status`, and when it goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from esep import failures
from esep.config import Settings
from esep.orchestration import tasks


def fail(settings: Settings, step: str, *, alone: bool = True) -> None:
    with pytest.raises(OSError, match="disk"), tasks.told(step, settings, alone=alone):
        raise OSError("the disk is full")


def standing(settings: Settings) -> list[tuple[str, str]]:
    return [(one.step, one.text) for one in failures.standing(settings)]


def test_a_failed_step_is_kept_until_it_succeeds(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    fail(settings, "load")
    assert standing(settings) == [("load", "the disk is full")]
    with tasks.told("checks", settings):
        pass
    assert standing(settings) == [("load", "the disk is full")]
    with tasks.told("load", settings):
        pass
    assert standing(settings) == []


def test_one_batch_that_succeeds_does_not_hide_another_that_failed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    fail(settings, "examine", alone=False)
    with tasks.told("examine", settings, alone=False):
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
