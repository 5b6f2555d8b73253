"""What a certificate of the National Certification Authority says of its holder (profile: facts of pki.gov.kz)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509

from esep.signature.model import Right

_FIRST_HEAD = "1.2.398.3.3.4.1.2.1"
_RIGHT_TO_SIGN = "1.2.398.3.3.4.1.2.2"

_COMMON_NAME, _SERIAL_NUMBER = "2.5.4.3", "2.5.4.5"
_ORGANISATION, _UNIT, _GIVEN_NAME = "2.5.4.10", "2.5.4.11", "2.5.4.42"
_NUMBER = re.compile(r"\s*(IIN|BIN)\s*([0-9]{12})\s*", re.ASCII | re.IGNORECASE)
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Holder:
    """Subject, use and validity of a certificate, as written."""

    iin: str | None
    bin: str | None
    name: str | None
    organisation: str | None
    right: Right
    key_usage: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime
    serial: str


def holder_of(certificate: x509.Certificate) -> Holder:
    """Read the holder. Raises ValueError (or what asn1crypto raises) for a certificate that cannot be read."""
    texts = _subject(certificate)
    units, serials = texts.get(_UNIT, []), texts.get(_SERIAL_NUMBER, [])
    validity = certificate["tbs_certificate"]["validity"]
    valid_from, valid_to = validity["not_before"].native, validity["not_after"].native
    if valid_from.tzinfo is None or valid_to.tzinfo is None:
        raise ValueError("the validity of the certificate has no time zone")
    return Holder(
        iin=_number("IIN", serials),
        bin=_number("BIN", units) or _number("BIN", serials),
        name=_name(texts),
        organisation=_first(texts, _ORGANISATION),
        right=_right(certificate),
        key_usage=_key_usage(certificate),
        valid_from=valid_from,
        valid_to=valid_to,
        serial=f"{certificate.serial_number:x}",
    )


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
    """Surname and name stand in CN, the patronymic in GIVENNAME."""
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


def _key_usage(certificate: x509.Certificate) -> tuple[str, ...]:
    usage = certificate.key_usage_value
    return tuple(sorted(usage.native)) if usage else ()
