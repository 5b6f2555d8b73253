"""`bin/esep check --rows`: every data row as it was read, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from end_to_end import filer
from esep.cli.main import main
from esep.examination.check_rows import SHOWN
from esep.examination.normalise import LAKE_SCHEMA


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("ESEP_LANGUAGE", raising=False)


def check(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", str(folder), "--rows", *options])


def package(folder: Path, rows: list[list[Any]]) -> Path:
    return filer.write(filer.Filing(rows=rows), folder / "march")


def test_rows_as_json_are_the_lakes(tmp_path: Path) -> None:
    rows = [filer.row(1), filer.row(2, quantity="many"), filer.row(3, quantity="1" + "0" * 15), filer.row(4)]
    rows[3][9] = None
    reported = json.loads(check(package(tmp_path, rows), "--json").output)
    assert [set(row) for row in reported["rows"]] == [{*LAKE_SCHEMA.names, "excluded"}] * 4
    first = reported["rows"][0]
    assert (first["file"], first["sheet"], first["row_no"], first["period"]) == ("1-CM.xlsx", "Sheet", 1, "2025-03-01")
    assert first["distributed_on"] == "2025-03-05"
    assert [row["quantity"] for row in reported["rows"][1:3]] == [None, "1" + "0" * 15]
    assert reported["rows"][1]["quantity_text"] == "many"
    assert [row["excluded"] for row in reported["rows"]] == [
        {},
        {"8": "unreadable"},
        {"8": "too_large"},
        {"9.2": "empty"},
    ]


def test_the_largest_quantity_that_counts_is_not_rounded_up_to_one_that_is_left_out(tmp_path: Path) -> None:
    folder = package(tmp_path, [filer.row(1, quantity="999999999999999.999999999999999999")])
    assert [row["excluded"] for row in json.loads(check(folder, "--json").output)["rows"]] == [{}]


def test_no_number_of_a_row_is_a_float(tmp_path: Path) -> None:
    output = check(package(tmp_path, [filer.row(1, quantity="0.100000000000000001")]), "--json").output
    [row] = json.loads(output, parse_float=lambda text: pytest.fail(f"a float: {text}"))["rows"]
    assert row["quantity"] == "0.100000000000000001"


def test_json_holds_every_row(tmp_path: Path) -> None:
    rows = [filer.row(number) for number in range(1, SHOWN + 12)]
    reported = json.loads(check(package(tmp_path, rows), "--json").output)
    assert [row["row_no"] for row in reported["rows"]] == list(range(1, SHOWN + 12))


def test_without_the_option_there_are_no_rows(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["check", str(package(tmp_path, [filer.row(1)])), "--json"])
    assert "rows" not in json.loads(done.output)


@pytest.mark.parametrize("width", ["80", "220"])
@pytest.mark.parametrize(
    ("language", "quantity", "left_out"),
    [("kk", "1 234,5", "оқылмайды"), ("ru", "1 234,5", "не читается"), ("en", "1,234.5", "cannot be read")],
)
def test_rows_for_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: str, language: str, quantity: str, left_out: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    rows = [filer.row(1, quantity="1234.5"), filer.row(2, quantity="many")]
    shown = check(package(tmp_path, rows), "--language", language).output
    assert quantity in shown.replace("\u202f", " ")
    assert "many" in shown
    assert left_out in shown
    assert filer.row(1)[2] in shown


def test_a_long_table_is_cut_with_a_hint(tmp_path: Path) -> None:
    folder = package(tmp_path, [filer.row(number) for number in range(1, SHOWN + 4)])
    short, full = check(folder).output, check(folder, "--all").output
    assert "Rows not shown: 3. Add --all" in " ".join(short.split())
    assert "Rows not shown" not in full
    assert full.count("BIN / IIN") - short.count("BIN / IIN") == 3


def test_texts_of_the_form_are_never_markup(tmp_path: Path) -> None:
    output = check(package(tmp_path, [filer.row(1, quantity="[red]x\u202e[/red]")])).output
    assert "[red]x[U+202E][/red]" in output.replace("\n", "")


def test_the_executor_s_telephone_is_reported_apart_from_the_pool_s(tmp_path: Path) -> None:
    folder = package(tmp_path, [filer.row(1)])
    book = load_workbook(folder / "1-CM.xlsx")
    cell = next(cell for row in book.active for cell in row if str(cell.value).startswith("Орындаушы"))
    cell.value = "Орындаушы Серікова Ә. Б., +7 701 000 00 02"
    book.save(folder / "1-CM.xlsx")
    [contacts] = json.loads(check(folder, "--json").output)["contacts"]
    assert (contacts["executor"], contacts["executor_phone"]) == ("Серікова Ә. Б.", "+7 701 000 00 02")
    assert (contacts["phone"], contacts["head"]) == ("+7 7172 000001", "Оспанов Д. Қ.")
    assert "Telephone of the executor: +7 701 000 00 02" in " ".join(check(folder, "--language", "en").output.split())


def test_totals_are_reported(tmp_path: Path) -> None:
    total = ["Барлығы", *[None] * 6, "0.5", None, None]
    folder = package(tmp_path, [filer.row(1, quantity="0.5"), total])
    assert "left out as a total" in " ".join(check(folder).output.split())
    reported = json.loads(check(folder, "--json").output)
    assert len(reported["rows"]) == 1
    assert reported["total_rows"] == [{"file": "1-CM.xlsx", "sheet": "Sheet", "row": reported["rows"][0]["row"] + 1}]


def test_a_row_that_only_looks_like_a_total_is_shown_as_left_out(tmp_path: Path) -> None:
    rows = [
        filer.row(1, quantity="0.5"),
        ["Барлығы", None, filer.MINER_A, *[None] * 4, "0.7", None, None],
        filer.row(2, quantity="9" * 21),
    ]
    folder = package(tmp_path, rows)
    reported = json.loads(check(folder, "--json").output)
    assert reported["complete"]
    assert [row["excluded"] for row in reported["rows"]] == [
        {},
        {"8": "looks_like_total", "9.2": "empty"},
        {"8": "too_large"},
    ]
    assert "0.7 (the row looks like a total, left out)" in " ".join(check(folder).output.split())
