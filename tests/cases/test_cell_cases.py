"""Cells that were misread: each is read as the person meant it."""

from __future__ import annotations

from datetime import date

from cases.case_packages import examined, rows, rules


def test_a_moment_in_utc_is_the_day_of_almaty() -> None:
    package = examined("12-utc-before-month")
    assert not rules(package)
    assert rows(package)[0]["distributed_on"] == date(2025, 3, 1)


def test_a_wallet_wrapped_in_its_cell_is_one_address() -> None:
    package = examined("24-wallet-wrapped")
    assert not rules(package)
    assert rows(package)[1]["wallet"] == "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"


def test_a_separator_after_a_number_or_an_address_falls_away() -> None:
    package = examined("27-trailing-separator")
    assert not rules(package)
    first = rows(package)[0]
    assert (first["taxpayer_id"], first["wallet"]) == ("940140000385", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")


def test_cyrillic_letters_of_a_wallet_are_named() -> None:
    package = examined("31-wallet-cyrillic")
    [finding] = [one for one in package.findings if one.rule_id == "R-44"]
    assert finding.expected == "«с» (2) → c, «а» (24) → a, «а» (27) → a, «с» (31) → c"
    assert "кирилл әріптері" in finding.message_kk
    assert "буквы кириллицы" in finding.message_ru
    assert "«а» (24) → a" in finding.message_en
    assert rows(package)[1]["wallet"] == finding.found


def test_columns_numbered_from_one_to_ten_are_the_forms_ten() -> None:
    package = examined("32-number-row-1-to-10")
    assert not rules(package)
    assert [(row["reward_asset"], row["reward_quantity"] > 0) for row in rows(package)] == [("BTC", True)] * 3


def test_a_subtotal_of_a_group_is_a_total() -> None:
    package = examined("25-subtotal-by-bin")
    assert not rules(package)
    assert [row["row"] for row in rows(package)] == [8, 10, 11]
    assert [place.row for place in package.total_rows] == [9]


def test_sums_carried_forward_are_totals() -> None:
    package = examined("26-carried-forward")
    assert not rules(package)
    assert [place.row for place in package.total_rows] == [9, 10]
    assert len(rows(package)) == 3
