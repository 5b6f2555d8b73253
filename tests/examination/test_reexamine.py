"""Examining again: what would change, what is recorded beside the old, and what stays as it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from end_to_end import filer
from esep.clock import TIMEZONE
from esep.config import PROJECT, Settings
from esep.examination import examine as examine_module
from esep.examination import reexamine as module
from esep.examination.pending import PendingError, examine_pending
from esep.examination.reexamine import Reexamination, reexamine
from esep.lake import files as lake_files
from esep.lake.places import KEY
from esep.office import archive, events
from esep.office.archive import ArchiveError
from esep.orchestration import tasks
from esep.proof.check import check
from esep.records import seal
from esep.warehouse.errors import DamagedHomeError
from proof.proved_office import make_older, move

ARRIVED = datetime(2025, 4, 10, 9, tzinfo=TIMEZONE)
NOW = datetime(2025, 6, 1, 9, tzinfo=TIMEZONE)
GOOD, UNSIGNED, WRONG_DIGIT = "2025-000001", "2025-000002", "2025-000003"


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a faultless filing, one without signature (refused) and one with a wrong check digit (accepted)."""
    settings = Settings(home=tmp_path_factory.mktemp("examined"), inbox_settle_seconds=0)
    settings.inbox.mkdir()
    wrong = [filer.row(1, miner_id="940140000386")]
    for month, filing in enumerate((filer.Filing(), filer.Filing(signed=False), filer.Filing(rows=wrong)), start=1):
        filing = filing.but(month=month, rows=[[*cells[:5], f"05.0{month}.2025", *cells[6:]] for cells in filing.rows])
        filer.write(filing, settings.inbox / f"m{month}", f"2025-0{month + 3}-10T09:00:00+05:00")
    tasks.register(settings, ARRIVED.replace(month=6))
    for batch in tasks.batches(settings):
        assert tasks.examine(settings, ARRIVED.replace(month=6), batch) == {
            GOOD: "accepted",
            UNSIGNED: "refused",
            WRONG_DIGIT: "accepted",
        }
    return settings.home


@pytest.fixture
def settings(examined: Path, tmp_path: Path) -> Settings:
    """The home and the rules, to be changed by one test."""
    shutil.copytree(examined, tmp_path / "home")
    shutil.copytree(PROJECT / "expectations", tmp_path / "rules")
    return Settings(home=tmp_path / "home", inbox_settle_seconds=0, expectations=tmp_path / "rules")


def change_rule(settings: Settings, suite: str, rule: str, change: Callable[[dict[str, Any]], None]) -> None:
    path = settings.expectations / f"{suite}.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    for expectation in value["expectations"]:
        if expectation["meta"]["rule"] == rule:
            change(expectation["meta"])
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def move_signature_to_reliability(settings: Settings) -> None:
    change_rule(settings, "package", "C-12", lambda meta: meta.update(lane="reliability"))


def files_of(settings: Settings) -> dict[str, bytes]:
    """Everything recorded, by path."""
    return {
        path.relative_to(settings.home).as_posix(): path.read_bytes()
        for folder in (settings.archive, settings.lake)
        for path in folder.rglob("*")
        if path.is_file()
    }


def numbers(result: Reexamination) -> list[str]:
    return [change.number for change in result.changes]


def test_under_the_same_rules_and_code_there_is_nothing_to_examine(settings: Settings) -> None:
    result = reexamine(settings, NOW)
    assert (result.candidates, result.changes, result.faults) == (0, (), ())


def test_a_named_filing_is_examined_in_any_case_and_stays_the_same(settings: Settings) -> None:
    before = files_of(settings)
    result = reexamine(settings, NOW, [UNSIGNED, UNSIGNED], apply=True)
    assert (result.candidates, result.unchanged, result.changes) == (1, 1, ())
    assert files_of(settings) == before


def test_a_dry_run_shows_a_changed_verdict_and_records_nothing(settings: Settings) -> None:
    move_signature_to_reliability(settings)
    before = files_of(settings)
    result = reexamine(settings, NOW)
    assert (result.candidates, result.unchanged) == (3, 2)
    (change,) = result.changes
    assert (change.number, change.pool_id, change.period, change.recorded) == (
        UNSIGNED,
        filer.POOL,
        "2025-02-01",
        False,
    )
    difference = change.difference
    assert (difference.verdict_before, difference.verdict_after) == ("refused", "accepted")
    assert (difference.gone, difference.new) == ({"C-12": 1}, {"C-12": 1}), "the same rule in the other lane"
    assert (difference.facts, difference.values, difference.reworded, difference.damaged) == ({}, {}, {}, None)
    assert files_of(settings) == before


def test_apply_adds_a_new_examination_beside_the_old_once(settings: Settings) -> None:
    move_signature_to_reliability(settings)
    before = files_of(settings)
    assert [change.recorded for change in reexamine(settings, NOW, apply=True).changes] == [True]
    after = files_of(settings)
    assert before.items() <= after.items(), "history stays"
    entry = archive.entry(settings, UNSIGNED)
    assert [verdict["verdict"] for verdict in entry.verdicts] == ["refused", "accepted"]
    assert entry.verdict
    assert entry.verdict["examination_no"] == 2
    assert datetime.fromisoformat(entry.verdict["examined_at"]) == NOW
    assert not archive.entry(settings, GOOD).verdicts[1:], "who differs in nothing keeps the verdict"
    again = reexamine(settings, NOW.replace(day=2), apply=True)
    assert (again.candidates, again.changes) == (2, ())
    assert files_of(settings) == after


def test_the_warehouse_takes_over_the_new_examination(settings: Settings) -> None:
    tasks.load(settings, NOW)
    move_signature_to_reliability(settings)
    reexamine(settings, NOW, apply=True)
    assert tasks.load(settings, NOW).startswith("loaded 0 registered and 1 examined filings")


def test_another_wording_of_a_rule_is_reported_as_such(settings: Settings) -> None:
    change_rule(settings, "rows", "R-37", lambda meta: meta["text"].update(en="Not a number that exists: {found}."))
    (change,) = reexamine(settings, NOW).changes
    assert change.number == WRONG_DIGIT
    assert (change.difference.reworded, change.difference.gone, change.difference.new) == ({"R-37": 1}, {}, {})


def test_a_rule_that_is_switched_off_makes_its_findings_go(settings: Settings) -> None:
    path = settings.expectations / "rows.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    value["expectations"] = [one for one in value["expectations"] if one["meta"]["rule"] != "R-37"]
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    (change,) = reexamine(settings, NOW).changes
    assert (change.difference.gone, change.difference.new) == ({"R-37": 1}, {})


def test_since_leaves_out_what_arrived_before(settings: Settings) -> None:
    """The three arrived on 10 April, 10 May and 10 June; a day counts from its local midnight."""
    move_signature_to_reliability(settings)
    reported = [reexamine(settings, NOW, since=day).candidates for day in (date(2025, 5, 10), date(2025, 5, 11))]
    assert reported == [2, 1]
    assert reexamine(settings, NOW, [UNSIGNED], since=date(2025, 6, 1)).candidates == 0


def rewrite(settings: Settings, relation: str, number: str, change: Callable[[pa.Table], pa.Table]) -> Path:
    """Stand in for files that an earlier version of the program wrote, which kept no hash of them."""
    path = archive.entry(settings, number).verdict_paths[-1]
    content = seal.read(path)
    for name in ("hash", "previous", "lake_sha256"):
        content.pop(name, None)
    path.write_text(json.dumps(content), encoding="utf-8")
    verdict = archive.entry(settings, number).verdict
    assert verdict
    (path,) = (settings.lake / path for path in verdict["lake"] if path.startswith(relation))
    pq.write_table(change(pq.ParquetFile(path).read()), path)
    return path


def test_values_that_were_read_otherwise_are_counted_by_column(settings: Settings) -> None:
    def other_quantity(table: pa.Table) -> pa.Table:
        place = table.column_names.index("quantity")
        field = table.schema.field("quantity")
        return table.set_column(place, field, pa.array([Decimal("0.25")], field.type))

    rewrite(settings, "distribution", GOOD, other_quantity)
    (change,) = reexamine(settings, NOW, [GOOD, WRONG_DIGIT]).changes
    assert (change.number, change.difference.values) == (GOOD, {"quantity": 1})


def test_rows_that_only_one_reading_has_are_counted(settings: Settings) -> None:
    rewrite(settings, "distribution", GOOD, lambda table: table.slice(0, 0))
    rewrite(settings, "distribution", WRONG_DIGIT, lambda table: pa.concat_tables([table, moved(table)]))
    first, second = reexamine(settings, NOW, [GOOD, WRONG_DIGIT]).changes
    assert first.difference.values == {"rows_new": 1}
    assert second.difference.values == {"rows_gone": 1}


def moved(table: pa.Table) -> pa.Table:
    place = table.column_names.index("row")
    return table.set_column(place, table.schema.field("row"), pa.array([999], pa.int32()))


def test_a_damaged_file_of_the_lake_is_reported_and_apply_writes_it_anew(settings: Settings) -> None:
    """What the load advises. The same code makes the same bytes, which are put back."""
    path = lake_file(settings, "finding", WRONG_DIGIT)
    content = path.read_bytes()
    for damage in (b"", content[:-1], bytes([content[0] ^ 1]) + content[1:], None):
        path.unlink(missing_ok=True) if damage is None else path.write_bytes(damage)
        with pytest.raises(DamagedHomeError, match=rf"{path.name}: .*reexamine {WRONG_DIGIT} --apply"):
            tasks.load(settings, NOW)
        (change,) = reexamine(settings, NOW, [WRONG_DIGIT]).changes
        assert str(path) in str(change.difference.damaged)
        assert (change.difference.gone, change.difference.new, change.recorded) == ({}, {}, False)
        healed = reexamine(settings, NOW, [WRONG_DIGIT], apply=True)
        assert (healed.restored, healed.changes) == ((path.relative_to(settings.lake).as_posix(),), ())
        assert path.read_bytes() == content
    assert len(events.read(settings.archive / "2025" / WRONG_DIGIT, "lake_file_restored")) == 4
    assert len(archive.entry(settings, WRONG_DIGIT).verdicts) == 1
    tasks.load(settings, NOW)


@pytest.mark.parametrize("is_moved", [False, True])
def test_a_damaged_file_of_an_older_lake_is_put_back_under_the_key_of_today(
    settings: Settings, *, is_moved: bool
) -> None:
    path = lake_file(settings, "finding", WRONG_DIGIT)
    content = path.read_bytes()
    make_older(settings.home)
    if is_moved:
        move(settings.home, KEY)
    there = path if is_moved else lake_file(settings, "finding", WRONG_DIGIT)
    there.write_bytes(b"damaged")
    healed = reexamine(settings, NOW, [WRONG_DIGIT], apply=True)
    assert (healed.restored, healed.changes) == ((path.relative_to(settings.lake).as_posix(),), ())
    assert path.read_bytes() == content
    report = check(settings, full=True)
    assert (report.damages, report.strays) == ((), ())
    assert reexamine(settings, NOW, [WRONG_DIGIT], apply=True).restored == ()


def test_what_other_code_examined_cannot_be_made_again_and_is_given_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lake_file(settings, "filing", WRONG_DIGIT)
    path.write_bytes(b"damaged")
    with monkeypatch.context() as patch:
        patch.setattr(examine_module, "code_version", lambda: "another")
        (change,) = reexamine(settings, NOW, [WRONG_DIGIT], apply=True).changes
    assert change.recorded
    (given_up,) = events.read(settings.archive / "2025" / WRONG_DIGIT, "examination_lost")
    assert given_up.data == {"examination_no": 1, "paths": [path.relative_to(settings.lake).as_posix()]}
    assert check(settings, full=True).damages == ()
    tasks.load(settings, NOW)
    assert reexamine(settings, NOW, [WRONG_DIGIT], apply=True).restored == ()


def test_a_package_whose_bytes_are_damaged_is_never_examined(settings: Settings) -> None:
    package = archive.entry(settings, GOOD).package
    (first, *_) = sorted(path for path in package.rglob("*") if path.is_file())
    content = first.read_bytes()
    first.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    ((number, fault),) = reexamine(settings, NOW, [GOOD], apply=True).faults
    assert number == GOOD
    assert "its bytes are not those that came. Restore the file from a backup" in fault
    first.write_bytes(content)
    (package / "more.xlsx").write_bytes(b"x")
    ((_, fault),) = reexamine(settings, NOW, [GOOD], apply=True).faults
    assert "more.xlsx: the receipt does not name it" in fault
    (archive.entry(settings, GOOD).folder / "verdict.json").unlink()
    with pytest.raises(PendingError, match=r"more\.xlsx"):
        examine_pending(settings, NOW, [GOOD])


def lake_file(settings: Settings, relation: str, number: str) -> Path:
    verdict = archive.entry(settings, number).verdict
    assert verdict
    (path,) = (settings.lake / path for path in verdict["lake"] if path.startswith(relation))
    return path


def test_one_filings_fault_does_not_stop_the_others(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    move_signature_to_reliability(settings)
    verdict = settings.archive / "2025" / GOOD / "verdict.json"
    verdict.write_text("{", encoding="utf-8")
    real = module.examination_of

    def failing(entry: archive.Entry, *rest: Any) -> Any:
        if entry.number == WRONG_DIGIT:
            raise MemoryError("no room")
        return real(entry, *rest)

    monkeypatch.setattr(module, "examination_of", failing)
    seen: list[tuple[int, int, str]] = []
    result = reexamine(settings, NOW, progress=lambda *reported: seen.append(reported))
    assert numbers(result) == [UNSIGNED]
    assert [number for number, _ in result.faults] == [GOOD, WRONG_DIGIT]
    assert "verdict.json" in result.faults[0][1]
    assert "no room" in result.faults[1][1]
    assert (result.candidates, result.unchanged) == (3, 0)
    assert seen == [(0, 2, UNSIGNED), (1, 2, WRONG_DIGIT)]


def test_a_filing_without_a_verdict_is_the_intakes(settings: Settings) -> None:
    (settings.archive / "2025" / GOOD / "verdict.json").unlink()
    assert reexamine(settings, NOW).faults == ()
    ((number, fault),) = reexamine(settings, NOW, [GOOD]).faults
    assert number == GOOD
    assert "no verdict yet" in fault


def test_an_unknown_number_ends_it_before_anything_is_examined(settings: Settings) -> None:
    with pytest.raises(ArchiveError, match="2025-000009"):
        reexamine(settings, NOW, [UNSIGNED, "2025-000009"], apply=True)


def test_a_kill_before_the_verdict_is_made_good_by_the_next_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_signature_to_reliability(settings)

    class KilledError(BaseException):
        pass

    def killed(*_: Any) -> bool:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(lake_files, "place", killed)
        with pytest.raises(KilledError):
            reexamine(settings, NOW, apply=True)
    assert len(archive.entry(settings, UNSIGNED).verdicts) == 1
    assert [change.recorded for change in reexamine(settings, NOW, apply=True).changes] == [True]
    assert len(archive.entry(settings, UNSIGNED).verdicts) == 2


def test_other_rules_elsewhere_do_not_matter(settings: Settings) -> None:
    """The verdicts of this home were made by the project's rules: with these again there is nothing to do."""
    assert reexamine(replace(settings, expectations=PROJECT / "expectations"), NOW).candidates == 0
