"""Lakes from before lie under another key: whoever opens a file that a verdict names finds it where it is now."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from esep.answers import statement
from esep.examination.comparison import damaged
from esep.handover import bundle
from esep.lake import files as lake_files
from esep.lake import places
from esep.lake.places import KEY, OLDER_KEY
from esep.lake.schema import DISTRIBUTION
from esep.letters.outbox import recorded_findings
from esep.office import archive
from esep.proof.check import check
from esep.warehouse import published
from esep.warehouse.rebuild import rebuild
from esep.warehouse.reckoning import everything
from proof.proved_office import fill, make_older, move
from warehouse.test_publication import content
from warehouse.warehouse_office import Office, moment, row

FIRST = "2025-000001"
LATER = moment("2026-03-05")


@pytest.fixture
def older(tmp_path: Path, empty_work: Path) -> Office:
    """An office with a lake from before, of which one filing was examined three times."""
    office = fill(tmp_path / "home", empty_work)
    office.examine(FIRST, [row("2025-01-06", quantity="2.5")], examination_no=3, examined_at=LATER)
    make_older(office.settings.home)
    office.refresh(LATER)
    return office


def test_a_path_leads_to_the_file_wherever_it_is(tmp_path: Path) -> None:
    older, newer = (f"finding/{key}=unknown/2025-000001.parquet" for key in (OLDER_KEY, KEY))
    assert [places.found(tmp_path, path) for path in (older, newer)] == [older, newer], "at neither place"
    (tmp_path / newer).parent.mkdir(parents=True)
    (tmp_path / newer).touch()
    assert [places.found(tmp_path, path) for path in (older, newer)] == [newer, newer]
    (tmp_path / older).parent.mkdir()
    (tmp_path / older).touch()
    assert [places.found(tmp_path, path) for path in (older, newer)] == [older, newer], "what was recorded is first"
    assert places.of_today(older) == places.of_today(newer) == newer


def test_everybody_finds_the_files_of_a_lake_of_which_a_part_was_moved(older: Office) -> None:
    settings, before = older.settings, content(older)
    assert {Path(path).parts[1][:7] for path, *_ in before["internal.loaded_file"]} == {f"{OLDER_KEY}="}
    move(settings.home, KEY, f"{FIRST}*")
    report = check(settings, full=True)
    assert (report.damages, report.strays) == ((), ())
    rebuild(settings, LATER)
    assert content(older) == before
    assert everything.reckon(settings).differences == ()
    with published.opened(settings) as connection:
        assert statement.statement(connection, settings, 2025, date(2026, 3, 2)).filings
    for entry in archive.registered(settings):
        verdict = entry.verdict
        assert verdict
        assert damaged(verdict, settings) == {}
        assert len(recorded_findings(settings, entry.number, verdict)) == 0
        path = bundle.proved(settings, entry).rows
        assert path
        assert lake_files.read(settings, DISTRIBUTION, path).num_rows == verdict["row_count"]


def test_what_was_written_before_has_its_hash_wherever_it_is(older: Office) -> None:
    move(older.settings.home, KEY)
    path = next((older.settings.lake / "distribution").rglob(f"{FIRST}.parquet"))
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    [damage] = check(older.settings).damages
    assert damage.path == f"lake/distribution/{KEY}=2025-01/{FIRST}.parquet"
    path.unlink()
    [damage] = check(older.settings).damages
    assert damage.path == f"lake/distribution/{OLDER_KEY}=2025-01/{FIRST}.parquet", "as recorded"
