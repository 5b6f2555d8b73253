"""One server and one browser for the tests of a process, over a copy of the full demo."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.pages_server import NO_BROWSER, PagesServer, chromium, serving
from browser.prepared_home import Hostile, add_hostile_filing


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own: what is done to it must not reach other tests."""
    folder = tmp_path_factory.mktemp("pages") / "home"
    shutil.copytree(demo_home, folder)
    return folder


@pytest.fixture(scope="module")
def hostile(home: Path) -> Hostile:
    return add_hostile_filing(home)


@pytest.fixture(scope="module")
def server(home: Path, hostile: Hostile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesServer]:
    """The pages over a demo in which names attack, so that every test meets them."""
    with serving(home, tmp_path_factory.mktemp("airflow")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:  # a developer may do without one, the checks of a commit may not
        pytest.fail(NO_BROWSER) if os.environ.get("CI") else pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=path, args=options)
        yield launched
        launched.close()
