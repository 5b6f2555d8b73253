"""lake/manifest.parquet says which files of the lake count; who reads the lake by it gets all of them or an error."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from esep.config import Settings
from esep.files import sha256_of
from esep.lake import files as lake_files
from esep.lake import manifest
from esep.lake.manifest import ManifestError, Which, files_of
from esep.lake.places import KEY, OLDER_KEY
from esep.lake.schema import DISTRIBUTION, MANIFEST
from esep.proof.check import check
from esep.warehouse import load, work
from proof.proved_office import fill, make_older, move
from warehouse.warehouse_office import NOW, Office, row

FIRST, SECOND, REFUSED = "2025-000001", "2025-000002", "2025-000003"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Path:
    """Two filings in force, one of them examined twice, one refused, and one of which nobody could read the month."""
    office = fill(tmp_path_factory.mktemp("made") / "home", empty_work)
    office.file("2025-03-13", [row(None)], pool=None, period=None, verdict="refused")
    load.load(office.settings, NOW)
    return office.settings.home


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Office:
    shutil.copytree(made, tmp_path / "home")
    return Office(Settings(home=tmp_path / "home"))


def names(office: Office, which: Which, relation: str = DISTRIBUTION.name) -> dict[str, list[str]]:
    found = files_of(office.settings, relation, which)
    assert all(path.is_file() for paths in found.values() for path in paths)
    return {month: [path.stem for path in paths] for month, paths in found.items()}


def test_the_files_of_a_month_by_which_examination_is_asked_for(office: Office) -> None:
    again = f"{FIRST}.e2"
    assert names(office, Which.IN_FORCE) == {"2025-01": [again], "2025-02": [SECOND]}
    latest = {"2025-01": [again], "2025-02": [SECOND, REFUSED], "unknown": ["2025-000004"]}
    assert names(office, Which.LATEST) == latest
    assert names(office, Which.ALL, "filing") == latest | {"2025-01": [again, FIRST]}


def test_each_row_says_what_its_file_is(office: Office) -> None:
    lake = office.settings.lake
    schema = pq.read_schema(lake / manifest.NAME)
    assert schema.equals(MANIFEST.arrow_schema, check_metadata=False)
    assert all(field.metadata[b"description"] for field in schema)
    rows = manifest.read(office.settings).to_pylist()
    assert [one["path"] for one in rows] == sorted(
        path.relative_to(lake).as_posix() for path in lake.glob(f"*/{KEY}=*/*.parquet")
    )
    for one in rows:
        assert one["sha256"] == sha256_of(lake / one["path"])
        counted = pq.ParquetFile(lake / one["path"]).metadata.num_rows
        is_counted = one["is_latest"] or one["relation"] != "finding"
        assert one["row_count"] == (counted if is_counted else None)
    assert {one["registration_no"] for one in rows if one["verdict"] == "refused"} == {REFUSED, "2025-000004"}
    assert check(office.settings, full=True).strays == ()


def test_it_is_written_when_anything_is_new_and_when_it_is_gone(office: Office) -> None:
    path = manifest.path_of(office.settings)
    content, written = path.read_bytes(), path.stat().st_ino
    load.load(office.settings, NOW)
    assert path.stat().st_ino == written
    path.unlink()
    with pytest.raises(ManifestError, match="no manifest"):
        names(office, Which.ALL)
    load.load(office.settings, NOW)
    assert path.read_bytes() == content
    path.write_bytes(content[:9])
    with pytest.raises(ManifestError, match="cannot be read"):
        names(office, Which.ALL)


def test_a_load_that_was_killed_writes_it_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.examine(SECOND, [row("2025-02-06", quantity="5")], period="2025-02-01", examination_no=2)
    with monkeypatch.context() as patch:
        patch.setattr(load.revision, "load", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            load.load(office.settings, NOW)
    assert names(office, Which.IN_FORCE)["2025-02"] == [SECOND], "as loaded; the newer file is no error"
    load.load(office.settings, NOW)
    assert names(office, Which.IN_FORCE)["2025-02"] == [f"{SECOND}.e2"]


def test_a_file_that_is_gone_or_that_nobody_names_is_named(office: Office) -> None:
    settings = office.settings
    [path] = files_of(settings, DISTRIBUTION.name)["2025-02"][:1]
    aside = path.with_name(f".{path.name}")
    path.rename(aside)
    with pytest.raises(ManifestError, match=rf"{path}: .*gone.*bin/esep verify"):
        names(office, Which.LATEST)
    aside.rename(path)
    for stray in (path.with_name("2025-000009.parquet"), path.parent.parent / "notes.txt"):
        stray.write_bytes(b"x")
        with pytest.raises(ManifestError, match=rf"{stray}: .*no verdict names it.*make run.*away"):
            names(office, Which.IN_FORCE)
        assert names(office, Which.ALL, "finding"), "of another table"
        stray.unlink()
    assert names(office, Which.IN_FORCE)


def test_it_names_the_files_of_an_older_lake_where_they_are(tmp_path: Path, empty_work: Path) -> None:
    office = fill(tmp_path / "home", empty_work)
    make_older(office.settings.home)
    move(office.settings.home, KEY, f"{FIRST}*")
    load.load(office.settings, NOW)
    keys = {path.parent.name.split("=")[0] for paths in files_of(office.settings, "filing").values() for path in paths}
    assert keys == {KEY, OLDER_KEY}


def test_what_was_given_up_is_not_in_it(office: Office) -> None:
    with work.opened(office.settings) as connection:
        connection.execute("update examination set rows_lost = true where not is_latest")
    manifest.path_of(office.settings).unlink()
    load.load(office.settings, NOW)
    assert names(office, Which.ALL) == names(office, Which.LATEST), "and its file, which a verdict names, is no error"


def test_a_half_written_file_is_nobodys(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lake_files.path_of(DISTRIBUTION, None, "2025-000009", 1)
    lake_files.write_aside(office.settings, DISTRIBUTION, DISTRIBUTION.arrow_schema.empty_table(), path)
    assert names(office, Which.IN_FORCE)
