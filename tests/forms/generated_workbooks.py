"""Generated workbook XML: the same cells written in the many ways in which programs and people write them."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from esep.forms.reading.sheets import address

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
TYPES = "application/vnd.openxmlformats-officedocument"
_CONTENT = {"workbook": "sheet.main", "sheet": "worksheet", "strings": "sharedStrings", "styles": "styles"}
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"

NUMBERS = st.one_of(
    st.integers(0, 10**9).map(str),
    st.floats(0, 1e6, allow_nan=False, width=64).map(repr),
    st.sampled_from(["123.5", "0.1", "1E-5", "2.5e-06", "1.0000000000000002", "0", "00012"]),
)
LETTERS = st.text(st.sampled_from("abЖәқ0123456789 .,;&<>\"'_x"), min_size=1, max_size=12).map(str.strip).filter(bool)
DAYS = st.integers(61, 60_000)


@dataclass(frozen=True)
class Cell:
    """One cell: its stored text, its type and what a reader gives for it."""

    kind: str
    """n, s, inlineStr, str, b, date, d."""
    stored: str


@dataclass(frozen=True)
class Way:
    """How a workbook is written."""

    prefix: str = ""
    encoding: str = "utf-8"
    parts: tuple[str, ...] = ("",)
    """What is put between the characters of a value, taken in turn: nothing, a comment, an instruction, …"""
    padding: str = ""
    """White space around values."""
    with_references: bool = True
    rows_reversed: bool = False
    strict: bool = False
    quote: str = '"'
    places: dict[str, str] = field(default_factory=dict)
    """Part → another name for it in the archive and in its relation."""


PLAIN = Way()
SPLITS = ("", "<!-- -->", "<!---->", "<?a b?>", "CDATA", "REFERENCE", "<!--x--><?y z?>")

cells = st.one_of(
    NUMBERS.map(lambda text: Cell("n", text)),
    LETTERS.map(lambda text: Cell("s", text)),
    LETTERS.map(lambda text: Cell("inlineStr", text)),
    LETTERS.map(lambda text: Cell("str", text)),
    st.sampled_from([Cell("b", "1"), Cell("b", "0"), Cell("d", "2025-03-05"), Cell("d", "2025-03-05T10:20:30")]),
    DAYS.map(lambda day: Cell("date", str(day))),
)
grids = st.lists(st.lists(st.none() | cells, min_size=1, max_size=5), min_size=1, max_size=5)
ways = st.builds(
    Way,
    prefix=st.sampled_from(["", "x:", "main:"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    parts=st.lists(st.sampled_from(SPLITS), min_size=1, max_size=4).map(tuple),
    padding=st.sampled_from(["", " ", "\n  ", "\t"]),
    with_references=st.booleans(),
    rows_reversed=st.booleans(),
    strict=st.booleans(),
    quote=st.sampled_from(['"', "'"]),
)


def write(
    path: Path, grid: list[list[Cell | None]], way: Way, *, calculation: str = "", since_1904: bool = False
) -> Path:
    """A workbook of one sheet with these cells from A1 on."""
    space = STRICT if way.strict else SPREADSHEET
    office = STRICT_OFFICE if way.strict else OFFICE
    texts = list(dict.fromkeys(cell.stored for row in grid for cell in row if cell and cell.kind == "s"))
    x = way.prefix
    declared = f'xmlns:{x[:-1]}="{space}"' if x else f'xmlns="{space}"'
    places = {
        "workbook": "xl/workbook.xml",
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
        "styles": "xl/styles.xml",
    } | way.places
    folder, _, main = places["workbook"].replace("\\", "/").rpartition("/")
    relations = f"{folder}/_rels/{main}.rels" if folder else f"_rels/{main}.rels"
    items = "".join(f"<{x}si><{x}t>{_split(text, way)}</{x}t></{x}si>" for text in texts)
    epoch = f'<{x}workbookPr date1904="1"/>' if since_1904 else ""
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{TYPES}.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/{places[part]}" ContentType="{TYPES}.spreadsheetml.{kind}+xml"/>'
            for part, kind in _CONTENT.items()
        )
        + "</Types>",
        "_rels/.rels": _relations({"officeDocument": places["workbook"]}, office),
        places["workbook"]: f'<{x}workbook {declared} xmlns:r="{office}">{epoch}<{x}sheets>'
        f'<{x}sheet name="1-ЦМ" sheetId="1" r:id="worksheet"/></{x}sheets>{calculation}</{x}workbook>',
        relations: _relations(
            {"worksheet": places["sheet"], "sharedStrings": places["strings"], "styles": places["styles"]}, office
        ),
        places["strings"]: f"<{x}sst {declared}>{items}</{x}sst>",
        places["styles"]: f'<{x}styleSheet {declared}><{x}cellXfs><{x}xf/><{x}xf numFmtId="14"/></{x}cellXfs>'
        f"</{x}styleSheet>",
        places["sheet"]: f"<{x}worksheet {declared}><{x}sheetData>{_rows(grid, texts, way)}</{x}sheetData>"
        f"</{x}worksheet>",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            declaration = f'<?xml version="1.0" encoding="{way.encoding.removesuffix("-sig")}"?>'
            archive.writestr(name, (declaration + content).encode(way.encoding))
    return path


def _relations(targets: dict[str, str], office: str) -> str:
    items = "".join(
        f'<Relationship Id="{kind}" Type="{office}/{kind}" Target="/{place.lstrip("/")}"/>'
        for kind, place in targets.items()
    )
    return f'<Relationships xmlns="{RELATIONS}">{items}</Relationships>'


def _rows(grid: list[list[Cell | None]], texts: list[str], way: Way) -> str:
    x, q = way.prefix, way.quote
    rows = []
    for number, row in enumerate(grid, start=1):
        inner = "".join(_cell(cell, number, column, texts, way) for column, cell in enumerate(row))
        named = f" r={q}{number}{q}" if way.with_references else ""
        rows.append(f"<{x}row{named}>{inner}</{x}row>")
    return "".join(reversed(rows) if way.rows_reversed and way.with_references else rows)


def _cell(cell: Cell | None, row: int, column: int, texts: list[str], way: Way) -> str:
    x, q = way.prefix, way.quote
    named = f" r={q}{address(row, column)}{q}" if way.with_references else ""
    if cell is None:
        return f"<{x}c{named}/>"
    kind = "n" if cell.kind == "date" else cell.kind
    attributes = f"{named} t={q}{kind}{q}" + (f" s={q}1{q}" if cell.kind == "date" else "")
    if cell.kind == "inlineStr":
        return f"<{x}c{attributes}><{x}is><{x}t>{_split(cell.stored, way)}</{x}t></{x}is></{x}c>"
    stored = str(texts.index(cell.stored)) if cell.kind == "s" else cell.stored
    padding = "" if cell.kind in ("str", "inlineStr") else way.padding
    return f"<{x}c{attributes}><{x}v>{padding}{_split(stored, way)}{padding}</{x}v></{x}c>"


def _split(text: str, way: Way) -> str:
    """The text with something between its characters that is not part of it, or another way to write them."""
    result = []
    for place, letter in enumerate(text):
        mark = way.parts[place % len(way.parts)]
        if mark == "CDATA":
            result.append(f"<![CDATA[{letter}]]>")
        elif mark == "REFERENCE":
            result.append(f"&#{ord(letter)};")
        else:
            result.append(mark + escape(letter))
    return "".join(result)


def values(sheet: Any) -> dict[tuple[int, int], Any]:
    """What a reader gives for each filled cell, by 1-based row and 0-based column."""
    first = sheet.start[1] if sheet.start else 0
    return {
        (row, column): value
        for row, line in enumerate(sheet.iter_rows() if sheet.start else (), start=1)
        for column, value in enumerate(line, start=first)
        if value != ""
    }
