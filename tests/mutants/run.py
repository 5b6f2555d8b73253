"""`make mutants`: how many small faults in the figures, checks, law and rules do the tests see?

A seeded sample of the mutants of `AREAS` is put, one at a time, into a copy of the project, and the tests that touch
its area run against it until one fails. A mutant that no test sees has survived: its line is printed, and the score is
the share of those seen. Forked from a warm process, because the libraries take longer to import than most tests run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings
from rich.console import Console

from mutants.operators import Mutant, mutants_of

PROJECT = Path(__file__).parents[2]
AREAS: dict[str, tuple[str, ...]] = {
    "sql/figures": ("tests/goldens/test_relations.py", "tests/warehouse", "tests/answers"),
    "sql/checks": ("tests/warehouse",),
    "sql/supervision": (
        "tests/goldens/test_relations.py",
        "tests/supervision",
        "tests/across",
        "tests/answers",
        "tests/warehouse/test_mutants_of_figures.py",
    ),
    "plugins/esep/law": (
        "tests/law",
        "tests/values",
        "tests/examination",
        "tests/warehouse/test_mutants_of_figures.py",
    ),
    "plugins/esep/examination": ("tests/examination", "tests/cases"),
    "expectations": ("tests/examination", "tests/cases", "tests/across"),
}
"""Sources that are changed, and the tests that touch them."""
NOT_CHANGED = ("holiday.csv", "holiday_snapshot.py", "asset_alias.csv", "__init__.py")
"""A day off in a snapshot of 17 years, a spelling among hundreds: data that other data are compared with."""
TABLES: dict[str, tuple[str, ...]] = {
    "obligation_kind.csv": ("tests/supervision/test_obligations.py",),
    "office_practice.csv": ("tests/supervision/test_obligations.py", "tests/supervision/test_notices.py"),
    "price_list.csv": ("tests/goldens/test_relations.py", "tests/warehouse"),
    "sale_rule.csv": ("tests/goldens/test_relations.py", "tests/warehouse"),
}
"""Tables of the law that only the warehouse reads."""
LEFT_OUT = ("test_figure_change", "test_publication", "test_replay", "test_damaged", "test_absurd", "test_reexamine")
LEFT_OUT += ("test_second_reckoning", "test_values_any_text")
"""Files of tests that take a minute or more each, or measure time: a mutant that only these see is a survivor."""
WARM = ("pandas", "pyarrow.parquet", "pyarrow.compute", "duckdb", "great_expectations", "hypothesis", "openpyxl")
WARM += ("lxml.etree", "cryptography.x509", "python_calamine", "docx", "pypdf", "typst", "reportlab", "asn1crypto.cms")
SLOWER = 4.0
"""A mutant whose tests take so many times as long as without it has been seen: something runs without end, ..."""
SECONDS = 300.0
"""... after this time at the earliest."""


class _Order:
    """Runs the files in the order given, whatever conftest.py prefers."""

    def __init__(self, files: list[str]) -> None:
        self._place = {name: number for number, name in enumerate(files)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._place.get(item.nodeid.partition("::")[0], 0))


class Sandbox:
    """A copy of the project in which one file at a time is changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.temporary = folder / "tmp"
        self.report = folder / "report"
        self._changes = 0
        ignored = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "_build")
        shutil.copytree(PROJECT, self.folder, ignore=ignored)

    @contextlib.contextmanager
    def changed(self, mutant: Mutant) -> Iterator[None]:
        path = self.folder / mutant.path
        text, written = path.read_text(encoding="utf-8"), path.stat().st_mtime_ns
        path.write_text(mutant.applied(text), encoding="utf-8")
        self._changes += 1
        os.utime(path, (0, self._changes))  # a time of its own, so that no bytecode is taken for another text's
        try:
            yield
        finally:
            path.write_text(text, encoding="utf-8")
            os.utime(path, ns=(written, written))

    def run(self, files: list[str], seconds: float = 3600.0) -> str | None:
        """Run files of tests in a fork; the first that fails, `time` when it does not end, None if all pass."""
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir()
        self.report.unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            os.setsid()
            self._in_fork(files)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                if os.waitstatus_to_exitcode(status) == 0:
                    return None
                return self.report.read_text(encoding="utf-8") if self.report.exists() else "collection"
            time.sleep(0.05)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "time"

    def _in_fork(self, files: list[str]) -> None:
        code = 3
        try:
            os.chdir(self.folder)
            tempfile.tempdir = str(self.temporary)
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            options = ["-o", "addopts=-q --strict-markers --import-mode=importlib", "-x", "-p", "no:cacheprovider"]
            options += ["-p", "no:xdist", "--basetemp", str(self.temporary / "pytest"), "--hypothesis-seed", "0"]
            settings.register_profile("mutants", deadline=None)  # a busy machine is no fault
            settings.load_profile("mutants")
            code = pytest.main([*options, *files], plugins=[_Order(files), self])
        finally:
            os._exit(int(code))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Within the fork: note the file of the first test that fails."""
        if report.failed and not self.report.exists():
            self.report.write_text(report.nodeid.partition("::")[0], encoding="utf-8")


def sources(areas: list[str]) -> list[str]:
    found = [path for area in areas for path in sorted((PROJECT / area).rglob("*.*")) if path.suffix != ".pyc"]
    return [path.relative_to(PROJECT).as_posix() for path in found if path.name not in NOT_CHANGED]


def area_of(path: str) -> str:
    return next(area for area in AREAS if path.startswith(f"{area}/"))


def tests_of(path: str) -> list[str]:
    """Files of tests that touch a source."""
    return _tests(TABLES.get(Path(path).name, ()) + AREAS[area_of(path)])


def _tests(places: Iterable[str]) -> list[str]:
    named = [PROJECT / one for one in places]
    found = [path for one in named for path in ([one] if one.is_file() else sorted(one.glob("test_*.py")))]
    return sorted({path.relative_to(PROJECT).as_posix() for path in found if not path.stem.startswith(LEFT_OUT)})


def sampled(areas: list[str], count: int, seed: int) -> list[Mutant]:
    """Those in `areas` of `count` mutants, shared out among all areas by the root of their number: small areas count.

    A change in one area leaves the sample of the others as it is.
    """
    pools = defaultdict(list)
    for path in sources(list(AREAS)):
        pools[area_of(path)] += mutants_of(path, (PROJECT / path).read_text(encoding="utf-8"))
    weights = {area: len(pool) ** 0.5 for area, pool in pools.items()}
    chosen: list[Mutant] = []
    for area in areas:
        share = min(len(pools[area]), round(count * weights[area] / sum(weights.values())))
        chosen += sorted(pools[area], key=lambda one: sha256(f"{seed} {one}".encode()).digest())[:share]
    random.Random(seed).shuffle(chosen)
    return chosen


class Result:
    """What is known so far, in a file: a run that was stopped goes on where it was."""

    def __init__(self, path: Path) -> None:
        self._path = path
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.seconds: dict[str, float] = kept.get("seconds", {})
        """File of tests → how long it takes without any fault."""
        self.seen_by: dict[str, str | None] = kept.get("seen_by", {})
        """Mutant as described → the file of the first test that failed, None where all passed."""

    def write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"seconds": self.seconds, "seen_by": self.seen_by}
        self._path.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


def measure(sandbox: Sandbox, areas: list[str], result: Result, console: Console) -> None:
    """Time each file of tests without any fault; they must pass."""
    wanted = {file for area in areas for file in _tests(AREAS[area])} | set(
        _tests(one for s in TABLES.values() for one in s)
    )
    for file in sorted(wanted - result.seconds.keys()):
        started = time.monotonic()
        failed = sandbox.run([file])
        if failed:
            console.print(f"[red]{file} fails without any change ({failed}): its result would say nothing.[/red]")
            sys.exit(2)
        result.seconds[file] = time.monotonic() - started
        result.write()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=420)
    options.add_argument("--seed", type=int, default=166)
    options.add_argument("--area", action="append", choices=list(AREAS), help="only this one; may be repeated")
    options.add_argument("--share", type=int, nargs=2, default=(1, 1), metavar=("I", "N"), help="the I-th of N shares")
    options.add_argument(
        "--longest", type=float, default=3600.0, help="leave out files of tests that take more seconds"
    )
    options.add_argument("--again", action="store_true", help="ask the survivors of the result again")
    options.add_argument("--result", type=Path, default=PROJECT / "var" / "mutants.json")
    given = options.parse_args()
    console = Console()
    areas = given.area or list(AREAS)
    for name in WARM:
        import_module(name)
    share, shares = given.share
    chosen = sampled(areas, given.count, given.seed)[share - 1 :: shares]
    result = Result(given.result)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        sandbox = Sandbox(Path(folder))
        measure(sandbox, areas, result, console)
        killers: dict[str, Counter[str]] = defaultdict(Counter)
        seen = 0
        for number, mutant in enumerate(chosen, start=1):
            described = mutant.described((PROJECT / mutant.path).read_text(encoding="utf-8"))
            failed = result.seen_by.get(described)
            if described not in result.seen_by or (failed is None and given.again):
                files = [file for file in tests_of(mutant.path) if result.seconds[file] <= given.longest]
                chance = {f: 9 * killers[mutant.path][f] + killers[area_of(mutant.path)][f] + 0.1 for f in files}
                files.sort(key=lambda file: -chance[file] / result.seconds[file])
                longest = max(SECONDS, SLOWER * sum(result.seconds[file] for file in files))
                with sandbox.changed(mutant):
                    runs = (
                        sandbox.run(some, longest) for some in (files[:1], files[1:3], files[3:9], files[9:]) if some
                    )
                    failed = next((failed for failed in runs if failed), None)  # few are collected at a time
                result.seen_by[described] = failed
                result.write()
                console.print(f"{number}/{len(chosen)} {failed or '[red]survived[/red]'}  {described}", soft_wrap=True)
            if failed is not None:
                seen += 1
                killers[mutant.path][failed] += 1
                killers[area_of(mutant.path)][failed] += 1
    console.print(f"{seen} of {len(chosen)} mutants seen: {seen / len(chosen):.1%}; seed {given.seed}")


if __name__ == "__main__":
    main()
