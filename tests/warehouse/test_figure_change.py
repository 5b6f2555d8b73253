"""Why a figure changed: income_entry, income_change and the figures as reported on a moment (paras 3, 6 and 11)."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import duckdb
import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from esep.config import Settings
from esep.office import events
from esep.warehouse import build, checks, load, published, work
from esep.warehouse.errors import LoadError, WarehouseError
from esep.warehouse.rebuild import rebuild
from proof.proved_office import reseal
from warehouse.reported_plan import Plan, as_reported, changes, difference, fresh_office
from warehouse.warehouse_office import MINER, NOW, OTHER_POOL, moment, row

D = Decimal
FIRST_PRICES = {(0, "BTC"): "10", (0, "LTC"): "2"}
MORE_PRICES = {(0, "BTC"): "12.5", (0, "LTC"): "2", (1, "BTC"): "13"}
TABLES = (
    "annual_income",
    "income_entry",
    "internal.income_part",
    "internal.daily_asset",
    "internal.in_force_span",
    "examination",
    "internal.earlier_row",
    "reference_history",
    "price_history",
    "exchange_rate_history",
    "distribution_value",
    "internal.figure_revision",
)


def content(connection) -> dict[str, list[tuple[object, ...]]]:
    return {name: sorted(connection.execute(f"select * from {name}").fetchall(), key=repr) for name in TABLES}


def entries(office, columns: str = "cause, reference, income_kzt_difference", asset: str = "BTC"):
    return office.query(
        f"select moment::date::varchar, {columns} from income_change('{MINER}', 2025, '-infinity', 'infinity') "
        f"where role = 'miner' and asset = '{asset}'"
    )


def sha8(office, name: str, version: int) -> str:
    ((sha256,),) = office.query("select sha256 from reference_history where name = ? and version_no = ?", name, version)
    return sha256[:8]


def must_agree(connection, plan: Plan, days: list[str]) -> None:
    """What the plan says equals what is reported, and the entries between two moments are the difference."""
    moments = [moment(day) for day in days]
    for at in moments:
        assert as_reported(connection, at) == plan.reported(at), at
    for since, until in [*pairwise(moments), (moments[0], moments[-1])]:
        assert changes(connection, since, until) == difference(plan.reported(since), plan.reported(until)), (
            since,
            until,
        )
    assert as_reported(connection) == plan.reported(NOW)


def must_be_the_same_rebuilt(office) -> None:
    with published.connect(office.settings) as connection:
        before = content(connection)
    rebuild(office.settings, NOW)
    with published.connect(office.settings) as connection:
        assert content(connection) == before


def test_a_year_in_which_everything_happens(office):
    plan = Plan(office)
    plan.price_version("2025-02-01", FIRST_PRICES)
    plan.rate_version("2025-02-01", {0: "500"})
    first = plan.file("2025-02-10", ((0, "BTC", "1"), (0, "LTC", "5"), (1, "BTC", "0.00000001")))
    refused = plan.file("2025-02-12", ((0, "BTC", "7"),), pool=OTHER_POOL, verdict="refused")
    correction = plan.file("2025-02-20", ((0, "BTC", "2"), (1, "BTC", "3")))
    plan.overrule("2025-02-22", refused)
    office.refresh(moment("2025-02-23"))
    plan.price_version("2025-03-01", MORE_PRICES)
    plan.rate_version("2025-03-05", {0: "510"})
    office.refresh(moment("2025-03-05"))
    plan.reexamine("2025-03-07", correction, ((0, "BTC", "2"), (1, "BTC", "4"), (1, "ETH", "1")))
    plan.price_version("2025-04-01", FIRST_PRICES | {(0, "BTC"): "20"})
    plan.rate_version("2025-04-01", {0: "520", 1: "530"})
    office.refresh(moment("2025-04-01"))
    late = plan.file("2025-04-05", ((0, "BTC", "100"),), received="2025-01-15", period="2024-12-01")
    office.refresh(NOW)

    price = {number: f"price {sha8(office, 'price', number)}" for number in (2, 3)}
    rate = {number: f"exchange_rate {sha8(office, 'exchange_rate', number)}" for number in (2, 3)}
    assert entries(office) == [
        ("2025-01-15", "new", late.number, D(100 * 10 * 500)),
        ("2025-02-10", "new", first.number, D(5000)),  # the satoshi of the 8th has no price yet
        ("2025-02-20", "correction", correction.number, D(2 * 10 * 500 - 5000)),
        ("2025-02-22", "overruled", refused.number, D(7 * 10 * 500)),
        # 2.5 more for those of the 6th, in three filings; 13 for those of the 8th, which had none
        ("2025-03-01", "price", price[2], D("2.5") * 7 * 500),
        ("2025-03-01", "price", price[2], D("2.5") * 2 * 500 + 3 * 13 * 500),
        ("2025-03-01", "price", price[2], D("2.5") * 100 * 500),
        ("2025-03-05", "exchange_rate", rate[2], D("12.5") * 7 * 10),
        ("2025-03-05", "exchange_rate", rate[2], (D("12.5") * 2 + 13 * 3) * 10),
        ("2025-03-05", "exchange_rate", rate[2], D("12.5") * 100 * 10),
        ("2025-03-07", "reexamination", f"{correction.number} examination 2", D(1 * 13 * 510)),
        # at one moment: the price first at the old rate, then the rate at the new price
        ("2025-04-01", "price", price[3], D("7.5") * 7 * 510),
        ("2025-04-01", "price", price[3], D("7.5") * 2 * 510 - 4 * 13 * 510),  # the price of the 8th is gone
        ("2025-04-01", "price", price[3], D("7.5") * 100 * 510),
        *(("2025-04-01", "exchange_rate", rate[3], D(20) * quantity * 10) for quantity in (7, 2, 100)),
    ]
    assert entries(office, "cause, unvalued_difference", "ETH") == [("2025-03-07", "reexamination", D(1))]
    obliged = "select sum(quantity_to_sell_difference) from income_entry where role = '{}'"
    assert office.query(obliged.format("miner")) == office.query("select sum(quantity_to_sell) from sale_obligation")
    assert office.query(obliged.format("pool")) == [(D(0),)]
    days = ["01-01", "02-11", "02-21", "02-22", "03-02", "03-06", "03-08", "04-01"]
    with published.connect(office.settings) as connection:
        must_agree(connection, plan, [f"2025-{day}" for day in days])
    miners = "select sum(income_kzt_difference) from income_change(?, 2025, timestamptz '2025-02-22', '2025-04-01')"
    later, earlier = (plan.reported(moment(day))["miner", MINER, "BTC"][2] for day in ("2025-04-01", "2025-02-22"))
    assert office.query(f"{miners} where role = 'miner' and asset = 'BTC'", MINER) == [(later - earlier,)]
    must_be_the_same_rebuilt(office)


def test_causes_of_filings_are_those_of_their_time(office):
    rows = [row("2025-01-06")]
    plan = Plan(office)
    refused = plan.file("2025-02-10", ((0, "BTC", "1"),), verdict="refused")
    refiled = plan.file("2025-02-12", ((0, "BTC", "2"),))
    plan.overrule("2025-02-14", refused)  # too late to bring anything: a later filing is in force
    alone = office.file("2025-02-15", rows, pool=None, period=None)
    also_alone = office.file("2025-02-16", rows, pool=None, period=None)
    corrected = plan.file("2025-02-20", ((0, "BTC", "4"),))
    plan.reexamine("2025-03-01", corrected, ((0, "BTC", "4"),), verdict="refused")  # what it replaced is back
    plan.reexamine("2025-03-05", refiled, ((0, "BTC", "3"),))
    plan.overrule("2025-03-08", corrected)
    office.refresh(NOW)
    assert entries(office, "cause, reference, registration_no, quantity_difference") == [
        ("2025-02-12", "refiling", refiled.number, refiled.number, D(2)),
        ("2025-02-15", "new", alone, alone, D(1)),
        ("2025-02-16", "new", also_alone, also_alone, D(1)),
        ("2025-02-20", "correction", corrected.number, corrected.number, D(2)),
        ("2025-03-01", "reexamination", f"{corrected.number} examination 2", corrected.number, D(-2)),
        ("2025-03-05", "reexamination", f"{refiled.number} examination 2", refiled.number, D(1)),
        ("2025-03-08", "overruled", corrected.number, corrected.number, D(1)),
    ]
    must_be_the_same_rebuilt(office)


def test_a_re_examination_that_finds_another_month_takes_the_figures_there(office):
    number = office.file("2025-02-10", [row("2025-01-06")])
    office.examine(number, [row("2025-01-06")], period="2025-02-01", examination_no=2, examined_at=moment("2025-03-01"))
    office.refresh()
    reported = "select period::varchar, cause, quantity_difference from income_entry where role = 'miner' order by all"
    assert office.query(reported) == [
        ("2025-01-01", "new", D(1)),
        ("2025-01-01", "reexamination", D(-1)),
        ("2025-02-01", "reexamination", D(1)),
    ]


def test_units_to_sell_add_up_where_each_filing_by_itself_would_not(office):
    office.file("2025-02-10", [row("2025-01-06", quantity="0.00000001")])
    office.file("2025-02-11", [row("2025-01-06", quantity="0.00000001")], pool=OTHER_POOL)
    office.file("2025-02-12", [row("2025-01-06", quantity="0.00000002")], period="2025-02-01")
    office.refresh()
    reported = "select quantity_to_sell_difference from income_entry where role = 'miner' order by moment"
    assert office.query(reported) == [(D("1E-8"),), (D("1E-8"),), (D("1E-8"),)]  # 0.75, 1.5 and 3 satoshi: 1, 2 and 3


def test_an_earlier_version_is_read_as_it_was_accepted_and_stops_the_load_when_damaged(office):
    folder = office.settings.reference / "accepted" / "price"
    plan = Plan(office)
    plan.price_version("2025-02-01", FIRST_PRICES)
    plan.price_version("2025-03-01", MORE_PRICES)
    first = min(folder.glob("*.csv"))
    plain = first.read_bytes()
    # What a rule of today would refuse, as one of the day of acceptance let it pass: the row is left out.
    written = plain.replace(b"test", b'"te\nst"').replace(b",2,USD", b",two,USD")
    record = first.with_suffix(".json")
    record.write_text(record.read_text().replace(sha256(plain).hexdigest(), sha256(written).hexdigest()))
    reseal(office.settings.home)
    first.write_bytes(written)
    office.refresh()
    reported = "select asset, price, known_to < '9999-12-31' from price_history order by asset, known_to"
    assert office.query(reported) == [
        ("BTC", D(10), True),
        ("BTC", D("12.5"), False),
        ("BTC", D(13), False),
        ("LTC", D(2), False),
    ]
    first.write_bytes(plain)
    with pytest.raises(WarehouseError, match=rf"{first.name}: its bytes are not those"):
        rebuild(office.settings, NOW)


def test_rows_of_an_earlier_examination_that_are_lost_leave_the_figures_of_now_alone(office):
    plan = Plan(office)
    filed = plan.file("2025-02-10", ((0, "BTC", "1"),))
    plan.reexamine("2025-03-01", filed, ((0, "BTC", "3"),))
    office.refresh()
    reported = entries(office, "cause, quantity_difference")
    assert reported == [("2025-02-10", "new", D(1)), ("2025-03-01", "reexamination", D(2))]
    next((office.settings.lake / "distribution").rglob(f"{filed.number}.parquet")).unlink()
    with pytest.raises(LoadError, match=f"{filed.number}.parquet: it is missing"):
        rebuild(office.settings, NOW)
    given_up = {"examination_no": 1}
    events.append(office.folder(filed.number), "examination_lost", NOW, "А. Қарашаева", given_up)
    office.refresh()
    assert office.query("select examination_no, rows_lost from examination order by 1") == [(1, True), (2, False)]
    assert entries(office, "cause, quantity_difference") == [("2025-03-01", "reexamination", D(3))]
    assert office.query("select quantity from annual_income where role = 'miner'") == [(D(3),)]
    reported = entries(office, "cause, quantity_difference")
    rebuild(office.settings, NOW)
    assert entries(office, "cause, quantity_difference") == reported


def test_a_wrong_price_that_was_replaced_stops_nothing(office):
    plan = Plan(office)
    absurd = {(0, "BTC"): "1000000000"}
    plan.price_version("2025-02-01", FIRST_PRICES)
    plan.rate_version("2025-02-01", {0: "500"})
    number = office.file("2025-02-10", [row("2025-01-06", quantity="1000") for _ in range(1100)])
    plan.price_version("2025-03-01", FIRST_PRICES | absurd)
    plan.price_version("2025-03-02", FIRST_PRICES)
    office.refresh()
    sound, all_units = D(1100 * 1000 * 10 * 500), D(1100 * 1000)
    assert entries(office, "registration_no, unvalued_difference, income_kzt_difference") == [
        ("2025-02-10", number, D(0), sound),
        ("2025-03-01", number, all_units, -sound),
        ("2025-03-02", number, -all_units, sound),
    ]


def test_the_check_finds_entries_that_do_not_add_up(office):
    plan = Plan(office)
    plan.file("2025-02-10", ((0, "BTC", "1"),))
    plan.file("2025-02-20", ((0, "BTC", "2"),))
    office.refresh()
    with work.opened(office.settings) as connection:
        path = office.settings.sql / "checks" / "income_entry_sums.sql"
        connection.execute("insert into internal.filing_unchecked select filing_key from internal.registered")
        assert checks.bad_rows(connection, path) == []
        never = "update examination set accepted_from = internal.last_moment() where registration_no like '%2'"
        connection.execute(never)
        assert checks.bad_rows(connection, path)


def reported_by_other_code(office, *statements: str) -> None:
    """As if other code had published: its snapshot has another fingerprint and tells other figures."""
    with duckdb.connect(str(office.settings.snapshot)) as connection:
        connection.execute("update build set fingerprint = 'otherother', code_version = '0.9'")
        for statement in statements:
            connection.execute(statement)
    work.discard(office.settings)


BY_OTHER_CODE = (
    "update internal.income_part set income_kzt = income_kzt + 7 where role = 'miner'",
    "update internal.income_part set quantity = quantity - 0.5, unvalued_quantity = unvalued_quantity - 0.5 "
    "where role = 'pool'",
)
REVISED = [("2025-02-10", "new", D(17), None), ("2026-03-02", "code_version", D(-7), None)]


def revised(office):
    with published.connect(office.settings) as connection:
        ((code_version,),) = connection.execute("select code_version from build").fetchall()
        rows = connection.execute(
            "select moment::date::varchar, cause, income_kzt_difference, nullif(reference, ?) from income_entry "
            "where role = 'miner' order by moment",
            [code_version],
        ).fetchall()
        return [(*line[:3], None if line[1] == "new" else line[3]) for line in rows]


def test_what_other_code_tells_otherwise_is_an_entry_of_its_own(office):
    office.prices("2025-01-06,BTC,10,KZT")
    number = office.file("2025-02-10", [row("2025-01-06", reward="1")])
    office.refresh()
    reported_by_other_code(office, *BY_OTHER_CODE)
    office.file("2025-02-20", [row("2025-01-06")], pool=OTHER_POOL)  # unknown to the old snapshot: not compared
    later = moment("2026-03-02")
    assert office.refresh(later).publish.published
    revisions = "select registration_no, role, quantity_difference, unvalued_difference, income_kzt_difference"
    assert office.query(f"{revisions} from internal.figure_revision order by role") == [
        (number, "miner", D(0), D(0), D(-7)),
        (number, "pool", D("0.5"), D("0.5"), D(0)),
    ]
    assert [line for line in revised(office) if line[0] != "2025-02-20"] == REVISED
    for at, income in (("2026-03-01", 10 + 7 + 10), ("2026-03-03", 10 + 10)):
        reported = f"select sum(income_kzt) from annual_income_as_reported_on('{at}') where role = 'miner'"
        assert office.query(reported) == [(D(income),)]
    must_be_the_same_rebuilt(office)
    reported_by_other_code(office)  # the same figures by other code: nothing to tell
    office.refresh(moment("2026-03-04"))
    assert office.query("select max(revision_no), count(*) from internal.figure_revision") == [(1, 2)]
    assert len(list((office.settings.lake / "figure_revision").glob("*.parquet"))) == 1


@pytest.mark.parametrize("killed", ["before the new snapshot is in place", "after it"])
def test_a_publication_by_other_code_that_is_killed_records_once(office, monkeypatch, killed):
    office.prices("2025-01-06,BTC,10,KZT")
    office.file("2025-02-10", [row("2025-01-06")])
    office.refresh()
    reported_by_other_code(office, *BY_OTHER_CODE)
    with monkeypatch.context() as patch:
        name = "files.copy" if killed.startswith("before") else "revision.confirm"
        patch.setattr(f"esep.warehouse.published.{name}", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            office.refresh(moment("2026-03-02"))
    assert [path.suffix for path in (office.settings.lake / "figure_revision").iterdir()] == [".pending"]
    office.refresh(moment("2026-03-02"))
    assert revised(office) == REVISED
    must_be_the_same_rebuilt(office)
    kept = sorted(path.suffix for path in (office.settings.lake / "figure_revision").iterdir())
    assert kept == [".json", ".parquet"]  # the rows and their sealed record


def test_a_snapshot_of_another_shape_is_replaced_without_a_word(office):
    office.file("2025-02-10", [row("2025-01-06")])
    office.refresh()
    reported_by_other_code(office, "drop table internal.figure_revision cascade")
    assert office.refresh(moment("2026-03-02")).publish.published
    assert office.query("select count(*) from internal.figure_revision") == [(0,)]


PRICES = st.dictionaries(
    st.tuples(st.sampled_from([0, 1]), st.sampled_from(["BTC", "LTC"])), st.sampled_from(["10", "12.5", "0.003"])
)
RATES = st.dictionaries(st.sampled_from([0, 1]), st.sampled_from(["500", "510.25"]))
ROWS = st.lists(
    st.tuples(
        st.sampled_from([0, 1]), st.sampled_from(["BTC", "LTC", "ETH"]), st.sampled_from(["1", "0.00000003", "2.5"])
    ),
    min_size=1,
    max_size=3,
).map(tuple)
VERDICTS = st.sampled_from(["accepted", "accepted", "refused"])
STEPS = st.lists(
    st.tuples(
        st.one_of(
            st.tuples(st.just("file"), ROWS, VERDICTS, st.booleans(), st.booleans()),
            st.tuples(st.just("reexamine"), st.integers(0, 9), ROWS, VERDICTS),
            st.tuples(st.just("overrule"), st.integers(0, 9)),
            st.tuples(st.just("price"), PRICES),
            st.tuples(st.just("rate"), RATES),
            st.tuples(st.just("both"), PRICES, RATES),
        ),
        st.booleans(),
    ),
    min_size=4,
    max_size=9,
)


def play(plan: Plan, at: str, kind: str, *facts) -> None:
    """One step of a plan; decisions about filings that do not exist are left out."""
    if kind == "file":
        rows, verdict, is_late, is_other = facts
        received = (moment(at) - timedelta(days=7, hours=1)).replace(tzinfo=None).isoformat() if is_late else None
        pool = {"pool": OTHER_POOL} if is_other else {}
        plan.file(at, rows, verdict=verdict, received=received, **pool)
    elif kind == "price":
        plan.price_version(at, facts[0])
    elif kind == "rate":
        plan.rate_version(at, facts[0])
    elif kind == "both":
        plan.price_version(at, facts[0])
        plan.rate_version(at, facts[1])
    elif plan.filed:
        filed = plan.filed[facts[0] % len(plan.filed)]
        if kind == "reexamine":
            plan.reexamine(at, filed, facts[1], facts[2])
        elif filed.examinations[-1].verdict == "refused":
            plan.overrule(at, filed)


def figures(settings: Settings, at: str) -> None:
    """Load and work out, as the steps before the checks do."""
    load.load(settings, moment(at))
    build.build_marts(settings, moment(at))


@given(steps=STEPS)
@hypothesis.settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_course_of_events(empty_work, steps):
    with fresh_office(Path(tempfile.mkdtemp()) / "home", empty_work) as office:
        plan = Plan(office)
        with work.opened(office.settings) as connection:
            for number, (step, is_loaded) in enumerate(steps, start=1):
                at = f"2025-03-{2 * number:02d}"
                play(plan, at, *step)
                if is_loaded or number == len(steps):
                    figures(office.settings, at)
            must_agree(connection, plan, [f"2025-03-{2 * number + 1:02d}" for number in range(len(steps) + 1)])
            assert checks.run(office.settings).checks
            one_by_one = content(connection)
        work.discard(office.settings)
        shutil.copytree(empty_work, work.folder(office.settings))
        with work.opened(office.settings) as connection:
            figures(office.settings, at)
            assert content(connection) == one_by_one
