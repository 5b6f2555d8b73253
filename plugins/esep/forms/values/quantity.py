"""Quantities: numbers and texts to exact decimals with up to 18 decimals (columns 8 and 9.2).

A lone comma is the decimal comma of the order's languages, unless the same column writes thousands with commas: then
`1,234` has two readings and gets neither; `0,5` and `1,2345` have one. A lone point is always the decimal point.

A number cell counts as Excel shows it: 15 significant digits, although its XML has 17 (`0.30000000000000004` is 0.3),
and 18 decimals at most; both are rounded half to even on the digits that are stored. A text cell says what it says:
each of its digits counts, and a 19th decimal has no reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum

from esep.forms.values.cell import CellKind, Parsed, state_without_reading

MAX_DECIMALS = 18
MAX_INTEGER_DIGITS = 20
"""Digits that a DECIMAL(38,18) has before the point."""
COUNTED_BELOW = Decimal(10**15)
"""Units. A quantity as large or larger is in no figure; sql/filing/counted_quantity.sql has the same bound."""
COUNTED_IN_ALL_BELOW = 10**17
"""Units. The largest quantities of a filing are in no figure if they would come to as much, so that some filings of a
million absurd rows overflow nobody's sums (20 digits before the point)."""
LARGE = Decimal(10**10)
"""Units. Smaller ones come to less in all, in as many rows as a package can hold."""
NUMBER_CELL_DIGITS = 15
"""Significant digits of a number in Excel (its specifications and limits)."""

ROUNDED = "rounded to 18 digits after the point"
"""Note of a number cell that shows more decimals than a quantity has."""

FAST = r"^-?[0-9]{1,20}(\.[0-9]{1,18})?$"
"""RE2 pattern of texts that may be cast straight to decimal128(38,18) with the same result as `parse`."""

FAST_NUMBER = r"^-?([0-9]{1,15}|0\.[0-9]{1,15}|[0-9]{2}\.[0-9]{1,13}|[0-9]{3}\.[0-9]{1,12}|[0-9]\.[0-9]{1,14})$"
"""As FAST, for number cells: they surely have no more than 15 significant digits."""

FAST_COMMA = r"^-?[0-9]{1,20},[0-9]{1,18}$"
"""As FAST, once the comma is replaced by a point, in a column that does not use the comma for thousands."""


class QuantityState(StrEnum):
    OK = "ok"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    AMBIGUOUS_COMMA = "ambiguous_comma"
    """A lone comma in a column whose other cells use the comma for thousands."""
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_LARGE = "too_large"
    ERROR_CELL = "error_cell"
    UNCALCULATED_FORMULA = "uncalculated_formula"


_SPACES = re.compile(r"[\s\u200b\ufeff\u2060]+")
_APOSTROPHES = re.compile(r"[’‘ʼ`´]")
_SIGNED = re.compile(r"(?P<sign>[-+\u2212])? ?(?P<rest>[0-9.,].*)", re.DOTALL)
_EXPONENT = re.compile(r"(?P<mantissa>[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)[eE](?P<exponent>[-+\u2212]?[0-9]+)")

_STORED_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
"""How a number cell's text is written by the reader."""
_SMALLEST = Decimal(1).scaleb(-MAX_DECIMALS)

_PLAIN = re.compile(r"(?P<integer>[0-9]+)|(?P<whole>[0-9]*)[.,](?P<fraction>[0-9]+)")
_LONE_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
"""A comma that may be between thousands: no group begins with 0, and each has three figures."""
_GROUPED = tuple(
    re.compile(rf"(?P<whole>[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+)(?:{point}(?P<fraction>[0-9]+))?")
    for group, point in ((" ", "[.,]"), ("'", "[.,]"), (",", r"\."), (r"\.", ","))
)
_COMMA_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")

_DISPLAYED = Context(prec=NUMBER_CELL_DIGITS, rounding=ROUND_HALF_EVEN)
_TO_18_DECIMALS = Context(prec=MAX_INTEGER_DIGITS + MAX_DECIMALS, rounding=ROUND_HALF_EVEN)
_LONGEST_EXPONENT = 6
"""Digits of an exponent beyond which any number but zero is out of range; keeps arithmetic small."""


def parse(
    text: str | None, kind: CellKind = CellKind.TEXT, column_uses_comma_for_thousands: bool = False
) -> Parsed[Decimal, QuantityState]:
    """A quantity in units of its asset, exact, sign and zero included (whether it may be negative is a rule's matter).

    The value fits DECIMAL(38,18) or is None.
    """
    nothing = state_without_reading(text, kind)
    if nothing is not None or text is None:
        return Parsed(None, QuantityState(nothing or "empty"))
    if kind in (CellKind.DATE, CellKind.BOOLEAN):
        return Parsed(None, QuantityState.UNREADABLE, f"a {kind.name.lower()} cell, not a number")
    shown, is_rounded = _as_shown(text) if kind is CellKind.NUMBER else (text, False)
    signed = _SIGNED.fullmatch(_tidy(shown))
    if signed is None:
        return _unreadable()
    negative = signed["sign"] in ("-", "\u2212")
    rest = signed["rest"]
    exponent = 0
    scientific = _EXPONENT.fullmatch(rest)
    if scientific:
        rest = scientific["mantissa"]
        exponent = _small_integer(scientific["exponent"].replace("\u2212", "-"))
    if column_uses_comma_for_thousands and _LONE_COMMA.fullmatch(rest):
        return Parsed(None, QuantityState.AMBIGUOUS_COMMA, "other cells of the column use the comma for thousands")
    parts = _whole_and_fraction(rest)
    if parts is None:
        return _unreadable()
    read = _decimal(negative, *parts, exponent)
    return Parsed(read.value, read.state, ROUNDED) if is_rounded and read.value is not None else read


def reason_without_figure(text: str | None, column_uses_comma_for_thousands: bool = False) -> str:
    """Why a quantity that has no value in the lake is in no figure.

    `empty`, `unreadable`, `too_large` (by itself or with the others of its filing), or `looks_like_total` for another
    number that can be read (R-88 found it on a row that only looks like a total).
    """
    if text is None:
        return "empty"
    read = parse(text, column_uses_comma_for_thousands=column_uses_comma_for_thousands)
    if read.value is None:
        return "too_large" if read.state is QuantityState.TOO_LARGE else "unreadable"
    return "too_large" if abs(read.value) >= LARGE else "looks_like_total"


def column_uses_comma_for_thousands(texts: Iterable[str | None]) -> bool:
    """Whether any text of a column can only be read with the comma between thousands (`1,234.5`, `1,234,567`)."""
    for text in texts:
        if text and "," in text:
            signed = _SIGNED.fullmatch(_tidy(text))
            if signed and _COMMA_GROUPS.fullmatch(signed["rest"]):
                return True
    return False


def _as_shown(text: str) -> tuple[str, bool]:
    """The number of a number cell with the digits that Excel shows, and whether more than 18 decimals were rounded.

    What is no finite number stays as it is, and so does a number that only rounding would make 0.
    """
    if not _STORED_NUMBER.fullmatch(text):
        return text, False
    shown = _DISPLAYED.create_decimal(text)
    if shown.adjusted() >= MAX_INTEGER_DIGITS:
        return text, False  # too large, whatever its digits are
    rounded = shown.quantize(_SMALLEST, context=_TO_18_DECIMALS)
    if shown and not rounded:
        return text, False
    return f"{rounded:f}", rounded != shown


def _tidy(text: str) -> str:
    """Spaces and apostrophes of any kind made one kind; those at the ends, typed to make the cell a text, fall away.

    So does a separator after the number that is part of none. A comma or point may be what is left of a cut number.
    """
    return _APOSTROPHES.sub("'", _SPACES.sub(" ", text)).strip(" '").rstrip(" ;|")


def _unreadable() -> Parsed[Decimal, QuantityState]:
    return Parsed(None, QuantityState.UNREADABLE, "not a number; write for example 12345.678 or 12 345,678")


def _whole_and_fraction(text: str) -> tuple[str, str] | None:
    plain = _PLAIN.fullmatch(text)
    if plain:
        return plain["integer"] or plain["whole"], plain["fraction"] or ""
    for pattern in _GROUPED:
        grouped = pattern.fullmatch(text)
        if grouped:
            return re.sub(r"[^0-9]", "", grouped["whole"]), grouped["fraction"] or ""
    return None


def _small_integer(text: str) -> int:
    """An exponent, cut to a size that still is far out of range."""
    digits = text.lstrip("+-").lstrip("0")[: _LONGEST_EXPONENT + 1] or "0"
    return -int(digits) if text.startswith("-") else int(digits)


def _decimal(negative: bool, whole: str, fraction: str, exponent: int) -> Parsed[Decimal, QuantityState]:
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return Parsed(Decimal(0), QuantityState.OK)
    # The number is `digits` times ten to the power of `power`, with no zeros at either end.
    power = exponent - len(fraction) + len(digits) - len(digits.rstrip("0"))
    digits = digits.rstrip("0")
    if len(digits) + power > MAX_INTEGER_DIGITS:
        return Parsed(None, QuantityState.TOO_LARGE, f"more than {MAX_INTEGER_DIGITS} digits before the point")
    if -power > MAX_DECIMALS:
        return Parsed(None, QuantityState.TOO_MANY_DECIMALS, f"more than {MAX_DECIMALS} digits after the point")
    value = Decimal(f"{digits}e{power}") if power <= 0 else Decimal(digits + "0" * power)
    return Parsed(value.copy_negate() if negative else value, QuantityState.OK)
