"""Two homes of one office over one store: nothing is lost, nothing is there twice, whoever fails in between."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

import esep
from esep.examination import pending
from esep.office import archive, events, joining
from esep.office.intake import ARRIVED_AGAIN
from esep.proof.check import check
from esep.records import append, heads, sharing, turns
from esep.store import address, lease
from esep.store.model import Store, StoreError
from office.conftest import NOW, Office, tree
from store.s3_server import S3, fresh_address
from store.stores import reached


class Pair:
    """Two homes that joined one store, or more."""

    def __init__(self, folder: Path, store: str) -> None:
        self._folder = folder
        self.address = store
        self.office: str | None = None
        self.homes: list[Office] = []
        self.one, self.other = self.joined(), self.joined()

    def joined(self) -> Office:
        office = Office(self._folder / f"home-{len(self.homes)}")
        self.office = joining.join(office.settings.home, self.address, self.office).office
        self.homes.append(office)
        return office

    def assert_same(self, numbers: list[str]) -> None:
        """All homes have these filings and the same list of heads, and each is sound."""
        for office in self.homes:
            turns.take_in(office.settings.home)
        contents = [kept(office) for office in self.homes]
        for office, content in zip(self.homes, contents, strict=True):
            assert office.numbers() == numbers
            assert content == contents[0]
            report = check(office.settings, full=True)
            assert (report.damages, report.strays) == ((), ())


def kept(office: Office) -> dict[str, bytes]:
    home = office.settings.home
    return {
        f"{top}/{path}": content
        for top in ("archive", "journal", "proof", "lake")
        for path, content in tree(home / top).items()
    }


@pytest.fixture
def pair(tmp_path: Path, fresh_store: Callable[[], str]) -> Pair:
    return Pair(tmp_path, fresh_store())


@pytest.fixture
def on_s3(tmp_path: Path, s3: S3) -> Pair:
    s3.faults()
    return Pair(tmp_path, fresh_address())


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "PATIENCE", 0.05)
    monkeypatch.setattr(lease, "PAUSE", 0.01)


def test_what_one_registers_the_other_has(pair: Pair) -> None:
    files = {"form.xlsx": b"annex 2", "deep/er/Қосымша.docx": b"annex 1", os_name(b"\xff.txt"): b"x"}
    pair.one.folder("march", files, stamp={"incoming_no": "17", "received_at": "2025-03-02T09:00:00+05:00"})
    assert [one.number for one in pair.one.run()] == ["2025-000001"]
    pair.assert_same(["2025-000001"])
    entry = archive.entry(pair.other.settings, "2025-000001")
    assert tree(entry.package) == files
    assert entry.receipt.incoming_no == "17"


def os_name(name: bytes) -> str:
    return name.decode(errors="surrogateescape")


def test_numbers_go_on_across_homes(pair: Pair) -> None:
    for index in range(4):
        office = (pair.one, pair.other)[index % 2]
        office.file(f"{index}.xlsx", b"%d" % index)
        office.run(NOW - timedelta(hours=index))  # the clocks differ
    pair.assert_same([f"2099-{serial:06d}" for serial in range(1, 5)])


def test_the_same_bytes_at_two_intakes_are_one_filing(pair: Pair) -> None:
    for office in (pair.one, pair.other):
        office.file("same.xlsx", b"same")
    assert [one.duplicate for one in pair.one.run()] == [False]
    assert [one.duplicate for one in pair.other.run(NOW + timedelta(minutes=1))] == [True]
    pair.assert_same(["2099-000001"])
    again = events.read(archive.entry(pair.one.settings, "2099-000001").folder, ARRIVED_AGAIN)
    assert len(again) == 1
    assert pair.one.left() == pair.other.left() == []


INTAKE = """
import sys; from pathlib import Path
from esep.clock import now; from esep.config import Settings; from esep.office import intake
results = intake.register_waiting(Settings(home=Path(sys.argv[1]), inbox_settle_seconds=0), now, lambda number: None)
assert not any(result.fault for result in results), results
"""


@pytest.mark.slow
def test_intakes_at_the_same_time(pair: Pair) -> None:
    """Two of each home; ten packages arrive at both homes."""
    for index in range(20):
        pair.one.file(f"{index}.xlsx", b"%d" % index)
        pair.other.file(f"{index}.xlsx", b"%d" % (index + 10))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", INTAKE, str(office.settings.home)],
            env={"PYTHONPATH": str(Path(esep.__file__).parents[1])} | reached(),
        )
        for office in pair.homes * 2
    ]
    assert [process.wait(120) for process in processes] == [0] * 4
    year = pair.one.numbers()[0][:4]
    pair.assert_same([f"{year}-{serial:06d}" for serial in range(1, 31)])
    contents = [tree(entry.package) for entry in archive.registered(pair.one.settings)]
    assert sorted(int(*content.values()) for content in contents) == list(range(30))
    assert pair.one.left() == pair.other.left() == []
    for office in pair.homes:
        assert office.staged() == []


def test_additions_to_one_filing_make_one_chain(pair: Pair) -> None:
    pair.one.file("a.xlsx")
    pair.one.run()
    turns.take_in(pair.other.settings.home)
    for index in range(6):  # none looks at what the other has added
        office = (pair.one, pair.other)[index % 2]
        entry = archive.entry(office.settings, "2099-000001")
        events.append(entry.folder, "trial", NOW, "a person", {"index": index})
        events.append_to_journal(office.settings, "trial", NOW, "a person", {"index": index})
    pair.assert_same(["2099-000001"])
    journal = events.read_journal(pair.one.settings)
    assert sorted(event.data["index"] for event in journal) == list(range(6))


def test_what_no_longer_holds_is_not_added(pair: Pair) -> None:
    """As two machines that examine one filing: the second finds the first one's verdict."""
    pair.one.file("a.xlsx")
    pair.one.run()
    turns.take_in(pair.other.settings.home)
    added, placed = [], []
    for office in pair.homes:
        path = archive.entry(office.settings, "2099-000001").folder / "verdict.json"
        with append.adding(office.settings.home) as adder:
            value = {"by": office.settings.home.name, "examination_no": 1, "lake": []}
            place = partial(placed.append, office.settings.home.name)
            added.append(adder.add(path, value, place=place, still=lambda path=path: not path.exists()))
    assert (added, placed) == ([True, False], ["home-0"])
    pair.assert_same(["2099-000001"])


@pytest.mark.slow
def test_a_filing_that_two_examine_at_once_has_one_verdict(pair: Pair) -> None:
    """The lake has the files of that verdict on both, and none of the other's."""
    pair.one.file("a.xlsx", b"no workbook")
    pair.one.run()
    turns.take_in(pair.other.settings.home)
    for office, minutes in ((pair.one, 1), (pair.other, 2)):  # the second does not look before it is done
        verdicts = pending.examine_pending(office.settings, NOW + timedelta(minutes=minutes))
        assert list(verdicts) == ["2099-000001"]
    pair.assert_same(["2099-000001"])
    entry = archive.entry(pair.other.settings, "2099-000001")
    [verdict] = entry.verdicts
    assert verdict["examined_at"] == (NOW + timedelta(minutes=1)).isoformat()
    assert set(tree(pair.other.settings.lake)) == set(verdict["lake"])
    third = pair.joined()
    assert kept(third) == kept(pair.one)


@pytest.mark.slow
def test_a_home_that_was_away_takes_in_all(pair: Pair) -> None:
    for index in range(40):
        events.append_to_journal(pair.one.settings, "trial", NOW, "a person", {"index": index})
    assert turns.take_in(pair.other.settings.home) == 40
    assert turns.take_in(pair.other.settings.home) == 0
    third = pair.joined()
    assert len(events.read_journal(third.settings)) == 40
    pair.assert_same([])


class TestFaults:
    def test_a_lost_answer_makes_no_second_filing(self, on_s3: Pair, s3: S3) -> None:
        on_s3.one.file("a.xlsx")
        s3.faults({"method": "PUT", "part": "/log/", "kind": "lost", "count": 1})
        assert [one.duplicate for one in on_s3.one.run()] == [False]
        on_s3.assert_same(["2099-000001"])
        assert on_s3.one.left() == []

    @pytest.mark.parametrize("part", ["/log/", "/bytes/", "/turn/"])
    def test_a_store_that_does_not_answer_leaves_the_inbox_as_it_is(self, on_s3: Pair, s3: S3, part: str) -> None:
        on_s3.one.file("a.xlsx")
        on_s3.one.file("b.xlsx", b"other")
        s3.faults({"method": "PUT", "part": part, "kind": "error", "count": 1000})
        with pytest.raises(StoreError, match=r"at http://127\.0\.0\.1:.*then run the same again"):
            on_s3.one.run()
        assert on_s3.one.numbers() == []
        assert on_s3.one.left() == ["a.xlsx", "b.xlsx"]
        assert on_s3.one.staged() == []
        s3.faults()
        on_s3.one.run()
        on_s3.assert_same(["2099-000001", "2099-000002"])

    @pytest.mark.parametrize("retried_by", ["one", "other"])
    def test_a_write_that_arrives_after_it_was_given_up(self, on_s3: Pair, s3: S3, retried_by: str) -> None:
        """The filing is then there, and the same arrival is no second one."""
        for office in on_s3.homes:
            office.file("a.xlsx", b"same")
        s3.faults({"method": "PUT", "part": "/log/", "kind": "late", "count": 1000})
        with pytest.raises(StoreError):
            on_s3.one.run()
        s3.faults()
        getattr(on_s3, retried_by).run(NOW + timedelta(minutes=1))
        on_s3.one.run(NOW + timedelta(minutes=2))
        on_s3.other.run(NOW + timedelta(minutes=3))
        on_s3.assert_same(["2099-000001"])
        folder = archive.entry(on_s3.one.settings, "2099-000001").folder
        assert len(events.read(folder, ARRIVED_AGAIN)) == 1  # one filed, the other's is a copy

    def test_a_holder_that_was_only_slow_records_nothing(self, pair: Pair) -> None:
        with turns.turn(pair.one.settings.home, "intake.lock"):
            pair.other.file("a.xlsx")
            pair.other.run()
            with pytest.raises(StoreError, match=r"another machine took over the turn intake\.lock"):
                events.append_to_journal(pair.one.settings, "trial", NOW, "a person", {})
        pair.assert_same(["2099-000001"])
        assert events.read_journal(pair.one.settings) == []

    def test_bytes_that_are_damaged_in_the_store_are_named(self, pair: Pair) -> None:
        pair.one.file("a.xlsx")
        pair.one.run()
        store = address.opened(pair.address)
        [name] = [name for name in store.list_after("bytes/") if content(store, name) == b"bytes"]
        found = store.read(name)
        assert found is not None
        store.replace(name, b"other", found.version)
        with pytest.raises(StoreError, match=f"{name}: its bytes are not those that were recorded. Restore"):
            turns.take_in(pair.other.settings.home)
        assert pair.other.numbers() == []
        damaged = store.read(name)
        assert damaged is not None
        store.replace(name, b"bytes", damaged.version)
        pair.assert_same(["2099-000001"])

    def test_an_entry_that_is_gone_is_named(self, pair: Pair) -> None:
        for index in range(3):
            events.append_to_journal(pair.one.settings, "trial", NOW, "a person", {"index": index})
        store = address.opened(pair.address)
        second = list(store.list_after("log/"))[1]
        store.remove(second)
        with pytest.raises(StoreError, match=f"{second} is missing. Entries are never removed"):
            turns.take_in(pair.other.settings.home)

    def test_an_entry_that_is_none_is_named(self, pair: Pair) -> None:
        store = address.opened(pair.address)
        store.put_new("log/000000000001", b"{")
        with pytest.raises(StoreError, match="log/000000000001 cannot be read"):
            turns.take_in(pair.other.settings.home)


def content(store: Store, name: str) -> bytes:
    found = store.read(name)
    assert found is not None
    return found.content


class TestJoining:
    def test_a_home_with_filings_brings_them(self, tmp_path: Path, fresh_store: Callable[[], str]) -> None:
        first = Office(tmp_path / "first")
        for index in range(3):
            first.file(f"{index}.xlsx", b"%d" % index)
        first.run()
        events.append_to_journal(first.settings, "trial", NOW, "a person", {})
        before, store = kept(first), fresh_store()
        joined = joining.join(first.settings.home, store)
        assert joined.taken == 0
        assert kept(first) == before
        assert joining.join(first.settings.home, store) == (joined.office, 0, 0)
        second = Office(tmp_path / "second")
        assert joining.join(second.settings.home, store, joined.office) == (joined.office, 0, joined.brought)
        assert kept(second) == before

    def test_a_home_with_verdicts_brings_the_lake(self, tmp_path: Path, fresh_store: Callable[[], str]) -> None:
        """Receipt and verdict follow each other, and are brought as one addition."""
        first, store = Office(tmp_path / "first"), fresh_store()
        first.file("a.xlsx", b"no workbook")
        first.run()
        pending.examine_pending(first.settings, NOW)
        joined = joining.join(first.settings.home, store)
        assert joined.brought == 1
        second = Office(tmp_path / "second")
        joining.join(second.settings.home, store, joined.office)
        assert kept(second) == kept(first)
        assert tree(second.settings.lake)
        report = check(second.settings, full=True)
        assert (report.damages, report.strays) == ((), ())

    def test_an_older_copy_of_a_home_takes_in_the_rest(self, tmp_path: Path, fresh_store: Callable[[], str]) -> None:
        """As one that was restored from a backup between receipt and verdict."""
        first, store = Office(tmp_path / "first"), fresh_store()
        first.file("a.xlsx", b"no workbook")
        first.run()
        older = Office(tmp_path / "older")
        shutil.copytree(first.settings.home, older.settings.home, dirs_exist_ok=True)
        pending.examine_pending(first.settings, NOW)
        office = joining.join(first.settings.home, store).office
        joining.join(older.settings.home, store, office)
        assert kept(older) == kept(first)
        assert check(older.settings, full=True).damages == ()

    @pytest.mark.parametrize("after", range(4))
    def test_what_was_interrupted_goes_on(
        self, tmp_path: Path, fresh_store: Callable[[], str], monkeypatch: pytest.MonkeyPatch, after: int
    ) -> None:
        first, store = Office(tmp_path / "first"), fresh_store()
        for index in range(3):
            first.file(f"{index}.xlsx", b"%d" % index)
        first.run()
        claim, count = sharing.Shared.claim, iter(range(100))

        def interrupted(shared: sharing.Shared, entry: sharing.Entry) -> bool:
            if next(count) == after:
                raise KeyboardInterrupt
            return claim(shared, entry)

        with monkeypatch.context() as patch:
            patch.setattr(sharing.Shared, "claim", interrupted)
            if after < 3:
                with pytest.raises(KeyboardInterrupt):
                    joining.join(first.settings.home, store)
        assert sharing.of(first.settings.home) is None
        events.append_to_journal(first.settings, "trial", NOW, "a person", {})  # it goes on alone meanwhile
        office = joining.join(first.settings.home, store).office
        second = Office(tmp_path / "second")
        joining.join(second.settings.home, store, office)
        assert kept(second) == kept(first)

    def test_a_second_office_is_refused(self, pair: Pair, tmp_path: Path) -> None:
        stranger = Office(tmp_path / "stranger")
        with pytest.raises(StoreError, match=f"holds the office {pair.office}.*--office {pair.office}"):
            joining.join(stranger.settings.home, pair.address)
        assert sharing.of(stranger.settings.home) is None

    def test_an_office_with_filings_of_its_own_is_refused_whatever_it_says(self, pair: Pair, tmp_path: Path) -> None:
        pair.one.file("a.xlsx")
        pair.one.run()
        stranger = Office(tmp_path / "stranger")
        stranger.file("b.xlsx", b"other")
        stranger.run()
        before = kept(stranger)
        with pytest.raises(StoreError, match="two offices cannot share a store"):
            joining.join(stranger.settings.home, pair.address, pair.office)
        assert kept(stranger) == before
        assert sharing.of(stranger.settings.home) is None
        pair.assert_same(["2099-000001"])

    def test_a_home_keeps_to_its_office(self, pair: Pair, fresh_store: Callable[[], str]) -> None:
        with pytest.raises(StoreError, match=r"is a copy of another office.*Look at ESEP_STORE"):
            joining.join(pair.one.settings.home, fresh_store())

    def test_a_home_that_was_put_back_is_named(self, pair: Pair) -> None:
        for index in range(2):
            events.append_to_journal(pair.one.settings, "trial", NOW, "a person", {"index": index})
        home = pair.one.settings.home
        list_of_heads = heads.path_of(home)
        list_of_heads.write_bytes(b"".join(list_of_heads.read_bytes().splitlines(keepends=True)[:-1]))
        sorted(pair.one.settings.journal.iterdir())[-1].unlink()
        events.append_to_journal(pair.other.settings, "trial", NOW, "a person", {"index": 2})
        with pytest.raises(StoreError, match=r"was put back to an earlier state.*Let an empty home join"):
            turns.take_in(home)

    def test_what_others_keep_there_is_no_office(
        self, pair: Pair, tmp_path: Path, fresh_store: Callable[[], str]
    ) -> None:
        store = fresh_store()
        address.opened(store).put_new("office.json", json.dumps({"name": "else"}).encode())
        with pytest.raises(StoreError, match=r"office\.json is none of Esep's"):
            joining.join(tmp_path / "stranger", store)
