"""How long a run waits for packages that were changed a moment ago."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from esep.config import Settings
from esep.orchestration import run


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path, inbox_settle_seconds=1.0)
    settings.inbox.mkdir()
    return settings


def waited(settings: Settings) -> float:
    started = time.monotonic()
    with Console(file=io.StringIO()).status("") as status:
        run._wait_for_unsettled(settings, started, status)
    return time.monotonic() - started


def test_an_empty_inbox_is_not_waited_for(settings: Settings) -> None:
    assert waited(settings) < 0.5


def test_a_fresh_package_is_waited_for_until_it_has_settled(settings: Settings) -> None:
    (settings.inbox / "fresh.zip").write_bytes(b"1")
    assert 0.5 <= waited(settings) <= 1.9
    assert run._waiting(settings) == {"fresh.zip"}


def test_what_a_person_has_to_mend_is_not_waited_for(settings: Settings) -> None:
    (settings.inbox / "half.zip.part").write_bytes(b"1")
    (settings.inbox / "alone.office.json").write_text("{}")
    assert waited(settings) < 0.5
    assert {left.name for left in run._left(settings)} == {"half.zip.part", "alone.office.json"}


def test_a_package_that_goes_on_changing_is_left_with_its_reason(settings: Settings) -> None:
    # Its newest change lies ahead of the end of the wait: it cannot settle in time.
    package = settings.inbox / "growing.zip"
    package.write_bytes(b"1")
    time.sleep(0.7)
    started = time.monotonic() - 1.0
    package.write_bytes(b"22")
    with Console(file=io.StringIO()).status("") as status:
        run._wait_for_unsettled(settings, started, status)
    assert time.monotonic() - started < 1.9
    [left] = run._left(settings)
    assert left.name == "growing.zip"
    assert "changed" in left.reason
