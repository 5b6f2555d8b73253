"""A slot for an external verification service with the HTTP interface of NCANode 3: POST {url}/cms/verify.

Such a service knows the chain and asks for revocation, which Esep does not. It is off unless ESEP_NCANODE_URL is set
(config.py). It never changes the state that was found here: its verdict is given beside it, and a fault of the service
is reported as such and stops nothing. A filing leaves the machine only to the configured address: https, or http on
this machine; redirects and proxies are not followed.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from esep.config import Settings
from esep.detail import Detail
from esep.signature.contents import Contents
from esep.signature.model import ExternalVerdict, SignatureReport, SignatureState
from esep.signature.opening import binary

LARGEST_CONTENT = 50 * 1024 * 1024
"""Larger signed files are not sent."""
FAILED = frozenset({"timeout", "unreachable"})
"""Codes of a service that cannot be reached: whoever asks for many signatures may stop asking."""
_LARGEST_ANSWER = 1024 * 1024


class NcaNode(NamedTuple):
    """Where the service is, and after how many seconds without an answer it is given up."""

    url: str
    seconds: float


def configured(settings: Settings) -> NcaNode | None:
    """The service as configured; None where it is off."""
    return NcaNode(settings.ncanode_url, settings.ncanode_seconds) if settings.ncanode_url else None


def consult(
    service: NcaNode, report: SignatureReport, signature: bytes, candidates: Mapping[str, bytes | Path]
) -> SignatureReport:
    """The report with the service's verdict beside it. Never raises for the service's faults.

    Asked only where there is a CMS that holds or could not be decided; what is invalid or absent here stays so.
    """
    if report.state in (SignatureState.ABSENT, SignatureState.INVALID):
        return report
    encoded = binary(signature)
    if encoded is None:
        return report
    request: dict[str, Any] = {
        "cms": base64.b64encode(encoded).decode("ascii"),
        "revocationCheck": ["OCSP", "CRL"],
    }
    if report.attached is not True:
        path = report.file
        content = Contents(candidates).read(path, LARGEST_CONTENT) if path is not None and path in candidates else None
        if content is None:
            return replace(report, external=_unusable(Detail("nothing_to_send")))
        request["data"] = base64.b64encode(content).decode("ascii")
    return replace(report, external=_ask(service, request))


def _ask(service: NcaNode, request: Mapping[str, Any]) -> ExternalVerdict:
    try:
        status, body = _post(f"{service.url}/cms/verify", request, service.seconds)
    except (TimeoutError, httpx.TimeoutException):
        return _unusable(Detail.of("timeout", seconds=f"{service.seconds:g}"))
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ValueError):
        return _unusable(Detail("unreachable"))
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return _unusable(Detail.of("unreadable_answer", status=status))
    valid = answer.get("valid") if isinstance(answer, dict) else None
    if status != httpx.codes.OK or not isinstance(valid, bool):
        return _unusable(Detail.of("no_verdict", status=status))
    if not valid:
        return ExternalVerdict(False, Detail("rejected"))
    if _revoked(answer):
        return ExternalVerdict(False, Detail("revoked"))
    return ExternalVerdict(True, Detail("confirmed"))


def _post(url: str, request: Mapping[str, Any], seconds: float) -> tuple[int, bytes]:
    """Status and body; raises TimeoutError when the whole exchange takes too long, ValueError for a huge answer."""
    end = time.monotonic() + seconds
    body = b""
    with (
        httpx.Client(timeout=seconds, trust_env=False, follow_redirects=False) as client,
        client.stream("POST", url, json=dict(request)) as response,
    ):
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _LARGEST_ANSWER:
                raise ValueError("the answer is too large")
            if time.monotonic() > end:
                raise TimeoutError
        return response.status_code, body


def _revoked(answer: Mapping[str, Any]) -> bool:
    """Whether any certificate of any signer is reported as revoked; anything of another shape says nothing."""
    return any(
        revocation.get("revoked") is True
        for signer in _dicts(answer.get("signers"))
        for certificate in _dicts(signer.get("certificates"))
        for revocation in _dicts(certificate.get("revocations"))
    )


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _unusable(detail: Detail) -> ExternalVerdict:
    return ExternalVerdict(None, detail)
