"""The queries and examples of docs/ give in the demo what stands beside them, and the notebook tells the figures."""

from __future__ import annotations

import csv
import html
import re
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from docs.docs_site import DOCS, module_of

MINER = "160140000371"
PAGES = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("queries.md", "analyst.md"))

worked_queries = module_of(DOCS / "worked_queries.py")
QUERIES = worked_queries.queries()


def test_there_are_twenty_and_each_stands_on_its_page() -> None:
    names = [path.relative_to(DOCS).as_posix() for path in QUERIES]
    assert [name[8:10] for name in names if name.startswith("queries/")] == [f"{number:02}" for number in range(1, 21)]
    for name in names:
        assert f"literalinclude}} {name}\n" in PAGES
        assert f"literalinclude}} {name.removesuffix('.sql')}.txt\n" in PAGES


@pytest.mark.parametrize(
    "path", [path for path in QUERIES if path.parent.name == "queries"], ids=lambda path: path.stem
)
def test_each_query_says_question_and_paragraph(path: Path) -> None:
    question, empty, *rest = path.read_text(encoding="utf-8").splitlines()
    assert question.startswith("-- ")
    assert question.endswith("?")
    assert empty == "--"
    assert re.match(r"-- Paras? \d", rest[0])


@pytest.mark.slow
@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_the_demo_gives_what_the_page_shows(path: Path, demo_home: Path) -> None:
    with worked_queries.connect(demo_home) as connection:
        answer = worked_queries.answer(connection, path.read_text(encoding="utf-8"))
    assert len(answer.splitlines()) > 1, "an empty answer shows nothing"
    assert answer == path.with_suffix(".txt").read_text(encoding="utf-8"), "`make docs-output` writes it anew"


def test_an_answer_keeps_tenge_and_drops_zeros_of_quantities() -> None:
    import duckdb

    with duckdb.connect() as connection:
        answer = worked_queries.answer(
            connection,
            "select 1.50::decimal(38, 18) as units, 2.5::decimal(38, 2) as tenge, null as nothing, 'b' as text",
        )
    assert answer == "units  tenge  nothing  text\n  1.5   2.50           b\n"


def expected(home: Path, sheet: str) -> list[dict[str, str]]:
    """Rows of the demo's own reckoning for the miner in 2025, made without the warehouse."""
    with (home / "expected" / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if (row["year"], row["role"], row["taxpayer_id"]) == ("2025", "miner", MINER)]


@pytest.fixture(scope="module")
def notebook(demo_home: Path) -> tuple[str, dict[str, Any]]:
    """All that the notebook shows, as one text, and its variables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESEP_HOME", str(demo_home))
        module: ModuleType = module_of(DOCS / "notebooks" / "annual_income.py")
        outputs, names = module.app.run()
    shown = "\n".join(output.text for output in outputs if output is not None)
    return html.unescape(html.unescape(shown)), dict(names)


@pytest.mark.slow
def test_the_notebook_tells_the_figures_of_the_demos_own_reckoning(
    notebook: tuple[str, dict[str, Any]], demo_home: Path
) -> None:
    shown, names = notebook
    [total] = expected(demo_home, "annual_income_total")
    assert f"{Decimal(total['income_kzt']):,.2f} tenge" in shown
    assert names["total"]["unvalued_assets"] == total["unvalued_assets"]
    assert sum(row["income_kzt"] for row in names["filings"]) == pytest.approx(Decimal(total["income_kzt"]), abs=1)
    to_sell = {(row["asset"], Decimal(row["quantity_to_sell"])) for row in expected(demo_home, "sale_obligation")}
    assert {(row["asset"], row["quantity_to_sell"]) for row in names["obligations"]} == to_sell
    unvalued = {
        row["asset"]: Decimal(row["unvalued_quantity"])
        for row in expected(demo_home, "annual_income")
        if Decimal(row["unvalued_quantity"])
    }
    assert {row["asset"]: row["unvalued_quantity"] for row in names["unvalued"]} == unvalued


@pytest.mark.slow
def test_the_notebook_explains_the_change_and_finds_the_cell(
    notebook: tuple[str, dict[str, Any]], demo_home: Path
) -> None:
    shown, names = notebook
    moved = sum(row["income_kzt_difference"] for row in names["changes"])
    assert abs(moved - (names["reported_now"] - names["reported_then"])) < Decimal(
        "0.10"
    )  # each entry is rounded for showing
    assert {"new", "correction"} == {row["cause"] for row in names["changes"]}
    cells = (DOCS / "queries" / "04_down_to_the_cell.txt").read_text(encoding="utf-8")
    for row in names["cells"]:
        assert row["registration_no"] in cells
        assert row["file"] in shown
    assert "vega" in shown
