"""The parts of an Office Open XML file (.xlsx, .docx and their kin): relations, XML as a tree or as a stream."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO
from urllib.parse import unquote

from lxml import etree

from esep.forms.document import FileError, FileState, damaged_workbook
from esep.forms.reading.safe_xml import forget, safe_events, safe_parser

_TYPES = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class Relation:
    id: str
    kind: str
    """Last word of the relation's type, the same in Transitional and Strict: `worksheet`, `sharedStrings`, …"""
    strict: bool
    target: str
    """Name of the part, as `comparable` gives it."""


def comparable(name: str) -> str:
    """A part's name in the form in which names are compared: no leading `/`, small letters, `/` between folders."""
    return unquote(name.replace("\\", "/")).lstrip("/").casefold()


class Parts:
    """The parts of one archive by their names."""

    def __init__(self, archive: zipfile.ZipFile, damaged: Callable[[], FileError] = damaged_workbook) -> None:
        """`damaged`: the fault of a file whose parts cannot be read."""
        self._archive = archive
        self._damaged = damaged
        self._members = {comparable(name): name for name in archive.namelist()}

    def __contains__(self, name: str) -> bool:
        return comparable(name) in self._members

    def member(self, name: str) -> str | None:
        """The part's name in the archive, letter for letter."""
        return self._members.get(comparable(name))

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a part; FileError for one that is not there."""
        member = self.member(name)
        if member is None:
            raise damaged_workbook("workbook_part_missing")
        return self._archive.open(member)

    def size(self, name: str) -> int:
        """Bytes of a part unpacked, as the archive says; 0 for one that is not there."""
        member = self.member(name)
        return self._archive.getinfo(member).file_size if member else 0

    def parsed(self, name: str, *, keep_blanks: bool = True) -> etree._Element:
        """The root of a small part; FileError for XML that is damaged.

        `keep_blanks=False` leaves out blank text between elements: of what is printed with indents, half the tree.
        """
        try:
            with self.open(name) as part:
                return etree.parse(part, safe_parser(remove_blank_text=not keep_blanks)).getroot()
        except etree.XMLSyntaxError:
            raise self._damaged() from None

    def relations(self, source: str) -> list[Relation]:
        """What a part (`""`: the file as a whole) refers to inside the file; none where it has no relations."""
        folder, name = posixpath.split(source)
        part = posixpath.join(folder, "_rels", f"{name}.rels")
        if part not in self:
            return []
        return [
            Relation(
                node.get("Id", ""),
                node.get("Type", "").rsplit("/", 1)[-1],
                "purl.oclc.org" in node.get("Type", ""),
                _resolved(folder, node.get("Target", "")),
            )
            for node in self.parsed(part).iter("{*}Relationship")
            if node.get("TargetMode") != "External"
        ]

    def main(self) -> Relation | None:
        """The part that a program opens first."""
        return next((one for one in self.relations("") if one.kind == "officeDocument"), None)

    def content_type(self, part: str) -> str:
        """What the list of content types says of a part; empty where it says nothing."""
        if _TYPES not in self:
            return ""
        ending = part.rsplit(".", 1)[-1]
        default = ""
        for node in self.parsed(_TYPES):
            if comparable(node.get("PartName", "")) == part:
                return str(node.get("ContentType", ""))
            if node.get("Extension", "").casefold() == ending:
                default = str(node.get("ContentType", ""))
        return default


def says(archive: zipfile.ZipFile, word: str) -> bool:
    """Whether the content type, or the root element, of an archive's first part has `word` in its name."""
    parts = Parts(archive)
    try:
        main = parts.main()
        if main is None or main.target not in parts:
            return False
        return word in parts.content_type(main.target) or word in str(parts.parsed(main.target).tag)
    except FileError:
        return False


def _resolved(folder: str, target: str) -> str:
    target = target.replace("\\", "/").split("#", 1)[0]
    path = target if target.startswith("/") else posixpath.join("/", folder, target)
    return comparable(posixpath.normpath(path))


_NO_MEMORY = etree.ErrorTypes.ERR_NO_MEMORY


def elements(part: IO[bytes], parents: Mapping[str, str]) -> Iterator[tuple[etree._Element, str]]:
    """Elements of the names in `parents` below their parent there, and the root's namespace as `{…}`.

    Only elements in the root's namespace count. The text of an element is whole, whatever comments, references or
    CDATA part it in the file. Entities are not resolved; a part that declares a document type is unsafe. Raises
    FileError.
    """
    space: str | None = None
    wanted: dict[str, str] = {}
    try:
        tags = [f"{{*}}{name}" for name in parents]
        for _, node in safe_events(part, tag=tags, remove_comments=True, remove_pis=True, huge_tree=True):
            if space is None:
                space = _space_of(node)
                wanted = {f"{space}{name}": f"{space}{parent}" for name, parent in parents.items()}
            parent = node.getparent()
            if parent is not None and wanted.get(node.tag) == parent.tag:
                yield node, space
            forget(node)
    except etree.XMLSyntaxError as error:
        if error.code == _NO_MEMORY:
            raise MemoryError from None
        raise damaged_workbook() from None


def _space_of(node: etree._Element) -> str:
    tree = node.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise FileError(FileState.UNSAFE, "workbook_entity")
    namespace, brace, _ = str(tree.getroot().tag).rpartition("}")
    return namespace + brace
