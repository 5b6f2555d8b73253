from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.forms.values.text import clean, fold_lookalikes, normalise_name, same_name, without_quotes


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a  b ", "a b"),
        ("a\u00a0\u202fb\n", "a b"),
        ("\ufeffa\u200b", "a"),
        ("и\u0306", "й"),
        ("", ""),
        ("a\tb", "a b"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_clean_text_stays(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "  " not in cleaned
    assert cleaned == cleaned.strip()


ONE_NAME = [
    "ТОО «Альфа Пул»",
    'ТОО "Альфа Пул"',
    "«Альфа пул» ЖШС",
    "АЛЬФА ПУЛ LLP",
    "Альфа-Пул",
    "товарищество с ограниченной ответственностью „Альфа Пул“",
    "«Альфа Пул» жауапкершілігі шектеулі серіктестігі",
    " альфа   пул ",
    "Aльфа Пул",  # a Latin A
]


@pytest.mark.parametrize("name", ONE_NAME)
def test_one_name_in_many_writings(name: str) -> None:
    assert normalise_name(name) == "альфа пул"
    assert same_name(name, ONE_NAME[0])


@pytest.mark.parametrize("name", ["ТОО «Альфа»", "ТОО «Альфа Пул 2»", "", "ТОО", "Alfa Pool"])
def test_other_names(name: str) -> None:
    assert not same_name(name, ONE_NAME[0])


def test_an_empty_name_is_the_same_as_none() -> None:
    assert not same_name("", "")
    assert not same_name("«»", " ")


def test_a_legal_form_alone_is_a_name() -> None:
    assert normalise_name("ТОО") == "тоо"


def test_letters_inside_a_word_are_no_legal_form() -> None:
    assert normalise_name("Ипотека Аоки") == "ипотека аоки"


def test_lookalikes_are_folded_only_in_words_with_cyrillic_letters() -> None:
    assert fold_lookalikes("нaурыз BTC") == "наурыз BTC"


def test_without_quotes() -> None:
    assert without_quotes("«05» наурыз") == "05 наурыз"


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    key = normalise_name(text)
    assert same_name(text, key) or not key
