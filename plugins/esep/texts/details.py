"""Details in words: the last step from a code and its values to a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from esep.detail import Detail
from esep.texts import catalogue, text

_AREA = "detail."


def detail_words(detail: Detail, language: str) -> str:
    """The sentence of a detail; raises KeyError for a code that the catalogue does not have."""
    return text(f"detail.{detail.code}", language, **detail.values)


def found_words(found: str | None, detail: Detail | None, language: str, *, is_of_cell: bool = True) -> str | None:
    """What a finding found: a cell as written; of a file, what is wrong with it in words of the language.

    `is_of_cell`: whether the finding has a place inside a file. Findings recorded before there were codes hold the
    English sentence alone: one without values is known by the catalogue, another is shown as it is.
    """
    if detail is None and found is not None and not is_of_cell:
        detail = _sentences().get(found)
    return detail_words(detail, language) if detail else found


@cache
def _sentences() -> Mapping[str, Detail]:
    """English sentence without values → its detail: all that old records need, and no more (docs/decisions.md)."""
    words = {key.removeprefix(_AREA): by["en"] for key, by in catalogue().items() if key.startswith(_AREA)}
    return {
        sentence: Detail(code) for code, sentence in words.items() if isinstance(sentence, str) and "{" not in sentence
    }
