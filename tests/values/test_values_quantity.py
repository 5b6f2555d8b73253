from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from esep.forms.values import quantity
from esep.forms.values.cell import CellKind
from esep.forms.values.quantity import QuantityState as State

DECIMAL = pa.decimal128(38, 18)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("007", "7"),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1,234", "1.234"),
        ("1.234", "1.234"),
        (" 0,00000001 ", "0.00000001"),
        (",5", "0.5"),
        (".5", "0.5"),
        ("1 234,5", "1234.5"),
        ("1 234.5", "1234.5"),
        ("12 345,6", "12345.6"),
        ("1\u00a0234\u00a0567,89", "1234567.89"),
        ("1\u202f234,5", "1234.5"),
        ("1\u2009234,5", "1234.5"),
        ("1'234.5", "1234.5"),
        ("'0.5", "0.5"),
        ("’0,5", "0.5"),
        ("`0.5", "0.5"),
        ("' 0.5 '", "0.5"),
        ("'-0.5", "-0.5"),
        ("'1'234.5", "1234.5"),
        ("1’234’567,5", "1234567.5"),
        ("1.234,567", "1234.567"),
        ("1,234.567", "1234.567"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234,567.123456789012345678", "1234567.123456789012345678"),
        ("-3", "-3"),
        ("\u22123,5", "-3.5"),
        ("- 3", "-3"),
        ("+3", "3"),
        ("1e-05", "0.00001"),
        ("1.5e+16", "15000000000000000"),
        ("1,5E-05", "0.000015"),
        ("2,5E+3", "2500"),
        ("1E\u22122", "0.01"),
        ("0e999999999999", "0"),
        ("0.1234567890123456780000000", "0.123456789012345678"),
        ("12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"),
        ("000000000000000000000000000001", "1"),
        ("\ufeff1", "1"),
        ("0,12345671;", "0.12345671"),
        ("0.12345671 ;\n", "0.12345671"),
        ("1 234,5 |", "1234.5"),
    ],
)
def test_readable(text: str, value: str) -> None:
    parsed = quantity.parse(text)
    assert (parsed.value, parsed.state) == (Decimal(value), State.OK)


@pytest.mark.parametrize(
    "text",
    [
        "1 2345",
        "12 34",
        "0 123",
        "1  234 5",
        "1.23.4",
        "1.234.56",
        "1,23,456",
        "1.234,567.8",
        "1,234.567,8",
        "1 234.567,8",
        "1 234,567,890",
        "0,123,456",
        "5.",
        "5,",
        ".",
        ",",
        "-",
        "--5",
        "5-",
        "1e",
        "e5",
        "1e5.5",
        "1_000",
        "abc",
        "0,5 BTC",
        "٣",
        "１２",
        "²",
        "½",
        "NaN",
        "Infinity",
        "0x10",
        "1;2",
        ";",
        "1;2;",
        "5,;",
        "5%",
        "=1+1",
        "#N/A",
    ],
)
def test_unreadable(text: str) -> None:
    parsed = quantity.parse(text)
    assert (parsed.value, parsed.state) == (None, State.UNREADABLE)
    assert parsed.note


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("0.1234567890123456789", State.TOO_MANY_DECIMALS),
        ("1e-19", State.TOO_MANY_DECIMALS),
        ("1e-999999999", State.TOO_MANY_DECIMALS),
        ("123456789012345678901", State.TOO_LARGE),
        ("1e20", State.TOO_LARGE),
        ("1e999999999999999999", State.TOO_LARGE),
        ("-1e21", State.TOO_LARGE),
        ("", State.EMPTY),
        (" \u00a0\n", State.EMPTY),
        (None, State.EMPTY),
    ],
)
def test_states_without_a_value(text: str | None, state: State) -> None:
    assert quantity.parse(text).value is None
    assert quantity.parse(text).state is state


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (CellKind.EMPTY, State.EMPTY),
        (CellKind.ERROR, State.ERROR_CELL),
        (CellKind.FORMULA, State.UNCALCULATED_FORMULA),
        (CellKind.BOOLEAN, State.UNREADABLE),
        (CellKind.DATE, State.UNREADABLE),
        (CellKind.NUMBER, State.OK),
    ],
)
def test_kinds(kind: CellKind, state: State) -> None:
    parsed = quantity.parse("5", kind)
    assert parsed.state is state
    assert (parsed.value is None) == (state is not State.OK)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1,234.5", "5"], True),
        (["1,234,567"], True),
        (["-1,234,567.89"], True),
        (["1,234", "0,5"], False),
        (["1.234,5", "1 234,567"], False),
        (["1,23,456", "12,3456.7", None, ""], False),
        ([], False),
    ],
)
def test_whether_a_column_uses_the_comma_for_thousands(texts: list[str | None], expected: bool) -> None:
    assert quantity.column_uses_comma_for_thousands(texts) is expected


@pytest.mark.parametrize("text", ["1,234", "-1,234", "999,000"])
def test_a_lone_comma_beside_commas_for_thousands_is_ambiguous(text: str) -> None:
    parsed = quantity.parse(text, column_uses_comma_for_thousands=True)
    assert (parsed.value, parsed.state) == (None, State.AMBIGUOUS_COMMA)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("0,5", "0.5"),
        (",500", "0.5"),
        ("0,123", "0.123"),
        ("1,5", "1.5"),
        ("1,234567", "1.234567"),
        ("1234,500", "1234.5"),
    ],
)
def test_other_texts_of_such_a_column_stay_readable(text: str, value: str) -> None:
    assert quantity.parse(text, column_uses_comma_for_thousands=True).value == Decimal(value)


whole_numbers = st.integers(0, 10**20 - 1)
fractions = st.text("0123456789", max_size=18)
grouping = st.sampled_from(
    [(" ", ","), (" ", "."), ("\u00a0", ","), ("\u202f", ","), ("'", "."), (",", "."), (".", ",")]
)


@given(whole_numbers, fractions, st.booleans(), grouping)
def test_grouped_numbers_come_back(whole: int, fraction: str, negative: bool, style: tuple[str, str]) -> None:
    group, point = style
    grouped = f"{whole:,}".replace(",", group)
    if group in ",." and not fraction and whole < 10**6:
        return  # a lone comma or point is a decimal one; see the other tests
    text = ("-" if negative else "") + grouped + (point + fraction if fraction else "")
    if group in ",." and whole < 1000:
        text = text.replace(",", ".")
    expected = Decimal(f"{'-' if negative else ''}{whole}.{fraction or 0}")
    assert quantity.parse(text).value == expected
    assert quantity.parse(text).state is State.OK


@given(whole_numbers, fractions.filter(bool), st.sampled_from(".,"))
def test_plain_numbers_come_back(whole: int, fraction: str, point: str) -> None:
    assert quantity.parse(f"{whole}{point}{fraction}").value == Decimal(f"{whole}.{fraction}")


@given(st.floats(min_value=0, max_value=1e19, allow_nan=False))
def test_a_number_cell_counts_with_the_fifteen_digits_that_excel_shows(number: float) -> None:
    parsed = quantity.parse(repr(number).removesuffix(".0"), CellKind.NUMBER)
    shown = Decimal(f"{Decimal(repr(number)):.14e}")
    if 0 < shown < Decimal("5.1e-19"):
        assert parsed.state is State.TOO_MANY_DECIMALS, "never 0"
    else:
        assert parsed.value is not None
        assert parsed.state is State.OK
        assert abs(parsed.value - shown) <= Decimal("5e-19")
        assert (parsed.note == quantity.ROUNDED) == (parsed.value != shown)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.30000000000000004", "0.3"),
        ("0.00011974649999999998", "0.0001197465"),
        ("3.7034999999999998e-06", "0.0000037035"),
        ("123456789012345.67", "123456789012346"),
        ("1.2345678901234567e+19", "12345678901234600000"),
        ("1.5e-18", "0.000000000000000002"),
        ("-0.1", "-0.1"),
        ("0", "0"),
        ("1e-05", "0.00001"),
    ],
)
def test_tails_of_binary_fractions_are_no_digits(text: str, value: str) -> None:
    assert quantity.parse(text, CellKind.NUMBER).value == Decimal(value)


def test_a_text_cell_keeps_each_digit() -> None:
    assert quantity.parse("0.30000000000000004").value == Decimal("0.30000000000000004")
    assert quantity.parse("0.0001197464999999999").state is State.TOO_MANY_DECIMALS


@given(st.decimals(min_value=-(10**20), max_value=10**20, places=18), st.integers(-30, 30))
def test_exponents_shift_the_point(number: Decimal, exponent: int) -> None:
    text = f"{number:f}E{exponent}"
    parsed = quantity.parse(text)
    exact = Fraction(text)
    if parsed.value is not None:
        assert Fraction(parsed.value) == exact
    elif parsed.state is State.TOO_LARGE:
        assert abs(exact) >= 10**20
    else:
        assert parsed.state is State.TOO_MANY_DECIMALS
        assert (exact * 10**18).denominator > 1


@settings(deadline=None)  # the first cast loads Arrow
@given(st.from_regex(re.compile(quantity.FAST.replace("$", r"\Z"))))
@example("-0")
@example("00000000000000000001.100000000000000000")
def test_fast_texts_cast_to_what_the_parser_reads(text: str) -> None:
    array = pa.array([text])
    assert pc.match_substring_regex(array, quantity.FAST).to_pylist() == [True]
    assert array.cast(DECIMAL).to_pylist() == [quantity.parse(text).value]
    assert pa.array([quantity.parse(text).value], DECIMAL) == array.cast(DECIMAL)


@settings(deadline=None)  # the first cast loads Arrow
@given(st.from_regex(re.compile(quantity.FAST_COMMA.replace("$", r"\Z"))))
def test_fast_comma_texts_cast_to_what_the_parser_reads(text: str) -> None:
    array = pc.replace_substring(pa.array([text]), ",", ".")
    assert array.cast(DECIMAL).to_pylist() == [quantity.parse(text).value]


@settings(deadline=None)  # the first cast loads Arrow
@given(st.text("0123456789.,- e", max_size=12) | st.text())
def test_what_the_fast_pattern_takes_is_readable(text: str) -> None:
    if pc.match_substring_regex(pa.array([text]), quantity.FAST).to_pylist()[0] and not text.endswith("\n"):
        assert quantity.parse(text).state is State.OK


@settings(deadline=None)  # the first cast loads Arrow
@given(st.text("0123456789.,' -+eE\u00a0\u2212", max_size=25), st.booleans())
def test_every_value_fits_the_lake(text: str, commas: bool) -> None:
    value = quantity.parse(text, column_uses_comma_for_thousands=commas).value
    if value is not None:
        assert pa.array([value], DECIMAL).to_pylist() == [value]
