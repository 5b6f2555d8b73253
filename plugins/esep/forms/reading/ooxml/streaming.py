"""The elements of a large XML part one after another, each forgotten when the next is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

from lxml import etree

from esep.forms.document import FileState
from esep.forms.reading.fault import FileError, damaged_workbook

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
        for _, node in etree.iterparse(
            part,
            tag=[f"{{*}}{name}" for name in parents],
            remove_comments=True,
            remove_pis=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
        ):
            if space is None:
                space = _space_of(node)
                wanted = {f"{space}{name}": f"{space}{parent}" for name, parent in parents.items()}
            parent = node.getparent()
            if parent is not None and wanted.get(node.tag) == parent.tag:
                yield node, space
            node.clear()
            while (before := node.getprevious()) is not None:
                before.getparent().remove(before)
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
