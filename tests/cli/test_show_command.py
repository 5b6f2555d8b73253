"""`bin/esep show`: a filing in a terminal and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answers import filing_office as story
from answers.filing_office import filled
from esep.cli.main import main
from esep.texts import LANGUAGES
from warehouse.warehouse_office import OTHER_MINER, Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    return filled(tmp_path_factory.mktemp("filings"), empty_work)


@pytest.fixture(autouse=True)
def environment(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(office.settings.home))
    monkeypatch.setenv("COLUMNS", "90")


def show(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["show", *arguments])


def words(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return " ".join(result.output.replace("│", " ").split())


def test_a_correction_with_its_versions_and_its_effect():
    reported = words(show(story.CORRECTION, "--language", "en"))
    assert f"Filing {story.CORRECTION} State: complete" in reported
    assert "230640000008 ТОО «Пул Алатау»" in reported
    assert f"{story.FIRST} new 2025-02-20 10:15 2025-02-25 in time superseded" in reported
    assert "changed: 2" in reported
    assert OTHER_MINER in reported
    assert "Difference, tenge: +290,000.00" in reported


def test_findings_are_grouped_and_counted_whole(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    reported = words(show(story.REFUSED, "--language", "en", "--findings", "2"))
    assert "C-42 error The cell of column 2 (name) is empty. (para 8, Annex 2, column 2)" in reported
    assert f"column 2) {story.INCOMPLETE_ROWS}" in reported
    assert "row 12" in reported
    assert "row 13" not in reported
    assert "2025-03-22 10:30 post" in reported
    assert "row 11" not in words(show(story.REFUSED, "--language", "en", "--findings", "0"))


def test_places_are_cells_of_the_workbook():
    assert "cell F11" in words(show(story.FIRST, "--language", "en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [story.FIRST, story.CORRECTION, story.REFUSED, story.WAITING, story.UNLOADED])
def test_every_state_fits_the_terminal_in_every_language(number, language):
    result = show(number, "--language", language)
    assert result.exit_code == 0, result.output
    tables = [line for line in result.output.splitlines() if line.startswith(("│", "┃", "┏", "└"))]
    assert max(map(len, tables), default=0) <= 90
    assert "\u202e" not in result.output


def test_json_has_exact_decimals_and_stable_keys():
    reported = json.loads(show(story.CORRECTION, "--json").output)
    assert reported["in_warehouse"] is True
    assert reported["filing"]["status"] == "accepted"
    assert [version["registration_no"] for version in reported["versions"]] == [story.FIRST, story.CORRECTION]
    effect = {one["taxpayer_id"]: one for one in reported["effect"]}
    assert effect[OTHER_MINER]["income_kzt_difference"] == "240000.000000000000"
    first = json.loads(show(story.FIRST, "--json").output)
    cells = {group["rule_id"]: [fault["cell"] for fault in group["faults"]] for group in first["findings"]}
    assert cells == {"R-65": ["F11"], "R-36": ["D11"], "R-40": ["I13"]}


def test_a_filing_that_is_not_loaded_is_reported_from_the_archive():
    reported = words(show(story.UNLOADED, "--language", "en"))
    assert "the warehouse does not show it yet" in reported
    assert "Not examined yet." in reported
    plain = json.loads(show(story.UNLOADED, "--json").output)
    assert (plain["in_warehouse"], plain["receipt"]["registration_no"]) == (False, story.UNLOADED)


def test_without_a_warehouse_the_archive_still_tells(tmp_path, monkeypatch):
    office = Office(story.Settings(home=tmp_path))
    number = office.register("2025-02-20")
    monkeypatch.setenv("ESEP_HOME", str(tmp_path))
    reported = words(show(number, "--language", "en"))
    assert "no warehouse has been published yet" in reported
    assert "2025-02-20" in reported


@pytest.mark.parametrize("number", ["2025-000011", "2025-17", "../archive"])
def test_an_unknown_number_ends_with_2_and_the_nearest(number):
    result = show(number)
    assert result.exit_code == 2
    assert f"{number}: no filing is registered under this number." in result.output
    if number == "2025-000011":
        assert "The nearest numbers are 2025-00000" in result.output


def test_help_has_examples_and_exit_codes():
    reported = CliRunner().invoke(main, ["show", "--help"]).output
    assert "Exit code: 0 shown, 2" in reported
    assert "bin/esep show 2025-000017" in reported
