"""Is a package of the inbox a message that a pool distributed nothing in a month, and no filing?

It is one if it holds such a message, neither annex, and no file that only a person could read: whatever may be a filing
is registered as one (para 7). Most packages show by a look at their words that they hold no message; the others are
read as a filing is.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from esep.config import Settings
from esep.examination import file_frame, identify
from esep.examination.identify import Reports
from esep.forms.document import FileRead, FileRole, FileState, MessageRead, PackageRead
from esep.forms.reading import read_package
from esep.office.messages import Message
from esep.office.package import STAMP, Package
from esep.signature import SignatureReport, SignatureState
from esep.signature.verification import for_pool

_LARGEST, _MOST_FILES = 4 * 1024**2, 20
"""Bytes and files of a package that may be a message: a page, a signature, a stamp."""
_LOOKED_AT = 512 * 1024
"""Bytes of a member of an archive that are looked at."""
_MOST_MEMBERS = 100
_WORDS = re.compile(r"бөлінбе|таратылма|отсутствии\s*распределени")
_TAG = re.compile(r"<[^>]*>")
_ARCHIVE, _MAY_BE = b"PK", (b"%PDF", b"0", b"-----BEGIN", b"MI")
"""How files begin whose words show, and those whose words do not: PDF, and signatures that may hold the document."""
_BESIDE = ("", "system_file", "leftover_document", "same_bytes", "other_version")
"""Details of files that may lie beside a message."""


def messages_in(package: Package, settings: Settings, arrived_at: datetime, now: datetime) -> tuple[Message, ...]:
    """The messages of a package, one for each pool and month; empty where it is a filing.

    Raises only for faults of the machine, as read_package.
    """
    if not _may_hold_one(package):
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
    if file.role is FileRole.SIGNATURE or file.path == STAMP:
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


def _may_hold_one(package: Package) -> bool:
    files = package.files
    if len(files) > _MOST_FILES or sum(file.size for file in files) > _LARGEST:
        return False
    return any(_has_words(package.path_of(file).read_bytes()) for file in files)


def _has_words(content: bytes, depth: int = 0) -> bool:
    if content.startswith(_ARCHIVE):
        return any(_has_words(member, depth + 1) for member in _members(content)) if depth < 2 else False
    if content.lstrip()[:10].startswith(_MAY_BE):
        return True
    return any(_WORDS.search(text) for text in _texts(content))


def _texts(content: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "utf-16-le", "cp1251"):
        yield " ".join(_TAG.sub("", content.decode(encoding, "ignore")).casefold().split())


def _members(content: bytes) -> Iterator[bytes]:
    """The beginnings of an archive's members; none of a damaged one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist()[:_MOST_MEMBERS]:
                with archive.open(member) as file:
                    yield file.read(_LOOKED_AT)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        return
