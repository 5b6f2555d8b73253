"""Texts of pages, reports and commands in Kazakh, Russian and English: one catalogue, an area a .toml file beside this.

`text("income.title", "kk", year=2025)`: the key is the file's name, a point, and the table in it. Letters have their
own catalogue (`letters.phrases`), rules theirs (`expectations/*.json`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("kk", "ru", "en")
NAMES: Mapping[str, str] = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
"""Each language in its own words."""

_FOLDER = Path(__file__).parent


def text(key: str, language: str, **values: object) -> str:
    """The text of a key with its placeholders filled; raises KeyError naming a key or a language that is not there."""
    try:
        template = catalogue()[key][language]
    except KeyError:
        raise KeyError(f"no text {key!r} in {language!r}: see plugins/esep/texts/") from None
    return template.format(**values) if values else template


def has(key: str) -> bool:
    return key in catalogue()


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All texts by key, each by language."""
    texts: dict[str, Mapping[str, str]] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        with path.open("rb") as file:
            for name, languages in tomllib.load(file).items():
                texts[f"{path.stem}.{name}"] = languages
    return texts
