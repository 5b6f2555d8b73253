"""`bin/esep reference`: list, check and add."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esep.cli.main import main
from esep.config import Settings
from esep.warehouse import reference

HEADING = "date,asset,price,currency,source\n"
FIRST = f"{HEADING}2025-01-06,BTC,100,USD,a\n2025-01-07,BTC,101,USD,a\n2025-01-07,LTC,9,USD,a\n"
SECOND = f"{HEADING}2025-01-06,BTC,100.00,USD,a\n2025-01-07,BTC,102.5,USD,b\n2025-01-08,BTC,103,USD,a\n"
FAULTY = f"{HEADING}2025-01-06,BTC,100,USD,a\n2025-13-07,BTC,-1,USD,a\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ESEP_LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
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


def test_check_changes_nothing(file, home):
    result = esep("check", file(FIRST))
    assert result.exit_code == 0, result.output
    assert "No version is in force yet." in result.output
    assert "Rows: 3; added 3, changed 0, removed 0" in result.output
    assert not home.exists()


def test_add_accepts_and_the_next_one_tells_what_changes(file, home):
    assert esep("add", file(FIRST)).exit_code == 0
    assert (home / "reference" / "price.csv").read_text("utf-8") == FIRST
    result = esep("check", file(SECOND), "--json")
    assert result.exit_code == 1, result.output  # LTC would go: see test_reference_answers.py
    reported = json.loads(result.output)
    assert (reported["row_count"], reported["added"], reported["changed"], reported["removed"]) == (3, 1, 1, 1)
    assert [(row["change"], row["line"], row["key"], row["columns"]) for row in reported["changes"]] == [
        ("changed", 3, ["2025-01-07", "BTC"], ["price", "source"]),  # 100.00 is 100: not changed
        ("added", 4, ["2025-01-08", "BTC"], []),
        ("removed", None, ["2025-01-07", "LTC"], []),
    ]
    assert reported["changes"][0]["before"]["price"] == "101"
    assert reported["changes"][0]["after"]["price"] == "102.5"
    assert reported["coverage"] == [
        {"of": "BTC", "first_day": "2025-01-06", "last_day": "2025-01-08", "days": 3, "days_before": 2}
    ]
    assert reference.rows_in_force(Settings(home=home), "price")[1]["price"] == 101  # check accepted nothing


def test_every_accepted_version_is_kept(file, home):
    for content in (FIRST, SECOND, FIRST):
        assert esep("add", file(content), "--replace").exit_code == 0
    kept = sorted((home / "reference" / "accepted" / "price").glob("*.csv"))
    assert [path.read_text("utf-8") for path in kept] == [FIRST, SECOND, FIRST]
    result = esep("add", file(FIRST))
    assert result.exit_code == 0
    assert "in force already" in result.output
    assert len(list((home / "reference" / "accepted" / "price").glob("*.csv"))) == 3


@pytest.mark.parametrize("command", ["check", "add"])
def test_faults_by_line(file, home, command):
    esep("add", file(FIRST))
    result = esep(command, file(FAULTY))
    assert result.exit_code == 1
    assert "“2025-13-07” is not a date" in " ".join(result.output.replace("│", " ").split())
    reported = json.loads(esep(command, file(FAULTY), "--json").output)
    assert [(fault["line"], fault["code"]) for fault in reported["faults"]] == [(3, "date"), (3, "not_positive")]
    assert reported["changes"] == []  # refused as a whole, it changes nothing
    assert (home / "reference" / "price.csv").read_text("utf-8") == FIRST
    assert not list((home / "reference").glob("*.errors.*"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Against the version in force", "changed", "Days covered", "as a whole")),
        ("ru", ("По сравнению с версией", "изменена", "Охваченные дни", "целиком")),
        ("kk", ("күшіндегі нұсқамен", "өзгерді", "Қамтылған күндер", "тұтас")),
    ],
)
def test_three_languages_fit_a_terminal(file, language, words):
    esep("add", file(FIRST))
    output = esep("check", file(SECOND), "--language", language).output
    for word in words:
        assert word in output
    of_words = [line for line in output.splitlines()[1:] if " " in line.strip()]  # a path stays in one piece
    assert max(map(len, of_words)) <= 80


def test_a_warning_does_not_refuse(file):
    result = esep("add", file(f"{HEADING}2025-01-06,МОЙКОИН,1,USD,a\n"))
    assert result.exit_code == 0
    assert "Warnings" in result.output
    assert "МОЙКОИН" in result.output


def test_many_changes_are_cut_short_unless_all_are_asked_for(file):
    rows = "".join(f"2025-01-{day:02d},BTC,{day},USD,a\n" for day in range(1, 26))
    short, full = (esep("check", file(HEADING + rows), *flags).output for flags in ((), ("--all",)))
    assert "and 15 more" in short
    assert "2025-01-25 BTC" not in short
    assert "2025-01-25 BTC" in full


def test_a_pool_with_two_spans(file):
    heading = "pool_id,pool_name,accredited_from,accredited_to,email\n"
    first = "230640000008,А,2024-01-01,2024-12-31,\n230640000008,А,2025-01-01,,\n"
    esep("add", file(heading + first, "pool.csv"))
    second = first.replace("2025-01-01,,", "2025-01-01,2025-06-30,")
    reported = json.loads(esep("check", file(heading + second, "pool.csv"), "--json").output)
    assert [(row["change"], row["key"], row["columns"]) for row in reported["changes"]] == [
        ("changed", ["230640000008", "2025-01-01"], ["accredited_to"])
    ]


def test_a_file_of_another_name(file):
    path = file(FIRST, "prices-january.csv")
    result = esep("check", path)
    assert result.exit_code == 2
    assert "--name" in result.output
    assert esep("check", path, "--name", "price").exit_code == 0
    assert esep("check", path, "--name", "prices").exit_code == 2


def test_nothing_there_and_a_folder(tmp_path):
    for path in (tmp_path / "price.csv", tmp_path):
        result = esep("check", path, "--name", "price")
        assert result.exit_code == 2
        assert str(path) in result.output


def test_a_version_that_cannot_be_read_is_named(file, home):
    esep("add", file(FIRST))
    (kept,) = (home / "reference" / "accepted" / "price").glob("*.csv")
    kept.unlink()
    for arguments in (("check", file(FIRST)), ("add", file(FIRST)), ("list",)):
        result = esep(*arguments)
        assert result.exit_code == 2
        assert kept.name in result.output.replace("\n", "")


def test_list(file, home):
    esep("add", file(FIRST))
    (home / "reference" / "pool.csv").write_text("new\n", encoding="utf-8")
    output = esep().output
    assert output == esep("list").output
    reported = {held["name"]: held for held in json.loads(esep("list", "--json").output)}
    assert list(reported) == ["price", "exchange_rate", "pool", "licence", "exchange", "sale"]
    assert (reported["price"]["row_count"], reported["price"]["versions"], reported["price"]["in_folder"]) == (
        3,
        1,
        "same",
    )
    assert reported["price"]["coverage"][0] == {
        "of": "BTC",
        "first_day": "2025-01-06",
        "last_day": "2025-01-07",
        "days": 2,
    }
    assert (reported["pool"]["accepted_at"], reported["pool"]["in_folder"]) == (None, "new")
    assert reported["licence"]["in_folder"] == "missing"


def test_list_tells_a_refused_file(home):
    from esep import clock

    (home / "reference").mkdir(parents=True)
    (home / "reference" / "price.csv").write_text(FAULTY, encoding="utf-8")
    reference.accept(Settings(home=home), clock.now())
    (price, *_) = json.loads(esep("list", "--json").output)
    assert price["in_folder"] == "refused"


DAILY = (
    "<rates><date>{day}</date><item><title>USD</title><description>{usd}</description><quant>1</quant></item></rates>"
)


def test_the_banks_xml_needs_no_name_and_many_files_are_one_version(file, home):
    days = [file(DAILY.format(day=f"0{day}.03.2025", usd=500 + day), f"{day}.xml") for day in (3, 4, 5)]
    result = esep("add", *days, "--author", "А. Оспанова")
    assert result.exit_code == 0, result.output
    assert len(reference.rows_in_force(Settings(home=home), "exchange_rate")) == 3
    result = esep("check", file(DAILY.format(day="04.03.2025", usd=510), "again.xml"), "--day", "2025-03-05")
    assert result.exit_code == 1
    assert "2025-03-05 was asked for, the answer is for 2025-03-04" in " ".join(result.output.split())
    assert "kzt_per_unit 504 → 510" in " ".join(result.output.split())


def test_columns_are_mapped_once(file, home):
    mapping = ("--column", "date=Күні", "--column", "asset=Актив", "--column", "price=Құны", "--currency", "USD")
    first = file("Күні;Актив;Құны\n2025-03-03;BTC;90 000,5\n", "march.csv")
    result = esep("check", first, "--name", "price")
    assert result.exit_code == 1
    assert "headings found: Күні" in " ".join(result.output.replace("│", " ").split())
    assert esep("add", first, "--name", "price", "--add", *mapping, "--note", "UTC").exit_code == 0
    second = file("Актив;Күні;Құны\nBTC;2025-03-04;91 000\n", "april.csv")
    assert esep("add", second, "--name", "price", "--add").exit_code == 0
    rows = reference.rows_in_force(Settings(home=home), "price")
    assert [(str(row["date"]), str(row["price"]), row["currency"]) for row in rows] == [
        ("2025-03-03", "90000.5", "USD"),
        ("2025-03-04", "91000", "USD"),
    ]


@pytest.mark.parametrize("option", [("--currency", "USD"), ("--column", "date"), ("--column", "day=Күні")])
def test_half_a_mapping_is_refused_with_what_to_write(file, option):
    result = esep("check", file("Күні;Актив;Құны\n", "march.csv"), "--name", "price", *option)
    assert result.exit_code == 2
    assert "--column date=Күні" in result.output or "price has no column day" in result.output
