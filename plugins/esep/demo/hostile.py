"""Small broken and hostile files, as an office gets them by accident or ill will. None of them can do harm."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

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


_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


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
    from esep.demo.documents import pdf_bytes

    return pdf_bytes(["Асхана мәзірі", "Дүйсенбі: сорпа, бауырсақ", "Сейсенбі: палау"])


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("2024-qantar.xlsx", lambda: b""),
    "text_named_xlsx": ("1-ЦМ наурыз.xlsx", _text),
    "truncated_zip": ("filing.zip", _truncated_zip),
    "password": ("1-ЦМ қазан құпия.xlsx", _password),
    "xml_bomb": ("1-ЦМ қаңтар.xlsx", _xml_bomb),
    "path_traversal": ("1-CM.zip", _path_traversal),
    "unrelated_pdf": ("menu.pdf", _unrelated_pdf),
}
"""Key → name of the file in the inbox, and its bytes."""
