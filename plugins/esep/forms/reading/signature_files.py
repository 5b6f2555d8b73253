"""Which files of a package are signatures: by what they hold, and where that is nothing known, by their names."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from esep.forms.reading.mails import is_mail
from esep.signature import cms_file, opening

SIGNATURE_SUFFIXES = frozenset({".p7s", ".cms", ".sig", ".p7m", ".sign", ".sgn", ".p7b", ".p7c"})
_CERTIFICATES_ALONE = frozenset({".p7b", ".p7c"})


def is_signature(path: Path, name: str, start: bytes) -> bool:
    """Whether the file at `path`, called `name` in the package, is one; `start`: its first opening.SEARCHED bytes."""
    kind = opening.content_type(start[: opening.SEARCHED])
    if kind is not None and kind is not opening.ContentType.OTHER:
        # Of mails, only one that is signed as a whole (RFC 8551 § 3.5.2), not one with a signature attached.
        return not is_mail(start) or b"pkcs7-mime" in start.lower()
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in SIGNATURE_SUFFIXES - _CERTIFICATES_ALONE:
        return True
    if start.lstrip().startswith((b"-----BEGIN CMS", b"-----BEGIN PKCS7")):
        return True
    return _is_xml_signature(path, start)


def _is_xml_signature(path: Path, start: bytes) -> bool:
    head = start[:400].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")
    if not head.startswith(b"<") or b"mso-application" in head or path.stat().st_size > cms_file.MAX_BYTES:
        return False
    return opening.is_xml(path.read_bytes())
