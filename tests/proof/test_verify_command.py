"""`bin/esep verify`: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from esep.cli.main import main
from esep.proof.check import check
from proof.proved_office import fill, flip
from warehouse.warehouse_office import Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path / "home"))
    return fill(tmp_path / "home")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["verify", *arguments])
    return result.exit_code, result.stdout


def test_a_sound_home_and_its_head(office: Office) -> None:
    head = check(office.settings).head
    code, reported = run()
    assert code == 0
    assert f"Head: {head}" in reported
    assert ": sound. " in reported
    code, reported = run("--json", "--expect", head)
    found = json.loads(reported)
    assert (code, found["sound"], found["head"], found["expected_is_part"]) == (0, True, head, True)
    office.register("2025-05-01")
    assert run("--expect", head)[0] == 0, "an earlier state is part of today's"
    assert run("--expect", "0" * 64)[0] == 1


def test_every_damaged_file_is_named_with_what_to_do(office: Office) -> None:
    home = office.settings.home
    lake = next((home / "lake" / "distribution").rglob("2025-000002.parquet"))
    package = office.folder("2025-000003") / "package" / "1-ЦМ.xlsx"
    receipt = office.folder("2025-000001") / "receipt.json"
    for path in (lake, package, receipt):
        flip(path, 77)
    code, reported = run()
    assert code == 1
    for path, todo in (
        (lake, "bin/esep reexamine 2025-000002 --apply"),
        (package, "nothing else holds the bytes that came"),
        (receipt, "Restore the file from a backup"),
    ):
        (line,) = [line for line in reported.splitlines() if line.startswith(path.relative_to(home).as_posix())]
        assert todo in line
    stops = {one["path"]: one["stops_publication"] for one in json.loads(run("--json")[1])["damages"]}
    assert stops == {
        lake.relative_to(home).as_posix(): True,
        package.relative_to(home).as_posix(): False,
        receipt.relative_to(home).as_posix(): True,
    }


def test_a_home_without_an_archive_cannot_be_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path / "none"))
    assert run()[0] == 2
