"""docs/procedure.md and the code say the same, and a page that does not is found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from esep.config import PROJECT
from esep.forms import annex1, annex2
from esep.law import form_versions
from esep.law import tables as law_tables
from esep.law.form_versions import HEADING
from procedure import procedure_quotations
from procedure import procedure_tables as page
from procedure.procedure_tables import Described, Rule

TEXT = (PROJECT / "docs" / "procedure.md").read_text(encoding="utf-8")
COLUMNS = tuple(column for column in form_versions.columns(date.max) if column.kind != HEADING)
NOTES = {f"Annex 2, note {number}" for number in (1, 2, 3)}
"""The points of the explanation of form 1-ЦМ."""


def texts_of(annex: Any, *apart: str) -> frozenset[str]:
    """Names of the constants that describe an annex."""
    return frozenset(name for name in vars(annex) if name.isupper() and not name.startswith("_")) - set(apart)


DESCRIBED = Described(
    rules=page.rules_of(PROJECT / "expectations"),
    annex1=texts_of(annex1),
    annex2=texts_of(annex2, "FOOTER", "HEADING"),
    footer=tuple(field.key for field in annex2.FOOTER),
    columns=tuple((column.column_no, column.explained_no, column.name) for column in COLUMNS),
    law_tables=frozenset(path.stem for path in (PROJECT / page.LAW_TABLES).glob("*.csv")),
    practices=frozenset(row["name"] for row in law_tables.read(page.PRACTICE)),
    paragraphs=frozenset(str(number) for number in range(1, 12)) | NOTES,
    contradictions=frozenset(str(number) for number in range(1, 21)),
    words=procedure_quotations.words_of(law_tables.read("order_text")),
)


def faults(text: str = TEXT, described: Described = DESCRIBED) -> list[str]:
    return page.faults(text, PROJECT, described)


def test_the_page_and_the_code_agree() -> None:
    assert faults() == []


def row_of(start: str) -> str:
    """The only line of the page that begins so."""
    [line] = [line for line in TEXT.splitlines(keepends=True) if line.startswith(start)]
    return line


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ("law/calendar.py:examine_by", "law/calendar.py:examine_until", "examine_until: no such function"),
        ("sql/journal/dispatch.sql", "sql/journal/sending.sql", "sending.sql: no such file"),
        ("test_rounds_up_once", "test_rounds_up_twice", "test_rounds_up_twice: no such test"),
        ("office_practice.csv:refiling_working_days", "office_practice.csv:refiling", "refiling: no such row"),
        ("office_practice.csv:refiling_working_days", "office_practice.csv", "row refiling_working_days of office"),
        ("`law/tables/price_list.csv`", "`law/tables/asset.csv`", "the table of the law price_list.csv is missing"),
        ("`bin/esep decide`", "`bin/esep judge`", "bin/esep judge: no such command"),
        ("| 2 | 2 | `miner_name` |", "| 2 | 3 | `miner_name` |", "column of the form 2 / 3 / miner_name: not in"),
        ("`AUTHORITY`", "`MINISTRY`", "text of Annex 1 AUTHORITY: not on the page"),
        ("`executor`", "`executioner`", "field of the footer executioner: not in the project"),
        ("C-20 | application | completeness", "C-20 | application | reliability", "rule C-20: lane 'reliability'"),
        ("| error | 5, 6, 10 |", "| error | 10 |", "rule R-70: paragraph '10' on the page"),
        (
            "| R-80 | across_filings | reliability | warning |",
            "| R-80 | across_filings | reliability | error |",
            "R-80",
        ),
        ("C-49, R-30, R-31, R-51", "C-49, R-30, R-31", "column 9.1: R-51 is missing"),
        ("C-46, R-30", "C-46, C-45, R-30", "column 6: C-45 is no rule of it"),
        ("C-23, C-24, R-18", "C-23, C-24", "Annex 1: R-18 of application.json is missing"),
        ("C-10, C-11, C-13, R-48", "C-10, C-11, C-99, R-48", "C-99 is no rule"),
        ("C-41…C-50", "C-41…C-51", "C-51 is no rule"),
        ("## Contradictions", "## Contradictory", "no table under the heading Contradictions"),
        ("| Says what the Rules", "| more | Says what the Rules", "Paragraphs, 1: the cells do not fit"),
        ("`README.md`", "", "Paragraphs, 1: an empty cell"),
        ("`README.md`", "–", "Paragraphs, 1: nothing under Where"),
        ("`README.md`", "`the readme`", "the readme is neither a path nor a test"),
        ("`README.md`", "`law/test_law_tables.py::test_form_versions`", "does not belong there"),
    ],
)
def test_a_wrong_word_is_found(old: str, new: str, reported: str) -> None:
    assert old in TEXT
    assert any(reported in fault for fault in faults(TEXT.replace(old, new)))


@pytest.mark.parametrize(
    ("start", "reported"),
    [
        ("| 7 | Received", "paragraph 7: not on the page"),
        ("| 12 | Words vary", "contradiction 12: not on the page"),
        ("| 8 | 8 | `quantity`", "column of the form 8 / 8 / quantity: not on the page"),
        ("| Мекенжайы | ", "field of the footer address: not on the page"),
        ("| Head's name", "text of Annex 1 HEAD: not on the page"),
        ("| Row of column numbers", "text of Annex 2 NUMBERINGS: not on the page"),
        ("| At least one data row", "rule C-37: not on the page"),
    ],
)
def test_a_missing_or_doubled_row_is_found(start: str, reported: str) -> None:
    row = row_of(start)
    assert reported in faults(TEXT.replace(row, ""))
    name = reported.partition(":")[0]
    assert f"{name}: 2 rows" in faults(TEXT.replace(row, row + row))


def test_a_row_too_many_is_found() -> None:
    for start, old, reported in (
        ("| 11 | The quantity", "| 11 |", "paragraph 12: not in the project"),
        ("| 14 | Both", "| 14 |", "contradiction 21: not in the project"),
        ("| At least one data row", "C-37", "rule C-98: not in the project"),
    ):
        new = old.replace("11", "12").replace("14", "21").replace("C-37", "C-98")
        row = row_of(start)
        assert reported in faults(TEXT.replace(row, row + row.replace(old, new)))


def with_rule(rule_id: str, rule: Rule) -> Described:
    return replace(DESCRIBED, rules={**DESCRIBED.rules, rule_id: rule})


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (lambda: with_rule("R-99", DESCRIBED.rules["R-70"]), "rule R-99: not on the page"),
        (lambda: with_rule("R-70", replace(DESCRIBED.rules["R-70"], lane="completeness")), "in its suite"),
        (lambda: with_rule("R-70", replace(DESCRIBED.rules["R-70"], paragraph="5")), "'5' in its suite"),
        (lambda: replace(DESCRIBED, annex1=DESCRIBED.annex1 | {"STAMP"}), "text of Annex 1 STAMP: not on the page"),
        (lambda: replace(DESCRIBED, footer=(*DESCRIBED.footer, "site")), "field of the footer site: not on the page"),
        (
            lambda: replace(DESCRIBED, columns=(*DESCRIBED.columns, ("10", "12", "fee"))),
            "column of the form 10 / 12 / fee: not on the page",
        ),
        (lambda: replace(DESCRIBED, law_tables=DESCRIBED.law_tables | {"fee"}), "table of the law fee.csv is missing"),
        (lambda: replace(DESCRIBED, practices=DESCRIBED.practices | {"fee_days"}), "row fee_days of office_practice"),
    ],
)
def test_what_the_page_does_not_know_yet_is_found(change: Callable[[], Described], reported: str) -> None:
    assert any(reported in fault for fault in faults(described=change()))


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ("одан әрі қараудан дәлелді бас тартуды", "қабылдаудан дәлелді бас тартуды", "is not in law/tables/order_text"),
        ("«қайта береді», no term", "no term", "neither words of the order in «…» nor “the order is silent”"),
        ("«келіп түскен күні»", "«түскен келіп … күні»", "Contradictions, 7: «түскен келіп … күні» is not in"),
        ("«ақпараттық жүйе арқылы», «электрондық", "«ақпараттық жүйе», «электрондық", ""),
        (
            "«хабарламаны ақпараттық жүйе арқылы жолдайды»",
            "«қайта береді»",
            "Paragraphs, 10 (sending): nothing is cited of the paragraph itself",
        ),
    ],
)
def test_each_quotation_is_the_order_s(old: str, new: str, reported: str) -> None:
    assert old in TEXT
    found = faults(TEXT.replace(old, new, 1))
    assert any(reported in fault for fault in found) if reported else found == []


def test_a_paragraph_without_words_is_found() -> None:
    words = {place: sentences for place, sentences in DESCRIBED.words.items() if place != "Annex 2, column 5"}
    found = faults(described=replace(DESCRIBED, words=words))
    assert "rule R-71: law/tables/order_text.csv has no words of 'Annex 2, column 5'" in found


def test_words_left_out_keep_their_order() -> None:
    assert procedure_quotations.is_quoted("а … в", "а б в")
    assert not procedure_quotations.is_quoted("в … а", "а б в")
    assert procedure_quotations.cited("10; Annex 2, columns 1, 9.1") == [
        "10",
        "Annex 2, column 1",
        "Annex 2, column 9.1",
    ]
    assert procedure_quotations.cited("5, 10 / 8; Annex 1, BIN") == ["5", "10", "8", "Annex 1, BIN"]


def test_expectations_of_one_rule_are_one_row() -> None:
    r30 = DESCRIBED.rules["R-30"]
    assert r30.paragraph == "10; Annex 2, columns 1, 2, 3, 4, 5, 6, 7, 8, 9.1, 9.2"
    assert r30.columns == {column.column_no for column in COLUMNS}
    assert page.rules_in("C-31…C-33, R-05", DESCRIBED.rules) == ["C-31", "C-33", "C-32", "R-05"]
