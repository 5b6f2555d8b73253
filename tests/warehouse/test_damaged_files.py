"""Files of the warehouse that a full disk, a power cut or a person has damaged: reported, thrown away, built anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esep.config import Settings
from esep.warehouse import build, checks, load, published, reference, work
from esep.warehouse.errors import DamagedFileError, NotLoadedError, WarehouseError
from esep.warehouse.reference_rules import examine
from esep.warehouse.reference_spec import Fault
from warehouse.warehouse_office import NOW, row

HEADERS = 3 * 4096
BLOCK = 256 * 1024
INCOME = "select * from annual_income order by all"


def fill(office) -> None:
    office.prices("2025-01-06,BTC,10,KZT")
    office.file("2025-02-11", [row("2025-01-06", quantity="2")])
    office.refresh()


def refresh_again(office, now) -> bool:
    """Refresh until it succeeds; whether damage was reported on the way."""
    try:
        office.refresh(now)
    except DamagedFileError:
        office.refresh(now)
        return True
    return False


def test_a_damaged_working_file_never_stays_in_the_way(office):
    """Block after block: DuckDB opens such a file and fails at a later query, or not at all."""
    fill(office)
    before = office.query(INCOME)
    path = work.file(office.settings)
    size = path.stat().st_size
    reported = False
    for number, start in enumerate(reversed(range(HEADERS, size, BLOCK))):
        content = bytearray(path.read_bytes())
        block = slice(start, start + BLOCK)
        content[block] = bytes(byte ^ 0x5A for byte in content[block])
        path.write_bytes(content)
        reported = refresh_again(office, NOW + timedelta(days=number))
        assert office.query(INCOME) == before
        if reported:
            break
    assert reported


def test_a_home_with_lock_in_its_name_is_not_taken_for_a_locked_file(tmp_path):
    settings = Settings(home=tmp_path / "blocks, locked")
    path = work.file(settings)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a database")
    with work.opened(settings) as connection:
        assert connection.execute("select count(*) from build").fetchall() == [(1,)]


def test_an_error_that_is_no_damage_keeps_the_working_file(office, monkeypatch):
    import duckdb

    fill(office)
    inode = work.file(office.settings).stat().st_ino
    with pytest.raises(duckdb.ParserException), work.opened(office.settings) as connection:
        connection.execute("no sql")
    assert work.file(office.settings).stat().st_ino == inode


def test_a_working_file_that_vanished_after_the_load_is_never_published_empty(office):
    fill(office)
    before = office.query(INCOME)
    office.file("2025-02-12", [row("2025-01-06", quantity="3")], period="2025-02-01")
    load.load(office.settings, NOW)
    work.file(office.settings).unlink()
    build.build_marts(office.settings, NOW)
    work.file(office.settings).unlink()
    with pytest.raises(NotLoadedError):
        checks.run(office.settings)
    with pytest.raises(WarehouseError):
        published.publish(office.settings)
    assert office.query(INCOME) == before
    office.refresh()
    assert len(office.query("select 1 from filing")) == 2


def test_figures_built_on_a_vanished_working_file_are_whole(office):
    fill(office)
    before = office.query(INCOME)
    work.file(office.settings).unlink()
    build.build_marts(office.settings, NOW)
    checks.run(office.settings)
    published.publish(office.settings)
    assert office.query(INCOME) == before


def test_a_snapshot_that_cannot_be_opened_is_published_again(office):
    fill(office)
    before = office.query(INCOME)
    assert not office.refresh().publish.published
    office.settings.snapshot.write_bytes(b"not a database")
    assert office.refresh().publish.published
    assert office.query(INCOME) == before


def _edited(version: reference.Version) -> None:
    version.path.write_bytes(version.path.read_bytes().replace(b",10,", b",1,"))


def _removed(version: reference.Version) -> None:
    version.path.unlink()


def _record_broken(version: reference.Version) -> None:
    version.path.with_suffix(".json").write_text("{")


@pytest.mark.parametrize("damage", [_edited, _removed, _record_broken])
def test_a_damaged_accepted_version_is_reported_and_not_used(office, damage):
    fill(office)
    before = office.query(INCOME)
    version = reference.in_force(office.settings, "price")
    assert version is not None
    damage(version)
    work.discard(office.settings)
    with pytest.raises(WarehouseError, match=version.path.stem):
        office.refresh()
    assert office.query(INCOME) == before


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (['2025-01-06,BTC,1,USD,"open', "2025-01-07,BTC,2,USD,x"], 2),
        (["2025-01-06,BTC,1,USD,x", '2025-01-07,BTC,2,USD,"x"y', "2025-01-08,BTC,2,USD,x"], 3),
    ],
)
def test_a_quotation_mark_without_its_other_half_swallows_no_rows(lines, line):
    content = "\n".join(["date,asset,price,currency,source", *lines, ""]).encode()
    _, problems = examine("price", content)
    assert [(problem.line, problem.fault) for problem in problems] == [(line, Fault.QUOTES)]
