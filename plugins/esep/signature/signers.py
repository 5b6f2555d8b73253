"""One signer of a CMS: who it is by its certificate, whether digest and signature value hold, and over which file.

The profile of a certificate of the National Certification Authority: facts of pki.gov.kz.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from asn1crypto import x509

from esep.detail import Detail
from esep.signature import algorithms
from esep.signature.algorithms import UnverifiedError
from esep.signature.cms_file import SignedAttributes, SignedData, SignerInfo
from esep.signature.contents import GOST_BUDGET_SIGNATURES, Contents
from esep.signature.model import Right, SignatureState, Signer

_FIRST_HEAD = "1.2.398.3.3.4.1.2.1"
_RIGHT_TO_SIGN = "1.2.398.3.3.4.1.2.2"

_COMMON_NAME, _SERIAL_NUMBER = "2.5.4.3", "2.5.4.5"
_UNIT, _GIVEN_NAME = "2.5.4.11", "2.5.4.42"
_NUMBER = re.compile(r"\s*(IIN|BIN)\s*([0-9]{12})\s*", re.ASCII | re.IGNORECASE)
_LONGEST_NAME = 300

_CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far a signer's clock may run ahead before the signing time counts as lying in the future."""

_VERIFIED = SignatureState.VERIFIED_CHAIN_NOT_CHECKED
_UNVERIFIED = SignatureState.PRESENT_UNVERIFIED_ALGORITHM
_INVALID = SignatureState.INVALID
_WRONG_VALUE = Detail("wrong_value")


def examine(info: SignerInfo, data: SignedData, contents: Contents, now: datetime) -> Signer:
    """Check one signer. The order: certificate there, digest, signature value, validity at signing time."""
    name = info.scheme.name
    signed_at = info.attributes.signing_time if info.attributes else None
    signer = Signer(_VERIFIED, signed_at=signed_at)
    if info.certificate is not None:
        try:
            signer = certified(info.certificate, signed_at, now)
        except Exception:  # a certificate may be broken in as many ways as a CMS
            return Signer(_INVALID, Detail("certificate_unreadable"), algorithm=name, signed_at=signed_at)
    return replace(judged(signer, _integrity(info, data, contents)), algorithm=name)


def certified(certificate: x509.Certificate, signed_at: datetime | None, now: datetime) -> Signer:
    """What a certificate says of its holder, with the fault of time at the moment of signing, else at `now`.

    The state is that of a signature that holds; `judged` puts in what was found. Raises ValueError (or what asn1crypto
    raises) for a certificate that cannot be read.
    """
    texts = _subject(certificate)
    units, serials = texts.get(_UNIT, []), texts.get(_SERIAL_NUMBER, [])
    valid_from, valid_to = _validity(certificate)
    moment = signed_at or now
    time_fault = _time_fault(moment, valid_from, valid_to, now)
    return Signer(
        _VERIFIED,
        time_fault,
        iin=_number("IIN", serials),
        bin=_number("BIN", units) or _number("BIN", serials),
        name=_name(texts),
        right=_right(certificate),
        signed_at=signed_at,
        certificate_from=valid_from,
        certificate_to=valid_to,
        judged_at=moment,
        time_code=time_fault.code if time_fault else "",
        expired_since=time_fault is None and valid_to < now,
        certificate_serial=f"{certificate.serial_number:x}",
    )


def judged(signer: Signer, found: Signer) -> Signer:
    """The signer with the state that was found; a fault of time is only the first thing to say if the rest holds."""
    if found.state is _VERIFIED:
        return replace(signer, file=found.file)
    return replace(signer, state=found.state, detail=found.detail, file=found.file)


def _validity(certificate: x509.Certificate) -> tuple[datetime, datetime]:
    validity = certificate["tbs_certificate"]["validity"]
    valid_from, valid_to = validity["not_before"].native, validity["not_after"].native
    if valid_from.tzinfo is None or valid_to.tzinfo is None:
        raise ValueError("the validity of the certificate has no time zone")
    return valid_from, valid_to


def _subject(certificate: x509.Certificate) -> dict[str, list[str]]:
    """Attribute type (dotted) → its values, in order."""
    texts: dict[str, list[str]] = {}
    for part in certificate.subject.chosen:
        for pair in part:
            value = pair["value"].native
            if isinstance(value, str):
                # No line breaks or NULs: the text ends up in findings and letters.
                texts.setdefault(pair["type"].dotted, []).append(" ".join(value.replace("\0", " ").split()))
    return texts


def _number(prefix: str, values: list[str]) -> str | None:
    found = (_NUMBER.fullmatch(value) for value in values)
    return next((match[2] for match in found if match and match[1].upper() == prefix), None)


def _first(texts: dict[str, list[str]], kind: str) -> str | None:
    return texts.get(kind, [""])[0][:_LONGEST_NAME] or None


def _name(texts: dict[str, list[str]]) -> str | None:
    """Surname and name are in CN, the patronymic in GIVENNAME."""
    common, given = _first(texts, _COMMON_NAME), _first(texts, _GIVEN_NAME)
    if common and given and given not in common:
        return f"{common} {given}"
    return common or given


def _right(certificate: x509.Certificate) -> Right:
    usage = certificate.extended_key_usage_value
    purposes = {purpose.dotted for purpose in usage} if usage else set()
    if _FIRST_HEAD in purposes:
        return Right.FIRST_HEAD
    return Right.RIGHT_TO_SIGN if _RIGHT_TO_SIGN in purposes else Right.OTHER


def _integrity(info: SignerInfo, data: SignedData, contents: Contents) -> Signer:
    digest = info.scheme.digest
    if not algorithms.supports_digest(digest):
        return Signer(_UNVERIFIED, Detail.of("unknown_digest", digest=digest))
    if info.attributes is None:
        return _over_content(info, data, contents)
    covered = _over_attributes(info.attributes, info, data, contents)
    if covered.state is _INVALID:
        return covered
    value = _value(info, info.attributes.encoded, covered.file, contents)
    # What cannot be decided about the content stays undecided, however good the signature value.
    return covered if value.state is _VERIFIED and covered.state is not _VERIFIED else value


def _over_attributes(attributes: SignedAttributes, info: SignerInfo, data: SignedData, contents: Contents) -> Signer:
    """Whether the message digest of the signed attributes is that of the content, and of which file."""
    digest = info.scheme.digest
    if attributes.content_type != data.content_type:
        return Signer(_INVALID, Detail("content_type_differs"))
    if data.content is not None:
        computed = contents.digest_of(data.content, digest)
        if computed is None:
            return Signer(_UNVERIFIED, Detail("content_too_large"))
        if computed != attributes.message_digest:
            return Signer(_INVALID, Detail("digest_differs"))
        return Signer(_VERIFIED)
    file = contents.with_digest(attributes.message_digest, digest)
    return Signer(_VERIFIED, file=file) if file is not None else _no_file(info, contents)


def _over_content(info: SignerInfo, data: SignedData, contents: Contents) -> Signer:
    """Without signed attributes the value covers the content: try each file until one fits."""
    if data.content is not None:
        if not contents.may_hash(data.content, info.scheme.digest):
            return Signer(_UNVERIFIED, Detail("content_too_large"))
        return _value(info, data.content, None, contents)
    for path in contents:
        content = contents.read_for(path, info.scheme.digest)
        if content is None:
            continue
        outcome = _value(info, content, path, contents)
        if outcome.state is _VERIFIED:
            return outcome
        if outcome.detail != _WRONG_VALUE:
            # Neither key nor algorithm depend on the file, so the next one would give the same.
            return replace(outcome, file=None)
    return _no_file(info, contents)


def _no_file(info: SignerInfo, contents: Contents) -> Signer:
    # Over signed attributes SHA-2 is computed piece by piece, so no file is too large for it.
    all_hashed = info.attributes is not None and info.scheme.digest in algorithms.SHA2
    left_out = () if all_hashed else contents.left_out(info.scheme.digest)
    if left_out:
        return Signer(_UNVERIFIED, Detail.of("files_too_large", files=", ".join(left_out)))
    return Signer(_INVALID, Detail("signed_other_file"))


def _value(info: SignerInfo, message: bytes, file: str | None, contents: Contents) -> Signer:
    if info.certificate is None:
        return Signer(_INVALID, Detail("certificate_missing"), file)
    if algorithms.is_gost(info.scheme) and not contents.may_compute_gost():
        return Signer(_UNVERIFIED, Detail.of("too_many_gost_signatures", limit=GOST_BUDGET_SIGNATURES), file)
    try:
        held = algorithms.holds(info.scheme, info.certificate, info.value, message)
    except UnverifiedError:
        return Signer(_UNVERIFIED, Detail.of("unknown_algorithm", algorithm=info.scheme.name), file)
    if not held:
        return Signer(_INVALID, _WRONG_VALUE, file)
    return Signer(_VERIFIED, file=file)


def _time_fault(moment: datetime, valid_from: datetime, valid_to: datetime, now: datetime) -> Detail | None:
    """What is wrong with the time of signing; None where nothing is."""
    if moment > now + _CLOCK_TOLERANCE:
        return Detail.of("signed_in_future", moment=moment.isoformat())
    if moment > valid_to:
        return Detail.of("certificate_expired", day=valid_to.isoformat(), moment=moment.isoformat())
    if moment < valid_from:
        return Detail.of("certificate_not_yet_valid", day=valid_from.isoformat(), moment=moment.isoformat())
    return None
