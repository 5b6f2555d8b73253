"""The number row `1 2 … 8 9.1 9.2`, by which a 1-ЦМ table is found whatever its headings say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from esep.forms.annex2 import NUMBERINGS, Numbering
from esep.forms.document import ROW_FIELDS, TEXT_FIELDS
from esep.forms.reading.sheets import MarkedCell, cell_text
from esep.forms.values import dates
from esep.law.form_versions import HEADING

_LONGEST = 20
"""Characters of a number with whatever is beside it."""
_SHORTEST = min(len(numbering.numbers) for numbering in NUMBERINGS)


@dataclass(frozen=True, slots=True)
class NumberRow:
    """Where the form's columns are, as positions in the row's list of values."""

    numbering: Numbering
    columns: tuple[int, ...]
    """Of each of ROW_FIELDS."""
    texts: Mapping[str, int]
    """Of those TEXT_FIELDS that the sheet has."""

    @property
    def printed(self) -> dict[str, int]:
        """By the printed number of the column; a separate column 9 of the explanation has none."""
        by_name = dict(zip(ROW_FIELDS, self.columns, strict=True)) | dict(self.texts)
        cells = (column for column in self.numbering.columns if column.kind != HEADING)
        return {column.column_no: by_name[column.name] for column in cells}


def find_number_row(values: list[Any], above: Sequence[Any] = ()) -> NumberRow | None:
    """The number row in a worksheet row, or None. Blank cells between and other cells around are allowed.

    `above`: the filled row before it, where it may begin: `1 2 … 8 9` and, under the 9, `9.1 9.2` (or `10 11`).
    """
    return _in_one_row(values) or (_over_two_rows(above, values) if above else None)


def _in_one_row(values: list[Any]) -> NumberRow | None:
    filled = [(position, value) for position, value in enumerate(values) if value != ""]
    if len(filled) < _SHORTEST:
        return None
    texts = [_normalised(value) for _, value in filled]
    for numbering in NUMBERINGS:
        count = len(numbering.numbers)
        for start in range(len(texts) - count + 1):
            if texts[start] == "1" and _matches(filled[start : start + count], texts[start:], numbering.numbers):
                return _number_row(numbering, [position for position, _ in filled[start : start + count]])
    return None


def _over_two_rows(upper: Sequence[Any], lower: list[Any]) -> NumberRow | None:
    if not 2 <= sum(value != "" for value in lower) <= len(("9", "10", "11")):
        return None
    return _in_one_row([above if below == "" else below for above, below in zip(upper, lower, strict=True)])


def is_lower_part(texts: Iterable[str | None]) -> bool:
    """Whether the cells of a row hold nothing but the numbers under a spanning 9."""
    numbers = [_normalised(text) for text in texts if text is not None]
    return numbers in (["9.1", "9.2"], ["10", "11"], ["9", "10", "11"])


def _number_row(numbering: Numbering, positions: list[int]) -> NumberRow:
    by_name = {column.name: position for column, position in zip(numbering.columns, positions, strict=True)}
    texts = {name: by_name[name] for name in TEXT_FIELDS if name in by_name}
    return NumberRow(numbering, tuple(by_name[name] for name in ROW_FIELDS), texts)


def _matches(filled: list[tuple[int, Any]], texts: list[str], numbers: tuple[str, ...]) -> bool:
    """Whether the cells and their texts, from the same one on, are these numbers."""
    window = tuple(texts[: len(numbers)])
    if window == numbers:
        return True
    # Typed as 9.1 and 9.2, Excel makes 9 January and 9 February (or 1 and 2 September) of them.
    if "9.1" not in numbers:
        return False
    nine = numbers.index("9.1")
    others = (*window[:nine], "9.1", "9.2", *window[nine + 2 :])
    return others == numbers and _are_nine_one_nine_two([value for _, value in filled[nine : nine + 2]])


def _are_nine_one_nine_two(tail: list[Any]) -> bool:
    days = [(day.month, day.day) for day in map(_day, tail) if day is not None]
    return days in ([(1, 9), (2, 9)], [(9, 1), (9, 2)])


def _day(value: Any) -> date | None:
    """A day, also as the text that Excel leaves of it in another program's file: `09.янв`, `9-Jan`."""
    if isinstance(value, date | datetime):
        return value
    return dates.parse(value).value or dates.parse(f"{value} 2000").value if isinstance(value, str) else None


_ROMAN = {
    number: str(place)
    for place, number in enumerate("I II III IV V VI VII VIII IX X XI XII XIII".split(), 1)  # noqa: SIM905
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
