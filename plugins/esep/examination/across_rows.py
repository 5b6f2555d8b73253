"""What can be seen only by comparing the rows of a filing with each other, computed on codes of whole columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.cells import NONE, Codes, choose_words, first_rows

_LARGEST_KEY = 2**62
_COLUMNS_BEFORE_A_LOOK = 7


@dataclass(frozen=True)
class Order:
    words: pa.DictionaryArray
    expected: pa.Array
    """The number that was expected, as text; null where the order holds."""


def row_order(numbers: pa.Array, *, alone: bool) -> Order:
    """How the ordinal numbers of one sheet follow each other.

    The first one must be 1 if the sheet is the whole filing; a further part may go on from any number.
    """
    known = numbers.is_valid().to_numpy(zero_copy_only=False)
    values = pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False)
    before, before_known = np.roll(values, 1), np.roll(known, 1)
    if len(values):
        before[0], before_known[0] = 0, alone
    repeated = pd.Series(values).duplicated().to_numpy() & known
    gap = known & before_known & (values != before + 1) & ~repeated
    choice = np.where(known, np.where(repeated, 2, np.where(gap, 1, 0)), NONE)
    expected = pa.array(before + 1, mask=~(gap | (repeated & before_known))).cast(pa.string())
    return Order(choose_words(choice, "ok", "gap", "repeated"), expected)


def duplicates(columns: Iterable[Codes]) -> pa.DictionaryArray:
    """`repeated` for a row whose codes all equal those of a row above; null where no cell holds anything.

    The columns are taken one by one only until the rows are told apart.
    """
    key, filled = None, None
    for number, codes in enumerate(columns, start=1):
        if key is None or filled is None:
            key, filled = codes + 1, codes != NONE
            continue
        width = int(codes.max(initial=NONE)) + 2
        if int(key.max(initial=0)) >= _LARGEST_KEY // width:
            key = pd.factorize(key)[0].astype(np.int64)
        key = key * width + codes + 1
        filled = filled | (codes != NONE)
        if number >= _COLUMNS_BEFORE_A_LOOK and pd.Series(key).is_unique:
            break
    if key is None or filled is None:
        raise ValueError("no columns to compare")
    repeated = pd.Series(key).duplicated().to_numpy()
    return choose_words(np.where(filled, np.where(repeated, 1, 0), NONE), "first", "repeated")


@dataclass(frozen=True)
class Belonging:
    """For each row, whether its value is the first one seen with its key."""

    words: pa.DictionaryArray
    first_rows: pa.Array
    """Position of the row that holds the first value; null where the row itself has the first one or none."""


def belonging(keys: Codes, values: Codes) -> Belonging:
    """`first` where a row's value is the first one of its key in the filing, else `other`; null without either."""
    known = (keys != NONE) & (values != NONE)
    first_of_key = first_rows(np.where(known, keys, NONE))
    first = np.zeros(len(keys), np.int64)
    first[known] = first_of_key[keys[known]]
    other = known & (values != values[first])
    return Belonging(
        choose_words(np.where(known, np.where(other, 1, 0), NONE), "first", "other"), pa.array(first, mask=~other)
    )


def repeated_rewards(assets: Codes, days: Codes, quantities: pa.Array, rewards: pa.Array) -> pa.DictionaryArray:
    """`repeated` on the first row of an asset and day whose rows state different quantities but one reward.

    Such a reward may be the day's total written on each row. A reward of zero says nothing.
    """
    known = (assets != NONE) & (days != NONE)
    width = int(days.max(initial=NONE)) + 2
    groups = np.where(known, assets * width + days, NONE)
    table = pa.table({"group": groups, "position": np.arange(len(groups)), "quantity": quantities, "reward": rewards})
    summary = (
        table.filter(pc.not_equal(table["group"], NONE))
        .group_by("group")
        .aggregate(
            [
                ("position", "min"),
                ("quantity", "min"),
                ("quantity", "max"),
                ("reward", "min"),
                ("reward", "max"),
                ("reward", "count"),
                ("group", "count"),
            ]
        )
    )
    suspicious = _all(
        pc.not_equal(summary["quantity_min"], summary["quantity_max"]),
        pc.equal(summary["reward_min"], summary["reward_max"]),
        pc.equal(summary["reward_count"], summary["group_count"]),
        pc.not_equal(summary["reward_min"], pa.scalar(0, rewards.type)),
    )
    choice = np.where(known, 0, NONE)
    choice[summary.filter(suspicious)["position_min"].to_numpy()] = 1
    return choose_words(choice, "varied", "repeated")


def _all(*conditions: Any) -> Any:
    total = conditions[0]
    for condition in conditions[1:]:
        total = pc.and_kleene(total, condition)
    return pc.fill_null(total, False)
