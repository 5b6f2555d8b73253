"""Versions of reference files that another machine accepted count, and nothing older comes back over them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.office import joining
from esep.proof.check import check
from esep.records import turns
from esep.warehouse import reference
from esep.warehouse.reference_proposal import Mode, Proposal

NOW = datetime(2025, 6, 1, 12, tzinfo=TIMEZONE)
DAY = timedelta(days=1)
HEAD = b"date,asset,price,currency,source\n"
SIXTH, SEVENTH, RIGHT, EIGHTH = (
    b"2025-01-%02d,BTC,%d,USD,list\n" % row for row in ((6, 100), (7, 101), (7, 111), (8, 102))
)
FIRST, CORRECTED = HEAD + SIXTH + SEVENTH, HEAD + SIXTH + RIGHT


@pytest.fixture
def homes(tmp_path: Path, fresh_store: Callable[[], str]) -> tuple[Settings, Settings]:
    """The first has accepted FIRST, which lies in its folder; the second is restored from a backup of that day."""
    one, other = (Settings(home=tmp_path / name, inbox_settle_seconds=0) for name in ("one", "other"))
    one.reference.mkdir(parents=True)
    (one.reference / "price.csv").write_bytes(FIRST)
    assert states(one, NOW) == ["accepted"]
    shutil.copytree(one.home, other.home)
    store = fresh_store()
    office = joining.join(one.home, store).office
    correct(one, NOW + DAY)
    joining.join(other.home, store, office)
    return one, other


def correct(settings: Settings, now: datetime) -> None:
    _, report = reference.add(settings, "price", CORRECTED, now, Mode.REPLACE)
    assert report is not None
    assert report.state == "accepted"


def states(settings: Settings, now: datetime) -> list[str]:
    return [report.state for report in reference.accept(settings, now) if report.state != "missing"]


def in_force(settings: Settings) -> bytes:
    turns.take_in(settings.home)
    version = reference.in_force(settings, "price")
    assert version is not None
    assert check(settings, full=True).damages == check(settings, full=True).strays == ()
    return version.path.read_bytes()


def test_a_restored_home_puts_no_older_prices_back(homes: tuple[Settings, Settings]) -> None:
    assert states(homes[1], NOW + 2 * DAY) == ["unchanged"]
    assert in_force(homes[1]) == CORRECTED
    assert reference.version_count(homes[1], "price") == 2


def test_a_file_that_waits_is_left(homes: tuple[Settings, Settings]) -> None:
    waiting = homes[1].reference / "price.csv"
    waiting.write_bytes(CORRECTED + EIGHTH)
    _, report = reference.add(homes[0], "price", SIXTH.join([HEAD, RIGHT]), NOW + DAY, Mode.ADD)
    assert report is not None
    turns.take_in(homes[1].home)
    assert waiting.read_bytes() == CORRECTED + EIGHTH
    assert states(homes[1], NOW + 2 * DAY) == ["accepted"]
    assert in_force(homes[0]) == CORRECTED + EIGHTH


@pytest.mark.parametrize("mode", [Mode.WHOLE, Mode.ADD])
def test_what_was_judged_against_an_older_version_is_judged_again(
    homes: tuple[Settings, Settings], monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    """Another machine adds a day between judgement and acceptance: it is not lost."""
    one, other = homes
    keep = reference._keep

    def meanwhile(settings: Settings, proposal: Proposal, *given: Any) -> bool:
        monkeypatch.setattr(reference, "_keep", keep)
        assert reference.add(one, "price", HEAD + EIGHTH, NOW + 2 * DAY, Mode.ADD)[1] is not None
        return keep(settings, proposal, *given)

    monkeypatch.setattr(reference, "_keep", meanwhile)
    ninth = b"2025-01-09,BTC,103,USD,list\n"
    content = CORRECTED + ninth if mode is Mode.WHOLE else HEAD + ninth
    reference.reference_folder.drop(other, "price", mode).path.write_bytes(content)
    [state, *_] = states(other, NOW + 3 * DAY)
    assert state == ("refused" if mode is Mode.WHOLE else "unchanged")  # of the whole file; it would let the day go
    assert in_force(other) == CORRECTED + EIGHTH + (b"" if mode is Mode.WHOLE else ninth)
    assert in_force(one) == in_force(other)
    if mode is Mode.ADD:
        assert states(other, NOW + 4 * DAY) == ["unchanged"]
