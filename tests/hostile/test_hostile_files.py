"""Bad input at the file stage: each file gets its state and code, the parent survives, time and memory stay bounded."""

from __future__ import annotations

import io
import os
import resource
import stat
import struct
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfWriter

from esep.config import Settings
from esep.forms.document import FileRead, FileRole, FileState, PackageRead
from esep.forms.reading import read_package
from esep.forms.reading.zygote import HELPER
from esep.forms.templates import write_application, write_form
from esep.texts.words import detail_words
from forms.form_workbooks import FIXTURES, FOOTER, NUMBERS, SPREADSHEET, data_row, row_xml, write_raw

SECONDS = 60
"""Far more than any of these needs, also on a busy machine."""


@pytest.fixture(scope="module", autouse=True)
def _zygote_is_closed() -> Iterator[None]:
    yield
    HELPER.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    return tmp_path / "package"


def read(path: Path) -> PackageRead:
    """Read in bounded time, leaving this process as small as it was."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    package = read_package(path, path.parent / "work", Settings(home=path.parent, reader_seconds=SECONDS))
    assert time.monotonic() - begun < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024
    return package


def only(path: Path) -> FileRead:
    (file,) = read(path).files
    return file


def expect(path: Path, state: FileState, code: str) -> None:
    """The file is not read, says why, and the next one is read as if nothing had been."""
    file = only(path)
    assert (file.state, file.detail_code) == (state, code)
    assert file.role in (FileRole.UNKNOWN, FileRole.ATTACHMENT, FileRole.SIGNATURE)
    assert file.forms == file.applications == ()
    assert file.detail
    assert detail_words(file.detail, "ru").endswith((".", ")", "её."))
    sound = write_form(path.parent / "sound.xlsx", rows=[data_row(1)])
    assert only(sound).state is FileState.READ


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def form_bytes(path: Path) -> bytes:
    return write_form(path / "whole.xlsx", rows=[data_row(number) for number in range(1, 200)]).read_bytes()


def repacked(source: bytes, target: Path, changes: dict[str, bytes]) -> Path:
    """The zip `source` with members replaced or added."""
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return target


class TestWrongContent:
    @pytest.mark.parametrize("name", ["f.xlsx", "f.zip", "f.p7s", "f.txt", "f"])
    def test_empty_file(self, tmp_path: Path, name: str) -> None:
        expect(written(tmp_path / name, b""), FileState.EMPTY, "empty_file")

    @pytest.mark.parametrize("name", ["f.xlsx", "f.xls", "f.ods", "f.xlsm"])
    @pytest.mark.parametrize(
        "content",
        [
            b"1-\xd0\xa6\xd0\x9c;1;2;3\n",
            b"<html><table><tr><td>1</td></tr></table></html>",
            b"\x89PNG\r\n\x1a\n",
            b"\0" * 99,
        ],
        ids=["text", "html", "image", "zeros"],
    )
    def test_something_else_called_a_workbook(self, tmp_path: Path, name: str, content: bytes) -> None:
        code = "page_not_workbook" if content.startswith(b"<html") else "not_a_workbook"
        expect(written(tmp_path / name, content), FileState.UNREADABLE, code)

    @pytest.mark.parametrize("name", ["f.docx", "f.pdf"])
    def test_something_else_called_a_document(self, tmp_path: Path, name: str) -> None:
        expect(written(tmp_path / name, b"plain text"), FileState.UNREADABLE, "not_a_document")

    def test_a_plain_zip_called_a_workbook(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "f.xlsx", "w") as archive:
            archive.writestr("a.txt", "x")
        expect(tmp_path / "f.xlsx", FileState.UNREADABLE, "office_parts_missing")

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("setup.exe", b"MZ\x90\x00", "program"),
            ("f.xlsx", b"MZ\x90\x00", "program"),
            ("tool", b"\x7fELF\x02", "program"),
            ("f.rar", b"Rar!\x1a\x07\x00", "archive_kind"),
            ("f.7z", b"7z\xbc\xaf\x27\x1c", "archive_kind"),
            ("f.tar.gz", b"\x1f\x8b\x08", "archive_kind"),
            ("f.rtf", b"{\\rtf1}", "rtf"),
            ("f.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "doc"),
            ("f.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "compound_file"),
            ("f.bin", bytes(range(256)), "unknown_kind"),
        ],
    )
    def test_kinds_a_filing_does_not_consist_of(self, tmp_path: Path, name: str, content: bytes, code: str) -> None:
        expect(written(tmp_path / name, content), FileState.UNSUPPORTED, code)

    @pytest.mark.parametrize(
        ("content_type", "code"),
        [
            ("application/vnd.ms-excel.sheet.binary.macroEnabled.main", "xlsb"),
            ("x.presentationml.main+xml", "office_kind"),
        ],
    )
    def test_office_files_that_hold_no_form(self, tmp_path: Path, content_type: str, code: str) -> None:
        with zipfile.ZipFile(tmp_path / "f.xlsb", "w") as archive:
            archive.writestr("[Content_Types].xml", f'<Types><Default ContentType="{content_type}"/></Types>')
            archive.writestr("xl/workbook.bin", b"x")
        expect(tmp_path / "f.xlsb", FileState.UNSUPPORTED, code)

    @pytest.mark.parametrize("name", ["note.txt", "data.csv", "photo.jpg"])
    def test_attachments_are_left_alone(self, tmp_path: Path, name: str) -> None:
        content = b"\xff\xd8\xff\xe0" if name.endswith("jpg") else "мәтін".encode()
        file = only(written(tmp_path / name, content))
        assert (file.state, file.role) == (FileState.NOT_READ, FileRole.ATTACHMENT)


class TestDamage:
    @pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95, 0.999])
    @pytest.mark.parametrize("suffix", [".xlsx", ".zip"])
    def test_truncated(self, tmp_path: Path, share: float, suffix: str) -> None:
        content = form_bytes(tmp_path)
        path = written(tmp_path / f"f{suffix}", content[: int(len(content) * share)])
        expect(path, FileState.UNREADABLE, "zip_truncated")

    def test_corrupted_in_the_middle(self, tmp_path: Path) -> None:
        content = bytearray(form_bytes(tmp_path))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            member = archive.getinfo("xl/worksheets/sheet1.xml")
        begin = member.header_offset + 30 + len(member.filename) + 200
        content[begin : begin + 400] = os.urandom(400)
        file = only(written(tmp_path / "f.xlsx", bytes(content)))
        assert (file.state, file.role, file.forms) == (FileState.UNREADABLE, FileRole.UNKNOWN, ())

    @pytest.mark.parametrize("seed", range(12))
    def test_random_damage_never_gets_past_the_child(self, tmp_path: Path, seed: int) -> None:
        """Whatever a damaged file comes to, it is a state, not an exception."""
        import random

        chance = random.Random(seed)
        source = [*FIXTURES.glob("libreoffice.*"), FIXTURES / "application.pdf"][seed % 4]
        content = bytearray(source.read_bytes())
        for _ in range(chance.randint(1, 40)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        assert only(written(tmp_path / source.name, bytes(content))).state in FileState

    def test_xml_that_ends_early(self, tmp_path: Path) -> None:
        sheet = f'<worksheet xmlns="{SPREADSHEET}"><sheetData><row r="1"><c r="A1"><v>1'.encode()
        path = repacked(form_bytes(tmp_path), tmp_path / "f.xlsx", {"xl/worksheets/sheet1.xml": sheet})
        file = only(path)
        assert file.state is FileState.UNREADABLE or file.forms == ()

    def test_a_broken_pdf_and_a_broken_document(self, tmp_path: Path) -> None:
        expect(written(tmp_path / "f.pdf", b"%PDF-1.7\n1 0 obj\n<<"), FileState.UNREADABLE, "pdf_damaged")
        source = write_application(tmp_path / "a.docx").read_bytes()
        path = repacked(source, tmp_path / "f.docx", {"word/document.xml": b"<w:document"})
        expect(path, FileState.UNREADABLE, "document_damaged")


class TestPasswords:
    def test_workbook(self, tmp_path: Path) -> None:
        expect(
            written(tmp_path / "f.xlsx", (FIXTURES / "password.xlsx").read_bytes()), FileState.ENCRYPTED, "encrypted"
        )

    def test_old_workbook(self, tmp_path: Path) -> None:
        """A FILEPASS record (0x2F) right after the stream's BOF says that the rest is encrypted."""
        content = bytearray((FIXTURES / "libreoffice.xls").read_bytes())
        begin = content.index(struct.pack("<HHHH", 0x809, 16, 0x600, 5)) + 20
        struct.pack_into("<H", content, begin, 0x2F)
        expect(written(tmp_path / "f.xls", bytes(content)), FileState.ENCRYPTED, "encrypted")

    def test_open_document_workbook(self, tmp_path: Path) -> None:
        source = (FIXTURES / "libreoffice.ods").read_bytes()
        manifest = b'<manifest:manifest><manifest:encryption-data manifest:checksum="x"/></manifest:manifest>'
        path = repacked(source, tmp_path / "f.ods", {"META-INF/manifest.xml": manifest})
        expect(path, FileState.ENCRYPTED, "encrypted")

    def test_pdf(self, tmp_path: Path) -> None:
        writer = PdfWriter(clone_from=FIXTURES / "application.pdf")
        writer.encrypt("made-up", algorithm="AES-256")
        writer.write(tmp_path / "f.pdf")
        expect(tmp_path / "f.pdf", FileState.ENCRYPTED, "encrypted")

    def test_member_of_an_archive(self, tmp_path: Path) -> None:
        """The flag alone is enough; the other members are read."""
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            archive.writestr("secret.xlsx", form_bytes(tmp_path))
            archive.writestr("form.xlsx", form_bytes(tmp_path))
        content = bytearray((tmp_path / "p.zip").read_bytes())
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[_header_of(content, signature, b"secret.xlsx") + offset] |= 1
        states = {file.path: file.state for file in read(written(tmp_path / "p.zip", bytes(content))).files}
        assert states == {"p.zip/secret.xlsx": FileState.ENCRYPTED, "p.zip/form.xlsx": FileState.READ}


def _header_of(content: bytes | bytearray, signature: bytes, name: bytes) -> int:
    """Position of the header that names a member."""
    at = 0
    while True:
        at = content.index(signature, at)
        length = 46 if signature == b"PK\x01\x02" else 30
        if content[at + length : at + length + len(name)] == name:
            return at
        at += 4


class TestBombs:
    def test_a_workbook_that_unpacks_to_gigabytes(self, tmp_path: Path) -> None:
        blank = " " * (16 * 1024**2)
        path = write_raw(tmp_path / "f.xlsx", ["<sheetData>", *[blank] * 16, "</sheetData>"])
        assert path.stat().st_size < 3 * 1024**2
        expect(path, FileState.UNSAFE, "part_bomb")

    def test_a_size_that_lies(self, tmp_path: Path) -> None:
        """Declared small, in fact large: the child's memory is what stops it."""
        blank = " " * (16 * 1024**2)
        content = bytearray(write_raw(tmp_path / "f.xlsx", ["<sheetData>", *[blank] * 16, "</sheetData>"]).read_bytes())
        name = b"xl/worksheets/sheet1.xml"
        struct.pack_into("<L", content, _header_of(content, b"PK\x01\x02", name) + 24, 1000)
        file = only(written(tmp_path / "f.xlsx", bytes(content)))
        assert file.state in (FileState.UNSAFE, FileState.UNREADABLE, FileState.TOO_LARGE)

    def test_a_bomb_in_an_archive(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.xlsx", b"\0" * 64 * 1024**2)
            archive.writestr("form.xlsx", form_bytes(tmp_path))
        codes = {file.path: (file.state, file.detail_code) for file in read(tmp_path / "p.zip").files}
        assert codes == {
            "p.zip/bomb.xlsx": (FileState.UNSAFE, "part_bomb"),
            "p.zip/form.xlsx": (FileState.READ, ""),
        }

    @pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities(self, tmp_path: Path, part: str, encoding: str) -> None:
        entities = '<!ENTITY a "ha">' + "".join(
            f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
        )
        xml = f'<?xml version="1.0"?><!-- x --><!DOCTYPE w [{entities}]><w>&j;</w>'.encode(encoding)
        path = repacked(form_bytes(tmp_path), tmp_path / "f.xlsx", {part: xml})
        expect(path, FileState.UNSAFE, "part_entity")

    def test_an_external_entity_in_a_document(self, tmp_path: Path) -> None:
        xml = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><w:document>&x;</w:document>'
        source = write_application(tmp_path / "a.docx").read_bytes()
        expect(repacked(source, tmp_path / "f.docx", {"word/document.xml": xml}), FileState.UNSAFE, "part_entity")

    def test_two_far_apart_cells(self, tmp_path: Path) -> None:
        far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        cells = f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>{far}</sheetData>'
        path = write_raw(tmp_path / "f.xlsx", cells)
        assert path.stat().st_size < 3_000
        expect(path, FileState.UNSAFE, "far_cell_at")
        assert "XFD1048576" in detail_words(only(path).detail, "ru")

    def test_a_far_cell_in_an_open_document(self, tmp_path: Path) -> None:
        source = (FIXTURES / "epoch_1904.ods").read_bytes()
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            content = archive.read("content.xml").decode()
        far = (
            '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
            'table:number-columns-repeated="16000" office:value-type="float" office:value="1"/></table:table-row>'
            "</table:table>"
        )
        changed = content.replace("</table:table>", far, 1).encode()
        path = repacked(source, tmp_path / "f.ods", {"content.xml": changed})
        expect(path, FileState.UNSAFE, "far_cell")

    def test_a_million_styled_blank_rows_are_read(self, tmp_path: Path) -> None:
        head = [row_xml(1, ["Есепті кезең: 2025 жылғы наурыз"]), row_xml(2, NUMBERS)]
        row = [str(value) for value in data_row(1)]
        blank = (
            "".join(
                f'<row r="{r}" s="1" customFormat="1"><c r="A{r}" s="1"/></row>' for r in range(first, first + 10_000)
            )
            for first in range(4, 1_000_000, 10_000)
        )
        path = write_raw(tmp_path / "f.xlsx", ["<sheetData>", *head, row_xml(3, row), *blank, "</sheetData>"])
        file = only(path)
        assert (file.state, file.role) == (FileState.READ, FileRole.FORM)
        assert file.forms[0].rows["row"].to_pylist() == [3]

    def test_text_made_to_keep_the_search_busy(self, tmp_path: Path) -> None:
        rows = [
            row_xml(1, ["өтініш " * 4_000]),
            row_xml(2, ["принять сведения за " * 1_500]),
            row_xml(3, ["(" + " " * 30_000]),
            row_xml(4, ["майнингтік пул атауы" + " \n" * 15_000 + "x"]),
            row_xml(5, ["тегі, аты" * 3_000]),
            row_xml(6, NUMBERS),
            row_xml(7, ["Атауы " + "_ " * 15_000]),
            row_xml(8, ["Басшы" * 6_000]),
        ]
        file = only(write_raw(tmp_path / "f.xlsx", ["<sheetData>", *rows, "</sheetData>"]))
        assert file.state is FileState.READ


class TestArchives:
    @pytest.mark.parametrize(
        "name", ["../evil.xlsx", "/etc/evil.xlsx", "a/../../evil.xlsx", "..\\evil.xlsx", "C:\\evil.xlsx"]
    )
    def test_paths_that_lead_out(self, tmp_path: Path, name: str) -> None:
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            archive.writestr(name, form_bytes(tmp_path))
            archive.writestr("form.xlsx", form_bytes(tmp_path))
        before = set(tmp_path.parent.rglob("evil*"))
        codes = sorted((file.state, file.detail_code) for file in read(tmp_path / "p.zip").files)
        assert codes == [(FileState.READ, ""), (FileState.UNSAFE, "path_traversal")]
        assert set(tmp_path.parent.rglob("evil*")) == before

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_doubled_members(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            archive.writestr("form.xlsx", form_bytes(tmp_path))
            archive.writestr("form.xlsx", b"other")
        assert [file.detail_code for file in read(tmp_path / "p.zip").files] == ["doubled_member"] * 2
        with zipfile.ZipFile(written(tmp_path / "f.xlsx", form_bytes(tmp_path)), "a") as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
        expect(tmp_path / "f.xlsx", FileState.UNSAFE, "doubled_part")

    def test_an_archive_in_an_archive(self, tmp_path: Path) -> None:
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("form.xlsx", form_bytes(tmp_path))
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            archive.writestr("inner.zip", inner.getvalue())
            archive.writestr("form.xlsx", form_bytes(tmp_path))
        states = {file.path: file.state for file in read(tmp_path / "p.zip").files}
        assert states == {"p.zip/inner.zip": FileState.NESTED_ARCHIVE, "p.zip/form.xlsx": FileState.READ}

    def test_too_many_members(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            for number in range(2_001):
                archive.writestr(str(number), b"")
        expect(tmp_path / "p.zip", FileState.UNSAFE, "too_many_members")

    def test_an_archive_without_files(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            archive.writestr("folder/", b"")
        expect(tmp_path / "p.zip", FileState.EMPTY, "empty_archive")

    def test_a_link_in_an_archive(self, tmp_path: Path) -> None:
        link = zipfile.ZipInfo("form.xlsx")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            archive.writestr(link, "/etc/passwd")
        expect(tmp_path / "p.zip", FileState.UNSAFE, "symbolic_link")

    def test_a_damaged_member_leaves_the_others(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            archive.writestr("bad.xlsx", form_bytes(tmp_path))
            archive.writestr("form.xlsx", form_bytes(tmp_path))
        content = bytearray((tmp_path / "p.zip").read_bytes())
        content[60:70] = b"\0" * 10
        states = {file.path: file.state for file in read(written(tmp_path / "p.zip", bytes(content))).files}
        assert states == {"p.zip/bad.xlsx": FileState.UNREADABLE, "p.zip/form.xlsx": FileState.READ}


class TestFormsThatAreNone:
    def test_a_form_without_its_number_row(self, tmp_path: Path) -> None:
        rows = [row_xml(1, ["Әкімшілік деректер нысанының индексі: 1-ЦМ"]), row_xml(2, [str(v) for v in data_row(1)])]
        file = only(write_raw(tmp_path / "f.xlsx", ["<sheetData>", *rows, "</sheetData>"]))
        assert (file.state, file.role, file.forms) == (FileState.READ, FileRole.FORM, ())
        assert file.detail_code == "no_number_row"
        assert "1-ЦМ" in detail_words(file.detail, "kk")

    def test_an_empty_workbook(self, tmp_path: Path) -> None:
        file = only(write_raw(tmp_path / "f.xlsx", "<sheetData/>"))
        assert (file.state, file.role, file.forms) == (FileState.READ, FileRole.ATTACHMENT, ())

    def test_a_form_of_nothing_but_footers(self, tmp_path: Path) -> None:
        rows = [NUMBERS, *(["" if value is None else value for value in line] for line in FOOTER)]
        xml = "".join(row_xml(number, row) for number, row in enumerate(rows, start=1))
        file = only(write_raw(tmp_path / "f.xlsx", f"<sheetData>{xml}</sheetData>"))
        assert file.forms[0].rows.num_rows == 0
        assert len(file.forms[0].footer) == 6
