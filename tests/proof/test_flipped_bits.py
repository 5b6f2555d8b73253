"""One bit, anywhere: named by the look at all files that the load begins with, before a figure could change."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from esep.proof import check
from esep.warehouse import rebuild
from esep.warehouse.errors import DamagedHomeError
from proof.proved_office import add_revision, fill, flip, kind_of, proved
from warehouse.warehouse_office import NOW, Office

PLACES = 1000
REBUILDS = 20
REFUSED_PACKAGE = "2025-000003/package"
"""Bytes of a filing that is not in force: named, but no reason to publish nothing."""
FIGURES = "select * from annual_income order by all"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    """A sound office with published figures; what a test damages in it, it puts back."""
    office = fill(tmp_path_factory.mktemp("sound"), empty_work)
    office.refresh()
    add_revision(office)
    assert check.check(office.settings, full=True).damages == ()
    return office


def places(home: Path, count: int) -> list[tuple[Path, int]]:
    """Files and bits: every file in turn, so that each kind is met, and in each a random bit."""
    chosen, files = random.Random(8), proved(home)
    return [(path, chosen.randrange(path.stat().st_size * 8)) for path in (files * count)[:count]]


def test_every_flipped_bit_is_named_by_the_loads_own_look(sound: Office) -> None:
    home = sound.settings.home
    met: Counter[str] = Counter()
    for path, bit in places(home, PLACES):
        content = path.read_bytes()
        flip(path, bit)
        report = check.check(sound.settings)
        named = {damage.path for damage in report.damages}
        relative = path.relative_to(home).as_posix()
        assert relative in named, (relative, bit)
        assert report.stopping or "/package/" in relative, (relative, bit)
        met[kind_of(home, path)] += 1
        path.write_bytes(content)
    assert check.check(sound.settings).damages == ()
    assert sum(met.values()) == PLACES
    assert len(met) == len({kind_of(home, path) for path in proved(home)}) == 13
    assert min(met.values()) >= PLACES // len(proved(home))


def test_no_flipped_bit_comes_through_a_rebuild(sound: Office) -> None:
    before = sound.query(FIGURES)
    inode = sound.settings.snapshot.stat().st_ino
    counting = [place for place in places(sound.settings.home, PLACES) if REFUSED_PACKAGE not in str(place[0])]
    for path, bit in counting[:: len(counting) // REBUILDS]:
        content = path.read_bytes()
        flip(path, bit)
        with pytest.raises(DamagedHomeError, match=path.name):
            rebuild.rebuild(sound.settings, NOW)
        assert sound.settings.snapshot.stat().st_ino == inode, "readers keep the last snapshot"
        path.write_bytes(content)
    assert sound.query(FIGURES) == before


def test_damage_that_changes_no_time_is_found_by_reading_everything(
    sound: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that forgets a bit leaves size and times as they were; a rebuild and the daily look read every byte."""
    settings = sound.settings
    monkeypatch.setattr(check, "UNSETTLED_NS", -(10**12))
    monkeypatch.setattr(check.looks, "fingerprint", lambda *_: "as it was")
    path = next((settings.lake / "distribution").rglob("*.parquet"))
    content = path.read_bytes()
    assert check.check(settings, full=True).damages == ()
    flip(path, 100)
    assert check.check(settings).files == 0, "nothing seems to have changed"
    (found,) = check.check(settings, full=True).damages
    assert found.path == path.relative_to(settings.home).as_posix()
    assert check.check(settings).damages == (found,), "what was found is not forgotten by the next load"
    path.write_bytes(content)
