"""One signer of a CMS: whether digest and signature value hold, over which file, and who it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from esep.signature import algorithms
from esep.signature.algorithms import UnverifiedError
from esep.signature.certificate import Holder, holder_of
from esep.signature.cms_file import SignedAttributes, SignedData, SignerInfo
from esep.signature.contents import GOST_BUDGET_SIGNATURES, Contents
from esep.signature.model import SignatureState, Signer

_CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far a signer's clock may run ahead before the signing time counts as lying in the future."""

_VERIFIED = SignatureState.VERIFIED_CHAIN_NOT_CHECKED
_UNVERIFIED = SignatureState.PRESENT_UNVERIFIED_ALGORITHM
_INVALID = SignatureState.INVALID


@dataclass(frozen=True, slots=True)
class _Outcome:
    state: SignatureState
    code: str = ""
    text: str = ""
    file: str | None = None


def examine(info: SignerInfo, data: SignedData, contents: Contents, now: datetime) -> Signer:
    """Check one signer. The order: certificate there, digest, signature value, validity at signing time."""
    signed_at = info.attributes.signing_time if info.attributes else None
    holder: Holder | None = None
    if info.certificate is not None:
        try:
            holder = holder_of(info.certificate)
        except Exception:  # a certificate may be broken in as many ways as a CMS
            text = "The signer's certificate cannot be read."
            return Signer(_INVALID, "certificate_unreadable", text, algorithm=info.scheme.name, signed_at=signed_at)
    outcome = _integrity(info, data, contents)
    signer = Signer(
        state=outcome.state,
        detail_code=outcome.code,
        detail=outcome.text,
        file=outcome.file,
        algorithm=info.scheme.name,
        signed_at=signed_at,
    )
    return signer if holder is None else certified(signer, holder, signed_at, now)


def certified(signer: Signer, holder: Holder, signed_at: datetime | None, now: datetime) -> Signer:
    """The signer with what the certificate says of its holder, judged by the moment of signing, else by `now`."""
    time_code, time_text = _time_fault(holder, signed_at, now)
    if signer.state is _VERIFIED and time_code:
        signer = replace(signer, detail_code=time_code, detail=time_text)
    moment = signed_at or now
    return replace(
        signer,
        signed_at=signed_at,
        iin=holder.iin,
        bin=holder.bin,
        name=holder.name,
        organisation=holder.organisation,
        right=holder.right,
        key_usage=holder.key_usage,
        certificate_from=holder.valid_from,
        certificate_to=holder.valid_to,
        within_validity=holder.valid_from <= moment <= holder.valid_to,
        certificate_serial=holder.serial,
        judged_at=moment,
        time_code=time_code,
        expired_since=not time_code and holder.valid_to < now,
    )


def _integrity(info: SignerInfo, data: SignedData, contents: Contents) -> _Outcome:
    digest = info.scheme.digest
    if not algorithms.supports_digest(digest):
        return _Outcome(_UNVERIFIED, "unknown_algorithm", f"The digest {digest} is too weak or not known here.")
    if info.attributes is None:
        return _over_content(info, data, contents)
    covered = _over_attributes(info.attributes, info, data, contents)
    if covered.state is _INVALID:
        return covered
    value = _value(info, info.attributes.encoded, covered.file, contents)
    # What cannot be decided about the content stays undecided, however good the signature value.
    return covered if value.state is _VERIFIED and covered.state is not _VERIFIED else value


def _over_attributes(attributes: SignedAttributes, info: SignerInfo, data: SignedData, contents: Contents) -> _Outcome:
    """Whether the message digest of the signed attributes is that of the content, and of which file."""
    digest = info.scheme.digest
    if attributes.content_type != data.content_type:
        return _Outcome(_INVALID, "content_type_differs", "The signed content type is not that of the content.")
    if data.content is not None:
        computed = contents.digest_of(data.content, digest)
        if computed is None:
            return _Outcome(_UNVERIFIED, "content_too_large", "The content is too large for its digest.")
        if computed != attributes.message_digest:
            return _Outcome(_INVALID, "digest_differs", "The enclosed content was changed after it was signed.")
        return _Outcome(_VERIFIED)
    file = contents.with_digest(attributes.message_digest, digest)
    return _Outcome(_VERIFIED, file=file) if file is not None else _no_file(info, contents)


def _over_content(info: SignerInfo, data: SignedData, contents: Contents) -> _Outcome:
    """Without signed attributes the value covers the content: try each file until one fits."""
    if data.content is not None:
        if not contents.may_hash(data.content, info.scheme.digest):
            return _Outcome(_UNVERIFIED, "content_too_large", "The content is too large for its digest.")
        return _value(info, data.content, None, contents)
    for path in contents:
        content = contents.read_for(path, info.scheme.digest)
        if content is None:
            continue
        outcome = _value(info, content, path, contents)
        if outcome.state is _VERIFIED:
            return outcome
        if outcome.code != "wrong_value":
            # Neither key nor algorithm depend on the file, so the next one would tell the same.
            return replace(outcome, file=None)
    return _no_file(info, contents)


def _no_file(info: SignerInfo, contents: Contents) -> _Outcome:
    # Over signed attributes SHA-2 is computed piece by piece, so no file is too large for it.
    all_hashed = info.attributes is not None and info.scheme.digest in algorithms.SHA2
    left_out = () if all_hashed else contents.left_out(info.scheme.digest)
    if left_out:
        text = f"No smaller file is signed, and these are too large to be checked: {', '.join(left_out)}."
        return _Outcome(_UNVERIFIED, "content_too_large", text)
    text = "The signature covers no file of the package: it is of another file, or the file was changed afterwards."
    return _Outcome(_INVALID, "signed_other_file", text)


def _value(info: SignerInfo, message: bytes, file: str | None, contents: Contents) -> _Outcome:
    if info.certificate is None:
        text = "The signature does not hold the signer's certificate, so nobody can check whose it is."
        return _Outcome(_INVALID, "certificate_missing", text, file)
    if algorithms.is_gost(info.scheme) and not contents.may_compute_gost():
        text = f"More than {GOST_BUDGET_SIGNATURES} GOST signatures are not computed for one package."
        return _Outcome(_UNVERIFIED, "too_many_signatures", text, file)
    try:
        held = algorithms.holds(info.scheme, info.certificate, info.value, message)
    except UnverifiedError:
        text = f"The signature cannot be verified here: its algorithm {info.scheme.name} or key is unknown or too weak."
        return _Outcome(_UNVERIFIED, "unknown_algorithm", text, file)
    if not held:
        return _Outcome(_INVALID, "wrong_value", "The signature was not made with the key of its certificate.", file)
    return _Outcome(_VERIFIED, file=file)


def _time_fault(holder: Holder, signed_at: datetime | None, now: datetime) -> tuple[str, str]:
    """(code, text) of what is wrong with the time of signing; empty where nothing is."""
    moment = signed_at or now
    if moment > now + _CLOCK_TOLERANCE:
        return "signed_in_future", f"The signing time {moment.isoformat()} lies in the future."
    if moment > holder.valid_to:
        text = f"The certificate expired on {holder.valid_to.isoformat()}, before the signing on {moment.isoformat()}."
        return "certificate_expired", text
    if moment < holder.valid_from:
        text = f"The certificate began on {holder.valid_from.isoformat()}, after the signing on {moment.isoformat()}."
        return "certificate_not_yet_valid", text
    return "", ""
