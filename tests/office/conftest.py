"""An office with an empty inbox, and short ways to drop packages into it and look at what was registered."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.office import archive, intake
from esep.office.intake import Registered
from store.stores import join_home, s3  # noqa: F401 - fixtures

NOW = datetime(2099, 6, 10, 12, 0, tzinfo=TIMEZONE)
"""Far ahead, so that everything a test writes has long settled and every stamp of a test lies in the past."""


class Office:
    """An $ESEP_HOME in a temporary folder. `verdicts` are pool and period by the bytes of a package."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.settings.inbox.mkdir(parents=True)
        self.inbox = self.settings.inbox
        self.verdicts: dict[str, tuple[str | None, date | None]] = {}
        self.asked: list[str] = []

    def file(self, name: str, content: bytes | str = b"bytes", stamp: dict[str, Any] | None = None) -> Path:
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if stamp is not None:
            (self.inbox / f"{name}.office.json").write_text(json.dumps(stamp), encoding="utf-8")
        return path

    def folder(self, name: str, files: dict[str, bytes], stamp: dict[str, Any] | None = None) -> Path:
        path = self.inbox / name
        path.mkdir(parents=True)
        for relative, content in files.items():
            above = path
            for part in relative.split("/")[:-1]:  # one by one: pathlib's parents=True recurses
                above /= part
                above.mkdir(exist_ok=True)
            (path / relative).write_bytes(content)
        if stamp is not None:
            (path / "office.json").write_text(json.dumps(stamp), encoding="utf-8")
        return path

    def identity_of(self, number: str) -> tuple[str | None, date | None] | None:
        self.asked.append(number)
        package = archive.entry(self.settings, number).package
        first = min(path for path in package.rglob("*") if path.is_file())
        return self.verdicts.get(first.read_bytes().decode(errors="replace"))

    def run(self, now: datetime = NOW) -> list[Registered]:
        return intake.register_waiting(self.settings, now, self.identity_of)

    def numbers(self) -> list[str]:
        return [entry.number for entry in archive.registered(self.settings)]

    def left(self) -> list[str]:
        """Every name in the inbox, hidden ones too."""
        return sorted(path.name for path in self.inbox.iterdir())

    def staged(self) -> list[Path]:
        return [left for staging in self.settings.archive.rglob(archive.STAGING) for left in staging.iterdir()]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "home")


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def later() -> Callable[[int], datetime]:
    """So many minutes after NOW."""
    return lambda minutes: NOW + timedelta(minutes=minutes)


def tree(folder: Path) -> dict[str, bytes]:
    """Relative path → bytes of every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(name="tree")
def tree_fixture() -> Callable[[Path], dict[str, bytes]]:
    return tree
