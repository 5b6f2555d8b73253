"""What a telephone needs of tables: each cell says its column, and no number is cut between its thousands."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from esep.documents.html import harmless
from esep.documents.narrow import stacked
from esep.texts import numbers


def labels(table: str) -> list[tuple[str, str | None]]:
    """Content and label of each cell below the headings."""
    body = stacked(table).partition("</thead>")[2]
    cells = re.findall(r"<t[dh]([^>]*)>(.*?)</t[dh]>", body)
    found = [(words, re.search(r'data-label="([^"]*)"', attributes)) for attributes, words in cells]
    return [(words, label[1] if label else None) for words, label in found]


def table(headings: str, rows: str, attributes: str = "") -> str:
    return f"<table{attributes}>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n{rows}</tbody></table>"


THREE = '<th scope="col">Rule</th><th class="number">Found, <br>units</th><th>"Until" &amp; &lt;more&gt;</th>'


def test_each_cell_has_the_heading_of_its_column() -> None:
    shown = table(THREE, '<tr><th scope="row">R-1</th><td class="number">2</td>\n<td>day</td></tr>')
    assert labels(shown) == [("R-1", None), ("2", "Found, units"), ("day", "&quot;Until&quot; &amp; &lt;more&gt;")]
    assert stacked(shown).startswith('<table class="stacked">')
    assert stacked(shown).replace(' class="stacked"', "", 1).startswith(shown.partition("<tbody>")[0])


def test_a_class_stays() -> None:
    assert stacked(table(THREE, "", ' class="counts"')).startswith('<table class="counts stacked">')


def test_a_heading_that_is_not_seen_is_no_label() -> None:
    shown = table(f'<th><span class="hidden">Choose</span></th>{THREE}', "<tr><td>a</td><td>b</td><td>c</td></tr>")
    assert labels(shown) == [("a", None), ("b", "Rule"), ("c", "Found, units")]


def test_a_cell_of_several_columns_has_none_and_moves_those_after_it() -> None:
    shown = table(THREE, '<tr><td colspan="2">no price</td><td>x</td></tr><tr><td>y</td><td>z</td></tr>')
    assert [label for _, label in labels(shown)] == [
        None,
        "&quot;Until&quot; &amp; &lt;more&gt;",
        "Rule",
        "Found, units",
    ]


def test_a_cell_of_several_rows_moves_those_beside_it() -> None:
    shown = table(
        THREE,
        '<tr><td rowspan="3">a</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>'
        "<tr><td>5</td></tr><tr><td>b</td></tr>",
    )
    last = "&quot;Until&quot; &amp; &lt;more&gt;"
    assert labels(shown) == [
        ("a", "Rule"), ("1", "Found, units"), ("2", last), ("3", "Found, units"), ("4", last), ("5", "Found, units"),
        ("b", "Rule"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "shown",
    [
        table("<th>Of two</th><th>columns</th>", "<tr><td>1</td><td>2</td></tr>"),
        table(THREE, "<tr><td>1</td><td>2</td><td>3</td></tr>", ' class="calendar grid"'),
        "<table><tbody><tr><td>1</td><td>2</td><td>3</td></tr></tbody></table>",
    ],
)
def test_what_fits_and_what_is_read_both_ways_stays_a_table(shown: str) -> None:
    assert stacked(shown) == shown


def test_two_tables_keep_their_own_headings() -> None:
    first, second = table(THREE, "<tr><td>x</td></tr>"), table(THREE.replace("Rule", "Year"), "<tr><td>y</td></tr>")
    page = f"<p>1</p>{first}<p>2</p>{second}"
    assert re.findall(r'data-label="([^"]*)">(.)', stacked(page)) == [("Rule", "x"), ("Year", "y")]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_number_is_not_cut_at_the_end_of_a_line(language: str) -> None:
    for written in (numbers.quantity(Decimal("1375.5"), language), numbers.percent(Decimal(1), language)):
        assert harmless(written) == written
        assert " " not in written
    assert harmless("a\u00a0b\u202e") == "a b[U+202E]"
