"""The number row `1 2 … 8 9.1 9.2`, by which a 1-ЦМ table is found whatever its headings say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from esep.forms.annex2 import NUMBERINGS
from esep.forms.reading.cells import MarkedCell, cell_text

_LONGEST = 20
"""Characters of a number with whatever stands beside it."""
_SHORTEST = min(len(numbers) for numbers in NUMBERINGS.values())


@dataclass(frozen=True, slots=True)
class NumberRow:
    """Where the ten columns stand (positions in the row's list of values) and the separate column 9, if any."""

    numbering: str
    columns: tuple[int, ...]
    spanning: int | None


def find_number_row(values: list[Any]) -> NumberRow | None:
    """The number row in a worksheet row, or None. Blank cells between and other cells around are allowed."""
    filled = [(position, value) for position, value in enumerate(values) if value != ""]
    if len(filled) < _SHORTEST:
        return None
    texts = [_normalised(value) for _, value in filled]
    for numbering, numbers in NUMBERINGS.items():
        for start in range(len(texts) - len(numbers) + 1):
            if texts[start] == "1" and _matches(filled, texts, start, numbers):
                return _number_row(numbering, [position for position, _ in filled[start : start + len(numbers)]])
    return None


def find_number_row_over_two(upper: list[Any], lower: list[Any]) -> NumberRow | None:
    """The number row printed over two worksheet rows: `1 2 … 8 9` and, under the 9, `9.1 9.2` (or `10 11`)."""
    if not 2 <= sum(value != "" for value in lower) <= len(("9", "10", "11")):
        return None
    return find_number_row([above if below == "" else below for above, below in zip(upper, lower, strict=True)])


def is_lower_part(texts: Iterable[str | None]) -> bool:
    """Whether the cells of a row hold nothing but the numbers under a spanning 9."""
    numbers = [_normalised(text) for text in texts if text is not None]
    return numbers in (["9.1", "9.2"], ["10", "11"], ["9", "10", "11"])


def _number_row(numbering: str, positions: list[int]) -> NumberRow:
    if numbering == "9/10/11":
        return NumberRow(numbering, (*positions[:8], *positions[9:]), positions[8])
    return NumberRow(numbering, tuple(positions), None)


def _matches(filled: list[tuple[int, Any]], texts: list[str], start: int, numbers: tuple[str, ...]) -> bool:
    window = texts[start : start + len(numbers)]
    if tuple(window) == numbers:
        return True
    # Typed as 9.1 and 9.2, Excel makes 9 January and 9 February (or 1 and 2 September) of them.
    tail = [value for _, value in filled[start + 8 : start + len(numbers)]]
    return numbers[8:] == ("9.1", "9.2") and window[:8] == list(numbers[:8]) and _are_nine_one_nine_two(tail)


def _are_nine_one_nine_two(tail: list[Any]) -> bool:
    days = [(value.month, value.day) for value in tail if isinstance(value, date | datetime)]
    return days in ([(1, 9), (2, 9)], [(9, 1), (9, 2)])


_ROMAN = {
    number: str(place)
    for place, number in enumerate("I II III IV V VI VII VIII IX X XI".split(), 1)  # noqa: SIM905
}
_LABEL = re.compile(r"^(?:№|гр(?:афа)?\.?|столбец|баған|column|col\.?)\s*|[-\s]*(?:гр|графа|столбец|баған)\.?$", re.I)
_PART_OF_NINE = {
    "9а": "9.1", "9a": "9.1", "9б": "9.2", "9b": "9.2", "9ә": "9.2",
    "9-1": "9.1", "9-2": "9.2", "9/1": "9.1", "9/2": "9.2", "9(1)": "9.1", "9(2)": "9.2",
}  # fmt: skip


def _normalised(value: Any) -> str:
    """`9,1`, `9.1 `, `9-1`, `9а` and 9.1 alike; `1.0`, `1.`, `I` and `гр. 1` as `1`."""
    text = None if isinstance(value, MarkedCell) else cell_text(value)[0]
    if text is None or len(text) > _LONGEST:
        return ""
    text = _LABEL.sub("", text.strip()).replace(",", ".").strip("[]'’").replace(" ", "")
    text = _PART_OF_NINE.get(text.casefold(), text).strip("()").rstrip(".)")
    text = _PART_OF_NINE.get(text.casefold(), _ROMAN.get(text.upper(), text))
    return text[:-2] if text.endswith(".0") else text
