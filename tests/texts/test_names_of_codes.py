"""Codes that pages show have a name for people, whichever are added."""

from __future__ import annotations

import re

import pytest

from esep.config import PROJECT
from esep.law import tables
from esep.office import confirmations
from esep.texts import LANGUAGES, NAMES, SHORT_NAMES, text
from esep.texts.words import author_words
from esep.warehouse import reference_spec

_AUTHOR = re.compile(r'^AUTHOR = "(esep\.\w+)"$', re.MULTILINE)
_AUTHOR_IN_SQL = re.compile(r"'(esep\.\w+)'")
AUTHORS = sorted(
    {
        author
        for folder, suffix, pattern in (("plugins/esep", "py", _AUTHOR), ("sql", "sql", _AUTHOR_IN_SQL))
        for path in (PROJECT / folder).rglob(f"*.{suffix}")
        for author in pattern.findall(path.read_text(encoding="utf-8"))
    }
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_system_recorded_is_said_by_what_did_it(language: str) -> None:
    assert len(AUTHORS) >= 5
    worded = {author: author_words(author, language) for author in AUTHORS}
    assert [author for author, words in worded.items() if words.startswith("esep.")] == []
    assert len(set(worded.values())) == len(AUTHORS)


@pytest.mark.parametrize("author", ["А. Қарашаева", "esep.nobody", "office"])
def test_a_person_and_an_unknown_author_keep_their_name(author: str) -> None:
    assert author_words(author, "ru") == author


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_and_reference_files_have_a_name(language: str) -> None:
    confirmed = [name for name, table in tables.SPECS.items() if confirmations.CONFIRMED_BY in table.columns]
    assert len(confirmed) >= 3
    named = [text(f"state.reading_{table}", language) for table in confirmed]
    named += [text(f"reconciliation.name_{name}", language) for name in reference_spec.SPECS]
    assert len(set(named)) == len(confirmed) + len(reference_spec.SPECS)


def test_a_short_name_of_a_language_begins_its_name() -> None:
    """What is read aloud is the whole name, and it has to hold what is seen."""
    assert SHORT_NAMES.keys() == NAMES.keys()
    assert all(NAMES[code].startswith(short) for code, short in SHORT_NAMES.items())
