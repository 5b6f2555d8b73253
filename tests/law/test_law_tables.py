from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from esep.law import assets, form_versions, tables

CALENDAR_HEADING = "date,working,reason,reason_ru,reason_kk,source\n"
SALE_HEADING = "valid_from,valid_to,obliged_role,share,venue,source,confirmed_by\n"


def write(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", sorted(tables.SPECS))
def test_every_table_reads_and_every_row_has_a_source(name: str) -> None:
    rows = tables.read(name)
    assert rows
    assert all(row["source"] for row in rows)


def test_every_file_is_a_known_table() -> None:
    assert {path.stem for path in tables.FOLDER.glob("*.csv")} == set(tables.SPECS)


def test_rows_are_typed(tmp_path: Path) -> None:
    folder = write(tmp_path, "sale_rule", SALE_HEADING + '2024-01-01,,miner,0.5,"a, b",law,\n')
    assert tables.read("sale_rule", folder) == [
        {
            "valid_from": date(2024, 1, 1),
            "valid_to": None,
            "obliged_role": "miner",
            "share": Decimal("0.5"),
            "venue": "a, b",
            "source": "law",
            "confirmed_by": "",
        }
    ]


def test_a_caller_cannot_change_the_table() -> None:
    tables.read("asset")[0]["ticker"] = "FAKE"
    assert tables.read("asset")[0]["ticker"] == "BTC"


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("2024-01-01,,miner,1.5,v,s,", "line 2, column share"),
        ("2024-01-01,,miner,0,v,s,", "line 2, column share"),
        ("2024-01-01,,miner,half,v,s,", "line 2, column share"),
        ("2024-01-01,,miner,NaN,v,s,", "line 2, column share"),
        ("01.01.2024,,miner,0.5,v,s,", "line 2, column valid_from"),
        ("2024-01-01,,farmer,0.5,v,s,", "line 2, column obliged_role"),
        ("2024-01-01,,miner,0.5,v,,", "line 2, column source"),
        ("2024-01-01,,miner,0.5,v", "line 2: 7 cells are expected, found 5"),
        ("2024-01-02,2024-01-01,miner,0.5,v,s,", "line 2: valid_to 2024-01-01 is before"),
        (
            "2024-01-01,2024-12-31,miner,0.5,v,s,\n2024-12-31,,miner,0.75,v,s,",
            "line 3: its days overlap those of line 2 for miner; end the earlier row before the later one begins",
        ),
        ("2024-01-01,,miner,0.5,v,s,\n\n2030-01-01,,miner,0.75,v,s,", "line 4: its days overlap those of line 2"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(tmp_path: Path, row: str, complaint: str) -> None:
    folder = write(tmp_path, "sale_rule", SALE_HEADING + row + "\n")
    with pytest.raises(tables.TableError) as error:
        tables.read("sale_rule", folder)
    assert "sale_rule.csv" in str(error.value)
    assert complaint in str(error.value)


def test_rows_that_follow_each_other_or_differ_in_key_do_not_overlap(tmp_path: Path) -> None:
    text = "2024-01-01,2024-12-31,miner,0.5,v,s,\n2025-01-01,,miner,0.75,v,s,\n2024-06-01,2024-06-01,pool,0.1,v,s,\n"
    assert len(tables.read("sale_rule", write(tmp_path, "sale_rule", SALE_HEADING + text))) == 3


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("date,working,reason\n", "line 1: the heading date,working,reason,reason_ru,reason_kk,source is expected"),
        (f"{CALENDAR_HEADING}2024-05-04,yes,r,r,r,s\n", "line 2, column working"),
        (
            f"{CALENDAR_HEADING}2024-05-04,true,r,r,r,s\n2024-05-04,false,r,r,r,s\n",
            "line 3: 2024-05-04 is already on line 2",
        ),
        ("", "line 1: the heading"),
    ],
)
def test_faults_of_an_undated_table(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(tables.TableError, match=complaint):
        tables.read("calendar_override", write(tmp_path, "calendar_override", text))


def test_a_missing_or_unknown_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(tables.TableError, match=r"asset\.csv: the table cannot be read"):
        tables.read("asset", tmp_path)
    with pytest.raises(tables.TableError, match="tax: no such table"):
        tables.read("tax")


def test_shares_by_distribution_date() -> None:
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2029, 12, 31)]
    rules = [[row for row in tables.read("sale_rule") if tables.in_force(row, day)] for day in days]
    assert [[(row["obliged_role"], row["share"]) for row in in_force] for in_force in rules] == [
        [],
        [("miner", Decimal("0.50"))],
        [("miner", Decimal("0.50"))],
        [("miner", Decimal("0.75"))],
        [("miner", Decimal("0.75"))],
    ]


def test_duties_stand_under_the_paragraph_that_sets_their_term() -> None:
    paragraphs = {row["kind"]: row["paragraph"] for row in tables.read("obligation_kind")}
    questions = {f"decide_{row['kind']}": row["paragraph"] for row in tables.read("question_kind")}
    assert (
        paragraphs
        == {"examine": "8", "send_refusal": "8", "send_notice": "10", "send_request": "8", "hand_over": "5"} | questions
    )


def test_form_versions() -> None:
    old, new = form_versions.in_force(date(2023, 12, 1)), form_versions.in_force(date(2024, 1, 1))
    assert old != new
    assert form_versions.in_force(date(2019, 12, 31)) == old, "what nobody knew yet is read as the first form"
    assert form_versions.columns(date(2019, 12, 31)) == form_versions.columns(date(2024, 1, 1))


def test_a_column_whose_values_are_read_does_not_end_by_a_row_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        row | {"valid_to": date(2027, 12, 31)} if row["name"] == "wallet" else row for row in tables.read("form_column")
    ]
    monkeypatch.setattr(tables, "read", lambda name: [dict(row) for row in rows])
    with pytest.raises(tables.TableError, match="wallet would end"):
        form_versions.all_columns.__wrapped__()
    moved = next(row for row in rows if row["name"] == "wallet") | {
        "valid_from": date(2028, 1, 1),
        "valid_to": None,
        "column_no": "6",
    }
    rows.append(moved)
    monkeypatch.setattr(form_versions, "all_columns", form_versions.all_columns.__wrapped__)
    assert {column.name: column.column_no for column in form_versions.columns(date(2028, 1, 1))}["wallet"] == "6"
    assert form_versions.by_name()["wallet"].column_no == "6"
    assert [len(layout) for layout in form_versions.layouts()] == [11, 11]


def test_eleven_listed_assets_and_eth_are_unbacked() -> None:
    day = date(2025, 3, 5)
    decimals = {asset.ticker: asset.decimals for asset in assets.assets() if asset.asset_class == "unbacked"}
    assert decimals == {
        **dict.fromkeys(("BTC", "BCH", "LTC", "DOGE", "DASH", "ZEC", "ZEN"), 8),
        **dict.fromkeys(("ETC", "ETH"), 18),
        "XMR": 12,
        "TRX": 6,
        "SC": 24,
    }
    assert [ticker for ticker in decimals if not assets.on_price_list(ticker, day)] == ["ETH"]
    assert {row["valid_from"] for row in tables.read("asset")} == {date(2020, 1, 1)}, "older than the duty to file"
