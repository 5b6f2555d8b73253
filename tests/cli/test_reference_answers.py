"""`bin/esep reference add --add` and `--replace`: what would go is reported, and taken only when the person says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esep import clock
from esep.cli.main import main
from esep.config import PROJECT, Settings
from esep.texts import LANGUAGES
from esep.warehouse import reference

HEADING = "date,asset,price,currency,source\n"
JANUARY = HEADING + "".join(f"2025-01-{day:02d},BTC,{100 + day},USD,a\n" for day in range(1, 32))
FEBRUARY = HEADING + "".join(f"2025-02-{day:02d},BTC,{100 + day},USD,a\n" for day in range(1, 29))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ESEP_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path: Path):
    def write(content: str, name: str = "price.csv") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


def esep(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["reference", *map(str, arguments)])


def days(home: Path) -> int:
    return len(reference.rows_in_force(Settings(home=home), "price"))


def test_a_month_is_no_whole_file(file, home):
    assert esep("add", file(JANUARY)).exit_code == 0
    result = esep("add", file(FEBRUARY))
    output = " ".join(result.output.replace("│", " ").split())
    assert result.exit_code == 1
    assert "BTC: the file lacks days of the version in force, 31 in all: 2025-01-01 … 2025-01-31" in output
    assert "Nothing is changed." in output
    assert "bin/esep reference add --add --name price" in output
    assert "Rows: 28; added 28, changed 0, removed 31" in output  # what would be if it were said
    assert days(home) == 31
    assert (home / "reference" / "price.csv").read_text("utf-8") == JANUARY


@pytest.mark.parametrize(("flags", "count"), [(("--add",), 59), (("--replace",), 28), (("--add", "--replace"), 59)])
def test_add_and_replace(file, home, flags, count):
    esep("add", file(JANUARY))
    reported = json.loads(esep("check", file(FEBRUARY), *flags, "--json").output)
    assert (reported["faults"], reported["added"], reported["row_count"]) == ([], 28, count)
    assert days(home) == 31
    result = esep("add", file(FEBRUARY), *flags)
    assert result.exit_code == 0, result.output
    assert days(home) == count
    assert sorted(path.name for path in (home / "reference").glob("*.*")) == ["price.csv"]
    again = esep("add", file(FEBRUARY), *flags)
    assert again.exit_code == 0
    assert "in force already" in again.output
    assert reference.version_count(Settings(home=home), "price") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_part_with_other_values(file, home, language):
    esep("add", file(JANUARY))
    other = file(HEADING + "2025-01-31,BTC,99,USD,a\n2025-02-01,BTC,101,USD,a\n", "february.csv")
    result = esep("add", other, "--name", "price", "--add", "--language", language)
    assert result.exit_code == 1
    assert "price 131 → 99" in result.output
    assert "--add --replace --name price" in " ".join(result.output.split())
    assert days(home) == 31
    assert esep("add", other, "--name", "price", "--add", "--replace").exit_code == 0
    rows = reference.rows_in_force(Settings(home=home), "price")
    assert [int(row["price"]) for row in rows[-2:]] == [99, 101]


def test_a_file_put_there_by_hand_is_answered_by_the_command(file, home):
    esep("add", file(JANUARY))
    waiting = home / "reference" / "price.csv"
    waiting.write_text(FEBRUARY, encoding="utf-8")
    reference.accept(Settings(home=home), clock.now())
    output = " ".join(esep("list").output.split())
    assert "Refused files in reference/" in output
    assert "price.csv: BTC: the file lacks days of the version in force, 31 in all" in output
    (price, *_) = json.loads(esep("list", "--json").output)
    assert [one["file"] for one in price["refused"]] == ["price.csv"]
    assert "$ESEP_HOME/reference/price.csv" in price["refused"][0]["todo"]["en"][0]
    assert esep("add", waiting, "--add").exit_code == 0
    assert days(home) == 59
    assert json.loads(esep("list", "--json").output)[0]["refused"] == []


def test_a_price_off_the_official_list_is_warned_about(file):
    result = esep("add", file(HEADING + "2025-01-06,ETH,1,USD,a\n"))
    output = " ".join(result.output.replace("│", " ").split())
    assert result.exit_code == 0
    assert "ETH is not on the official price list of these days; its prices (1) are kept and not used" in output


def test_adds_at_once_lose_none(file, home):
    esep("add", file(JANUARY))
    parts = [file(f"{HEADING}2025-03-{day:02d},BTC,110,USD,a\n", f"march-{day}.csv") for day in (1, 2, 3, 4)]
    command = [sys.executable, "-m", "esep.cli", "reference", "add", "--add", "--name", "price"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "plugins")}
    adders = [subprocess.Popen([*command, part], env=environment, stdout=subprocess.DEVNULL) for part in parts]
    assert [adder.wait(120) for adder in adders] == [0] * 4
    assert days(home) == 35
    assert reference.version_count(Settings(home=home), "price") == 5
