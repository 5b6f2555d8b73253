"""How the pools of the demo write their cells: the same values in the manners that an office sees."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from esep.demo.people import Habits
from esep.demo.plan import Row
from esep.forms.months import KAZAKH
from esep.forms.writing.content import Cell

_NAMES = {
    "kk": {"BTC": "Биткоин", "DASH": "Дэш", "ETC": "Эфириум Классик", "XMR": "Монеро"},
    "ru": {"BTC": "Биткоин", "BCH": "Bitcoin Cash", "ZEC": "Zcash", "TRX": "Трон"},
}
_THOUSANDS = "\N{NO-BREAK SPACE}"


def row_cells(number: int, row: Row, habits: Habits) -> list[Cell]:
    """The ten cells of a data row, in the order of the form."""
    written: dict[str, Cell] = {
        "row_no": number,
        "miner_name": row.miner.name,
        "miner_id": row.miner.number,
        "licence": licence(row, habits.language),
        "wallet": row.miner.wallets.get(row.asset) or next(iter(row.miner.wallets.values())),
        "distributed_on": day(row.day, habits.dates),
        "asset": asset_name(row.asset, habits),
        "quantity": quantity(row.quantity, habits.numbers),
        "reward_asset": asset_name(row.reward_asset, habits),
        "reward_quantity": quantity(row.reward, habits.numbers),
    }
    return list({**written, **row.cells}.values())


def licence(row: Row, language: str) -> str | None:
    """Number and date in one cell; a pool that distributes to itself has none."""
    if row.miner.licence_no is None or row.miner.licence_date is None:
        return None
    issued = f"{row.miner.licence_date:%d.%m.%Y}"
    return (
        f"№ {row.miner.licence_no} от {issued}" if language == "ru" else f"№ {row.miner.licence_no}, {issued} берілген"
    )


def asset_name(ticker: str, habits: Habits) -> str:
    return _NAMES.get(habits.asset_names, {}).get(ticker, ticker)


def day(value: date | None, manner: str) -> Cell:
    """A day as an Excel date or as text in the pool's manner."""
    if value is None or manner == "excel":
        return value
    if manner == "words":
        return f"{value.day} {KAZAKH[value.month - 1]} {value.year} ж."
    return value.isoformat() if manner == "iso" else f"{value:%d.%m.%Y}"


def quantity(value: Decimal | None, manner: str) -> Cell:
    """A quantity as a number or as text in the pool's manner; a number cell only where it keeps every digit."""
    if value is None:
        return None
    plain = f"{value:f}"
    if manner == "number" and Decimal(f"{float(value):.16g}") == value:
        return float(value)
    if manner == "comma":
        return plain.replace(".", ",")
    if manner == "spaces":
        whole, _, decimals = plain.partition(".")
        return f"{int(whole):,}".replace(",", _THOUSANDS) + (f",{decimals}" if decimals else "")
    return plain
