from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import subprocess
import sys
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import esep
from esep import files
from esep.clock import TIMEZONE
from esep.file_names import from_text
from esep.office import archive, departure, events, inbox, intake, registration, storage
from esep.records import append as records

STAMP = {"incoming_no": "ВХ-128", "received_at": "2025-02-20T10:15:00+05:00", "change_date": "2025-02-11"}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_folder_with_its_stamp(office, tree, now):
    content = {"Өтініш.docx": b"annex 1", "бөлік/1-ЦМ.xlsx": b"annex 2", "бөлік/office.json": b"{}", "empty": b""}
    folder = office.folder("наурыз", content, stamp=STAMP)
    (folder / "nothing" / "inside").mkdir(parents=True)
    given_bytes = (folder / "office.json").read_bytes()
    (result,) = office.run()
    assert (result.number, result.duplicate, result.fault, result.source_name) == ("2025-000001", False, None, "наурыз")

    entry = archive.entry(office.settings, "2025-000001")
    assert tree(entry.package) == content
    assert (entry.package / "nothing" / "inside").is_dir()
    assert (entry.folder / "office.json").read_bytes() == given_bytes
    assert office.left() == []
    assert office.staged() == []
    receipt = json.loads((entry.folder / "receipt.json").read_text(encoding="utf-8"))
    seal = {"previous": None, "hash": receipt["hash"]}
    for one in (entry.receipt, result.receipt):
        assert receipt == json.loads(files.as_json(one.as_dict())) | seal
    assert receipt["stamps"] == [{"path": "office.json", "sha256": sha256(given_bytes), "size": len(given_bytes)}]
    assert {key: receipt[key] for key in ("registration_no", "received_at", "registered_on", "registered_at")} == {
        "registration_no": "2025-000001",
        "received_at": "2025-02-20T10:15:00+05:00",
        "registered_on": "2025-02-20",
        "registered_at": now.isoformat(),
    }
    assert (receipt["incoming_no"], receipt["change_date"]) == ("ВХ-128", "2025-02-11")
    assert receipt["stamp"] == STAMP
    assert receipt["stamp_error"] is None
    assert receipt["code_version"] == esep.__version__
    assert [recipient["role"] for recipient in receipt["recipients"]] == ["authorised_body", "tax_authority"]
    assert receipt["files"] == [
        {"path": path, "sha256": sha256(content[path]), "size": len(content[path])} for path in sorted(content)
    ]
    lines = sorted(path.encode() + b"\0" + sha256(content[path]).encode() + b"\n" for path in content)
    assert receipt["package_sha256"] == sha256(b"".join(lines))


def test_a_zip_stays_a_zip_and_its_office_json_is_the_filers(office, tree, now):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr("office.json", json.dumps(STAMP))
        zipped.writestr("отчёт.xlsx".encode("cp866").decode("cp437"), b"1")
    office.file("pack.zip", buffer.getvalue())
    (result,) = office.run()
    entry = archive.entry(office.settings, result.number)
    assert tree(entry.package) == {"pack.zip": buffer.getvalue()}
    assert entry.receipt.package_sha256 == sha256(buffer.getvalue())
    assert entry.receipt.stamp is None
    assert not (entry.folder / "office.json").exists()
    assert entry.receipt.received_at == now


def test_a_bad_stamp_is_kept_and_reported(office, now):
    office.file("x.zip")
    (office.inbox / "x.zip.office.json").write_bytes(b"\xff{received")
    office.file("y.zip", b"other", stamp=STAMP)
    results = {result.source_name: result for result in office.run()}
    entry = archive.entry(office.settings, results["x.zip"].number)
    assert entry.receipt.received_at == now
    assert "x.zip.office.json is not valid JSON" in entry.receipt.stamp_error
    assert (entry.folder / "office.json").read_bytes() == b"\xff{received"
    assert results["y.zip"].number == "2025-000001"
    assert office.left() == []


def test_both_spellings_of_a_stamp_leave_the_inbox_and_are_kept(office):
    office.file("x.zip", stamp={"incoming_no": "full"})
    (office.inbox / "x.office.json").write_text('{"incoming_no": "stem"}')
    (result,) = office.run()
    folder = archive.entry(office.settings, result.number).folder
    assert json.loads((folder / "office.json").read_text())["incoming_no"] == "full"
    assert json.loads((folder / "office-2.json").read_text())["incoming_no"] == "stem"
    assert office.left() == []


def test_a_shared_stamp_leaves_with_the_last_of_its_packages(office, later):
    office.file("x.xlsx", b"1")
    office.file("x.docx.part", b"2")
    office.file("x.docx", b"2")
    (office.inbox / "x.office.json").write_text(json.dumps(STAMP))
    assert [result.number for result in office.run(datetime.now(TIMEZONE).replace(year=2099))] == [
        "2025-000001",
        "2025-000002",
    ]
    assert office.left() == ["x.docx.part"]


def test_the_shared_stamp_stays_while_another_package_waits(office):
    office.file("x.xlsx", b"1")
    office.file("x.docx", b"2")
    (office.inbox / "x.office.json").write_text(json.dumps(STAMP))
    now = datetime.now(TIMEZONE)
    office.settings = type(office.settings)(home=office.settings.home, inbox_settle_seconds=0)
    (office.inbox / "~$x.docx").write_bytes(b"")
    assert [result.source_name for result in office.run(now)] == ["x.xlsx"]
    assert office.left() == ["x.docx", "x.office.json", "~$x.docx"]
    (office.inbox / "~$x.docx").unlink()
    (result,) = office.run(now)
    assert result.receipt.incoming_no == "ВХ-128"
    assert office.left() == []


def test_the_year_is_the_local_year_of_arrival(office):
    office.file("a", b"a", stamp={"received_at": "2024-12-31T18:59:59Z"})
    office.file("b", b"b", stamp={"received_at": "2024-12-31T19:00:00Z"})
    office.file("c", b"c", stamp={"received_at": "2025-01-01T00:00:01"})
    office.file("d", b"d")
    assert [(result.source_name, result.number) for result in office.run()] == [
        ("a", "2024-000001"),
        ("b", "2025-000001"),
        ("c", "2025-000002"),
        ("d", "2099-000001"),
    ]
    assert archive.entry(office.settings, "2025-000001").receipt.registered_on == date(2025, 1, 1)


def test_the_serial_goes_on_past_a_million(office):
    (office.settings.archive / "2099" / "2099-999999").mkdir(parents=True)
    (office.settings.archive / "2099" / "2099-999999" / "receipt.json").write_text("{}")
    office.file("x", b"1")
    office.file("y", b"2")
    assert [result.number for result in office.run() if result.number] == ["2099-1000000", "2099-1000001"]


def test_a_number_taken_meanwhile_is_not_taken_again(office, now, monkeypatch):
    office.file("x.zip", b"1")
    (package,) = inbox.waiting(office.settings, now)
    real = records.write

    def write(path, value, previous):
        if path.name == "receipt.json" and value["registration_no"] == "2099-000001":
            rival = office.settings.archive / "2099" / "2099-000001"
            rival.mkdir()
            (rival / "receipt.json").write_text("rival")
        return real(path, value, previous)

    monkeypatch.setattr(records, "write", write)
    receipt = registration.register(package, office.settings, now)
    assert receipt.registration_no == "2099-000002"
    assert archive.entry(office.settings, "2099-000002").receipt == receipt
    assert (office.settings.archive / "2099" / "2099-000001" / "receipt.json").read_text() == "rival"


def test_files_are_for_owner_and_group_only(office):
    office.folder("p", {"a/b.xlsx": b"1"}, stamp=STAMP)
    before = os.umask(0)
    try:
        office.run()
    finally:
        os.umask(before)
    found = {office.settings.archive, *(p for p in office.settings.archive.rglob("*") if ".staging" not in p.parts)}
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) == (0o750 if path.is_dir() else 0o640), path


def test_write_protected_packages_leave_the_inbox(office, tree):
    folder = office.folder("p", {"a/b.xlsx": b"1"}, stamp=STAMP)
    for path in (folder / "a" / "b.xlsx", folder / "a", folder):
        path.chmod(0o444 if path.is_file() else 0o555)
    (result,) = office.run()
    assert result.fault is None
    assert tree(archive.entry(office.settings, result.number).package) == {"a/b.xlsx": b"1"}
    assert office.left() == []


def test_names_of_255_bytes_deep_folders_and_foreign_bytes(office, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # 1200 folders would wait for the disk 1200 times
    cp866 = "отчёт за март.xlsx".encode("cp866").decode("utf-8", "surrogateescape")
    content = {
        cp866: b"1",
        "я" * 127 + "x": b"2",
        "/".join(["d"] * 1200) + "/x": b"3",
        "back\\slash\nline": b"4",
    }
    office.folder(cp866[:-5], content)
    office.file("л" * 127, b"5")
    results = office.run()
    assert [result.fault for result in results] == [None, None]
    assert office.left() == []
    folders = {result.source_name[-1]: archive.entry(office.settings, result.number) for result in results}
    entry = next(entry for key, entry in folders.items() if key != "л")
    for path, expected in content.items():
        assert (entry.package / path).read_bytes() == expected
    written = json.loads((entry.folder / "receipt.json").read_text(encoding="utf-8"))
    assert r"\xae\xe2\xe7\xf1\xe2 \xa7\xa0 \xac\xa0\xe0\xe2.xlsx" in {file["path"] for file in written["files"]}
    assert len(written["files"]) == 4
    storage.remove(office.settings.home)  # pytest's own tidying recurses


def test_links_are_left_out_and_said_so(office, tree, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    folder = office.folder("p", {"form.xlsx": b"1"})
    (folder / "link.xlsx").symlink_to(secret)
    (result,) = office.run()
    assert tree(archive.entry(office.settings, result.number).package) == {"form.xlsx": b"1"}
    assert [(item.path, item.reason) for item in result.receipt.left_out] == [("link.xlsx", "symbolic link: not taken")]
    assert secret.read_text() == "secret"
    assert office.left() == []


def test_identity_of_a_folder_is_names_in_nfc_and_bytes(office):
    office.folder("one", {"й.xlsx": b"1", "b": b"2"}, stamp={"incoming_no": "1"})
    office.folder("two", {"й.xlsx": b"1", "b": b"2"})
    office.folder("three", {"й.xlsx": b"2", "b": b"1"})
    results = {result.source_name: result for result in office.run()}
    assert results["one"].number == results["two"].number
    assert results["three"].number != results["one"].number
    assert results["three"].receipt.package_sha256 != results["one"].receipt.package_sha256


@pytest.mark.parametrize("where", ["while it is read", "before it leaves"])
def test_bytes_that_come_meanwhile_are_never_lost(office, tree, monkeypatch, where):
    office.file("x.zip", b"first")
    if where == "while it is read":
        module, name = registration.storage, "copy"
    else:
        module, name = departure.files, "write_json"
    real = getattr(module, name)
    overwritten = []

    def overwrite(path, *rest):
        outcome = real(path, *rest)
        if path.name in ("x.zip", "plan.json") and not overwritten:
            overwritten.append(path)
            (office.inbox / "x.zip").write_bytes(b"second!")
        return outcome

    monkeypatch.setattr(module, name, overwrite)
    (result,) = office.run()
    assert result.fault
    assert overwritten
    assert office.left() == ["x.zip"]
    monkeypatch.undo()
    (second,) = office.run()
    assert second.fault is None
    kept = [tree(archive.entry(office.settings, number).package)["x.zip"] for number in office.numbers()]
    assert kept == ([b"second!"] if where == "while it is read" else [b"first", b"second!"])
    assert office.left() == []


def test_bytes_that_come_while_it_is_moved_go_back(office, tree, monkeypatch):
    office.folder("p", {"a": b"1"})
    real = departure._rename

    def late_file(source, target):
        if source.name == "p" and source.parent == office.inbox:
            (source / "late").write_bytes(b"2")
        real(source, target)

    monkeypatch.setattr(departure, "_rename", late_file)
    (result,) = office.run()
    assert "new bytes" in result.fault
    assert result.number == "2099-000001"
    assert tree(office.inbox) == {"p/a": b"1", "p/late": b"2"}


def test_one_faulty_package_does_not_stop_the_others(office, monkeypatch):
    for name in ("a", "b", "c"):
        office.file(name, name)
    real = intake.arrival_of

    def arrival_of(package):
        if package.name == "b":
            raise PermissionError(13, "Permission denied", str(package.path))
        return real(package)

    monkeypatch.setattr(intake, "arrival_of", arrival_of)
    results = {result.source_name: result for result in office.run()}
    assert "Permission denied" in results["b"].fault
    assert results["b"].number is None
    assert office.numbers() == ["2099-000001", "2099-000002"]
    assert office.left() == ["b"]


def test_a_full_disk_registers_nothing_and_leaves_nothing_half(office, monkeypatch):
    office.folder("p", {"a": b"1", "b": b"2"})
    real = storage.copy

    def copy(source, target):
        if source.name == "b":
            raise OSError(28, "No space left on device")
        return real(source, target)

    monkeypatch.setattr(storage, "copy", copy)
    (result,) = office.run()
    assert "No space left" in result.fault
    assert office.numbers() == []
    assert office.staged() == []
    assert office.left() == ["p"]
    monkeypatch.undo()
    assert office.run()[0].number == "2099-000001"


def test_a_package_that_cannot_leave_is_reported_and_not_registered_twice(office, monkeypatch):
    office.file("x.zip")

    def refuse(source, target):
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(departure, "_rename", refuse)
    for _ in range(3):
        (result,) = office.run()
        assert result.number == "2099-000001"
        assert "could not leave" in result.fault
        assert office.left() == ["x.zip"]
    monkeypatch.undo()
    (result,) = office.run()
    assert (result.number, result.duplicate, result.fault) == ("2099-000001", False, None)
    assert office.numbers() == ["2099-000001"]
    assert events.read(archive.entry(office.settings, "2099-000001").folder, "arrived_again") == []


def test_a_plan_may_only_name_what_lies_in_the_inbox(office, tmp_path):
    treasure = tmp_path / "home" / "treasure"
    treasure.write_bytes(b"1")
    state = treasure.stat()
    leaving = office.inbox / ".leaving-forged"
    (leaving / "moved").mkdir(parents=True)
    plan = [{"name": "../treasure", "files": [{"path": "", "size": state.st_size, "mtime_ns": state.st_mtime_ns}]}]
    files.write_json(leaving / "plan.json", plan)
    (result,) = office.run()
    assert "no name in the inbox" in result.fault
    assert treasure.exists()


def test_a_damaged_receipt_is_reported_but_registration_goes_on(office):
    office.file("a", "a")
    office.run()
    (office.settings.archive / "2099" / "2099-000001" / "receipt.json").write_text("{}")
    office.file("b", "b")
    reported, result = office.run()
    assert reported.source_name == "2099-000001"
    assert "receipt" in reported.fault
    assert result.number == "2099-000002"


def test_the_clock_may_be_given_instead_of_a_moment(office, now):
    office.file("x")
    (result,) = intake.register_waiting(office.settings, lambda: now, office.identity_of)
    assert result.receipt.registered_at == now


def test_progress_is_reported_package_by_package(office, now):
    office.file("a", "a")
    office.file("b", "b")
    reported = []
    results = intake.register_waiting(office.settings, now, office.identity_of, progress=reported.append)
    assert reported == results


def test_the_office_works_without_the_heavy_libraries():
    code = (
        "import sys, esep.office.intake; "
        "print({'pandas', 'airflow', 'duckdb', 'pyarrow', 'great_expectations'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_library())
    assert run.stdout.strip() == "set()"


def _library() -> dict[str, str]:
    return {"PYTHONPATH": str(files.Path(esep.__file__).parents[1])}


raw_names = (
    st.binary(min_size=1, max_size=40)
    .filter(lambda raw: not set(raw) & {0, ord("/")} and raw not in (b".", b".."))
    .map(lambda raw: raw.decode("utf-8", "surrogateescape"))
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.dictionaries(raw_names, st.binary(max_size=50), min_size=1, max_size=4))
def test_any_names_and_bytes_come_back_as_they_went_in(office, content):
    content.pop("office.json", None)
    content = {name: data for name, data in content.items() if not inbox.says_unfinished(name)} or {"x": b""}
    before = set(office.numbers())
    folder = office.inbox / "p"
    folder.mkdir()
    for name, data in content.items():
        (folder / name).write_bytes(data)
    (result,) = office.run()
    assert result.fault is None
    package = archive.entry(office.settings, result.number).package
    kept = {os.fsdecode(os.fsencode(path.name)): path.read_bytes() for path in package.iterdir()}
    assert kept == content
    reported = {from_text(file.path): file.sha256 for file in result.receipt.files}
    assert reported == {name: sha256(data) for name, data in content.items()}
    assert len(office.numbers()) == len(before) + (not result.duplicate)
    assert office.left() == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(years=st.lists(st.integers(2023, 2026), max_size=8))
def test_numbers_have_no_gap_in_any_year_whatever_the_order(office, tmp_path_factory, years):
    office.settings = type(office.settings)(home=tmp_path_factory.mktemp("home"))
    office.inbox = office.settings.inbox
    for index, year in enumerate(years):
        office.file(f"{index}", f"{index}", stamp={"received_at": f"{year}-07-0{index + 1}T10:00:00"})
        if index % 3 == 2:
            office.run()
    office.run()
    expected = [f"{year}-{serial:06d}" for year in sorted(set(years)) for serial in range(1, years.count(year) + 1)]
    assert office.numbers() == expected
