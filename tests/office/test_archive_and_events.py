from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep import files
from esep.clock import TIMEZONE
from esep.office import archive, events
from esep.office.archive import RECIPIENTS, LeftOut, Receipt, ReceivedFile

MOMENT = datetime(2025, 2, 20, 10, 15, 0, 5, tzinfo=TIMEZONE)


def test_an_archive_that_does_not_exist_is_empty(office):
    assert list(archive.registered(office.settings)) == []


def test_only_filings_are_listed(office):
    office.file("b", "b", stamp={"received_at": "2024-05-01T10:00:00"})
    office.file("a", "a", stamp={"received_at": "2025-05-01T10:00:00"})
    office.run()
    for name in ("2025/2024-000009", "2025/notes", "lost+found", "2025/2025-1", ".staging/x/2025-000003"):
        (office.settings.archive / name).mkdir(parents=True)
    assert office.numbers() == ["2024-000001", "2025-000001"]


def test_order_of_arrival_is_not_that_of_numbers(office):
    for name, day in (("a", "2025-05-02"), ("b", "2025-05-01"), ("c", "2025-05-01")):
        office.file(name, name, stamp={"received_at": f"{day}T10:00:00"})
        office.run()
    ordered = archive.in_order_of_arrival(archive.registered(office.settings))
    assert [entry.number for entry in ordered] == ["2025-000002", "2025-000003", "2025-000001"]


def test_one_entry_and_its_verdicts(office):
    office.file("a", "a")
    office.run()
    entry = archive.entry(office.settings, "2099-000001")
    assert entry.verdict is None
    assert entry.verdicts == ()
    for name, verdict in (("verdict.json", 1), ("verdict-2.json", 2), ("verdict-10.json", 10), ("verdict-x.json", 0)):
        files.write_json(entry.folder / name, {"examination_no": verdict})
    (entry.folder / "verdict-11.json.ab.tmp").write_text("{")
    assert [verdict["examination_no"] for verdict in entry.verdicts] == [1, 2, 10]
    assert entry.verdict == {"examination_no": 10}


@pytest.mark.parametrize("number", ["2099-000002", "2099-1", "../2099", "", "2099-000001/..", "٢٠٩٩-000001"])
def test_a_number_that_is_not_registered(office, number):
    with pytest.raises(archive.ArchiveError):
        archive.entry(office.settings, number)


def test_damaged_files_are_named(office):
    office.file("a", "a")
    office.run()
    entry = archive.entry(office.settings, "2099-000001")
    (entry.folder / "verdict.json").write_text("[]")
    with pytest.raises(archive.ArchiveError, match=r"verdict\.json"):
        _ = entry.verdict
    (entry.folder / "receipt.json").write_text("{")
    with pytest.raises(archive.ArchiveError, match=r"receipt\.json"):
        _ = archive.entry(office.settings, "2099-000001").receipt


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
moments = st.timedeltas(timedelta(), timedelta(days=20_000)).map(lambda passed: MOMENT + passed)
receipts = st.builds(
    Receipt,
    registration_no=texts,
    received_at=moments,
    registered_on=st.dates(),
    registered_at=moments,
    incoming_no=st.none() | texts,
    change_date=st.none() | st.dates(),
    stamp=st.none() | st.dictionaries(texts, st.none() | st.booleans() | st.integers() | texts, max_size=3),
    stamp_error=st.none() | texts,
    source_name=texts,
    package_sha256=texts,
    files=st.lists(st.builds(ReceivedFile, texts, texts, st.integers()), max_size=3).map(tuple),
    left_out=st.lists(st.builds(LeftOut, texts, texts), max_size=2).map(tuple),
    recipients=st.just(RECIPIENTS),
    arrival_id=texts,
    code_version=texts,
)


@given(receipt=receipts)
def test_a_receipt_survives_its_file(tmp_path_factory, receipt):
    path = tmp_path_factory.mktemp("receipt") / "receipt.json"
    files.write_json(path, receipt.as_dict())
    assert archive.receipt_of(files.read_json(path)) == receipt


@given(receipt=receipts, name=st.sampled_from(["received_at", "registered_at"]))
def test_a_moment_of_a_receipt_needs_its_zone(receipt, name):
    moment = getattr(receipt, name).replace(tzinfo=None)
    with pytest.raises(ValueError, match=name):
        archive.receipt_of(receipt.as_dict() | {name: moment.isoformat()})


@pytest.fixture
def filing(tmp_path):
    folder = tmp_path / "archive" / "2099" / "2099-000001"
    folder.mkdir(parents=True)
    return folder


def test_events_are_read_in_order_of_their_moments(filing):
    zones = [UTC, TIMEZONE, timezone(timedelta(hours=-8))]
    for minutes in (5, 0, 60, 1):
        moment = (MOMENT + timedelta(minutes=minutes)).astimezone(zones[minutes % 3])
        events.append(filing, "decision", moment, "А. Бекова", {"minutes": minutes, "text": "қабылданды"})
    events.append(filing, "dispatch", MOMENT + timedelta(minutes=2), "office", {"minutes": 2})
    found = events.read(filing)
    assert [event.data["minutes"] for event in found] == [0, 1, 2, 5, 60]
    assert found[0].at == MOMENT
    assert (found[0].author, found[0].data["text"]) == ("А. Бекова", "қабылданды")
    assert [event.data["minutes"] for event in events.read(filing, "dispatch")] == [2]


def test_events_of_one_moment_do_not_replace_each_other(filing):
    for _ in range(3):
        events.append(filing, "decision", MOMENT, "a", {})
    assert len(events.read(filing)) == 3


def test_no_events_yet(filing):
    assert events.read(filing / "nowhere") == []


@pytest.mark.parametrize("kind", ["", "Decision", "a-b", "../x", "решение", "1a"])
def test_a_kind_is_a_plain_word(filing, kind):
    with pytest.raises(archive.ArchiveError, match="kind"):
        events.append(filing, kind, MOMENT, "a", {})
    assert list(filing.iterdir()) == []


def test_a_moment_needs_its_time_zone(filing):
    with pytest.raises(archive.ArchiveError, match="time zone"):
        events.append(filing, "decision", MOMENT.replace(tzinfo=None), "a", {})


def test_a_damaged_event_is_named(filing):
    path = events.append(filing, "decision", MOMENT, "a", {}).path
    path.write_text("{}")
    with pytest.raises(archive.ArchiveError, match=path.name):
        events.read(filing)


def test_the_journal_keeps_what_belongs_to_no_filing(office):
    assert events.read_journal(office.settings) == []
    events.append_to_journal(office.settings, "silence_confirmed", MOMENT, "А. Бекова", {"pool_id": "230640000008"})
    events.append_to_journal(office.settings, "reminder", MOMENT + timedelta(days=1), "esep", {})
    assert [event.kind for event in events.read_journal(office.settings)] == ["silence_confirmed", "reminder"]
    (event,) = events.read_journal(office.settings, "silence_confirmed")
    assert (event.at, event.data) == (MOMENT, {"pool_id": "230640000008"})
