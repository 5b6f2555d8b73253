"""What every parser gives back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from esep.forms.document import CellKind

Value = TypeVar("Value")
State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Value, State]):
    """A value, what is to be reported of it, and in `note` a few English words for whoever mends the cell.

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
