"""A column that the form gets on a day is a row of form_column.csv: reader, lake, blank form and rules follow it.

The row is added in a copy of the project, in which a program of its own then examines filings.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from esep.config import PROJECT
from esep.examination.examine import check_path
from esep.forms import templates
from examination.package_builder import APPLICATION, FOOTER, NOW, WALLETS, settings

FEE = "10,12,fee,quantity,text,true,2027-01-01,,Комиссия,Комиссия,Fee,Made up by a test\n"
RULE = {
    "type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "fee"},
    "meta": {
        "rule": "C-98",
        "lane": "completeness",
        "severity": "error",
        "stage": "rows",
        "paragraph": "8; Annex 2, column 10",
        "column_no": "10",
        "found": "fee",
        "expected": "0.1",
        "text": dict.fromkeys(("kk", "ru", "en"), "Column 10 is empty."),
        "todo": dict.fromkeys(("kk", "ru", "en"), "Fill it in."),
    },
}
PROGRAM = """
import json, sys
from datetime import date
from pathlib import Path
from esep import clock
from esep.config import Settings
from esep.examination.examine import check_path
from esep.forms import templates
from esep.forms.reading.package import columns_of
from esep.lake.schema import DISTRIBUTION

work, given = Path(sys.argv[1]), json.loads(sys.argv[2])


def reported(path):
    found = check_path(path, Settings(home=work / "home"), clock.now())
    return {
        "rows": json.loads(json.dumps(found.distribution.to_pylist(), default=str)),
        "findings": sorted([one.rule_id, one.column_no, one.row] for one in found.findings),
    }


def later(numbering):
    name = numbering.replace("/", "_")
    (work / name).mkdir()
    rows = [[*row[:5], date.fromisoformat(row[5]), *row[6:]] for row in given["rows"]]
    texts = {**given["texts"], "numbering": numbering, "period": date(2027, 1, 1)}
    return templates.write_both(work / name / "f.xlsx", rows=rows, **texts)


def blank(day):
    return [str(path) for path in templates.write_blank(work / day, date.fromisoformat(day))]


printed = later("9.1/9.2")
field = DISTRIBUTION.arrow_schema.field("fee_text")
print(json.dumps({
    "printed": reported(printed),
    "explained": reported(later("10/11")),
    "spanned": reported(later("9/10/11")),
    "letters": columns_of(printed.parent)["f.xlsx", "1-ЦМ"],
    **{name: reported(Path(path)) for name, path in given["packages"].items()},
    "blanks": blank("2027-01-20") + blank("2027-02-20"),
    "field": {key.decode(): value.decode() for key, value in field.metadata.items()},
}))
"""


def row(day: str, *more: str) -> list[Any]:
    ten = [1, "ЖШС «Бір»", "940140000385", "№ 10001, 01.02.2026", WALLETS[0], day, "BTC", "0,5", "BTC", "0,01"]
    return [*ten, *more]


def written(path: Path, day: date, own_column: str | None = None) -> Path:
    """A package by today's form; `own_column`: what the filer wrote into a column 10 of his own beside it."""
    cells: list[Any] = row(day.isoformat())
    cells[5] = day
    path.mkdir()
    file = templates.write_both(path / "f.xlsx", rows=[cells], **{**APPLICATION, **FOOTER, "period": day})
    if own_column:
        workbook = load_workbook(file)
        sheet = workbook["1-ЦМ"]
        (place,) = (cell for line in sheet.iter_rows() for cell in line if cell.value == "9.2")
        sheet.cell(place.row, place.column + 1, "10")
        sheet.cell(place.row + 1, place.column + 1, own_column)
        workbook.save(file)
    return path


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("packages")
    march = date(2025, 3, 5)
    return {
        "earlier": written(folder / "earlier", march),
        "with_own_column": written(folder / "with_own_column", march, "12,5"),
        "by_old_blank": written(folder / "by_old_blank", date(2027, 1, 5)),
    }


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory, packages: dict[str, Path]) -> dict[str, Any]:
    """What the project with one more row says of them and of its own forms."""
    work = tmp_path_factory.mktemp("project")
    for part in ("plugins", "sql", "expectations"):
        shutil.copytree(PROJECT / part, work / part, ignore=shutil.ignore_patterns("__pycache__"))
    with (work / "plugins" / "esep" / "law" / "tables" / "form_column.csv").open("a", encoding="utf-8") as table:
        table.write(FEE)
    suite = work / "expectations" / "rows.json"
    rules = json.loads(suite.read_text(encoding="utf-8"))
    rules["expectations"].append(RULE)
    suite.write_text(json.dumps(rules), encoding="utf-8")
    given = {
        "rows": [row("2027-01-05", "0,25"), row("2027-01-06", "")],
        "texts": {name: text for name, text in {**APPLICATION, **FOOTER}.items() if name != "period"},
        "packages": {name: str(path) for name, path in packages.items()},
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(work), json.dumps(given)],
        env={**os.environ, "PYTHONPATH": str(work / "plugins")},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


@pytest.mark.parametrize("form", ["printed", "explained", "spanned"])
def test_the_reader_keeps_what_stands_in_it(reported: dict[str, Any], form: str) -> None:
    rows = reported[form]["rows"]
    assert [one["fee_text"] for one in rows] == ["0,25", None]
    assert [one["quantity"] for one in rows] == ["0.500000000000000000"] * 2
    assert [one["reward_quantity_text"] for one in rows] == ["0,01"] * 2
    assert [fault[:2] for fault in reported[form]["findings"] if fault[0] == "C-98"] == [["C-98", "10"]]


def test_its_meaning_goes_with_it(reported: dict[str, Any]) -> None:
    assert reported["field"] == {"description": "Fee, exactly as the cell had it.", "form_column": "10"}
    assert reported["letters"]["10"] == "K"


def test_earlier_periods_are_read_as_before(reported: dict[str, Any], packages: dict[str, Path]) -> None:
    for name in ("earlier", "with_own_column"):
        before = check_path(packages[name], settings(), NOW)
        rows = json.loads(json.dumps(before.distribution.to_pylist(), default=str))
        assert reported[name]["rows"] == [one | {"fee_text": None} for one in rows]
        assert reported[name]["findings"] == sorted([one.rule_id, one.column_no, one.row] for one in before.findings)


def test_the_old_blank_lacks_it(reported: dict[str, Any]) -> None:
    assert [one["fee_text"] for one in reported["by_old_blank"]["rows"]] == [None]
    assert ["C-98", "10"] in [fault[:2] for fault in reported["by_old_blank"]["findings"]]


def test_the_blank_form_has_it_from_the_first_month_that_is_filed_by_it(reported: dict[str, Any]) -> None:
    numbers = {}
    for path in map(Path, reported["blanks"]):
        if path.name == "1-ЦМ_ru.xlsx":
            cells = [str(cell.value) for line in load_workbook(path)["1-ЦМ"].iter_rows() for cell in line]
            numbers[path.parent.name] = ("10" in cells, "Комиссия" in cells)
    assert numbers == {"2027-01-20": (False, False), "2027-02-20": (True, True)}
