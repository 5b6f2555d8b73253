"""`bin/esep income` and `bin/esep change`: tables that fit, exact JSON, and what is said where there is no figure."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answers import figure_office as figures
from answers.figure_office import MINER, MISTYPED, OTHER_MINER
from esep.cli.main import main
from warehouse.warehouse_office import POOL, Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    return figures.shared(tmp_path_factory, empty_work)


@pytest.fixture
def esep(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments], env={"ESEP_HOME": str(office.settings.home)})

    return run


def test_income_as_json_is_exact(esep):
    result = esep("income", MINER, "2025", "--trace", "--known-on", "2025-04-09", "--json")
    assert result.exit_code == 0, result.output
    reported = json.loads(result.output)
    assert sum(Decimal(one["income_kzt"]) for one in reported["assets"]) == figures.income_of_miner()
    assert sum(Decimal(one["value_kzt"]) for one in reported["rows"]) == figures.income_of_miner()
    assert reported["rows_add_up"] is True
    earlier = figures.income_of_miner("1.5", figures.FEBRUARY_BEFORE)
    assert reported["known_on"]["then_kzt"] == f"{earlier:.2f}"
    assert [one["registration_no"] for one in reported["filings"]] == ["2025-000003", "2025-000002"]
    assert {one["quantity"] for one in reported["rows"]} >= {"0.123456789012345678"}


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_tables_fit_a_terminal_and_cut_no_number(esep, language):
    result = esep("income", MINER, "2025", "--trace", "--language", language)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" not in result.output
    point = "." if language == "en" else ","
    assert f"0{point}123456789012345678 LTC" in result.output


def test_a_figure_without_value_and_a_wrong_number(esep):
    without = " ".join(esep("income", OTHER_MINER, "2025", "--language", "en").output.split())
    assert "In all, tenge: unvalued" in without
    assert "the asset is not on the list of published prices" in without
    assert "could not be read" in without
    assert "wrong check digit" in esep("income", MISTYPED, "2025", "--language", "en").output


def test_the_role_is_found_or_asked_for(esep):
    reported = json.loads(esep("income", POOL, "2025", "--json").output)
    assert reported["role"] == "pool"
    refused = esep("income", MINER, "2025", "--role", "pool", "--language", "en")
    assert refused.exit_code == 2
    assert "There are figures of: 2025 (miner)" in refused.output


@pytest.mark.parametrize("command", [("income",), ("change", "--since", "2025-01-01")])
def test_what_is_not_there_is_reported_with_what_is(esep, command):
    name, *options = command
    unknown = esep(name, "000000000000", "2025", *options, "--language", "en")
    assert unknown.exit_code == 2
    assert "no such taxpayer" in unknown.output
    assert "2025" in unknown.output
    other_year = esep(name, MINER, "2024", *options, "--language", "ru")
    assert other_year.exit_code == 2
    assert "Есть годы: 2025 (майнер)" in other_year.output


def test_no_warehouse(tmp_path):
    result = CliRunner().invoke(main, ["income", MINER, "2025"], env={"ESEP_HOME": str(tmp_path)})
    assert result.exit_code == 2
    assert "no warehouse has been published" in result.output


def test_change_as_json_adds_up(esep):
    result = esep("change", MINER, "2025", "--since", "2025-03-31", "--until", "2025-12-31", "--json")
    assert result.exit_code == 0, result.output
    reported = json.loads(result.output)
    assert [step["cause"] for step in reported["steps"]] == ["correction", "price"]
    steps = sum(Decimal(step["income_kzt"]) for step in reported["steps"])
    assert (
        steps == Decimal(reported["difference_kzt"]) == Decimal(reported["until_kzt"]) - Decimal(reported["since_kzt"])
    )
    assert reported["adds_up"] is True


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_change_fits_a_terminal(esep, language):
    result = esep("change", MINER, "2025", "--since", "2025-01-01", "--language", language)
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 80
    assert "2025-000003" in result.output


def test_days_in_the_wrong_order(esep):
    result = esep("change", MINER, "2025", "--since", "2025-02-01", "--until", "2025-01-01")
    assert result.exit_code == 2
    assert "earlier day first" in result.output


@pytest.mark.parametrize("arguments", [(), ("--seed", "1")])
def test_figures_of_other_code_are_not_checked_and_stay(office, esep, monkeypatch, arguments):
    from esep.warehouse import work

    before = work.file(office.settings).read_bytes()
    monkeypatch.setattr(work, "fingerprint", lambda sql: "other")
    result = esep("check-figures", *arguments)
    assert result.exit_code == 2
    assert "bin/esep rebuild" in result.output
    assert work.file(office.settings).read_bytes() == before
