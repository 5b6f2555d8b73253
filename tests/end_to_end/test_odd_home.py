"""The way from the inbox to the figures in a home whose name is full of signs that addresses and patterns use."""

from __future__ import annotations

from pathlib import Path

import pytest

from end_to_end import filer
from end_to_end.conftest import Office
from end_to_end.test_inbox_to_figures import INCOME_A, MARCH, NOW, PRICES, RATES


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "a home#b%25 %c[x]ә'q")


def test_signs_in_the_name_of_the_home_do_not_matter(office, drop):
    filer.write_reference(office.settings.reference, PRICES, RATES)
    drop("march", MARCH, "2025-04-10T10:00:00+05:00")
    office.process(NOW)
    told = office.query("select income_kzt from annual_income where taxpayer_id = ? and asset = 'BTC'", filer.MINER_A)
    assert told == [(INCOME_A,)]
