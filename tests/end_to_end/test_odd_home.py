"""The whole way in a home whose name is full of signs that addresses, patterns and SQL use."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from end_to_end import filer
from end_to_end.conftest import Office
from end_to_end.test_inbox_to_figures import INCOME_A, MARCH, NOW, PRICES, RATES
from esep.backup.restoring import restore
from esep.backup.saving import save
from esep.orchestration import tasks
from esep.reports import quality_report
from esep.warehouse import duckdb_paths, work
from esep.warehouse.rebuild import rebuild
from web.conftest import pages

if TYPE_CHECKING:
    from web.conftest import Pages

__all__ = ["pages"]

ODD = "a home?#b%25 %c[x]*{1,2}ә'q"
INCOME = "select income_kzt from annual_income where role = 'miner' and asset = 'BTC' order by income_kzt desc limit 1"


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(duckdb_paths.CACHE, str(tmp_path / "caches"))
    return tmp_path / "caches" / "esep"


@pytest.fixture
def office(tmp_path: Path, caches: Path) -> Office:
    return Office(tmp_path / ODD)


def test_signs_in_the_name_of_the_home_do_not_matter(
    office: Office, drop, pages: Pages, caches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = office.settings
    filer.write_reference(settings.reference, PRICES, RATES)
    drop("march", MARCH, "2025-04-10T10:00:00+05:00")
    office.process(NOW)
    tasks.publish_masked(settings)
    assert office.query(INCOME) == [(INCOME_A,)]
    with duckdb.connect(str(settings.masked_snapshot), read_only=True) as masked:
        assert masked.execute(INCOME).fetchall() == [(INCOME_A,)]

    # The working file and the kept one of the masked snapshot are the owner's alone.
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in caches.iterdir()] == [0o700] * 2
    assert work.file(settings).parent.parent == caches

    page = pages(settings).get(f"/income/2025/miner/{filer.MINER_A}")
    assert page.status_code == 200
    assert "22" in page.text
    assert "511" in page.text
    monkeypatch.setattr(quality_report, "LANGUAGES", ("en",))
    assert quality_report.write(settings, date(2025, 3, 1), date(2025, 4, 26)).folder.is_relative_to(settings.home)

    rebuild(settings, NOW)
    assert office.query(INCOME) == [(INCOME_A,)]

    save(settings, tmp_path / "kept?.tar.zst", NOW)
    home = tmp_path / f"again {ODD}"
    restored = restore(tmp_path / "kept?.tar.zst", settings, home, NOW)
    assert restored.agrees is True
    assert work.file(replace(settings, home=home)).is_file()
    assert len(list(caches.iterdir())) == 4

    work.discard(settings)
    assert len(list(caches.iterdir())) == 3
