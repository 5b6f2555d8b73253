"""Lines of a sheet, document or page joined into one text that still knows where each character was."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from esep.forms.document import Text
from esep.forms.reading import limits
from esep.forms.reading.sheets import Line, address
from esep.forms.reading.words import with_kazakh_i

_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u00ad": "-", "\u2010": "-", "\u2011": "-"})


def _with_short_spaces(text: str) -> str:
    """Runs of white space as one space, tab or line break; searching in long runs takes long.

    A tab parts the cells of a table's row in a document, so it stays.
    """
    text = re.sub(r"[^\S\n]+", _space_or_tab, with_kazakh_i(text.translate(_SPACES)))
    return re.sub(r"(?:[ \t]?\n)+[ \t]?", "\n", text)


def _space_or_tab(spaces: re.Match[str]) -> str:
    return "\t" if "\t" in spaces.group() else " "


class Passage:
    """Text of many lines; `place` gives the cell of a position."""

    def __init__(self, sheet: str | None, lines: Iterable[Sequence[tuple[str, int | None, str | None]]]) -> None:
        """Each line is a list of (text, row, cell); row and cell are None outside of worksheets."""
        self.sheet = sheet
        self._starts: list[int] = []
        self._places: list[tuple[int | None, str | None]] = []
        parts: list[str] = []
        length = 0
        for line in lines:
            for number, (text, row, cell) in enumerate(line):
                separator = "" if number == 0 else "\t"
                self._starts.append(length)
                self._places.append((row, cell))
                piece = separator + _with_short_spaces(text)
                parts.append(piece)
                length += len(piece)
            parts.append("\n")
            length += 1
            if length > limits.DOCUMENT_CHARACTERS:
                break
        self.text = "".join(parts)

    @classmethod
    def of_sheet(cls, sheet: str, lines: Iterable[Line]) -> Passage:
        return cls(
            sheet, ([(text, line.row, address(line.row, column)) for column, text in line.cells] for line in lines)
        )

    @classmethod
    def of_paragraphs(cls, paragraphs: Iterable[str]) -> Passage:
        return cls(None, ([(text, None, None)] for text in paragraphs if text.strip()))

    def value(self, text: str | None, position: int) -> Text:
        """`text` with the place of the first filled character from `position` on."""
        while position < len(self.text) - 1 and self.text[position] in " \t\n_":
            position += 1
        index = bisect_right(self._starts, position) - 1
        row, cell = self._places[index] if index >= 0 else (None, None)
        return Text(text, self.sheet, row, cell)

    def line_end(self, position: int) -> int:
        end = self.text.find("\n", position)
        return len(self.text) if end < 0 else end

    def line_start(self, position: int) -> int:
        return self.text.rfind("\n", 0, position) + 1
