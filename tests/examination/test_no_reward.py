"""A filing whose columns 9.1 and 9.2 say "no reward" in all rows lacks nothing (facts, contradiction 19)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.examination.across_rows import says_nothing
from esep.examination.model import Verdict
from esep.forms.values.cell import CellKind
from examination.package_builder import examined, form, package, row

NOTHING: tuple[Any, ...] = (
    None, "-", "–", "—", "−", "---", "жоқ", "Жоқ.", "ЖОК", "нет", "Нет", "no", "0", "0,00",
    "'0", ("0", CellKind.NUMBER),
)  # fmt: skip


def reported(rows: list[dict[str, Any]], *more: list[dict[str, Any]]) -> Any:
    return examined(package([form(rows), *(form(part, sheet=str(n)) for n, part in enumerate(more, 2))]))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(NOTHING), st.sampled_from(NOTHING)), min_size=1, max_size=4))
def test_no_reward_in_all_rows_is_no_fault(cells: list[tuple[Any, Any]]) -> None:
    rows = [row(n, reward_asset=asset, reward_quantity=units) for n, (asset, units) in enumerate(cells, 1)]
    examination = reported(rows)
    assert examination.findings == ()
    assert examination.verdict is Verdict.ACCEPTED
    found = examination.distribution.to_pylist()
    assert [(one["reward_asset"], one["reward_quantity"]) for one in found] == [(None, Decimal(0))] * len(rows)
    assert examination.excluded_count == 0


def test_the_parts_of_a_filing_are_judged_together() -> None:
    none = [row(1, reward_asset="–", reward_quantity=None)]
    assert reported(none, [row(2, reward_asset="жоқ", reward_quantity="0")]).findings == ()
    assert {one.rule_id for one in reported(none, [row(2)]).findings} == {"C-50", "R-51", "R-62"}


@pytest.mark.parametrize(
    ("asset", "units", "rules"),
    [
        (None, None, {"C-49", "C-50"}),
        ("–", "–", {"R-51", "R-57", "R-62"}),
        (None, "0", {"C-49"}),
    ],
)
def test_in_some_rows_only_the_cells_are_judged_as_ever(asset: Any, units: Any, rules: set[str]) -> None:
    examination = reported([row(1), row(2, reward_asset=asset, reward_quantity=units)])
    assert {one.rule_id for one in examination.findings} == rules


@pytest.mark.parametrize(("asset", "units"), [("BTC", "–"), ("–", "0.5"), ("BTC", None)])
def test_a_row_that_says_anything_of_a_reward_is_no_row_without_one(asset: Any, units: Any) -> None:
    examination = reported(
        [row(1, reward_asset=None, reward_quantity=None), row(2, reward_asset=asset, reward_quantity=units)]
    )
    assert examination.findings


def test_an_asset_with_a_reward_of_nothing_stays_as_it_is() -> None:
    [one] = reported([row(1, reward_asset="BTC", reward_quantity="0")]).distribution.to_pylist()
    assert (one["reward_asset"], one["reward_quantity"]) == ("BTC", Decimal(0))


@pytest.mark.parametrize("kind", [CellKind.ERROR, CellKind.FORMULA, CellKind.BOOLEAN, CellKind.DATE])
def test_other_cells_say_something(kind: CellKind) -> None:
    assert not says_nothing("0", kind)


@pytest.mark.parametrize(
    "text",
    [
        "н/п", "n/a", "х", "Не применимо", "не взималось", "комиссия не взималась", "Нет вознаграждения", "сыйақы жоқ",
        "без вознаграждения", "без комиссии", "no fee", "алынбаған", "не предусмотрено", "пулдың сыйақысы жоқ",
    ],
)  # fmt: skip
def test_words_for_no_reward(text: str) -> None:
    rows = [row(1, reward_asset=text, reward_quantity="0"), row(2, reward_asset="-", reward_quantity=text)]
    assert not reported(rows).findings


@pytest.mark.parametrize("text", ["не BTC", "без BTC", "нет данных о вознаграждении", "x1", "комиссия", "0,01"])
def test_other_words_say_something(text: str) -> None:
    assert not says_nothing(text, CellKind.TEXT)
