"""Annex 1 of the Rules: the application. One description for the blank form, the filled form and the reader.

Its words are in annexes.toml, keyed by language (`kk`, `ru`). The Russian ones are a translation, so the reader
recognises words, not sentences.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("kk", "ru")

Words = Mapping[str, str]
"""By language."""


_ALL = tomllib.loads(Path(__file__).with_name("annexes.toml").read_text(encoding="utf-8"))


def words_of(part: str) -> dict[str, Any]:
    """The words of an annex (`annex1`, `annex2`), or of the `months`."""
    found: dict[str, Any] = _ALL[part]
    return found


_BLANK = dict.fromkeys(LANGUAGES, "")


@dataclass(frozen=True, slots=True)
class Line:
    """A blank line of a form: what is printed before it, and the caption below it.

    `variants` are other labels that filers use for it.
    """

    key: str
    label: Words
    caption: Words
    variants: tuple[str, ...] = ()

    @classmethod
    def of(cls, key: str, words: Mapping[str, Any]) -> Line:
        return cls(key, words.get("label", _BLANK), words.get("caption", _BLANK), tuple(words.get("variants", ())))


_WORDS = words_of("annex1")
ANNEX_OF: Words = _WORDS["annex_of"]
FORM_WORD: Words = _WORDS["form_word"]
TITLE: Words = _WORDS["title"]
AUTHORITY, POOL, HEAD, COMPLETED = (
    Line.of(key, _WORDS[key]) for key in ("authority", "pool", "head_name", "completed_on")
)
REQUEST_BEFORE: Words = _WORDS["request_before"]
REQUEST_AFTER: Words = _WORDS["request_after"]
PERIOD_BLANK: Words = _WORDS["period_blank"]
PERIOD_CAPTION: Words = _WORDS["period_caption"]
SHEETS_BEFORE: Words = _WORDS["sheets_before"]
SHEETS_AFTER: Words = _WORDS["sheets_after"]
SHEETS_BLANK = "_____"
CONFIRMED: Words = _WORDS["confirmed"]
DECLARES_TRUTH: Words = _WORDS["declares_truth"]
DECLARES_CONSENT: Words = _WORDS["declares_consent"]
SIGNATURE_CAPTION: Words = _WORDS["signature_caption"]
SIGNED: Words = _WORDS["signed"]
COMPLETED_BLANK: Words = _WORDS["completed_blank"]
POOL_ID_WORD: Words = _WORDS["pool_id_word"]
"""The word a filer puts before the business identification number on the pool's line."""
