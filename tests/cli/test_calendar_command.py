"""`bin/esep calendar`: the terms of a year, in three languages and as JSON."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from esep.cli.main import main


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ESEP_LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")


def esep(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["calendar", *map(str, arguments)])


def test_terms_of_2026_as_json():
    """The 25ths of facts section 5; the examination's last day counted by hand."""
    result = esep(2026, "--json")
    assert result.exit_code == 0, result.output
    reported = json.loads(result.output)
    months = {month["due_on"]: month for month in reported["months"]}
    assert len(months) == 12
    moved = {due: month["due_effective_on"] for due, month in months.items() if month["moved"]}
    assert moved == {
        "2026-01-25": "2026-01-26",
        "2026-03-25": "2026-03-26",
        "2026-04-25": "2026-04-27",
        "2026-07-25": "2026-07-27",
        "2026-10-25": "2026-10-27",
    }
    october = months["2026-10-25"]
    assert october["period"] == "2026-09-01"
    assert [day["day"] for day in october["moved_because_of"]] == ["2026-10-25", "2026-10-26"]
    assert october["moved_because_of"][0]["reason_ru"] == "День Республики"
    # Due on Tuesday 27 October: the 28th and the 29th are worked; before it the 23rd, 22nd, 21st, 20th and 19th.
    assert (october["examine_by"], october["remind_on"]) == ("2026-10-29", "2026-10-19")
    assert reported["months"][0]["period"] == "2025-12-01"
    assert reported["working_days"] == {"examination": 2, "notice": 5, "correction": 10}


def test_days_of_2024_name_the_act():
    days = {day["day"]: day for day in json.loads(esep(2024, "--json").output)["days"]}
    assert days["2024-05-04"]["working"] is True
    assert days["2024-05-08"]["working"] is False
    assert "G24G0000109" in days["2024-05-04"]["source"]
    assert "2024-05-05" not in days  # an ordinary Sunday


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Reminder", "10-27 Tue", "Republic Day")),
        ("ru", ("Напоминание", "27.10 вт", "Республики")),
        ("kk", ("Еске салу", "27.10 сс", "Республика күні")),
    ],
)
def test_tables_fit_a_terminal(language, words):
    result = esep(2026, "--language", language)
    assert result.exit_code == 0, result.output
    for word in words:
        assert word in result.output
    assert max(map(len, result.output.splitlines())) <= 80
    assert "…" not in result.output  # nothing is cut off


@pytest.mark.parametrize("year", [2019, 2036])
def test_a_year_the_calendar_does_not_hold(year):
    result = esep(year)
    assert result.exit_code == 2
    assert f"{year}: the calendar holds the years 2020 to 2035" in result.output


def test_a_year_that_is_none():
    assert esep("march").exit_code == 2
