"""Keeping an examination: Parquet first, verdict last, once; and taking up what has no verdict."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from esep import files
from esep.config import Settings
from esep.examination import examine as examine_module
from esep.examination import pending
from esep.examination.pending import PendingError, examine_pending, identity_of
from esep.forms.document import PackageRead
from esep.lake import files as lake_files
from esep.lake.schema import DISTRIBUTION, FILING, FINDING, TABLES
from esep.office import archive
from esep.office.archive import RECIPIENTS, Receipt
from esep.proof.check import check
from examination.package_builder import (
    HEAD,
    NOW,
    POOL,
    application,
    content_of,
    examined,
    form,
    package,
    row,
    settings,
)
from signature import cms_maker

BROKEN = package([form([row(1, wallet=None), row(2, quantity="көп")])])


def registered(home: Settings, serial: int = 1, received: datetime = NOW) -> archive.Entry:
    number = f"2025-{serial:06d}"
    folder = home.archive / "2025" / number
    (folder / "package").mkdir(parents=True)
    receipt = Receipt(
        registration_no=number,
        received_at=received,
        registered_on=received.date(),
        registered_at=received,
        incoming_no=None,
        change_date=None,
        stamp=None,
        stamp_error=None,
        source_name="a.zip",
        package_sha256="0" * 64,
        files=(),
        left_out=(),
        recipients=RECIPIENTS,
        arrival_id="0",
        code_version="0",
    )
    files.write_json(folder / "receipt.json", receipt.as_dict())
    return archive.entry(home, number)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return settings(tmp_path)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], PackageRead]], None]:
    """Let the reader give made-up packages, by registration number."""

    def use(package_of: Callable[[str], PackageRead]) -> None:
        def fake(folder: Path, work: Path, with_settings: Settings) -> PackageRead:
            return package_of(folder.parent.name)

        monkeypatch.setattr(examine_module, "read_package", fake)

    return use


def parquet(home: Settings, verdict: dict[str, Any], table: str) -> list[dict[str, Any]]:
    [path] = [path for path in verdict["lake"] if path.startswith(f"{table}/")]
    rows: list[dict[str, Any]] = pq.read_table(home.lake / path, partitioning=None).to_pylist()
    return rows


def test_the_verdict_and_its_parquet_files(home: Settings) -> None:
    entry = registered(home)
    examination = examined(BROKEN)
    assert pending.record(entry, examination, home)
    verdict = entry.verdict
    assert verdict is not None
    assert verdict["lake"] == [
        f"{name}/month=2025-03/2025-000001.parquet" for name in ("filing", "distribution", "finding")
    ]
    assert verdict["verdict"] == "refused"
    assert verdict["findings"] == {"C-45": 1, "R-52": 1}
    assert (verdict["pool_id"], verdict["period"], verdict["row_count"], verdict["excluded_count"]) == (
        POOL,
        "2025-03-01",
        2,
        1,
    )
    [filing] = parquet(home, verdict, "filing")
    assert {name: filing[name] for name in ("registration_no", "examination_no", "verdict", "period")} == {
        "registration_no": "2025-000001",
        "examination_no": 1,
        "verdict": "refused",
        "period": date(2025, 3, 1),
    }
    assert filing["examined_at"] == NOW
    assert [one["rule_id"] for one in parquet(home, verdict, "finding")] == ["C-45", "R-52"]
    assert [one["quantity_text"] for one in parquet(home, verdict, "distribution")] == ["0.00000001", "көп"]


def test_the_verdict_tells_each_signature(home: Settings) -> None:
    entry = registered(home)
    pending.record(entry, examined(package()), home)
    assert entry.verdict is not None
    assert entry.verdict["signatures"] == [
        {
            "file": "өтініш.p7s",
            "state": "verified_chain_not_checked",
            "detail_code": None,
            "covers": "өтініш.docx",
            "signer_bin": POOL,
            "signed_at": "2025-02-20T05:00:00+00:00",
            "service": None,
        }
    ]


def test_signatures_are_judged_by_the_moment_of_arrival(
    home: Settings, reads: Callable[[Callable[[str], PackageRead]], None]
) -> None:
    holder = replace(HEAD, valid_to=NOW + timedelta(days=1))
    content = content_of("өтініш.docx")
    cms = cms_maker.sign(cms_maker.Rsa(cms_maker.rsa_key()), content, holder, signed_at=None)
    reads(lambda number: package(cms=cms))
    on_the_day, later = registered(home, 1, NOW), registered(home, 2, NOW + timedelta(days=2))
    examine_pending(home, NOW + timedelta(days=400))
    assert [entry.verdict["findings"] for entry in (on_the_day, later) if entry.verdict] == [{}, {"R-08": 1}]


def test_parquet_carries_the_schema_with_its_descriptions(home: Settings) -> None:
    entry = registered(home)
    pending.record(entry, examined(package()), home)
    for table in TABLES:
        path = home.lake / table.name / "month=2025-03" / "2025-000001.parquet"
        assert pq.read_schema(path).equals(table.arrow_schema, check_metadata=True)


def test_a_filing_without_a_period_lies_under_unknown(home: Settings) -> None:
    entry = registered(home)
    pending.record(entry, examined(package(forms=[], applications=[])), home)
    assert entry.verdict is not None
    assert entry.verdict["lake"][0] == "filing/month=unknown/2025-000001.parquet"
    assert entry.verdict["period"] is None


def test_what_stands_is_never_written_over(home: Settings) -> None:
    entry = registered(home)
    assert pending.record(entry, examined(package()), home)
    before = {path: path.read_bytes() for path in home.home.rglob("*.*") if path.is_file()}
    assert not pending.record(entry, examined(BROKEN), home)
    assert {path: path.read_bytes() for path in before} == before


def test_a_re_examination_is_added_beside(home: Settings) -> None:
    entry = registered(home)
    pending.record(entry, examined(package()), home)
    assert pending.record(entry, examined(BROKEN), home, again=True)
    first, second = entry.verdicts
    assert [first["verdict"], second["verdict"]] == ["accepted", "refused"]
    assert second["examination_no"] == 2
    assert second["lake"][1] == "distribution/month=2025-03/2025-000001.e2.parquet"
    assert {one["examination_no"] for one in parquet(home, second, "distribution")} == {2}


@pytest.mark.parametrize("table", [FILING, DISTRIBUTION, FINDING])
def test_a_kill_before_the_verdict_leaves_nothing_that_counts(
    home: Settings, monkeypatch: pytest.MonkeyPatch, table: Any
) -> None:
    entry = registered(home)
    write = lake_files.write_aside

    def killed(*arguments: Any) -> lake_files.Aside:
        written = write(*arguments)
        if arguments[1] is table:
            raise KeyboardInterrupt
        return written

    monkeypatch.setattr(lake_files, "write_aside", killed)
    with pytest.raises(KeyboardInterrupt):
        pending.record(entry, examined(package()), home)
    assert entry.verdict is None
    monkeypatch.undo()
    assert pending.record(entry, examined(package()), home)
    assert entry.verdict is not None
    left = [path for table in TABLES for path in (home.lake / table.name).rglob("*.*")]
    assert sorted(path.relative_to(home.lake).as_posix() for path in left) == sorted(entry.verdict["lake"]), (
        "in the folders of the tables a kill leaves nothing, for some readers open whatever is there"
    )


def test_two_at_the_same_time_end_with_one_verdict(home: Settings) -> None:
    entry = registered(home)
    examinations = [replace(examined(package()), examined_at=NOW + timedelta(seconds=n)) for n in range(6)]
    stood = []
    threads = [
        threading.Thread(target=lambda one=one: stood.append(pending.record(entry, one, home))) for one in examinations
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stood) == [False] * 5 + [True]
    verdict = entry.verdict
    assert verdict is not None
    assert parquet(home, verdict, "filing")[0]["examined_at"] == datetime.fromisoformat(verdict["examined_at"])


def test_examinations_of_two_filings_run_side_by_side(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each writes its Parquet files while the other does: no lock is held but for the names and the verdict."""
    entries = [registered(home, serial) for serial in (1, 2)]
    both = threading.Barrier(2, timeout=30)
    write = lake_files.write_aside

    def met(*arguments: Any) -> lake_files.Aside:
        both.wait()
        written = write(*arguments)
        both.wait()
        return written

    monkeypatch.setattr(lake_files, "write_aside", met)
    with ThreadPoolExecutor(2) as pool:
        recorded = list(pool.map(lambda entry: pending.record(entry, examined(package()), home), entries))
    assert recorded == [True, True]
    assert check(home, full=True).damages == ()


def test_two_that_examine_one_filing_overlap_and_end_with_one_verdict_and_its_files(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = registered(home)
    both = threading.Barrier(2, timeout=30)
    place = lake_files.write_aside

    def met(*arguments: Any) -> lake_files.Aside:
        written = place(*arguments)
        both.wait()  # both have written everything before either may put a file in place
        return written

    monkeypatch.setattr(lake_files, "write_aside", met)
    examinations = [replace(examined(package()), examined_at=NOW + timedelta(seconds=n)) for n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        recorded = list(pool.map(lambda one: pending.record(entry, one, home), examinations))
    assert sorted(recorded) == [False, True]
    report = check(home, full=True)
    assert (report.damages, report.strays) == ((), ())


def test_what_waits_is_examined_in_order_of_arrival(home: Settings, reads: Any) -> None:
    registered(home, 1, NOW)
    registered(home, 2, NOW - timedelta(days=1))
    registered(home, 3, NOW + timedelta(days=1))
    reads(lambda number: BROKEN if number == "2025-000003" else package())
    reported: list[tuple[str, str]] = []
    done = examine_pending(home, NOW, progress=lambda number, verdict: reported.append((number, verdict)))
    assert reported == list(done.items())
    assert reported == [("2025-000002", "accepted"), ("2025-000001", "accepted"), ("2025-000003", "refused")]
    assert examine_pending(home, NOW) == {}


def test_only_the_numbers_asked_for(home: Settings, reads: Any) -> None:
    for serial in (1, 2, 3):
        registered(home, serial)
    reads(lambda number: package())
    assert list(examine_pending(home, NOW, ["2025-000003", "2025-000001"])) == [
        "2025-000001",
        "2025-000003",
    ]
    assert archive.entry(home, "2025-000002").verdict is None


def test_a_fault_of_the_program_is_no_refusal_and_stops_no_other(home: Settings, reads: Any) -> None:
    for serial in (1, 2, 3):
        registered(home, serial)

    def read(number: str) -> PackageRead:
        if number == "2025-000002":
            raise MemoryError("no memory")
        return package()

    reads(read)
    with pytest.raises(PendingError, match="2025-000002: MemoryError: no memory") as error:
        examine_pending(home, NOW)
    assert error.value.numbers == ["2025-000002"]
    assert list(error.value.examined) == ["2025-000001", "2025-000003"]
    assert archive.entry(home, "2025-000002").verdict is None
    reads(lambda number: package())
    assert list(examine_pending(home, NOW)) == ["2025-000002"]


def test_a_damaged_receipt_stops_no_other(home: Settings, reads: Any) -> None:
    registered(home, 1)
    (registered(home, 2).folder / "receipt.json").write_text("{", encoding="utf-8")
    reads(lambda number: package())
    with pytest.raises(PendingError, match="2025-000002"):
        examine_pending(home, NOW)
    assert archive.entry(home, "2025-000001").verdict is not None


def test_identity_of_examines_on_demand(home: Settings, reads: Any) -> None:
    registered(home, 1)
    registered(home, 2)
    reads(lambda number: package(forms=[], applications=[]) if number == "2025-000002" else package())
    reported = identity_of(home, NOW)
    assert reported("2025-000001") == (POOL, date(2025, 3, 1))
    assert reported("2025-000002") == (None, None)
    assert archive.entry(home, "2025-000001").verdict is not None
    reads(lambda number: pytest.fail("examined twice"))
    assert reported("2025-000001") == (POOL, date(2025, 3, 1))


def test_an_application_for_another_month_is_accepted_with_a_finding() -> None:
    examination = examined(package(applications=[application(period="2025 жылғы сәуір кірістері")]))
    assert examination.verdict.value == "accepted"
    assert {one.rule_id for one in examination.findings} == {"R-22", "R-48"}


def test_pending_uses_the_register(home: Settings, reads: Any) -> None:
    registered(home, 1)
    home.reference.mkdir()
    (home.reference / "pool.csv").write_text(
        "pool_id,pool_name,accredited_from,accredited_to,email\n230640000008,Дала,2024-01-01,,\n", encoding="utf-8"
    )
    reads(lambda number: package())
    pending.examine_pending(home, NOW)
    verdict = archive.entry(home, "2025-000001").verdict
    assert verdict is not None
    assert verdict["findings"] == {"R-19": 1}
