"""Signatures that stand inside a document: found in each kind, verified only where they cover the whole of a .pdf."""

from __future__ import annotations

import base64
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from esep.forms.reading.kinds import Kind
from esep.forms.reading.signatures import signatures_inside, xml_signatures
from esep.signature import SignatureReport, report_inside
from forms.form_workbooks import FIXTURES
from signature import cms_maker as make

KEY = make.Rsa(make.rsa_key())
CERTIFICATE = base64.b64encode(make.certificate(KEY).dump()).decode()
XML = (
    '<?xml version="1.0"?><r><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/><ds:KeyInfo>'
    f"<ds:X509Data><ds:X509Certificate>{CERTIFICATE}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    '<ds:Object><x:SigningTime xmlns:x="urn:x">2025-02-20T10:00:00+05:00</x:SigningTime></ds:Object></ds:Signature></r>'
).encode()
ROOM = 8_000


def signed_pdf(tail: bytes = b"", changed: bool = False) -> bytes:
    """The signature value stands in a gap of its byte range; `tail` is written after the signing."""
    before = (FIXTURES / "application.pdf").read_bytes() + b"\n9 0 obj\n<</Type/Sig"
    end = b">>\nendobj\n%%EOF\n"
    field = b"/ByteRange [0 %010d %010d %010d]/Contents "
    begin = len(before) + len(field % (0, 0, 0))
    head = before + field % (begin, begin + ROOM + 2, len(end))
    value = make.sign(KEY, head + end).hex().encode().ljust(ROOM, b"0")
    return (head.replace(b"/Sig/", b"/sig/") if changed else head) + b"<" + value + b">" + end + tail


def report(path: Path, out: Path) -> SignatureReport:
    found = signatures_inside(path, Kind.PDF, out)
    return report_inside(found, "a.pdf", make.NOW, is_document=True)


@pytest.mark.parametrize(
    ("content", "state", "code"),
    [
        (signed_pdf(), "verified_chain_not_checked", ""),
        (signed_pdf(tail=b"10 0 obj\n<<>>\nendobj\n"), "present_unverified_algorithm", "covers_part"),
        (signed_pdf(changed=True), "invalid", "signed_other_file"),
    ],
    ids=["whole", "added to afterwards", "changed afterwards"],
)
def test_a_signature_of_a_pdf(tmp_path: Path, content: bytes, state: str, code: str) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    found = report(tmp_path / "a.pdf", tmp_path)
    assert (found.state.value, found.detail_code, found.file) == (state, code, "a.pdf")
    assert found.signers[0].bin == make.POOL


@pytest.mark.parametrize(
    "field",
    [
        b"/ByteRange [0 /********** /********** /**********]",
        b"/ByteRange [0 99999999 5 1]",
        b"/ByteRange [0 10 90000000000 1]",
        b"/ByteRange [0 3 9 1]" * 5_000,
    ],
)
def test_what_only_looks_like_one(tmp_path: Path, field: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n" + field)
    assert signatures_inside(tmp_path / "a.pdf", Kind.PDF, tmp_path) == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("_xmlsignatures/sig1.xml", Kind.DOCUMENT),
        ("_xmlsignatures\\sig2.XML", Kind.WORKBOOK_XML),
        ("META-INF/documentsignatures.xml", Kind.WORKBOOK_OPEN),
        ("META-INF/signatures001.xml", Kind.DOCUMENT_OPEN),
    ],
)
def test_signatures_of_office_files(tmp_path: Path, name: str, kind: Kind) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr(name, XML)
        archive.writestr("_xmlsignatures/origin.sigs", b"")
    found = report_inside(signatures_inside(tmp_path / "a", kind, tmp_path), "a", make.NOW, is_document=True)
    assert (found.state.value, found.file, found.signers[0].bin) == ("present_unverified_algorithm", "a", make.POOL)
    assert str(found.signers[0].signed_at) == "2025-02-20 10:00:00+05:00"


def test_a_part_that_is_no_signature_is_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", b"<garbage")
    assert signatures_inside(tmp_path / "a", Kind.DOCUMENT, tmp_path) == ()


def test_a_certificate_that_cannot_be_read_takes_nothing_away() -> None:
    (one,) = xml_signatures(XML)
    found = report_inside([replace(one, certificate="bm8=")], "a.xml", make.NOW, is_document=False)
    assert (found.state.value, found.detail_code) == ("present_unverified_algorithm", "xml_signature")
