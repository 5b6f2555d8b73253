"""What is known about a signature: its state, its signers, the file it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from esep.detail import Detail


class SignatureState(StrEnum):
    """The four honest outcomes. None of them says "valid": chain and revocation are not checked here."""

    VERIFIED_CHAIN_NOT_CHECKED = "verified_chain_not_checked"
    """Digest and signature value hold under the key of the enclosed certificate, over a file that is known."""
    PRESENT_UNVERIFIED_ALGORITHM = "present_unverified_algorithm"
    """Nothing wrong was found, but it could not be verified: algorithm unknown or too weak, or a limit was passed."""
    INVALID = "invalid"
    """No CMS signature, or it does not hold over any file of the package."""
    ABSENT = "absent"
    """No signature, or an empty file."""


class Right(StrEnum):
    """What the National Certification Authority certified the signer for (extended key usage)."""

    FIRST_HEAD = "first_head"
    """1.2.398.3.3.4.1.2.1: the first head of a legal person."""
    RIGHT_TO_SIGN = "right_to_sign"
    """1.2.398.3.3.4.1.2.2: a person with the right of signature."""
    OTHER = "other"
    """Neither of the two, for example an employee or a natural person."""


class PoolAgreement(StrEnum):
    """The certificate's BIN beside the pool's."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NO_BIN = "no_bin"
    """The certificate holds no BIN: a natural person's key."""


@dataclass(frozen=True, slots=True)
class Signer:
    """One signer of a CMS. Everything from the certificate is as certified, unproved as the chain is not checked."""

    state: SignatureState
    detail: Detail | None = None
    """None where nothing is to be said."""
    file: str | None = None
    """Path of the package's file that this signature covers."""
    iin: str | None = None
    """Twelve digits of SERIALNUMBER=IIN…."""
    bin: str | None = None
    """Twelve digits of OU=BIN…, else of SERIALNUMBER=BIN…."""
    name: str | None = None
    right: Right | None = None
    """None without a certificate."""
    algorithm: str = ""
    """Dotted identifier of the signature algorithm."""
    signed_at: datetime | None = None
    """Signing time as the signer states it; None where it is missing or unreadable."""
    certificate_from: datetime | None = None
    certificate_to: datetime | None = None
    judged_at: datetime | None = None
    """The moment for which the certificate was looked at: the signing time, else the moment of the check."""
    time_code: str = ""
    """`signed_in_future`, `certificate_expired` or `certificate_not_yet_valid` then; empty if all is well.

    Given for every certificate that could be read, so also where the signature itself could not be verified.
    """
    expired_since: bool = False
    """Whether the certificate, in force at the stated time, had expired at the moment of the check: nothing but the
    signer's word says that the signature is older."""
    certificate_serial: str | None = None
    """Hexadecimal."""


class ExternalVerdict(NamedTuple):
    """What an external verification service said. `confirmed` None: it gave no answer that can be used."""

    confirmed: bool | None
    detail: Detail


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature file. With several signers the worst state counts; `signer` is the one who matters most."""

    state: SignatureState
    detail: Detail | None = None
    """None where nothing is to be said."""
    file: str | None = None
    """Path of the package's file that is signed; None where no file of the package is."""
    attached: bool | None = None
    """Whether the signed content is inside the signature; None where that cannot be read."""
    content_sha256: str | None = None
    """Hex SHA-256 of the attached content; None for a detached signature."""
    content_size: int | None = None
    """Its size in bytes."""
    signers: tuple[Signer, ...] = ()
    signer: Signer | None = None
    """The signer whose BIN is the pool's, else the first head, else the first one."""
    pool_agreement: PoolAgreement | None = None
    """None where the pool or the signer's certificate is unknown."""
    external: ExternalVerdict | None = None

    @property
    def detail_code(self) -> str:
        """Code of what is to be said of it; empty where nothing is."""
        return self.detail.code if self.detail else ""
