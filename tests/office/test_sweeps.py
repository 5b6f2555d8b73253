"""What consumers of the list of heads look at: each record once, everything once a day or where the list is another."""

from __future__ import annotations

import multiprocessing
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from esep.config import Settings
from esep.office import archive, events, questions, sweeps
from esep.orchestration import tasks
from esep.proof.adoption import adopt
from esep.records import announcing, append, heads, journal
from warehouse.warehouse_office import NOW, Office, row

DAY = date(2026, 3, 1)


@pytest.fixture
def home(tmp_path: Path) -> Office:
    """Three filings, of which two have a verdict."""
    office = Office(Settings(home=tmp_path / "home"), as_history=False)
    for received in ("2025-02-10", "2025-02-11", "2025-02-12"):
        office.register(received)
    for number in ("2025-000001", "2025-000002"):
        office.examine(number, [row("2025-01-05")])
    return office


def swept(settings: Settings, consumer: str = "x", day: date = DAY) -> frozenset[str] | None:
    """What a sweep looks at that leaves nothing open."""
    sweep = sweeps.begin(settings, consumer, day)
    sweep.done()
    return sweep.chains


def event(settings: Settings, number: str, turn: int = 0) -> None:
    events.append(settings.archive / number[:4] / number, "arrived_again", NOW + timedelta(turn), "x", {"turn": turn})


def test_a_sweep_looks_at_what_was_recorded_since_the_last_one(home: Office) -> None:
    assert swept(home.settings) is None
    assert swept(home.settings) == frozenset()
    event(home.settings, "2025-000002")
    events.append_to_journal(home.settings, "reminder_drafted", NOW, "x", {})
    assert sweeps.begin(home.settings, "x", DAY).numbers == {"2025-000002"}
    assert swept(home.settings) == {"archive/2025/2025-000002", "journal"}
    assert swept(home.settings) == frozenset()
    assert swept(home.settings, "y") is None, "each consumer has its own place"


def test_what_was_left_open_is_looked_at_until_it_is_done(home: Office) -> None:
    swept(home.settings)
    event(home.settings, "2025-000001")
    sweep = sweeps.begin(home.settings, "x", DAY)
    sweep.done(left=["archive/2025/2025-000003"])
    event(home.settings, "2025-000002")
    assert sweeps.begin(home.settings, "x", DAY).numbers == {"2025-000002", "2025-000003"}, "a sweep that was killed"
    assert swept(home.settings) == {"archive/2025/2025-000002", "archive/2025/2025-000003"}
    assert swept(home.settings) == frozenset()


def test_everything_is_looked_at_on_another_day_and_by_other_code(home: Office) -> None:
    for day in (DAY, DAY + timedelta(1), DAY, DAY - timedelta(400)):  # a clock may go back
        assert swept(home.settings, day=day) is None
        assert swept(home.settings, day=day) == frozenset()
    assert sweeps.begin(home.settings, "x", DAY - timedelta(400), "other").chains is None
    sweeps.forget(home.settings)
    assert swept(home.settings) is None


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.read_bytes()[:-1].rfind(b"\n") + 1])


def _other_line(path: Path) -> None:
    *before, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(before) + last.replace(b"2025", b"2024"))


def _gone(path: Path) -> None:
    path.unlink()


def _begin_only(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10])


@pytest.mark.parametrize("change", [_cut, _other_line, _gone, _begin_only])
def test_a_list_that_is_another_one_is_not_followed(home: Office, change) -> None:
    swept(home.settings)
    change(heads.path_of(home.settings.home))
    assert swept(home.settings) is None


def test_a_list_of_another_home_is_not_followed(home: Office, tmp_path: Path) -> None:
    other = Office(Settings(home=tmp_path / "other"), as_history=False)
    for received in ("2025-03-10", "2025-03-11", "2025-03-12", "2025-03-13"):
        other.register(received)
    swept(other.settings)
    folder = Path("warehouse", sweeps.FOLDER)
    shutil.copytree(other.settings.home / folder, home.settings.home / folder)
    assert swept(home.settings) is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"mark": [1]}', b'{"context": {}, "mark": ["x", 1], "left": 1}']
)
def test_a_checkpoint_that_cannot_be_read_counts_for_nothing(home: Office, content: bytes) -> None:
    swept(home.settings)
    sweeps.begin(home.settings, "x", DAY).path.write_bytes(content)
    assert swept(home.settings) is None
    assert swept(home.settings) == frozenset()


def test_a_line_that_cannot_be_read_means_everything(home: Office) -> None:
    swept(home.settings)
    with heads.path_of(home.settings.home).open("ab") as file:
        file.write(b"no line\n")
    assert sweeps.begin(home.settings, "x", DAY).chains is None


def test_half_a_line_is_none_yet(home: Office) -> None:
    swept(home.settings)
    with heads.path_of(home.settings.home).open("ab") as file:
        file.write(b"ab" * 32)  # a power cut
    assert swept(home.settings) == frozenset()
    event(home.settings, "2025-000001")
    assert swept(home.settings) == {"archive/2025/2025-000001"}


def test_records_from_before_there_were_hashes_have_no_journal(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    old = tmp_path / "journal" / "20250101T000000.000000Z-reminder_drafted-0.json"
    old.parent.mkdir()
    old.write_text('{"event": "reminder_drafted", "at": "2025-01-01T00:00:00+05:00", "author": "x", "data": {}}')
    Office(settings, as_history=False).register("2025-02-10")
    assert [swept(settings), swept(settings)] == [None, None], "what is added to the old chain has no line"
    adopt(settings, "A. Officer", NOW)
    assert [swept(settings), swept(settings)] == [None, frozenset()]


def test_a_record_is_found_whose_writer_was_killed_before_its_line(home: Office) -> None:
    """Another record of the chain would write the line; the sweep does not wait for one."""
    swept(home.settings)
    path = heads.path_of(home.settings.home)
    before = path.read_bytes()
    event(home.settings, "2025-000002")
    path.write_bytes(before)
    announcing.announce(home.settings.home, "archive/2025/2025-000002")
    assert swept(home.settings) == {"archive/2025/2025-000002"}
    assert announcing.announced(home.settings.home) == []
    assert swept(home.settings) == frozenset()


def test_a_number_that_is_about_to_be_taken_stays_announced(home: Office) -> None:
    announcing.announce(home.settings.home, "archive/2025/2025-000004")
    assert swept(home.settings) is None
    assert announcing.announced(home.settings.home) == ["archive/2025/2025-000004"]
    assert home.register("2025-02-20") == "2025-000004"
    assert swept(home.settings) == {"archive/2025/2025-000004"}
    assert announcing.announced(home.settings.home) == []


def test_batches_opens_no_folder_of_what_has_its_verdict(home: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home.settings
    assert tasks.batches(settings, DAY) == [["2025-000003"]]

    def walk(settings: Settings) -> None:
        raise AssertionError("the archive is walked")

    monkeypatch.setattr(archive, "registered", walk)
    assert tasks.batches(settings, DAY) == [["2025-000003"]], "it is open until it has a verdict"
    questions.remember(settings, "2025-000001")
    assert tasks.batches(settings, DAY) == [["2025-000001", "2025-000003"]], "answered"
    questions.forget(settings, "2025-000001")
    home.examine("2025-000003", [row("2025-01-05")])
    assert tasks.batches(settings, DAY) == []
    with pytest.raises(AssertionError, match="walked"):
        tasks.batches(settings, DAY + timedelta(1))
    with pytest.raises(AssertionError, match="walked"):
        tasks.unexamined(settings)


def test_a_filing_without_its_folder_is_not_examined(home: Office) -> None:
    """The load names it; once it is restored, verify or the next day's walk takes it up."""
    tasks.batches(home.settings, DAY)
    number = home.register("2025-02-13")
    aside = home.folder(number).rename(home.settings.home / "aside")
    assert tasks.batches(home.settings, DAY) == [["2025-000003"]]
    aside.rename(home.folder(number))
    assert tasks.batches(home.settings, DAY + timedelta(1)) == [["2025-000003", number]]


def _register(home: Path, year: int) -> None:
    office = Office(Settings(home=home), as_history=False)
    for day in range(1, 26):
        number = office.register(f"{year}-02-{day:02}")
        event(office.settings, number)


def test_sweeps_beside_writers_miss_nothing(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    append.prepare(tmp_path)
    seen: set[str] = set()
    swept(settings)
    with multiprocessing.get_context("fork").Pool(3) as pool:
        running = pool.starmap_async(_register, [(tmp_path, year) for year in (2023, 2024, 2025)])
        while not running.ready():
            seen |= swept(settings) or set()
        running.get()
    seen |= swept(settings) or set()
    assert seen == {heads.chain_of_filing(entry.number) for entry in archive.registered(settings)}
    assert len(seen) == 75


def test_the_mark_is_the_same_whether_all_was_read_or_what_is_new(home: Office) -> None:
    start, _ = journal.since(home.settings.home, None)
    event(home.settings, "2025-000001")
    assert journal.since(home.settings.home, start)[0] == journal.since(home.settings.home, None)[0]
    assert journal.since(home.settings.home, start)[1] == {"archive/2025/2025-000001"}
