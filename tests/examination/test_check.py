"""The filer's own check on real files: a folder, a zip, a lone workbook; nothing is left behind."""

from __future__ import annotations

import os
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from esep.examination.examine import check_path
from esep.examination.model import Examination, Verdict
from esep.forms import templates
from examination.package_builder import APPLICATION, FOOTER, HEAD, NOW, POOL, WALLETS, settings
from signature import cms_maker

ROW = [1, "ЖШС «Бір»", "940140000385", "№ 10001, 01.02.2024", WALLETS[0], date(2025, 3, 5), "BTC", "0,5", "BTC", "0,01"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete package, written with the project's own forms."""
    path = tmp_path_factory.mktemp("пакет")
    templates.write_form(path / "1-ЦМ.xlsx", period=date(2025, 3, 1), rows=[ROW], **FOOTER)
    templates.write_application(path / "өтініш.docx", **{**APPLICATION, "period": date(2025, 3, 1)})
    content = (path / "өтініш.docx").read_bytes()
    (path / "өтініш.p7s").write_bytes(cms_maker.sign(cms_maker.Rsa(cms_maker.rsa_key()), content, HEAD))
    return path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the check may work."""
    work = tmp_path / "tmp"
    work.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(work))
    return work


def checked(path: Path, **changes: Any) -> Examination:
    return check_path(path, settings(**changes), NOW)


def test_a_complete_folder(folder: Path, temporary: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    examination = checked(folder)
    assert [one.message_en for one in examination.findings] == []
    assert examination.verdict is Verdict.ACCEPTED
    assert (examination.identity.pool_id, examination.identity.period) == (POOL, date(2025, 3, 1))
    assert (examination.row_count, examination.sheets_stated) == (1, 3)
    assert sorted(path.name for path in folder.iterdir()) == before
    assert list(temporary.iterdir()) == []


def test_a_zip(folder: Path, tmp_path: Path, temporary: Path) -> None:
    path = tmp_path / "пакет.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    assert checked(path).verdict is Verdict.ACCEPTED
    assert list(temporary.iterdir()) == []


def test_a_lone_workbook_lacks_application_and_signature(folder: Path, temporary: Path) -> None:
    examination = checked(folder / "1-ЦМ.xlsx")
    assert {one.rule_id for one in examination.findings} == {"C-11", "C-12"}
    assert examination.verdict is Verdict.REFUSED
    assert examination.identity.period == date(2025, 3, 1)


def test_the_office_s_stamp_is_no_part_of_the_package(folder: Path, tmp_path: Path, temporary: Path) -> None:
    stamped = tmp_path / "stamped"
    stamped.mkdir()
    for file in folder.iterdir():
        (stamped / file.name).write_bytes(file.read_bytes())
    (stamped / "office.json").write_text("{", encoding="utf-8")
    assert checked(stamped).findings == ()


def test_blank_forms_are_incomplete_in_every_field(tmp_path: Path, temporary: Path) -> None:
    templates.write_form(tmp_path / "blank" / "1-ЦМ.xlsx", language="kk", blank_rows=3)
    templates.write_application(tmp_path / "blank" / "өтініш.docx", language="kk")
    rules = {one.rule_id for one in checked(tmp_path / "blank").findings}
    assert {f"C-{n}" for n in (12, *range(20, 28), *range(30, 38))} <= rules


def test_what_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such file or folder"):
        checked(tmp_path / "жоқ")


def test_what_is_neither_file_nor_folder_is_reported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="neither a file nor a folder"):
        checked(tmp_path / "pipe")
