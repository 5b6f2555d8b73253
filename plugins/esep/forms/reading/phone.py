"""The telephone beside a name: the order asks for the executor's name, signature and telephone on one line."""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"[,;:(/\s]*(?P<word>(?<![^\W\d_])(?:(?:ұялы|моб\w*|сот\w*|конт\w*|байланыс)\.?\s*)?"
    r"(?:тел(?:ефон\w*)?|т|нөмірі|байланыс)(?![^\W\d_])[.:№\s]*)?"
    r"(?P<number>(?<!\w)(?P<main>\+?\(?\d[\d\s()\-–‑.]*\d)(?!\w)"
    r"(?:\s*,?\s*(?:ішкі|вн|внутр|доб)\w*\.?\s*:?\s*\d{1,5})?)\)?",
    re.IGNORECASE,
)
_FEWEST, _MOST = 5, 15
"""Digits of a telephone number, from that of a small exchange to the longest one of ITU-T E.164."""
_TAXPAYER = re.compile(r"\d{12}")
_DAY = re.compile(r"\d{1,2}[.\-]\d{1,2}[.\-]\d{4}|\d{4}-\d\d-\d\d")
_LONGEST_LINE = 500
"""Characters of a line that is looked at."""
_EDGES = " \t,;:/_–—-"


def name_and_phone(text: str) -> tuple[str | None, str | None]:
    """Name and telephone of a line that holds both in any order; None for what it lacks. Several numbers stay one text.

    A day and an IIN beside the name are no telephone.
    """
    numbers: list[str] = []
    rest: list[str] = []
    end = 0
    for match in _NUMBER.finditer(text) if len(text) <= _LONGEST_LINE else ():
        number = match["number"].strip()
        if not _is_phone(match["main"].strip(), named=bool(match["word"])):
            continue
        numbers.append(number.removeprefix("(") if number.count("(") > number.count(")") else number)
        rest.append(text[end : match.start()])
        end = match.end()
    if not numbers:
        return text, None
    name = " ".join(" ".join((*rest, text[end:])).split()).strip(_EDGES)
    return (name if any(map(str.isalpha, name)) else None), ", ".join(numbers)


def _is_phone(number: str, *, named: bool) -> bool:
    digits = sum(map(str.isdigit, number))
    if _DAY.fullmatch(number) or (_TAXPAYER.fullmatch(number) and not named):
        return False
    return _FEWEST <= digits <= _MOST
