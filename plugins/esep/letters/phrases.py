"""Texts of letters (texts/letter.toml), in Kazakh and Russian, the languages of the procedure."""

from __future__ import annotations

from esep.texts import text

LETTER_LANGUAGES = ("kk", "ru")


def phrase(key: str, language: str, **values: object) -> str:
    """The text `letter.<key>`; raises KeyError for a text or language that is not there."""
    return text(f"letter.{key}", language, **values)
