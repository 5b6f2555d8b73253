"""filing: kind, replaces and status from the order of arrival; terms and lateness."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.warehouse_office import OTHER_POOL, POOL, moment, row

STATES = "select registration_no, status, kind, replaces from filing order by filing_key"


def test_refused_then_refiled_then_corrected(office):
    rows = [row("2025-01-06")]
    office.file("2025-02-10", rows, verdict="refused")
    office.file("2025-02-12", rows)
    office.file("2025-03-01", rows, verdict="refused")
    office.file("2025-03-02", rows)
    office.register("2025-03-03")
    office.refresh()
    assert office.query(STATES) == [
        ("2025-000001", "refused", "new", None),
        ("2025-000002", "superseded", "refiling", "2025-000001"),
        ("2025-000003", "refused", "correction", "2025-000002"),
        ("2025-000004", "accepted", "correction", "2025-000002"),
        ("2025-000005", "registered", "new", None),
    ]
    assert office.query("select verdict, pool_id, decided_at from filing where status = 'registered'") == [
        (None, None, None)
    ]
    assert office.query("select distinct registration_no from distribution") == [("2025-000004",)]


def test_order_is_that_of_arrival_not_of_numbers(office):
    office.file("2025-03-01", [row("2025-01-06", quantity="2")])
    office.file("2025-02-10", [row("2025-01-06", quantity="1")])  # history, taken in later
    office.refresh()
    assert office.query(STATES) == [
        ("2025-000001", "accepted", "correction", "2025-000002"),
        ("2025-000002", "superseded", "new", None),
    ]


def test_pools_and_periods_do_not_meet_and_the_unknown_stand_alone(office):
    rows = [row("2025-01-06")]
    office.file("2025-02-10", rows)
    office.file("2025-02-11", rows, pool=OTHER_POOL)
    office.file("2025-02-12", rows, period="2025-02-01")
    office.file("2025-02-13", rows, pool=None, verdict="refused")
    office.file("2025-02-14", rows, pool=None, verdict="refused")
    office.file("2025-02-15", rows, period=None, verdict="refused")
    office.refresh()
    assert {kind for _, _, kind, _ in office.query(STATES)} == {"new"}
    assert [status for _, status, _, _ in office.query(STATES)] == ["accepted"] * 3 + ["refused"] * 3


def test_terms_and_lateness(office):
    office.file("2025-11-05", [row("2025-09-05")], period="2025-09-01")
    office.file("2025-11-06", [row("2025-09-05")], period="2025-09-01")
    office.file("2025-11-20", [row("2025-09-05")], period="2025-09-01", change_date="2025-10-31")
    office.refresh()
    assert office.query(
        "select registered_on, examine_by, due_on, due_effective_on, days_late from filing order by filing_key"
    ) == [
        # 25 October 2025 is a Saturday, the 27th a day off: the 28th (facts, section 5).
        (date(2025, 11, 5), date(2025, 11, 7), date(2025, 10, 25), date(2025, 10, 28), 8),
        # A correction without a day of change: not determinable.
        (date(2025, 11, 6), date(2025, 11, 10), None, None, None),
        # Ten working days after Friday 31 October: Friday 14 November.
        (date(2025, 11, 20), date(2025, 11, 24), date(2025, 11, 14), date(2025, 11, 14), 6),
    ]


def test_within_rollover_is_what_is_in_time_only_because_the_25th_was_a_day_off(office):
    for pool, day in ((POOL, "2025-10-25"), (OTHER_POOL, "2025-10-27")):
        office.file(day, [row("2025-09-05")], period="2025-09-01", pool=pool)
    office.refresh()
    reported = office.query("select days_late, within_rollover from filing order by filing_key")
    assert reported == [(0, False), (0, True)]


def test_filing_calendar(office):
    office.reference(
        "pool",
        "pool_id,pool_name,accredited_from,accredited_to,email",
        f"{POOL},ТОО «Пул Алатау»,2025-08-15,,a@example.kz",
        f"{OTHER_POOL},ТОО «Пул Тобыл»,2025-08-01,2025-09-30,",
    )
    rows = [row("2025-08-06")]
    office.file("2025-09-10", rows, period="2025-08-01")
    office.file("2025-10-25", rows, period="2025-09-01", verdict="refused")
    office.file("2025-11-10", rows, period="2025-09-01")
    office.file("2025-09-11", rows, period="2025-08-01", pool=OTHER_POOL, verdict="refused")
    office.refresh(moment("2025-12-10"))
    reported = office.query(
        "select pool_id, period::varchar, state, registration_no, first_days_late, accepted_days_late "
        "from filing_calendar order by pool_id, period"
    )
    assert reported == [
        (POOL, "2025-08-01", "on_time", "2025-000001", 0, 0),
        (POOL, "2025-09-01", "late", "2025-000003", 0, 13),
        (POOL, "2025-10-01", "silent", None, None, None),
        (POOL, "2025-11-01", "not_due", None, None, None),
        (OTHER_POOL, "2025-08-01", "refused", "2025-000004", 0, None),
        (OTHER_POOL, "2025-09-01", "silent", None, None, None),
    ]


def expected_states(verdicts: list[str | None]) -> list[tuple[str, str, int | None]]:
    """(status, kind, index replaced) reported by a plain loop."""
    reported = []
    for index, verdict in enumerate(verdicts):
        before = [(i, v) for i, v in enumerate(verdicts[:index]) if v]
        accepted = [i for i, v in before if v == "accepted"]
        refused = [i for i, v in before if v == "refused"]
        kind = "correction" if accepted else "refiling" if refused else "new"
        replaced = accepted[-1] if accepted else refused[-1] if refused else None
        status = verdict or "registered"
        if verdict == "accepted" and "accepted" in verdicts[index + 1 :]:
            status = "superseded"
        reported.append((status, kind, replaced))
    return reported


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["accepted", "refused"]), min_size=1, max_size=8))
def test_any_sequence_of_verdicts(empty_warehouse, verdicts):
    connection = empty_warehouse
    connection.execute("delete from internal.registered")
    connection.execute("delete from examination")
    for index, verdict in enumerate(verdicts):
        number = f"2025-{index + 1:06d}"
        connection.execute(
            "insert into internal.registered by name select ? as registration_no, ? as filing_key,"
            " ?::timestamptz as received_at, date '2025-02-01' as registered_on, now() as registered_at,"
            " date '2025-02-01' as examine_by,"
            " '' as package_sha256, 1 as file_count, false as is_history",
            [number, 2025_000_000_001 + index, f"2025-02-{index + 1:02d}"],
        )
        connection.execute(
            "insert into examination by name select ? as registration_no, ? as filing_key, 1 as examination_no,"
            " true as is_latest, now() as examined_at, ? as verdict, 'p' as pool_id, date '2025-01-01' as period,"
            " 0 as row_count, 0 as excluded_count, '' as ruleset, '' as code_version,"
            " case ? when 'accepted' then timestamptz '2000-01-01' end as accepted_from",
            [number, 2025_000_000_001 + index, verdict, verdict],
        )
    reported = connection.execute("select status, kind, replaces from filing order by filing_key").fetchall()
    assert reported == [
        (status, kind, None if replaced is None else f"2025-{replaced + 1:06d}")
        for status, kind, replaced in expected_states(verdicts)
    ]
    in_force = connection.execute("select registration_no from internal.in_force_as_known_on('infinity')").fetchall()
    accepted = [index for index, verdict in enumerate(verdicts) if verdict == "accepted"]
    assert in_force == [(f"2025-{index + 1:06d}",) for index in accepted[-1:]]


def test_rows_without_a_reward_are_no_excluded_rewards(office):
    nothing = [{**row(f"2025-01-0{n}"), "reward_asset": None} for n in (6, 7)]
    office.file("2025-02-10", nothing)
    given = [row("2025-01-06", reward="0.1"), row("2025-01-07", reward=None)]
    office.file("2025-02-10", given[1:], pool=OTHER_POOL)  # replaced, so it counts nowhere
    office.file("2025-02-11", given, pool=OTHER_POOL)
    office.refresh()
    (ledger,) = office.query(
        "select left_value::int, right_value::int, holds from internal.reconciliation_overall "
        "where identity like '%rewards excluded'"
    )
    assert ledger == (2, 2, True)
