"""What a phrase of the forms holds beyond the printed words: whether the month or the period was filled in at all."""

from __future__ import annotations

import re
from functools import cache

from esep.forms import annex1, annex2
from esep.forms.values.dates import fold

_WORDS = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?<![0-9])20 ?[0-9]? ?[0-9]?(?![0-9])")
_WHOLE_YEAR = re.compile(r"(?<![0-9])20 ?([0-9]) ?([0-9])(?![0-9])")
_MORE_PRINTED = "год года году г ж жыл жылы жылғы ай айы айындағы месяц квартал тоқсан есепті кезең отчётный период за"


def year_in(text: str | None) -> str | None:
    """The four digits of the only year of this century in a phrase; None without one (`202_`) or with several."""
    years = {f"20{tens}{ones}" for tens, ones in _WHOLE_YEAR.findall(fold(text or ""))}
    return years.pop() if len(years) == 1 else None


def names_a_month(text: str | None) -> bool:
    """Whether anything stands in the phrase that is neither the year nor printed on the form."""
    rest = _YEAR.sub(" ", fold(text or ""))
    return any(character.isdigit() for character in rest) or bool(set(_WORDS.findall(rest)) - _printed())


@cache
def _printed() -> frozenset[str]:
    texts = [_MORE_PRINTED]
    for language in annex1.LANGUAGES:
        texts += [annex1.REQUEST_BEFORE[language], annex1.REQUEST_AFTER[language], annex1.PERIOD_BLANK[language]]
        texts += [annex1.PERIOD_CAPTION[language], annex2.PERIOD_LABEL[language], annex2.PERIOD_BLANK[language]]
    return frozenset(_WORDS.findall(fold(" ".join(texts))))
