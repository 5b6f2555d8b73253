"""A file of a package that was left to the store is fetched for whoever opens it, or the page says why it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from esep.office import archive, joining
from esep.records import offloading
from esep.texts import LANGUAGES, text
from office.conftest import Office

if TYPE_CHECKING:
    from starlette.testclient import TestClient

NUMBER = "2099-000001"
ADDRESS = f"/filing/{NUMBER}/file/package?path=form.xlsx"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """With a filing whose package is in the store alone; the store is the folder `share`."""
    office = Office(tmp_path / "home")
    (tmp_path / "share").mkdir()
    joining.join(office.settings.home, (tmp_path / "share").as_uri())
    office.file("form.xlsx", b"the bytes")
    office.run()
    offloading.offload(office.settings.home, NUMBER)
    assert not list((archive.folder_of(office.settings, NUMBER) / archive.PACKAGE).iterdir())
    return office


def test_a_download_brings_it_back(office: Office, pages: Callable[..., TestClient]) -> None:
    answer = pages(office.settings).get(ADDRESS)
    assert (answer.status_code, answer.content) == (200, b"the bytes")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_store_that_is_gone_is_said_in_words(
    office: Office, pages: Callable[..., TestClient], tmp_path: Path, language: str
) -> None:
    (tmp_path / "share").rename(tmp_path / "unmounted")
    answer = pages(office.settings, language=language).get(ADDRESS)
    assert answer.status_code == 503
    assert text("error.store", language) in answer.text
    assert str(tmp_path) not in answer.text
