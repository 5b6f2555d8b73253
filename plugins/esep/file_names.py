"""How names of files are written in receipts, findings and letters: one spelling, wherever a name comes up."""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\(\\|x([0-9a-f]{2}))")


def to_text(name: str) -> str:
    r"""A file name or path as text that any JSON holds, the name itself wherever possible.

    Python keeps bytes of a name that are no UTF-8 (cp866, cp1251) as lone surrogates, which UTF-8 cannot encode.
    They become `\xNN`, and a backslash of the name becomes two, so that `from_text` can distinguish them.
    """
    return "".join(
        f"\\x{ord(sign) - 0xDC00:02x}" if "\udc80" <= sign <= "\udcff" else "\\\\" if sign == "\\" else sign
        for sign in name
    )


def from_text(text: str) -> str:
    r"""The name as the file system has it, from what `to_text` made of it."""
    return _ESCAPED.sub(lambda match: chr(0xDC00 + int(match[2], 16)) if match[2] else "\\", text)


def in_one_line(text: str) -> str:
    r"""A name or message in one line of a log: line breaks and other control characters as `\n`, `\x1b`, `\u2028`."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
