"""Signatures in packages on disk, through reading and the whole examination."""

from __future__ import annotations

import base64
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from esep.config import PROJECT
from esep.examination.examine import examine
from esep.examination.model import Examination, Lane, Verdict
from esep.forms import templates
from esep.signature import cms_file
from examination.package_builder import APPLICATION, FOOTER, HEAD, NOW, POOL, WALLETS, settings
from signature import cms_maker as make
from signature.verification_service import Service, running, says

MARCH = date(2025, 3, 1)
ROW = [1, "ЖШС «Бір»", "940140000385", "№ 10001, 01.02.2024", WALLETS[0], date(2025, 3, 5), "BTC", "0,5", "BTC", "0,01"]
FORM, LETTER, SIGNATURE = "1-ЦМ.xlsx", "өтініш.docx", "өтініш.docx.p7s"
RSA, GOST = make.Rsa(make.rsa_key()), make.Gost()
WEAK = make.Rsa(make.rsa_key(), digest_oid="1.3.14.3.2.26", signature_oid="1.2.840.113549.1.1.5")
VERIFIED = "verified_chain_not_checked"
OTHER_POOL = "230640000008"


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The two annexes of a faultless filing."""
    folder = tmp_path_factory.mktemp("annexes")
    templates.write_form(folder / FORM, period=MARCH, rows=[ROW], **FOOTER)
    templates.write_application(folder / LETTER, **{**APPLICATION, "period": MARCH})
    return {name: (folder / name).read_bytes() for name in (FORM, LETTER)}


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def zipped(path: Path, files: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path.read_bytes()


def examined(folder: Path, arrived_at: datetime | None = None, now: datetime = NOW, **changes: object) -> Examination:
    return examine(folder, settings(**changes), (), now, arrived_at)


def rules(examination: Examination) -> list[str]:
    return [finding.rule_id for finding in examination.findings]


def pem(data: bytes) -> bytes:
    return b"-----BEGIN PKCS7-----\n" + base64.encodebytes(data) + b"-----END PKCS7-----\n"


@pytest.mark.parametrize("key", [RSA, GOST], ids=["rsa", "gost"])
@pytest.mark.parametrize("attached", [False, True], ids=["detached", "attached"])
@pytest.mark.parametrize("dress", [bytes, pem], ids=["der", "pem"])
def test_a_signature_that_holds(unsigned, tmp_path, key, attached, dress):
    cms = dress(make.sign(key, unsigned[LETTER], HEAD, attached=attached))
    examination = examined(written(tmp_path, {**unsigned, SIGNATURE: cms}))
    assert (examination.findings, examination.verdict) == ((), Verdict.ACCEPTED)
    [reported] = examination.signatures
    assert asdict(reported) == {
        "file": SIGNATURE,
        "state": VERIFIED,
        "detail_code": None,
        "covers": LETTER,
        "signer_bin": POOL,
        "signed_at": datetime(2025, 2, 20, 5, tzinfo=UTC),
        "service": None,
    }


def test_inside_a_zip(unsigned, tmp_path):
    cms = make.sign(RSA, unsigned[FORM], HEAD)
    zipped(tmp_path / "пакет.zip", {f"ішкі/{FORM}": unsigned[FORM], LETTER: unsigned[LETTER], "қол.sig": cms})
    examination = examined(tmp_path)
    assert examination.findings == ()
    [reported] = examination.signatures
    assert (reported.file, reported.covers, reported.state) == ("пакет.zip/қол.sig", f"пакет.zip/ішкі/{FORM}", VERIFIED)


def test_over_the_zip_as_a_whole(unsigned, tmp_path):
    archive = zipped(tmp_path / "пакет.zip", unsigned)
    examination = examined(written(tmp_path, {"пакет.zip.p7s": make.sign(RSA, archive, HEAD)}))
    assert examination.findings == ()
    assert [reported.covers for reported in examination.signatures] == ["пакет.zip"]


def sign(content: bytes, holder: make.Holder = HEAD, **options: object) -> bytes:
    return make.sign(RSA, content, holder, **options)


@pytest.mark.parametrize(
    ("make_cms", "found", "reported"),
    [
        (lambda letter: sign(letter)[:-40], ["R-05"], "damaged"),
        (lambda letter: b"0" * (cms_file.MAX_BYTES + 1), ["R-06"], "too large"),
        (lambda letter: "қол қойылды".encode(), ["R-05"], "no CMS signature"),
        (lambda letter: sign(b"workbook of another filing"), ["R-05"], "covers no file of the package"),
        (lambda letter: sign(letter, replace(HEAD, valid_to=make.SIGNED - timedelta(days=1))), ["R-08"], "2025-02-20"),
        (lambda letter: sign(letter, replace(HEAD, bin=OTHER_POOL)), ["R-07"], OTHER_POOL),
        (lambda letter: sign(letter, replace(HEAD, bin=None, purposes=())), ["R-07", "R-09"], "ҮЛГІЛІ АСАН"),
        (lambda letter: sign(b"another filing", attached=True), ["R-27"], "14 B"),
        (lambda letter: make.sign(WEAK, letter, replace(HEAD, valid_to=make.FROM)), ["R-06", "R-08"], "too weak"),
        (
            lambda letter: sign(b"another filing", replace(HEAD, bin=OTHER_POOL, purposes=())),
            ["R-05"],
            "covers no file",
        ),
    ],
    ids=[
        "truncated",
        "huge",
        "no CMS",
        "of another filing",
        "expired",
        "other pool",
        "natural person",
        "other content attached",
        "weak and expired",
        "what an invalid one claims is no further fault",
    ],
)
def test_a_faulty_signature_never_refuses(unsigned, tmp_path, make_cms, found, reported):
    examination = examined(written(tmp_path, {**unsigned, SIGNATURE: make_cms(unsigned[LETTER])}))
    assert rules(examination) == found
    assert examination.verdict is Verdict.ACCEPTED
    assert {finding.lane for finding in examination.findings} == {Lane.RELIABILITY}
    assert {finding.file for finding in examination.findings} == {SIGNATURE}
    assert reported in examination.findings[0].found


def test_a_blank_signature_is_none(unsigned, tmp_path):
    examination = examined(written(tmp_path / "alone", {**unsigned, SIGNATURE: b" \r\n"}))
    assert rules(examination) == ["C-02", "C-12"]
    assert [reported.state for reported in examination.signatures] == ["absent"]
    beside = {**unsigned, SIGNATURE: sign(unsigned[LETTER]), "бос.p7s": b"\n"}
    examination = examined(written(tmp_path / "beside another", beside))
    assert (rules(examination), examination.verdict) == (["R-01"], Verdict.ACCEPTED)


def test_without_annex_1_the_signer_is_the_pool(unsigned, tmp_path):
    examination = examined(written(tmp_path, {FORM: unsigned[FORM], "1-ЦМ.p7s": sign(unsigned[FORM])}))
    assert rules(examination) == ["C-11"]
    assert (examination.identity.pool_id, examination.identity.pool_id_source) == (POOL, "signature")


def test_the_moment_of_arrival_judges_the_certificate(unsigned, tmp_path):
    cms = sign(unsigned[LETTER], replace(HEAD, valid_to=NOW + timedelta(days=1)), signed_at=None)
    folder = written(tmp_path, {**unsigned, SIGNATURE: cms})
    years_later = NOW + timedelta(days=700)
    assert examined(folder, NOW, years_later).findings == ()
    [finding] = examined(folder, None, years_later).findings
    assert (finding.rule_id, finding.expected) == ("R-08", "2024-06-01 05:00 – 2025-04-11 09:00")
    assert finding.found == f"{years_later:%Y-%m-%d %H:%M}"


def test_a_signing_time_after_the_arrival_lies_in_the_future_for_ever(unsigned, tmp_path):
    folder = written(tmp_path, {**unsigned, SIGNATURE: sign(unsigned[LETTER], signed_at=NOW + timedelta(days=1))})
    assert rules(examined(folder, NOW, NOW + timedelta(days=300))) == ["R-08"]


def test_a_certificate_without_end(unsigned, tmp_path):
    endless = replace(HEAD, valid_from=NOW, valid_to=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    [finding] = examined(written(tmp_path, {**unsigned, SIGNATURE: sign(unsigned[LETTER], endless)})).findings
    assert finding.expected == "2025-04-10 09:00 – 9999-12-31 23:59"


def test_a_faultless_filing_needs_no_great_expectations(unsigned, tmp_path):
    written(tmp_path, {**unsigned, SIGNATURE: sign(unsigned[LETTER])})
    program = (
        "import sys; from pathlib import Path; from datetime import datetime\n"
        "from esep.config import Settings; from esep.examination.examine import examine\n"
        f"done = examine(Path({str(tmp_path)!r}), Settings(home=Path('/nonexistent')), (), "
        f"datetime.fromisoformat({NOW.isoformat()!r}))\n"
        "print(done.findings, sorted({'great_expectations', 'httpx'} & set(sys.modules)))"
    )
    environment = {"PYTHONPATH": str(PROJECT / "plugins"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.returncode) == ("() []\n", 0), done.stderr


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as made:
        yield made


def test_the_service_is_off_by_default(unsigned, tmp_path, service, monkeypatch):
    monkeypatch.setenv("ESEP_NCANODE_URL", service.url)  # only Settings.from_environment reads it
    examined(written(tmp_path, {**unsigned, SIGNATURE: sign(unsigned[LETTER])}))
    assert service.requests == []


@pytest.mark.parametrize(
    ("answer", "found", "code"),
    [
        ({"valid": True}, [], "confirmed"),
        ({"valid": False}, ["R-05"], "rejected"),
        ({"valid": True, "signers": [{"certificates": [{"revocations": [{"revoked": True}]}]}]}, ["R-05"], "revoked"),
        ({}, [], "no_verdict"),
    ],
)
def test_the_service_speaks_beside_the_state(unsigned, tmp_path, service, answer, found, code):
    service.answer = says(answer)
    folder = written(tmp_path, {**unsigned, SIGNATURE: sign(unsigned[LETTER])})
    examination = examined(folder, ncanode_url=service.url, ncanode_seconds=5.0)
    assert rules(examination) == found
    assert [(reported.state, reported.service) for reported in examination.signatures] == [(VERIFIED, code)]
    assert len(service.requests) == 1


@pytest.mark.parametrize(("confirmed", "found"), [(True, []), (None, ["R-06"])])
def test_what_the_service_confirms_is_verified_all_the_same(unsigned, tmp_path, service, confirmed, found):
    # Content inside the signature: what covers a file only if its digest is known would not be sent.
    service.answer = says({"valid": confirmed})
    cms = make.sign(WEAK, unsigned[LETTER], HEAD, attached=True)
    examination = examined(
        written(tmp_path, {**unsigned, SIGNATURE: cms}), ncanode_url=service.url, ncanode_seconds=5.0
    )
    assert rules(examination) == found
    assert [reported.state for reported in examination.signatures] == ["present_unverified_algorithm"]


def test_a_service_that_is_away_is_asked_once(unsigned, tmp_path, service):
    service.answer = lambda handler: handler.connection.close()
    cms = sign(unsigned[LETTER])
    folder = written(tmp_path, {**unsigned, "a.p7s": cms, "b.p7s": cms})
    examination = examined(folder, ncanode_url=service.url, ncanode_seconds=5.0)
    assert (examination.findings, len(service.requests)) == ((), 1)
    assert [(reported.state, reported.service) for reported in examination.signatures] == [
        (VERIFIED, "unreachable"),
        (VERIFIED, None),
    ]


def test_of_a_certificate_that_has_expired_since_the_service_knows_nothing(unsigned, tmp_path, service):
    service.answer = says({"valid": False})
    folder = written(tmp_path, {**unsigned, SIGNATURE: sign(unsigned[LETTER])})
    later = make.TO + timedelta(days=1)
    examination = examined(folder, NOW, later, ncanode_url=service.url, ncanode_seconds=5.0)
    assert (examination.findings, service.requests) == ((), [])
