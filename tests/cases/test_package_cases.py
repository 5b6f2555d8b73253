"""Packages and signatures as people send them: by content, wherever they lie, and what was not used is named."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cases.case_packages import NOW, PACKAGES, examined, rows, rules
from esep.config import Settings
from esep.examination import file_frame
from esep.examination.examine import check_path
from esep.examination.model import Examination, Verdict
from esep.forms.document import FileRole, FileState, PackageRead
from esep.forms.reading import read_package
from esep.forms.reading.zygote import HELPER
from esep.texts.words import detail_words
from examination.package_builder import settings
from signature import cms_maker as make

KEY = make.Rsa(make.rsa_key())
HEAD = make.Holder(bin=make.OTHER_POOL)
FORM = (PACKAGES / "04-signature-p7b" / "1-ЦМ.xlsx").read_bytes()
APPLICATION = (PACKAGES / "04-signature-p7b" / "Заявление.docx").read_bytes()


@pytest.fixture(scope="module", autouse=True)
def _zygote_is_closed() -> Iterator[None]:
    yield
    HELPER.close()


@pytest.mark.parametrize(
    ("case", "signed", "covers"),
    [
        ("04-signature-p7b", "Заявление.docx.p7b", "Заявление.docx"),
        ("05-signature-base64-txt", "подпись.txt", "Заявление.docx"),
        ("06-attached-signature-only", "Заявление.docx.p7m", "Заявление.docx.p7m/Заявление.docx"),
    ],
)
def test_a_signature_under_another_name_or_around_its_document(case: str, signed: str, covers: str) -> None:
    examination = examined(case)
    assert (examination.verdict, rules(examination)) == (Verdict.ACCEPTED, set())
    (signature,) = examination.signatures
    assert (signature.file, signature.state, signature.covers) == (signed, "verified_chain_not_checked", covers)
    assert examination.identity.pool_id_source == "application"
    assert len(rows(examination)) == 3


@pytest.mark.parametrize(
    ("case", "signed"), [("07-signature-inside-docx", "Заявление.docx"), ("08-signature-xmldsig-xml", "подпись.xml")]
)
def test_a_signature_inside_a_document_or_of_xml_is_there_but_not_verified(case: str, signed: str) -> None:
    examination = examined(case)
    assert (examination.verdict, rules(examination)) == (Verdict.ACCEPTED, {"R-06"})
    (signature,) = examination.signatures
    assert (signature.file, signature.state) == (signed, "present_unverified_algorithm")


def test_names_of_members_from_the_unicode_path_field() -> None:
    examination = examined("28-zip-unicode-path.zip")
    assert examination.verdict is Verdict.ACCEPTED
    assert {row["file"].rpartition("/")[2] for row in rows(examination)} == {"Ө.xlsx", "Ұ.xlsx"}


def reported(examination: Examination, rule_id: str) -> list[tuple[str | None, str | None]]:
    return [(one.file, one.found) for one in examination.findings if one.rule_id == rule_id]


def test_a_mail_is_named_with_what_to_do() -> None:
    examination = examined("30-eml.eml")
    assert examination.verdict is Verdict.REFUSED
    (fault,) = [one for one in examination.findings if one.rule_id == "C-08"]
    assert fault.file == "30-eml.eml"
    assert fault.found == "This is a mail: put the attachments themselves into the package, not the mail."
    assert fault.found_detail is not None
    assert "сами приложенные к нему файлы" in detail_words(fault.found_detail, "ru")


# What else people put into a package


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "package"


def read(folder: Path, files: dict[str, bytes]) -> PackageRead:
    return read_package(written(folder, files), folder / "work", Settings(home=folder, reader_seconds=60))


def codes(package: PackageRead) -> dict[str, str]:
    return {file.path: file.detail_code for file in package.files}


_MAILS = {
    "letter.eml": b"From: a@example.kz\r\nTo: b@example.kz\r\nSubject: x\r\n\r\ntext",
    "letter.txt": b"Received: from x\r\n by y\r\nDate: Mon, 1 Jan 2025\r\nFrom: a@example.kz\r\n\r\n",
    "box.mbox": b"From a@example.kz Mon\nFrom: a@example.kz\nSubject: x\n\n",
    "1234.emlx": b"64      \nReceived: from x\r\nFrom: a@example.kz\r\nSubject: x\r\n\r\ntext",
    "winmail.dat": b"\x78\x9f\x3e\x22\x01\x00",
    "letter.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "__properties_version1.0".encode("utf-16-le"),
}


@pytest.mark.parametrize("name", _MAILS)
def test_mails_by_content(tmp_path: Path, name: str) -> None:
    package = read(tmp_path, {name: _MAILS[name]})
    assert [(file.state, file.detail_code) for file in package.files] == [(FileState.UNSUPPORTED, "mail")]


@pytest.mark.parametrize(
    "content",
    [
        b"From: <Saved by Blink>\r\nSubject: x\r\nDate: y\r\nMIME-Version: 1.0\r\n\r\n",
        b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nSubject: x\r\nDate: y\r\n\r\n",
        "Кому: Министрству\nОт: пула\n".encode(),
        b"name;from;to\n1;2;3\n",
    ],
)
def test_what_only_looks_like_a_mail(tmp_path: Path, content: bytes) -> None:
    assert codes(read(tmp_path, {"a.txt": content})) != {"a.txt": "mail"}


LEFTOVERS = (
    *("~$1-ЦМ.xlsx", ".~lock.1-ЦМ.xlsx#", "1-ЦМ.xlsx.tmp", "~WRL0001.tmp", "Thumbs.db", "desktop.ini", ".DS_Store"),
    *("__MACOSX/._1-ЦМ.xlsx", "._1-ЦМ.xlsx", "1-ЦМ.bak", "1-ЦМ.xlk", "Заявление.docx~", "1-ЦМ.xlsx.crdownload"),
)


@pytest.mark.parametrize("content", [b"", b"\0" * 162, FORM[:700], FORM], ids=["empty", "zeros", "damaged", "form"])
def test_leftovers_hold_nothing_back(tmp_path: Path, content: bytes) -> None:
    """Not even a working copy of the form: read, it would count each row twice."""
    own = {"1-ЦМ.xlsx": FORM, "Заявление.docx": APPLICATION, "Заявление.docx.p7s": make.sign(KEY, APPLICATION, HEAD)}
    examination = check_path(written(tmp_path, own | dict.fromkeys(LEFTOVERS, content)), settings(), NOW)
    assert (examination.verdict, rules(examination), examination.row_count) == (Verdict.ACCEPTED, set(), 3)


def test_the_only_form_under_the_name_of_a_leftover_is_named(tmp_path: Path) -> None:
    """It is not read, for what a program left may be anything; the refusal says which file, and why."""
    own = {
        "~$1.xlsx": FORM,
        "Thumbs.db": b"\0",
        "Заявление.docx": APPLICATION,
        "a.sig": make.sign(KEY, APPLICATION, HEAD),
    }
    examination = check_path(written(tmp_path, own), settings(), NOW)
    assert rules(examination) == {"C-10", "C-14"}
    ((file, found),) = reported(examination, "C-14")
    assert file == "~$1.xlsx"
    assert "name of its own" in str(found)


UNUSED = {
    "photo.jpg": (b"\xff\xd8\xff\xe0", "C-14"),
    "Письмо.docx": ((PACKAGES / "04-signature-p7b" / "Заявление.docx").read_bytes(), None),
    "form.rar": (b"Rar!\x1a\x07\x00", "C-08"),
    "form.7z": (b"7z\xbc\xaf\x27\x1c", "C-08"),
    "setup.exe": (b"MZ\x90\x00", "C-08"),
    "1-ЦМ.xlsx.lnk": (b"L\0\0\0\x01\x14\x02\0", "C-08"),
    "certificate.p7b": (make.signed_data([], [make.certificate(KEY)]), None),
    "form.zip.p7m": (make.cms.ContentInfo({"content_type": "enveloped_data"}).dump()[:40], None),
    "empty.xlsx": (b"", "C-02"),
}


def test_every_file_that_was_not_used_is_named(tmp_path: Path) -> None:
    files = {name: content for name, (content, _) in UNUSED.items()}
    examination = check_path(written(tmp_path, files), settings(), NOW)
    for name, (_, rule_id) in UNUSED.items():
        if rule_id:
            (fault,) = [one for one in examination.findings if (one.rule_id, one.file) == (rule_id, name)]
            assert fault.found_detail is not None, fault


def test_certificates_alone_are_no_signature(tmp_path: Path) -> None:
    certificates = make.signed_data([], [make.certificate(KEY, HEAD)])
    for name, content in {
        "a.p7b": certificates,
        "a.p7s": certificates,
        "a.txt": base64.b64encode(certificates),
    }.items():
        own = {"1-ЦМ.xlsx": FORM, "Заявление.docx": APPLICATION, name: content}
        (tmp_path / name).mkdir()
        examination = check_path(written(tmp_path / name, own), settings(), NOW)
        assert rules(examination) == {"C-12", "C-14"}
        assert reported(examination, "C-14") == [(name, "The file holds certificates alone and no signature.")]


# One content, once


def test_the_same_bytes_inside_and_outside_of_a_signature_count_once(tmp_path: Path) -> None:
    files = {
        "1-ЦМ.xlsx": FORM,
        "1-ЦМ.xlsx.p7m": make.sign(KEY, FORM, HEAD, attached=True),
        "подпись.cms": make.sign(KEY, FORM, HEAD, attached=True),
        "copy/1-ЦМ (2).xlsx": FORM,
        "Заявление.docx": APPLICATION,
        "Заявление.p7m": make.sign(KEY, APPLICATION, HEAD, attached=True),
    }
    examination = check_path(written(tmp_path, files), settings(), NOW)
    assert (examination.verdict, rules(examination), examination.row_count) == (Verdict.ACCEPTED, set(), 3)
    covered = {signature.file: signature.covers for signature in examination.signatures}
    assert covered == {"1-ЦМ.xlsx.p7m": "1-ЦМ.xlsx", "подпись.cms": "1-ЦМ.xlsx", "Заявление.p7m": "Заявление.docx"}


def test_another_version_inside_a_signature_is_no_second_form(tmp_path: Path) -> None:
    other = (PACKAGES / "24-wallet-wrapped" / "1-ЦМ.xlsx").read_bytes()
    files = {
        "1-ЦМ.xlsx": FORM,
        "1-ЦМ.xlsx.p7m": make.sign(KEY, other, HEAD, attached=True),
        "Заявление.docx": APPLICATION,
    }
    examination = check_path(written(tmp_path, files), settings(), NOW)
    assert (rules(examination), examination.row_count) == ({"R-27"}, 3)


# One signature, however it is wrapped

Wrap = Callable[[bytes], bytes]
ENCODINGS: dict[str, Wrap] = {
    "der": lambda data: data,
    "pem": lambda data: b"-----BEGIN CMS-----\n" + base64.encodebytes(data) + b"-----END CMS-----\n",
    "pem of another label": lambda data: (
        b"subject=x\r\n-----BEGIN SIGNATURE-----\r\n"
        + base64.encodebytes(data).rstrip(b"=\n")
        + b"\r\n-----END SIGNATURE-----"
    ),
    "base64": base64.b64encode,
    "base64 in lines": lambda data: b"\xef\xbb\xbf" + base64.encodebytes(data).replace(b"\n", b"\r\n"),
    "base64 without padding": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "spaces": lambda data: (
        b" \r\n" + b" ".join(base64.b64encode(data)[i : i + 50] for i in range(0, 2 * len(data), 50))
    ),
    "utf-16": lambda data: base64.encodebytes(data).decode().encode("utf-16"),
    "utf-16-be": lambda data: base64.encodebytes(data).decode().encode("utf-16-be"),
    "hex": lambda data: data.hex().encode(),
    "hex with colons": lambda data: data.hex(":").upper().encode(),
    "json": lambda data: b'{"result":["' + base64.b64encode(data).replace(b"/", b"\\/") + b'"]}',
    "data url": lambda data: b"data:application/pkcs7-signature;base64," + base64.b64encode(data),
    "xml element": lambda data: b"<?xml version='1.0'?><cms>" + base64.b64encode(data) + b"</cms>",
    "s/mime": lambda data: (
        b"MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=signed-data\nSubject: x\nFrom: y\n\n"
        + base64.encodebytes(data)
    ),
}
NAMES = (
    "Заявление.docx.p7s",
    "подпись",
    "подпись.txt",
    "a.p7b",
    "a.sig",
    "a.cms",
    "a.xml",
    "a.bin",
    "A.P7M",
    "өтініш.pem",
)


def open_lengths(data: bytes) -> bytes:
    """Content, its tag and SignedData in BER of open length (see tests/signature/test_signature_verify.py)."""
    size = {0x81: 1, 0x82: 2, 0x83: 3}
    outer = data[2 + size[data[1]] :]
    kind, explicit = outer[:11], outer[11:]
    inner = explicit[2 + size[explicit[1]] :]
    return b"\x30\x80" + kind + b"\xa0\x80\x30\x80" + inner[2 + size[inner[1]] :] + b"\0\0" * 3


def zipped(content: bytes, name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def judged(package: PackageRead) -> tuple[set[str], int, int]:
    """States of all signatures, and how many forms and applications were found."""
    reports = file_frame.verify_signatures(package, settings(), NOW, NOW)
    covered = all(report.file for report in reports.values())
    assert covered, {path: report.detail for path, report in reports.items()}
    return {report.state.value for report in reports.values()}, len(package.forms), len(package.applications)


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    encoding=st.sampled_from(sorted(ENCODINGS)),
    name=st.sampled_from(NAMES),
    attached=st.booleans(),
    nested=st.integers(0, 3),
    ber=st.booleans(),
    inside_zip=st.booleans(),
    zip_inside=st.booleans(),
)
def test_any_wrapping_of_a_signature_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    encoding: str,
    name: str,
    attached: bool,
    nested: int,
    ber: bool,
    inside_zip: bool,
    zip_inside: bool,
) -> None:
    folder = tmp_path_factory.mktemp("wrapped")
    files = {"1-ЦМ.xlsx": FORM}
    content = APPLICATION
    if attached:
        content = zipped(content, "Заявление.docx") if zip_inside else content
        for _ in range(nested):
            content = make.sign(KEY, content, HEAD, attached=True)
    else:
        files["Заявление.docx"] = APPLICATION
    cms = make.sign(KEY, content, HEAD, attached=attached)
    files[name] = ENCODINGS[encoding](open_lengths(cms) if ber else cms)
    if inside_zip:
        files = {"package.zip": _zip_of(files)}
    assert judged(read(folder, files)) == ({"verified_chain_not_checked"}, 1, 1)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("name", ["подпись.cms", "пакет.zip.p7m", "p7m"])
def test_a_signature_over_an_archive_of_documents_holds_the_archive(
    tmp_path: Path, name: str, compression: int
) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        archive.writestr("Заявление.docx", APPLICATION)
        archive.writestr("1-ЦМ.xlsx", FORM)
    files = {name: make.sign(KEY, target.getvalue(), HEAD, attached=True)}
    examination = check_path(written(tmp_path, files), settings(), NOW)
    assert (examination.verdict, rules(examination), examination.row_count) == (Verdict.ACCEPTED, set(), 3)


def _zip_of(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_signatures_deeper_than_anybody_signs_are_reported(tmp_path: Path) -> None:
    content = APPLICATION
    for _ in range(12):
        content = make.sign(KEY, content, HEAD, attached=True)
    package = read(tmp_path, {"a.p7m": content})
    assert [file.detail_code for file in package.files if file.state is FileState.NESTED_ARCHIVE] == ["nested_too_deep"]


@hypothesis_settings(max_examples=80, deadline=None)
@given(st.data())
def test_broken_signatures_and_archives_never_get_past_the_child(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    sources = [make.sign(KEY, APPLICATION[:900], HEAD, attached=True), zipped(FORM[:900], "1-ЦМ.xlsx")]
    content = bytearray(data.draw(st.sampled_from(sources)))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(content)))
    package = read(tmp_path_factory.mktemp("broken"), {"a.p7m": bytes(content[:cut]), "b": bytes(content)})
    assert {file.path.partition("/")[0] for file in package.files} == {"a.p7m", "b"}
    assert all(file.state is not FileState.TOO_LARGE for file in package.files)
    file_frame.verify_signatures(package, settings(), NOW, NOW)


def test_a_signature_of_xml_that_is_a_weapon(tmp_path: Path) -> None:
    head = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    signature = b'<s xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:Signature>&b;</d:Signature></s>'
    deep = b"<a>" * 5000 + b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
    package = read(tmp_path, {"a.xml": head + signature, "b.xml": deep, "c.xml": signature[:90]})
    assert {(file.role, file.state) for file in package.files} == {(FileRole.SIGNATURE, FileState.NOT_READ)}
    reports = file_frame.verify_signatures(package, settings(), NOW, NOW)
    assert {report.state.value for report in reports.values()} == {"present_unverified_algorithm"}
