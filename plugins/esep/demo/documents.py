"""What no template writes: Annex 1 as a .pdf; and packed files whose bytes do not tell when they were written.

So one seed gives one demo, byte by byte.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from esep.forms import annex1
from esep.forms.writing.content import ApplicationContent, pool_line, request_sentence, sheets_sentence

_LINE_LENGTH = 84
_EPOCH = (2024, 1, 1, 0, 0, 0)
_SAVED_AT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


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
