"""Bundles as the other body gets them: whole, provable by sha256sum, of what no bundle held before."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from esep.file_names import to_text
from esep.handover import run
from esep.handover.bundle import placed
from esep.handover.run import DayReport, hand_over
from esep.handover.target import FolderTarget, HandoverError
from esep.office import events, handovers
from esep.office.questions import ANSWERED
from esep.proof.check import check
from esep.records.seal import sealed
from warehouse.warehouse_office import Office, moment, row

DAY = date(2025, 2, 10)
ROWS = [row("2025-01-06", quantity="1.5"), row("2025-01-07", quantity="2")]


def evening(day: str = "2025-02-10") -> Callable[[], datetime]:
    return lambda: moment(f"{day} 23:30")


def given(office: Office, folder: Path, day: date = DAY, when: str = "2025-02-10") -> DayReport:
    return hand_over(office.settings, day, FolderTarget(folder), "esep.handover", evening(when))


def sha256sum(bundle: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=bundle, capture_output=True, text=True, check=False)


def in_place(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_bundle_has_packages_receipts_rows_and_hashes_of_its_day(office: Office, folder: Path) -> None:
    first = office.file("2025-02-10 10:00", ROWS)
    second = office.register("2025-02-10 23:59")
    office.file("2025-02-11 00:00", ROWS, period="2024-12-01")
    report = given(office, folder)
    bundle = folder / "2025-02-10"
    assert (report.filings, report.before, report.damaged) == (2, (), ())
    assert sorted(in_place(bundle)) == sorted([
        f"{first}/package/1-ЦМ.xlsx", f"{first}/receipt.json", f"{second}/package/1-ЦМ.xlsx", f"{second}/receipt.json",
        "SHA256SUMS", "distribution.parquet", "manifest.json",
    ])  # fmt: skip
    assert (bundle / first / "package" / "1-ЦМ.xlsx").read_bytes() == first.encode()
    assert (bundle / first / "receipt.json").read_bytes() == (office.folder(first) / "receipt.json").read_bytes()
    rows = pq.read_table(bundle / "distribution.parquet")
    assert rows["registration_no"].to_pylist() == [first, first]
    assert rows["quantity"].to_pylist() == [Decimal("1.5"), Decimal(2)]
    assert rows.schema.field("quantity").metadata[b"form_column"] == b"8"
    done = sha256sum(bundle)
    assert (done.returncode, done.stdout.count(": OK"), done.stderr) == (0, 6, "")
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    assert [(one["registration_no"], one["verdict"], one["row_count"]) for one in manifest["filings"]] == [
        (first, "accepted", 2), (second, None, None),
    ]  # fmt: skip
    content = in_place(bundle)
    assert {one["path"]: (one["sha256"], one["size"]) for one in manifest["files"]} == {
        path: (hashlib.sha256(data).hexdigest(), len(data))
        for path, data in content.items()
        if path not in ("manifest.json", "SHA256SUMS")
    }
    event = events.read_journal(office.settings, "handed_over")[0]
    assert (event.author, event.at) == ("esep.handover", moment("2025-02-10 23:30"))
    assert event.data == {
        "bundle": "2025-02-10",
        "day": "2025-02-10",
        "numbers": [first, second],
        "target": str(folder),
        "manifest_sha256": hashlib.sha256(content["manifest.json"]).hexdigest(),
    }


def test_the_rows_are_those_of_the_latest_examination(office: Office, folder: Path) -> None:
    number = office.file("2025-02-10", ROWS)
    office.examine(number, [row("2025-01-06", quantity="7")], examination_no=2)
    given(office, folder)
    rows = pq.read_table(folder / "2025-02-10" / "distribution.parquet")
    assert rows["quantity"].to_pylist() == [Decimal(7)]
    assert json.loads((folder / "2025-02-10" / "manifest.json").read_bytes())["filings"][0]["examination_no"] == 2


def test_what_an_officer_transcribed_goes_beside_the_package_and_is_named_as_an_answer(
    office: Office, folder: Path
) -> None:
    number = office.file("2025-02-10", ROWS)
    work = office.folder(number) / "transcription-1"
    work.mkdir()
    (work / "typed.xlsx").write_bytes(b"typed by hand")
    digest = hashlib.sha256(b"typed by hand").hexdigest()
    data = {
        "question": "not_readable",
        "answer": "transcribe",
        "reason": "a scan",
        "transcription": "transcription-1",
        "files": {"typed.xlsx": digest},
    }
    events.append(office.folder(number), ANSWERED, moment("2025-02-10 15:00"), "officer", data)
    given(office, folder)
    bundle = folder / "2025-02-10"
    assert (bundle / number / "transcription-1" / "typed.xlsx").read_bytes() == b"typed by hand"
    assert sha256sum(bundle).returncode == 0
    (work / "typed.xlsx").write_bytes(b"other")
    for path in office.settings.journal.glob("*handed_over*"):
        path.unlink()
    assert "typed.xlsx" in given(office, folder).damaged[0].what


def test_a_second_run_writes_nothing_and_names_the_first(office: Office, folder: Path) -> None:
    office.file("2025-02-10", ROWS)
    first = given(office, folder)
    before = in_place(folder)
    again = given(office, folder, when="2025-02-12")
    assert (again.before, again.written) == (first.written, ())
    assert in_place(folder) == before
    assert len(handovers.bundles(office.settings)) == 1


def test_what_is_registered_for_a_day_later_goes_in_a_further_bundle_alone(office: Office, folder: Path) -> None:
    office.file("2025-02-10 09:00", ROWS)
    given(office, folder)
    late = office.file("2025-02-10 22:00", ROWS, period="2024-12-01")
    report = given(office, folder, when="2025-02-11")
    assert [(one.name, one.numbers) for one in report.written] == [("2025-02-10-2", (late,))]
    assert [one.name for one in report.before] == ["2025-02-10"]
    assert sha256sum(folder / "2025-02-10-2").returncode == 0
    assert not (folder / "2025-02-10-2" / "2025-000001").exists()


def test_a_day_without_filings_makes_no_bundle(office: Office, folder: Path) -> None:
    office.file("2025-02-11", ROWS)
    report = given(office, folder)
    assert (report.filings, report.written) == (0, ())
    assert list(folder.iterdir()) == []
    assert events.read_journal(office.settings) == []


def test_a_day_to_come_is_refused(office: Office, folder: Path) -> None:
    with pytest.raises(HandoverError, match="2025-02-11: the day is yet to come"):
        given(office, folder, date(2025, 2, 11))


def test_a_damaged_filing_stays_and_is_named_and_the_others_go(office: Office, folder: Path) -> None:
    package, lake, receipt, sound = (office.file("2025-02-10", ROWS, period=f"2024-0{n}-01") for n in range(1, 5))
    (office.folder(package) / "package" / "1-ЦМ.xlsx").write_bytes(b"another")
    path = next(office.settings.lake.glob(f"distribution/*/{lake}.parquet"))
    path.unlink()
    (office.folder(receipt) / "receipt.json").write_text("{}")
    report = given(office, folder)
    assert report.written[0].numbers == (sound,)
    found = {one.registration_no: one.what for one in report.damaged}
    assert set(found) == {package, lake, receipt}
    assert "its bytes are not those that came" in found[package]
    assert f"bin/esep reexamine {lake} --apply" in found[lake]
    assert "not a receipt that can be read" in found[receipt]
    # Put right, it goes alone.
    (office.folder(package) / "package" / "1-ЦМ.xlsx").write_bytes(package.encode())
    assert given(office, folder).written[0].numbers == (package,)


def test_one_flipped_bit_is_seen_by_the_receiver(office: Office, folder: Path) -> None:
    office.file("2025-02-10", ROWS)
    given(office, folder)
    path = folder / "2025-02-10" / "distribution.parquet"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    done = sha256sum(folder / "2025-02-10")
    assert (done.returncode, "distribution.parquet: FAILED" in done.stdout) == (1, True)


ODD = [
    "a\nb.xlsx",
    'x"y?.xlsx',
    "back\\slash.txt",
    "Same.PDF",
    "same.pdf",
    "ә/" * 400 + "deep.docx",
    "ok/сәуір 1-ЦМ.xlsx",
]


def test_names_that_not_every_disk_takes_are_numbered() -> None:
    assert list(placed([to_text(path) for path in ODD])) == [
        "file-1.xlsx", "file-2.xlsx", "file-3.txt", "Same.PDF", "file-5.pdf", "file-6.docx",
        "ok/сәуір 1-ЦМ.xlsx",
    ]  # fmt: skip


def test_the_manifest_tells_the_name_of_what_was_numbered(office: Office, folder: Path) -> None:
    number = office.register("2025-02-10")
    own = office.folder(number)
    (own / "package" / "1-ЦМ.xlsx").rename(own / "package" / "a\nb.xlsx")
    receipt = json.loads((own / "receipt.json").read_bytes())
    receipt["files"][0]["path"] = "a\nb.xlsx"
    plain = {name: value for name, value in receipt.items() if name not in ("hash", "previous")}
    (own / "receipt.json").write_bytes(sealed(plain, None)[0])
    given(office, folder)
    bundle = folder / "2025-02-10"
    assert sha256sum(bundle).returncode == 0
    assert json.loads((bundle / "manifest.json").read_bytes())["filings"][0]["renamed"] == {
        f"{number}/package/file-1.xlsx": "a\nb.xlsx"
    }


def test_a_target_that_is_gone_or_full_or_closed_leaves_nothing(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.file("2025-02-10", ROWS)
    with pytest.raises(HandoverError, match=r"no such folder\. Is the share mounted"):
        given(office, folder / "share")
    real = os.fsync

    def full(descriptor: int) -> None:
        if "other body" in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(HandoverError, match=r"No space left on device.*Make room"):
            given(office, folder)
    assert list(folder.iterdir()) == []
    assert handovers.bundles(office.settings) == []
    monkeypatch.setattr(Path, "mkdir", _denied(Path.mkdir, folder))
    with pytest.raises(HandoverError, match="Permission denied"):
        given(office, folder)
    monkeypatch.undo()
    assert len(given(office, folder).written) == 1


def _denied(real: Callable[..., None], folder: Path) -> Callable[..., None]:
    def mkdir(self: Path, *given: object, **named: object) -> None:
        if self.is_relative_to(folder):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        real(self, *given, **named)

    return mkdir


def test_a_bundle_of_somebody_else_is_not_touched(office: Office, folder: Path) -> None:
    office.file("2025-02-10", ROWS)
    (folder / "2025-02-10").mkdir()
    (folder / "2025-02-10" / "manifest.json").write_text('{"filings": []}')
    with pytest.raises(HandoverError, match="a bundle of that name is there"):
        given(office, folder)
    (folder / "2025-02-10" / "manifest.json").rename(folder / "2025-02-10" / "letter.txt")
    with pytest.raises(HandoverError, match="could not be written"):
        given(office, folder)
    assert handovers.bundles(office.settings) == []


def killed_before_the_record(office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(handovers, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            given(office, folder)


def test_what_was_written_and_not_recorded_is_proved_and_recorded(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = office.file("2025-02-10", ROWS)

    killed_before_the_record(office, folder, monkeypatch)
    before = in_place(folder)
    second = office.file("2025-02-10", ROWS, period="2024-12-01")
    office.examine(first, ROWS[:1], examination_no=2)  # the bundle stays as it was written
    report = given(office, folder)
    assert [(one.name, one.numbers) for one in report.written] == [
        ("2025-02-10", (first,)), ("2025-02-10-2", (second,)),
    ]  # fmt: skip
    now = in_place(folder)
    assert {path: now[path] for path in before} == before
    digest = hashlib.sha256(before["2025-02-10/manifest.json"]).hexdigest()
    assert report.written[0].manifest_sha256 == digest


def test_a_damaged_one_without_record_is_not_taken(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.file("2025-02-10", ROWS)
    killed_before_the_record(office, folder, monkeypatch)
    (folder / "2025-02-10" / number / "package" / "1-ЦМ.xlsx").write_bytes(b"short")
    with pytest.raises(HandoverError, match=f"{number}/package/1-ЦМ.xlsx is not as its list of hashes says"):
        given(office, folder)


def test_the_same_filings_give_the_same_bytes(office: Office, folder: Path, tmp_path: Path) -> None:
    office.file("2025-02-10", ROWS)
    given(office, folder)
    other = tmp_path / "second"
    other.mkdir()
    for path in office.settings.journal.glob("*handed_over*"):
        path.unlink()
    given(office, other, when="2025-03-01")
    assert in_place(folder) == in_place(other)


def test_days_due_are_those_since_the_switch_that_have_something_left(office: Office, folder: Path) -> None:
    today = date(2025, 2, 12)
    for day in ("2025-02-07", "2025-02-10", "2025-02-11"):
        office.register(day)
    assert run.days_due(office.settings, today) == [today]
    handovers.switch_on(office.settings, date(2025, 2, 10), "order 5", "officer", moment("2025-02-09"))
    assert run.days_due(office.settings, today) == [date(2025, 2, 10), date(2025, 2, 11)]
    given(office, folder)
    assert run.days_due(office.settings, today) == [date(2025, 2, 11)]
    assert check(office.settings, full=True).damages == ()
