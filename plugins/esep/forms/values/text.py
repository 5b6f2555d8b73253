"""Texts made comparable, names as keys, and look-alike letters. Nothing here is of a cell: it imports in no time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

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


_LATIN_OF = dict(
    zip(
        "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅҺЗбΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρ",
        "aeopcyxijshdqwABEKMHOPCTYXIJSH36ABEZHIKMNOPTYXoavp",
        strict=True,
    )
)
_DIGIT_OF = dict(zip("OoОоΟοQDЗзЭIlІіӀ|!ZzSsбЧчВBgqь", "000000003331111111225564488996", strict=True))
_RUN = re.compile(r"[^\W_]+")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[OoОоЗз](?=[0-9OoОоЗз]*[0-9])")
_SOFT = re.compile(r"[\s\-.,'’]+")
_FEWEST_DIGITS = 6
"""Figures (of any script) that make a text a number with letters in it."""
_MOST = 12
"""Letters that a remark names."""


def foreign_letters(text: str) -> str:
    """The letters of an address that are not Latin ones or digits, as `«с» (2) → c`; empty where there are none."""
    if text.isascii():
        return ""
    places = {place: letter for place, letter in enumerate(text, 1) if not letter.isascii()}
    return _listed(places, {letter: _latin(letter) for letter in places.values()})


def all_cyrillic(text: str) -> bool:
    """Whether all letters of a text that are not ASCII are Cyrillic."""
    return all(letter.isascii() or _alphabet(letter) == "CYRILLIC" for letter in text)


def foreign_digits(text: str) -> str:
    """Letters for digits in a number of twelve, as `«О» (12) → 0`; empty where the text would be none with them."""
    number = _SOFT.sub("", text)
    digits = {letter: _digit(letter) for letter in number if not (letter.isascii() and letter.isdigit())}
    if len(number) != 12 or not digits or not all(digits.values()) or sum(map(str.isdigit, number)) < _FEWEST_DIGITS:
        return ""
    return _listed({place: letter for place, letter in enumerate(number, 1) if letter in digits}, digits)


def mixed_letters(text: str) -> str:
    """Letters of another alphabet inside a run of letters and figures, or for a figure inside figures; else empty.

    `КZ11DМ` is reported as `«К» (1) → K, «М» (6) → M`, `1О001` as `«О» (2) → 0`.
    """
    places: dict[int, str] = {}
    meant: dict[str, str] = {}
    for run in _RUN.finditer(text):
        letters = [(place, letter) for place, letter in enumerate(run.group(), run.start() + 1) if letter.isalpha()]
        alphabets = {_alphabet(letter) for _, letter in letters}
        if {"LATIN", "CYRILLIC"} <= alphabets:
            for place, letter in letters:
                if _alphabet(letter) == "CYRILLIC":
                    places[place], meant[letter] = letter, _latin(letter)
    for match in _BETWEEN_DIGITS.finditer(text):
        places[match.start() + 1], meant[match.group()] = match.group(), _digit(match.group())
    return _listed(dict(sorted(places.items())), meant)


def _listed(places: Mapping[int, str], meant: Mapping[str, str]) -> str:
    listed = [
        f"«{letter}» ({place}) → {meant[letter]}" if meant[letter] else f"«{letter}» ({place})"
        for place, letter in places.items()
    ]
    return ", ".join([*listed[:_MOST], *(["…"] if len(listed) > _MOST else [])])


def _latin(letter: str) -> str:
    plain = unicodedata.normalize("NFKC", letter)
    return _LATIN_OF.get(letter) or (plain if len(plain) == 1 and plain.isascii() and plain.isalnum() else "")


def _digit(letter: str) -> str:
    value = unicodedata.digit(letter, None)
    return str(value) if value is not None else _DIGIT_OF.get(letter, "")


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
