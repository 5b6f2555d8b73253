"""Records that prove themselves, their chains, and additions by many at once."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
import subprocess
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.config import Settings
from esep.office import events
from esep.proof.check import check
from esep.records import append, heads, seal
from esep.records.seal import DamagedRecordError, seal_of, sealed
from warehouse.warehouse_office import NOW, Office

TEXTS = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)
records = st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), values, min_size=1, max_size=5)


@given(value=records, previous=st.none() | st.just("ab" * 32), data=st.data())
def test_a_record_keeps_its_value_and_no_bit_of_it_can_turn(tmp_path_factory, value, previous, data):
    value.pop("hash", None)
    value.pop("previous", None)
    if not value:
        return
    content, digest = sealed(value, previous)
    path = tmp_path_factory.getbasetemp() / "record.json"
    path.write_bytes(content)
    assert seal.read(path) == value | {"previous": previous, "hash": digest}
    assert seal_of(content) == (digest, previous)
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    turned = bytearray(content)
    turned[bit // 8] ^= 1 << bit % 8
    with suppress(DamagedRecordError):
        assert seal_of(bytes(turned)) is None


def test_anyone_can_check_a_record_with_two_commands(tmp_path: Path) -> None:
    content, digest = sealed({"event": "x", "text": "қабылданды"}, None)
    path = tmp_path / "x.json"
    path.write_bytes(content)
    reported = subprocess.run(f"head -c -81 {path} | sha256sum", shell=True, capture_output=True, text=True, check=True)
    assert reported.stdout.split()[0] == digest
    assert hashlib.sha256(content[:-81]).hexdigest() == digest


@pytest.mark.parametrize(
    ("path", "chain"),
    [
        ("archive/2025/2025-000001/receipt.json", "archive/2025/2025-000001"),
        ("archive/2025/2025-1000001/verdict-12.json", "archive/2025/2025-1000001"),
        ("archive/2025/2025-000001/events/x.json", "archive/2025/2025-000001"),
        ("archive/2025/2025-000001/package/receipt.json", None),
        ("archive/2025/2025-000001/office.json", None),
        ("archive/.staging/ab/receipt.json", None),
        ("journal/x.json", "journal"),
        ("journal/x.json.ab.tmp", None),
        ("reference/accepted/price/x.json", "reference/accepted"),
        ("reference/price.errors.json", None),
        ("lake/figure_revision/1.json", "lake/figure_revision"),
    ],
)
def test_which_files_are_records_of_which_chain(path: str, chain: str | None) -> None:
    assert heads.chain_of(path) == chain
    if chain:
        assert heads.place_of(Path("/srv/archive/2025") / path) == (heads.Place(Path("/srv/archive/2025"), chain, path))
    else:
        with pytest.raises(heads.PlaceError):
            heads.place_of(Path("/srv") / path)


def _append(home: str, number: int) -> None:
    settings = Settings(home=Path(home))
    for turn in range(10):
        moment = NOW + timedelta(seconds=number * 100 + turn)
        events.append_to_journal(settings, "reminder_drafted", moment, "x", {"letter_no": f"{number}/{turn}"})
        events.append(settings.archive / "2025" / "2025-000001", "arrived_again", moment, "x", {"turn": turn})


def test_processes_that_add_at_the_same_time_fork_no_chain(tmp_path: Path) -> None:
    office = Office(Settings(home=tmp_path), as_history=False)
    office.register("2025-02-11")
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.starmap(_append, [(str(tmp_path), number) for number in range(4)])
    report = check(office.settings, full=True)
    assert (report.damages, report.caught_up, report.records) == ((), 0, 81)


def test_a_record_without_its_line_is_caught_up_by_the_next_one(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    for turn in range(4):
        events.append_to_journal(settings, "reminder_drafted", NOW + timedelta(turn), "x", {})
        if turn == 1:  # killed before the line was written
            path = heads.path_of(tmp_path)
            path.write_bytes(path.read_bytes()[: path.read_bytes()[:-1].rfind(b"\n") + 1])
    found = heads.read(tmp_path)
    assert found
    assert (len(found.lines), found.faults) == (4, [])
    assert check(settings).damages == ()


def test_a_record_that_is_gone_is_not_written_a_second_time(tmp_path: Path) -> None:
    office = Office(Settings(home=tmp_path))
    number = office.register("2025-02-11")
    (office.folder(number) / "receipt.json").unlink()
    with pytest.raises(DamagedRecordError, match=r"receipt\.json: it was recorded before and is gone"):
        append.add(office.folder(number) / "receipt.json", {"x": 1})


def test_an_addition_to_a_damaged_chain_is_kept(tmp_path: Path) -> None:
    """Intake and examination of the others go on, and so do decisions on this one; the check tells what is damaged."""
    office = Office(Settings(home=tmp_path))
    number = office.register("2025-02-11")
    receipt = office.folder(number) / "receipt.json"
    content = receipt.read_bytes()
    receipt.write_bytes(content.replace(b"2025", b"2024", 1))
    events.append(office.folder(number), "arrived_again", NOW, "x", {})
    assert [damage.path for damage in check(office.settings).damages] == [f"archive/2025/{number}/receipt.json"]
    receipt.write_bytes(content)
    assert check(office.settings).damages == ()
    shutil.rmtree(tmp_path / "proof")


def test_after_an_older_copy_of_the_home_was_put_in_its_place_the_list_is_read_anew(tmp_path: Path) -> None:
    """A restored file may have the inode and the length of the one before it; so only the content is asked."""
    journal = tmp_path / "home" / "journal"
    append.add(journal / "1-x.json", {"event": "x"})
    listed = heads.path_of(tmp_path / "home")
    older, older_record = listed.read_bytes(), (journal / "1-x.json").read_bytes()
    append.add(journal / "2-x.json", {"event": "y"})
    (journal / "2-x.json").unlink()
    append.put(journal / "1-x.json", older_record)
    listed.write_bytes(older)  # same inode
    append.add(journal / "2-z.json", {"event": "another"})
    append.add(journal / "3-z.json", {"event": "and one more"})
    assert heads.read(tmp_path / "home").faults == []
    assert [line.path for line in heads.read(tmp_path / "home").lines] == [
        "journal/1-x.json",
        "journal/2-z.json",
        "journal/3-z.json",
    ]


def test_a_list_of_another_home_of_the_same_length_is_read_anew(tmp_path: Path) -> None:
    homes = [tmp_path / "a", tmp_path / "b"]
    for home, text in zip(homes, ("one", "two"), strict=True):
        append.add(home / "journal" / "1-x.json", {"event": text})
    shutil.rmtree(homes[0] / "journal")
    shutil.copytree(homes[1] / "journal", homes[0] / "journal")
    heads.path_of(homes[0]).write_bytes(heads.path_of(homes[1]).read_bytes())  # same inode, same length
    append.add(homes[0] / "journal" / "2-x.json", {"event": "next"})
    assert heads.read(homes[0]).faults == []
