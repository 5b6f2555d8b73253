"""The GOST primitives against published vectors, as gostcrypto is the only implementation at hand."""

from __future__ import annotations

import pytest

from esep.signature import gost
from signature import cms_maker as make

M2 = bytes.fromhex(
    "fbe2e5f0eee3c820fbeafaebef20fffbf0e1e0f0f520e0ed20e8ece0ebe5f0f2f120fff0"
    "eeec20f120faf2fee5e2202ce8f6f3ede220e8e6eee1e8f0f2d1202ce8f0f2e5e220e5d1"
)[::-1]


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (
            b"012345678901234567890123456789012345678901234567890123456789012",
            "486f64c1917879417fef082b3381a4e211c324f074654c38823a7b76f830ad00"
            "fa1fbae42b1285c0352f227524bc9ab16254288dd6863dccd5b9f54a1ad0541b",
        ),
        (
            M2,
            "28fbc9bada033b1460642bdcddb90c3fb3e56c497ccd0f62b8a2ad4935e85f03"
            "7613966de4ee00531ae60f3b5a47f8dae06915d5f2f194996fcabf2622e6881e",
        ),
    ],
    ids=["one block", "more than one block"],
)
def test_streebog(message, digest):
    """RFC 6986 § 10 prints messages and digests as numbers; files hold their bytes in reverse."""
    assert gost.digest(message)[::-1].hex() == digest


def test_the_point_of_the_key_lies_on_the_curve():
    key = make.Gost()
    value = key.sign(b"message")
    point = make.gost_point(key.secret)
    little = point[:64][::-1] + point[64:][::-1]
    assert gost.holds(little, value, b"message")
    assert gost.holds(b"\x04\x81\x80" + little, value, b"message")
    assert not gost.holds(little, value[:-1], b"message")
    assert not gost.holds(little, bytes(128), b"message")
    for wrong in (little[:-1], bytes(128), b"\xff" * 128, b""):
        with pytest.raises(gost.OtherParametersError):
            gost.holds(wrong, value, b"message")
