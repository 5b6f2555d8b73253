"""Cleaning of texts and comparison of names."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_SPACES = re.compile(r"\s+")
_QUOTES = re.compile(r"[\"'`«»„“”‟‘’‚‹›]")
_PUNCTUATION = re.compile(r"[\W_]+")

_LEGAL_FORMS = (
    "товарищество с ограниченной ответственностью",
    "товарищество с дополнительной ответственностью",
    "жауапкершілігі шектеулі серіктестігі",
    "жауапкершілігі шектеулі серіктестік",
    "қосымша жауапкершілігі бар серіктестігі",
    "limited liability partnership",
    "limited liability company",
    "акционерное общество",
    "акционерлік қоғамы",
    "акционерлік қоғам",
    "joint stock company",
    "индивидуальный предприниматель",
    "жеке кәсіпкер",
    "жеке кәсіпкері",
    "individual entrepreneur",
    "частная компания",
    "private company",
    "тоо",
    "жшс",
    "llp",
    "llc",
    "ltd",
    "ооо",
    "ао",
    "ақ",
    "jsc",
    "ип",
    "жк",
    "ie",
    "чк",
    "plc",
)
_LEGAL_FORM = re.compile(rf"\b(?:{'|'.join(sorted(_LEGAL_FORMS, key=len, reverse=True))})\b")

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC_FOR_LATIN = str.maketrans("aceiopxyABCEHIKMOPTXY", "асеіорхуАВСЕНІКМОРТХУ")


def clean(text: str) -> str:
    """The text without invisible characters, its white space (of any kind) made single spaces, ends trimmed."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_INVISIBLE)).strip()


def without_quotes(text: str) -> str:
    """Quotation marks of any kind become spaces."""
    return clean(_QUOTES.sub(" ", text))


def fold_lookalikes(text: str) -> str:
    """Latin letters inside words that also have Cyrillic ones become the Cyrillic letters they look like."""

    def fold(match: re.Match[str]) -> str:
        word = match.group()
        return word.translate(_CYRILLIC_FOR_LATIN) if _CYRILLIC.search(word) else word

    return _WORD.sub(fold, text)


def normalise_name(text: str) -> str:
    """A name as a key for comparison: case, quotes, punctuation, ё/е and the legal form do not count.

    `ТОО «Альфа Пул»`, `"Альфа пул" ЖШС` and `Альфа-Пул LLP` are one name. A name that is nothing but a legal form
    stays as it is.
    """
    folded = fold_lookalikes(clean(unicodedata.normalize("NFKC", text))).casefold().replace("ё", "е")
    words = clean(_PUNCTUATION.sub(" ", _QUOTES.sub(" ", folded)))
    return clean(_LEGAL_FORM.sub(" ", words)) or words


def same_name(one: str, other: str) -> bool:
    """Whether two names are one after normalise_name; an empty name is the same as none."""
    key = normalise_name(one)
    return bool(key) and key == normalise_name(other)
