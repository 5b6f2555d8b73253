"""The labelled lines below the table: pool, address, telephone, e-mail, executor, head.

A value is in the label's cell, in the cells right of it, or below it above a caption; one line may hold several
pairs. The executor's line holds a name and a telephone, which is a field of its own and not the pool's. The explanation
of the form is no footer, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from esep.forms.annex2 import EXECUTOR_PHONE, FOOTER, SEAL, SEAL_WORDS
from esep.forms.document import Text
from esep.forms.reading.phone import name_and_phone
from esep.forms.reading.sheets import Line, address
from esep.forms.reading.words import NAME_CAPTION, any_of, clean

_VALUE_WITHIN_ROWS = 3
"""A value may be this many rows below its label, when nothing is beside the label."""
_SEAL = "seal"
_EXECUTOR = "executor"
_LABELS_OF_ROW = 100
"""Labels of one row that are looked at; the form has six in all."""


def _same(phrase: str) -> str:
    return " ".join(phrase.casefold().replace("ё", "е").split())


_KEYS = {
    _same(phrase): key
    for key, phrases in (
        *((item.key, (*item.label.values(), *item.variants)) for item in (*FOOTER, EXECUTOR_PHONE)),
        (_SEAL, (*SEAL.values(), *SEAL_WORDS)),
    )
    for phrase in phrases
    if phrase
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


def begins_explanation(line: Line) -> bool:
    """Whether the explanation of the form begins here."""
    return any(_EXPLANATION.search(text) for _, text in line.cells)


def _without_explanation(lines: Iterable[Line]) -> Iterator[Line]:
    """The footer's lines. What follows the explanation is the footer's only if nothing before it was."""
    found = explained = False
    for line in lines:
        if begins_explanation(line):
            if found:
                return
            explained = True
            continue
        labelled = starts_with_label(line.cells[0][1])
        if not explained or labelled:
            explained = False
            found |= labelled
            yield line


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
    for line in _without_explanation(lines):
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
    for key, label in _keyed(labels):
        if key == _SEAL or (key in fields and (fields[key].text or not label.values)):
            continue
        row, column = (label.value_row, label.value_column) if label.values else (label.row, label.column)
        fields[key] = Text(" ".join(label.values) or None, sheet, row, address(row, column))
    return _with_executor_apart(fields)


def _keyed(labels: list[_Label]) -> Iterator[tuple[str, _Label]]:
    """Labels with the field that each names. The telephone given after the executor's name is the executor's.

    In the same row it is so always; in a further one where a telephone was given before. It counts as the pool's as
    well where no other is asked for: nothing says then that it is not.
    """
    phones = sum(label.key == "phone" for label in labels)
    given = 0
    for before, label in pairwise([_Label("", 0, 0), *labels]):
        if label.key != "phone":
            yield label.key, label
            continue
        is_executors = before.key == _EXECUTOR and (before.row == label.row or given > 0)
        if is_executors:
            yield EXECUTOR_PHONE.key, label
        if not is_executors or phones == 1:
            yield label.key, label
        given += 1


def _with_executor_apart(fields: dict[str, Text]) -> dict[str, Text]:
    """The executor's name and telephone as two fields; a telephone with a label of its own goes first."""
    executor = fields.get(_EXECUTOR)
    if executor is None or executor.text is None:
        return fields
    name, phone = name_and_phone(executor.text)
    if phone is None:
        return fields
    labelled = fields.get(EXECUTOR_PHONE.key)
    apart = labelled if labelled and labelled.text else replace(executor, text=phone)
    return fields | {_EXECUTOR: replace(executor, text=name), EXECUTOR_PHONE.key: apart}


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
