"""Columns that only the rows of a filing together give, computed on codes of whole columns.

Order and repetitions; which rows look like totals; whether the pool takes a reward at all.

A row that only looks like a total is kept with its texts, but is in no figure and gets one remark; a total is no row of
the filing. A pool without commission has nothing to write into columns 9.1 and 9.2 (facts, contradiction 19): a dash,
"жоқ", "нет", 0 or both cells empty in all rows of a filing say "no reward", so that nothing is lacking and the reward
is 0 of no asset. Empty in some rows only, the cells are judged as any others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.cells import (
    NONE,
    Codes,
    Distinct,
    choose_words,
    first_rows,
    held_twice,
    joined,
    one_chunk,
    seen_before,
)
from esep.examination.frame_columns import NOT_ASKED
from esep.forms.document import LATER_FIELDS, ROW_FIELDS, FormRead
from esep.forms.values.cell import CellKind
from esep.forms.values.text import clean
from esep.lake.schema import QUANTITY

_MIXING = -7046029254386353131
"""An odd factor without pattern, of 64 bits."""
_COLUMNS_BEFORE_A_LOOK = 7
_NAME = r"(?:(?:пул(?:дың)?\s+)?сыйақы(?:сы)?|вознаграждени[ея]|комиссия|reward|fee)"
_NOT_TAKEN = (
    r"не\s+(?:применим[оа]|предусмотрен[оа]|(?:взима|удержива|начисля)(?:л(?:ось|ась)|ется))|алынба(?:йды|ды|ған)"
)
_NOTHING = re.compile(
    rf"[-\u2010-\u2015\u2212\u2500\u30fc_]*|[xх]|n/?a|н/[пд]|0+(?:[.,]0+)?|none|nil|no(?:\s+{_NAME})?"
    rf"|(?:{_NAME}\s+)?(?:жо[қк]|нет|отсутствует|{_NOT_TAKEN})|(?:нет|без)\s+(?:вознаграждения|комиссии)",
    re.IGNORECASE,
)
_REWARD_CELLS = ("reward_asset", "reward_quantity")
_REWARD_WORDS = ("reward_asset_state", "reward_asset_agreement", "reward_quantity_state", "reward_quantity_sign")
_CELLS = frozenset({*ROW_FIELDS, *LATER_FIELDS, "licence_or_own_row"})
"""What a row that looks like a total lacks of these is no fault of its own."""
_KEPT = frozenset({"row", "row_kind", "total_found", "total_expected"})


def row_order(numbers: pa.Array, *, alone: bool) -> tuple[pa.DictionaryArray, pa.Array]:
    """How the ordinal numbers of one sheet follow each other, and the number expected, as text, where they do not.

    The first one must be 1 if the sheet is the whole filing; a further part may go on from any number.
    """
    known = numbers.is_valid().to_numpy(zero_copy_only=False)
    values = pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False)
    before, before_known = np.roll(values, 1), np.roll(known, 1)
    if len(values):
        before[0], before_known[0] = 0, alone
    repeated = seen_before(values) & known
    gap = known & before_known & (values != before + 1) & ~repeated
    choice = np.where(known, np.where(repeated, 2, np.where(gap, 1, 0)), NONE)
    expected = pa.array(before + 1, mask=~(gap | (repeated & before_known))).cast(pa.string())
    return choose_words(choice, "ok", "gap", "repeated"), expected


def duplicates(columns: Iterable[Codes]) -> pa.DictionaryArray:
    """`repeated` for a row whose codes all equal those of a row above; null where no cell holds anything.

    The columns are taken one by one only until no two rows are equal.
    """
    seen: list[Codes] = []
    mixed = np.zeros(1, np.int64)
    for codes in columns:
        seen.append(codes)
        mixed = mixed * _MIXING + codes  # wraps around: equal rows are equal, others hardly ever
        if len(seen) >= _COLUMNS_BEFORE_A_LOOK and not held_twice(mixed).size:
            break
    filled = np.logical_or.reduce([codes != NONE for codes in seen])
    alike = np.flatnonzero(np.isin(mixed, held_twice(mixed)))
    repeated = np.zeros(len(mixed), np.bool_)
    repeated[alike] = seen_before(reduce(joined, (codes[alike] for codes in seen)))
    return choose_words(np.where(filled, np.where(repeated, 1, 0), NONE), "first", "repeated")


def belonging(keys: Codes, values: Codes) -> tuple[pa.DictionaryArray, pa.Array]:
    """`first` where a row's value is the first one of its key in the filing, else `other`; null without either.

    Beside it the position of the row that holds the first value; null where the row itself has the first one or none.
    """
    known = (keys != NONE) & (values != NONE)
    first_of_key = first_rows(np.where(known, keys, NONE))
    first = np.zeros(len(keys), np.int64)
    first[known] = first_of_key[keys[known]]
    other = known & (values != values[first])
    words = choose_words(np.where(known, np.where(other, 1, 0), NONE), "first", "other")
    return words, pa.array(first, mask=~other)


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
            [(name, kind) for name in ("quantity", "reward") for kind in ("min", "max", "count")]
            + [("position", "min"), ("group", "count")]
        )
    )
    suspicious = pc.fill_null(
        reduce(
            pc.and_kleene,
            (
                pc.not_equal(summary["quantity_min"], summary["quantity_max"]),
                pc.equal(summary["reward_min"], summary["reward_max"]),
                pc.equal(summary["reward_count"], summary["group_count"]),
                pc.not_equal(summary["reward_min"], pa.scalar(0, rewards.type)),
            ),
        ),
        False,
    )
    choice = np.where(known, 0, NONE)
    choice[summary.filter(suspicious)["position_min"].to_numpy()] = 1
    return choose_words(choice, "varied", "repeated")


def says_nothing(text: str | None, kind: CellKind) -> bool:
    """Whether a cell is empty or says that there is no reward."""
    if kind not in (CellKind.EMPTY, CellKind.TEXT, CellKind.NUMBER):
        return False
    return text is None or _NOTHING.fullmatch(clean(text).strip(" .;,'’()")) is not None


def states_no_reward(assets: Distinct, quantities: Callable[[], Distinct]) -> bool:
    """Whether all cells of columns 9.1 and 9.2 of a filing, which has rows, say nothing.

    The cells of 9.2, mostly distinct, are asked for only where all of 9.1 say nothing.
    """

    def all_say_nothing(cells: Distinct) -> bool:
        return bool(cells.texts) and all(map(says_nothing, cells.texts, cells.kinds))

    return all_say_nothing(assets) and all_say_nothing(quantities())


def no_reward(rows: pa.Table) -> dict[str, pa.Array]:
    """The lake's columns of the reward in a filing without one."""
    nothing = pa.repeat(pa.scalar(0, pa.int64()).cast(QUANTITY), len(rows))
    return {"reward_asset": pa.nulls(len(rows), pa.string()), "reward_quantity": without_figures(nothing, rows)}


def reward_not_asked(frame: Mapping[str, Any]) -> dict[str, Any]:
    """The frame in which no rule finds anything in columns 9.1 and 9.2."""
    changed = {name: pc.fill_null(frame[name], NOT_ASKED) for name in _REWARD_CELLS}
    changed |= {name: pa.nulls(len(frame[name]), frame[name].type) for name in _REWARD_WORDS}
    return {**frame, **changed}


def has_data(form: FormRead) -> bool:
    """Whether a form has a row that is neither a total nor looks like one."""
    return form.rows["total_expected"].null_count > 0


def total_columns(rows: pa.Table) -> dict[str, pa.Array]:
    """The columns of the frame about rows that look like totals: `row_kind`, `total_found` and `total_expected`."""
    expected = one_chunk(rows["total_expected"])
    doubtful = expected.is_valid()
    if not pc.any(doubtful).as_py():
        words = choose_words(np.zeros(len(rows), np.int64), "data")
        return {"row_kind": words, "total_found": pa.nulls(len(rows), pa.string()), "total_expected": expected}
    quantity, reward = one_chunk(rows["quantity"]), one_chunk(rows["reward_quantity"])
    # Not null_handling="skip", which leaves rows out in which both are null (pyarrow 26).
    found = pc.coalesce(pc.binary_join_element_wise(quantity, reward, "; "), quantity, reward)
    return {
        "row_kind": pc.if_else(doubtful, "looks_like_total", "data").dictionary_encode(),
        "total_found": pc.if_else(doubtful, found, pa.scalar(None, pa.string())),
        "total_expected": expected,
    }


def totals_set_apart(frame: Mapping[str, Any]) -> dict[str, Any]:
    """The frame in which no other rule finds anything on rows that look like totals."""
    doubtful = frame["total_expected"].is_valid()
    if not pc.any(doubtful).as_py():
        return dict(frame)
    return {name: values if name in _KEPT else _apart(name, values, doubtful) for name, values in frame.items()}


def _apart(name: str, values: Any, doubtful: pa.Array) -> Any:
    other = pa.scalar(NOT_ASKED if name in _CELLS else None, pa.string())
    if pa.types.is_dictionary(values.type):
        return pc.if_else(doubtful, other, values.dictionary_decode()).dictionary_encode()
    return pc.if_else(doubtful, other, values)


def without_figures(values: pa.Array, rows: pa.Table) -> pa.Array:
    """Quantities, null on rows that look like totals."""
    doubtful = one_chunk(rows["total_expected"]).is_valid()
    return pc.if_else(doubtful, pa.scalar(None, values.type), values) if pc.any(doubtful).as_py() else values


def without_totals(distribution: pa.Table, forms: Sequence[FormRead]) -> pa.Table:
    """The rows of the filing: the raw rows of `forms`, one after the other, but for totals that do not agree."""
    left_out = [_are_wrong_totals(form) for form in forms]
    if not any(pc.any(one).as_py() for one in left_out):
        return distribution
    return distribution.filter(pc.invert(pa.concat_arrays(left_out)))


def rows_of_filing(form: FormRead) -> int:
    """How many rows without_totals keeps of a form."""
    return len(form.rows) - int(pc.sum(_are_wrong_totals(form)).as_py() or 0)


def _are_wrong_totals(form: FormRead) -> pa.Array:
    wrong = pa.array(wrong_totals(form), pa.int32())
    return pc.is_in(one_chunk(form.rows["row"]), wrong) if len(wrong) else pa.repeat(pa.scalar(False), len(form.rows))


def wrong_totals(form: FormRead) -> set[int]:
    """Rows of totals that do not agree with the rows of their sheet."""
    doubtful = form.rows["row"].filter(form.rows["total_expected"].is_valid())
    return set(form.total_rows) & set(doubtful.to_pylist())
