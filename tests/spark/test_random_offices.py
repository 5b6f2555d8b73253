"""Offices by chance are the same under both engines, and each month added to them is as a full run."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from esep.warehouse import rebuild
from spark import random_office, strained_office
from spark.two_engines import LATER, published_by_both, require_same

pytestmark = pytest.mark.heavy


@pytest.mark.parametrize("seed", range(1))
def test_an_office_by_chance_is_the_same(seed: int, quick_spark: None, tmp_path: Path, empty_work: Path) -> None:
    office = random_office.filled(tmp_path / "home", empty_work, seed)
    office.refresh()
    random_office.later_prices(office, seed + 100)
    office.refresh(LATER)
    ran = published_by_both(office, tmp_path)
    settings = ran.office.settings
    compared = require_same(settings.snapshot, ran.by_duckdb)
    compared += require_same(settings.masked_snapshot, ran.masked_by_duckdb)
    print(f"seed {seed}: {compared} rows of every relation compared, none differs")
    ((accepted, valued),) = ran.office.query(
        "select (select count(*) from filing where verdict = 'accepted'), (select count(*) from distribution_value "
        "where value_kzt is not null)"
    )
    assert accepted > 20
    assert valued > 100
    ran.office.file("2025-12-10", strained_office.drawn(seed), period="2025-04-01", pool=random_office.POOLS[0])
    ran.office.refresh(LATER)
    shutil.copy(settings.snapshot, tmp_path / "increment.duckdb")
    rebuild.rebuild(replace(settings), LATER)
    require_same(settings.snapshot, tmp_path / "increment.duckdb")
