"""The National Bank's XML: both feeds, their own days and units, and what is no such feed."""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep import files
from esep.config import Settings
from esep.proof import check as proof
from esep.warehouse import reference, reference_handed, reference_origin
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_handed import Handed
from esep.warehouse.reference_proposal import Mode
from esep.warehouse.reference_rules import Problem
from esep.warehouse.reference_spec import Fault
from warehouse.bank_feeds import ALL, FAULTY, GOOD, USD, by_day, latest
from warehouse.test_reference_days import Killed, killing
from warehouse.warehouse_office import NOW

SETTINGS = Settings(home=Path("/nowhere"))
JULY_31, JULY_30 = date(2026, 7, 31), date(2026, 7, 30)


def handed(*contents: bytes, name: str = "get_rates.xml", **given: object) -> Handed:
    files = [(name if len(contents) == 1 else f"{number}.xml", content) for number, content in enumerate(contents, 1)]
    return reference_handed.read(SETTINGS, files, **given)


def add(settings: Settings, *contents: bytes, **given: object) -> tuple[reference.Proposal, str | None]:
    checked, report = reference.add_handed(settings, handed(*contents, author="А. Оспанова", **given), NOW)
    return checked, report.state if report else None


def rates(settings: Settings) -> dict[tuple[str, str], Decimal]:
    rows = reference.rows_in_force(settings, "exchange_rate")
    return {(row["date"].isoformat(), row["currency"]): row["kzt_per_unit"] for row in rows}


def test_both_feeds_are_told_by_their_content_and_divided_by_their_units(office):
    assert add(office.settings, GOOD)[1] == "accepted"
    assert rates(office.settings) == {
        ("2026-07-31", "USD"): Decimal("474.2"),
        ("2026-07-31", "IRR"): Decimal("0.000011"),
    }
    assert add(office.settings, ALL)[1] == "accepted"  # each item has a day of its own
    assert rates(office.settings)["2026-07-30", "EUR"] == Decimal("510.07")
    assert len(rates(office.settings)) == 3


def test_units_change_over_the_years(office):
    add(office.settings, by_day("30.07.2016", ("IRR", "11.41", "1000")), by_day("30.07.2026", ("IRR", "8.12", "10000")))
    assert rates(office.settings) == {
        ("2016-07-30", "IRR"): Decimal("0.01141"),
        ("2026-07-30", "IRR"): Decimal("0.000812"),
    }


def test_many_files_are_merged_by_day_and_kept_as_they_came(office):
    friday, thursday = GOOD, by_day("30.07.2026", USD)
    assert add(office.settings, friday, thursday, friday)[1] == "accepted"
    assert len(rates(office.settings)) == 3
    version = reference.in_force(office.settings, "exchange_rate")
    record = json.loads(version.path.with_suffix(".json").read_text("utf-8"))
    assert record["author"] == "А. Оспанова"
    assert [one["name"] for one in record["files"]] == ["1.xml", "2.xml", "3.xml"]
    with zipfile.ZipFile(version.path.with_suffix(".origin.zip")) as archive:
        assert [archive.read(one["member"]) for one in record["files"]] == [friday, thursday, friday]


def test_the_same_bytes_again_are_nothing_new(office):
    add(office.settings, GOOD)
    checked, state = add(office.settings, GOOD)
    assert (state, checked.adds_nothing) == ("unchanged", True)
    assert reference.version_count(office.settings, "exchange_rate") == 1
    assert not list(office.settings.reference.glob("exchange_rate.add*"))


def test_another_value_for_a_day_in_force_is_a_question(office):
    add(office.settings, GOOD)
    other = by_day("31.07.2026", ("USD", "475", "1"))
    checked, state = add(office.settings, other)
    assert state is None
    assert [(problem.line, problem.fault) for problem in checked.problems] == [(3, Fault.VALUES_DIFFER)]
    assert rates(office.settings)["2026-07-31", "USD"] == Decimal("474.2")
    assert add(office.settings, other, mode=Mode.REPLACE)[1] == "accepted"
    assert rates(office.settings)["2026-07-31", "USD"] == Decimal(475)
    assert len(rates(office.settings)) == 2


@pytest.mark.parametrize("feed", [b"<rates></rates>", b"<rates/>", by_day("31.07.2026"), latest()])
def test_a_day_without_rates_is_said_and_loses_nothing(office, feed):
    checked, state = add(office.settings, feed)
    assert ([problem.fault for problem in checked.warnings], state) == ([Fault.NO_RATES], "unchanged")
    assert reference.in_force(office.settings, "exchange_rate") is None
    add(office.settings, GOOD)
    checked, state = add(office.settings, feed)
    assert ([problem.fault for problem in checked.warnings], state) == ([Fault.NO_RATES], "unchanged")
    assert len(rates(office.settings)) == 2
    checked, state = add(office.settings, by_day("30.07.2026", USD), feed)
    assert ([(problem.fault, problem.file) for problem in checked.warnings], state) == (
        [(Fault.NO_RATES, "2.xml")],
        "accepted",
    )


@pytest.mark.parametrize(
    ("name", "asked", "is_said"),
    [
        ("get_rates.cfm?fdate=31.07.2026", None, False),
        ("get_rates.cfm?fdate=01.08.2026", None, True),
        ("get_rates.cfm@fdate=01.08.2026.xml", None, True),
        ("rates.xml", None, False),
        ("rates.xml", JULY_31, False),
        ("rates.xml", JULY_30, True),
    ],
)
def test_the_answer_for_another_day_than_asked_counts_for_its_own(office, name, asked, is_said):
    checked, report = reference.add_handed(office.settings, handed(GOOD, name=name, asked=asked), NOW)
    assert [problem.fault for problem in checked.warnings] == [Fault.OTHER_DAY] * is_said
    assert all("2026-07-31" in problem.text("en") for problem in checked.warnings)
    assert report.state == "accepted"
    assert {day for day, _ in rates(office.settings)} == {"2026-07-31"}


@pytest.mark.parametrize(("content", "line", "fault"), FAULTY)
def test_what_is_no_feed_or_has_a_fault_is_refused_with_its_place(office, content, line, fault):
    add(office.settings, by_day("30.07.2026", USD))
    before = rates(office.settings)
    checked, state = add(office.settings, content)
    assert state is None
    assert [problem.fault for problem in checked.problems] == [fault]
    assert line is None or checked.problems[0].line == line
    assert rates(office.settings) == before
    assert not list(office.settings.reference.glob("exchange_rate.add*"))
    for language in ("kk", "ru", "en"):
        assert checked.problems[0].text(language)


def test_the_same_rate_twice_is_no_fault(office):
    assert add(office.settings, by_day("31.07.2026", USD, USD))[1] == "accepted"


def test_rates_that_contradict_each_other_name_both_files(office):
    checked, state = add(office.settings, GOOD, by_day("31.07.2026", ("USD", "474.3", "1")))
    assert state is None
    assert [(problem.file, problem.line, problem.expected) for problem in checked.problems] == [
        ("2.xml", 3, "3 (1.xml)")
    ]


def test_comments_and_sections_do_not_cut_a_number(office):
    feed = GOOD.replace(b"474.2", b"47<!-- a -->4<![CDATA[.2]]>")
    assert add(office.settings, feed)[1] == "accepted"
    assert rates(office.settings)["2026-07-31", "USD"] == Decimal("474.2")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_of_the_same_text_are_read(office, encoding):
    text = GOOD.decode().replace("utf-8", encoding.removesuffix("-sig"))
    assert add(office.settings, text.encode(encoding))[1] == "accepted"
    assert len(rates(office.settings)) == 2


def test_xml_is_taken_for_rates_only_and_not_mixed():
    with pytest.raises(WarehouseError, match="price is taken as a table"):
        reference_handed.read(SETTINGS, [("a.xml", GOOD)], name="price")
    with pytest.raises(WarehouseError, match=r"b\.csv: it is no XML"):
        reference_handed.read(SETTINGS, [("a.xml", GOOD), ("b.csv", b"date")])
    assert reference_handed.read(SETTINGS, [("a.xml", GOOD)], name="exchange_rate").name == "exchange_rate"


def test_a_changed_origin_is_found(office):
    add(office.settings, GOOD)
    version = reference.in_force(office.settings, "exchange_rate")
    origin = version.path.with_suffix(".origin.zip")
    assert proof.check(office.settings).damages == ()
    origin.write_bytes(origin.read_bytes()[:-1])
    assert [damage.path for damage in proof.check(office.settings).damages] == [
        f"reference/accepted/exchange_rate/{origin.name}"
    ]


def test_a_kill_at_any_write_accepts_rates_only_with_their_origin(office, monkeypatch):
    steps, finished = 0, False
    while not finished:
        settings = Settings(home=office.settings.home / str(steps))
        add(settings, by_day("30.07.2026", USD))
        left = [steps]
        with monkeypatch.context() as patched:
            for owner, name in ((files, "flush_to_disk"), (Path, "unlink")):
                patched.setattr(owner, name, killing(getattr(owner, name), left))
            with suppress(Killed):
                finished = add(settings, GOOD)[1] == "accepted"
        reference.accept(settings, NOW + timedelta(hours=1))
        version = reference.in_force(settings, "exchange_rate")
        assert len(rates(settings)) in ((3,) if finished else (1, 3))
        assert reference_origin.of_zip(
            version.path.with_suffix(".origin.zip").read_bytes(), version_part(version)
        ).files
        assert not list(settings.reference.glob("*.origin.zip"))
        steps += 1
    assert steps > 4


def version_part(version: reference.Version) -> bytes:
    part = version.path.with_suffix(".part")
    return (part if part.exists() else version.path).read_bytes()


amounts = st.decimals("0.01", "99999", places=2)
quants = st.sampled_from([1, 10, 100, 1000, 10000])


@given(
    st.dictionaries(
        st.tuples(st.dates(date(1999, 1, 1), date(2030, 1, 1)), st.sampled_from(["USD", "EUR", "IRR", "JPY"])),
        st.tuples(amounts, quants),
        max_size=12,
    ),
    st.booleans(),
)
def test_every_rate_is_description_by_quant_exactly(published, is_by_day):
    days = sorted({day for day, _ in published})
    if is_by_day:
        feeds = [
            by_day(
                f"{day:%d.%m.%Y}",
                *((of, str(value), str(quant)) for (on, of), (value, quant) in published.items() if on == day),
            )
            for day in days
        ]
    else:
        feeds = [
            latest(*((of, str(value), str(quant), f"{on:%d.%m.%Y}") for (on, of), (value, quant) in published.items()))
        ]
    one = handed(*feeds) if feeds else handed(latest())
    lines = one.content.decode().splitlines()[1:]
    read = {(line.split(",")[0], line.split(",")[1]): Fraction(line.split(",")[2]) for line in lines}
    assert read == {(on.isoformat(), of): Fraction(value) / quant for (on, of), (value, quant) in published.items()}
    assert len(one.origin.places) == len(lines)


@given(st.binary(max_size=300), st.sampled_from([b"<rates>", b"<rss><channel><item>", b"<a", GOOD[:120]]))
def test_no_bytes_break_the_reading(content, start):
    found = handed(start + content).origin.found
    assert all(isinstance(problem, Problem) for problem in found)
