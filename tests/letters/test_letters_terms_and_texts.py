"""Terms as the letters count them, the catalogue, and strangers' texts made harmless."""

from __future__ import annotations

import ast
import string
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.documents.plain import breakable, shown
from esep.forms import reading
from esep.letters.details import DETAILS, detail_words
from esep.letters.facts import Pool
from esep.letters.format_details import FORMAT_DETAILS
from esep.letters.phrases import LETTER_LANGUAGES, PHRASES
from esep.letters.term import correction_term, examination_term, filing_term, notice_term
from esep.letters.wording import citation, counting_words, day_words, pool_words


@pytest.mark.parametrize(
    ("registered", "ends"),
    [
        (date(2026, 10, 23), date(2026, 10, 28)),
        (date(2026, 3, 19), date(2026, 3, 26)),
        (date(2024, 5, 3), date(2024, 5, 6)),
        (date(2025, 1, 2), date(2025, 1, 6)),
    ],
)
def test_the_examination_term_names_each_day_that_was_counted(registered: date, ends: date) -> None:
    term = examination_term(registered)
    assert (term.working_days, term.ends_on, term.counted[-1]) == (2, ends, ends)
    words = counting_words(term, "ru")
    assert f"{registered:%d.%m.%Y} – день события" in words
    assert f"2)\u00a0{ends:%d.%m.%Y}" in words


def test_the_notice_term_is_five_working_days() -> None:
    term = notice_term(date(2024, 12, 13))
    assert term.ends_on == date(2024, 12, 23)
    assert len(term.counted) == 5


def test_the_term_of_a_correction_is_ten_working_days() -> None:
    term = correction_term(date(2026, 5, 6))
    assert (term.paragraph, term.working_days, term.ends_on) == (6, 10, date(2026, 5, 22))


def test_the_25th_moves_from_a_day_off_and_says_so() -> None:
    moved, kept = filing_term(date(2025, 9, 1)), filing_term(date(2025, 10, 1))
    assert (moved.ends_on, moved.rolled_over) == (date(2025, 10, 28), True)
    assert (kept.ends_on, kept.rolled_over) == (date(2025, 11, 25), False)
    assert "28.10.2025" in counting_words(moved, "kk")
    assert "28.10.2025" not in counting_words(kept, "kk")


@pytest.mark.parametrize("key", PHRASES)
def test_every_text_has_its_languages_with_the_same_values(key: str) -> None:
    texts = PHRASES[key]
    assert set(LETTER_LANGUAGES) <= set(texts)
    names = {
        language: {name for _, name, _, _ in string.Formatter().parse(text) if name} for language, text in texts.items()
    }
    assert len(set(map(frozenset, names.values()))) == 1, names


@pytest.mark.parametrize("sentence", [*DETAILS, *FORMAT_DETAILS])
def test_what_is_wrong_with_a_file_has_the_same_values_in_each_language(sentence: str) -> None:
    names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    for text in (DETAILS | FORMAT_DETAILS)[sentence].values():
        assert {name for _, name, _, _ in string.Formatter().parse(text) if name} == names


def test_every_sentence_of_the_reader_is_in_the_catalogue() -> None:
    """Each text that forms.reading can give as what is wrong with a file, read from its source."""
    folder = Path(reading.__file__).parent
    found = [text for path in sorted(folder.rglob("*.py")) for text in _sentences(ast.parse(path.read_text("utf-8")))]
    assert len(found) > 40
    assert [text for text in found if detail_words(text, "kk") is None] == [
        "The name says workbook (x), but the content is x."
    ]
    for content in ("a web page", "another kind of file"):
        assert detail_words(f"The name says workbook (.xls), but the content is {content}.", "ru")


def _sentences(tree: ast.AST) -> list[str]:
    """String literals that read as sentences and are no docstring: what differs is written `x`."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    texts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | docstrings:
            text = node.value
        else:
            continue
        if text[:1].isupper() and (text.endswith(".") or ": delete it" in text):
            texts.append(text)
    return texts


def test_a_sentence_keeps_its_values_and_another_text_is_none() -> None:
    assert detail_words("The part xl/a.xml stands in the file twice.", "ru") == (
        "Часть xl/a.xml встречается в файле дважды."
    )
    assert detail_words("The file is empty.", "en") == "The file is empty."
    assert detail_words("вчера", "kk") is None


def test_days_are_written_in_both_languages() -> None:
    assert day_words(date(2025, 3, 8), "kk") == "2025 жылғы 8 наурыз"
    assert day_words(date(2025, 3, 8), "ru") == "8 марта 2025 года"


def test_a_citation_is_translated() -> None:
    assert citation("8; Annex 2, column 9.1", "kk") == "8-тармақ, 2-қосымша, 9.1-баған"
    assert citation("8; Annex 1, BIN", "ru") == "пункт 8, приложение 1, БИН"


def test_a_filer_who_cannot_be_read_is_still_addressed() -> None:
    assert "не прочитаны" in pool_words(Pool(None), "ru")
    assert pool_words(Pool("230640000018"), "ru") == "БИН 230640000018"


@given(st.text(st.characters(codec=None), max_size=400), st.integers(2, 300))
def test_shown_text_is_one_line_of_visible_signs_within_its_limit(text: str, limit: int) -> None:
    result = shown(text, limit)
    assert len(result) <= limit
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"} for sign in result)


def test_a_mark_of_direction_is_shown_not_obeyed() -> None:
    assert shown("a\u202eb") == "a[U+202E]b"
    assert shown(None) == "–"


@given(st.text(st.characters(blacklist_characters="\u200b"), max_size=200))
def test_breakable_text_differs_only_in_places_to_break(text: str) -> None:
    result = breakable(text)
    assert result.replace("\u200b", "") == text
    assert all(len(piece) <= 18 for word in result.split(" ") for piece in word.split("\u200b"))
