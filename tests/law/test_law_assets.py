from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.law import assets, tables


@pytest.mark.parametrize(
    ("text", "ticker"),
    [
        ("BTC", "BTC"),
        ("btc ", "BTC"),
        ("Bitcoin", "BTC"),
        ("БИТКОИН", "BTC"),
        ("Биткойн", "BTC"),
        ("ВТС", "BTC"),  # Cyrillic letters of the same look
        ("Bitcoin (BTC)", "BTC"),
        ("BTC (Биткоин)", "BTC"),
        ("BTC - Bitcoin", "BTC"),
        ("BTC Bitcoin", "BTC"),
        ("bitcoin-cash BCH", "BCH"),
        ("криптовалюта Bitcoin", "BTC"),
        ("Биткоин криптовалютасы", "BTC"),
        ("цифрлық актив: BTC", "BTC"),
        ("₿", "BTC"),
        ("Bitcoin Cash", "BCH"),
        ("биткоин-кэш", "BCH"),
        ("Биткоин кәш", "BCH"),
        ("Ethereum", "ETH"),
        ("Эфириум", "ETH"),
        ("ethereum classic", "ETC"),
        ("Ethereum-Classic (ETC)", "ETC"),
        ("Эфириум Классик", "ETC"),
        ("«Эфириум  классик»", "ETC"),
        ("Классикалық эфириум", "ETC"),
        ("Лайткоин", "LTC"),
        ("Dogecoin", "DOGE"),
        ("Доджкоин", "DOGE"),
        ("Дэш", "DASH"),
        ("Монеро", "XMR"),
        ("Трон", "TRX"),
        ("ТRХ", "TRX"),
        ("Zcash", "ZEC"),
        ("Horizen", "ZEN"),
        ("Сиакоин", "SC"),
        ("Siacoin/SC", "SC"),
    ],
)
def test_names_mean_their_asset(text: str, ticker: str) -> None:
    assert assets.resolve(text) == ticker


@pytest.mark.parametrize(
    "text", ["", " ", None, "USDT", "Ethereum (ETC)", "BTC, ETH", "BTC ETH", "криптовалюта", "-", "B", "BTCX", "()"]
)
def test_what_is_no_single_asset_of_the_list_is_not_resolved(text: str | None) -> None:
    assert assets.resolve(text) is None


def test_every_alias_resolves_in_any_case_and_spacing() -> None:
    for row in tables.read("asset_alias"):
        spaced = f" {row['alias'].upper().replace(' ', ' - ')} "
        assert assets.resolve(row["alias"]) == row["ticker"]
        assert assets.resolve(row["alias"].lower()) == row["ticker"]
        assert assets.resolve(spaced.replace(" - ", "\u00a0")) == row["ticker"]


def test_every_asset_has_a_name_in_each_language() -> None:
    languages = {(row["ticker"], row["language"]) for row in tables.read("asset_alias")}
    assert languages == {(asset.ticker, language) for asset in assets.assets() for language in ("en", "ru", "kk")}


def test_in_force_by_day() -> None:
    asset = assets.in_force("ETC", date(2025, 3, 5))
    assert asset is not None
    assert (asset.asset_class, asset.decimals) == ("unbacked", 18)
    assert assets.in_force("ETC", date(2019, 12, 31)) is None
    assert assets.in_force("USDT", date(2025, 3, 5)) is None


@given(st.text())
def test_any_text_is_resolved_or_not_without_an_error(text: str) -> None:
    assert assets.resolve(text) in {None, *(asset.ticker for asset in assets.assets())}


def test_an_alias_of_two_assets_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for path in tables.FOLDER.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "asset_alias.csv").open("a", encoding="utf-8") as file:
        file.write("bit-coin,LTC,en,a slip\n")
    original = tables.read
    monkeypatch.setattr(tables, "read", lambda name: original(name, tmp_path))
    forget_names()
    try:
        with pytest.raises(tables.TableError, match="bit-coin means both BTC and LTC"):
            assets.resolve("BTC")
    finally:
        forget_names()


def forget_names() -> None:
    assets._tickers_by_key.cache_clear()
    assets.resolve.cache_clear()


def test_a_name_is_looked_at_up_to_its_longest() -> None:
    padded = "Bitcoin" + " " * (assets.MAX_LENGTH - len("Bitcoin"))
    assert len(padded) == 200
    assert assets.resolve(f"{padded}q") == assets.resolve("Bitcoin")
    assert assets.resolve(f"{padded[:-1]}q") != assets.resolve("Bitcoin")
