from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from esep.law.identifiers import IdentifierState as State
from esep.law.identifiers import check_digit, is_bin, is_iin, state_of

BINS = (
    "940140000385",
    "990140004654",
    "230640000008",
    "230640000018",
    "230640000028",
    "230640000903",
    "230640000915",
)
IIN = "061211600012"


@pytest.mark.parametrize("number", BINS)
def test_valid_bins(number: str) -> None:
    assert state_of(number) is State.OK
    assert is_bin(number)
    assert not is_iin(number)


def test_valid_iin() -> None:
    assert state_of(IIN) is State.OK
    assert is_iin(IIN)
    assert not is_bin(IIN)


@pytest.mark.parametrize("stem", ["23064000099", "23064000250", "23064000331"])
def test_impossible_stems(stem: str) -> None:
    assert check_digit(stem) is None
    assert all(state_of(f"{stem}{last}") is State.IMPOSSIBLE_NUMBER for last in range(10))


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("940140000386", State.WRONG_CHECK_DIGIT),
        ("061211600013", State.WRONG_CHECK_DIGIT),
        ("94014000038", State.NOT_TWELVE_DIGITS),
        ("9401400003851", State.NOT_TWELVE_DIGITS),
        ("94014000038A", State.NOT_TWELVE_DIGITS),
        (" 940140000385", State.NOT_TWELVE_DIGITS),
        ("940140000385\n", State.NOT_TWELVE_DIGITS),
        ("٩٤٠١٤٠٠٠٠٣٨٥", State.NOT_TWELVE_DIGITS),
        ("９40140000385", State.NOT_TWELVE_DIGITS),
        ("", State.NOT_TWELVE_DIGITS),
        ("940170000385", State.WRONG_KIND),
        ("940145000385", State.WRONG_KIND),
        ("061211700012", State.WRONG_KIND),
    ],
)
def test_what_is_wrong(number: str, state: State) -> None:
    assert state_of(number) is state


@pytest.mark.parametrize("stem", ["23134000000", "23004000000", "06123260001", "06023060001", "06121100000"])
def test_the_date_counts_only_after_the_check_digit(stem: str) -> None:
    digit = check_digit(stem)
    assert digit is not None
    expected = State.OK if stem.startswith("061211") else State.WRONG_DATE
    assert state_of(f"{stem}{digit}") is expected


def test_29_february_by_century() -> None:
    for century, expected in (("3", State.WRONG_DATE), ("5", State.OK), ("0", State.OK)):  # 1900, 2000, not reported
        stem = next(stem for serial in range(100) if check_digit(stem := f"000229{century}{serial:04d}") is not None)
        assert state_of(f"{stem}{check_digit(stem)}") is expected


@pytest.mark.parametrize("stem", ["", "123", "123456789012", "٩4014000038"])
def test_a_stem_has_eleven_digits(stem: str) -> None:
    with pytest.raises(ValueError, match="eleven digits"):
        check_digit(stem)


@given(st.from_regex(r"\A[0-9]{11}\Z"))
def test_check_digit_against_the_written_formula(stem: str) -> None:
    first = sum((place + 1) * int(digit) for place, digit in enumerate(stem)) % 11
    second = sum(((place + 2) % 11 + 1) * int(digit) for place, digit in enumerate(stem)) % 11
    expected = first if first < 10 else second
    assert check_digit(stem) == (expected if expected < 10 else None)


@given(st.sampled_from([*BINS, IIN]), st.sampled_from([*range(10), 11]), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_never_ok_without_the_second_pass(number: str, place: int, digit: str) -> None:
    # The eleventh digit weighs 11, so the first pass does not see it: the scheme's own gap.
    changed = number[:place] + digit + number[place + 1 :]
    first_pass = [sum((k + 1) * int(c) for k, c in enumerate(n[:11])) % 11 for n in (number, changed)]
    assume(changed != number and 10 not in first_pass)
    assert state_of(changed) is not State.OK


@given(st.text())
def test_any_text_has_a_state(text: str) -> None:
    assert (state_of(text) is State.NOT_TWELVE_DIGITS) or (text.isascii() and text.isdigit() and len(text) == 12)
