"""The parts of a Word document, found as Word finds them: by their relations, whatever they are called.

ECMA-376 Part 2: part names compare without case; some programs write backslashes, or put parts in other folders.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from esep.forms.document import FileState
from esep.forms.reading.fault import FileError

NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
"""WordprocessingML, transitional and strict."""


def damaged() -> FileError:
    return FileError(FileState.UNREADABLE, "document_damaged")


def plain_parser() -> etree.XMLParser:
    """Neither entities nor the network, texts in one piece; depth and text nodes within libxml2's own limits."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )


class WordParts:
    """The XML parts of an open .docx, .docm, .dotx or .dotm."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {_plain(member.filename): member for member in archive.infolist()}
        self.main = self._main_part()

    def root(self, name: str) -> Any:
        """The root element of a part; None where there is no such part. Raises FileError for a part that is no XML."""
        member = self._members.get(_plain(name))
        if member is None:
            return None
        # Neither entities nor the network; text nodes and depth stay within libxml2's own limits.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            with self._archive.open(member) as part:
                return etree.parse(part, parser).getroot()
        except (etree.XMLSyntaxError, LookupError):
            raise damaged() from None

    def related(self, name: str, kind: str) -> list[str]:
        """Names of the parts to which `name` has a relation of this kind (the last word of the relation's type)."""
        return [target for of_kind, target in self._relations(name) if of_kind == kind]

    def _relations(self, name: str) -> Iterator[tuple[str, str]]:
        folder, base = posixpath.split(_plain(name))
        root = self.root(posixpath.join(folder, "_rels", f"{base}.rels"))
        for relation in root if root is not None else ():
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
                target = (relation.get("Target") or "").replace("\\", "/")
                yield (relation.get("Type") or "").rsplit("/", 1)[-1], posixpath.join("/", folder, target)

    def _main_part(self) -> str:
        for target in self.related("", "officeDocument"):
            if _plain(target) in self._members:
                return target
        raise damaged()


def _plain(name: str) -> str:
    return posixpath.normpath("/" + unquote(name.replace("\\", "/"))).strip("/").lower()


def open_parts(path: Path) -> zipfile.ZipFile:
    """The zip file; raises FileError where it is none."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise damaged() from None
