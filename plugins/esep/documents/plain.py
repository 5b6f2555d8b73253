"""Texts of strangers made harmless: what a letter or a cell shows is always plain, visible and of bounded length."""

from __future__ import annotations

import unicodedata

NOTHING = "–"
CELL_LIMIT = 32_000
"""Characters of one cell of a workbook (Excel's own limit is 32 767)."""
_MARKED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def shown(text: object, limit: int = CELL_LIMIT) -> str:
    """`text` on one line: white space folded, invisible signs written as `[U+202E]`, cut at `limit` characters.

    Marks of direction, control characters and lone surrogates could turn a line around or break an XML document;
    dropping them would hide a fault that may be the very reason of a finding. None gives a dash.
    """
    if text is None:
        return NOTHING
    folded = " ".join(str(text)[: limit * 2].split())
    visible = "".join(f"[U+{ord(sign):04X}]" if unicodedata.category(sign) in _MARKED else sign for sign in folded)
    return visible if len(visible) <= limit else f"{visible[: limit - 1]}…"


def breakable(text: str, longest: int = 18) -> str:
    """The same text with a zero-width space inside words of more than `longest` signs, so that they wrap on paper.

    The looks of paper set a place to break there and no sign, so that a number copied from it is the number.
    """
    return " ".join(
        "\u200b".join(word[start : start + 6] for start in range(0, len(word), 6)) if len(word) > longest else word
        for word in text.split(" ")
    )
