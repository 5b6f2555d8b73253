"""Price lists with columns of their own: mapped once, remembered, and what does not fit."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from esep.config import Settings
from esep.warehouse import reference, reference_handed
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_mapping import ColumnMapping
from esep.warehouse.reference_proposal import Mode, Proposal
from esep.warehouse.reference_spec import Fault
from warehouse.warehouse_office import NOW

NOWHERE = Settings(home=Path("/nowhere"))
HEADINGS = ("Күні", "Актив", "Құны, USD")
MAPPING = ColumnMapping(
    dict(zip(("date", "asset", "price"), HEADINGS, strict=True)), {"currency": "USD"}, note="a day ends at midnight UTC"
)
TEXTS = ColumnMapping(MAPPING.columns, MAPPING.fixed, date_format="DD.MM.YYYY")
AT_NIGHT = datetime(2025, 3, 3, 23, 30)  # noqa: DTZ001 - a cell of a workbook has no time zone
MARCH_3 = (date(2025, 3, 3), "BTC", 90123.456789)
MARCH_4 = (date(2025, 3, 4), "Bitcoin", 91000)


def workbook(*rows: tuple[Any, ...], sheet: str = "Бағалар", **others: list[tuple[Any, ...]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, lines in {sheet: rows, **others}.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append(line)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def add(
    home: Settings, content: bytes, mapping: ColumnMapping | None = None, file: str = "march.xlsx", **given: Any
) -> tuple[Proposal, str | None]:
    given = {"name": "price", "mode": Mode.ADD, "author": "Б. Сейіт", **given}
    handed = reference_handed.read(home, [(file, content)], mapping=mapping, **given)
    checked, report = reference.add_handed(home, handed, NOW)
    return checked, report.state if report else None


def faults(checked: Proposal) -> list[tuple[Fault, int]]:
    return [(problem.fault, problem.line) for problem in checked.problems]


def prices(home: Settings) -> dict[tuple[str, str], Decimal]:
    return {(str(row["date"]), row["asset"]): row["price"] for row in reference.rows_in_force(home, "price")}


def test_a_list_is_mapped_once_and_remembered(office):
    first = workbook(("Ресми бағалар",), (), HEADINGS, MARCH_3, MARCH_4)
    assert add(office.settings, first, MAPPING)[1] == "accepted"
    held = {("2025-03-03", "BTC"): Decimal("90123.456789"), ("2025-03-04", "BTC"): Decimal(91000)}
    assert prices(office.settings) == held
    second = workbook(("№", *reversed(HEADINGS)), (1, 92000, "BTC", date(2025, 3, 5)), sheet="Сәуір")
    assert add(office.settings, second, file="april.xlsx")[1] == "accepted"
    assert prices(office.settings) == {**held, ("2025-03-05", "BTC"): Decimal(92000)}
    version = reference.in_force(office.settings, "price")
    record = json.loads(version.path.with_suffix(".json").read_text("utf-8"))
    assert (record["author"], record["note"]) == ("Б. Сейіт", "a day ends at midnight UTC")
    assert record["mapping"]["columns"]["price"] == "Құны, USD"
    assert record["files"][0]["name"] == "april.xlsx"
    sources = {row["source"] for row in reference.rows_in_force(office.settings, "price")}
    assert sources == {"march.xlsx", "april.xlsx"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_separated_texts_of_any_encoding(office, encoding, separator):
    headings = ("Дата", "Актив", "Цена")
    mapping = ColumnMapping(
        dict(zip(("date", "asset", "price"), headings, strict=True)), {"currency": "USD"}, date_format="DD.MM.YYYY"
    )
    lines = [headings, ("03.03.2025", "BTC", "90 123,456789"), ("04.03.2025", "Биткоин", "91000.5"), ("", "", "")]
    content = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    assert add(office.settings, content, mapping, file="prices.csv")[1] == "accepted"
    assert prices(office.settings) == {
        ("2025-03-03", "BTC"): Decimal("90123.456789"),
        ("2025-03-04", "BTC"): Decimal("91000.5"),
    }


def test_numbers_are_those_that_the_workbook_shows_and_texts_are_kept_to_the_last_digit(office):
    rows = [
        (date(2025, 3, 3), "BTC", 0.1 + 0.2),
        (date(2025, 3, 4), "BTC", "0,300000000001"),
        (date(2025, 3, 5), "BTC", "0.3000000000009"),
    ]
    checked, state = add(office.settings, workbook(HEADINGS, *rows), MAPPING)
    assert state == "accepted"
    assert sorted(prices(office.settings).values()) == [
        Decimal("0.3"), Decimal("0.300000000001"), Decimal("0.300000000001"),
    ]  # fmt: skip
    assert [problem.fault for problem in checked.warnings] == [Fault.ROUNDED]


WIDE = ColumnMapping({"date": "Күні"}, {"currency": "USD"}, is_wide=True)


def test_a_wide_list_has_a_column_for_each_asset(office):
    content = workbook(
        ("Күні", "BTC", "Litecoin", "Ескертпе"),
        (date(2025, 3, 3), 90000, 120.5, "x"),
        (date(2025, 3, 4), 91000, None, ""),
    )
    checked, state = add(office.settings, content, WIDE)
    assert state == "accepted"
    assert [(problem.fault, problem.found) for problem in checked.warnings] == [(Fault.UNUSED_HEADINGS, "Ескертпе")]
    assert prices(office.settings) == {
        ("2025-03-03", "BTC"): Decimal(90000),
        ("2025-03-03", "LTC"): Decimal("120.5"),
        ("2025-03-04", "BTC"): Decimal(91000),
    }


GOOD = workbook(HEADINGS, MARCH_3)
WRONG = [
    (workbook(("Күні", "Актив", "Баға"), MARCH_3), MAPPING, Fault.MISSING_HEADING, 1),
    (workbook((*HEADINGS, "құны,  usd"), (*MARCH_3, 1)), MAPPING, Fault.DOUBLED_HEADING, 1),
    (GOOD, ColumnMapping(MAPPING.columns, MAPPING.fixed, sheet="Сәуір"), Fault.OTHER_SHEET, 0),
    (workbook(HEADINGS, MARCH_3, Екінші=[HEADINGS, MARCH_4]), MAPPING, Fault.MANY_SHEETS, 0),
    (workbook((), ("x",), HEADINGS, MARCH_3), ColumnMapping(MAPPING.columns, MAPPING.fixed, heading_row=2),
     Fault.MISSING_HEADING, 2),
    (workbook(("Күні", "Ескертпе"), (date(2025, 3, 3), "x")), WIDE, Fault.NO_ASSETS, 1),
    (workbook(HEADINGS, ("03.03.2025", "BTC", 1)), MAPPING, Fault.MAPPED_DATE, 2),
    (workbook(HEADINGS, ("31.02.2025", "BTC", 1)), TEXTS, Fault.MAPPED_DATE, 2),
    (workbook(HEADINGS, (45719, "BTC", 1)), MAPPING, Fault.MAPPED_DATE, 2),
    (workbook(HEADINGS, (AT_NIGHT, "BTC", 1)), MAPPING, Fault.MAPPED_DATE, 2),
    (workbook(HEADINGS, MARCH_3, (date(2025, 3, 4), "BTC", "about 1")), MAPPING, Fault.MAPPED_NUMBER, 3),
    (workbook(HEADINGS, (date(2025, 3, 3), "BTC", "1,234.5"), (date(2025, 3, 4), "BTC", "1,234")), MAPPING,
     Fault.MAPPED_NUMBER, 3),
    (workbook(HEADINGS, (date(2025, 3, 3), "BTC", "#N/A")), MAPPING, Fault.CELL_WITHOUT_VALUE, 2),
    (workbook(HEADINGS, (date(2025, 3, 3), "BTC", None)), MAPPING, Fault.EMPTY, 2),
    (workbook(HEADINGS, (date(2025, 3, 3), "BTC", -5)), MAPPING, Fault.NOT_POSITIVE, 2),
    (workbook(HEADINGS, MARCH_3, MARCH_3), MAPPING, Fault.DOUBLED, 3),
    (workbook(HEADINGS, MARCH_3, (*MARCH_3[:2], 5)), MAPPING, Fault.CONTRADICTORY, 3),
    (workbook(HEADINGS, (None, "BTC", 5)), MAPPING, Fault.EMPTY, 2),
    ('Күні,Актив,"Құны, USD"\n03.03.2025,BTC,90123,5\n'.encode(), TEXTS, Fault.CELL_COUNT, 2),
    ("Күні,BTC,LTC,\n2025-03-03,90123,5,120,5\n".encode(), WIDE, Fault.CELL_COUNT, 2),
    (workbook(("Күні", "BTC", "BTC"), (date(2025, 3, 3), 1, 2)), WIDE, Fault.DOUBLED_HEADING, 1),
    (workbook(("Күні", "BTC", "Bitcoin"), (date(2025, 3, 3), 1, None)), WIDE, Fault.DOUBLED_HEADING, 1),
    (GOOD, None, Fault.NO_MAPPING, 0),
    (GOOD[:200], MAPPING, Fault.UNREADABLE_TABLE, 0),
    (b"PK\x03\x04", MAPPING, Fault.UNREADABLE_TABLE, 0),
    (b'a;b\n"x', MAPPING, Fault.UNREADABLE_TABLE, 0),
]  # fmt: skip
FAULTS_OF_LISTS = {fault for _, _, fault, _ in WRONG}


@pytest.mark.parametrize(("content", "mapping", "fault", "row"), WRONG)
def test_what_does_not_fit_changes_nothing_and_names_its_place(office, content, mapping, fault, row):
    checked, state = add(office.settings, content, mapping)
    assert (faults(checked), state) == ([(fault, row)], None)
    assert reference.in_force(office.settings, "price") is None
    for language in ("kk", "ru", "en"):
        assert checked.problems[0].text(language)


def test_each_fault_has_a_list_that_is_good(office):
    assert add(office.settings, workbook(HEADINGS, ("03.03.2025", "BTC", "1 234,5")), TEXTS)[1] == "accepted"
    with_separators_at_the_end = "Күні;Актив;Құны, USD;\n04.03.2025;BTC;1 234,5;;\n".encode()
    assert add(office.settings, with_separators_at_the_end, TEXTS)[1] == "accepted"
    sheets = workbook(HEADINGS, MARCH_4, Екінші=[HEADINGS, (date(2025, 3, 6), "BTC", 1500)])
    of_sheet = ColumnMapping(MAPPING.columns, MAPPING.fixed, sheet="Екінші")
    assert add(office.settings, sheets, of_sheet)[1] == "accepted"
    assert prices(office.settings).keys() == {(f"2025-03-{day}", "BTC") for day in ("03", "04", "06")}


def test_headings_that_changed_are_named_beside_those_found(office):
    add(office.settings, GOOD, MAPPING)
    other = workbook(("Күні", "Актив", "Баға"), MARCH_4)
    checked, state = add(office.settings, other)
    assert (faults(checked), state) == ([(Fault.MISSING_HEADING, 1)], None)
    assert "Құны, USD" in checked.problems[0].text("en")
    assert "Күні | Актив | Баға" in checked.problems[0].text("en")
    renamed = ColumnMapping({**MAPPING.columns, "price": "Баға"}, MAPPING.fixed)
    assert add(office.settings, other, renamed)[1] == "accepted"
    third = workbook(HEADINGS, (date(2025, 3, 5), "BTC", 92000))
    assert add(office.settings, third)[1] == "accepted"  # both are remembered


def test_a_register_in_a_workbook_needs_no_mapping(office):
    content = workbook(
        ("pool_id", "pool_name", "accredited_from", "accredited_to"),
        ("230640000008", "Пул «Арна»", date(2024, 1, 1), None),
    )
    checked, state = add(office.settings, content, file="pool.xlsx", name=None)
    assert (state, checked.name) == ("accepted", "pool")
    assert reference.rows_in_force(office.settings, "pool")[0]["accredited_from"] == date(2024, 1, 1)


def test_a_reference_file_is_never_read_by_a_remembered_mapping(office):
    add(office.settings, GOOD, MAPPING)
    content = b"date,asset,price,currency,source\n2025-03-04,BTC,91000,USD,x\n"
    assert add(office.settings, content, file="price.csv")[1] == "accepted"
    record = json.loads(reference.in_force(office.settings, "price").path.with_suffix(".json").read_text("utf-8"))
    assert (record["mapping"], record["files"]) == (None, [])


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (ColumnMapping({"day": "Күні"}), "price has no column day"),
        (ColumnMapping({"date": "Күні"}), "say which heading is asset, price, currency"),
        (ColumnMapping({**MAPPING.columns, "currency": "Валюта"}, {"currency": "USD"}), "both as a heading"),
        (
            ColumnMapping(MAPPING.columns, MAPPING.fixed, is_wide=True),
            r"column for each asset is for prices.*\(--wide\)",
        ),
        (ColumnMapping(MAPPING.columns, MAPPING.fixed, date_format="DD.MM.YY"), "no form of a day"),
    ],
)
def test_a_mapping_that_no_list_fits_is_refused_at_once(office, mapping, words):
    with pytest.raises(WarehouseError, match=words):
        add(office.settings, GOOD, mapping)


texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=12).map(str.strip).filter(bool)
listed = st.dictionaries(
    st.tuples(st.dates(date(2024, 1, 1), date(2025, 12, 31)), st.sampled_from(["BTC", "LTC", "DOGE"])),
    st.decimals("0.000000000001", "999999", places=12),
    min_size=1,
    max_size=8,
)


@given(listed, st.lists(texts, min_size=3, max_size=3, unique_by=str.casefold), st.permutations(range(3)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_headings_in_any_order_give_the_same_prices(rows, headings, order):
    mapping = ColumnMapping(dict(zip(("date", "asset", "price"), headings, strict=True)), {"currency": "USD"})
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";")
    lines = [headings, *([on.isoformat(), asset, f"{price:f}"] for (on, asset), price in rows.items())]
    writer.writerows([line[place] for place in order] for line in lines)
    handed = reference_handed.read(NOWHERE, [("x.csv", written.getvalue().encode())], name="price", mapping=mapping)
    found = [problem for problem in handed.origin.found if not problem.is_warning]
    if found:
        assert {problem.fault for problem in found} <= {Fault.MISSING_HEADING, Fault.DOUBLED_HEADING}
        return
    read = [line.split(",") for line in handed.content.decode().splitlines()[1:]]
    assert {(line[0], line[1]): Decimal(line[2]) for line in read} == {
        (on.isoformat(), asset): price for (on, asset), price in rows.items()
    }
