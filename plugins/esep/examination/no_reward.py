"""A pool without commission has nothing to write into columns 9.1 and 9.2 (facts, contradiction 19).

A dash, "жоқ", "нет", 0 or both cells empty in all rows of a filing say "no reward": nothing is lacking, and the reward
is 0 of no asset. Empty in some rows only, the cells are judged as any others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.cells import Distinct
from esep.examination.frame_columns import NOT_ASKED
from esep.forms.values.cell import CellKind
from esep.forms.values.text import clean
from esep.lake.schema import QUANTITY

_NAME = r"(?:(?:пул(?:дың)?\s+)?сыйақы(?:сы)?|вознаграждени[ея]|комиссия|reward|fee)"
_NOT_TAKEN = (
    r"не\s+(?:применим[оа]|предусмотрен[оа]|(?:взима|удержива|начисля)(?:л(?:ось|ась)|ется))|алынба(?:йды|ды|ған)"
)
_NOTHING = re.compile(
    rf"[-\u2010-\u2015\u2212\u2500\u30fc_]*|[xх]|n/?a|н/[пд]|0+(?:[.,]0+)?|none|nil|no(?:\s+{_NAME})?"
    rf"|(?:{_NAME}\s+)?(?:жо[қк]|нет|отсутствует|{_NOT_TAKEN})|(?:нет|без)\s+(?:вознаграждения|комиссии)",
    re.IGNORECASE,
)
_CELLS = ("reward_asset", "reward_quantity")
_WORDS = ("reward_asset_state", "reward_asset_agreement", "reward_quantity_state", "reward_quantity_sign")


def says_nothing(text: str | None, kind: CellKind) -> bool:
    """Whether a cell is empty or says that there is no reward."""
    if kind not in (CellKind.EMPTY, CellKind.TEXT, CellKind.NUMBER):
        return False
    return text is None or _NOTHING.fullmatch(clean(text).strip(" .;,'’()")) is not None


def states_none(*columns: Distinct) -> bool:
    """Whether all cells of columns 9.1 and 9.2 of a filing, which has rows, say nothing."""
    return all(bool(cells.texts) and all(map(says_nothing, cells.texts, cells.kinds)) for cells in columns)


def figures(count: int) -> tuple[pa.Array, pa.Array]:
    """Asset and quantity of the reward of a filing without one."""
    return pa.nulls(count, pa.string()), pa.repeat(pa.scalar(0, pa.int64()).cast(QUANTITY), count)


def not_asked(frame: Mapping[str, Any]) -> dict[str, Any]:
    """The frame in which no rule finds anything in columns 9.1 and 9.2."""
    changed = {name: pc.fill_null(frame[name], NOT_ASKED) for name in _CELLS}
    changed |= {name: pa.nulls(len(frame[name]), frame[name].type) for name in _WORDS}
    return {**frame, **changed}
