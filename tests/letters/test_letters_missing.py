"""Receipts and refusals that intake writes: what is missing, once, whatever is killed, one fault at a time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pytest

from esep import failures
from esep.clock import TIMEZONE
from esep.config import PROJECT
from esep.letters import outbox
from esep.letters.missing import LettersError, write_missing
from esep.office import events
from esep.orchestration import tasks
from letters.letter_office import NUMBER, Office, finding, lay, pdf_text, reported

NOW = datetime(2025, 4, 29, 12, tzinfo=TIMEZONE)


@pytest.fixture
def three(office: Office) -> Office:
    """An accepted filing, a refused one and a registered one without a verdict."""
    office.workbook()
    office.register("2025-000011", verdict="accepted", lake=[])
    office.register(lake=lay(office, NUMBER, [finding(), finding("R-46", row=17, column_no="6")]))
    office.register("2025-000018")
    (office.settings.archive / "2025" / "2025-000018" / "verdict.json").unlink()
    return office


def contents(office: Office) -> dict[str, bytes]:
    outbox = office.settings.outbox
    return {path.relative_to(outbox).as_posix(): path.read_bytes() for path in outbox.rglob("*") if path.is_file()}


def test_every_filing_gets_a_receipt_and_the_refused_one_a_refusal(three: Office) -> None:
    letters = write_missing(three.settings)
    assert {letter.letter_no for letter in letters} == {
        "2025-000011/A-1",
        f"{NUMBER}/A-1",
        f"{NUMBER}/R-1",
        "2025-000018/A-1",
    }
    refusal = next(letter for letter in letters if letter.letter_no.endswith("R-1"))
    value = reported(refusal)
    assert value["dated"] == "2025-04-29"  # the day of the examination
    assert (value["fault_count"], value["other_remarks"]) == (1, 1)
    assert value["term"]["ends_on"] == "2025-04-30"
    receipt = next(letter for letter in letters if letter.letter_no == "2025-000018/A-1")
    assert reported(receipt)["dated"] == "2025-04-28"  # the day of registration


def test_two_runs_are_one_run_and_nothing_is_opened_that_is_there(
    three: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_missing(three.settings)
    before = contents(three)
    monkeypatch.setattr(outbox, "write_receipt", pytest.fail)
    monkeypatch.setattr(outbox, "write_refusal", pytest.fail)
    assert write_missing(three.settings) == []
    assert contents(three) == before


def test_an_overruled_refusal_is_not_written_any_more(three: Office) -> None:
    folder = three.settings.archive / "2025" / NUMBER
    events.append(folder, "refusal_overruled", NOW, "Омарова А.", {"reason": "the signature came by another way"})
    assert not any(letter.letter_no.endswith("R-1") for letter in write_missing(three.settings))


TAKEN_IN = datetime(2026, 6, 2, 9, tzinfo=TIMEZONE)
"""400 days after 28 April 2025, the day of arrival."""


def test_letters_of_history_name_the_former_receipt_and_no_term(office: Office) -> None:
    office.workbook()
    entry = office.register(registered_at=TAKEN_IN, lake=lay(office, NUMBER, [finding()]))
    events.append(entry.folder, "loaded_as_history", TAKEN_IN, "Омарова А.", {"basis": "command"})
    letters = write_missing(office.settings)
    assert [letter.letter_no for letter in letters] == [f"{NUMBER}/A-1", f"{NUMBER}/R-1"]
    for letter, stem in zip(letters, ("receipt", "refusal"), strict=True):
        assert reported(letter)["term"] is None
        text = pdf_text(letter.folder / f"{stem}.pdf")
        assert "зарегистрирован датой прежнего поступления: 28 апреля 2025 года" in text
        assert "внесён как ранее поступивший 2 июня 2026 года (Омарова А.)" in text
        assert "2026 жылғы 2 маусым" in text
        assert "не применяется" not in text
        assert "қолданылмайды" not in text


def test_letters_of_what_the_office_registers_late_name_the_term(office: Office) -> None:
    office.workbook()
    office.register(registered_at=TAKEN_IN, lake=lay(office, NUMBER, [finding()]))
    letters = write_missing(office.settings)
    assert [reported(letter)["term"]["ends_on"] for letter in letters] == ["2025-04-30", "2025-04-30"]
    assert "прежнего поступления" not in pdf_text(letters[0].folder / "receipt.pdf")


def test_one_filings_fault_does_not_stop_the_others_and_says_what_to_do(three: Office) -> None:
    shutil.rmtree(three.settings.lake)
    (three.settings.archive / "2025" / "2025-000011" / "receipt.json").write_text("{", encoding="utf-8")
    with pytest.raises(LettersError) as caught:
        write_missing(three.settings)
    assert caught.value.numbers == ["2025-000011", NUMBER]
    assert f"bin/esep reexamine {NUMBER} --apply" in str(caught.value)
    assert {letter.letter_no for letter in caught.value.written} == {f"{NUMBER}/A-1", "2025-000018/A-1"}


def test_a_notice_does_not_stand_in_the_way_of_a_later_refusal(three: Office) -> None:
    """An accepted filing that a re-examination refuses gets its refusal, though a notice lies in its folder."""
    from esep.letters.facts import Fact, NoticeReason, Pool
    from esep.office import archive

    entry = archive.entry(three.settings, "2025-000011")
    pool, day = Pool("230640000018"), date(2025, 4, 29)
    outbox.write_notice(
        three.settings, pool, date(2025, 3, 1), [Fact(NoticeReason.LATE, day, entry)], day, day, entry=entry
    )
    again = json.loads((entry.folder / "verdict.json").read_text(encoding="utf-8")) | {
        "verdict": "refused",
        "examination_no": 2,
        "lake": lay(three, "2025-000011", [finding()]),
    }
    (entry.folder / "verdict-2.json").write_text(json.dumps(again), encoding="utf-8")
    assert "2025-000011/R-1" in {letter.letter_no for letter in write_missing(three.settings)}


KILLED = """
import os, sys
from pathlib import Path
from esep.config import Settings
from esep.letters import missing

moves, rename = int(sys.argv[2]), Path.replace
def replace(self, target):
    global moves
    if moves == 0:
        os._exit(9)
    moves -= 1
    return rename(self, target)
Path.replace = replace
missing.write_missing(Settings(home=Path(sys.argv[1])))
"""


@pytest.mark.parametrize("moves", [0, 4, 7])
def test_a_killed_run_is_made_good_by_the_next(office: Office, moves: int) -> None:
    """Killed before the n-th file is put in place: the next run ends with the bytes of a run that nobody killed.

    A receipt is three files and its refusal four (there is no workbook to copy).
    """
    (office.package / "otinish.txt").write_text("x", encoding="utf-8")
    office.register(lake=lay(office, NUMBER, [finding("C-12", file=None, sheet=None, row=None, column_no=None)]))
    office.register("2025-000018", verdict="accepted", lake=[])
    write_missing(office.settings)
    whole = contents(office)
    assert len(whole) == 10
    shutil.rmtree(office.settings.outbox)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(office.settings.home), str(moves)],
        env=os.environ | {"PYTHONPATH": str(PROJECT / "plugins")},
        timeout=120,
        check=False,
    )
    assert done.returncode == 9
    assert contents(office) != whole
    write_missing(office.settings)
    assert contents(office) == whole


def test_nothing_but_letters_stays_in_the_outbox(three: Office) -> None:
    write_missing(three.settings)
    assert {path.name for path in three.settings.outbox.iterdir()} == {".staging", "2025-000011", NUMBER, "2025-000018"}
    assert not list(Path(three.settings.outbox / ".staging").iterdir())


def test_batches_side_by_side_write_what_one_task_would_have(three: Office) -> None:
    batches = [["2025-000011", "2025-000018"], [NUMBER]]
    with ThreadPoolExecutor(2) as pool:
        written = list(pool.map(lambda batch: tasks.batch_letters(three.settings, batch), batches))
    assert written == [["2025-000011/A-1", "2025-000018/A-1"], [f"{NUMBER}/A-1", f"{NUMBER}/R-1"]]
    side_by_side = contents(three)
    assert [tasks.batch_letters(three.settings, batch) for batch in batches] == [[], []], "run again, nothing is to do"
    assert tasks.letters(three.settings) == []
    shutil.rmtree(three.settings.outbox)
    assert len(tasks.letters(three.settings)) == 4
    assert contents(three) == side_by_side


def test_what_a_batch_cannot_write_is_reported_by_the_sweep(three: Office) -> None:
    receipt = three.settings.archive / "2025" / "2025-000011" / "receipt.json"
    whole = receipt.read_bytes()
    receipt.write_text("{", encoding="utf-8")
    assert tasks.batch_letters(three.settings, ["2025-000011", "2025-000018"]) == ["2025-000018/A-1"]
    with pytest.raises(LettersError, match="2025-000011"):
        tasks.letters(three.settings)
    assert {failure.step for failure in failures.standing(three.settings)} == {"letters"}
    receipt.write_bytes(whole)
    assert tasks.letters(three.settings) == ["2025-000011/A-1"]
    assert failures.standing(three.settings) == []


def test_two_tasks_at_once_write_each_letter_once(office: Office) -> None:
    """Both find the same letters missing; each is written by one of them, and the other leaves it as it is."""
    office.workbook()
    for serial in range(17, 23):
        office.register(f"2025-{serial:06d}", verdict="accepted")
    with ThreadPoolExecutor(2) as pool:
        tasks = [pool.submit(write_missing, office.settings) for _ in range(2)]
        written = [letter.letter_no for task in tasks for letter in task.result()]
    assert sorted(written) == [f"2025-{serial:06d}/A-1" for serial in range(17, 23)]
    assert not any((office.settings.outbox / ".staging").iterdir())
