"""filing_change and filing_effect: what a correction changed, row by row and in the figures."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esep.config import PROJECT
from esep.office import events
from warehouse.warehouse_office import MINER, OTHER_MINER, OTHER_POOL, POOL, finding, moment, row

PRICES = ("2025-01-06,BTC,10,KZT", "2025-01-08,BTC,12,KZT", "2025-01-06,LTC,3,KZT")


def wallet(address: str, *arguments: Any, **facts: Any) -> dict[str, Any]:
    return row(*arguments, **facts) | {"wallet": address}


def test_rows_added_removed_and_changed(office):
    office.prices(*PRICES)
    first = office.file(
        "2025-02-10",
        [
            row("2025-01-06", quantity="1"),
            row("2025-01-06", quantity="1"),  # twice the same
            row("2025-01-08", quantity="2", reward="0.1"),
            row("2025-01-08", quantity="4", taxpayer=OTHER_MINER),
            wallet("a", "2025-01-06", "LTC", "9"),
        ],
    )
    second = office.file(
        "2025-02-20",
        [
            wallet("b", "2025-01-06", "LTC", "9"),  # the wallet corrected, and first in the sheet
            row("2025-01-06", quantity="3"),  # one of the two: changed
            row("2025-01-06", quantity="1"),
            row("2025-01-08", quantity="2", reward="0.25", name="ТОО «Терек Плюс»"),
            row("2025-01-08", quantity="7", taxpayer="061211600012"),
        ],
    )
    office.refresh()
    reported = office.query(
        "select change, changed_columns, taxpayer_id, wallet, asset, old_quantity, new_quantity, quantity_difference,"
        " reward_difference, old_row, new_row from filing_change order by coalesce(old_row, new_row), change"
    )
    one, two, three, four, seven, nine = (Decimal(n) for n in (1, 2, 3, 4, 7, 9))
    zero = Decimal(0)
    # Row numbers: the office of these tests puts the first row into worksheet row 11.
    assert reported == [
        ("added", None, MINER, "b", "LTC", None, nine, nine, zero, None, 11),
        ("changed", ["quantity"], MINER, None, "BTC", one, three, two, zero, 12, 12),
        ("changed", ["taxpayer_name", "reward_quantity"], MINER, None, "BTC", two, two, zero, Decimal("0.15"), 13, 14),
        ("removed", None, OTHER_MINER, None, "BTC", four, None, -four, zero, 14, None),
        ("added", None, "061211600012", None, "BTC", None, seven, seven, zero, None, 15),
        ("removed", None, MINER, "a", "LTC", nine, None, -nine, zero, 15, None),
    ]
    assert office.query("select distinct registration_no, replaces, verdict, pool_id from filing_change") == [
        (second, first, "accepted", POOL)
    ]
    names = office.query("select old_taxpayer_name, taxpayer_name from filing_change where new_row = 14")
    assert names == [("ТОО «Терек»", "ТОО «Терек Плюс»")]


def test_an_unreadable_quantity_stays_visible(office):
    office.file("2025-02-10", [row("2025-01-06", quantity=None, quantity_text="много"), row("2025-01-08")])
    office.file("2025-02-11", [row("2025-01-06", quantity=None, quantity_text="очень много"), row("2025-01-08")])
    office.file("2025-02-12", [row("2025-01-06", quantity="5"), row("2025-01-08", quantity="1" + "0" * 15)])
    office.refresh()
    assert office.query(
        "select registration_no, changed_columns, old_quantity, new_quantity, quantity_difference, old_quantity_found,"
        " new_quantity_found from filing_change order by registration_no, old_row"
    ) == [
        ("2025-000002", ["quantity"], None, None, None, "много", "очень много"),
        ("2025-000003", ["quantity"], None, Decimal(5), None, "очень много", None),
        ("2025-000003", ["quantity"], Decimal(1), Decimal(10**15), None, None, "1" + "0" * 15),
    ]
    # The figures know only what can be counted: 5 more, and the 1 that became absurd less.
    assert office.query(
        "select quantity_before, quantity_after, quantity_difference from filing_effect where role = 'miner'"
    ) == [(Decimal(1), Decimal(5), Decimal(4))]


def test_licence_day_and_order_of_rows(office):
    rows = [row("2025-01-06", quantity=str(number)) for number in range(1, 6)]
    office.file("2025-02-10", rows)
    office.file("2025-02-11", rows[::-1])  # only the order and the ordinal numbers differ
    office.file("2025-02-12", [rows[0] | {"licence_no": "Л-1"}, *rows[1:]])
    office.refresh()
    assert office.query("select registration_no, changed_columns, new_licence_no from filing_change") == [
        ("2025-000003", ["licence_no"], "Л-1")
    ]
    assert office.query("select count(*) from filing_effect") == [(0,)]


def test_a_refused_correction_is_compared_and_has_no_effect(office):
    office.prices(*PRICES)
    office.file("2025-02-10", [row("2025-01-06", quantity="1")])
    office.file(
        "2025-02-11",
        [row("2025-01-06", quantity="2")],
        verdict="refused",
        findings=[finding("C-01", 1, "completeness")],
    )
    office.file("2025-02-12", [row("2025-01-06", quantity="4")])
    office.refresh()
    assert office.query(
        "select registration_no, replaces, verdict, quantity_difference from filing_change order by 1"
    ) == [
        ("2025-000002", "2025-000001", "refused", Decimal(1)),
        ("2025-000003", "2025-000001", "accepted", Decimal(3)),
    ]
    assert office.query("select registration_no, income_kzt_difference from filing_effect where role = 'miner'") == [
        ("2025-000003", Decimal(30))
    ]


def test_an_overruled_refusal_takes_its_place_in_the_chain(office):
    office.prices(*PRICES)
    office.file("2025-02-10", [row("2025-01-06", quantity="1")])
    refused = office.file("2025-02-11", [row("2025-01-06", quantity="2")], verdict="refused")
    office.file("2025-02-12", [row("2025-01-06", quantity="4")])
    office.refresh()
    events.append(office.folder(refused), "refusal_overruled", moment("2025-02-20"), "officer", {"reason": "test"})
    office.refresh()
    assert office.query(
        "select registration_no, replaces, verdict, quantity_difference from filing_change order by 1"
    ) == [
        ("2025-000002", "2025-000001", "accepted", Decimal(1)),
        ("2025-000003", "2025-000002", "accepted", Decimal(2)),
    ]
    assert office.query("select income_kzt_difference from filing_effect order by registration_no") == [
        (Decimal(10),),
        (Decimal(20),),
    ]


def test_new_filings_and_refilings_have_no_changes(office):
    office.file("2025-02-10", [row("2025-01-06", quantity="1")], verdict="refused")
    office.file("2025-02-12", [row("2025-01-06", quantity="2")])
    office.file("2025-02-13", [row("2025-01-06", quantity="3")], pool=OTHER_POOL)
    office.refresh()
    assert office.query("select count(*) from filing_change") == [(0,)]
    assert office.query("select count(*) from filing_effect") == [(0,)]


def test_history_taken_in_later_moves_what_is_compared(office):
    office.file("2025-02-10", [row("2025-01-06", quantity="1")])
    office.file("2025-03-10", [row("2025-01-06", quantity="5")])
    office.refresh()
    assert office.query("select quantity_difference from filing_change") == [(Decimal(4),)]
    office.file("2025-02-20", [row("2025-01-06", quantity="2")])
    office.refresh()
    assert office.query("select registration_no, replaces, quantity_difference from filing_change order by 1") == [
        ("2025-000002", "2025-000003", Decimal(3)),
        ("2025-000003", "2025-000001", Decimal(1)),
    ]


def test_effect_on_figures(office):
    """Worked by hand: BTC 10 on the 6th and 12 on the 8th, LTC 3 on the 6th; half a unit of reward; 75 % for miners."""
    office.prices(*PRICES)
    office.file("2025-02-10", [row("2025-01-06", quantity="1", reward="0.5"), row("2025-01-06", "LTC", "2")])
    office.file("2025-02-20", [row("2025-01-08", quantity="1", reward="0.5"), row("2025-01-06", "ETH", "0.3")])
    office.refresh()
    reported = office.query(
        "select year, role, taxpayer_id, asset, quantity_difference, unvalued_before, unvalued_after,"
        " income_kzt_before, income_kzt_after, income_kzt_difference, quantity_to_sell_difference"
        " from filing_effect order by role, asset"
    )
    zero = Decimal(0)
    assert reported == [
        (2025, "miner", MINER, "BTC", zero, zero, zero, Decimal(10), Decimal(12), Decimal(2), zero),
        (2025, "miner", MINER, "ETH", Decimal("0.3"), zero, Decimal("0.3"), zero, zero, zero, Decimal("0.225")),
        (2025, "miner", MINER, "LTC", Decimal(-2), zero, zero, Decimal(6), zero, Decimal(-6), Decimal("-1.5")),
        (2025, "pool", POOL, "BTC", zero, zero, zero, Decimal(5), Decimal(6), Decimal(1), None),
    ]


def test_effects_add_up_to_the_difference_of_the_figures(office):
    """annual_income before and after a correction, asked by the day of knowledge."""
    office.prices(*PRICES)
    office.file("2025-02-09", [row("2025-01-06", quantity="100")], pool=OTHER_POOL)
    office.file("2025-02-10", [row("2025-01-06", quantity="1.23456789", reward="0.00000001"), row("2025-01-08")])
    office.file("2025-02-20", [row("2025-01-06", quantity="7.1", reward="0.2"), row("2025-01-06", "LTC", "4")])
    office.refresh()
    figures = (
        "select role, taxpayer_id, asset, sum(quantity), sum(income_kzt) from annual_income_as_known_on('{}')"
        " group by all"
    )
    before, after = (
        {tuple(key): (quantity, income) for *key, quantity, income in office.query(figures.format(day))}
        for day in ("2025-02-15", "2025-02-25")
    )
    nothing = (Decimal(0), Decimal(0))
    moved = {
        key: tuple(b - a for a, b in zip(before.get(key, nothing), after.get(key, nothing), strict=True))
        for key in before | after
    }
    reported = office.query(
        "select role, taxpayer_id, asset, quantity_difference, income_kzt_difference from filing_effect"
    )
    assert {tuple(key): (quantity, income) for *key, quantity, income in reported} == {
        key: difference for key, difference in moved.items() if any(difference)
    }
    assert len(reported) == 3  # miner BTC and LTC, pool BTC


CHECK = PROJECT / "sql" / "checks" / "filing_effect_sums.sql"


def test_the_check_of_sums_finds_a_part_that_is_off(office):
    from esep.warehouse import work

    office.prices(*PRICES)
    office.file("2025-02-10", [row("2025-01-06", quantity="1")])
    office.file("2025-02-20", [row("2025-01-06", quantity="3")])
    office.refresh()
    with work.opened(office.settings) as connection:
        connection.execute("insert into internal.filing_unchecked values (?)", [work.filing_key("2025-000002")])
        assert connection.execute(CHECK.read_text()).fetchall() == []
        connection.execute("update internal.income_part set quantity = 4 where quantity = 3")
        (bad,) = connection.execute(CHECK.read_text()).fetchall()
    assert bad[:2] == ("2025-000002", "miner")
    assert bad[2:5] == (Decimal(3), Decimal(3), Decimal(2))  # parts, effect, rows


KEYS = st.tuples(st.sampled_from(["t1", "t2"]), st.sampled_from([None, "w"]), st.sampled_from(["BTC", "LTC"]))
ROWS = st.lists(st.tuples(KEYS, st.sampled_from([None, 1, 2, 3])), max_size=7)


def expected_counts(old: list[Any], new: list[Any]) -> Counter[str]:
    """Counted with multisets: what is left after the identical rows are paired, per key."""
    left_old, left_new = Counter(old) - Counter(new), Counter(new) - Counter(old)
    counts: Counter[str] = Counter()
    for key in {key for key, _ in [*left_old, *left_new]}:
        olds = sum(n for (k, _), n in left_old.items() if k == key)
        news = sum(n for (k, _), n in left_new.items() if k == key)
        counts["changed"] += min(olds, news)
        counts["removed"] += max(olds - news, 0)
        counts["added"] += max(news - olds, 0)
    return +counts


@pytest.fixture
def two_filings(empty_warehouse):
    connection = empty_warehouse
    connection.begin()
    connection.execute("delete from internal.registered")  # what other tests of the session left
    connection.execute("delete from examination")
    for serial in (1, 2):
        connection.execute(
            "insert into internal.registered by name select ? as registration_no, ? as filing_key,"
            " ?::timestamptz as received_at, date '2025-02-01' as registered_on, now() as registered_at,"
            " date '2025-02-01' as examine_by, '' as package_sha256, 1 as file_count",
            [f"2025-{serial:06d}", 2025_000_000_000 + serial, f"2025-02-{serial:02d}"],
        )
        connection.execute(
            "insert into examination by name select ? as registration_no, ? as filing_key, 1 as examination_no,"
            " true as is_latest, now() as examined_at, 'accepted' as verdict, ?::timestamptz as accepted_from,"
            " 'p' as pool_id, date '2025-01-01' as period,"
            " 0 as row_count, 0 as excluded_count, '' as ruleset, '' as code_version",
            [f"2025-{serial:06d}", 2025_000_000_000 + serial, f"2025-02-{serial:02d}"],
        )
    yield connection
    connection.rollback()


@given(old=ROWS, new=ROWS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_two_versions(two_filings, old, new):
    connection = two_filings
    connection.execute("delete from internal.distribution_row")
    for serial, rows in ((1, old), (2, new)):
        for number, ((taxpayer, address, asset), quantity) in enumerate(rows):
            connection.execute(
                "insert into internal.distribution_row by name select ?::bigint as filing_key, ? as registration_no,"
                " 'f' as file, '' as file_sha256, 's' as sheet, ?::integer as row, ? as taxpayer_id, ? as wallet,"
                " date '2025-01-06' as distributed_on, ? as asset, ?::decimal(38, 18) as quantity",
                [2025_000_000_000 + serial, f"2025-{serial:06d}", number, taxpayer, address, asset, quantity],
            )
    reported = connection.execute("select change, changed_columns, old_row, new_row from filing_change").fetchall()
    assert Counter(change for change, *_ in reported) == expected_counts(old, new)
    assert all(columns == ["quantity"] for change, columns, *_ in reported if change == "changed")
    for side in (2, 3):
        places = [place[side] for place in reported if place[side] is not None]
        assert len(places) == len(set(places))
