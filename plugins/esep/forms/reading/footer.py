"""The labelled lines below the table: pool, address, telephone, e-mail, executor, head.

A value is in the label's cell, in the cells right of it, or below it above a caption; one line may hold several
pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from esep.forms.annex2 import FOOTER, SEAL, SEAL_WORDS
from esep.forms.document import Text
from esep.forms.reading.sheets import Line, address
from esep.forms.reading.words import NAME_CAPTION, any_of, clean

_VALUE_WITHIN_ROWS = 3
"""A value may be this many rows below its label, when nothing is beside the label."""
_SEAL = "seal"
_LABELS_OF_ROW = 100
"""Labels of one row that are looked at; the form has six in all."""


def _same(phrase: str) -> str:
    return " ".join(phrase.casefold().replace("ё", "е").split())


_KEYS = {
    _same(phrase): key
    for key, phrases in (
        *((item.key, (*item.label.values(), *item.variants)) for item in FOOTER),
        (_SEAL, (*SEAL.values(), *SEAL_WORDS)),
    )
    for phrase in phrases
}
"""Which field a label names."""
_LABEL = any_of(_KEYS)
_AT_START = re.compile(rf"[\s_(«\"]*(?P<label>{_LABEL})", re.IGNORECASE)
_INSIDE = re.compile(rf"(?<=[\s_,;.])(?=(?P<label>{_LABEL})(?P<colon>\s*:)?)", re.IGNORECASE)
_EXPLANATION = re.compile(r"түсініктеме|пояснени[ея]\s+по\s+заполнению", re.IGNORECASE)
_NOT_A_LABEL = re.compile(r"наименование\s+(?:цифров|форм|показател)|атауы\s*\(", re.IGNORECASE)


def starts_with_label(text: str) -> bool:
    """Whether a cell begins with a footer label."""
    return bool(_AT_START.match(text)) and not _NOT_A_LABEL.match(text)


def ends_footer(line: Line) -> bool:
    """Whether the explanation of the form begins here."""
    return any(_EXPLANATION.search(text) for _, text in line.cells)


@dataclass(slots=True)
class _Label:
    key: str
    row: int
    column: int
    values: list[str] = field(default_factory=list)
    value_row: int = 0
    value_column: int = 0


def read_footer(sheet: str, lines: Iterable[Line]) -> dict[str, Text]:
    """The footer's fields; the first filled occurrence of a label counts. A label without value gives text None."""
    labels: list[_Label] = []
    of_row: list[_Label] = []
    for line in lines:
        if ends_footer(line):
            break
        for column, text in line.cells:
            for key, part in _parts(text):
                if key is not None:
                    if not of_row or of_row[0].row != line.row:
                        of_row = []
                    if len(of_row) < _LABELS_OF_ROW:
                        of_row.append(_Label(key, line.row, column))
                        labels.append(of_row[-1])
                elif of_row and (value := clean(part)) is not None:
                    _give(of_row, line.row, column, value)
    fields: dict[str, Text] = {}
    for label in _without_phone_of_executor(labels):
        if label.key == _SEAL or (label.key in fields and (fields[label.key].text or not label.values)):
            continue
        row, column = (label.value_row, label.value_column) if label.values else (label.row, label.column)
        fields[label.key] = Text(" ".join(label.values) or None, sheet, row, address(row, column))
    return fields


def _without_phone_of_executor(labels: list[_Label]) -> list[_Label]:
    """The executor's own telephone, given after the name, is not the pool's where that one is asked for."""
    own = {
        place
        for place, (before, label) in enumerate(pairwise(labels), start=1)
        if label.key == "phone" and before.key == "executor" and before.row == label.row
    }
    if len(own) == sum(label.key == "phone" for label in labels):
        return labels
    return [label for place, label in enumerate(labels) if place not in own]


def _give(labels: list[_Label], row: int, column: int, value: str) -> None:
    """Attach a value to the label it belongs to, of the last row that has labels; one that belongs to none is left."""
    if labels[-1].row == row:
        target = labels[-1]
    else:
        within_reach = row - labels[-1].row <= _VALUE_WITHIN_ROWS
        open_above = [label for label in labels if within_reach and (not label.values or label.value_row == row)]
        if not open_above:
            return
        left = [label for label in open_above if label.column <= column]
        target = left[-1] if left else open_above[0]
    if not target.values:
        target.value_row, target.value_column = row, column
    target.values.append(value)


def _parts(text: str) -> Iterator[tuple[str | None, str]]:
    """Labels and values of one cell in order: (key, label) or (None, value)."""
    text = NAME_CAPTION.sub(" ", " ".join(text.split()))
    if _NOT_A_LABEL.match(text):
        yield None, text
        return
    position = 0
    match = _AT_START.match(text)
    while True:
        if match is not None:
            yield _KEYS[_same(match["label"])], match["label"]
            position = match.end()
        following = _next_label(text, position)
        yield None, text[position:following]
        if following is None:
            return
        position = following
        match = _AT_START.match(text, position)


def _next_label(text: str, position: int) -> int | None:
    """Where the next pair of the same cell begins: a label with a capital letter, or with a colon after it."""
    for match in _INSIDE.finditer(text, position):
        if text[match.start()].isupper() or match["colon"] or _KEYS[_same(match["label"])] == "email":
            return match.start()
    return None
