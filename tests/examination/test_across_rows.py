"""What can be seen only by comparing the rows of a filing, against the plain way of doing it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.examination.across_rows import duplicates, repeated_rewards, row_order
from esep.examination.cells import NONE, held_twice, seen_before

DECIMALS = st.sampled_from([None, Decimal(0), Decimal(1), Decimal(2)])
CODES = st.integers(NONE, 1)
ROWS = st.lists(st.tuples(CODES, CODES, DECIMALS, DECIMALS), max_size=6)


@settings(max_examples=1000, deadline=None)
@given(ROWS)
def test_one_reward_beside_different_quantities_of_an_asset_and_day(
    rows: list[tuple[int, int, Decimal | None, Decimal | None]],
) -> None:
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, (asset, day, _, _) in enumerate(rows):
        if NONE not in (asset, day):
            groups[asset, day].append(place)
    expected = ["varied" if NONE not in row[:2] else None for row in rows]
    for places in groups.values():
        quantities = {rows[place][2] for place in places} - {None}
        if len(quantities) > 1 and len({rows[place][3] for place in places} - {Decimal(0)}) == 1:
            expected[places[0]] = "repeated" if all(rows[place][3] for place in places) else "varied"
    assets, days = (np.array([row[at] for row in rows], np.int64) for at in (0, 1))
    decimals = [pa.array([row[at] for row in rows], pa.decimal128(38, 18)) for at in (2, 3)]
    assert repeated_rewards(assets, days, *decimals).to_pylist() == expected


MANY_CODES = st.one_of(st.integers(NONE, 1), st.integers(2**31 - 2, 2**31))
"""Of a column of few distinct cells, and beyond what the codes of two columns side by side have room for."""


@settings(max_examples=500, deadline=None)
@given(st.lists(st.lists(MANY_CODES, min_size=9, max_size=9), max_size=8), st.data())
def test_a_row_that_is_all_in_all_another_one_is_repeated(rows: list[list[int]], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(rows), max_size=4)) if rows else []
    rows = data.draw(st.permutations(rows + again))
    columns = [np.array([row[at] for row in rows], np.int64) for at in range(9)]
    found = duplicates(iter(columns)).to_pylist()
    for place, (word, row) in enumerate(zip(found, rows, strict=True)):
        is_empty = set(row) == {NONE}
        assert (word == "repeated") == (row in rows[:place] and not is_empty)
        assert word is None or not is_empty


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(NONE, 6)))
def test_which_keys_come_twice_and_where_again(keys: list[int]) -> None:
    codes = np.array(keys, np.int64)
    assert set(held_twice(codes).tolist()) == {key for key in keys if keys.count(key) > 1}
    assert seen_before(codes).tolist() == [key in keys[:place] for place, key in enumerate(keys)]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(1, 6))), st.booleans())
def test_ordinal_numbers_follow_each_other(numbers: list[int | None], alone: bool) -> None:
    expected: list[str | None] = []
    for place, number in enumerate(numbers):
        before = numbers[place - 1] if place else (0 if alone else None)
        if number is None:
            expected.append(None)
        elif number in numbers[:place]:
            expected.append("repeated")
        else:
            expected.append("ok" if before is None or number == before + 1 else "gap")
    assert row_order(pa.array(numbers, pa.int64()), alone=alone)[0].to_pylist() == expected
