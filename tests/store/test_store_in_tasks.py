"""The first task of `intake` and `bin/esep status` try the store; every task begins with what others recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from esep import clock
from esep.cli.main import main
from esep.config import Settings
from esep.office import file_system, joining
from esep.office.file_system import FileSystemError, Lack
from esep.orchestration import common, tasks
from esep.store import trial
from esep.store.trial import StoreLack
from esep.texts import LANGUAGES, text
from office.conftest import Office


@pytest.fixture
def office(tmp_path: Path, fresh_store: Callable[[], str]) -> Office:
    office = Office(tmp_path / "home")
    office.settings = Settings(home=office.settings.home, inbox_settle_seconds=0, store=fresh_store())
    return office


def joined(office: Office) -> str:
    return joining.join(office.settings.home, str(office.settings.store)).office


def test_a_home_that_has_joined_is_fit(office: Office) -> None:
    joined(office)
    assert file_system.faults(office.settings) == []
    office.file("a.xlsx")
    assert len(tasks.register(office.settings, clock.now)["registered"]) == 1


def test_nothing_is_registered_before_the_home_has_joined(office: Office) -> None:
    office.file("a.xlsx")
    with pytest.raises(FileSystemError, match=r"has not joined the store ESEP_STORE.*bin/esep store join"):
        tasks.register(office.settings, clock.now)
    assert office.left() == ["a.xlsx"]


@pytest.mark.parametrize("other", [None, "s3://other/office"])
def test_nothing_is_registered_where_another_store_is_named(office: Office, other: str | None) -> None:
    joined(office)
    [fault] = file_system.faults(Settings(home=office.settings.home, store=other))
    assert fault.lack == Lack.OTHER_STORE
    assert str(office.settings.home) in fault.words("en")


def test_nothing_is_registered_in_a_store_that_lacks_something(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    joined(office)
    office.file("a.xlsx")
    monkeypatch.setattr(trial, "lacks", lambda store: [StoreLack.NEW_OBJECTS])
    with pytest.raises(FileSystemError, match=f"{office.settings.store}: what is written under a name that is taken"):
        tasks.register(office.settings, clock.now)
    assert office.left() == ["a.xlsx"]


def test_a_store_that_is_gone_is_named(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    home = tmp_path / "home"
    joining.join(home, share.as_uri())
    share.rename(tmp_path / "unmounted")
    [fault] = file_system.faults(Settings(home=home, store=share.as_uri()))
    assert fault.lack == Lack.STORE
    assert "is the share mounted?" in fault.words("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lack_has_its_words(language: str) -> None:
    assert len({text(f"status.lack_{lack}", language) for lack in StoreLack}) == len(StoreLack)


def test_a_task_begins_with_what_others_recorded(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = joined(office)
    other = Office(tmp_path / "other")
    joining.join(other.settings.home, str(office.settings.store), identity)
    office.file("a.xlsx")
    [number] = [one.number for one in office.run()]
    monkeypatch.setenv("ESEP_HOME", str(other.settings.home))
    monkeypatch.setenv("ESEP_STORE", str(office.settings.store))
    common.enter({})
    assert other.numbers() == [number]


def test_the_command_joins_and_says_whose_store_it_is(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ESEP_HOME", str(office.settings.home))
    monkeypatch.setenv("ESEP_STORE", str(office.settings.store))
    for _ in range(2):
        assert run(["store", "join", "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["brought"], said["taken"]) == (0, 0)
    monkeypatch.setenv("ESEP_HOME", str(tmp_path / "second"))
    assert run(["store", "join"]) == 2
    assert f"--office {said['office']}" in capsys.readouterr().err
    assert run(["store", "join", "--office", said["office"]]) == 0
    monkeypatch.setenv("ESEP_STORE", "")
    assert run(["store", "join"]) == 2
    assert "ESEP_STORE is not set" in capsys.readouterr().err


def run(words: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    return int(ended.value.code or 0)
