"""From packages in the inbox to the two figures, each figure worked out by hand in the comments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from end_to_end import filer

D = Decimal

PRICES = {
    (date(2025, 3, 5), "BTC"): "90000.5",
    (date(2025, 3, 7), "BTC"): "80000",
    (date(2025, 3, 8), "BTC"): "1",  # a day off: its own price is legal and unused
}
RATES = {date(2025, 3, 5): "500.25", date(2025, 3, 7): "501.10"}

MARCH = filer.Filing(
    rows=[
        filer.row(1),  # 0.5 BTC on Wednesday 5 March
        filer.row(
            2,
            miner_name="Жолдасбек Н. Т.",
            miner_id=filer.MINER_B,
            licence="KZ11DM00000202 от 01.02.2024",
            wallet=filer.BTC_WALLET_B,
            distributed_on="2025-03-08",  # Saturday: the price of Friday the 7th
            quantity="0.33333333",
            reward_quantity="0,02",
        ),
        filer.row(
            3,
            wallet=filer.ETC_WALLET,
            distributed_on="6 наурыз 2025 ж.",
            asset="Ethereum Classic",
            quantity="1 234,5",
            reward_asset="ETC",
            reward_quantity=0,
        ),
    ]
)
NOW = filer.moment("2025-04-11 09:00")

# Miner A: 0.5 × 90000.5 × 500.25 = 45000.25 × 500.25 = 22 511 375.0625
INCOME_A = D("22511375.0625")
# Miner B: 0.33333333 × 80000 × 501.10 = 0.33333333 × 40 088 000 = 13 362 666.533040…; 33333333 × 0.40088 exactly
INCOME_B = D("33333333") * D("0.40088")
# The pool: 0.01 × 90000.5 × 500.25 + 0.02 × 80000 × 501.10 = 450 227.50125 + 801 760
INCOME_POOL = D("450227.50125") + D("801760")


def _annual(office) -> dict[tuple[str, str, str], tuple[Decimal, Decimal, Decimal, Decimal]]:
    rows = office.query(
        "SELECT role, taxpayer_id, asset, quantity, valued_quantity, unvalued_quantity, income_kzt "
        "FROM annual_income WHERE year = 2025"
    )
    return {(r[0], r[1], r[2]): r[3:] for r in rows}


@pytest.mark.parametrize("layout", ["kk", "ru_offset", "explained"])
@pytest.mark.parametrize("application", ["docx", "sheet"])
def test_the_two_figures_of_one_month(office, drop, layout, application):
    filer.write_reference(office.settings.reference, PRICES, RATES)
    drop("march", MARCH.but(layout=layout, application=application), "2025-04-10T10:00:00+05:00")
    office.process(NOW)

    assert office.query("SELECT registration_no, status, kind, row_count, days_late FROM filing") == [
        ("2025-000001", "accepted", "new", 3, 0)
    ]
    half, third, etc = D("0.5"), D("0.33333333"), D("1234.5")
    assert _annual(office) == {
        ("miner", filer.MINER_A, "BTC"): (half, half, 0, INCOME_A),
        ("miner", filer.MINER_A, "ETC"): (etc, 0, etc, 0),
        ("miner", filer.MINER_B, "BTC"): (third, third, 0, INCOME_B),
        ("pool", filer.POOL, "BTC"): (D("0.03"), D("0.03"), 0, INCOME_POOL),
        ("pool", filer.POOL, "ETC"): (0, 0, 0, 0),
    }
    # Half-up to 2 decimals in the total only: 22 511 375.06|25, 13 362 666.53|304, 1 251 987.50|125.
    assert dict(office.query("SELECT role || taxpayer_id, income_kzt FROM annual_income_total")) == {
        "miner" + filer.MINER_A: D("22511375.06"),
        "miner" + filer.MINER_B: D("13362666.53"),
        "pool" + filer.POOL: D("1251987.50"),
    }
    # 75 % since 2025; 0.33333333 × 0.75 = 0.2499999975, up to the 8th decimal; miners only.
    assert office.query(
        "SELECT taxpayer_id, asset, share, base_quantity, quantity_to_sell FROM sale_obligation ORDER BY 1, 2"
    ) == [
        (filer.MINER_B, "BTC", D("0.75"), third, D("0.25")),
        (filer.MINER_A, "BTC", D("0.75"), half, D("0.375")),
        (filer.MINER_A, "ETC", D("0.75"), etc, D("925.875")),
    ]


def test_of_a_float_s_tail_nothing_is_to_be_sold(office, drop):
    """0.1 + 0.2 is stored as 0.30000000000000004 and shown as 0.3: 75 % of it are 0.225, no smallest unit more."""
    drop("march", MARCH.but(rows=[filer.row(1, quantity=0.1 + 0.2)]), "2025-04-10T10:00:00+05:00")
    office.process(NOW)
    assert office.query("SELECT base_quantity, quantity_to_sell FROM sale_obligation") == [(D("0.3"), D("0.225"))]


def test_a_figure_can_be_traced_to_the_cells(office, drop):
    filer.write_reference(office.settings.reference, PRICES, RATES)
    drop("march", MARCH.but(layout="ru_offset"), "2025-04-10T10:00:00+05:00")
    office.process(NOW)
    rows = office.query(
        "SELECT registration_no, sheet, row, distributed_on, asset, quantity, price, rate, value_kzt "
        "FROM trace_income(?, 2025) WHERE role = 'miner'",
        filer.MINER_B,
    )
    # The second line of data: the number row stands in row 9 and every data row is followed by a blank one.
    assert rows == [
        ("2025-000001", "Sheet", 12, date(2025, 3, 8), "BTC", D("0.33333333"), D("80000"), D("501.10"), INCOME_B)
    ]


def test_a_correction_replaces_the_month_and_a_refused_one_does_not(office, drop):
    filer.write_reference(office.settings.reference, PRICES, RATES)
    drop("a", MARCH, "2025-04-10T10:00:00+05:00")
    drop("b", MARCH.but(rows=[filer.row(1, quantity="2")]), "2025-04-14T10:00:00+05:00")
    drop(
        "c",
        MARCH.but(rows=[filer.row(1, quantity="9")], signed=False, omit=frozenset({"phone"})),
        "2025-04-15T10:00:00+05:00",
    )
    office.process(filer.moment("2025-04-16 09:00"))

    assert office.query("SELECT registration_no, kind, status, replaces FROM filing ORDER BY 1") == [
        ("2025-000001", "new", "superseded", None),
        ("2025-000002", "correction", "accepted", "2025-000001"),
        ("2025-000003", "correction", "refused", "2025-000002"),
    ]
    assert _annual(office)["miner", filer.MINER_A, "BTC"][0] == D("2")
    assert ("miner", filer.MINER_B, "BTC") not in _annual(office)
    before = office.query(
        "SELECT taxpayer_id, asset, quantity FROM annual_income_as_known_on(TIMESTAMPTZ '2025-04-12 00:00:00+05') "
        "WHERE role = 'miner' ORDER BY 1, 2"
    )
    assert before == [
        (filer.MINER_B, "BTC", D("0.33333333")),
        (filer.MINER_A, "BTC", D("0.5")),
        (filer.MINER_A, "ETC", D("1234.5")),
    ]


def test_identical_bytes_are_one_filing_until_something_else_came_between(office, drop):
    drop("a", MARCH, "2025-04-10T10:00:00+05:00")
    package = {path.name: path.read_bytes() for path in (office.settings.inbox / "a").iterdir()}
    correction = MARCH.but(rows=[filer.row(1, quantity="2")])
    office.process(NOW)

    def send_again(name: str, received_at: str) -> None:
        folder = office.settings.inbox / name
        folder.mkdir()
        for file, content in package.items():
            (folder / file).write_bytes(content)
        (folder / "office.json").write_text(f'{{"received_at": "{received_at}"}}')

    send_again("again", "2025-04-11T10:00:00+05:00")
    office.process(filer.moment("2025-04-11 12:00"))
    assert office.query("SELECT count(*) FROM filing") == [(1,)]

    drop("b", correction, "2025-04-14T10:00:00+05:00")
    send_again("old version", "2025-04-15T10:00:00+05:00")
    office.process(filer.moment("2025-04-16 09:00"))
    assert office.query("SELECT registration_no, kind, status FROM filing ORDER BY 1") == [
        ("2025-000001", "new", "superseded"),
        ("2025-000002", "correction", "superseded"),
        ("2025-000003", "correction", "accepted"),
    ]
    assert not [path for path in office.settings.inbox.iterdir() if not path.name.startswith(".")]


REQUIRED = [
    "pool_name",
    "address",
    "phone",
    "email",
    "executor",
    "head",
    "authority",
    "application_pool_name",
    "pool_id",
    "month",
    "year",
    "sheet_count",
    "application_head",
    "completed_on",
]


@pytest.mark.parametrize("layout", ["kk", "ru_offset", "explained"])
def test_each_blank_field_refuses_the_filing_with_one_remark(office, drop, layout):
    drop("complete", MARCH.but(layout=layout, month=2), "2025-04-01T10:00:00+05:00")
    for day, name in enumerate(REQUIRED, start=2):
        drop(name, MARCH.but(layout=layout, omit=frozenset({name})), f"2025-04-{day:02d}T10:00:00+05:00")
    drop("unsigned", MARCH.but(layout=layout, signed=False), "2025-04-20T10:00:00+05:00")
    drop("no application", MARCH.but(layout=layout, application="none"), "2025-04-21T10:00:00+05:00")
    drop("no rows", MARCH.but(layout=layout, rows=[]), "2025-04-22T10:00:00+05:00")
    office.process(filer.moment("2025-04-23 09:00"))

    verdicts = office.query("SELECT registration_no, verdict FROM filing ORDER BY 1")
    assert [verdict for _, verdict in verdicts] == ["accepted"] + ["refused"] * (len(REQUIRED) + 3)
    remarks = office.query(
        "SELECT registration_no, count(*) FROM finding WHERE lane = 'completeness' GROUP BY 1 ORDER BY 1"
    )
    assert [number for number, _ in remarks] == [number for number, _ in verdicts[1:]]
    one_fault_each = dict(remarks[: len(REQUIRED)])
    assert set(one_fault_each.values()) == {1}, one_fault_each


@pytest.mark.parametrize("field", list(range(10)))
def test_each_blank_cell_refuses_the_filing_and_names_the_cell(office, drop, field):
    cells = filer.row(1)
    cells[field] = None
    drop("march", MARCH.but(rows=[filer.row(1), cells]), "2025-04-10T10:00:00+05:00")
    office.process(NOW)
    column = ["1", "2", "3", "4", "5", "6", "7", "8", "9.1", "9.2"][field]
    found = office.query("SELECT row, column_no, occurrences FROM finding WHERE lane = 'completeness'")
    assert found == [(10, column, 1)]


def test_prices_that_come_later_value_what_was_filed_before(office, drop):
    drop("march", MARCH, "2025-04-10T10:00:00+05:00")
    office.process(NOW)
    half = D("0.5")
    assert _annual(office)["miner", filer.MINER_A, "BTC"] == (half, 0, half, 0)
    filer.write_reference(office.settings.reference, PRICES, RATES)
    office.process(filer.moment("2025-05-02 09:00"))
    assert _annual(office)["miner", filer.MINER_A, "BTC"] == (half, half, 0, INCOME_A)


def test_a_faulty_reference_file_leaves_the_last_good_one_in_force(office, drop):
    filer.write_reference(office.settings.reference, PRICES, RATES)
    drop("march", MARCH, "2025-04-10T10:00:00+05:00")
    office.process(NOW)
    price = office.settings.reference / "price.csv"
    price.write_text(price.read_text() + "2025-03-05,BTC,1,USD,contradicts line 2\n")
    office.process(filer.moment("2025-04-12 09:00"))
    assert _annual(office)["miner", filer.MINER_A, "BTC"][3] == INCOME_A


def test_a_broken_file_is_registered_refused_and_stops_nobody(office, drop):
    (office.settings.inbox / "empty.xlsx").write_bytes(b"")
    (office.settings.inbox / "text.xlsx").write_text("not a workbook")
    (office.settings.inbox / "cut.zip").write_bytes(b"PK\x03\x04 cut off")
    drop("march", MARCH)
    office.process(NOW)
    assert sorted(office.query("SELECT status, count(*) FROM filing GROUP BY 1")) == [("accepted", 1), ("refused", 3)]
    broken = office.query(
        "SELECT file, count(*) FROM finding f JOIN filing USING (registration_no) "
        "WHERE status = 'refused' AND lane = 'completeness' AND file IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    assert [file for file, _ in broken] == ["cut.zip", "empty.xlsx", "text.xlsx"]


def test_a_rebuild_tells_the_same(office, drop):
    from esep.warehouse.rebuild import rebuild

    filer.write_reference(office.settings.reference, PRICES, RATES)
    drop("a", MARCH, "2025-04-10T10:00:00+05:00")
    drop("b", MARCH.but(rows=[filer.row(1, quantity="не читается")]), "2025-04-14T10:00:00+05:00")
    office.process(filer.moment("2025-04-16 09:00"))
    relations = [
        f'"{schema}"."{name}"'
        for schema, name in office.query("SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL")
        if name != "filing_checked"  # when the checks ran
    ]

    def content() -> dict[str, list[tuple[object, ...]]]:
        return {name: sorted(office.query(f"SELECT * FROM {name}"), key=repr) for name in relations}

    first = content()
    rebuild(office.settings, filer.moment("2025-04-16 09:00"))
    assert content() == first
    assert first['"main"."distribution"'][0], first['"main"."distribution"']
