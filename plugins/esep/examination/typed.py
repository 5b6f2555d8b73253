"""From the cells of one column to typed values and the words that the suites look at.

Most functions take the distinct cells of a column, the others raw rows (document.RAW_ROWS); all give columns of the
length of the sheet. A cell that cannot be read has a null value and a word that says why; an empty cell has neither,
nor has an error value or a formula that was never calculated: these are seen by their own rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.cells import (
    NONE,
    Codes,
    Distinct,
    Read,
    choose_words,
    encoded,
    first_rows,
    kinds_of,
    paired,
    spread_keys,
    spread_words,
)
from esep.forms.values import dates, identifier, licence, pairs
from esep.forms.values.cell import CellKind
from esep.forms.values.text import all_cyrillic, clean, foreign_digits, foreign_letters, mixed_letters, normalise_name
from esep.law import assets, identifiers, wallets

_NOT_TWELVE = (identifier.IdentifierCellState.NOT_TWELVE_DIGITS,)
_REPORTED_ELSEWHERE = frozenset({"empty", "error_cell", "uncalculated_formula"})
CELL_WORDS = {CellKind.ERROR: "error", CellKind.FORMULA: "formula"}


def state_word(state: str) -> str | None:
    """The state as a word for the suites; None where another rule reports it."""
    return None if state in _REPORTED_ELSEWHERE else str(state)


def cell_words(rows: pa.Table, field: str) -> pa.DictionaryArray:
    """`filled`, `error` or `formula`; null for an empty cell."""
    by_kind = np.ones(len(CellKind), np.int64)
    by_kind[CellKind.EMPTY], by_kind[CellKind.ERROR], by_kind[CellKind.FORMULA] = NONE, 2, 3
    return choose_words(np.where(by_kind < 0, NONE, by_kind - 1)[kinds_of(rows, field)], "filled", "error", "formula")


def taxpayers(cells: Distinct, pool_id: str | None) -> tuple[Read, Codes]:
    """BIN or IIN of the miner: the part of a pair that is not the pool's, with lost zeros restored if that holds.

    Beside it the miner's place among two numbers in the cell, where names and wallets of a pair are then looked for;
    NONE for a single number.
    """
    parts = [
        pairs.miner_of_ids(text, pool_id) if text and kind is CellKind.TEXT else None
        for text, kind in zip(cells.texts, cells.kinds, strict=True)
    ]
    read = [
        identifier.parse(part.text if part else text, kind)
        for part, text, kind in zip(parts, cells.texts, cells.kinds, strict=True)
    ]
    ids = [one.value for one in read]
    states = [one.state.value for one in read]
    foreign = [(foreign_digits(one.value or "") or None) if one.state in _NOT_TWELVE else None for one in read]
    words = ["foreign_digits" if other else state_word(state) for other, state in zip(foreign, states, strict=True)]
    place = np.array([NONE if part is None or part.index is None else part.index for part in parts], np.int64)
    values = cells.column(ids, pa.string())
    frame = {
        "miner_id_state": cells.words(words),
        "miner_id_padded": cells.column([one.note or None for one in read], pa.string()),
        "miner_id_lookalikes": cells.column(foreign, pa.string()),
    }
    lake = {"taxpayer_id": values, "taxpayer_id_state": cells.column(states, pa.string())}
    return Read(values, cells.keys(ids), frame, lake), place[cells.codes]


def names(cells: Distinct, miner_place: Codes, pool_names: Sequence[str]) -> Read:
    """Name of the miner: of a cell that names miner and pool, the miner's part.

    The codes are equal for names that differ only in case, quotes, punctuation or legal form.
    """

    def name(text: str, place: int | None) -> str:
        return pairs.miner_of_names(text, tuple(pool_names), place).text

    return _parts("taxpayer_name", cells, miner_place, name, normalise_name)


def wallet_addresses(cells: Distinct, miner_place: Codes, asset: Assets) -> Read:
    """Address of the miner's wallet, letter case kept: joined and cut by what an address of the row's asset is."""
    plain = np.array([not text or pairs.is_one_run(text) for text in cells.texts], np.bool_)
    # The asset matters only for a cell in which there is something to join or to cut.
    assets_of_rows = np.where(plain[cells.codes], NONE, encoded(asset.known))
    tickers = asset.known.dictionary.to_pylist()
    places, place_of_pair, asset_of_pair = paired(miner_place, assets_of_rows)

    def address(text: str, pair: int | None) -> str:
        place, ticker = (NONE, NONE) if pair is None else (place_of_pair[pair], asset_of_pair[pair])
        return pairs.miner_of_wallets(
            text, None if place < 0 else int(place), None if ticker < 0 else tickers[ticker]
        ).text

    return _parts("wallet", cells, places, address, str)


def _parts(
    column: str,
    cells: Distinct,
    miner_place: Codes,
    part: Callable[[str, int | None], str],
    key: Callable[[str], str],
) -> Read:
    numbers, cell_of, place_of = paired(cells.codes, miner_place)
    values = [
        _part(cells.texts[cell], cells.kinds[cell], None if place < 0 else int(place), part)
        for cell, place in zip(cell_of, place_of, strict=True)
    ]
    keys = [None if value is None else key(value) for value in values]
    parts = pa.array(values, pa.string()).take(pa.array(numbers))
    return Read(parts, spread_keys(keys, numbers), lake={column: parts})


def _part(text: str | None, kind: CellKind, place: int | None, part: Callable[[str, int | None], str]) -> str | None:
    if not text or kind in CELL_WORDS:
        return None
    return part(text, place) or None


def licences(cells: Distinct, own_rows: pa.Array) -> Read:
    """Number and day of issue of column 4. The pool's own rows carry no state: pools are accredited, not licensed."""
    read = cells.parsed(licence.parse)
    numbers = [one.value.number if one.value else None for one in read]
    words = cells.words([state_word(one.state) for one in read])
    mixed = [None if number is None else mixed_letters(number) for number in numbers]
    values = cells.column(numbers, pa.string())
    frame = {
        "licence_state": pc.if_else(own_rows, pa.scalar(None, words.type), words)
        if pc.any(own_rows).as_py()
        else words,
        "licence_letters": cells.words(
            [letters if letters is None else "mixed" if letters else "one_alphabet" for letters in mixed]
        ),
        "licence_lookalikes": cells.column([letters or None for letters in mixed], pa.string()),
    }
    issued = cells.column([one.value.issued_on if one.value else None for one in read], pa.date32())
    return Read(values, cells.keys(numbers), frame, {"licence_no": values, "licence_date": issued})


def distribution_days(cells: Distinct) -> Read:
    """Column 6: the day of distribution."""
    read = cells.parsed(dates.parse)
    days = [one.value for one in read]
    words = cells.words([state_word(one.state) for one in read])
    values = cells.column(days, pa.date32())
    return Read(values, cells.keys(days), {"distributed_on_state": words}, {"distributed_on": values})


def licence_ages(issued: pa.Array, distributed: pa.Array) -> pa.DictionaryArray:
    """`valid`, `issued_after` the distribution, or `expired`: more than three years old at it."""
    distinct_days = pc.dictionary_encode(issued)
    ends = pa.array([_three_years_after(day) for day in distinct_days.dictionary.to_pylist()], pa.date32())
    end = ends.take(distinct_days.indices)
    after = pc.fill_null(pc.greater(issued, distributed), False).to_numpy(zero_copy_only=False)
    expired = pc.fill_null(pc.greater(distributed, end), False).to_numpy(zero_copy_only=False)
    known = pc.and_(issued.is_valid(), distributed.is_valid()).to_numpy(zero_copy_only=False)
    choice = np.where(known, np.where(after, 1, np.where(expired, 2, 0)), NONE)
    return choose_words(choice, "valid", "issued_after", "expired")


def _three_years_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 3)
    except ValueError:  # 29 February
        return date(day.year + 3, 3, 1)


@dataclass(frozen=True)
class Assets(Read):
    """Tickers, or the text as written where it is on no list; codes are equal letter case apart."""

    known: pa.DictionaryArray = field(kw_only=True)
    """Ticker, null where it is on no list."""


def asset_names(field_name: str, cells: Distinct, days: Read) -> Assets:
    """Columns 7 and 9.1: the ticker, and whether it is on the list in force on the day of distribution."""
    written = [
        clean(text) if text and kind not in CELL_WORDS else None
        for text, kind in zip(cells.texts, cells.kinds, strict=True)
    ]
    known = [assets.resolve(text) for text in written]
    tickers = [ticker or text for ticker, text in zip(known, written, strict=True)]
    numbers, cell_of, day_of = paired(cells.codes, days.codes)
    value_of_day = _values_by_code(days.codes, days.values)
    words = [
        _asset_word(written[cell], known[cell], None if day < 0 else value_of_day[day])
        for cell, day in zip(cell_of, day_of, strict=True)
    ]
    values = cells.column(tickers, pa.string())
    return Assets(
        values,
        cells.keys([ticker.casefold() if ticker else None for ticker in tickers]),
        {f"{field_name}_state": spread_words(words, numbers), f"{field_name}_ticker": values},
        {field_name: values},
        known=cells.words(known),
    )


def _values_by_code(codes: Codes, values: pa.Array) -> list[Any]:
    """The value of each code."""
    return values.take(pa.array(first_rows(codes))).to_pylist()


def _asset_word(written: str | None, ticker: str | None, day: date | None) -> str | None:
    if not written:
        return None
    if ticker is None:
        return "unknown"
    if day is not None and not assets.in_force(ticker, day):
        return "not_in_force"
    return "lookalike" if assets.is_lookalike(written) else "ok"


def wallet_words(addresses: Read, asset: Assets) -> dict[str, pa.Array]:
    """State of each address for the asset of its row, and its letters that are not Latin; null where nothing is known.

    An address with letters of another alphabet is `cyrillic_letters` or `foreign_letters`, whatever the asset.
    """
    numbers, address_of, asset_of = paired(addresses.codes, encoded(asset.known))
    tickers = asset.known.dictionary.to_pylist()
    address = _values_by_code(addresses.codes, addresses.values)
    foreign = [foreign_letters(one) or None for one in address]
    places: defaultdict[str, list[int]] = defaultdict(list)
    states: list[str | None] = [None] * len(address_of)
    for place, (one, ticker) in enumerate(zip(address_of, asset_of, strict=True)):
        if one >= 0 and foreign[one]:
            states[place] = "cyrillic_letters" if all_cyrillic(address[one]) else "foreign_letters"
        elif one >= 0 and ticker >= 0:
            places[tickers[ticker]].append(place)
    for ticker, those in places.items():  # asset by asset: Keccak checksums are far cheaper together
        checked = wallets.states_of(ticker, [address[address_of[place]] for place in those])
        for place, state in zip(those, checked, strict=True):
            states[place] = str(state)
    # One more place, so that NONE finds a null at the end.
    lookalikes = pa.array([*foreign, None], pa.string()).take(pa.array(addresses.codes % (len(foreign) + 1)))
    return {"wallet_state": spread_words(states, numbers), "wallet_lookalikes": lookalikes}


def agreement(one: Assets, other: Assets) -> pa.DictionaryArray:
    """`same` or `other` asset, letter case apart; null where either is missing."""
    numbers, one_of, other_of = paired(one.codes, other.codes)
    ones, others = _values_by_code(one.codes, one.values), _values_by_code(other.codes, other.values)
    words = [
        None
        if first < 0 or second < 0
        else ("same" if ones[first].casefold() == others[second].casefold() else "other")
        for first, second in zip(one_of, other_of, strict=True)
    ]
    return spread_words(words, numbers)


def id_kind(number: str) -> str | None:
    """`bin` or `iin` for a right number, else None."""
    if identifiers.is_bin(number):
        return "bin"
    return "iin" if identifiers.is_iin(number) else None
