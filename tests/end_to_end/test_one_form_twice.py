"""A form that is enclosed once more in another format doubles no figure."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from end_to_end import filer

NOW = filer.moment("2025-04-11 09:00")
ROWS = [
    filer.row(1),  # 0.5 BTC and a reward of 0.01 on 5 March
    filer.row(2, miner_id=filer.MINER_B, wallet=filer.BTC_WALLET_B, licence="KZ11DM00000202 от 01.02.2024"),
]


def test_the_workbook_saved_as_csv_as_well_is_no_second_income(office, drop) -> None:
    filer.write_reference(office.settings.reference, {(date(2025, 3, 5), "BTC"): "100"}, {date(2025, 3, 5): "500"})
    folder = drop("march", filer.Filing(rows=ROWS), "2025-04-10T10:00:00+05:00")
    cells = load_workbook(folder / "1-CM.xlsx").active.iter_rows(values_only=True)
    with (folder / "1-CM.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows(cells)
    office.process(NOW)
    assert office.query("SELECT verdict, row_count FROM filing") == [("accepted", 2)]
    [(file, message)] = office.query("SELECT file, message_en FROM finding WHERE rule_id = 'R-92'")
    assert file == "1-CM.csv"
    assert "1-CM.xlsx" in str(message)
    income = office.query(
        "SELECT role, taxpayer_id, quantity, income_kzt FROM annual_income ORDER BY role, taxpayer_id"
    )
    assert income == [
        ("miner", filer.MINER_B, Decimal("0.5"), Decimal(25000)),
        ("miner", filer.MINER_A, Decimal("0.5"), Decimal(25000)),
        ("pool", filer.POOL, Decimal("0.02"), Decimal(1000)),
    ]
