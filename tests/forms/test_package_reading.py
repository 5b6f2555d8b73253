"""A package as a whole: folders, archives, roles, and the process that does the reading."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from esep.config import PROJECT, Settings
from esep.files import sha256_of
from esep.forms.document import FileRole, FileState, PackageRead
from esep.forms.reading import read_package
from esep.forms.reading.package import columns_of
from esep.forms.reading.zygote import HELPER, Helper, ReaderUnavailableError
from esep.forms.templates import write_application, write_both, write_form
from forms.form_workbooks import FIXTURES, data_row, row_xml, write_raw


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    return tmp_path / "package"


def read(path: Path) -> PackageRead:
    return read_package(path, path.parent / "work", Settings(home=path.parent))


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def form_bytes(tmp_path: Path) -> bytes:
    path = write_form(tmp_path / "source.xlsx", period=date(2025, 3, 1), rows=[data_row(1)], pool_name="Пул")
    content = path.read_bytes()
    path.unlink()
    return content


def test_a_complete_package(folder: Path) -> None:
    write_form(folder / "бөлік 1.xlsx", period=date(2025, 3, 1), rows=[data_row(1), data_row(2)], pool_name="Пул")
    (folder / "ішкі").mkdir()
    write_form(folder / "ішкі" / "бөлік 2.xlsx", period=date(2025, 3, 1), rows=[data_row(3)], pool_name="Пул")
    write_application(folder / "өтініш.docx", pool_name="Пул", pool_id="230640000018")
    (folder / "қолтаңба.p7s").write_bytes(b"\x30\x82")
    (folder / "скан.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    package = read(folder)
    assert {file.path: (file.state, file.role) for file in package.files} == {
        "бөлік 1.xlsx": (FileState.READ, FileRole.FORM),
        "ішкі/бөлік 2.xlsx": (FileState.READ, FileRole.FORM),
        "өтініш.docx": (FileState.READ, FileRole.APPLICATION),
        "қолтаңба.p7s": (FileState.NOT_READ, FileRole.SIGNATURE),
        "скан.png": (FileState.NOT_READ, FileRole.ATTACHMENT),
    }
    assert [form.rows.num_rows for form in package.forms] == [2, 1]
    assert [form.file for form in package.forms] == ["бөлік 1.xlsx", "ішкі/бөлік 2.xlsx"]
    assert all(form.file_sha256 == sha256_of(folder / form.file) for form in package.forms)
    assert [application.file for application in package.applications] == ["өтініш.docx"]
    assert [file.path for file in package.signatures] == ["қолтаңба.p7s"]
    assert package.contents == {file.path: folder / file.path for file in package.files}


def test_recognition_goes_by_content_not_by_name(folder: Path) -> None:
    write_form(folder / "f.xlsx", rows=[data_row(1)])
    (folder / "f.xlsx").rename(folder / "form.dat")
    write_application(folder / "a.docx", pool_name="Пул")
    (folder / "a.docx").rename(folder / "a.xlsx")
    roles = {file.path: (file.role, file.state) for file in read(folder).files}
    assert roles == {
        "a.xlsx": (FileRole.APPLICATION, FileState.READ),
        "form.dat": (FileRole.FORM, FileState.READ),
    }


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "libreoffice.xls", "libreoffice.ods"])
def test_workbooks_saved_by_libreoffice(name: str, tmp_path: Path) -> None:
    package = read_package(FIXTURES / name, tmp_path, Settings(home=tmp_path))
    (file,) = package.files
    assert (file.path, file.state, file.role) == (name, FileState.READ, FileRole.FORM_AND_APPLICATION)
    assert file.hidden_sheets == ("Құпия",)
    assert package.forms[0].rows["quantity"].to_pylist() == ["0.12345678", "0.123456780000000001", "#DIV/0!"]
    assert package.applications[0].fields["pool_id"].text == "230640000018"


def test_a_macro_workbook_is_read_and_its_macros_left_alone(folder: Path, form_bytes: bytes) -> None:
    path = folder / "f.xlsm"
    path.write_bytes(form_bytes)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    (file,) = read(folder).files
    assert (file.state, file.role) == (FileState.READ, FileRole.FORM)


def test_an_archive_is_its_members(folder: Path, form_bytes: bytes) -> None:
    zip_of(folder / "p.zip", {"а/форма.xlsx": form_bytes, "қолтаңба.p7s": b"\x30", "бос/": b""})
    package = read(folder)
    assert [file.path for file in package.files] == ["p.zip/а/форма.xlsx", "p.zip/қолтаңба.p7s"]
    assert package.forms[0].rows.num_rows == 1
    contents = {name: path.read_bytes() for name, path in package.contents.items()}
    assert contents == {
        "p.zip": (folder / "p.zip").read_bytes(),
        "p.zip/а/форма.xlsx": form_bytes,
        "p.zip/қолтаңба.p7s": b"\x30",
    }


def test_a_lone_archive_is_a_package(tmp_path: Path, form_bytes: bytes) -> None:
    package = read(zip_of(tmp_path / "p.zip", {"f.xlsx": form_bytes}))
    assert [file.path for file in package.files] == ["p.zip/f.xlsx"]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        *(("Форма за март.xlsx", encoding) for encoding in ("cp866", "cp1251", "utf-8")),
        ("Өтініш және әкімшілік деректер.xlsx", "kz1048"),
    ],
)
def test_names_in_archives_of_other_programs(folder: Path, form_bytes: bytes, name: str, encoding: str) -> None:
    """Old archivers write names in cp866 or the code page of Windows, some in UTF-8 without saying so."""
    path = zip_of(folder / "p.zip", {"X" * len(name.encode(encoding)): form_bytes})
    raw = path.read_bytes().replace(b"X" * len(name.encode(encoding)), name.encode(encoding))
    path.write_bytes(raw)
    assert [file.path for file in read(folder).files] == [f"p.zip/{name}"]


def test_what_systems_leave_behind_is_named_and_not_read(folder: Path, form_bytes: bytes) -> None:
    zip_of(folder / "p.zip", {"f.xlsx": form_bytes, "__MACOSX/._f.xlsx": b"\x00\x05", ".DS_Store": b"\x00"})
    (folder / "~$f.xlsx").write_bytes(b"\x05x")
    codes = {file.path: file.detail_code for file in read(folder).files if file.state is FileState.NOT_READ}
    assert codes == dict.fromkeys(["p.zip/__MACOSX/._f.xlsx", "p.zip/.DS_Store", "~$f.xlsx"], "system_file")


def test_file_names_that_are_no_utf8(folder: Path, form_bytes: bytes) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/" + "форма.xlsx".encode("cp1251")))).write_bytes(form_bytes)
    (file,) = read(folder).files
    assert file.state is FileState.READ
    assert file.path == r"\xf4\xee\xf0\xec\xe0.xlsx"
    assert list(columns_of(folder)) == [(file.path, file.forms[0].sheet)]


def test_links_are_named_and_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    write_form(tmp_path / "outside" / "f.xlsx", rows=[data_row(1)])
    (folder / "link.xlsx").symlink_to(tmp_path / "outside" / "f.xlsx")
    (folder / "folder").symlink_to(tmp_path / "outside")
    os.mkfifo(folder / "pipe.xlsx")
    package = read(folder)
    assert {file.path: file.state for file in package.files} == dict.fromkeys(
        ["folder", "link.xlsx", "pipe.xlsx"], FileState.UNSAFE
    )


def test_an_empty_package(folder: Path) -> None:
    assert read(folder).files == ()


def test_a_name_of_500_characters(folder: Path, form_bytes: bytes) -> None:
    name = "ұ" * 496 + ".xls"
    zip_of(folder / "p.zip", {name: form_bytes})
    (file,) = read(folder).files
    assert (file.path, file.role) == (f"p.zip/{name}", FileRole.FORM)


def test_rows_outlive_the_work_folder(folder: Path, tmp_path: Path) -> None:
    import shutil

    write_both(folder / "b.xlsx", rows=[data_row(number) for number in range(1, 300)])
    package = read(folder)
    shutil.rmtree(tmp_path / "work")
    gc.collect()
    assert package.forms[0].rows["wallet"].to_pylist()[-1] == "bc1q000299"


class TestReadingProcess:
    """The process that reads may die in any way; the one that asked goes on."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return write_form(tmp_path / "f.xlsx", rows=[data_row(1)])

    def state(self, path: Path, **limits: float) -> tuple[FileState, str]:
        settings = Settings(home=path.parent, **limits)  # type: ignore[arg-type]
        (file,) = read_package(path, path.parent / "work", settings).files
        return file.state, file.detail_code

    def test_a_killed_zygote_is_started_again(self, path: Path) -> None:
        assert self.state(path)[0] is FileState.READ
        first = HELPER._started().pid
        os.kill(first, signal.SIGKILL)
        assert self.state(path)[0] is FileState.READ
        assert HELPER._started().pid != first

    def test_time_limit(self, path: Path) -> None:
        assert self.state(path, reader_seconds=0.0) == (FileState.TOO_LARGE, "time_limit")
        assert self.state(path)[0] is FileState.READ

    def test_memory_limit(self, tmp_path: Path) -> None:
        rows = (row_xml(row, [row] * 10) for row in range(1, 120_000))
        path = write_raw(tmp_path / "large.xlsx", ["<sheetData>", *rows, "</sheetData>"])
        assert self.state(path, reader_memory_bytes=310 * 1024**2) == (FileState.TOO_LARGE, "memory_limit")
        assert self.state(path) == (FileState.READ, "")

    def test_what_a_kind_of_file_needs_is_imported_once_before_the_fork(self) -> None:
        code = (
            "import sys; from esep.forms.reading import jobs; known = set(sys.modules); "
            "job = lambda name: {'files': [{'name': name}]}; jobs.prepare_for(job('a.xlsx')); "
            "assert set(sys.modules) == known; jobs.prepare_for(job('a.zip/б.PDF')); "
            "print('esep.forms.reading.pdf_text' in sys.modules and 'esep.forms.reading.pdf_text' not in known)"
        )
        environment = {**os.environ, "PYTHONPATH": str(PROJECT / "plugins")}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.stdout == "True\n", done.stderr

    def test_many_threads_may_ask(self, path: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(lambda _: self.state(path)[0], range(12))) == {FileState.READ}

    def test_a_forked_process_gets_a_zygote_of_its_own(self, path: Path) -> None:
        assert self.state(path)[0] is FileState.READ
        mine = HELPER._started().pid
        child = os.fork()
        if child == 0:
            try:
                fine = self.state(path)[0] is FileState.READ and HELPER._started().pid != mine
                HELPER.close()
                os._exit(0 if fine else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert HELPER._started().pid == mine
        assert self.state(path)[0] is FileState.READ

    def test_the_zygote_ends_with_its_parent(self, path: Path) -> None:
        script = (
            "import sys, time; from pathlib import Path; from esep.config import Settings\n"
            "from esep.forms.reading import read_package; from esep.forms.reading.zygote import HELPER\n"
            "path = Path(sys.argv[1]); read_package(path, path.parent / 'w', Settings(home=path.parent))\n"
            "print(HELPER._started().pid, flush=True); time.sleep(60)"
        )
        plugins = Path(__file__).resolve().parents[2] / "plugins"
        with subprocess.Popen(
            [sys.executable, "-c", script, str(path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(plugins)},
        ) as parent:
            assert parent.stdout is not None
            zygote = int(parent.stdout.readline())
            assert _alive(zygote)
            parent.kill()
        deadline = time.monotonic() + 10
        while _alive(zygote) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _alive(zygote)

    def test_a_machine_that_cannot_start_it_is_reported(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(ReaderUnavailableError, match="twice"):
            Helper("esep.forms.reading.jobs").run({}, memory=1, seconds=1)

    def test_secrets_of_the_environment_do_not_reach_it(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MADE_UP_SECRET", "x")
        helper = Helper("esep.forms.reading.jobs")
        environment = Path(f"/proc/{helper._started().pid}/environ")
        time.sleep(0.2)
        assert b"MADE_UP_SECRET" not in environment.read_bytes()
        helper.close()


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture(scope="module", autouse=True)
def _zygote_is_closed() -> Iterator[None]:
    yield
    HELPER.close()
