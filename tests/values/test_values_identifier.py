from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from esep.forms.values import identifier, pairs
from esep.forms.values.cell import CellKind
from esep.forms.values.identifier import IdentifierCellState as State
from esep.law import identifiers

BIN = "940140000385"
POOL = "990140004654"
IIN_WITH_ZERO = "061211600012"


def test_every_state_of_the_law_is_a_state_of_a_cell() -> None:
    assert {state.value for state in identifiers.IdentifierState} <= {state.value for state in State}


@pytest.mark.parametrize(
    "text",
    [BIN, f" {BIN}\u00a0", f"\t{BIN}\n", "940 140 000 385", f"БСН {BIN}", f"БИН: {BIN}", f"'{BIN}", f"\ufeff{BIN}"],
)
def test_text_of_twelve_digits(text: str) -> None:
    parsed = identifier.parse(text)
    assert (parsed.value, parsed.state) == (BIN, State.OK)


@pytest.mark.parametrize(
    ("text", "state", "value"),
    [
        ("940140000386", State.WRONG_CHECK_DIGIT, "940140000386"),
        ("230640000990", State.IMPOSSIBLE_NUMBER, "230640000990"),
        ("94014000038", State.NOT_TWELVE_DIGITS, "94014000038"),
        ("9401400003855", State.NOT_TWELVE_DIGITS, "9401400003855"),
        ("94014000038O", State.NOT_TWELVE_DIGITS, "94014000038O"),
        ("٩٤٠١٤٠٠٠٠٣٨٥", State.NOT_TWELVE_DIGITS, "٩٤٠١٤٠٠٠٠٣٨٥"),
        ("-", State.NOT_TWELVE_DIGITS, "-"),
        ("", State.EMPTY, None),
        ("\u200b", State.EMPTY, None),
        (None, State.EMPTY, None),
    ],
)
def test_a_faulty_text_stays_as_written(text: str | None, state: State, value: str | None) -> None:
    parsed = identifier.parse(text)
    assert (parsed.value, parsed.state) == (value, state)


def test_zeros_lost_by_a_numeric_cell_come_back_if_the_check_digit_holds() -> None:
    parsed = identifier.parse(IIN_WITH_ZERO.lstrip("0"), CellKind.NUMBER)
    assert (parsed.value, parsed.state, parsed.note) == (IIN_WITH_ZERO, State.LOST_ZEROS, IIN_WITH_ZERO)


def test_a_short_numeric_cell_whose_padded_reading_fails_stays_as_written_and_shows_it() -> None:
    parsed = identifier.parse("61211600013", CellKind.NUMBER)
    assert (parsed.value, parsed.state, parsed.note) == ("61211600013", State.NOT_TWELVE_DIGITS, "061211600013")


def test_a_text_is_never_padded_but_its_reading_is_shown() -> None:
    parsed = identifier.parse("61211600012")
    assert (parsed.value, parsed.state, parsed.note) == ("61211600012", State.NOT_TWELVE_DIGITS, IIN_WITH_ZERO)


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [
        (BIN, BIN, State.OK),
        ("9.40140000385e+11", BIN, State.OK),
        ("940140000385.0", BIN, State.OK),
        ("0", "0", State.NOT_TWELVE_DIGITS),
        ("12.5", "12.5", State.NOT_TWELVE_DIGITS),
        ("-940140000385", "-940140000385", State.NOT_TWELVE_DIGITS),
        ("9.4e+99", "9.4e+99", None),
    ],
)
def test_numeric_cells(text: str, value: str, state: State | None) -> None:
    parsed = identifier.parse(text, CellKind.NUMBER)
    assert parsed.state is (state or State.NOT_TWELVE_DIGITS)
    assert state is None or parsed.value == value


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (CellKind.ERROR, State.ERROR_CELL),
        (CellKind.FORMULA, State.UNCALCULATED_FORMULA),
        (CellKind.EMPTY, State.EMPTY),
    ],
)
def test_kinds_without_a_value(kind: CellKind, state: State) -> None:
    parsed = identifier.parse(BIN, kind)
    assert (parsed.value, parsed.state) == (None, state)


@given(st.from_regex(r"\A[0-9]{11}\Z"))
def test_a_number_with_a_lost_zero_is_restored_or_left(stem: str) -> None:
    digit = identifiers.check_digit(f"0{stem[1:]}")
    assume(digit is not None and stem[1] != "0")
    number = f"0{stem[1:]}{digit}"
    parsed = identifier.parse(number[1:], CellKind.NUMBER)
    if identifiers.state_of(number) in ("ok", "wrong_date"):
        assert (parsed.value, parsed.state) == (number, State.LOST_ZEROS)
    else:
        assert parsed.value == number[1:]
    assert parsed.note == number


@pytest.mark.parametrize(
    "text",
    [
        f"{BIN}; {POOL}",
        f"{POOL};{BIN}",
        f"{BIN}\n{POOL}",
        f"{POOL} / {BIN}",
        f"{BIN}, {POOL}",
        f"{BIN} и {POOL}",
        f"{POOL} және {BIN}",
        f"{BIN};{POOL};",
        f"БСН {BIN}; БСН {POOL}",
    ],
)
def test_the_miners_number_of_a_pair(text: str) -> None:
    part = pairs.miner_of_ids(text, POOL)
    assert identifier.parse(part.text).value == BIN
    assert part.index == (0 if text.find(BIN) < text.find(POOL) else 1)


def test_pairs_without_the_pool_and_cells_that_are_no_pairs() -> None:
    assert pairs.miner_of_ids(f"{BIN}; {IIN_WITH_ZERO}", POOL) == pairs.Part(BIN, index=0)
    assert pairs.miner_of_ids(f"{POOL}; {POOL}", POOL) == pairs.Part(POOL, index=0)
    assert pairs.miner_of_ids(f"{BIN}; {POOL}", None) == pairs.Part(BIN, index=0)
    assert pairs.miner_of_ids(BIN, POOL) == pairs.Part(BIN)
    assert pairs.miner_of_ids("12; 13", POOL) == pairs.Part("12; 13")
    assert pairs.miner_of_ids("", POOL) == pairs.Part("")


@pytest.mark.parametrize(
    ("text", "index", "miner"),
    [
        ("ТОО Альфа; ТОО «Бета Пул»", None, "ТОО Альфа"),
        ("«Бета пул» ЖШС; ТОО Альфа", None, "ТОО Альфа"),
        ("ТОО Альфа / Бета Пул LLP", None, "ТОО Альфа"),
        ("ТОО Альфа и ТОО Бета Пул", None, "ТОО Альфа"),
        ("ТОО Альфа\nБета Пул", None, "ТОО Альфа"),
        ("ТОО Альфа и Гамма", None, "ТОО Альфа и Гамма"),
        ("ТОО Альфа, Гамма и К", None, "ТОО Альфа, Гамма и К"),
        ("ТОО Альфа; ТОО Гамма", None, "ТОО Альфа; ТОО Гамма"),
        ("ТОО Гамма; ТОО Альфа", 1, "ТОО Альфа"),
        ("ТОО Бета Пул; ТОО Бета Пул", None, "ТОО Бета Пул"),
        ("ТОО Альфа", None, "ТОО Альфа"),
    ],
)
def test_the_miners_name(text: str, index: int | None, miner: str) -> None:
    assert pairs.miner_of_names(text, ("ТОО «Бета Пул»",), index).text == miner


def test_the_miners_wallet() -> None:
    assert pairs.miner_of_wallets("bc1qabc; bc1qxyz") == pairs.Part("bc1qabc", index=0)
    assert pairs.miner_of_wallets("bc1qabc; bc1qxyz", 1) == pairs.Part("bc1qxyz", index=1)
    assert pairs.miner_of_wallets("bitcoincash:qabc") == pairs.Part("bitcoincash:qabc")
    assert pairs.miner_of_wallets("a;b;c", 1) == pairs.Part("a;b;c")


@given(st.text(), st.text())
def test_pairs_of_any_text(text: str, other: str) -> None:
    assert all(part == part.strip() and part for part in pairs.split_pair(text))
    assert pairs.miner_of_ids(text, other).index in (None, 0, 1)
    assert pairs.miner_of_names(text, (other,), 1).index in (None, 0, 1)
    assert pairs.miner_of_wallets(text, 0).index in (None, 0)
