"""Is a package of the inbox a message that a pool distributed nothing in a month, and no filing?

It is one if it holds such a message, neither annex, and no file that only a person could read: whatever may be a filing
is registered as one (para 7). A look at the words of its files, into archives and signatures too, shows of nearly every
package that it holds no message; only what has its words is read as a filing is.
"""

from __future__ import annotations

import html
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from esep.config import Settings
from esep.examination import file_frame, identify
from esep.examination.identify import Reports
from esep.forms.document import FileRead, FileRole, FileState, MessageRead, PackageRead
from esep.forms.reading import read_package
from esep.office.messages import Message
from esep.office.package import Package
from esep.office.stamp import OFFICE
from esep.signature import SignatureReport, SignatureState, opening
from esep.signature.verification import for_pool

_LARGEST, _MOST_FILES = 4 * 1024**2, 20
"""Bytes and files of a package that may be a message: a page, a signature, a stamp."""
_LOOKED_AT = 512 * 1024
"""Bytes of a member of an archive that are looked at."""
_MOST_MEMBERS = 100
_WORDS = re.compile(r"бөлінбе|таратылма|отсутствии\s*распределени")
_TAG = re.compile(r"<[^>]*>")
_MOST_LOOKED_AT = 16 * 1024**2
"""Bytes of a package that are looked at, those of its archives and signatures counted again."""
_MOST_SIGNATURES = 20
"""Signatures of a package that are opened for a look."""
_ARCHIVE, _PDF = b"PK", b"%PDF-"
_CYRILLIC_IN_UTF_16 = b"\x04"
_BESIDE = ("", "system_file", "leftover_document", "same_bytes", "other_version")
"""Details of files that may lie beside a message."""


def messages_in(package: Package, settings: Settings, arrived_at: datetime, now: datetime) -> tuple[Message, ...]:
    """The messages of a package, one for each pool and month; empty where it is a filing.

    Raises only for faults of the machine, as read_package.
    """
    if not _may_hold_one(package, settings):
        return ()
    with tempfile.TemporaryDirectory(prefix="esep-") as work:
        return messages_of(read_package(package.path, Path(work), settings), settings, arrived_at, now)


def messages_at(path: Path, settings: Settings, now: datetime) -> tuple[Message, ...]:
    """The same of a folder, .zip or lone file that is not in the inbox, as if it came now."""
    with tempfile.TemporaryDirectory(prefix="esep-") as work:
        return messages_of(read_package(path, Path(work), settings), settings, now, now)


def messages_of(read: PackageRead, settings: Settings, arrived_at: datetime, now: datetime) -> tuple[Message, ...]:
    """The same of a package that was read; its contents must still be there."""
    found = [message for file in read.files for message in file.messages]
    if not found or not all(map(_is_beside, read.files)):
        return ()
    reports = file_frame.verify_signatures(read, settings, arrived_at, now)
    messages: dict[tuple[str | None, date | None], Message] = {}
    for one in found:
        message = _message(one, reports)
        messages.setdefault((message.pool_id, message.period), message)
    return tuple(messages.values())


def _is_beside(file: FileRead) -> bool:
    """Whether a file is the message or may lie beside one."""
    if file.role is FileRole.SIGNATURE or file.path in OFFICE:
        return True
    has_annex = file.forms or file.applications or file.lacks_number_row
    is_read = file.state is FileState.READ or file.detail_code in _BESIDE[1:]
    return not has_annex and is_read and file.detail_code in _BESIDE


def _message(read: MessageRead, reports: Reports) -> Message:
    fields = read.fields
    pool_id = fields["pool_id"]
    own = [for_pool(report, pool_id) for path, report in reports.items() if _is_over(path, report, read.file)]
    over = max(own, key=lambda report: _rank(report, pool_id), default=None)
    if over is None and file_frame.any_present(reports):
        state = SignatureState.INVALID  # a signature that is over something else
    else:
        state = over.state if over else SignatureState.ABSENT
    return Message(
        file=read.file,
        pool_id=pool_id,
        pool_name=fields["pool_name"],
        period=identify.month_of(fields["period"]),
        head=fields["head"],
        signature=state.value,
        signer_bin=over.signer.bin if over and over.signer else None,
    )


def _is_over(path: str, report: SignatureReport, file: str) -> bool:
    """Whether a signature is over the file, or over the archive that it came in."""
    return path == file or (report.file is not None and (report.file == file or file.startswith(f"{report.file}/")))


def _rank(report: SignatureReport, pool_id: str | None) -> tuple[bool, bool]:
    holds = report.state not in (SignatureState.INVALID, SignatureState.ABSENT)
    return holds and report.signer is not None and report.signer.bin == pool_id, holds


def _may_hold_one(package: Package, settings: Settings) -> bool:
    files = package.files
    if len(files) > _MOST_FILES or sum(file.size for file in files) > _LARGEST:
        return False
    pages: list[bytes] = []
    for content in _opened(package.path_of(file).read_bytes() for file in files):
        if content[:1024].find(_PDF) >= 0:
            pages.append(content)
        elif any(_WORDS.search(text) for text in _texts(content)):
            return True
    return bool(pages) and _in_pages(pages, settings)


def _in_pages(pages: list[bytes], settings: Settings) -> bool:
    """The same of PDF files, whose words only the reader knows."""
    with tempfile.TemporaryDirectory(prefix="esep-") as work:
        folder = Path(work, "pages")
        folder.mkdir()
        for number, page in enumerate(pages):
            (folder / f"{number}.pdf").write_bytes(page)
        return any(file.messages for file in read_package(folder, Path(work, "read"), settings).files)


def _opened(files: Iterable[bytes]) -> Iterator[bytes]:
    """The files of a package with what is in its archives and signatures, as far as a message needs it."""
    todo = [(content, 0) for content in files]
    looked_at = signatures = 0
    while todo:
        content, depth = todo.pop()
        looked_at += len(content)
        if looked_at > _MOST_LOOKED_AT:
            return
        if content.startswith(_ARCHIVE):
            todo += [(member, depth + 1) for member in _members(content)] if depth < 2 else []
        elif opening.content_type(content[: opening.SEARCHED]) is None:
            yield content
        elif signatures < _MOST_SIGNATURES:
            signatures += 1
            inside = opening.opened(content).content
            todo += [(inside, depth)] if inside else []


def _texts(content: bytes) -> Iterator[str]:
    """What a file says in each encoding that it may be in; nothing where it has Cyrillic letters in none of them."""
    if content.isascii() and b"&#" not in content and _CYRILLIC_IN_UTF_16 not in content:
        return
    try:
        texts = [content.decode()]
    except UnicodeDecodeError:
        texts = [content.decode(encoding, "ignore") for encoding in ("utf-8", "cp1251")]
    if _CYRILLIC_IN_UTF_16 in content:
        texts.append(content.decode("utf-16-le", "ignore"))
    for text in texts:
        yield " ".join(html.unescape(_TAG.sub("", text)).casefold().split())


def _members(content: bytes) -> Iterator[bytes]:
    """The beginnings of an archive's members; none of a damaged one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist()[:_MOST_MEMBERS]:
                with archive.open(member) as file:
                    yield file.read(_LOOKED_AT)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        return
