"""Error cells and formulas without a value in a .xlsx sheet, found in its XML without parsing all of it."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import IO

from lxml import etree

from esep.forms.document import CellKind
from esep.forms.reading.cells import MarkedCell, column_of

_PIECE = 1 << 20
_OVERLAP = 64 * 1024
"""A cell that is cut by the end of a piece is seen whole in the next one, up to this length."""
_HINTS = (re.compile(rb"""t=["']e["']"""), re.compile(rb"<(?:\w+:)?f[\s>/]"))
"""Either stands in the cell's own tag or right after it."""
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?P<attributes>[^>]*?)(?<!/)>\s*"""
    rb"""(?P<is_formula><(?:\w+:)?f(?:\s[^>]*?)?(?:/>|>(?P<formula>[^<]*)</(?:\w+:)?f>)\s*)?"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v(?:\s[^>]*)?>(?P<value>[^<]*)</(?:\w+:)?v>)?\s*</(?:\w+:)?c>""",
)
_REFERENCE = re.compile(rb"""(?:^|\s)r=["']([A-Z]{1,3})(\d{1,7})["']""")
_TYPE = re.compile(rb"""(?:^|\s)t=["'](\w+)["']""")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

Cells = dict[int, dict[int, MarkedCell]]


def hidden_cells(path: Path, sheet: str) -> Cells:
    """Marked cells of the sheet of that name."""
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            return {}
        cells: Cells = {}
        with archive.open(part) as file:
            for piece in _pieces(file):
                _collect(piece, cells)
        return cells


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := file.read(_PIECE):
        piece = rest + block
        yield piece
        rest = piece[-_OVERLAP:]


def _collect(piece: bytes, cells: Cells) -> None:
    for hints in _HINTS:
        for hint in hints.finditer(piece):
            match = _CELL.match(piece, piece.rfind(b"<", 0, hint.start()))
            if match is not None:
                _mark(match, cells)


def _mark(match: re.Match[bytes], cells: Cells) -> None:
    kind = _TYPE.search(match["attributes"])
    reference = _REFERENCE.search(match["attributes"])
    if reference is None:
        return
    if kind is not None and kind[1] == b"e":
        text, cell_kind = match["value"] or b"#ERR", CellKind.ERROR
    elif match["is_formula"] and _uncalculated(match, kind):
        text, cell_kind = b"=" + (match["formula"] or b""), CellKind.FORMULA
    else:
        return
    marked = MarkedCell(cell_kind, unescape(text.decode("utf-8", "replace")))
    cells.setdefault(int(reference[2]), {})[column_of(reference[1].decode())] = marked


def _uncalculated(match: re.Match[bytes], kind: re.Match[bytes] | None) -> bool:
    """No value stored. A text formula that came to an empty text has been calculated."""
    return not match["value"] and not (kind is not None and kind[1] == b"str" and match["value"] is not None)


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Path of the sheet's XML, through the workbook's relations."""
    relations = _parsed(archive, "_rels/.rels").iter("{*}Relationship")
    workbook = next(
        (_resolved("", n.get("Target")) for n in relations if n.get("Type").endswith("/officeDocument")), None
    )
    if workbook is None:
        return None
    root = _parsed(archive, workbook)
    relation = None
    for node in root.iter("{*}sheet"):
        if node.get("name") == sheet:
            relation = node.get(_RELATION) or node.get(_STRICT_RELATION)
    if relation is None:
        return None
    folder, name = posixpath.split(workbook)
    for node in _parsed(archive, f"{folder}/_rels/{name}.rels").iter("{*}Relationship"):
        if node.get("Id") == relation:
            return _resolved(folder, node.get("Target", ""))
    return None


def _resolved(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _parsed(archive: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(archive.read(name), parser)
