"""A package as a whole: thousands of files, a thousand folders, what passes the budget, what kills a child."""

from __future__ import annotations

import os
import shutil
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cases.case_packages import NOW, PACKAGES
from esep.config import Settings
from esep.examination.examine import check_path
from esep.forms.document import FileState, PackageRead
from esep.forms.reading import limits, read_package
from esep.forms.reading.limits import Budget
from esep.forms.reading.zygote import HELPER
from esep.office import storage
from examination.package_builder import settings

FORM = (PACKAGES / "04-signature-p7b" / "1-ЦМ.xlsx").read_bytes()
SECONDS = 60
"""What a package may take from its bytes to the verdict, whatever it is made of."""


@pytest.fixture(scope="module", autouse=True)
def _zygote_is_closed() -> Iterator[None]:
    yield
    HELPER.close()


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "package").mkdir()
    yield tmp_path / "package"
    storage.remove(tmp_path / "package")  # pytest's own way to remove it recurses, which a thousand folders end


def read(package: Path, **changes: float) -> PackageRead:
    chosen = replace(Settings(home=package.parent, reader_seconds=SECONDS), **changes)
    return read_package(package, package.parent / "work", chosen)


def jobs_of(package: Path) -> int:
    """Child processes that reading the package took."""
    return sum(1 for _ in next((package.parent / "work").iterdir()).iterdir())


def codes(read_of: PackageRead) -> Counter[str]:
    return Counter(file.detail_code for file in read_of.files)


def test_thousands_of_small_files_share_a_few_children(package: Path) -> None:
    kinds = (b"\xff\xd8\xff\xe0", b"Rar!\x1a\x07\x00", b"", b"\x00\x01\x02", FORM[:500], b"note")
    for number in range(3_000):
        (package / f"{number}.bin").write_bytes(kinds[number % len(kinds)])
    (package / "form.xlsx").write_bytes(FORM)
    begun = time.monotonic()
    found = read(package)
    assert time.monotonic() - begun < SECONDS
    assert (len(found.files), len(found.forms)) == (3_001, 1)
    assert codes(found) == {
        "": 1,
        "attachment": 500,
        "picture": 500,
        "archive_kind": 500,
        "empty_file": 500,
        "unknown_kind": 500,
        "zip_truncated": 500,
    }
    assert jobs_of(package) <= 3_001 / limits.BATCH_FILES + 1


def test_an_archive_of_nineteen_hundred_members(package: Path) -> None:
    with zipfile.ZipFile(package / "a.zip", "w") as archive:
        for number in range(1_900):
            archive.writestr(f"{number}.txt", f"note {number}")
        archive.writestr("form.xlsx", FORM)
    found = read(package)
    assert (len(found.files), len(found.forms)) == (1_901, 1)
    assert jobs_of(package) <= 10


def test_a_thousand_folders_one_inside_the_other(package: Path) -> None:
    for depth in range(1, 1_001):
        os.mkdir(f"{package}{'/d' * depth}")  # noqa: PTH102 - pathlib recurses
    Path(f"{package}{'/d' * 1_000}", "1-ЦМ.xlsx").write_bytes(FORM)
    examination = check_path(package, settings(), NOW)
    assert examination.row_count == 3


def test_a_path_that_is_too_long_is_reported(package: Path) -> None:
    here = os.getcwd()  # noqa: PTH109
    try:
        os.chdir(package)
        for _ in range(20):
            os.mkdir("d" * 250)  # noqa: PTH102
            os.chdir("d" * 250)
        os.chdir(here)
        with pytest.raises(OSError, match="nested too deep or have too long names"):
            check_path(package, settings(), NOW)
    finally:
        os.chdir(here)
        shutil.rmtree(package)  # goes by open folders, so that no path is too long for it


@pytest.mark.parametrize("what", ["crash", "memory", "time"])
def test_a_file_that_kills_its_child_costs_only_itself(
    package: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others of its batch are read all the same, those before it once."""
    for number in range(40):
        (package / f"{number:02}.txt").write_text(f"note {number}")
    (package / "20.txt").write_bytes(b"killer")
    run = HELPER.run

    def killed(job: dict[str, Any], *, memory: int, seconds: float) -> str:
        names = [file["name"] for file in job["files"]]
        if "20.txt" not in names:
            return run(job, memory=memory, seconds=seconds)
        before = job | {"files": job["files"][: names.index("20.txt")]}
        run(before, memory=memory, seconds=seconds)
        return what

    monkeypatch.setattr(HELPER, "run", killed)
    monkeypatch.setattr("esep.forms.reading.package.Queue._far_cell", lambda *_: None)
    found = {file.path: file for file in read(package).files}
    assert len(found) == 40
    expected = {"crash": "reader_failed", "memory": "memory_limit", "time": "time_limit"}[what]
    assert [path for path, file in found.items() if file.detail_code == expected] == ["20.txt"]
    assert {file.state for path, file in found.items() if path != "20.txt"} == {FileState.NOT_READ}


def test_files_beyond_the_budget_are_reported_one_by_one(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        (package / f"{number:02}.txt").write_text("x" * 100)
    monkeypatch.setattr(limits, "PACKAGE_FILES", 20)
    monkeypatch.setattr(Budget, "of", classmethod(lambda cls, _: cls(time.monotonic() + 60, 20, 10**9)))
    assert codes(read(package)) == {"text_without_number_row": 20, "package_files": 10}
    monkeypatch.setattr(Budget, "of", classmethod(lambda cls, _: cls(time.monotonic() + 60, 100, 1_550)))
    assert codes(read(package)) == {"text_without_number_row": 15, "package_bytes": 15}


def test_a_package_that_has_no_time_left_says_so(package: Path) -> None:
    for number in range(3):
        (package / f"{number}.xlsx").write_bytes(FORM)
    found = read(package, package_seconds=0.0)
    assert {(file.state, file.detail_code) for file in found.files} == {(FileState.TOO_LARGE, "package_time")}
