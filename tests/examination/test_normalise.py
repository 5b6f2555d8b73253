"""Typed values of the rows: exact, complete, and equal to what the parsers say cell by cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from esep.examination import amounts, typed
from esep.examination.cells import distinct
from esep.examination.frame_columns import COLUMNS
from esep.examination.model import Identity
from esep.examination.normalise import LAKE_SCHEMA, Normalised, normalise
from esep.forms.document import RAW_ROWS, FormRead
from esep.forms.values import quantity
from esep.forms.values.cell import CellKind
from esep.lake.schema import DISTRIBUTION
from examination.package_builder import MINERS, POOL, POOL_NAME, WALLETS, examined, form, found, package, raw_rows, row

SIGNS = {Decimal(-1): "negative", Decimal(0): "zero", Decimal(1): "positive"}
IDENTITY = Identity(POOL, "application", POOL_NAME, date(2025, 3, 1), "application")


def normalised(*forms: FormRead) -> Normalised:
    return normalise(forms, IDENTITY, (POOL_NAME,))


def column(name: str, *cells: dict[str, object]) -> list[object]:
    values: list[object] = normalised(form(list(cells))).distribution.column(name).to_pylist()
    return values


def test_the_lake_has_exactly_its_columns() -> None:
    table = normalised(form()).distribution
    assert table.schema.equals(LAKE_SCHEMA)
    assert ["registration_no", "examination_no", *table.column_names] == DISTRIBUTION.arrow_schema.names


def test_the_frame_has_exactly_the_described_columns() -> None:
    assert set(normalised(form()).frames[0].column_names) == set(COLUMNS["rows"])


def test_no_forms_give_an_empty_table() -> None:
    result = normalised()
    assert result.frames == ()
    assert result.distribution.num_rows == 0
    assert result.distribution.schema.equals(LAKE_SCHEMA)


def test_parts_keep_their_place() -> None:
    result = normalised(form([row(1)]), form([]), form([row(2), row(3)], sheet="II", file="b.xlsx"))
    places = result.distribution.select(["file", "sheet", "row"]).to_pylist()
    assert [tuple(place.values()) for place in places] == [
        ("1-ЦМ.xlsx", "1-ЦМ", 12),
        ("b.xlsx", "II", 12),
        ("b.xlsx", "II", 13),
    ]
    assert [frame.num_rows for frame in result.frames] == [1, 0, 2]


def test_the_days_of_a_december_end_with_the_year() -> None:
    days = ("30.11.2024", "01.12.2024", "31.12.2024", "01.01.2025", "?")
    december = replace(IDENTITY, period=date(2024, 12, 1))
    read = normalise((form([row(n, distributed_on=day) for n, day in enumerate(days, 1)]),), december, (POOL_NAME,))
    found = read.frames[0].column("distributed_on_period").to_pylist()
    assert found == ["outside", "inside", "inside", "outside", None]


def test_exact_quantities_in_every_notation() -> None:
    cells = [
        ("0.000000000000000001", CellKind.TEXT, Decimal("0.000000000000000001")),
        ("1e-05", CellKind.NUMBER, Decimal("0.00001")),
        ("0.30000000000000004", CellKind.NUMBER, Decimal("0.3")),
        ("12345678901234567890.123456789012345678", CellKind.TEXT, Decimal("12345678901234567890.123456789012345678")),
        ("1\u00a0234,5", CellKind.TEXT, Decimal("1234.5")),
        ("5 BTC", CellKind.TEXT, None),
        ("2025-03-01", CellKind.DATE, None),
        ("#REF!", CellKind.ERROR, None),
        ("=B1", CellKind.FORMULA, None),
        (None, CellKind.EMPTY, None),
    ]
    rows = [row(n, quantity=(text, kind)) for n, (text, kind, _) in enumerate(cells, start=1)]
    assert column("quantity", *rows) == [value for _, _, value in cells]
    assert column("quantity_text", *rows) == [text for text, _, _ in cells]


def test_unreadable_quantities_are_counted_and_kept() -> None:
    examination = examined(package([form([row(1), row(2, quantity="көп"), row(3, quantity=("#N/A", CellKind.ERROR))])]))
    assert (examination.row_count, examination.excluded_count) == (3, 2)


def test_a_quantity_that_no_figure_holds_keeps_its_value_and_is_counted_as_left_out() -> None:
    largest = Decimal("999999999999999.999999999999999999")
    cells = [row(1, quantity=str(largest)), row(2, quantity="1" + "0" * 15), row(3, quantity="-1e15")]
    examination = examined(package([form(cells)]))
    assert examination.distribution["quantity"].to_pylist() == [largest, Decimal(10**15), Decimal(-(10**15))]
    assert examination.excluded_count == 2
    assert [(one.rule_id, one.row) for one in found(examination, "R-55")] == [("R-55", 13), ("R-55", 14)]
    assert found(examination, "R-56") == []


TEXTS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.from_regex(r"-?[0-9]{1,3}([ .,][0-9]{3}){0,3}([.,][0-9]{1,20})?", fullmatch=True),
    st.text("0123456789.,- eE+'кгБx\u00a0", max_size=12),
)


@hypothesis_settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(TEXTS, st.sampled_from([CellKind.TEXT, CellKind.NUMBER])), min_size=1, max_size=6))
def test_a_column_of_quantities_reads_as_the_parser_reads_its_cells(cells: list[tuple[str, CellKind]]) -> None:
    texts = [(text if text.strip() else None, kind) for text, kind in cells]
    rows = raw_rows([row(n, quantity=cell) for n, cell in enumerate(texts, start=1)])
    result = amounts.quantities(rows, "quantity")
    commas = quantity.column_uses_comma_for_thousands(text for text, _ in texts)
    for n, (text, kind) in enumerate(texts):
        read = quantity.parse(text, CellKind.EMPTY if text is None else kind, commas)
        assert result.values[n].as_py() == read.value
        counts = read.value is None or abs(read.value) < quantity.COUNTED_BELOW
        assert result.words[n].as_py() == (None if read.state == "empty" else read.state if counts else "too_large")
        sign = (
            None
            if read.value is None or not counts
            else ("zero" if read.value == 0 else "positive" if read.value > 0 else "negative")
        )
        assert result.signs[n].as_py() == sign


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([1, 2, 5])), max_size=8))
def test_distinct_cells_give_back_every_cell(cells: list[tuple[str | None, int]]) -> None:
    rows = raw_rows([row(n, asset=(text, CellKind(kind))) for n, (text, kind) in enumerate(cells, start=1)])
    seen = distinct(rows, "asset")
    assert len(set(zip(seen.texts, seen.kinds, strict=True))) == len(seen.texts)
    assert [seen.texts[code] for code in seen.codes] == [text for text, _ in cells]
    assert [seen.kinds[code] for code in seen.codes] == [kind if text else CellKind.EMPTY for text, kind in cells]


def test_taxpayer_numbers_as_written_or_with_their_zeros() -> None:
    rows = [
        row(1, miner_id=("61211600012", CellKind.NUMBER)),
        row(2, miner_id=("61211600013", CellKind.NUMBER)),
        row(3, miner_id="230640000019"),
        row(4, miner_id=f"{MINERS[0]}; {POOL}", miner_name=f"ЖШС «Бір»; {POOL_NAME}", wallet="A1; B2"),
        row(5, miner_id=f"{POOL}; {MINERS[0]}", miner_name=f"{POOL_NAME}; ЖШС «Бір»", wallet="B2; A1"),
    ]
    assert column("taxpayer_id", *rows) == ["061211600012", "61211600013", "230640000019", MINERS[0], MINERS[0]]
    assert column("taxpayer_id_state", *rows) == ["lost_zeros", "not_twelve_digits", "wrong_check_digit", "ok", "ok"]
    assert column("taxpayer_name", *rows)[3:] == ["ЖШС «Бір»", "ЖШС «Бір»"]
    assert column("wallet", *rows)[3:] == ["A1", "A1"]
    assert column("miner_id_text", *rows)[3] == f"{MINERS[0]}; {POOL}"


def test_assets_become_tickers_where_known() -> None:
    rows = [row(1, asset="биткоин"), row(2, asset=" Шелл "), row(3, asset="ETH"), row(4, asset=None)]
    assert column("asset", *rows) == ["BTC", "Шелл", "ETH", None]


def test_days_and_licences() -> None:
    rows = [
        row(1, distributed_on="5 наурыз 2025 ж.", licence="№ KZ-77 от 29.02.2024"),
        row(2, distributed_on="31.02.2025", licence="бар"),
    ]
    assert column("distributed_on", *rows) == [date(2025, 3, 5), None]
    assert column("licence_no", *rows) == ["KZ-77", None]
    assert column("licence_date", *rows) == [date(2024, 2, 29), None]


def test_a_licence_of_29_february_lasts_to_1_march() -> None:
    issued = pa.array([date(2024, 2, 29)] * 3, pa.date32())
    days = pa.array([date(2027, 3, 1), date(2027, 3, 2), date(2024, 2, 28)], pa.date32())
    assert typed.licence_ages(issued, days).to_pylist() == ["valid", "expired", "issued_after"]


def test_row_numbers() -> None:
    rows = [row(1), row(2, row_no="2)"), row(3, row_no=" 3. "), row(4, row_no="IV"), row(5, row_no="-5")]
    assert column("row_no", *rows) == [1, 2, 3, None, None]


def test_the_pool_s_own_row_needs_no_licence_and_gets_no_licence_remark() -> None:
    own = {"miner_id": POOL, "miner_name": POOL_NAME, "wallet": WALLETS[3]}
    for licence in (None, "жоқ"):
        examination = examined(package([form([row(1), row(2, licence=licence, **own)])]))
        assert [one.rule_id for one in examination.findings] == []


def test_a_pair_of_miner_and_pool_is_no_second_owner_of_a_wallet() -> None:
    pair = {"miner_id": f"{MINERS[0]}; {POOL}", "wallet": f"{WALLETS[0]}; {WALLETS[3]}"}
    examination = examined(package([form([row(1), row(5, row_no="2", **pair)])]))
    assert found(examination, "R-65") == []


def test_gaps_and_repeats_show_the_number_that_was_expected() -> None:
    examination = examined(package([form([row(1), row(2, row_no="4"), row(3, row_no="5"), row(4, row_no="4")])]))
    [gap] = found(examination, "R-33")
    [repeat] = found(examination, "R-34")
    assert (gap.row, gap.found, gap.expected) == (13, "4", "2")
    assert (repeat.row, repeat.found, repeat.expected) == (15, "4", "6")


def test_comparisons_reach_across_the_parts_of_a_filing() -> None:
    parts = [form([row(1)]), form([row(1, miner_name="Басқа"), row(1)], sheet="II")]
    examination = examined(package(parts))
    assert [(one.sheet, one.row) for one in found(examination, "R-63")] == [("II", 13)]
    assert [(one.sheet, one.expected) for one in found(examination, "R-66")] == [("II", "ЖШС «Майнер 1»")]


def test_a_column_of_commas_is_judged_sheet_by_sheet() -> None:
    parts = [form([row(1, quantity="1,234")]), form([row(2, quantity="1,234,567")], sheet="II")]
    assert found(examined(package(parts)), "R-54") == []


def test_an_empty_sheet_is_no_trouble() -> None:
    assert normalised(form(RAW_ROWS.empty_table())).frames[0].num_rows == 0


def test_quantities_that_come_to_more_than_any_asset_has_are_left_out_the_largest_first() -> None:
    """A hundred thousand rows just below the bound of one would overflow the sums of every taxpayer."""
    largest, less = "999999999999999", "999999999999998.5"
    cells = [*[largest] * 60, *[less] * 60, "5"]
    rows = [row(number, quantity=cell) for number, cell in enumerate(cells, start=1)]
    result = normalised(form(rows[:70]), form(rows[70:], sheet="II"))
    values = result.distribution.column("quantity").to_pylist()
    assert values == [None] * 60 + [Decimal(less)] * 60 + [Decimal(5)]
    states = [frame.column("quantity_state").to_pylist() for frame in result.frames]
    assert [*states[0], *states[1]] == ["too_large"] * 60 + ["ok"] * 61
    assert quantity.reason_without_figure(largest) == "too_large"
    assert quantity.reason_without_figure("12") == "looks_like_total"


def test_equal_quantities_are_left_out_all_or_none() -> None:
    rows = [row(number, quantity="999999999999999") for number in range(1, 122)]
    assert set(normalised(form(rows[:100])).distribution.column("quantity").to_pylist()) == {Decimal(999999999999999)}
    assert set(normalised(form(rows)).distribution.column("quantity").to_pylist()) == {None}


def test_a_cell_with_an_address_of_another_asset_is_kept_whole() -> None:
    both = f"LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1 {WALLETS[0]}"
    assert column("wallet", row(1, wallet=both), row(2)) == [both, WALLETS[1]]


def test_a_number_typed_with_letters_that_look_like_digits_is_named_as_that() -> None:
    cells = [row(1, miner_id="94014000O385"), row(2, miner_id="9401400003"), row(3)]
    states = normalised(form(cells)).frames[0].column("miner_id_state").to_pylist()
    assert states == ["foreign_digits", "not_twelve_digits", "ok"]


def test_a_row_may_lack_both_quantities() -> None:
    cells = [row(1), row(2, quantity=None, reward_quantity=None), row(3, quantity=None, reward_quantity=None)]
    examination = examined(package([form(cells)]))
    assert [(one.rule_id, one.row) for one in examination.findings] == [
        (rule, row_number) for rule in ("C-48", "C-50") for row_number in (13, 14)
    ]
    cells[1]["total_expected"] = "0.00000001; 0.00000001"
    frame = normalised(form(cells)).frames[0]
    assert frame["total_found"].to_pylist() == [None] * 3
    assert frame["row_kind"].to_pylist() == ["data", "looks_like_total", "data"]
