"""Signatures that hold: every encoding and algorithm, who signed, when, and over which file."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import pkcs7

from esep.signature import PoolAgreement, Right, SignatureReport, SignatureState, verify
from signature import cms_maker as make

FORM = b"workbook of March"
APPLICATION = b"application of March"
FILES = {"app/application.docx": APPLICATION, "form.xlsx": FORM, "note.txt": b"note"}
VERIFIED = SignatureState.VERIFIED_CHAIN_NOT_CHECKED


def check(data: bytes, **options: object) -> SignatureReport:
    candidates = options.pop("candidates", FILES)
    pool = options.pop("pool", make.POOL)
    return verify(data, candidates, pool, options.pop("now", make.NOW), **options)


def by_cryptography(
    private, content=FORM, *options, encoding=serialization.Encoding.DER, hashing=None, pad=None, holder=None
) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    certificate = make.pyca_certificate(private, holder)
    builder = builder.add_signer(certificate, private, hashing or hashes.SHA256(), rsa_padding=pad)
    return builder.sign(encoding, [pkcs7.PKCS7Options.Binary, *options])


DETACHED = pkcs7.PKCS7Options.DetachedSignature


@pytest.mark.parametrize("hashing", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
@pytest.mark.parametrize("pad", [None, padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)])
def test_rsa_by_another_signer(hashing, pad):
    if pad:
        pad = padding.PSS(padding.MGF1(hashing), padding.PSS.DIGEST_LENGTH)
    report = check(by_cryptography(make.rsa_key(), FORM, DETACHED, hashing=hashing, pad=pad), now=datetime.now(UTC))
    assert (report.state, report.detail_code, report.file) == (VERIFIED, "", "form.xlsx")
    assert report.attached is False


@pytest.mark.parametrize("hashing", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_ecdsa_by_another_signer(hashing):
    report = check(by_cryptography(make.ec_key(), FORM, DETACHED, hashing=hashing), now=datetime.now(UTC))
    assert (report.state, report.file) == (VERIFIED, "form.xlsx")


def test_attached_content_is_handed_over_and_found_in_the_package():
    report = check(by_cryptography(make.rsa_key(), APPLICATION), now=datetime.now(UTC))
    assert (report.state, report.attached, report.content_sha256) == (
        VERIFIED,
        True,
        hashlib.sha256(APPLICATION).hexdigest(),
    )
    assert (report.file, report.detail_code) == ("app/application.docx", "")


def test_attached_content_that_is_no_file_of_the_package():
    report = check(by_cryptography(make.rsa_key(), b"something else"), now=datetime.now(UTC))
    assert (report.state, report.detail_code) == (VERIFIED, "content_not_in_package")
    assert (report.file, report.content_sha256) == (None, hashlib.sha256(b"something else").hexdigest())


def test_without_signed_attributes_the_files_are_tried():
    options = (DETACHED, pkcs7.PKCS7Options.NoAttributes)
    report = check(by_cryptography(make.rsa_key(), FORM, *options))
    assert (report.state, report.file) == (VERIFIED, "form.xlsx")
    assert report.signer.signed_at is None
    attached = check(by_cryptography(make.rsa_key(), FORM, pkcs7.PKCS7Options.NoAttributes))
    assert (attached.state, attached.file) == (VERIFIED, "form.xlsx")


def pem(data: bytes, label: str = "PKCS7") -> bytes:
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (label.encode(), base64.encodebytes(data), label.encode())


@pytest.mark.parametrize(
    "dress",
    [
        bytes,
        pem,
        lambda data: pem(data, "CMS"),
        lambda data: b"\xef\xbb\xbf" + pem(data, "SIGNATURE").replace(b"\n", b"\r\n"),
        base64.b64encode,
        lambda data: base64.encodebytes(data) + b"\r\n\r\n",
        lambda data: data + b"\n",
    ],
    ids=["der", "pem", "pem cms", "pem bom crlf", "base64", "base64 lines", "der newline"],
)
def test_encodings(dress):
    report = check(dress(make.sign(make.Rsa(make.rsa_key()), FORM)))
    assert (report.state, report.file) == (VERIFIED, "form.xlsx"), report.detail


def test_open_lengths_as_some_programs_write_them():
    der = make.sign(make.Rsa(make.rsa_key()), FORM, attached=True)
    # ContentInfo, the explicit tag and SignedData become BER of open length; the content octets stay the same.
    outer = der[4:]  # inside the outermost SEQUENCE (two length bytes)
    kind, explicit = outer[:11], outer[11:]
    data = explicit[4:]
    ber = b"\x30\x80" + kind + b"\xa0\x80" + b"\x30\x80" + data[4:] + b"\x00\x00" * 3
    report = check(ber)
    assert (report.state, report.file) == (VERIFIED, "form.xlsx"), report.detail


@pytest.mark.parametrize("layout", ["nca", "rfc", "plain"])
def test_gost(layout):
    report = check(make.sign(make.Gost(layout=layout), FORM))
    assert (report.state, report.file, report.detail_code) == (VERIFIED, "form.xlsx", "")
    assert report.signer.algorithm == "1.2.398.3.10.1.1.2.3.2"
    assert report.pool_agreement is PoolAgreement.AGREES


def test_gost_attached_without_signed_attributes():
    report = check(make.sign(make.Gost(), APPLICATION, attached=True, attributes=False))
    assert (report.state, report.file) == (VERIFIED, "app/application.docx")


def test_who_signed():
    signer = check(make.sign(make.Rsa(make.rsa_key()), FORM)).signer
    assert (signer.iin, signer.bin) == (make.HEAD_IIN, make.POOL)
    assert signer.name == "ҮЛГІЛІ АСАН ҮСЕНҰЛЫ"
    assert signer.right is Right.FIRST_HEAD
    assert signer.signed_at == make.SIGNED
    assert (signer.certificate_from, signer.certificate_to) == (make.FROM, make.TO)
    assert signer.certificate_serial == "c0ffee"


@pytest.mark.parametrize(
    ("purposes", "right"),
    [
        ((make.FIRST_HEAD,), Right.FIRST_HEAD),
        ((make.RIGHT_TO_SIGN, "1.3.6.1.5.5.7.3.4"), Right.RIGHT_TO_SIGN),
        (("1.2.398.3.3.4.1.2.5",), Right.OTHER),
        ((), Right.OTHER),
    ],
)
def test_right_to_sign(purposes, right):
    holder = make.Holder(purposes=purposes)
    assert check(make.sign(make.Rsa(make.rsa_key()), FORM, holder)).signer.right is right


@pytest.mark.parametrize(
    ("holder", "pool", "agreement"),
    [
        (make.Holder(), make.POOL, PoolAgreement.AGREES),
        (make.Holder(), make.OTHER_POOL, PoolAgreement.DIFFERS),
        (make.Holder(bin_in_serial=True), make.POOL, PoolAgreement.AGREES),
        (make.Holder(bin=None), make.POOL, PoolAgreement.NO_BIN),
        (make.Holder(), None, None),
    ],
)
def test_pool(holder, pool, agreement):
    report = check(make.sign(make.Rsa(make.rsa_key()), FORM, holder), pool=pool)
    assert report.pool_agreement is agreement
    assert report.state is VERIFIED


@pytest.mark.parametrize(
    ("holder", "signed_at", "code"),
    [
        (make.Holder(), make.SIGNED, ""),
        (make.expired(), make.SIGNED, "certificate_expired"),
        (make.expired(), make.SIGNED - timedelta(days=2), ""),
        (make.expired(), None, "certificate_expired"),
        (make.Holder(valid_from=make.SIGNED + timedelta(seconds=1)), make.SIGNED, "certificate_not_yet_valid"),
        (make.Holder(valid_to=make.SIGNED), make.SIGNED, ""),
        (make.Holder(), make.NOW + timedelta(days=1), "signed_in_future"),
    ],
)
def test_time(holder, signed_at, code):
    report = check(make.sign(make.Rsa(make.rsa_key()), FORM, holder, signed_at=signed_at))
    assert (report.state, report.detail_code) == (VERIFIED, code)
    assert report.signer.time_code == code
    assert report.signer.judged_at == (signed_at or make.NOW)
    assert bool(report.detail) is bool(code)


def test_the_time_is_reported_beside_what_could_not_be_verified():
    weak = make.Rsa(make.rsa_key(), signature_oid="1.2.840.113549.1.1.5")
    report = check(make.sign(weak, FORM, make.expired()))
    assert (report.state, report.detail_code) == (SignatureState.PRESENT_UNVERIFIED_ALGORITHM, "unknown_algorithm")
    assert report.signer.time_code == "certificate_expired"


def test_files_on_disk_and_files_that_are_gone(tmp_path: Path):
    (tmp_path / "form.xlsx").write_bytes(FORM)
    candidates = {"lost.xlsx": tmp_path / "lost.xlsx", "folder": tmp_path, "form.xlsx": tmp_path / "form.xlsx"}
    for key in (make.Rsa(make.rsa_key()), make.Gost()):
        report = check(make.sign(key, FORM), candidates=candidates)
        assert (report.state, report.file) == (VERIFIED, "form.xlsx")


def test_the_file_of_the_same_name_is_reported_among_equal_ones():
    candidates = {"a.xlsx": FORM, "z.xlsx": FORM}
    data = make.sign(make.Rsa(make.rsa_key()), FORM)
    assert check(data, candidates=candidates, path="sub/z.xlsx.p7s").file == "z.xlsx"
    assert check(data, candidates=candidates, path="z.p7s").file == "z.xlsx"
    assert check(data, candidates=candidates).file == "a.xlsx"


def test_several_signers_the_one_of_the_pool_matters():
    executor, head = make.Rsa(make.rsa_key(1)), make.Rsa(make.rsa_key(2))
    one = make.certificate(executor, make.Holder(bin=None, serial=1, purposes=()))
    two = make.certificate(head, make.Holder(serial=2))
    infos = [make.signer_info(executor, one, FORM), make.signer_info(head, two, FORM)]
    report = check(make.signed_data(infos, [one, two]))
    assert report.state is VERIFIED
    assert len(report.signers) == 2
    assert report.signer.right is Right.FIRST_HEAD
    assert report.pool_agreement is PoolAgreement.AGREES


def test_one_false_signer_spoils_the_file():
    executor, head = make.Rsa(make.rsa_key(1)), make.Rsa(make.rsa_key(2))
    one = make.certificate(executor, make.Holder(bin=None, serial=1))
    two = make.certificate(head, make.Holder(serial=2))
    infos = [make.signer_info(executor, one, FORM, value=bytes(256)), make.signer_info(head, two, FORM)]
    report = check(make.signed_data(infos, [one, two]))
    assert (report.state, report.detail_code) == (SignatureState.INVALID, "wrong_value")
    assert report.signer.state is VERIFIED
