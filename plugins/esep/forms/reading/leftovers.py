"""Files that programs and systems leave among a filer's own: known by their names, as the programs make them."""

from __future__ import annotations

from pathlib import PurePosixPath

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
_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-")


def is_leftover(name: str) -> bool:
    """Whether the path `name` of a package is one that a program gives to what it leaves behind."""
    path = PurePosixPath(name.lower())
    return is_of_system(name) or path.name.startswith(_BEGINNINGS) or path.name.endswith(_ENDINGS)


def is_of_system(name: str) -> bool:
    """Whether an operating system keeps it for itself."""
    path = PurePosixPath(name.lower())
    return path.name in _NAMES or not _FOLDERS.isdisjoint(path.parts) or path.name.startswith("._")


def holds_document(start: bytes) -> bool:
    """Whether a leftover begins as a workbook or document does: a working copy, or a form under an unlucky name."""
    return start.startswith(_DOCUMENTS)
