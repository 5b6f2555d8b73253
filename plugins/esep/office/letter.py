"""What a letter brings: its attachments as a pool's files, whatever program wrote it. None of them is opened here.

Not of the package: the letter's own text, pictures inside of that text, and the signature over the letter as a whole.
They stay in the letter, which is kept byte for byte.
"""

from __future__ import annotations

import email
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

_DEEPEST = 20
"""Letters and parts inside of each other that are looked into; what is deeper stays one file."""
MOST_PARTS = 10_000
"""Lines that may part a letter. One with more is not taken apart: its parts alone would fill the worker's memory."""
_TEXTS = frozenset({"text/plain", "text/html"})
_OVER_LETTER = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_LETTERS = frozenset({"message/rfc822", "message/global"})
OUTLOOK = "winmail.dat"
"""In which Outlook may send attachments that no other program opens."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a letter; `name` as its sender wrote it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter. Its words are as decoded, and a stranger's."""

    message_id: str
    sender: str
    subject: str
    written_at: datetime | None
    """By its header Date, which is the sender's word; None where it cannot be read or has no time zone."""
    attachments: tuple[Attachment, ...]


def read_letter(content: bytes) -> Letter:
    """The letter in these bytes.

    Raises ValueError for more than MOST_PARTS, RecursionError for parts in parts beyond what Python's parser reads.
    """
    if content.count(b"\n--") > MOST_PARTS:
        raise ValueError(f"more than {MOST_PARTS} parts")
    message = email.message_from_bytes(content)
    return Letter(
        message_id=_words(message, "Message-ID"),
        sender=_words(message, "From"),
        subject=_words(message, "Subject"),
        written_at=_moment(_words(message, "Date")),
        attachments=tuple(_attachments(message, 0)),
    )


def _attachments(message: Message, depth: int) -> Iterator[Attachment]:
    kind = message.get_content_type()
    if depth < _DEEPEST and kind in _LETTERS:
        yield from _of_letter(message, depth)
    elif depth < _DEEPEST and message.is_multipart():
        is_signed = kind == "multipart/signed"
        for part in message.get_payload():
            if isinstance(part, Message) and not (is_signed and part.get_content_type() in _OVER_LETTER):
                yield from _attachments(part, depth + 1)
    elif not _is_of_text(message):
        yield Attachment(_name(message), _content(message))


def _of_letter(message: Message, depth: int) -> Iterator[Attachment]:
    """The attachments of a letter inside: a pool that forwards its letter files what that one brought."""
    inner = message.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else None
    if not isinstance(first, Message):
        yield Attachment(_name(message), _content(message))
        return
    if str(message.get("Content-Transfer-Encoding", "")).strip().lower() in ("base64", "quoted-printable"):
        wrapped = Message()  # against the standard, and seen: the letter inside is encoded as a whole
        wrapped["Content-Transfer-Encoding"] = message["Content-Transfer-Encoding"]
        wrapped.set_payload(first.as_bytes().decode("ascii", "surrogateescape").lstrip("\n"))
        first = email.message_from_bytes(_content(wrapped))
    yield from _attachments(first, depth + 1)


def _is_of_text(part: Message) -> bool:
    """Whether a part is the letter's text, a picture in it, or a report of the mail server's."""
    disposition = (part.get_content_disposition() or "").lower()
    if disposition == "attachment":
        return False
    if part.get_content_maintype() == "image":
        return part.get("Content-ID") is not None
    return not _written_name(part) and (part.get_content_type() in _TEXTS or part.get_content_maintype() == "message")


def _content(part: Message) -> bytes:
    if part.is_multipart():  # too deep to be looked into
        return part.as_bytes()
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _name(part: Message) -> str:
    kind = part.get_content_type()
    ending = ".eml" if kind in _LETTERS else mimetypes.guess_extension(kind) or ""
    return _written_name(part) or f"attachment{ending}"


def _written_name(part: Message) -> str:
    """The name in either header: encoded as RFC 2231 or 2047 say, or as it is in UTF-8 or windows-1251."""
    plain = Message()
    for header, value in part.raw_items():
        if header.lower() in ("content-disposition", "content-type") and header not in plain:
            plain[header] = _decoded(str(value))
    try:
        name = plain.get_filename()
    except (ValueError, LookupError, TypeError):
        name = None
    return _unquoted(name or "").strip()


def _decoded(value: str) -> str:
    """A header's value without the signs that stand for bytes beyond ASCII."""
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1251", "replace")


def _unquoted(value: str) -> str:
    """Words encoded by RFC 2047; as they are where they cannot be read."""
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    words = []
    for part, charset in parts:
        if isinstance(part, str):
            words.append(part)
            continue
        try:
            words.append(part.decode(charset or "utf-8"))
        except (LookupError, UnicodeDecodeError):
            words.append(part.decode("cp1251", "replace"))
    return "".join(words)


def _words(message: Message, name: str) -> str:
    value = next((value for header, value in message.raw_items() if header.lower() == name.lower()), "")
    words = " ".join(_unquoted(_decoded(str(value))).split())
    return words.encode("utf-8", "replace").decode()  # an encoding may give what no file can hold


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return moment if moment.tzinfo and moment.utcoffset() is not None else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
