"""The two figures on cases small enough to be worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from esep.config import Settings
from esep.law import tables
from warehouse.warehouse_office import MINER, NOW, OTHER_MINER, OTHER_POOL, POOL, Office, finding, moment, row

D = Decimal


def income(office, sql: str = "annual_income") -> dict[tuple[str, str, str], tuple[Decimal, ...]]:
    rows = office.query(
        f"select role, taxpayer_id, asset, quantity, valued_quantity, unvalued_quantity, income_kzt from {sql}"
    )
    return {row[:3]: row[3:] for row in rows}


def miner(office, asset: str = "BTC") -> tuple[Decimal, ...]:
    return income(office)["miner", MINER, asset]


def test_value_is_quantity_times_price_times_rate(office):
    office.prices("2025-01-06,BTC,100000.5,USD")
    office.rates("2025-01-06,USD,500.25")
    office.file("2025-02-10", [row("2025-01-06", "BTC", "0.5", reward="0.01")])
    office.refresh()
    assert income(office) == {
        ("miner", MINER, "BTC"): (D("0.5"), D("0.5"), 0, D("25012625.0625")),  # 50 000.25 x 500.25
        ("pool", POOL, "BTC"): (D("0.01"), D("0.01"), 0, D("500252.50125")),  # 1 000.005 x 500.25
    }


def test_a_day_off_takes_the_price_of_the_working_day_before_and_its_own_rate(office):
    office.prices("2025-03-20,BTC,10,USD", "2025-03-22,BTC,99,USD", "2025-03-26,BTC,30,USD")
    office.rates("2025-03-20,USD,100", "2025-03-22,USD,200")
    rows = [row("2025-03-20", "BTC", "1"), row("2025-03-22", "BTC", "1"), row("2025-03-26", "BTC", "1")]
    office.file("2025-04-10", rows, period="2025-03-01")
    office.refresh()
    # The 20th is worked: 10 x 100. Saturday the 22nd and the 21st are days off: the price of the 20th, although the
    # table has a row for the Saturday, at the Saturday's rate. The 26th: 30 at the last rate before it.
    assert miner(office) == (D(3), D(3), 0, D(10 * 100 + 10 * 200 + 30 * 200))


def test_a_working_day_without_a_price_takes_no_other_day_s(office):
    office.prices("2025-03-18,BTC,10,KZT", "2025-03-20,BTC,10,KZT")
    office.file("2025-04-10", [row("2025-03-19", "BTC", "1")], period="2025-03-01")
    office.refresh()
    assert miner(office) == (D(1), 0, D(1), 0)


def test_a_worked_sunday_has_its_own_price(office):
    office.prices("2025-01-05,BTC,7,KZT", "2025-01-06,BTC,11,KZT")
    office.file("2025-02-10", [row("2025-01-05", "BTC", "1")])
    office.refresh()
    assert miner(office) == (D(1), D(1), 0, D(7))


def test_a_day_off_whose_working_day_has_a_price(office):
    office.prices("2024-05-06,BTC,10,KZT", "2024-05-08,BTC,99,KZT")
    office.file("2024-06-10", [row("2024-05-08", "BTC", "2")], period="2024-05-01")
    office.refresh()
    assert miner(office) == (D(2), D(2), 0, D(20))  # facts: received 2024-05-08 → price of 2024-05-06


def test_what_has_no_price_stays_visible_and_unvalued(office):
    office.prices("2025-01-06,BTC,10,KZT", "2025-01-06,LTC,10,USD")
    rows = [
        row("2025-01-06", "BTC", "1"),
        row("2025-01-06", "ETH", "2.5"),
        row("2025-01-06", "LTC", "3"),  # no rate
        row("2025-01-08", "BTC", "4"),  # no price of that day
        row(None, "BTC", "5"),  # no readable day
        row("2025-01-06", "Мойкоин", "6"),
    ]
    office.file("2025-02-10", rows)
    office.refresh()
    assert miner(office) == (D(10), D(1), D(9), D(10))
    assert miner(office, "ETH") == (D("2.5"), 0, D("2.5"), 0)
    assert miner(office, "LTC") == (D(3), 0, D(3), 0)
    assert miner(office, "Мойкоин") == (D(6), 0, D(6), 0)
    assert office.query(
        "select income_kzt, unvalued_assets, unvalued_asset_count from annual_income_total where role = 'miner'"
    ) == [(D("10.00"), "BTC, ETH, LTC, Мойкоин", 4)]


def test_prices_that_arrive_later_value_what_is_there(office):
    office.file("2025-02-10", [row("2025-01-06", "BTC", "2"), row("2025-01-06", "ETH", "1")])
    office.refresh()
    assert miner(office) == (D(2), 0, D(2), 0)
    office.prices("2025-01-06,BTC,10,USD")
    office.refresh()
    assert miner(office) == (D(2), 0, D(2), 0)
    office.rates("2025-01-01,USD,3")
    office.refresh()
    assert miner(office) == (D(2), D(2), 0, D(60))
    office.prices("2025-01-06,BTC,11,USD")
    office.refresh()
    assert miner(office) == (D(2), D(2), 0, D(66))
    assert office.query("select unvalued_assets from annual_income_total where role = 'miner'") == [("ETH",)]


def test_the_total_is_rounded_half_up_once_over_all_assets(office):
    office.prices("2025-01-06,BTC,0.002,KZT", "2025-01-06,LTC,0.003,KZT")
    office.file("2025-02-10", [row("2025-01-06", "BTC", "1"), row("2025-01-06", "LTC", "1")])
    office.refresh()
    # 0.002 + 0.003 = 0.005 → 0.01; each by itself would have become 0.00.
    assert office.query("select income_kzt, unvalued_assets from annual_income_total where role = 'miner'") == [
        (D("0.01"), None)
    ]


def test_december_belongs_to_its_year_whenever_filed_and_a_stray_day_to_its_own(office):
    office.prices("2024-12-30,BTC,5,KZT", "2025-01-06,BTC,7,KZT")
    rows = [row("2024-12-30", "BTC", "1"), row("2025-01-06", "BTC", "1"), row(None, "BTC", "1")]
    office.file("2025-01-20", rows, period="2024-12-01")
    office.refresh()
    assert office.query("select year, quantity, income_kzt from annual_income where role = 'miner' order by year") == [
        (2024, D(2), D(5)),
        (2025, D(1), D(7)),
    ]
    months = "select year, period::varchar, quantity from monthly_income where role = 'miner' order by period"
    assert office.query(months) == [(2024, "2024-12-01", D(2)), (2025, "2025-01-01", D(1))]


def test_share_by_day_of_distribution_and_rounding_up_once(office):
    rows = [
        row("2023-12-31", "BTC", "1"),
        row("2024-12-31", "BTC", "0.00000001"),
        row("2025-01-01", "BTC", "0.00000001"),
        row("2025-01-02", "BTC", "0.00000001"),
        row("2025-01-02", "ETH", "0.000000000000000001"),
        row("2025-01-02", "SC", "0.000000000000000001"),
        row("2025-01-02", "TRX", "1"),
        row("2025-01-02", "XMR", "-3"),
        row("2025-01-02", "Мойкоин", "3"),
        row(None, "DOGE", "1"),
    ]
    office.file("2025-01-20", rows, period="2024-12-01")
    office.refresh()
    reported = office.query(
        "select year, asset, share, base_quantity, quantity_to_sell, asset_class from sale_obligation order by all"
    )
    unbacked = [row[:-1] for row in reported if row[-1] == "unbacked"]
    assert [row for row in reported if row[-1] != "unbacked"] == [(2025, "Мойкоин", None, D(3), None, "undecided")]
    assert unbacked == [
        (2024, "BTC", D("0.5"), D("0.00000001"), D("0.00000001")),  # half a satoshi, up
        (2024, "DOGE", D("0.5"), D(1), D("0.5")),  # no readable day: the period's share
        (2025, "BTC", D("0.75"), D("0.00000002"), D("0.00000002")),  # 1.5 satoshi, up once
        (2025, "ETH", D("0.75"), D("1e-18"), D("1e-18")),
        (2025, "SC", D("0.75"), D("1e-18"), D("1e-18")),  # 24 decimals: the 18th is the last a quantity has
        (2025, "TRX", D("0.75"), D(1), D("0.75")),
        (2025, "XMR", D("0.75"), D(-3), D(0)),
    ]
    assert office.query("select count(*) from sale_obligation where role = 'pool'") == [(0,)]


def test_pools_obliged_to_sell_a_share_are_a_row_of_the_law(tmp_path, monkeypatch):
    rule = {"valid_from": date(2026, 1, 1), "valid_to": None, "obliged_role": "pool", "share": D("0.80")}
    read = tables.read
    monkeypatch.setattr(
        tables, "read", lambda name: [*read(name), *([read(name)[-1] | rule] if name == "sale_rule" else [])]
    )
    office = Office(Settings(home=tmp_path / "home"))
    for period, day in (("2025-12-01", "2025-12-09"), ("2026-01-01", "2026-01-09")):
        office.file("2026-02-10", [row(day, "BTC", "1", reward="0.123")], period=period)
    office.refresh()
    reported = "select year, role, taxpayer_id, share, quantity_to_sell from sale_obligation order by all"
    assert office.query(reported) == [
        (2025, "miner", MINER, D("0.75"), D("0.75")),
        (2026, "miner", MINER, D("0.75"), D("0.75")),
        (2026, "pool", POOL, D("0.8"), D("0.0984")),
    ]


def test_both_shares_in_one_year_are_never_mixed(office):
    office.file("2025-02-10", [row("2024-12-31", "LTC", "1"), row("2025-01-01", "LTC", "1")])
    office.refresh()
    reported = "select year, share, quantity_to_sell from sale_obligation order by year"
    assert office.query(reported) == [(2024, D("0.5"), D("0.5")), (2025, D("0.75"), D("0.75"))]
    monthly = "select period::varchar, share, quantity_to_sell from monthly_sale_obligation order by period"
    assert office.query(monthly) == [("2024-12-01", D("0.5"), D("0.5")), ("2025-01-01", D("0.75"), D("0.75"))]


def test_unreadable_quantities_are_listed_and_counted_nowhere_else(office):
    rows = [
        row("2025-01-06", "BTC", None, quantity_text="1,2,3"),
        row("2025-01-06", "BTC", None, taxpayer=OTHER_MINER, quantity_text=None),
        row("2025-01-06", "BTC", "2", reward=None),
        row("2025-01-06", "BTC", "99999999999999999999.999999999999999999"),
        row("2025-01-06", "BTC", "99999999999999999999.999999999999999999"),
    ]
    office.file("2025-02-10", rows)
    office.refresh()
    assert miner(office) == (D(2), 0, D(2), 0)
    assert office.query("select row, column_no, found, reason from excluded_row order by all") == [
        (11, "8", "1,2,3", "unreadable"),
        (12, "8", None, "empty"),
        (13, "9.2", "?", "unreadable"),
        (14, "8", "99999999999999999999.999999999999999999", "too_large"),
        (15, "8", "99999999999999999999.999999999999999999", "too_large"),
    ]
    assert office.query("select count(*), count(quantity) from distribution") == [(5, 3)]
    assert office.query("select taxpayer_id from annual_income where taxpayer_id = ?", OTHER_MINER) == []
    assert office.query("select excluded_count from filing") == [(2,)]
    assert office.query("select identity from reconciliation where not holds") == []


def test_trace_adds_up_to_the_figure_for_every_taxpayer(office):
    office.prices("2025-01-06,BTC,98765.43210987654321,USD", "2025-01-06,ETC,0.12345678901234567,USD")
    office.rates("2025-01-06,USD,512.3456789")
    rows = [
        row("2025-01-06", "BTC", f"0.{index:09d}123456789", taxpayer=taxpayer, reward="0.000000000000000007")
        for index, taxpayer in enumerate([MINER, OTHER_MINER] * 20)
    ]
    rows += [row("2025-01-06", "ETC", f"12345.{index:018d}") for index in range(7)]
    office.file("2025-02-10", rows)
    office.file("2025-02-11", rows[:3], pool=OTHER_POOL)
    office.refresh()
    totals = office.query("select role, taxpayer_id, exact_income_kzt from annual_income_total")
    assert len(totals) == 4
    for role, taxpayer, total in totals:
        traced = office.query(
            f"select sum(value_kzt), count(distinct registration_no) from trace_income('{taxpayer}', 2025) "
            f"where role = '{role}'"
        )
        assert traced[0][0] == total
    unit = D("98765.432109876543") * D("512.345679")
    by_hand = sum(
        (D(f"0.{index:09d}123456789") * unit).quantize(D("1e-12"), ROUND_HALF_UP)
        for index in (*range(0, 40, 2), 0, 2)  # of the second filing, the first and the third row
    )
    assert miner(office)[3] == by_hand
    (first,) = office.query(
        f"select registration_no, sheet, row, quantity, price, rate from trace_income('{MINER}', 2025) limit 1"
    )
    assert first == ("2025-000001", "1-ЦМ", 11, D("0.000000000123456789"), D("98765.432109876543"), D("512.345679"))


def test_the_name_is_that_of_the_latest_distribution_of_the_year(office):
    office.file("2025-02-10", [row("2025-01-31", "BTC", name="Новое"), row("2025-01-02", "LTC", name="Старое")])
    office.file("2025-03-10", [row("2025-01-15", "BTC", name="Среднее")], period="2025-02-01")
    office.refresh()
    names = "select distinct taxpayer_name from {} where role = 'miner'"
    for relation in ("annual_income", "annual_income_total", "monthly_income", "sale_obligation"):
        assert office.query(names.format(relation)) == [("Новое",)]
    assert office.query("select distinct taxpayer_name from annual_income where role = 'pool'") == [
        ("ТОО «Пул Алатау»",)
    ]


def test_a_taxpayer_with_a_wrong_check_digit_is_counted_and_flagged(office):
    wrong = "940140000386"
    office.file("2025-02-10", [row("2025-01-06", "BTC", "1", taxpayer=wrong, state="wrong_check_digit")])
    office.refresh()
    for relation in ("annual_income", "annual_income_total", "sale_obligation", "monthly_income"):
        assert office.query(f"select taxpayer_id_state from {relation} where taxpayer_id = ?", wrong) == [
            ("wrong_check_digit",)
        ]


def test_each_taxpayer_with_name_kind_months_and_pools(office):
    office.file(
        "2025-02-10",
        [
            row("2025-01-06", quantity="1", taxpayer=MINER, name="ТОО «Бұрын»", reward="0.1"),
            row("2025-01-07", quantity="1", taxpayer="800101300120", name="ИП Сәуле"),
            row("2025-01-08", quantity="1", taxpayer="12345", name="?"),
            row("2025-01-08", quantity=None, quantity_text="?", taxpayer=OTHER_MINER, name="ТОО «Есіл»"),
        ],
    )
    office.file(
        "2025-03-10",
        [row("2025-02-06", quantity="1", taxpayer=MINER, name="ТОО «Терек»", reward="0")],
        period="2025-02-01",
        pool=OTHER_POOL,
    )
    office.refresh()
    january, february = date(2025, 1, 1), date(2025, 2, 1)
    both = ", ".join(sorted((POOL, OTHER_POOL)))
    assert office.query("from taxpayer order by taxpayer_id") == sorted(
        [
            (MINER, "ТОО «Терек»", "bin", january, february, both),
            ("800101300120", "ИП Сәуле", "iin", january, january, POOL),
            ("12345", "?", None, january, january, POOL),
            (OTHER_MINER, "ТОО «Есіл»", "bin", january, january, POOL),
            (POOL, "ТОО «Пул Алатау»", "bin", january, january, POOL),
            (OTHER_POOL, "ТОО «Пул Алатау»", "bin", february, february, OTHER_POOL),
        ]
    )


def test_a_refused_filing_has_no_part_in_the_figures_but_its_findings_are_reported(office):
    office.file("2025-02-10", [row("2025-01-06")], verdict="refused", findings=[finding("C-01", 3, "completeness")])
    office.refresh()
    assert office.query("select count(*) from annual_income") == [(0,)]
    assert office.query("select count(*) from distribution") == [(0,)]
    assert office.query("select registration_no, rule_id, occurrences from finding") == [("2025-000001", "C-01", 3)]


def test_nothing_at_all_is_a_warehouse_too(office):
    office.refresh()
    assert office.query("select count(*) from annual_income") == [(0,)]
    assert office.query("select count(*) from reconciliation where not holds") == [(0,)]
    assert office.refresh(NOW).publish.published is False


def test_as_known_on_leaves_later_arrivals_out(office):
    office.prices("2025-01-06,BTC,10,KZT")
    office.file("2025-02-10 10:00", [row("2025-01-06", "BTC", "1")])
    office.file("2025-03-01 10:00", [row("2025-01-06", "BTC", "3")])
    office.file("2025-04-01 10:00", [row("2025-01-06", "BTC", "5")], verdict="refused")
    office.refresh()
    reported = {}
    for text in ("2025-02-10 09:59", "2025-02-10 10:00", "2025-03-01 10:00", "2025-05-01"):
        known_on = f"timestamptz '{moment(text).isoformat()}'"
        reported[text] = (
            office.query(f"select quantity from distribution_as_known_on({known_on})"),
            [v[0] for k, v in income(office, f"annual_income_as_known_on({known_on})").items() if k[0] == "miner"],
            office.query(f"select base_quantity from sale_obligation_as_known_on({known_on})"),
            office.query(f"select income_kzt from annual_income_total_as_known_on({known_on}) where role = 'miner'"),
        )
    one, three = D(1), D(3)
    assert reported == {
        "2025-02-10 09:59": ([], [], [], []),
        "2025-02-10 10:00": ([(one,)], [one], [(one,)], [(D(10),)]),
        "2025-03-01 10:00": ([(three,)], [three], [(three,)], [(D(30),)]),
        "2025-05-01": ([(three,)], [three], [(three,)], [(D(30),)]),
    }


def test_absurd_quantities_neither_stop_the_load_nor_get_a_value(office):
    office.prices("2025-01-06,BTC,10000000,USD", "2025-01-06,SC,0.000000000001,USD")
    office.rates("2025-01-06,USD,500")
    office.file("2025-02-10", [row("2025-01-06", "BTC", "999999999999999.999999999999999999")] * 40)
    office.file("2025-02-10", [row("2025-01-06", "SC", "-99999999999999.999999999999999999")] * 2, pool=OTHER_POOL)
    office.refresh()
    forty = 40 * D("999999999999999")
    assert miner(office)[0] > forty
    assert miner(office)[1:] == (0, miner(office)[0], 0)
    # 99 999 999 999 999.999… x 10^-12 x 500 = 49 999.999999999999999…; each row is rounded at the 12th decimal.
    assert miner(office, "SC")[3] == D(-100000)


def test_days_outside_the_calendar_are_reported_without_value(office):
    office.prices("2025-01-06,BTC,10,KZT")
    office.file("2025-02-10", [row("1999-01-06", "BTC", "1"), row("2099-01-06", "BTC", "1")])
    office.refresh()
    reported = "select year, quantity, unvalued_quantity from annual_income where role = 'miner' order by year"
    assert office.query(reported) == [(1999, D(1), D(1)), (2099, D(1), D(1))]


def test_a_filing_without_reward_has_no_row_of_the_pool(office):
    """A reward of 0 of no asset is what the examination makes of dashes (facts, contradiction 19)."""
    office.prices("2025-01-06,BTC,10,KZT")
    office.file("2025-02-10", [row("2025-01-06") | {"reward_asset": None}, row("2025-01-07") | {"reward_asset": None}])
    office.refresh()
    assert {role for role, _, _ in income(office)} == {"miner"}
    assert office.query("select count(*) from distribution_value where role = 'pool'") == [(0,)]
    assert office.query("select count(*) from excluded_row") == [(0,)]
    assert office.query("select identity from reconciliation where not holds") == []


def test_of_a_filing_worth_too_much_the_largest_row_has_no_value(office):
    """What filing_beyond_value lets through, row_beyond_value adds up."""
    office.prices("2025-01-06,BTC,2000,USD")
    office.rates("2025-01-06,USD,500")
    quantities = {"A": "900000000", "B": "500000000"}
    rows = [
        {**row("2025-01-06", quantity=quantity), "sheet": sheet, "row": 11} for sheet, quantity in quantities.items()
    ]
    office.file("2025-02-10", rows)
    office.refresh()
    values = office.query("select sheet, value_kzt from internal.row_value where role = 'miner' order by sheet")
    assert values == [("A", None), ("B", Decimal(5 * 10**14))]


def test_a_total_is_rounded_once(office):
    """1.0045 tenge are 1.00, not 1.005 and then 1.01."""
    office.prices("2025-01-06,BTC,1.0045,KZT")
    office.file("2025-02-10", [row("2025-01-06")])
    office.refresh()
    asked = "select income_kzt from annual_income_total where role = 'miner'"
    as_known = "select income_kzt from annual_income_total_as_known_on('2026-01-01') where role = 'miner'"
    assert office.query(asked) == office.query(as_known) == [(Decimal("1.00"),)]
