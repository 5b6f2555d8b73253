"""The pool by its signer."""

from __future__ import annotations

import pytest

from esep.signature import PoolAgreement, absent, for_pool, signers_bin, verify
from signature import cms_maker as make

FORM = b"workbook of March"


def report(holder: make.Holder | None = None, content: bytes = FORM, **key: str):
    signer = make.Rsa(make.rsa_key(), **key)
    return verify(make.sign(signer, content, holder), {"form.xlsx": FORM}, None, make.NOW)


WEAK = {"signature_oid": "1.2.840.113549.1.1.5"}


@pytest.mark.parametrize(
    ("reports", "number"),
    [
        ([report()], make.POOL),
        ([absent(), report()], make.POOL),
        ([report(), report()], make.POOL),
        ([report(**WEAK)], make.POOL),
        ([report(**WEAK), report(make.Holder(bin=make.OTHER_POOL))], make.OTHER_POOL),
        ([report(), report(make.Holder(bin=make.OTHER_POOL))], None),
        ([report(make.Holder(bin=None))], None),
        ([report(make.Holder(bin="230640000009"))], None),  # wrong check digit
        ([report(content=b"another file")], None),
        ([absent()], None),
        ([], None),
    ],
)
def test_signers_bin(reports, number):
    assert signers_bin(reports) == number


def test_the_pool_may_become_known_later():
    own, other = make.Rsa(make.rsa_key(1)), make.Rsa(make.rsa_key(2))
    one = make.certificate(other, make.Holder(bin=make.OTHER_POOL, serial=1))
    two = make.certificate(own, make.Holder(serial=2))
    data = make.signed_data([make.signer_info(other, one, FORM), make.signer_info(own, two, FORM)], [one, two])
    files = {"form.xlsx": FORM}
    early = verify(data, files, None, make.NOW)
    assert early.pool_agreement is None
    for pool in (make.POOL, make.OTHER_POOL):
        late = for_pool(early, pool)
        assert late == verify(data, files, pool, make.NOW)
        assert (late.pool_agreement, late.signer.bin) == (PoolAgreement.AGREES, pool)
    assert for_pool(absent(), make.POOL) == absent()
