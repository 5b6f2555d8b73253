"""What can be seen only by comparing the rows of a filing, against the plain way of doing it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.examination.across_rows import repeated_rewards
from esep.examination.cells import NONE

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
