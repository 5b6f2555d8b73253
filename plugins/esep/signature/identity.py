"""The pool by the signer's BIN, where nothing readable in Annex 1 tells it."""

from __future__ import annotations

from collections.abc import Iterable

from esep.law.identifiers import is_bin
from esep.signature.model import SignatureReport, SignatureState

_TRUSTED_FIRST = (SignatureState.VERIFIED_CHAIN_NOT_CHECKED, SignatureState.PRESENT_UNVERIFIED_ALGORITHM)


def signers_bin(reports: Iterable[SignatureReport]) -> str | None:
    """The one faultless BIN of the signers of a package: of verified ones, else of those not verified.

    None without any, or where several signers have different ones. A signature that is invalid tells nothing.
    """
    signers = [signer for report in reports for signer in report.signers]
    for state in _TRUSTED_FIRST:
        numbers = {signer.bin for signer in signers if signer.state is state and signer.bin and is_bin(signer.bin)}
        if numbers:
            return numbers.pop() if len(numbers) == 1 else None
    return None
