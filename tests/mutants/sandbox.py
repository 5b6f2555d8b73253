"""A copy of the project in which one file at a time is changed, and tests run against it in a fork."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from hypothesis import settings

from mutants.operators import Mutant

PROJECT = Path(__file__).parents[2]
WAITING = 6
"""Seconds on the clock for each one of processor time: a busy machine is no fault, tests that wait for ever are."""


class _InFork:
    """Runs tests in the order given, whatever conftest.py prefers, and notes the file of the first that fails."""

    def __init__(self, tests: Sequence[str], report: Path) -> None:
        self._place = {name: number for number, name in enumerate(tests)}
        self._report = report

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._place.get(item.nodeid, self._place.get(_file(item.nodeid), 0)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self._report.exists():
            self._report.write_text(_file(report.nodeid), encoding="utf-8")


class _Touching:
    """Notes the time of each test and which functions it calls; what a fixture calls, all tests of its file touch."""

    def __init__(self, folder: Path, report: Path) -> None:
        self._folder, self._report = f"{folder}/plugins/", report
        self._codes: dict[str, set[CodeType]] = defaultdict(set)
        self._now: set[CodeType] = set()
        self._seconds: dict[str, float] = {}
        sys.settrace(self._called)

    def _called(self, frame: FrameType, event: str, argument: object) -> None:
        self._now.add(frame.f_code)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._now = self._codes[_file(item.nodeid)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self._now = self._codes[item.nodeid]
        sys.settrace(self._called)  # a library may have put its own in place
        began = time.monotonic()
        yield
        self._seconds[item.nodeid] = time.monotonic() - began

    def pytest_sessionfinish(self) -> None:
        sys.settrace(None)
        touched = defaultdict(list)
        for test, codes in self._codes.items():
            for place in sorted({function_of(code, self._folder) for code in codes} - {""}):
                touched[place].append(test)
        self._report.write_text(json.dumps({"seconds": self._seconds, "touched": touched}), encoding="utf-8")


def function_of(code: CodeType, folder: str) -> str:
    """`plugins/…/file.py:first line` of a function below `folder`, else an empty text."""
    if not code.co_filename.startswith(folder):
        return ""
    return f"plugins/{code.co_filename.removeprefix(folder)}:{code.co_firstlineno}"


class Sandbox:
    """Where the copy lies, with its own folder for temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self._temporary = folder / "tmp"
        self._report = folder / "report"
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

    def run(self, tests: Sequence[str], seconds: float = 3600.0) -> str | None:
        """Run tests (files or node ids) in so many seconds of processor time at most.

        Gives the file of the first that fails, `time` if they took longer, None if all pass.
        """
        code = self._fork(tests, seconds, touching=False)
        if not code:
            return None
        return "time" if code < 0 else self._reported() or "collection"

    def touched(self, file: str) -> Mapping[str, Any] | None:
        """Run a file of tests: `seconds` of each, and `touched`, function → tests; None if one fails."""
        code = self._fork([file], 3600.0, touching=True)
        return None if code else json.loads(self._reported())

    def _reported(self) -> str:
        return self._report.read_text(encoding="utf-8") if self._report.exists() else ""

    def _fork(self, tests: Sequence[str], seconds: float, *, touching: bool) -> int:
        """Exit code of the run, -1 if it took too long."""
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary.mkdir()
        self._report.unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            os.setsid()
            _, most = resource.getrlimit(resource.RLIMIT_CPU)
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), most))
            self._in_fork(tests, touching=touching)
        deadline = time.monotonic() + WAITING * seconds
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                return -1 if code in (-signal.SIGKILL, -signal.SIGXCPU) else code and 1
            time.sleep(0.05)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return -1

    def _in_fork(self, tests: Sequence[str], *, touching: bool) -> None:
        code = 3
        try:
            os.chdir(self.folder)
            tempfile.tempdir = str(self._temporary)
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            options = ["-o", "addopts=-q --strict-markers --import-mode=importlib", "-x", "-p", "no:cacheprovider"]
            options += ["-p", "no:xdist", "--basetemp", str(self._temporary / "pytest"), "--hypothesis-seed", "0"]
            settings.register_profile("mutants", deadline=None)  # a busy machine is no fault
            settings.load_profile("mutants")
            plugin = _Touching(self.folder, self._report) if touching else _InFork(tests, self._report)
            code = pytest.main([*options, *tests], plugins=[plugin])
        finally:
            os._exit(int(code))


def _file(test: str) -> str:
    return test.partition("::")[0]
