"""Both kinds of stores for tests: a folder, and the S3 of `s3_server`. To be imported by a conftest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esep.office import joining
from store import s3_server
from store.s3_server import S3

ALONE, FOLDER, OBJECTS = "alone", "folder", "objects"
HEAVY = pytest.mark.heavy


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    with s3_server.running() as running:
        yield running


def _fresh(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    if kind == OBJECTS:
        request.getfixturevalue("s3").faults()
        return s3_server.fresh_address
    made: list[Path] = []

    def fresh() -> str:
        made.append(tmp_path / f"store-{len(made)}")
        made[-1].mkdir()
        return made[-1].as_uri()

    return fresh


@pytest.fixture(params=[FOLDER, OBJECTS])
def fresh_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes the address of an empty store, each time another one."""
    return _fresh(request.param, request, tmp_path)


@pytest.fixture(params=[ALONE, pytest.param(FOLDER, marks=HEAVY), pytest.param(OBJECTS, marks=HEAVY)])
def join_home(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path], None]:
    """Joins a home to an empty store, or leaves it alone, as most are. For tests of kills: no wait for the disk."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    if request.param == ALONE:
        return lambda home: None
    fresh = _fresh(request.param, request, tmp_path)
    return lambda home: joining.join(home, fresh()) and None


def reached() -> dict[str, str]:
    """The variables by which a child process reaches the S3, if one runs."""
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
