"""A page of a .pdf with filled fields, line by line: each value where the eye sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from esep.forms.reading.pdf_fields import Field

_WIDTH_OF_A_LETTER = 0.55
"""Of the font's size, in the fonts that forms are set in: texts have a beginning but no end in a .pdf."""
_BLANK = re.compile(r"([_\u2026]{2,}|\.{4,})")
_SAME_LINE = 3.0
"""Points by which the base lines of one line may differ."""
_BASE_LINE = 0.25
"""Of a field's height: where the base line of its text lies above its lower edge."""
_ONE_LINE = 30.0
"""A field higher than this holds several lines, from its upper edge on."""


@dataclass(slots=True)
class _Piece:
    left: float
    right: float
    text: str
    is_blank: bool = False


@dataclass(slots=True)
class _Line:
    base: float
    pieces: list[_Piece]

    @property
    def text(self) -> str:
        return " ".join(" ".join(piece.text for piece in sorted(self.pieces, key=lambda piece: piece.left)).split())


def lines_of_page(page: Any, fields: Iterable[Field]) -> list[str]:
    """The lines of a page from top to bottom, values of its fields among them."""
    lines = _printed(page)
    for field in fields:
        _place(lines, field)
    return [text for line in sorted(lines, key=lambda line: -line.base) for text in [line.text] if text]


def _printed(page: Any) -> list[_Line]:
    lines: list[_Line] = []
    at: dict[int, _Line] = {}
    """Lines by the height of their base line in steps of `_SAME_LINE`, so that none has to be searched for."""

    def take(text: str, cm: Sequence[float], tm: Sequence[float], _font: object, size: float) -> None:
        if not text.strip():
            return
        left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        base = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        letter = _WIDTH_OF_A_LETTER * (abs(size * tm[0] * cm[0]) or abs(size) or 10.0)
        step = round(base / _SAME_LINE)
        near = (line for one in (step, step + 1, step - 1) if (line := at.get(one)) is not None)
        line = next((line for line in near if abs(line.base - base) <= _SAME_LINE), None)
        if line is None:
            line = at[step] = _Line(base, [])
            lines.append(line)
        for part in _BLANK.split(text.strip("\n")):
            right = left + letter * len(part)
            if part.strip():
                line.pieces.append(_Piece(left, right, part, bool(_BLANK.fullmatch(part))))
            left = right

    page.extract_text(visitor_text=take)
    return lines


def _place(lines: list[_Line], field: Field) -> None:
    """Into the line that the field lies on, over its blank; a line of its own where a text is in its way."""
    left, bottom, right, top = field.box
    height = top - bottom
    base = top - 12.0 if height > _ONE_LINE else bottom + _BASE_LINE * height
    piece = _Piece(left, right, field.value)
    reach = max(_SAME_LINE, 0.4 * height)
    near = sorted((abs(line.base - base), n) for n, line in enumerate(lines) if abs(line.base - base) <= reach)
    for line in (lines[n] for _, n in near):
        covered = [one for one in line.pieces if one.left < right and left < one.right]
        if all(one.is_blank or _mostly_beside(one, left, right) for one in covered):
            line.pieces = [one for one in line.pieces if not (one.is_blank and one in covered)]
            line.pieces.append(piece)
            return
    lines.append(_Line(base - 0.01, [piece]))


def _mostly_beside(piece: _Piece, left: float, right: float) -> bool:
    """The ends of texts are estimates."""
    overlap = min(piece.right, right) - max(piece.left, left)
    return overlap <= 0.3 * min(piece.right - piece.left, right - left)
