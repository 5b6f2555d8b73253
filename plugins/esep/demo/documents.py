"""Files that no template writes: Annex 1 as a .pdf, packed files without a time, small broken and hostile files.

Packed files do not say when they were written, so that one seed gives one demo, byte by byte. Hostile ones are such as
an office gets by accident or ill will; none of them can do harm.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from esep.forms import annex1
from esep.forms.writing.content import ApplicationContent, pool_line, request_sentence, sheets_sentence

_LINE_LENGTH = 84
_EPOCH = (2024, 1, 1, 0, 0, 0)
_SAVED_AT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATIONSHIP = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{type}" '
    'Target="{target}"/></Relationships>'
)
_WORKBOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="1-ЦМ" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def application_pdf(**content: Any) -> bytes:
    """Annex 1 as a one-page text PDF. Keywords are the fields of ApplicationContent."""
    application = ApplicationContent(**content)
    language = application.language
    return pdf_bytes(
        [
            annex1.TITLE[language],
            "",
            application.authority or "",
            annex1.AUTHORITY.caption[language],
            pool_line(application) or "",
            annex1.POOL.caption[language],
            "",
            request_sentence(application),
            sheets_sentence(application),
            annex1.CONFIRMED[language],
            annex1.DECLARES_TRUTH[language],
            annex1.DECLARES_CONSENT[language],
            "",
            f"{annex1.HEAD.label[language]} {annex1.SIGNED[language]} {application.head_name or ''}",
            f"{annex1.SIGNATURE_CAPTION[language]} {annex1.HEAD.caption[language]}",
            f"{annex1.COMPLETED.label[language]} {application.completed_text() or ''}",
        ]
    )


def pdf_bytes(paragraphs: list[str]) -> bytes:
    """One A4 page of text in any letters, the same bytes each time.

    The page names its letters and maps them to Unicode, and embeds no font: a viewer takes a sans-serif of its own.
    """
    lines = [line for paragraph in paragraphs for line in _wrapped(paragraph)]
    letters = sorted({letter for line in lines for letter in line})
    code = {letter: number for number, letter in enumerate(letters, start=33)}
    text = "\n".join(f"<{bytes(code[letter] for letter in line).hex()}> Tj T*" for line in lines)
    names = " ".join(f"/uni{ord(letter):04X}" for letter in letters)
    mapping = "\n".join(f"<{code[letter]:02x}> <{ord(letter):04x}>" for letter in letters)
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(letters)} beginbfchar\n{mapping}\nendbfchar\n"
        "endcmap end end"
    )
    return _pdf(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>",
            _stream(f"BT /F1 10 Tf 14 TL 60 780 Td\n{text}\nET"),
            f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R "
            f"/Encoding << /Type /Encoding /Differences [33 {names}] >> >>",
            _stream(to_unicode),
        ]
    )


def _wrapped(paragraph: str) -> list[str]:
    lines = [""]
    for word in paragraph.split():
        if len(lines[-1]) + len(word) >= _LINE_LENGTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _stream(text: str) -> str:
    return f"<< /Length {len(text.encode('ascii'))} >>\nstream\n{text}\nendstream"


def _pdf(objects: list[str]) -> bytes:
    body = "%PDF-1.4\n"
    offsets = []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")


def make_steady(path: Path) -> None:
    """Rewrite an .xlsx or .docx with a fixed time of saving, inside and in its directory."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    if core in members:
        members[core] = _SAVED_AT.sub(rb"\g<1>2024-01-01T00:00:00Z", members[core])
    path.write_bytes(packed(members))


def packed(members: dict[str, bytes]) -> bytes:
    """The bytes of a zip with these members, in the given order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=1)
    return buffer.getvalue()


def _archive(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


def _text() -> bytes:
    return "Бұл файл кесте емес, жай мәтін.\nЭто не книга Excel, а просто текст.\n".encode()


def _truncated_zip() -> bytes:
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(zipfile.ZipInfo("1-ЦМ.xlsx"), bytes(range(256)) * 16)
        return buffer.getvalue()[:2600]


def _xml_bomb() -> bytes:
    """A workbook whose sheet would grow to a thousand million characters, if entities were expanded."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY e0 "0123456789">{levels}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&e8;</t></is></c></row></sheetData></worksheet>'
    )
    return _archive(
        {
            "[Content_Types].xml": _CONTENT_TYPES,
            "_rels/.rels": _RELATIONSHIP.format(type="officeDocument", target="xl/workbook.xml"),
            "xl/workbook.xml": _WORKBOOK,
            "xl/_rels/workbook.xml.rels": _RELATIONSHIP.format(type="worksheet", target="worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def _path_traversal() -> bytes:
    return _archive({"../../outside/1-ЦМ.xlsx": "nothing that anybody should unpack"})


def _directory_entry(name: str, kind: int, start: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    label = name.encode("utf-16-le") + b"\0\0"
    head = label.ljust(64, b"\0") + struct.pack("<HBB", len(label), kind, 1)
    return head + struct.pack("<III", _FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def _password() -> bytes:
    """The compound file in which Excel wraps a workbook that has a password (MS-CFB, MS-OFFCRYPTO)."""
    payload = bytes(range(256)) * 16
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + b"\xff" * 432
    # Sector 0: the table of sectors. 1: the directory. 2-9 and 10-17: the two streams, 4096 bytes each.
    chains = [_FAT, _END, *range(3, 10), _END, *range(11, 18), _END]
    table = struct.pack(f"<{len(chains)}I", *chains).ljust(512, b"\xff")
    directory = (
        _directory_entry("Root Entry", 5, _END, 0, child=1)
        + _directory_entry("EncryptionInfo", 2, 2, 4096, right=2)
        + _directory_entry("EncryptedPackage", 2, 10, 4096)
        + bytes(128)
    )
    return header + table + directory + payload + payload[::-1]


def _unrelated_pdf() -> bytes:
    return pdf_bytes(["Асхана мәзірі", "Дүйсенбі: сорпа, бауырсақ", "Сейсенбі: палау"])


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("2024-qantar.xlsx", lambda: b""),
    "text_named_xlsx": ("1-ЦМ наурыз.xlsx", _text),
    "truncated_zip": ("filing.zip", _truncated_zip),
    "password": ("1-ЦМ қазан құпия.xlsx", _password),
    "xml_bomb": ("1-ЦМ қаңтар.xlsx", _xml_bomb),
    "path_traversal": ("1-CM.zip", _path_traversal),
    "unrelated_pdf": ("menu.pdf", _unrelated_pdf),
}
"""Key → name of the file in the inbox, and its bytes."""
