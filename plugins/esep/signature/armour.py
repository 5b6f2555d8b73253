"""From the bytes of a signature file to DER or BER: binary, PEM under any label, or bare Base64."""

from __future__ import annotations

import base64
import binascii
import re

_BEGIN = re.compile(rb"-----BEGIN [A-Z0-9 ]{1,40}-----")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]++[=\s]{0,80}+")
"""Possessive, so that a file of blanks costs no more than its length."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SEQUENCE = 0x30


def binary(data: bytes) -> bytes | None:
    """The encoded element in `data`; None if there is neither an ASN.1 sequence nor an armoured one."""
    if data[:1] == bytes([_SEQUENCE]) and not _BASE64.fullmatch(data):
        return data
    text = data.removeprefix(_BYTE_ORDER_MARK).strip()
    begin = _BEGIN.search(text)
    if begin:
        text = text[begin.end() :].partition(b"-----END ")[0]
    if not text or not _BASE64.fullmatch(text):
        return None
    try:
        decoded = base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error:
        return None
    return decoded if decoded[:1] == bytes([_SEQUENCE]) else None


def is_xml(data: bytes) -> bool:
    """Whether the file is an XML signature (XMLDSig), which is a signature, but no CMS."""
    head = data.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1]
    return head == b"<" and b"http://www.w3.org/2000/09/xmldsig#" in data
