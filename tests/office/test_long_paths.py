"""A package whose paths the archive cannot take is registered with short names; what nobody can list waits."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from esep import clock
from esep.answers import status
from esep.config import Settings
from esep.files import reached
from esep.forms.reading.package import files_of
from esep.office import archive, storage
from esep.office.archive import Entry
from esep.proof.named import require_package
from esep.texts import LANGUAGES, text

DEEP = "/".join(["d" * 200] * 21)
"""More than 4,096 bytes."""
NAME = "1-ЦМ.xlsx"


def put(top: Path, relative: str, content: bytes) -> None:
    """Folder by folder, because the path as a whole is too long to name."""
    *folders, name = relative.split("/")
    with ExitStack() as open_folders:
        parent = os.open(top, os.O_RDONLY)
        open_folders.callback(os.close, parent)
        for folder in folders:
            with suppress(FileExistsError):
                os.mkdir(folder, dir_fd=parent)
            parent = os.open(folder, os.O_RDONLY, dir_fd=parent)
            open_folders.callback(os.close, parent)
        with os.fdopen(os.open(name, os.O_CREAT | os.O_WRONLY, dir_fd=parent), "wb") as file:
            file.write(content)


def kept(entry: Entry) -> dict[str | None, bytes]:
    """By the filer's own path: each file that the receipt names, its bytes as proved."""
    require_package(entry)
    return {file.original or file.path: (entry.package / file.path).read_bytes() for file in entry.receipt.files}


def test_files_with_paths_too_long_are_registered_under_short_names(office) -> None:
    top = office.folder("наурыз", {"өтініш.docx": b"annex 1"}, stamp={"incoming_no": "128"})
    content = {f"{DEEP}/{NAME}": b"annex 2", f"{DEEP}/II/{NAME}": b"more", f"{DEEP}/{'ц' * 127}": b"a long name"}
    for path, what in content.items():
        put(top, path, what)
    with reached(top / DEEP / "link") as (name, folder):
        os.symlink("/etc/passwd", name, dir_fd=folder)

    (result,) = office.run()
    assert (result.number, result.fault, office.left(), office.staged()) == ("2099-000001", None, [], [])
    entry = archive.entry(office.settings, "2099-000001")
    assert kept(entry) == {"өтініш.docx": b"annex 1"} | content
    named = {file.original: file.path for file in entry.receipt.files}
    assert named[f"{DEEP}/{NAME}"].endswith(f"-{NAME}")
    assert all(len(os.fsencode(file.path)) < 256 for file in entry.receipt.files)
    assert [left.path for left in entry.receipt.left_out] == [f"{DEEP}/link"]
    assert names_in(entry) == set(named.values())
    receipt = (entry.folder / archive.RECEIPT).read_text(encoding="utf-8")
    assert receipt.count('"original"') == 3
    assert entry.receipt == result.receipt


def names_in(entry: Entry) -> set[str]:
    return {name for _, name in files_of(entry.package)}


def test_the_same_package_once_more_is_no_second_filing(office) -> None:
    for _ in range(2):
        put(office.folder("наурыз", {}), f"{DEEP}/{NAME}", b"annex 2")
        results = office.run()
    assert [(one.number, one.duplicate) for one in results] == [("2099-000001", True)]
    put(office.folder("сәуір", {}), f"{DEEP}/II/{NAME}", b"annex 2")
    assert [(one.number, one.duplicate) for one in office.run()] == [("2099-000002", False)]


def test_short_names_that_are_taken_already(office) -> None:
    put(office.folder("first", {}), f"{DEEP}/{NAME}", b"deep")
    office.run()
    (file,) = archive.entry(office.settings, "2099-000001").receipt.files
    top = office.folder("second", {file.path: b"a file of that name"})
    put(top, f"{DEEP}/{NAME}", b"deep")
    put(top, f"{DEEP}/x/{NAME}", b"deeper")
    office.run()
    entry = archive.entry(office.settings, "2099-000002")
    assert kept(entry) == {
        file.path: b"a file of that name",
        f"{DEEP}/{NAME}": b"deep",
        f"{DEEP}/x/{NAME}": b"deeper",
    }
    assert len(names_in(entry)) == 3


@pytest.mark.parametrize("name", ["x" * 255, "ц" * 127 + "x", "x" * 250 + ".xlsx"])
def test_names_of_255_bytes_are_kept(office, name: str) -> None:
    office.file(name, b"alone")
    office.folder("топтама", {name: b"inside", f"y/{name}": b"deeper"})
    results = office.run()
    assert [result.fault for result in results] == [None, None]
    assert office.left() == []
    for result in results:
        entry = archive.entry(office.settings, str(result.number))
        assert all(file.original is None for file in entry.receipt.files)
        assert {path.rpartition("/")[2] for path in kept(entry) if path} == {name}


def test_a_path_that_nobody_can_list_is_reported_as_that(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, inbox_settle_seconds=0)
    settings.inbox.mkdir(parents=True)
    put(settings.inbox, f"package/{'/'.join(['d' * 250] * 262)}/{NAME}", b"")
    try:
        found = status.inbox_of(settings, clock.now())
    finally:
        storage.remove(settings.inbox)  # pytest's own removal goes by whole paths
    [item] = found.attention
    assert (item.name, item.cause) == ("package", "path_too_long")
    for language in LANGUAGES:
        assert ".zip" in text(f"status.cause_{item.cause}", language)
