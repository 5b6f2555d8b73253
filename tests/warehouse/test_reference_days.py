"""Days of prices and rates never go in silence: whole files that lack some, parts, answers in the folder, kills."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from esep import files
from esep.answers.status import refused_files
from esep.config import Settings
from esep.texts import LANGUAGES
from esep.warehouse import reference, reference_folder
from esep.warehouse.reference_proposal import Mode, propose
from esep.warehouse.reference_rules import examine
from esep.warehouse.reference_spec import Fault
from warehouse.warehouse_office import MINER, NOW, OTHER_POOL, POOL

PRICE = "date,asset,price,currency,source"
RATE = "date,currency,kzt_per_unit,source"
FEBRUARY = [date(2025, 2, 1) + timedelta(days=day) for day in range(28)]
MARCH = [date(2025, 3, 1) + timedelta(days=day) for day in range(31)]


def price_lines(days: list[date], assets: tuple[str, ...] = ("BTC", "LTC"), more: int = 0) -> list[str]:
    return [f"{day},{asset},{100 + day.day + more},USD,x" for asset in assets for day in days]


def price_file(days: list[date], assets: tuple[str, ...] = ("BTC", "LTC"), more: int = 0) -> bytes:
    return ("\n".join([PRICE, *price_lines(days, assets, more)]) + "\n").encode()


WHOLE = price_file(FEBRUARY + MARCH)
ROWS = WHOLE.decode().splitlines()[1:]

LOSSES = {
    "a month under the same name": (price_file(MARCH), ["BTC", "LTC"]),
    "the other month": (price_file(FEBRUARY), ["BTC", "LTC"]),
    "header only": (f"{PRICE}\n".encode(), ["BTC", "LTC"]),
    "one asset missing": (price_file(FEBRUARY + MARCH, ("BTC",)), ["LTC"]),
    "one day missing": ("\n".join([PRICE, *ROWS[:3], *ROWS[4:]]).encode() + b"\n", ["BTC"]),
    "cut at the end of a line": ("\n".join([PRICE, *ROWS[:-9]]).encode() + b"\n", ["LTC"]),
    "an asset under a name of its own": (WHOLE.replace(b",LTC,", b",LTC2,"), ["LTC"]),
    "semicolons": (price_file(MARCH).replace(b",", b";"), ["BTC", "LTC"]),
    "tabulators": (price_file(MARCH).replace(b",", b"\t"), ["BTC", "LTC"]),
    "with a byte order mark": (b"\xef\xbb\xbf" + price_file(MARCH), ["BTC", "LTC"]),
    "ends of lines of Windows": (price_file(MARCH).replace(b"\n", b"\r\n"), ["BTC", "LTC"]),
    "ends of lines of an old Mac": (price_file(MARCH).replace(b"\n", b"\r"), ["BTC", "LTC"]),
    "other dates for all": (price_file([day + timedelta(days=366) for day in FEBRUARY + MARCH]), ["BTC", "LTC"]),
}
FAULTS = {
    "empty": (b"", Fault.NO_HEADING),
    "blank lines": (b"\n\n \n", Fault.NO_HEADING),
    "UTF-16": (WHOLE.decode().encode("utf-16"), Fault.NOT_UTF8),
    "UTF-16 without a mark": (WHOLE.decode().encode("utf-16-le"), Fault.MISSING_COLUMN),
    "cp1251": (WHOLE.replace(b",x\n", ",НБ\n".encode("cp1251")), Fault.NOT_UTF8),
    "decimal commas": (WHOLE.replace(b",USD", b",5,USD"), Fault.CELL_COUNT),
    "decimal commas between semicolons": (WHOLE.replace(b",", b";").replace(b";USD", b",5;USD"), Fault.NUMBER),
    "the last line cut": (WHOLE[:-8], Fault.CELL_COUNT),
    "days doubled": (WHOLE + ROWS[0].encode() + b"\n", Fault.DOUBLED),
    "days doubled with another price": (WHOLE + b"2025-02-01,BTC,1,USD,x\n", Fault.CONTRADICTORY),
    "without a heading": ("\n".join(ROWS).encode(), Fault.MISSING_COLUMN),
    "a workbook": (b"PK\x03\x04" + bytes(range(256)), Fault.NOT_UTF8),
}
SAME = {
    "in another order": "\n".join([PRICE, *reversed(ROWS)]).encode() + b"\n",
    "other columns first": "\n".join(
        ["source,currency,price,asset,date", *(",".join(reversed(row.split(","))) for row in ROWS)]
    ).encode(),
    "one day more": WHOLE + b"2025-04-01,BTC,101,USD,x\n",
    "a column more": WHOLE.replace(b"\n", b",y\n").replace(b"source,y", b"source,note"),
    "names instead of tickers": WHOLE.replace(b",BTC,", ",Биткоин,".encode()),
    "a corrected price": WHOLE.replace(b"2025-02-01,BTC,101", b"2025-02-01,BTC,102"),
    "without the last end of a line": WHOLE.rstrip(),
}


@pytest.fixture
def filled(office):
    put(office.settings, WHOLE)
    assert state(office.settings) == "accepted"
    return office.settings


def put(settings: Settings, content: bytes, file: str = "price.csv") -> Path:
    path = settings.reference / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def accept(settings: Settings) -> dict[str, reference.ReferenceReport]:
    return {report.file: report for report in reference.accept(settings, NOW)}


def state(settings: Settings, file: str = "price.csv") -> str:
    return accept(settings)[file].state


def prices(settings: Settings) -> dict[tuple[date, str], Decimal]:
    return {(row["date"], row["asset"]): row["price"] for row in reference.rows_in_force(settings, "price")}


@pytest.mark.parametrize("variant", LOSSES)
def test_a_file_that_lacks_days_is_refused_and_names_them(filled, variant):
    content, of = LOSSES[variant]
    before = prices(filled)
    put(filled, content)
    report = accept(filled)["price.csv"]
    assert report.state == "refused"
    assert [(problem.fault, problem.found) for problem in report.problems] == [(Fault.DAYS_LOST, name) for name in of]
    assert prices(filled) == before
    (refused,) = refused_files(filled)
    assert (refused.name, refused.file, refused.fault_count, refused.line) == ("price", "price.csv", len(of), None)
    for language in LANGUAGES:
        assert "2025-0" in refused.sentence(language)
        assert "reference add --add --name price $ESEP_HOME/reference/price.csv" in refused.todo[language][0]
    assert str(filled.home) not in (filled.reference / "price.errors.txt").read_text("utf-8")
    assert state(filled) == "refused"  # until it is answered
    put(filled, WHOLE)
    assert state(filled) == "unchanged"
    assert refused_files(filled) == ()


def test_the_days_are_named_in_runs(filled):
    put(filled, price_file([day for day in FEBRUARY + MARCH if day.day not in (5, 6, 20)]))
    btc, _ = accept(filled)["price.csv"].problems
    assert (btc.count, btc.expected) == (6, "2025-02-05 … 2025-02-06, 2025-02-20, …, 2025-03-20")
    put(filled, price_file(MARCH))
    btc, _ = accept(filled)["price.csv"].problems
    assert (btc.count, btc.expected) == (28, "2025-02-01 … 2025-02-28")


@pytest.mark.parametrize("variant", FAULTS)
def test_a_faulty_file_changes_nothing_whatever_is_said(filled, variant):
    content, fault = FAULTS[variant]
    before = prices(filled)
    for mode in Mode:
        put(filled, content, reference_folder.drop(filled, "price", mode).path.name)
    for report in accept(filled).values():
        if report.name.startswith("price"):
            assert (report.state, report.problems[0].fault) == ("refused", fault)
    assert prices(filled) == before
    assert len(refused_files(filled)) == 4


@pytest.mark.parametrize("variant", SAME)
def test_a_file_with_all_days_is_accepted(filled, variant):
    before = prices(filled)
    put(filled, SAME[variant])
    assert state(filled) == "accepted"
    assert set(prices(filled)) >= set(before)


def test_a_rate_cut_within_its_number_is_refused(office):
    heading = "date,currency,kzt_per_unit"
    for end in ("", "\n", "\r\n"):
        content = f"{heading}\n2025-01-06,USD,512.34\n2025-01-07,USD,51{end}".encode()
        put(office.settings, content, "exchange_rate.csv")
        report = accept(office.settings)["exchange_rate.csv"]
        if end:
            assert report.state == "accepted"
        else:
            assert [(p.line, p.fault, p.found) for p in report.problems] == [(3, Fault.CUT_OFF, "51")]


def test_a_currency_that_is_missing(office):
    lines = [f"{day},{currency},500,x" for currency in ("USD", "EUR") for day in MARCH]
    office.reference("exchange_rate", RATE, *lines)
    assert state(office.settings, "exchange_rate.csv") == "accepted"
    office.reference("exchange_rate", RATE, *lines[:31])
    report = accept(office.settings)["exchange_rate.csv"]
    assert [(p.fault, p.found, p.count) for p in report.problems] == [(Fault.DAYS_LOST, "EUR", 31)]


def test_registers_warn_and_an_empty_one_asks(office):
    heading = "pool_id,pool_name,accredited_from,accredited_to,email"
    office.reference("pool", heading, f"{POOL},А,2024-01-01,,", f"{OTHER_POOL},Б,2024-01-01,,")
    assert state(office.settings, "pool.csv") == "accepted"
    office.reference("pool", heading)
    report = accept(office.settings)["pool.csv"]
    assert [(p.fault, p.count) for p in report.problems] == [(Fault.NO_ROWS, 2)]
    office.reference("pool", heading, f"{POOL},А,2024-01-01,,")
    report = accept(office.settings)["pool.csv"]
    assert report.state == "accepted"
    assert [(w.fault, w.found) for w in report.warnings] == [(Fault.ROWS_LOST, f"{OTHER_POOL} 2024-01-01")]
    put(office.settings, f"{heading}\n".encode(), "pool.replace.csv")
    assert state(office.settings, "pool.replace.csv") == "accepted"
    assert reference.rows_in_force(office.settings, "pool") == []


def test_a_month_is_added_by_its_name(filled):
    april = price_file([date(2025, 4, 1), date(2025, 4, 2)])
    put(filled, april, "price.add.csv")
    before = prices(filled)
    assert state(filled, "price.add.csv") == "accepted"
    assert prices(filled) == before | {
        (date(2025, 4, day), asset): Decimal(100 + day) for day in (1, 2) for asset in ("BTC", "LTC")
    }
    version = reference.in_force(filled, "price")
    assert not (filled.reference / "price.add.csv").exists()
    assert (filled.reference / "price.csv").read_bytes() == reference.content_of(version)
    assert version.path.with_suffix(".part").read_bytes() == april
    record = json.loads(version.path.with_suffix(".json").read_text("utf-8"))
    assert (record["mode"], record["rows"], len(record["part_sha256"])) == ("add", len(before) + 4, 64)
    assert {report.state for report in accept(filled).values()} == {"unchanged", "missing"}


def test_other_values_of_days_in_force_are_refused_and_named(filled):
    put(filled, price_file(MARCH[:3], more=1) + b"2025-04-01,BTC,1,USD,x\n", "price.add.csv")
    report = accept(filled)["price.add.csv"]
    assert report.state == "refused"
    assert [(p.line, p.fault, p.found, p.expected, p.count) for p in report.problems] == [
        (2, Fault.VALUES_DIFFER, "BTC 2025-03-01 … 2025-03-03", "price 101 → 102", 3),
        (5, Fault.VALUES_DIFFER, "LTC 2025-03-01 … 2025-03-03", "price 101 → 102", 3),
    ]
    (refused,) = refused_files(filled)
    assert (refused.name, refused.file) == ("price", "price.add.csv")
    (filled.reference / "price.add.csv").rename(filled.reference / "price.add-replace.csv")
    assert state(filled, "price.add-replace.csv") == "accepted"
    assert refused_files(filled) == ()
    assert prices(filled)[date(2025, 3, 2), "BTC"] == 103
    assert prices(filled)[date(2025, 3, 4), "BTC"] == 104
    assert prices(filled)[date(2025, 4, 1), "BTC"] == 1


def test_the_same_values_are_no_question_and_their_rows_stay(filled):
    put(filled, price_file(MARCH).replace(b",x\n", b",another source\n"), "price.add.csv")
    count = reference.version_count(filled, "price")
    assert state(filled, "price.add.csv") == "unchanged"
    assert reference.version_count(filled, "price") == count
    assert not (filled.reference / "price.add.csv").exists()


def test_days_go_where_the_name_says_so(filled):
    put(filled, price_file(MARCH), "price.replace.csv")
    assert state(filled, "price.replace.csv") == "accepted"
    assert {day.month for day, _ in prices(filled)} == {3}
    assert (filled.reference / "price.csv").read_bytes() == price_file(MARCH)
    assert state(filled) == "unchanged"


def test_a_refused_whole_file_is_answered_by_its_new_name(filled):
    path = put(filled, price_file([date(2025, 4, 1)]))
    assert state(filled) == "refused"
    path.rename(filled.reference / "price.add.csv")
    assert state(filled, "price.add.csv") == "accepted"
    assert refused_files(filled) == ()
    assert len(prices(filled)) == 2 * 59 + 2


def test_a_refused_whole_file_waits_beside_a_part_that_is_accepted(filled):
    put(filled, price_file(MARCH))
    assert state(filled) == "refused"
    put(filled, price_file([date(2025, 4, 1)]), "price.add.csv")
    reports = accept(filled)
    assert (reports["price.add.csv"].state, reports["price.csv"].state) == ("accepted", "refused")
    assert (filled.reference / "price.csv").read_bytes() == price_file(MARCH)
    assert [one.file for one in refused_files(filled)] == ["price.csv"]


def test_a_part_that_is_still_being_written_waits(filled):
    path = put(filled, price_file([date(2025, 4, 1)]), "price.add.csv")
    written = path.stat().st_mtime
    early = NOW.fromtimestamp(written + 5, NOW.tzinfo)
    assert [r.state for r in reference.accept(filled, early) if r.file == "price.add.csv"] == ["unsettled"]
    assert path.exists()
    late = NOW.fromtimestamp(written + 31, NOW.tzinfo)
    assert [r.state for r in reference.accept(filled, late) if r.file == "price.add.csv"] == ["accepted"]


@pytest.mark.parametrize(
    "file", ["price-2025-04.csv", "prices.csv", "Price.csv", "price.xlsx", "price.CSV", "kurs.xml"]
)
def test_a_table_that_no_name_fits_is_reported(filled, file):
    put(filled, b"anything", file)
    report = accept(filled)[file]
    assert [problem.fault for problem in report.problems] == [Fault.UNKNOWN_NAME]
    (refused,) = refused_files(filled)
    assert refused.file == file
    (filled.reference / file).unlink()
    accept(filled)
    assert refused_files(filled) == ()


@pytest.mark.parametrize(
    "file", [".price.csv", "~$price.xlsx", "price.csv.part", "price.csv.tmp", "notes.md", "price.errors.txt"]
)
def test_what_is_no_table_is_not_reported(filled, file):
    put(filled, b"anything", file)
    accept(filled)
    assert refused_files(filled) == ()


def test_a_command_sets_aside_what_was_never_accepted(filled):
    put(filled, b"date;asset\nsomething unreadable")
    assert state(filled) == "refused"
    checked, report = reference.add(filled, "price", SAME["one day more"], NOW)
    assert report.state == "accepted"
    assert report.set_aside.read_bytes() == b"date;asset\nsomething unreadable"
    assert refused_files(filled) == ()
    assert checked.count("added") == 1


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("mode", Mode)
def test_a_kill_at_any_write_leaves_one_version_or_none(office, monkeypatch, mode):
    """The next run finishes what was begun; a version is whole or not there."""
    content = {"whole": SAME["one day more"], "replace": price_file(MARCH)}.get(mode, price_file(MARCH[:3], more=1))
    if mode is Mode.ADD:
        content = price_file([date(2025, 4, 1)])
    steps = 0
    while True:
        settings = Settings(home=office.settings.home / f"{mode}-{steps}")
        put(settings, WHOLE)
        assert state(settings) == "accepted"
        before = prices(settings)
        left = [steps]
        with monkeypatch.context() as patched:
            for owner, name in ((files, "flush_to_disk"), (Path, "unlink")):
                patched.setattr(owner, name, killing(getattr(owner, name), left))
            try:
                reference.add(settings, "price", content, NOW, mode)
                finished = True
            except Killed:
                finished = False
        after = prices(settings)
        reports = accept(settings)
        settled = prices(settings)
        wanted = _prices_in(propose("price", content, mode, WHOLE).content)
        assert after in (before, wanted)
        assert settled in (before, wanted)
        assert settled == wanted or after == before
        assert "refused" not in {report.state for report in reports.values()}
        assert reference.version_count(settings, "price") == (1 if settled == before else 2)
        if finished:
            assert settled == wanted
            return
        steps += 1


def killing(function, left):
    def run(*arguments, **keywords):
        if left[0] == 0:
            raise Killed
        left[0] -= 1
        return function(*arguments, **keywords)

    return run


cells = st.fixed_dictionaries({
    "day": st.sampled_from(MARCH[:6]), "asset": st.sampled_from(["BTC", "LTC", "ETH"]), "price": st.integers(1, 3),
})  # fmt: skip
tables = st.lists(cells, max_size=12, unique_by=lambda row: (row["day"], row["asset"]))


@given(before=tables, after=tables, adds=st.booleans(), replaces=st.booleans())
@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_day_goes_and_no_value_changes_unless_it_is_said(before, after, adds, replaces):
    held, given_rows = (
        {(row["day"], row["asset"]): Decimal(row["price"]) for row in table} for table in (before, after)
    )
    proposal = propose("price", _csv(after), Mode.of(adds, replaces), _csv(before))
    made = _prices_in(proposal.content)
    if proposal.problems:
        assert not replaces
        assert {problem.fault for problem in proposal.problems} <= {Fault.DAYS_LOST, Fault.VALUES_DIFFER}
        lost = sum(problem.count for problem in proposal.problems)
        gone = held.keys() - given_rows.keys()
        other = {key for key in held.keys() & given_rows.keys() if held[key] != given_rows[key]}
        assert lost == len(other if adds else gone) > 0
    elif adds:
        assert made == held | given_rows
        assert replaces or made.items() >= held.items()
    else:
        assert made == given_rows
        assert replaces or made.keys() >= held.keys()


def _prices_in(content: bytes) -> dict[tuple[date, str], Decimal]:
    return {(row["date"], row["asset"]): row["price"] for row in examine("price", content)[0]}


def _csv(table: list[dict[str, object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(PRICE.split(","))
    writer.writerows([row["day"], row["asset"], row["price"], "USD", ""] for row in table)
    return text.getvalue().encode()


def test_cells_of_a_merged_version_are_as_they_were_written(office):
    settings = office.settings
    long = "0.12345678901234567890"
    put(settings, f"date;asset;price;currency;source;note\n2025-01-06;Биткоин;{long};usd;НБ; a\n".encode())
    assert state(settings) == "accepted"
    put(settings, f'{PRICE}\n2025-01-07,BTC,0100.50,USD,"a; ""b"""\n'.encode(), "price.add.csv")
    assert state(settings, "price.add.csv") == "accepted"
    assert (settings.reference / "price.csv").read_text("utf-8").splitlines() == [
        "date,asset,price,currency,source,note",
        f"2025-01-06,Биткоин,{long},usd,НБ,a",
        '2025-01-07,BTC,0100.50,USD,"a; ""b""",',
    ]


def test_registers_are_added_to_by_row(office):
    settings = office.settings
    office.reference("licence", "licence_no,miner_id,issued_on,expires_on", f"1,{MINER},2024-01-01,")
    assert state(settings, "licence.csv") == "accepted"
    heading = b"licence_no,miner_id,issued_on,expires_on\n"
    put(settings, heading + f"1,{MINER},2024-01-01,2025-01-01\n".encode(), "licence.add.csv")
    report = accept(settings)["licence.add.csv"]
    assert [(p.fault, p.found, p.expected) for p in report.problems] == [
        (Fault.VALUES_DIFFER, "1", "expires_on — → 2025-01-01")
    ]
    put(settings, heading + f"2,{MINER},2025-01-01,\n".encode(), "licence.add.csv")
    assert state(settings, "licence.add.csv") == "accepted"
    assert [row["licence_no"] for row in reference.rows_in_force(settings, "licence")] == ["1", "2"]


def jump_file(*prices: int, first: int = 1, asset: str = "BTC") -> bytes:
    lines = [f"2025-04-{day:02d},{asset},{price},USD,x" for day, price in enumerate(prices, start=first)]
    return ("\n".join([PRICE, *lines]) + "\n").encode()


@pytest.mark.parametrize(
    ("prices", "asked"),
    [
        ((131, 132), []),
        ((170, 221), []),  # 30 % of 131 is 39.3, of 170 is 51
        ((171,), ["2025-03-31 131 → 2025-04-01 171"]),
        ((91,), ["2025-03-31 131 → 2025-04-01 91"]),
        ((92, 119, 84), []),
        ((92, 119, 83), ["2025-04-02 119 → 2025-04-03 83"]),
    ],
)
def test_a_price_that_jumps_from_the_day_before_is_a_question(filled, prices, asked):
    content = jump_file(*prices)
    checked, report = reference.add(filled, "price", content, NOW, Mode.ADD)
    assert [problem.expected for problem in checked.problems] == asked
    assert {problem.fault for problem in checked.problems} <= {Fault.PRICE_JUMP}
    assert (report is None) == bool(asked)
    if asked:
        assert not prices_of_april(filled)
        checked, report = reference.add(filled, "price", content, NOW, Mode.ADD_REPLACE)
        assert [(problem.fault, problem.expected) for problem in checked.warnings] == [(Fault.PRICE_JUMPED, asked[0])]
    assert report.state == "accepted"
    assert len(prices_of_april(filled)) == len(prices)


def test_a_jump_before_days_in_force_is_asked_about_and_none_twice(filled):
    assert reference.add(filled, "price", jump_file(500, first=3), NOW, Mode.ADD_REPLACE)[1].state == "accepted"
    assert reference.add(filled, "price", jump_file(510, first=4), NOW, Mode.ADD)[1].state == "accepted"
    checked, _ = reference.add(filled, "price", jump_file(132, first=2), NOW, Mode.ADD)
    assert [problem.expected for problem in checked.problems] == ["2025-04-02 132 → 2025-04-03 500"]
    checked, _ = reference.add(filled, "price", jump_file(131), NOW, Mode.ADD)
    assert [problem.expected for problem in checked.problems] == ["2025-04-01 131 → 2025-04-03 500"]


def test_other_currencies_and_assets_are_not_compared(filled):
    other = jump_file(50000).replace(b"USD", b"KZT")
    assert reference.add(filled, "price", other, NOW, Mode.ADD)[1].state == "accepted"
    assert reference.add(filled, "price", jump_file(7, asset="DOGE"), NOW, Mode.ADD)[1].state == "accepted"


def test_a_file_put_there_by_hand_is_warned_about(filled):
    put(filled, jump_file(500), "price.add.csv")
    report = accept(filled)["price.add.csv"]
    assert (report.state, [problem.fault for problem in report.warnings]) == ("accepted", [Fault.PRICE_JUMPED])


def prices_of_april(settings: Settings) -> list[Decimal]:
    return [price for (day, asset), price in prices(settings).items() if day.month == 4 and asset == "BTC"]
