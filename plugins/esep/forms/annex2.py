"""Annex 2 of the Rules: form 1-ЦМ. One description for the blank form, the filled form and the reader.

Its words are in annexes.toml, the columns of the table are rows of law/tables/form_column.csv. The order's published
text has lost their headings, which are rebuilt there from its explanation (columns 1-11); the reader finds the table by
its number row, never by these words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from esep.forms.annex1 import Line, Words, words_of
from esep.law.form_versions import HEADING, FormColumn, layouts

INDEX = "1-ЦМ"

_WORDS = words_of("annex2")
ANNEX_OF: Words = _WORDS["annex_of"]
FORM_WORD: Words = _WORDS["form_word"]
HEADER: Mapping[str, Sequence[str]] = _WORDS["header"]
"""The lines above the reporting period."""
PERIOD_LABEL: Words = _WORDS["period_label"]
PERIOD_BLANK: Words = _WORDS["period_blank"]
HEADER_END: Mapping[str, Sequence[str]] = _WORDS["header_end"]
"""The lines below the reporting period."""
FOOTER = tuple(Line.of(key, words) for key, words in _WORDS["footer"].items())
EXECUTOR_PHONE = Line.of("executor_phone", _WORDS["executor_phone"])
"""Asked for below the executor's line; no ground of its own for anything."""
SEAL: Words = _WORDS["seal"]
EXPLANATION_TITLE: Words = _WORDS["explanation_title"]
EXPLANATION: Mapping[str, Sequence[str]] = _WORDS["explanation"]
"""How the form is filled in, printed below it; none of it is data."""
SEAL_BLANK = "_" * 23
SEAL_WORDS: Sequence[str] = _WORDS["hints"]["seal_words"]
TOTAL_WORDS: Sequence[str] = _WORDS["hints"]["total_words"]
"""Words of a total, a sub-total and a sum carried forward. They are hints: what a row adds up to decides."""


class Way(StrEnum):
    """How columns 9.1 and 9.2 are numbered."""

    SPANNED = "9/10/11"
    """As explained, the heading over them (9) being a column of its own."""
    PRINTED = "9.1/9.2"
    EXPLAINED = "10/11"
    COUNTED_ON = "9/10"
    """All columns counted on from 1, as filers number them who type the table anew: it names this form only below words
    of it, since any table of so many columns may be numbered so."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """A number row: the columns from left to right with their numbers."""

    way: Way
    columns: tuple[FormColumn, ...]
    numbers: tuple[str, ...]


def numberings_of(columns: Sequence[FormColumn]) -> dict[Way, Numbering]:
    """The number rows of a form with these columns."""
    cells = tuple(column for column in columns if column.kind != HEADING)
    explained = tuple(column.explained_no for column in columns)
    return {
        Way.SPANNED: Numbering(Way.SPANNED, tuple(columns), explained),
        Way.PRINTED: Numbering(Way.PRINTED, cells, tuple(column.column_no for column in cells)),
        Way.EXPLAINED: Numbering(Way.EXPLAINED, cells, tuple(column.explained_no for column in cells)),
        Way.COUNTED_ON: Numbering(Way.COUNTED_ON, cells, tuple(str(number) for number in range(1, len(cells) + 1))),
    }


def _numberings() -> tuple[Numbering, ...]:
    every = [one for layout in layouts() for one in numberings_of(layout).values()]
    different: dict[tuple[str, ...], Numbering] = {}
    for one in sorted(every, key=lambda one: one.way is Way.COUNTED_ON):
        different.setdefault(one.numbers, one)
    return tuple(sorted(different.values(), key=lambda one: len(one.numbers), reverse=True))


NUMBERINGS = _numberings()
"""The number rows of all forms that there were, longest first; of equal ones that of the latest form."""
