from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.clock import TIMEZONE
from esep.office.stamp import read_stamp

NOW = datetime(2025, 4, 11, 9, 0, tzinfo=TIMEZONE)


def read(tmp_path, content, now=NOW):
    path = tmp_path / "office.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_stamp(path, now)


def test_a_whole_stamp(tmp_path):
    given_stamp = {"incoming_no": "ВХ-7", "received_at": "2025-02-20T10:15:00+05:00", "change_date": "2025-02-11"}
    found = read(tmp_path, given_stamp)
    assert found.error is None
    assert (found.incoming_no, found.change_date) == ("ВХ-7", date(2025, 2, 11))
    assert found.received_at == datetime(2025, 2, 20, 10, 15, tzinfo=TIMEZONE)
    assert found.given == given_stamp


@pytest.mark.parametrize(
    "text", ["2025-02-20T10:15:00", "2025-02-20 10:15", "2025-02-20T05:15:00Z", "2025-02-20T08:15:00+03:00"]
)
def test_moments_are_local_unless_they_say_otherwise(tmp_path, text):
    assert read(tmp_path, {"received_at": text}).received_at == datetime(2025, 2, 20, 10, 15, tzinfo=TIMEZONE)


def test_absent_values_are_no_fault(tmp_path):
    found = read(tmp_path, {})
    assert (found.incoming_no, found.received_at, found.change_date, found.error) == (None, None, None, None)
    assert found.history is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_of_windows(tmp_path, encoding):
    assert read(tmp_path, '{"incoming_no": "ВХ-7"}'.encode(encoding)).incoming_no == "ВХ-7"


WRONG_DAYS = ["11.02.2025", "2025-13-01", 20250211, "2025-02-11T10:00", "9999-12-31", "2025-02-21", "1999-01-01"]


@pytest.mark.parametrize("change_date", WRONG_DAYS)
def test_a_wrong_change_date_takes_nothing_else_along(tmp_path, change_date):
    given = {"incoming_no": "ВХ-7", "received_at": "2025-02-20T10:15:00+05:00", "change_date": change_date}
    found = read(tmp_path, given)
    assert (found.incoming_no, found.received_at.isoformat()) == ("ВХ-7", "2025-02-20T10:15:00+05:00")
    assert found.change_date is None
    assert "change_date" in found.error
    assert "left out" in found.error


def test_a_change_on_the_day_of_arrival_is_possible(tmp_path):
    given = {"received_at": "2025-02-20T23:15:00+00:00", "change_date": "2025-02-21"}  # the 21st in Almaty
    assert read(tmp_path, given).change_date == date(2025, 2, 21)


def test_a_wrong_incoming_number_takes_nothing_else_along(tmp_path):
    found = read(tmp_path, {"received_at": "2025-02-20T10:15:00+05:00", "incoming_no": ["1"]})
    assert found.received_at is not None
    assert (found.incoming_no, "incoming_no" in found.error) == (None, True)


@pytest.mark.parametrize(("value", "history"), [(True, True), (False, False)])
def test_history_is_what_the_stamp_says(tmp_path, value, history):
    found = read(tmp_path, {"received_at": "2025-02-20T10:15:00+05:00", "history": value})
    assert (found.history, found.error) == (history, None)


@pytest.mark.parametrize(
    ("value", "written"),
    [("yes", '"yes"'), ("true", '"true"'), (1, "1"), (0, "0"), (None, "null"), ([True], "[true]"), ({}, "{}")],
)
def test_a_wrong_word_for_history_takes_nothing_else_along(tmp_path, value, written):
    found = read(tmp_path, {"incoming_no": "ВХ-7", "received_at": "2025-02-20T10:15:00+05:00", "history": value})
    assert (found.incoming_no, found.received_at.isoformat()) == ("ВХ-7", "2025-02-20T10:15:00+05:00")
    assert found.history is None
    assert f"has history {written}; true or false is expected; it is left out" in found.error


def test_history_needs_the_moment_of_the_former_receipt(tmp_path):
    found = read(tmp_path, {"incoming_no": "ВХ-7", "history": True})
    assert (found.history, found.incoming_no) == (None, "ВХ-7")
    assert "history true without received_at" in found.error
    unusable = read(tmp_path, {"received_at": "yesterday", "history": True})
    assert (unusable.history, unusable.received_at) == (None, None)


BAD = [
    (b"", "not valid JSON"),
    (b"{", "not valid JSON (line 1, column 2); the moment"),
    (b"\xff\xfe\x00", "not valid JSON; the moment"),
    (b'{"incoming_no": NaN}', "not valid JSON"),
    (b'{"x": 1e999}', "not valid JSON"),
    (b'{"incoming_no": "\\ud800"}', "not valid JSON"),
    (b"[" * 200_000, "larger than"),
    (b"[" * 50_000, "not valid JSON"),
    (b"{" + b" " * 70_000 + b"}", "larger than"),
    (b"[]", "no JSON object"),
    (b"null", "no JSON object"),
    ({"received_at": 20250220}, "received_at"),
    ({"received_at": "yesterday"}, "received_at"),
    ({"received_at": "20.02.2025 10:15"}, "received_at"),
    ({"received_at": "0001-01-01T00:00:00+05:00"}, "received_at"),
    ({"received_at": "0205-02-20T10:15:00+05:00"}, "before the order"),
    ({"received_at": "2025-04-11T09:06:00+05:00"}, "future"),
    ({"incoming_no": ["1"]}, "incoming_no"),
    ({"incoming_no": True}, "incoming_no"),
]


@pytest.mark.parametrize(("content", "reported"), BAD, ids=range(len(BAD)))
def test_a_bad_stamp_is_reported_and_not_used(tmp_path, content, reported):
    found = read(tmp_path, content)
    assert reported in found.error
    assert "office.json" in found.error
    assert "moment of registration" in found.error or "left out" in found.error
    assert found.received_at is None
    json.dumps(found.given, allow_nan=False).encode()


def test_a_clock_slightly_ahead_is_no_future(tmp_path):
    ahead = NOW + timedelta(minutes=5)
    assert read(tmp_path, {"received_at": ahead.isoformat()}).received_at == ahead


@given(content=st.binary(max_size=200))
def test_no_bytes_make_it_raise(tmp_path_factory, content):
    found = read(tmp_path_factory.mktemp("stamp"), content)
    assert found.error or isinstance(found.given, dict)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    value=st.fixed_dictionaries(
        {"incoming_no": json_values, "received_at": json_values, "change_date": json_values, "history": json_values}
    )
)
def test_no_values_make_it_raise(tmp_path_factory, value):
    found = read(tmp_path_factory.mktemp("stamp"), value)
    assert found.error or found.given == value
