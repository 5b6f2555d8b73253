"""A look over the encoding before a parser sees it: X.690 tags and lengths only, without recursion.

The limits keep every later step bounded: depth (parsers recurse), number of elements, and the sizes of identifiers,
integers and times, whose decoding grows faster than their length.
"""

from __future__ import annotations

MAX_BYTES = 64 * 1024 * 1024
"""Largest signature file that is looked into, attached content included."""
MAX_DEPTH = 48
MAX_ELEMENTS = 300_000

_MAX_PRIMITIVE = {0x02: 4096, 0x06: 64, 0x0A: 64, 0x0D: 64, 0x17: 64, 0x18: 64}
"""Tag → largest content in bytes: INTEGER, OBJECT IDENTIFIER, ENUMERATED, RELATIVE-OID, UTCTime, GeneralizedTime."""
_CONSTRUCTED = 0x20
_LONG_TAG = 0x1F
_OPEN_END = -1


class EncodingError(ValueError):
    """The bytes are no whole BER element. The text says where."""


class LimitError(ValueError):
    """The element is larger than this program looks into. The text names the limit."""


def whole_element(data: bytes) -> bytes:
    """The first BER element of `data`, nested elements checked; what follows it is left out.

    Raises EncodingError where a length leads outside its element, LimitError where a limit of this module is passed.
    """
    ends: list[int] = []
    position = elements = 0
    while True:
        while ends and ends[-1] == position:
            ends.pop()
        if elements and not ends:
            return data[:position]
        boundary = next((end for end in reversed(ends) if end != _OPEN_END), len(data))
        if ends and ends[-1] == _OPEN_END and data[position : position + 2] == b"\x00\x00":
            ends.pop()
            position += 2
            continue
        elements += 1
        if elements > MAX_ELEMENTS:
            raise LimitError(f"more than {MAX_ELEMENTS} ASN.1 elements")
        tag, start, length = _header(data, position, boundary)
        if length == _OPEN_END:
            if not tag & _CONSTRUCTED:
                raise EncodingError(f"a primitive element of open length at byte {position}")
            ends.append(_OPEN_END)
            position = start
        else:
            if start + length > boundary:
                raise EncodingError(f"the element at byte {position} is cut off")
            if tag & _CONSTRUCTED:
                ends.append(start + length)
                position = start
            else:
                if length > _MAX_PRIMITIVE.get(tag, length):
                    raise EncodingError(f"an oversized identifier, number or time at byte {position}")
                position = start + length
        if len(ends) > MAX_DEPTH:
            raise LimitError(f"ASN.1 nested deeper than {MAX_DEPTH} levels")


def _header(data: bytes, position: int, boundary: int) -> tuple[int, int, int]:
    """(first tag byte, start of the content, length of the content or _OPEN_END)."""
    if position + 2 > boundary:
        raise EncodingError(f"the data end inside an element at byte {position}")
    tag, size = data[position], data[position + 1]
    if tag & _LONG_TAG == _LONG_TAG:
        raise EncodingError(f"a tag that no signature has at byte {position}")
    if size < 0x80:
        return tag, position + 2, size
    if size == 0x80:
        return tag, position + 2, _OPEN_END
    count = size & 0x7F
    if count > 4 or position + 2 + count > boundary:
        raise EncodingError(f"an unreadable length at byte {position}")
    return tag, position + 2 + count, int.from_bytes(data[position + 2 : position + 2 + count], "big")
