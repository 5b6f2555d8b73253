"""The slot for an external verification service, against a small server on this machine."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest

from esep.config import PROJECT, ConfigurationError, Settings
from esep.signature import SignatureState, absent, ncanode, verify
from signature import cms_maker as make
from signature.verification_service import Service, running, says

FORM = b"workbook of March"
FILES = {"form.xlsx": FORM}


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as made:
        yield made


def ask(service: Service, attached: bool = False, seconds: float = 5.0):
    data = make.sign(make.Rsa(make.rsa_key()), FORM, attached=attached)
    report = verify(data, FILES, make.POOL, make.NOW)
    asked = ncanode.consult(ncanode.NcaNode(service.url, seconds), report, data, FILES)
    assert asked.state is report.state  # the service's word never replaces what was found here
    return data, asked.external


def test_confirmed_detached(service):
    data, verdict = ask(service)
    assert (verdict.confirmed, verdict.detail.code) == (True, "confirmed")
    path, request = service.requests[0]
    assert path == "/cms/verify"
    assert base64.b64decode(request["cms"]) == data
    assert base64.b64decode(request["data"]) == FORM
    assert request["revocationCheck"] == ["OCSP", "CRL"]


def test_attached_content_is_not_sent_twice(service):
    _, verdict = ask(service, attached=True)
    assert verdict.confirmed is True
    assert "data" not in service.requests[0][1]


def revoked(reported: object) -> dict[str, Any]:
    return {"valid": True, "signers": [{"certificates": [{"revocations": [{"revoked": reported, "by": "OCSP"}]}]}]}


@pytest.mark.parametrize(
    ("answer", "confirmed", "code"),
    [
        (says({"valid": False, "signers": []}), False, "rejected"),
        (says(revoked(True)), False, "revoked"),
        (says(revoked(False)), True, "confirmed"),
        (says({"valid": True, "signers": ["?", {"certificates": None}]}), True, "confirmed"),
        (says({"valid": "yes"}), None, "no_verdict"),
        (says([1, 2]), None, "no_verdict"),
        (says({"valid": True}, 500), None, "no_verdict"),
        (says(b"<html>"), None, "unreadable_answer"),
        (says(b"[" * 200_000), None, "unreadable_answer"),
        (says(b"\xff\xfe"), None, "unreadable_answer"),
        (says(b" " * 2_000_000), None, "unreachable"),
    ],
)
def test_answers(service, answer, confirmed, code):
    service.answer = answer
    _, verdict = ask(service)
    assert (verdict.confirmed, verdict.detail.code) == (confirmed, code)


def test_redirects_are_not_followed(service):
    service.answer = says(b"{}", 307, Location=f"{service.url}/elsewhere")
    _, verdict = ask(service)
    assert verdict.detail.code == "no_verdict"
    assert len(service.requests) == 1


def test_slow_service(service):
    service.answer = lambda handler: time.sleep(1)
    started = time.monotonic()
    _, verdict = ask(service, seconds=0.2)
    assert (verdict.confirmed, verdict.detail.code) == (None, "timeout")
    assert time.monotonic() - started < 1


def test_service_that_is_away(service):
    url = service.url
    away = ncanode.NcaNode(url.rpartition(":")[0] + ":9", 1.0)
    data = make.sign(make.Rsa(make.rsa_key()), FORM)
    report = ncanode.consult(away, verify(data, FILES, None, make.NOW), data, FILES)
    assert report.external.confirmed is None
    assert report.external.detail.code in ("unreachable", "timeout")


def test_what_is_invalid_or_absent_is_not_sent(service):
    node = ncanode.NcaNode(service.url, 5.0)
    for data in (b"", b"no signature", make.sign(make.Rsa(make.rsa_key()), b"other")):
        report = verify(data, FILES, None, make.NOW)
        assert report.state in (SignatureState.ABSENT, SignatureState.INVALID)
        assert ncanode.consult(node, report, data, FILES).external is None
    assert ncanode.consult(node, absent(), b"", FILES).external is None
    assert service.requests == []


def test_off_by_default():
    assert ncanode.configured(Settings(home=PROJECT)) is None
    assert ncanode.configured(Settings.from_environment({})) is None
    assert ncanode.configured(Settings.from_environment({"ESEP_NCANODE_URL": "  "})) is None


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://ncanode.example/", "https://ncanode.example"),
        ("http://localhost:14579", "http://localhost:14579"),
        ("http://[::1]:14579", "http://[::1]:14579"),
    ],
)
def test_addresses_that_may_be_used(url, kept):
    settings = Settings.from_environment({"ESEP_NCANODE_URL": url, "ESEP_NCANODE_SECONDS": "3"})
    assert ncanode.configured(settings) == ncanode.NcaNode(kept, 3.0)


@pytest.mark.parametrize(
    "url",
    [
        "http://ncanode.example",
        "http://127.0.0.1.example",
        "ftp://localhost",
        "localhost:14579",
        "https://",
        "http://[",
        "https://ncanode.example:port",
        "?",
    ],
)
def test_addresses_that_may_not(url):
    with pytest.raises(ConfigurationError, match="ESEP_NCANODE_URL"):
        Settings.from_environment({"ESEP_NCANODE_URL": url})


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", "601"])
def test_seconds_that_may_not(seconds):
    with pytest.raises(ConfigurationError, match="ESEP_NCANODE_SECONDS"):
        Settings.from_environment({"ESEP_NCANODE_URL": "https://a.example", "ESEP_NCANODE_SECONDS": seconds})
