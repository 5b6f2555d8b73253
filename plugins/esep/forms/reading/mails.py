"""Whether a file is a mail, by its content: RFC 5322 headers, Outlook's .msg, TNEF (`winmail.dat`)."""

from __future__ import annotations

import re

_HEADER = re.compile(rb"(?:From [^\r\n]*\r?\n)?(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*+)++")
"""The header section: fields with their folded lines (RFC 5322 § 2.2); an mbox puts a line `From ` before it."""
_FIELDS = (b"from", b"to", b"cc", b"subject", b"date", b"received", b"message-id", b"return-path", b"delivered-to")
_WEB_ARCHIVE = (b"<saved by", b"x-document-type:", b"snapshot-content-location:")
"""What browsers, Word and Excel write into a page saved with its images (.mht): a document, no mail."""
_TNEF = b"\x78\x9f\x3e\x22"
OUTLOOK_STREAM = "__properties_version1.0"
"""A stream that every .msg has (MS-OXMSG § 2.4)."""


def is_mail(start: bytes) -> bool:
    """By the first bytes of a file that is no compound file."""
    if start.startswith(_TNEF):
        return True
    found = _HEADER.match(start.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    if found is None:
        return False
    headers = found[0].lower()
    named = {line.partition(b":")[0] for line in headers.splitlines()}
    return len(named.intersection(_FIELDS)) > 1 and not any(sign in headers for sign in _WEB_ARCHIVE)
