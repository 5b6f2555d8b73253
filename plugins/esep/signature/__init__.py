"""Electronic signatures (EDS) of a package: CMS files taken apart and checked, with honest states.

The order asks for the head's electronic signature on Annex 1. Its presence is a matter of completeness (para 8);
integrity, signer, time and BIN are reliability (para 10). Nothing here raises for a filer's file, however broken, and
nothing here claims more than was checked: certificate chain and revocation are never looked at (an external service
may do that, see ncanode.py).
"""

from esep.signature.model import PoolAgreement, Right, SignatureReport, SignatureState, Signer
from esep.signature.verification import (
    InsideSignature,
    absent,
    for_pool,
    report_inside,
    signers_bin,
    verify,
    verify_all,
)

__all__ = [
    "InsideSignature",
    "PoolAgreement",
    "Right",
    "SignatureReport",
    "SignatureState",
    "Signer",
    "absent",
    "for_pool",
    "report_inside",
    "signers_bin",
    "verify",
    "verify_all",
]
