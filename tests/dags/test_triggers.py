"""The triggers, run directly: what wakes the DAGs, how often, and what must not stop the watch."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esep.config import Settings
from esep.orchestration.triggers import FolderTrigger, InboxTrigger, ReferenceTrigger

POLL = 0.02


async def events_during(trigger: FolderTrigger, *steps: Callable[[], object], pause: float = 0.15) -> list[list[str]]:
    """Names reported by the trigger while the steps are done one after the other."""
    reported: list[list[str]] = []

    async def listen() -> None:
        async for event in trigger.run():
            reported.append(event.payload["new"])

    task = asyncio.create_task(listen())
    await asyncio.sleep(pause)
    for step in steps:
        step()
        await asyncio.sleep(pause)
    task.cancel()
    return reported


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path))
    monkeypatch.setenv("ESEP_INBOX_SETTLE_SECONDS", "0")
    settings = Settings.from_environment()
    settings.inbox.mkdir()
    settings.reference.mkdir()
    return settings


def test_a_package_wakes_once_and_another_one_again(settings: Settings) -> None:
    def first() -> None:
        (settings.inbox / "one.zip").write_bytes(b"1")

    def second() -> None:
        (settings.inbox / "two.zip").write_bytes(b"2")

    assert asyncio.run(events_during(InboxTrigger(POLL), first, lambda: None, second)) == [["one.zip"], ["two.zip"]]


def test_what_is_there_at_the_start_is_reported(settings: Settings) -> None:
    (settings.inbox / "one.zip").write_bytes(b"1")
    assert asyncio.run(events_during(InboxTrigger(POLL))) == [["one.zip"]]


def test_the_same_name_with_other_bytes_is_new(settings: Settings) -> None:
    def write(text: bytes) -> Callable[[], None]:
        return lambda: (settings.inbox / "one.zip").write_bytes(text) and None

    reported = asyncio.run(events_during(InboxTrigger(POLL), write(b"1"), write(b"22")))
    assert reported == [["one.zip"], ["one.zip"]]


def test_an_unsettled_package_does_not_wake(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_INBOX_SETTLE_SECONDS", "0.6")
    (settings.inbox / "one.zip").write_bytes(b"1")

    assert asyncio.run(events_during(InboxTrigger(POLL))) == []
    time.sleep(0.6)
    assert asyncio.run(events_during(InboxTrigger(POLL))) == [["one.zip"]]


def test_hidden_names_and_an_empty_inbox_do_not_wake(settings: Settings) -> None:
    (settings.inbox / ".one.zip").write_bytes(b"1")
    assert asyncio.run(events_during(InboxTrigger(POLL))) == []


def test_an_inbox_that_is_missing_is_waited_for(settings: Settings) -> None:
    settings.inbox.rmdir()

    def arrive() -> None:
        settings.inbox.mkdir()
        (settings.inbox / "one.zip").write_bytes(b"1")

    assert asyncio.run(events_during(InboxTrigger(POLL), arrive)) == [["one.zip"]]


def test_a_folder_that_cannot_be_listed_does_not_end_the_watch(settings: Settings) -> None:
    class Failing(FolderTrigger):
        looks = 0

        def look(self) -> frozenset[tuple[str, int]]:
            self.looks += 1
            if self.looks < 4:
                raise PermissionError("inbox: permission denied")
            return frozenset({("one", 1)})

    assert asyncio.run(events_during(Failing(POLL))) == [["one"]]


def test_reference_files_wake_when_nobody_writes_to_them(settings: Settings) -> None:
    price = settings.reference / "price.csv"
    price.write_text("date,asset,price,currency,source\n")
    (settings.reference / "notes.txt").write_text("not a reference file")
    old = time.time() - 60

    def age() -> None:
        os.utime(price, (old, old))

    def fresh() -> None:
        price.write_text("date,asset,price,currency,source\n2025-01-06,BTC,1,USD,x\n")

    reported = asyncio.run(events_during(ReferenceTrigger(0.2), age, fresh, pause=0.3))
    assert reported == [["price.csv"]], (
        "reported once when old enough; what was written a moment ago is not reported yet"
    )


@pytest.mark.parametrize("kind", [InboxTrigger, ReferenceTrigger])
def test_a_trigger_can_be_rebuilt_by_the_triggerer(kind: type[FolderTrigger]) -> None:
    path, arguments = kind(7.5).serialize()
    module, _, name = path.rpartition(".")
    rebuilt: Any = getattr(__import__(module, fromlist=[name]), name)(**arguments)
    assert type(rebuilt) is kind
    assert rebuilt.poll_seconds == 7.5
