"""A home that an earlier version filled is taken over: the same figures, nothing lost, nothing written twice.

Each home is one of tests/upgrade/*.tar.xz with the figures that its version published beside it (make_home.py). What
differs on purpose is in LATER and FOUND_LATER, with the reason.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from end_to_end import filer
from esep import clock
from esep.cli.main import main
from esep.config import Settings
from esep.files import sha256_of
from esep.orchestration import tasks
from upgrade.killed_upgrade import bring_up
from upgrade.make_home import FIGURES, FIRST, POOLS, SUPERVISED, figures

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
VERSIONS = sorted(path.name.removesuffix(".tar.xz") for path in HERE.glob("*.tar.xz"))
ACCEPTED = (1, 2, 3, 4, 7, 8, 9)
UNSIGNED = (5, 6)

LETTERS_LATER = {
    # It wrote no letters: they are made up for by the first run of `letters`.
    "0.1.0": {*(f"2025-{number:06}/A-1" for number in range(1, 10)), *(f"2025-{number:06}/R-1" for number in UNSIGNED)},
    "0.1.0-procedure": set(),
}
# Totals that do not add up are asked about since then, in the layout with a line "Итого".
_TOTALS = {("2025-000002", "R-88"), ("2025-000009", "R-88")}
FOUND_LATER = {
    # It looked whether a signature is there and not what it is worth.
    "0.1.0": _TOTALS | {(f"2025-{number:06}", "R-05") for number in ACCEPTED},
    "0.1.0-procedure": _TOTALS,
}


@dataclass(frozen=True)
class Older:
    """A home as an earlier version left it, and what that version said."""

    version: str
    settings: Settings
    published_at: datetime
    figures: dict[str, list[list[str | None]]]

    def run(self, *arguments: str) -> Result:
        environment = {"ESEP_HOME": str(self.settings.home), "ESEP_LANGUAGE": "en"}
        return CliRunner().invoke(main, arguments, env=environment)

    def asked(self, *arguments: str, exit_code: int = 0) -> Any:
        """What a command gives as JSON."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == exit_code, result.output
        return json.loads(result.stdout)

    def is_calm(self) -> bool:
        """Whether `status` has only what is overdue (exit code 1), nothing that failed or is damaged."""
        status = self.asked("status", exit_code=1)
        return not (status["failures"] or status["damaged"] or status["warehouse"]["stale"])

    def now(self) -> dict[str, list[list[str | None]]]:
        return figures(self.settings.snapshot)


def unpacked(version: str, home: Path) -> Older:
    with tarfile.open(HERE / f"{version}.tar.xz") as archive:
        archive.extractall(home, filter="data")
    said = json.loads((HERE / f"{version}.json").read_text(encoding="utf-8"))
    settings = Settings(home=home, inbox_settle_seconds=0)
    return Older(version, settings, datetime.fromisoformat(said["published_at"]), said["figures"])


@pytest.fixture(params=VERSIONS)
def older(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Older:
    """As the version left it."""
    older = unpacked(request.param, tmp_path / "home")
    monkeypatch.setattr(clock, "now", lambda: older.published_at)
    return older


@pytest.fixture(scope="module", params=VERSIONS)
def brought_up(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Older:
    """After the upgrade; copied before a test changes it."""
    older = unpacked(request.param, tmp_path_factory.mktemp("upgraded") / "home")
    bring_up(older.settings, older.published_at)
    return older


@pytest.fixture
def upgraded(brought_up: Older, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Older:
    home = shutil.copytree(brought_up.settings.home, tmp_path / "home", symlinks=True)
    monkeypatch.setattr(clock, "now", lambda: brought_up.published_at)
    return replace(brought_up, settings=replace(brought_up.settings, home=home))


def plain(rows: list[list[str | None]]) -> list[list[object]]:
    """Numbers by their value: how many zeros follow is a column's type, and says nothing."""

    def value(text: str | None) -> object:
        try:
            return Decimal(text or "")
        except InvalidOperation:
            return text

    return sorted(([value(cell) for cell in row] for row in rows), key=str)


def differences(older: Older) -> dict[str, tuple[list[list[object]], list[list[object]]]]:
    """By relation: rows that the version had and today's code has not, and the other way round."""
    now, found = older.now(), {}
    for name, rows in older.figures.items():
        was, has = plain(rows), plain(now[name])
        gone, new = [row for row in was if row not in has], [row for row in has if row not in was]
        if gone or new:
            found[name] = (gone, new)
    return found


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in folder.rglob("*") if path.is_file()}


def letters_in(settings: Settings) -> Counter[str]:
    return Counter(json.loads(path.read_text())["letter_no"] for path in settings.outbox.glob("*/status*.json"))


def test_the_homes_are_as_rich_as_an_office() -> None:
    assert VERSIONS == ["0.1.0", "0.1.0-procedure"], "a version that was released has its home (make_home.py)"
    for version in VERSIONS:
        said = json.loads((HERE / f"{version}.json").read_text(encoding="utf-8"))["figures"]
        assert set(said) == set(FIGURES)
        assert all(said.values()), "every relation had rows"
        states = {state for _, state, *_ in said["filing"]}
        assert {"accepted", "refused", "superseded"} <= states


def test_the_figures_are_those_of_the_release(older: Older) -> None:
    kept = {part: contents(older.settings.home / part) for part in ("archive", "lake", "journal", "reference")}
    assert older.run("status").exit_code == 2, "a snapshot of other code is not shown as today's"

    tasks.accept_reference(older.settings, older.published_at)
    for step in (tasks.load, tasks.build_marts, tasks.check):
        step(older.settings, older.published_at)
    tasks.publish(older.settings)

    assert differences(older) == {}
    for part, before in kept.items():
        assert before.items() <= contents(older.settings.home / part).items(), f"{part}: what was recorded stays"
    assert older.is_calm()


def test_it_is_sound_and_proved_once_adopted(older: Older) -> None:
    before = older.asked("verify")
    assert (before["sound"], before["damages"], before["strays"]) == (True, [], [])
    assert "2025-000001" in before["unproved"], "it is from before records had hashes"
    assert older.asked("verify", "--adopt", "--author", "Серікова Ә. Б.")["adopted"] > 0
    assert older.asked("verify")["unproved"] == []
    receipt = older.settings.archive / "2025" / "2025-000001" / "receipt.json"
    receipt.write_text(receipt.read_text(encoding="utf-8").replace("2025-02-18", "2025-02-17"), encoding="utf-8")
    assert older.run("verify").exit_code == 1, "from then on a changed record is named"


def test_no_letter_is_written_twice(upgraded: Older) -> None:
    was, files = letters_in(upgraded.settings), contents(upgraded.settings.outbox)
    later = LETTERS_LATER[upgraded.version]
    assert set(tasks.letters(upgraded.settings)) == later
    assert letters_in(upgraded.settings) == was + Counter(dict.fromkeys(later, 1))
    assert files.items() <= contents(upgraded.settings.outbox).items(), "and none is written over"
    assert tasks.letters(upgraded.settings) == []


def test_supervision_goes_on_where_it_was(upgraded: Older) -> None:
    """A pool that had its notices and reminders gets none of them again."""
    from esep.supervision import daily

    tasks.letters(upgraded.settings)
    was = letters_in(upgraded.settings)
    supervised = upgraded.version == "0.1.0-procedure"
    day = SUPERVISED if supervised else clock.local_date(upgraded.published_at)
    daily.supervise(upgraded.settings, day, day)
    daily.letters(upgraded.settings)
    now = letters_in(upgraded.settings)
    assert max(now.values()) == 1
    assert (was == now) if supervised else (was < now), "only a version without supervision left letters to be drafted"


def test_a_new_filing_is_registered_under_the_next_number(upgraded: Older) -> None:
    now = upgraded.published_at + timedelta(hours=1)
    filing = filer.Filing(
        month=3, pool_id=FIRST, pool_name=POOLS[FIRST], rows=[filer.row(1, distributed_on="05.03.2025", quantity="3")]
    )
    filer.write(filing, upgraded.settings.inbox / "111", upgraded.published_at.isoformat())
    assert [item["number"] for item in tasks.register(upgraded.settings, now)["registered"]] == ["2025-000010"]
    assert tasks.examine(upgraded.settings, now, tasks.unexamined(upgraded.settings)) == {"2025-000010": "accepted"}
    bring_up(upgraded.settings, now)

    states = {number: state for number, state, *_ in upgraded.now()["filing"]}
    assert (states["2025-000010"], states["2025-000008"]) == ("accepted", "superseded"), "it corrects March"
    had, sold = (
        {row[1]: Decimal(row[4] or "") for row in said["sale_obligation"]}
        for said in (upgraded.figures, upgraded.now())
    )
    # March of this pool was 2 and 0.33333333 of two miners, and is 3 of the first.
    assert sold[filer.MINER_A] - had[filer.MINER_A] == 1
    assert had[filer.MINER_B] - sold[filer.MINER_B] == Decimal("0.33333333")


def test_the_same_bytes_get_the_first_receipt_still(upgraded: Older) -> None:
    package = upgraded.settings.archive / "2025" / "2025-000009" / "package"
    again = upgraded.settings.inbox / "112"
    again.mkdir()
    for path in package.iterdir():
        (again / path.name).write_bytes(path.read_bytes())
    done = tasks.register(upgraded.settings, upgraded.published_at)
    assert ([item["number"] for item in done["duplicates"]], done["registered"]) == (["2025-000009"], [])


def test_a_re_examination_finds_what_the_new_rules_look_for(upgraded: Older) -> None:
    first, second = upgraded.asked("reexamine", "--apply"), upgraded.asked("reexamine", "--apply")
    assert all(change["recorded"] for change in first["changes"])
    assert (len(first["changes"]) > 0, second["changes"], second["faults"]) == (True, [], [])
    bring_up(upgraded.settings, upgraded.published_at)

    changed = differences(upgraded)
    gone, new = changed.pop("finding")
    assert (gone, {(row[0], row[1]) for row in new}) == ([], FOUND_LATER[upgraded.version])
    assert changed == {}, "findings of reliability change no figure and no state"
    assert upgraded.asked("verify")["sound"]


@pytest.fixture(scope="module")
def killed_upgrade() -> Iterator[subprocess.Popen[str]]:
    paths = f"{HERE.parents[1] / 'plugins'}:{HERE.parent}"
    with subprocess.Popen(
        [sys.executable, str(HERE / "killed_upgrade.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": paths},
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def test_an_upgrade_that_is_killed_goes_on(older: Older, killed_upgrade: subprocess.Popen[str]) -> None:
    """Killed again and again, each time a little later, on the same home; the last run finds no trace of it."""
    assert killed_upgrade.stdin
    assert killed_upgrade.stdout
    endings = []
    count = 0
    while "finished" not in endings:
        killed_upgrade.stdin.write(f"{older.settings.home}\t{older.published_at.isoformat()}\t{count}\n")
        killed_upgrade.stdin.flush()
        endings.append(killed_upgrade.stdout.readline().strip())
        count += max(1, count // 2)
        assert set(endings) <= {"killed", "finished"}
    assert endings.count("killed") >= 5, "it was killed at several moments"
    assert differences(older) == {}
    report = older.asked("verify")
    assert (report["sound"], report["strays"]) == (True, [])
    assert older.is_calm()
