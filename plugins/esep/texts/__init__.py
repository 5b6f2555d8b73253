"""All texts that people read, in Kazakh, Russian and English: one catalogue, an area a .toml file beside this.

`text("income.title", "kk", year=2025)`: the key is the file's name, a point, and the table in it. Where words depend
on a number, a language has a table of plural forms (`one`, `few`, `many`, `other`), chosen by the value `number`.
Only the texts of rules are elsewhere (`expectations/*.json`): an office changes them with the rules.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("kk", "ru", "en")
NAMES: Mapping[str, str] = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
"""Each language in its own words."""
SHORT_NAMES: Mapping[str, str] = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}
"""The same, where there is little room; each is the beginning of the name."""

Words = str | Mapping[str, str]
"""A text, or one for each plural form that the language has."""

_FOLDER = Path(__file__).parent


def default_language() -> str:
    """ESEP_LANGUAGE, else the language of the terminal if it is one of the three, else English."""
    wanted = os.environ.get("ESEP_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    code = wanted[:2].lower()
    return code if code in LANGUAGES else "en"


def text(key: str, language: str, **values: object) -> str:
    """The text of a key with its placeholders filled.

    Raises KeyError naming a key or a language that is not there, TypeError for plural forms without a whole `number`.
    """
    try:
        words = _of_area(_area(key))[key][language]
    except KeyError:
        raise KeyError(f"no text {key!r} in {language!r}: see plugins/esep/texts/") from None
    template = words if isinstance(words, str) else _of_number(key, words, language, values.get("number"))
    return template.format(**values) if values else template


def has(key: str) -> bool:
    return key in _of_area(_area(key))


@cache
def catalogue() -> Mapping[str, Mapping[str, Words]]:
    """All texts by key, each by language."""
    return {key: words for area in sorted(_areas()) for key, words in _of_area(area).items()}


def _area(key: str) -> str:
    return key.partition(".")[0]


@cache
def _areas() -> frozenset[str]:
    return frozenset(path.stem for path in _FOLDER.glob("*.toml"))


@cache
def _of_area(area: str) -> Mapping[str, Mapping[str, Words]]:
    """The texts of one file by key, none for an area that has no file: a command needs few of all files."""
    if area not in _areas():
        return {}
    with (_FOLDER / f"{area}.toml").open("rb") as file:
        return {f"{area}.{name}": languages for name, languages in tomllib.load(file).items()}


def _of_number(key: str, forms: Mapping[str, str], language: str, number: object) -> str:
    if not isinstance(number, int):
        raise TypeError(f"the text {key!r} depends on a number: give it as number=…")
    return forms[plural_form(language)(number)]


@cache
def plural_form(language: str) -> Callable[[int], str]:
    """The language's plural rule: number → name of the form (Unicode CLDR)."""
    from babel import Locale  # read only where words depend on a number

    rule: Callable[[int], str] = Locale(language).plural_form
    return rule
