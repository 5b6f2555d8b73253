"""Error cells and formulas without a value in an .ods sheet."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]

from esep.forms.document import CellKind
from esep.forms.reading.cells import MarkedCell

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

Cells = dict[int, dict[int, MarkedCell]]


def hidden_cells(path: Path, sheet: str) -> Cells:
    """Marked cells of the sheet of that name."""
    cells: Cells = {}
    row = column = 0
    inside = False
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as file:
        events = etree.iterparse(
            file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        for event, node in events:
            if node.tag == f"{_TABLE}table":
                inside = event == "start" and node.get(f"{_TABLE}name") == sheet
                row = 0
            elif node.tag == f"{_TABLE}table-row":
                if event == "start":
                    column = 0
                else:
                    row += int(node.get(f"{_TABLE}number-rows-repeated", "1"))
                    node.clear()
                    while node.getprevious() is not None:
                        del node.getparent()[0]
            elif event == "end" and node.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                marked = _marked(node) if inside else None
                if marked is not None:
                    cells.setdefault(row + 1, {})[column] = marked
                column += int(node.get(f"{_TABLE}number-columns-repeated", "1"))
    return cells


def _marked(node: etree._Element) -> MarkedCell | None:
    shown = "".join(node.find(f"{_TEXT}p").itertext()) if node.find(f"{_TEXT}p") is not None else ""
    if node.get(f"{_CALC}value-type") == "error":
        return MarkedCell(CellKind.ERROR, shown or "#ERR")
    formula = node.get(f"{_TABLE}formula")
    if formula is not None and node.get(f"{_OFFICE}value-type") is None and not shown:
        return MarkedCell(CellKind.FORMULA, formula.removeprefix("of:"))
    return None
