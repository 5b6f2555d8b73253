"""Codes that pages show have a name for people, whichever are added."""

from __future__ import annotations

import re

import pytest

from esep.config import PROJECT
from esep.law import tables
from esep.office import confirmations
from esep.texts import LANGUAGES, NAMES, SHORT_NAMES, catalogue, text
from esep.texts.decision_words import content_words, field_words, row_words
from esep.texts.words import author_words, event_kind_words, letter_file_words
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_of_the_law_that_are_confirmed_are_said_in_words(language: str) -> None:
    """Key and content, whichever rows there are; a column is said, or is part of the key."""
    worded = {}
    for table in confirmations.confirmable():
        for row in tables.read(table):
            key = confirmations.key_of(table, row)
            worded[table, key] = row_words(key, language)
            content = {name: None if value is None else str(value) for name, value in row.items()}
            said = content_words(content, language)
            unsaid = {"valid_from", confirmations.CONFIRMED_BY, *tables.SPECS[table].key}
            assert len(said) == sum(value is not None for name, value in content.items() if name not in unsaid)
            assert all(label and value for label, value, _ in said)
    assert len(worded) >= 6
    assert [words for words in worded.values() if "_" in words or "|" in words] == []
    assert text("state.role_miner", language) in worded["sale_rule", "2025-01-01|miner"]


FIELDS = {
    "decision": ("waive_rule", "set a rule aside"),
    "table": ("sale_rule", "share to be sold"),
    "key": ("2025-01-01|miner", "miner, since 2025-01-01"),
    "question": ("silence/211240000072-2025-11", "Were there distributions in the month? 211240000072-2025-11"),
    "answer": ("not_filed", "there were distributions: not filed"),
    "channel": ("in_person", "in person"),
    "period": ("2025-08-01", "August 2025"),
    "until": ("2027-06-30", "2027-06-30"),
    "sent_at": ("2025-04-18T10:30:00+05:00", "2025-04-18 10:30"),
    "reason": ("by letter 2025-08-01", "by letter 2025-08-01"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_decision_is_said_in_words(name: str) -> None:
    value, words = FIELDS[name]
    assert field_words(name, value, "en") == words


def test_days_and_months_of_a_decision_are_those_of_the_language() -> None:
    assert [field_words("period", "2025-08-01", language) for language in ("kk", "ru")] == ["тамыз 2025", "август 2025"]
    assert field_words("until", "2027-06-30", "ru") == "30.06.2027"


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_not_of_the_fields_form_stays(name: str) -> None:
    assert field_words(name, "2025-13", "ru").strip() == "2025-13"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kind_of_event_is_named_by_its_sentence_with_gaps(language: str) -> None:
    """As a choice in a list there is no event yet whose values could be said."""
    kinds = sorted(key.removeprefix("filing.event_") for key in catalogue() if key.startswith("filing.event_"))
    assert len(kinds) >= 20
    named = [event_kind_words(kind, language) for kind in kinds]
    assert [words for words in named if "–" in words.replace("… – …", "") or "{" in words] == []
    assert "…" in event_kind_words("letter_approved", language)
    assert event_kind_words("of_another_version", language) == "of_another_version"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("refusal.pdf", "письмо, PDF"),
        ("notice.docx", "письмо, DOCX"),
        ("findings-N-1.xlsx", "перечень выявленных фактов, XLSX"),
        ("workbook-2-N-1.xlsx", "книга с примечаниями к ячейкам (2), XLSX"),
        ("workbook-1.xlsx", "книга с примечаниями к ячейкам (1), XLSX"),
        ("status-A-1.json", "данные для программ, JSON"),
        ("a scan.pdf", "a scan.pdf"),
    ],
)
def test_a_file_of_the_outbox_is_said_in_words(name: str, words: str) -> None:
    assert letter_file_words(name, "ru") == words
