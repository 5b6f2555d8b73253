"""Letters that look like others: named with their places, whatever the alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.forms.values.text import all_cyrillic, foreign_digits, foreign_letters, mixed_letters
from esep.law import assets

BIN = "940140000385"
CYRILLIC_OF = dict(zip("aceopxyABCEHKMOPTXY", "асеорхуАВСЕНКМОРТХУ", strict=True))


@given(st.text("aceopxyABCEHKMOPTXY0123456789bdf", min_size=1, max_size=60), st.data())
def test_each_letter_that_was_replaced_is_named_with_its_place(text: str, data: st.DataObject) -> None:
    able = [place for place, letter in enumerate(text) if letter in CYRILLIC_OF]
    chosen = data.draw(st.sets(st.sampled_from(able), max_size=12)) if able else set()
    typed = "".join(CYRILLIC_OF[letter] if place in chosen else letter for place, letter in enumerate(text))
    expected = [f"«{CYRILLIC_OF[text[place]]}» ({place + 1}) → {text[place]}" for place in sorted(chosen)]
    assert foreign_letters(typed) == ", ".join(expected)
    assert all_cyrillic(typed)


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("bс1", "«с» (2) → c"),
        ("bϲ1д", "«ϲ» (2), «д» (4)"),
        ("ｂc1", "«ｂ» (1) → b"),
        ("ο", "«ο» (1) → o"),
        ("bc1", ""),
        ("я" * 13, ", ".join(f"«я» ({place})" for place in range(1, 13)) + ", …"),
    ],
)
def test_letters_of_other_alphabets(text: str, reported: str) -> None:
    assert foreign_letters(text) == reported


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("94014OOOO385", "«O» (6) → 0, «O» (7) → 0, «O» (8) → 0, «O» (9) → 0"),
        ("94014000038О", "«О» (12) → 0"),
        ("9401400003Зб", "«З» (11) → 3, «б» (12) → 6"),
        ("94o140 000385", "«o» (3) → 0"),
        (
            "٩٤٠١٤٠٠٠٠٣٨5",
            "«٩» (1) → 9, «٤» (2) → 4, «٠» (3) → 0, «١» (4) → 1, «٤» (5) → 4, «٠» (6) → 0, «٠» (7) → 0, "
            "«٠» (8) → 0, «٠» (9) → 0, «٣» (10) → 3, «٨» (11) → 8",
        ),
        (BIN, ""),
        ("94014000038", ""),
        ("94014000038Ж", ""),
        ("OOOOOOOOOOOO", ""),
    ],
)
def test_characters_in_place_of_digits(text: str, reported: str) -> None:
    assert foreign_digits(text) == reported


@pytest.mark.parametrize(
    ("number", "reported"),
    [
        ("KZ11DM00000101", ""),
        ("АБ 123456", ""),
        ("KZ-АБ-101", ""),
        ("КZ11DМ", "«К» (1) → K, «М» (6) → M"),
        ("1О001", "«О» (2) → 0"),
        ("О1001", ""),
    ],
)
def test_letters_of_a_licence_number(number: str, reported: str) -> None:
    assert mixed_letters(number) == reported


@pytest.mark.parametrize("ticker", ["BTC", "BCH", "ETC", "ETH", "XMR", "TRX", "SC"])
def test_a_ticker_in_letters_of_the_same_look_is_read_and_known_as_such(ticker: str) -> None:
    typed = "".join(CYRILLIC_OF.get(letter, letter) for letter in ticker)
    assert (assets.resolve(typed), assets.is_lookalike(typed), assets.is_lookalike(ticker)) == (ticker, True, False)


@pytest.mark.parametrize(
    ("text", "ticker"), [("Биткoин", "BTC"), ("Bitсoin (ВТС)", "BTC"), ("биткоин", "BTC"), ("Шелл", None)]
)
def test_names_are_read_by_their_look(text: str, ticker: str | None) -> None:
    assert assets.resolve(text) == ticker
    assert assets.is_lookalike(text) is (ticker is not None and text != "биткоин")
