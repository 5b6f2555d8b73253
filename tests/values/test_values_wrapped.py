"""Numbers and addresses that their cell wraps, or that share it with the pool's: whatever the wrapping, one value."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.demo import wallets as made
from esep.forms.values import identifier, pairs
from esep.forms.values.pairs import Part, addresses_in, numbers_in
from esep.law import identifiers

BIN = "940140000385"
IIN = "061211600012"
POOL = "230640000018"
SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
TICKERS = ("BTC", "BCH", "LTC", "DOGE", "DASH", "ZEC", "ZEN", "ETC", "ETH", "TRX", "XMR", "SC")

_gaps = st.sampled_from(["\n", "\r\n", " ", "\u00a0", "\u00ad", "\u200b", "\u2060", "-\n", " \n ", "\t", "\u202f"])
_ends = st.sampled_from(["", ";", " ;", ",", "\n", "; ", "|", "/", ".", "\u00a0", ";\n", ";;"])
_between = st.sampled_from(
    [";", "; ", "\n", ";\n", " / ", "/", ", ", ",", " | ", " и ", " және ", " ", "\u00a0", "\r\n"]
)
_starts = st.sampled_from(["", "'", " ", "\u200b", "\n", '"', "’"])


@st.composite
def _addresses(draw: st.DrawFn) -> tuple[str, str]:
    ticker = draw(st.sampled_from(TICKERS))
    return ticker, made.make(ticker, random.Random(draw(st.integers(0, 10**6))))


@st.composite
def _numbers(draw: st.DrawFn) -> str:
    year, month, serial = draw(st.integers(0, 29)), draw(st.integers(1, 12)), draw(st.integers(0, 99_999))
    stem = f"{year:02d}{month:02d}{draw(st.sampled_from('456'))}{draw(st.sampled_from('0123'))}{serial:05d}"
    digit = identifiers.check_digit(stem)
    return BIN if digit is None else f"{stem}{digit}"


def _wrap(draw: st.DrawFn, text: str) -> str:
    for place in sorted(draw(st.sets(st.integers(1, len(text) - 1), max_size=5)), reverse=True):
        text = text[:place] + draw(_gaps) + text[place:]
    return text


@given(_addresses(), st.data())
def test_a_wrapped_address_is_the_address(address: tuple[str, str], data: st.DataObject) -> None:
    ticker, whole = address
    written = data.draw(_starts) + data.draw(st.composite(_wrap)(whole)) + data.draw(_ends)
    assert pairs.miner_of_wallets(written, None, ticker).text == whole, written


def test_a_prefix_cut_off_at_its_colon_is_part_of_the_address() -> None:
    address = made.make("BCH", random.Random(1))
    prefix, _, rest = f"bitcoincash:{address.removeprefix('bitcoincash:')}".partition(":")
    assert addresses_in(f"{prefix}\n:\n{rest}", "BCH") == (Part(f"{prefix}:{rest}"),)
    assert addresses_in(f"әмиян : {rest}", "BCH") == (Part(rest),)


@given(_numbers(), st.data())
def test_a_wrapped_number_is_the_number(number: str, data: st.DataObject) -> None:
    label = data.draw(st.sampled_from(["", "БСН ", "БИН: ", "BIN ", "ЖСН / ИИН "]))
    written = data.draw(_starts) + label + data.draw(st.composite(_wrap)(number)) + data.draw(_ends)
    assert identifier.parse(pairs.miner_of_ids(written, POOL).text).value == number, written
    assert identifier.parse(written).value == number, written


@given(_addresses(), st.integers(0, 10**6), st.integers(0, 1), _between, _ends, st.data())
def test_the_miners_address_of_two(
    address: tuple[str, str], seed: int, place: int, between: str, end: str, data: st.DataObject
) -> None:
    ticker, miners = address
    other = made.make(ticker, random.Random(-seed - 1))
    written = between.join(
        data.draw(st.composite(_wrap)(one)) for one in ((miners, other) if place == 0 else (other, miners))
    )
    assert pairs.miner_of_wallets(written + end, place, ticker).text == miners, written


@given(_numbers(), _between, _ends, st.booleans(), st.data())
def test_the_miners_number_of_two(number: str, between: str, end: str, pool_first: bool, data: st.DataObject) -> None:
    parts = (POOL, number) if pool_first else (number, POOL)
    written = between.join(data.draw(st.composite(_wrap)(part)) for part in parts) + end
    found = pairs.miner_of_ids(written, POOL)
    assert (found.text, found.index) == (number, int(pool_first and number != POOL)), written


@pytest.mark.parametrize(
    "text",
    [
        "940140 000385",
        "940140000385;",
        "940140000385 ; ",
        "БСН 940140000385",
        "БСН: 940140000385.",
        "'940140000385",
        "940140000385'",
        '"940140000385"',
        "9401 4000 0385",
        "940140-000385",
        "940,140,000,385",
        "9401400\n00385",
        f"940140 000385/{POOL}",
        f"{POOL} 940140000385",
        f"{BIN}\u200b{POOL}",
        f"{BIN}; {BIN}",
        f"{BIN}; {POOL}; {BIN}",
        f"{POOL}\n{BIN}\n{POOL}",
        f"пул: {POOL}, майнер: {BIN}",
        f"Майнер БСН {BIN}; пул БСН {POOL}",
        f"{BIN} (майнер), {POOL} (пул)",
        f"{BIN} – майнер; {POOL} – пул",
        f"{BIN} майнер\n{POOL} пул",
        f"{POOL} пул\n{BIN} майнер",
        f"{BIN} (майнер) / {POOL}",
        f"{BIN} – БИН майнера, {POOL} – БИН пула",
        f"{POOL}, майнер: {BIN}",
        f"{BIN} майнер {POOL}",
    ],
)
def test_the_miners_number_in_many_ways(text: str) -> None:
    assert pairs.miner_of_ids(text, POOL).text == BIN


def test_the_word_miner_decides_where_the_pool_is_not_known() -> None:
    assert pairs.miner_of_ids(f"пул {POOL}, майнер {BIN}", None).text == BIN
    assert pairs.miner_of_wallets(f"Пул: {GENESIS}\nМайнер: {SEGWIT}", None, "BTC").text == SEGWIT


def test_a_word_after_its_number_or_address_decides_too() -> None:
    other = "940140000385" if BIN != "940140000385" else "990140004654"
    assert pairs.miner_of_ids(f"{other} (пул), {BIN} (майнер)", None).text == BIN
    for written in (
        "{miner} (майнер), {pool} (пул)",
        "{pool} (пул), {miner} (майнер)",
        "{miner} – майнер; {pool} – пул",
        "{miner} (miner)\n{pool} (pool)",
        "{pool} (pool) / {miner}",
        "Майнер:{miner};Пул:{pool}",
        "{pool}; мекен-жайы майнердің: {miner}",
    ):
        assert pairs.miner_of_wallets(written.format(miner=SEGWIT, pool=GENESIS), None, "BTC").text == SEGWIT, written


def test_a_number_that_is_the_pools_is_not_the_miners_because_a_word_says_so() -> None:
    text = f"майнер {POOL}, пул {BIN}"
    assert pairs.miner_of_ids(text, POOL).text == text


@pytest.mark.parametrize("label", ["BTC:", "Мекен-жайы: ", "адрес:", "кошелёк BTC:"])
def test_labels_of_one_address_are_no_part_of_it(label: str) -> None:
    assert pairs.miner_of_wallets(f"{label}{SEGWIT}", None, "BTC").text == SEGWIT


@pytest.mark.parametrize(
    "text", [f"{BIN} {IIN} {POOL}", "940140-000386", "94014;0000385", "940140000385 Итог", "12; 13"]
)
def test_what_is_no_number_or_has_two_readings_is_left_whole(text: str) -> None:
    assert pairs.miner_of_ids(text, "990140004654").text == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("bc1qw508d6qejxtdg4y5r3z\narvary0c5xw7kv8f3t4", (SEGWIT,)),
        (f"{GENESIS}\n{SEGWIT}", (GENESIS, SEGWIT)),
        (f"BTC: {SEGWIT}", (SEGWIT,)),
        (f"кошелёк {SEGWIT}.", (SEGWIT,)),
        ("bc1q w508 d6qe jxtd g4y5 r3za rvar y0c5 xw7k v8f3 t4", (SEGWIT,)),
        ("bc1qw508d6qejxtdg4y5r3z\narvary0c5xw7kv8f3t5", ()),
        ("bс1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", ()),
        ("–", ()),
        (f"Майнер, кошелёк BTC: {SEGWIT}", (SEGWIT,)),
    ],
)
def test_addresses_of_a_cell(text: str, parts: tuple[str, ...]) -> None:
    assert tuple(part.text for part in addresses_in(text, "BTC")) == parts


LITECOIN = ("ltc1qe5rjek97d70k9tzvp8pgyph8ud2ef2ntka380u", "ltc1q7kck2gj2tzmerhm278vrq0npehzthpkrdkcc8s")


@pytest.mark.parametrize("between", ["\n", " и ", "; ", " LTC: "])
def test_a_ticker_may_be_the_start_of_an_address(between: str) -> None:
    """Litecoin's addresses begin with its ticker, which is a label elsewhere: what checks decides."""
    first, second = LITECOIN
    for written in (
        f"ltc\n {first[3:]}{between}{second}",
        f"{first}{between}lt\nc{second[3:]}",
        f"LTC ltc {first[3:]}",
    ):
        parts = tuple(part.text for part in addresses_in(written, "LTC"))
        assert parts == ((first,) if second[5:] not in written else LITECOIN), written


@pytest.mark.parametrize(
    ("text", "index", "miner"),
    [
        (f"{GENESIS[:-1]}b; {SEGWIT}", None, f"{GENESIS[:-1]}b"),  # a faulty part is reported as it is
        (f"{SEGWIT}\n{GENESIS[:-1]}b", 1, f"{GENESIS[:-1]}b"),
        ("bc1qw508d6qejxtdg4y5r3z\narvary0c5xw7kv8f3t5", None, "bc1qw508d6qejxtdg4y5r3z arvary0c5xw7kv8f3t5"),
        (f"{GENESIS[:-1]}b;", None, f"{GENESIS[:-1]}b"),
    ],
)
def test_faulty_addresses_are_not_cut_by_a_line_break_alone(text: str, index: int | None, miner: str) -> None:
    assert pairs.miner_of_wallets(text, index, "BTC").text == miner


def test_the_unified_addresses_of_zcash_are_cut_where_both_check() -> None:
    first, second = "u1" + "a" * 60, "u1" + "b" * 70
    assert [part.text for part in addresses_in(f"{first}\n{second}", "ZEC")] == [first, second]
    assert [part.text for part in addresses_in(f"{first[:20]}\n{first[20:]}", "ZEC")] == [first]


@pytest.mark.parametrize(
    ("text", "index", "miner"),
    [
        ("ТОО «Майнер\nОдин»", None, "ТОО «Майнер Один»"),
        ("ТОО «Майнер\nОдин»; Самал пул", 0, "ТОО «Майнер Один»"),
        ("ТОО «Майнер Один»;", None, "ТОО «Майнер Один»"),
        ("'ТОО Майнер Один", None, "ТОО Майнер Один"),
        ("ТОО Майнер Один;\nСамал Пул;", 0, "ТОО Майнер Один"),
        ("Самал Пул; ТОО Майнер; Самал Пул", None, "ТОО Майнер"),
        ("O'Brien Mining", None, "O'Brien Mining"),
    ],
)
def test_names_are_cut_between_names(text: str, index: int | None, miner: str) -> None:
    assert pairs.miner_of_names(text, ("ЖШС «Самал Пул»",), index).text == miner


@given(st.text(), st.sampled_from([None, *TICKERS]))
def test_any_text_is_taken(text: str, ticker: str | None) -> None:
    assert all(len(part.text) == 12 for part in numbers_in(text))
    assert all(part.text for part in addresses_in(text, ticker))
