"""What a cell was before it became text, and what a parser makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar

Value = TypeVar("Value")
State = TypeVar("State", bound=StrEnum)


class CellKind(IntEnum):
    """What a cell was before it became text. Stored as uint8 beside the text."""

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3
    BOOLEAN = 4
    ERROR = 5
    """An error value such as #N/A; the text holds it as shown."""
    FORMULA = 6
    """A formula whose result was never calculated; the text holds the formula."""
    SERIAL_1904 = 7
    """A bare number in the column of distribution days, in a workbook that counts its days from 1 January 1904."""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Value, State]):
    """A value, what is to be reported of it, and in `note` a few English words for whoever corrects the cell.

    `value` is None wherever no single reading of the text exists.
    """

    value: Value | None
    state: State
    note: str = ""


_STATE_OF_KIND = {CellKind.EMPTY: "empty", CellKind.ERROR: "error_cell", CellKind.FORMULA: "uncalculated_formula"}


def state_without_reading(text: str | None, kind: CellKind) -> str | None:
    """`empty`, `error_cell` or `uncalculated_formula` for a cell that holds no text to read; None for any other."""
    if kind in _STATE_OF_KIND:
        return _STATE_OF_KIND[kind]
    return None if text and not text.isspace() else "empty"
