"""What a file is, by its first bytes and its inside; the extension only decides where bytes say nothing."""

from __future__ import annotations

import mmap
import re
import zipfile
from enum import StrEnum
from pathlib import Path, PurePosixPath

from esep.forms.document import FileError, FileState, encrypted
from esep.forms.reading.opc import says
from esep.forms.reading.text_files import LOOKED_AT, NUMBER_LINE, text_of
from esep.signature import cms_file, opening

_HEADER = re.compile(
    rb"(?:From [^\r\n]*\r?\n|[0-9]{1,12} *\r?\n)?(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*+)++"
)
"""The header section: fields with their folded lines (RFC 5322 § 2.2); an mbox puts a line `From ` before it,
Apple Mail (.emlx) one with its length."""
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


_NAMES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".directory", ".localized", "icon\r"})
"""Of systems; never the filer's own, whatever they hold."""
_FOLDERS = frozenset({"__macosx", ".git", ".svn", ".trash", "$recycle.bin"})
_BEGINNINGS = ("._", "~$", ".~lock.", "~wrl", "~wra", "~wrd", ".fuse_hidden", ".nfs")
"""AppleDouble; owner files of Office; lock files of LibreOffice; working copies of Word."""
_ENDINGS = (
    *(".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp"),
    *(".bak", ".old", ".xlk", ".wbk", ".asd", ".sv$", "~"),
)
"""Unfinished downloads and copies; backups that programs keep beside the file itself (Excel .xlk, Word .wbk)."""
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Beginning of a compound file ([MS-CFB] 2.2): old Office files, encrypted new ones."""
_DOCUMENTS = (b"PK\x03\x04", COMPOUND, b"%PDF-")


class Kind(StrEnum):
    WORKBOOK_XML = "xlsx"
    WORKBOOK_BINARY = "xls"
    WORKBOOK_OPEN = "ods"
    WORKBOOK_OLD = "biff"
    WEB_PAGE = "html"
    WEB_ARCHIVE = "mht"
    XML_SPREADSHEET = "xml2003"
    SEPARATED = "csv"
    DOCUMENT = "docx"
    DOCUMENT_OPEN = "odt"
    PDF = "pdf"
    ARCHIVE = "zip"
    SIGNATURE = "signature"
    ATTACHMENT = "attachment"
    PICTURE = "picture"
    SYSTEM = "system"
    LEFTOVER = "leftover"
    """A workbook or document under the name of what a program leaves behind: not read, but named if a part lacks."""


WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".xlsb", ".ods", ".ots"})
ZIPPED = frozenset({Kind.WORKBOOK_XML, Kind.WORKBOOK_OPEN, Kind.DOCUMENT, Kind.DOCUMENT_OPEN})
DOCUMENT_SUFFIXES = frozenset({".docx", ".docm", ".doc", ".odt", ".rtf", ".pdf"})
_IMAGES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"BM",
    b"RIFF",
    b"\x00\x00\x00\x0cjP",
)
_PHOTOGRAPHS = frozenset({b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"})
"""Bytes 4 to 12 of a telephone's photograph (HEIF, AVIF)."""
_SCANS = (b"AT&TFORM",)
"""DjVu."""
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"MSCF", b"\x28\xb5\x2f\xfd")
_SHORTCUTS = (b"L\x00\x00\x00\x01\x14\x02\x00", b"[InternetShortcut]")
_OLD_WORKBOOKS = (
    b"\x09\x00\x04\x00",
    b"\x09\x00\x06\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00\x00\x05",
)
"""The record BOF of Excel 2.0 to 95, where the workbook is not packed in a compound file. [MS-XLS] 2.4.21."""


def kind_of(path: Path, name: str) -> Kind:
    """Kind of the file at `path`, called `name` in the package; raises FileError for what a filing cannot contain."""
    suffix = PurePosixPath(name.lower()).suffix
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(4096)
    if leftover := _kind_of_leftover(PurePosixPath(name.lower()), start):
        return leftover
    if size == 0:
        raise FileError(FileState.EMPTY, "empty_file")
    if is_signature(path, name, start):
        return Kind.SIGNATURE
    if start.startswith(b"PK"):
        return _kind_of_zip(path, suffix)
    if start.startswith(COMPOUND):
        return _kind_of_compound(path, suffix)
    if b"%PDF-" in start[:1024]:
        return Kind.PDF
    if start.startswith(_OLD_WORKBOOKS):
        return Kind.WORKBOOK_OLD
    table = None if is_mail(start) else _kind_of_table(path, start, suffix)
    return table or _kind_of_other(start, suffix)


def _kind_of_leftover(path: PurePosixPath, start: bytes) -> Kind | None:
    """For a name that an operating system or another program gives to what it leaves behind."""
    if path.name in _NAMES or not _FOLDERS.isdisjoint(path.parts) or path.name.startswith("._"):
        return Kind.SYSTEM
    if not path.name.startswith(_BEGINNINGS) and not path.name.endswith(_ENDINGS):
        return None
    return Kind.LEFTOVER if start.startswith(_DOCUMENTS) else Kind.SYSTEM


def _kind_of_zip(path: Path, suffix: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            is_workbook = says(archive, "spreadsheetml")
            types = _first_bytes(archive, "[Content_Types].xml") if "[Content_Types].xml" in names else b""
            media = _first_bytes(archive, "mimetype") if "mimetype" in names else b""
    except FileError:
        raise
    except Exception:  # zipfile raises many kinds for damaged files
        raise FileError(FileState.UNREADABLE, "zip_truncated") from None
    if b"sheet.binary.macroEnabled" in types:
        raise FileError(FileState.UNSUPPORTED, "xlsb")
    if is_workbook:
        return Kind.WORKBOOK_XML
    if b"wordprocessingml" in types or b"vnd.ms-word" in types:
        return Kind.DOCUMENT
    if media.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return Kind.WORKBOOK_OPEN
    if media.startswith(b"application/vnd.oasis.opendocument.text"):
        return Kind.DOCUMENT_OPEN
    if media.startswith(b"application/vnd.etsi.asic"):
        return Kind.ARCHIVE  # documents with their signatures beside them (ETSI EN 319 162-1)
    if types or media:
        raise FileError(FileState.UNSUPPORTED, "office_kind")
    if suffix in WORKBOOK_SUFFIXES | DOCUMENT_SUFFIXES:
        raise FileError(FileState.UNREADABLE, "office_parts_missing")
    return Kind.ARCHIVE


def _first_bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).flag_bits & 1:
        raise encrypted()
    with archive.open(name) as member:
        return member.read(1 << 20).replace(b"\x00", b"")  # the part may be UTF-16


def _kind_of_compound(path: Path, suffix: str) -> Kind:
    """Old Office files and password-protected new ones are compound files; stream names are UTF-16."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:

        def has(stream: str) -> bool:
            return content.find(stream.encode("utf-16-le")) >= 0

        if has("EncryptedPackage"):
            raise encrypted()
        if has("WordDocument"):
            raise FileError(FileState.UNSUPPORTED, "doc")
        if has(OUTLOOK_STREAM):
            raise FileError(FileState.UNSUPPORTED, "mail")
        if has("Book\0") and not has("Workbook\0"):
            return Kind.WORKBOOK_OLD
        if has("Workbook") or suffix in (".xls", ".xlt"):
            return Kind.WORKBOOK_BINARY
    raise FileError(FileState.UNSUPPORTED, "compound_file")


_SPREADSHEET = re.compile(r"<(?:[\w.-]+:)?Workbook\b[^>]*[\"']urn:schemas-microsoft-com:office:spreadsheet[\"']")
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|table|tr|td|div|meta|style)\b", re.IGNORECASE)
_ARCHIVE = re.compile(r"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_PAGE_ARCHIVE = re.compile(r"^(?:x-document-type:|from:\s*.{0,40}saved by|snapshot-content-location:)", re.I | re.M)
_PAGE_SUFFIXES = frozenset({".mht", ".mhtml", ".xls", ".xlsx", ".doc", ".docx"})


def _kind_of_table(path: Path, start: bytes, suffix: str) -> Kind | None:
    """What table a text is that Excel opens, by a look at its first part; one that is none is not parsed."""
    head = text_of(start).lstrip("\ufeff \t\r\n")
    if _ARCHIVE.search(head) and (_PAGE_ARCHIVE.search(head) or suffix in _PAGE_SUFFIXES):
        return Kind.WEB_ARCHIVE
    if head.startswith("<"):
        if _SPREADSHEET.search(head):
            return Kind.XML_SPREADSHEET
        return Kind.WEB_PAGE if _PAGE.search(head) else None
    if any(sign < " " and sign not in "\t\n\r\f\x1a" for sign in head):
        return None
    with path.open("rb") as file:
        text = text_of(file.read(LOOKED_AT))
    return Kind.SEPARATED if NUMBER_LINE.search(text) else None


def _kind_of_other(start: bytes, suffix: str) -> Kind:
    if is_mail(start):
        raise FileError(FileState.UNSUPPORTED, "mail")
    if start.startswith(_SHORTCUTS):
        raise FileError(FileState.UNSUPPORTED, "shortcut")
    if start.startswith(_ARCHIVES) or start[257:262] == b"ustar":
        raise FileError(FileState.UNSUPPORTED, "archive_kind")
    if start.startswith(_PROGRAMS):
        raise FileError(FileState.UNSUPPORTED, "program")
    if suffix in WORKBOOK_SUFFIXES:
        raise not_what_its_name_says(suffix, is_page=b"<html" in start[:2048].lower())
    if suffix == ".rtf" or start.startswith(b"{\\rtf"):
        raise FileError(FileState.UNSUPPORTED, "rtf")
    if suffix in DOCUMENT_SUFFIXES:
        raise not_what_its_name_says(suffix, is_page=False)
    if start.startswith(_IMAGES) or start[4:12] in _PHOTOGRAPHS or start.startswith(_SCANS):
        return Kind.PICTURE
    if _is_text(start):
        return Kind.ATTACHMENT
    raise FileError(FileState.UNSUPPORTED, "unknown_kind")


def not_what_its_name_says(suffix: str, *, is_page: bool) -> FileError:
    """The fault of a file that is called a workbook or document and is neither."""
    if suffix in WORKBOOK_SUFFIXES:
        return FileError(FileState.UNREADABLE, "page_not_workbook" if is_page else "not_a_workbook", suffix=suffix)
    return FileError(FileState.UNREADABLE, "not_a_document", suffix=suffix)


def _is_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\x00" not in start and sum(byte < 9 or 13 < byte < 32 for byte in start) == 0
