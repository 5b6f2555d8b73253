"""Workbooks protected with the password that Excel itself writes are read as if they were not; with another, named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msoffcrypto
import pytest

from cases.case_packages import PACKAGES
from esep.config import Settings
from esep.forms.document import FileRead, FileState
from esep.forms.reading import read_package
from forms.form_workbooks import FIXTURES
from forms.protected_files import EXCELS_OWN, xls_rc4, xls_rc4_cryptoapi, xls_xor, xlsx_standard

XLS = [FIXTURES / "libreoffice.xls", FIXTURES / "epoch_1904.xls"]
XLSX = [FIXTURES / "libreoffice.xlsx", PACKAGES / "01-v-comment" / "1-ЦМ.xlsx"]
PROTECTED = [
    *(pytest.param(path, way, id=f"{way.__name__} {path.name}") for path in XLS for way in (xls_xor, xls_rc4)),
    pytest.param(XLS[0], xls_rc4_cryptoapi, id="xls_rc4_cryptoapi"),
    *(pytest.param(path, xlsx_standard, id=f"xlsx_standard {path.parent.name}") for path in XLSX),
]
Protect = Callable[[bytes, str], bytes]


def read(folder: Path, name: str, content: bytes) -> FileRead:
    path = folder / name
    path.write_bytes(content)
    (file,) = read_package(path, folder / "work", Settings(home=folder)).files
    return file


def without_bytes(file: FileRead) -> FileRead:
    """What was read, but for hash and size of the file."""
    forms = tuple(replace(form, file_sha256="") for form in file.forms)
    return replace(file, sha256="", size=0, forms=forms)


@pytest.mark.parametrize(("path", "protect"), PROTECTED)
def test_excels_own_password_changes_nothing(tmp_path: Path, path: Path, protect: Protect) -> None:
    folders = [tmp_path / name for name in ("plain", "protected")]
    for folder in folders:
        folder.mkdir()
    name = f"1-ЦМ{path.suffix}"
    plain = read(folders[0], name, path.read_bytes())
    protected = read(folders[1], name, protect(path.read_bytes(), EXCELS_OWN))
    assert plain.forms[0].rows.num_rows
    assert protected.sha256 != plain.sha256
    assert without_bytes(protected) == without_bytes(plain)


@pytest.mark.parametrize(("path", "protect"), PROTECTED)
def test_another_password_is_reported(tmp_path: Path, path: Path, protect: Protect) -> None:
    file = read(tmp_path, f"1-ЦМ{path.suffix}", protect(path.read_bytes(), "made-up"))
    assert (file.state, file.detail_code, file.forms) == (FileState.ENCRYPTED, "encrypted", ())


@pytest.mark.parametrize(("path", "protect"), PROTECTED)
def test_these_files_are_what_they_are_said_to_be(tmp_path: Path, path: Path, protect: Protect) -> None:
    """With the password they were made with, another reader of the formats opens each."""
    protected = tmp_path / "protected"
    protected.write_bytes(protect(path.read_bytes(), "made-up"))
    with protected.open("rb") as file, (tmp_path / "plain").open("wb") as plain:
        office = msoffcrypto.OfficeFile(file)
        office.load_key(password="made-up")
        office.decrypt(plain)
