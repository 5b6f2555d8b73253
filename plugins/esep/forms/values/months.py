"""Names of months in Kazakh and Russian, in any case form, as patterns over folded text."""

from __future__ import annotations

import re
from functools import lru_cache

from esep.forms.values.text import clean, fold_lookalikes, without_quotes

_PLAIN_LETTER = str.maketrans("ёәғқңөұүһіқ", "еагкноуухик")

_KAZAKH = (
    "кантар",
    "акпан",
    "наурыз",
    "сауир",
    "мамыр",
    "маусым",
    "шилде",
    "тамыз",
    "кыркуйе[кг]",
    "казан",
    "караша",
    "желтоксан",
)
_KAZAKH_ENDING = (
    r"(?:(?:ы|и|сы|си)?(?:н?(?:ын|ин)|[днт](?:ын|ин)|[гк][ае]|н?[ае]|[днт](?:ы|и)|н|н?[днт][ае]н?|"
    r"н?[днт][ае][гк][ыи]|[мбп]ен|[гк][ыи]|лык|лик)?(?:ай\w{0,6})?)"
)
_RUSSIAN = (
    r"январ(?:[ьяюе]|ем|ский|ские|ского|ская)",
    r"феврал(?:[ьяюе]|ем|ьский|ьские|ьского|ьская)",
    r"март(?:[ауе]|ом|овский|овские|овского|овская)?",
    r"апрел(?:[ьяюе]|ем|ьский|ьские|ьского|ьская)",
    r"ма(?:[йяюе]|ем|йский|йские|йского|йская)",
    r"июн(?:[ьяюе]|ем|ьский|ьские|ьского|ьская)",
    r"июл(?:[ьяюе]|ем|ьский|ьские|ьского|ьская)",
    r"август(?:[ауе]|ом|овский|овские|овского|овская)?",
    r"сентябр(?:[ьяюе]|ем|ьский|ьские|ьского|ьская)",
    r"октябр(?:[ьяюе]|ем|ьский|ьские|ьского|ьская)",
    r"ноябр(?:[ьяюе]|ем|ьский|ьские|ьского|ьская)",
    r"декабр(?:[ьяюе]|ем|ьский|ьские|ьского|ьская)",
)
_PATTERNS = tuple(
    re.compile(rf"{kazakh}{_KAZAKH_ENDING}|{russian}") for kazakh, russian in zip(_KAZAKH, _RUSSIAN, strict=True)
)
_SHORT = {
    name: number
    for number, names in enumerate(
        (
            "янв jan january кан канг",
            "фев февр feb february акп",
            "мар mar march нау",
            "апр apr april сау",
            "may мам",
            "jun june мау",
            "jul july шил",
            "авг aug august там",
            "сен сент sep sept september кыр",
            "окт oct october каз",
            "ноя нояб nov november кар",
            "дек dec december жел желт",
        ),
        1,
    )
    for name in names.split()
}


def fold(text: str) -> str:
    """Lower case, single spaces, no quotes or blanks to fill, Kazakh letters without their marks.

    So months typed on a keyboard without Kazakh letters (`желтоксан`) are read as well.
    """
    plain = fold_lookalikes(clean(text.replace("_", " ").replace("İ", "I"))).lower()
    return without_quotes(plain).translate(_PLAIN_LETTER)


@lru_cache(maxsize=4096)
def month_of(word: str) -> int | None:
    """1-12 for one folded word that is a month's name in Kazakh or Russian, in any case form; else None."""
    for number, pattern in enumerate(_PATTERNS, 1):
        if pattern.fullmatch(word):
            return number
    return None


def month_of_short(word: str) -> int | None:
    """As month_of; common abbreviations and English names too. For dates, where the place in the text is certain."""
    return month_of(word) or _SHORT.get(word)
