"""Signatures that do not hold, and files that are none: a clear state, no exception, bounded time."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from asn1crypto import cms, core
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.signature import SignatureReport, SignatureState, cms_file, contents, verification, verify, verify_all
from signature import cms_maker as make

FORM = b"workbook of March"
FILES = {"form.xlsx": FORM, "application.docx": b"application"}
INVALID, UNVERIFIED = SignatureState.INVALID, SignatureState.PRESENT_UNVERIFIED_ALGORITHM


def check(data: bytes, candidates=FILES) -> SignatureReport:
    started = time.process_time()
    report = verify(data, candidates, make.POOL, make.NOW)
    assert time.process_time() - started < 10
    assert bool(report.detail_code) == bool(report.detail)
    return report


def rsa() -> make.Rsa:
    return make.Rsa(make.rsa_key())


def outcome(data: bytes, candidates=FILES) -> tuple[SignatureState, str]:
    report = check(data, candidates)
    return report.state, report.detail_code


@pytest.mark.parametrize("data", [b"", b" \r\n\t"])
def test_empty(data):
    assert outcome(data) == (SignatureState.ABSENT, "empty")


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"PK\x03\x04 not a signature",
        b"%PDF-1.7",
        "қол қойылды".encode(),
        b"-----BEGIN PKCS7-----\n",
        b"MIIB",
        b"\0" * 999,
    ],
)
def test_no_cms(data):
    assert check(data).state is INVALID


def test_xml_signature_is_present():
    text = b'<?xml version="1.0"?><r><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/></r>'
    assert outcome(text) == (UNVERIFIED, "xml_signature")
    assert outcome(b"<html>no signature</html>") == (INVALID, "not_cms")


def test_signature_of_another_file():
    for key in (rsa(), make.Gost()):
        assert outcome(make.sign(key, b"workbook of April")) == (INVALID, "signed_other_file")
    assert outcome(make.sign(rsa(), b"other", attributes=False)) == (INVALID, "signed_other_file")
    assert outcome(make.sign(rsa(), FORM), {}) == (INVALID, "signed_other_file")


def test_enclosed_content_changed():
    data = make.sign(rsa(), FORM, attached=True)
    changed = data.replace(FORM, b"workbook of MARCH")
    assert outcome(changed) == (INVALID, "digest_differs")
    assert check(changed).signers[0].bin == make.POOL  # who it claims to be is reported all the same


@pytest.mark.parametrize("key", [make.Rsa(make.rsa_key()), make.Gost()], ids=["rsa", "gost"])
def test_wrong_key(key):
    other = make.Gost(secret=12345) if isinstance(key, make.Gost) else make.Rsa(make.rsa_key(7))
    cert = make.certificate(other)
    data = make.signed_data([make.signer_info(key, cert, FORM)], [cert])
    assert outcome(data) == (INVALID, "wrong_value")


def test_signing_time_changed_after_signing():
    data = make.sign(rsa(), FORM)
    assert data.count(b"250220050000Z") == 1
    assert outcome(data.replace(b"250220050000Z", b"240220050000Z")) == (INVALID, "wrong_value")


def test_certificate_missing():
    cert = make.certificate(rsa())
    data = make.signed_data([make.signer_info(rsa(), cert, FORM)], [])
    assert outcome(data) == (INVALID, "certificate_missing")
    strange = make.certificate(rsa(), make.Holder(serial=77))
    data = make.signed_data([make.signer_info(rsa(), cert, FORM)], [strange])
    assert outcome(data) == (INVALID, "certificate_missing")
    assert check(data).pool_agreement is None
    bare = make.signed_data([make.signer_info(rsa(), cert, FORM, attributes=False)], [])
    assert (outcome(bare), check(bare).file) == ((INVALID, "certificate_missing"), None)


def test_no_signer():
    assert outcome(make.signed_data([], [make.certificate(rsa())], FORM)) == (INVALID, "no_signer")


def test_content_type_of_the_attributes_differs():
    assert outcome(make.sign(rsa(), FORM, content_type="signed_data")) == (INVALID, "content_type_differs")


def test_cms_that_is_no_signature():
    plain = cms.ContentInfo({"content_type": "data", "content": FORM}).dump()
    assert outcome(plain) == (INVALID, "not_signed_data")


@pytest.mark.parametrize(
    ("digest", "signature", "code"),
    [
        ("1.3.14.3.2.26", "1.2.840.113549.1.1.5", "unknown_digest"),  # SHA-1
        ("1.2.398.3.10.1.3.1", "1.2.398.3.10.1.1.1.2", "unknown_digest"),  # GOST of 2004
        ("2.16.840.1.101.3.4.2.1", "1.2.3.4.5", "unknown_algorithm"),
        ("2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.5", "unknown_algorithm"),
        ("2.16.840.1.101.3.4.2.1", "1.2.398.3.10.1.1.2.3.2", "unknown_algorithm"),  # GOST over SHA-256
    ],
)
def test_unknown_algorithms_are_not_called_invalid(digest, signature, code):
    key = make.Rsa(make.rsa_key(), digest_oid=digest, signature_oid=signature)
    report = check(make.sign(key, FORM))
    assert (report.state, report.detail_code) == (UNVERIFIED, code)
    assert report.signer.bin == make.POOL


def test_short_rsa_key_proves_nothing():
    assert outcome(make.sign(make.Rsa(make.rsa_key(5, 1024)), FORM)) == (UNVERIFIED, "unknown_algorithm")


def test_gost_key_of_another_curve():
    key = make.Gost()
    cert = make.certificate(key)
    data = make.signed_data([make.signer_info(key, cert, FORM)], [cert])
    position = data.index(b"\x04\x81\x80") + 3
    broken = data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
    assert outcome(broken) == (UNVERIFIED, "unknown_algorithm")


def test_size_limit():
    assert outcome(b"0" * (cms_file.MAX_BYTES + 1)) == (UNVERIFIED, "signature_too_large")
    assert check(b"0" * cms_file.MAX_BYTES).state is INVALID
    assert check(b"\x30\x80" * (cms_file.MAX_BYTES // 2)).detail_code == "signature_too_complex"


def nested(depth: int) -> bytes:
    data = b""
    for _ in range(depth):
        data = b"\x30" + make.length(len(data)) + data
    return data


def test_nesting():
    assert outcome(nested(cms_file.MAX_DEPTH + 5)) == (UNVERIFIED, "signature_too_complex")
    assert outcome(nested(20_000)) == (UNVERIFIED, "signature_too_complex")
    assert check(nested(5)).state is INVALID


def test_very_many_elements():
    assert outcome(make.sequence(b"\x05\x00" * 2_000_000)) == (UNVERIFIED, "signature_too_complex")


def test_identifier_of_a_million_bytes():
    huge = b"\x06" + make.length(1_000_000) + b"\xff" * 999_999 + b"\x01"
    assert outcome(make.sequence(huge)) == (INVALID, "broken_encoding")


def test_too_many_signers():
    cert = make.certificate(rsa())
    info = make.signer_info(rsa(), cert, FORM)
    assert outcome(make.signed_data([info] * cms_file.MAX_SIGNERS, [cert]))[1] == ""
    assert outcome(make.signed_data([info] * (cms_file.MAX_SIGNERS + 1), [cert])) == (
        UNVERIFIED,
        "signature_too_complex",
    )


def test_attribute_given_twice():
    key, cert = rsa(), make.certificate(rsa())
    info = make.signer_info(key, cert, FORM)
    attributes = cms.CMSAttributes([*info["signed_attrs"], info["signed_attrs"][2]])
    info["signed_attrs"] = attributes
    info["signature"] = key.sign(attributes.dump())
    assert outcome(make.signed_data([info], [cert])) == (INVALID, "not_signed_data")


def test_gost_over_more_than_is_hashed(monkeypatch):
    monkeypatch.setattr(contents, "GOST_BUDGET_BYTES", 100)
    files = {"large.xlsx": b"x" * 101, "form.xlsx": FORM}
    assert outcome(make.sign(make.Gost(), FORM), files)[0] is SignatureState.VERIFIED_CHAIN_NOT_CHECKED
    for attributes in (True, False):
        report = check(make.sign(make.Gost(), files["large.xlsx"], attributes=attributes), files)
        assert (report.state, report.detail_code) == (UNVERIFIED, "files_too_large")
        assert "large.xlsx" in report.detail.values["files"]
    attached = make.sign(make.Gost(), files["large.xlsx"], attached=True)
    assert outcome(attached, files) == (UNVERIFIED, "content_too_large")


def test_subject_with_odd_values():
    cert = make.certificate(rsa(), make.Holder(iin="12345", bin="٢٣٠٦٤٠٠٠٠٠٠٨"))
    report = check(make.signed_data([make.signer_info(rsa(), cert, FORM)], [cert]))
    assert (report.signer.iin, report.signer.bin) == (None, None)


def test_truncated_everywhere():
    data = make.sign(rsa(), FORM, attached=True)
    for end in range(1, len(data), 37):
        assert check(data[:end]).state is INVALID


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_bytes_never_raise(data):
    signature = bytearray(make.sign(rsa(), FORM))
    for _ in range(data.draw(st.integers(1, 4))):
        signature[data.draw(st.integers(0, len(signature) - 1))] = data.draw(st.integers(0, 255))
    check(bytes(signature))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=300).map(make.sequence))
def test_any_bytes_never_raise(data):
    assert check(data).state is not SignatureState.VERIFIED_CHAIN_NOT_CHECKED


@settings(max_examples=100, deadline=None)
@given(st.recursive(st.binary(max_size=20), lambda inner: st.lists(inner, max_size=4), max_leaves=20))
def test_the_look_over_takes_what_another_encoder_wrote(tree):
    def encode(node) -> bytes:
        if isinstance(node, bytes):
            return core.OctetString(node).dump()
        return make.sequence(*(encode(one) for one in node))

    data = encode(tree)
    assert cms_file.whole_element(data + b"\x00rest") == data
    if len(data) > 2:
        with pytest.raises(cms_file.EncodingError):
            cms_file.whole_element(data[:-1])


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        verify(b"x", {}, None, datetime(2025, 1, 1))  # noqa: DTZ001 - a naive moment is the case


def test_files_that_were_left_out_do_not_excuse_other_signatures(monkeypatch):
    monkeypatch.setattr(contents, "GOST_BUDGET_BYTES", 5)
    signatures = {"a.p7s": make.sign(make.Gost(), b"other"), "b.p7s": make.sign(rsa(), b"other"), "c.p7s": b""}
    reports = verify_all(signatures, FILES, make.POOL, make.NOW)
    assert [(report.state, report.detail_code) for report in reports.values()] == [
        (UNVERIFIED, "files_too_large"),
        (INVALID, "signed_other_file"),
        (SignatureState.ABSENT, "empty"),
    ]


def test_gost_signatures_of_a_package_are_counted(monkeypatch):
    monkeypatch.setattr(contents, "GOST_BUDGET_SIGNATURES", 1)
    data = make.sign(make.Gost(), FORM)
    reports = verify_all({"a.p7s": data, "b.p7s": data}, FILES, make.POOL, make.NOW)
    assert [report.detail_code for report in reports.values()] == ["", "too_many_gost_signatures"]
    assert reports["b.p7s"].state is UNVERIFIED


def test_signature_files_of_a_package_are_counted(monkeypatch):
    monkeypatch.setattr(verification, "MAX_FILES", 2)
    data = make.sign(rsa(), FORM)
    reports = verify_all(dict.fromkeys(("a.p7s", "b.p7s", "c.p7s"), data), FILES, make.POOL, make.NOW)
    assert [report.detail_code for report in reports.values()] == ["", "", "too_many_signatures"]
    assert reports["c.p7s"].state is UNVERIFIED


def test_bytes_read_for_signatures_without_attributes_are_counted(monkeypatch):
    size = sum(map(len, FILES.values()))
    monkeypatch.setattr(contents, "TRIAL_BUDGET_BYTES", size)
    bare, other = (make.sign(rsa(), b"other", attributes=attributes) for attributes in (False, True))
    reports = verify_all({"a.p7s": bare, "b.p7s": bare, "c.p7s": other}, FILES, make.POOL, make.NOW)
    assert [(report.state, report.detail_code) for report in reports.values()] == [
        (INVALID, "signed_other_file"),
        (UNVERIFIED, "files_too_large"),
        (INVALID, "signed_other_file"),  # hashed piece by piece: what was left out for others is no excuse
    ]


def test_signature_files_on_disk(tmp_path):
    (tmp_path / "form.xlsx.p7s").write_bytes(make.sign(rsa(), FORM))
    (tmp_path / "huge.p7s").write_bytes(b"0" * (cms_file.MAX_BYTES + 1))
    paths = {name: tmp_path / name for name in ("form.xlsx.p7s", "huge.p7s", "lost.p7s")}
    reports = verify_all(paths, FILES, make.POOL, make.NOW)
    assert [report.detail_code for report in reports.values()] == ["", "signature_too_large", "unreadable"]


def test_a_file_that_cannot_be_read_is_not_too_large(tmp_path):
    assert outcome(make.sign(make.Gost(), FORM), {"lost.xlsx": tmp_path / "lost"}) == (INVALID, "signed_other_file")


def test_a_file_too_large_to_be_read_whole(monkeypatch):
    monkeypatch.setattr(contents, "LARGEST_READ_BYTES", 10)
    bare = make.sign(rsa(), FORM, attributes=False)
    assert outcome(bare) == (UNVERIFIED, "files_too_large")
    assert outcome(make.sign(rsa(), FORM))[1] == ""  # with signed attributes no file is read whole


@pytest.mark.parametrize("data", [b"M" + b" " * 4_000_000 + b"!", b"-----BEGIN " * 400_000, b"M" + b"= " * 2_000_000])
def test_long_texts_cost_no_more_than_their_length(data):
    started = time.process_time()
    assert check(data).state is INVALID
    assert time.process_time() - started < 2


def test_weak_digest_without_signed_attributes():
    key = make.Rsa(make.rsa_key(), digest_oid="1.3.14.3.2.26", signature_oid="1.2.840.113549.1.1.1")
    assert outcome(make.sign(key, FORM, attributes=False)) == (UNVERIFIED, "unknown_digest")


def test_certificate_that_cannot_be_read():
    data = make.sign(rsa(), FORM)
    broken = data.replace(b"240601000000Z", b"24x601000000Z")
    assert broken != data
    assert outcome(broken) == (INVALID, "certificate_unreadable")
