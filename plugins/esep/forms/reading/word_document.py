"""A Word document as the reader of its final version sees it: insertions in, deletions and instructions out.

ECMA-376 Part 1, 17 (WordprocessingML), transitional and strict; by lxml from the parts themselves, because libraries
leave out what is in content controls, moved text or special characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from esep.forms.document import damaged_document
from esep.forms.reading.document_blocks import Block, Cell, Row, Table, open_document
from esep.forms.reading.opc import Parts
from esep.forms.reading.word_runs import LEFT_OUT, NAMESPACES, Numbering, Runs, chosen
from esep.forms.reading.word_styles import Styles, is_off


@dataclass(frozen=True, slots=True)
class WordText:
    """The blocks of a document, and what is printed above and below each page."""

    body: list[Block]
    headers: list[Block] = field(default_factory=list)
    footers: list[Block] = field(default_factory=list)
    has_other_document: bool = False
    """Whether a part of the document is a file of another format inserted as a whole (altChunk)."""
    has_picture: bool = False
    """Whether its body shows a picture, such as a scanned page."""


def read_word(path: Path) -> WordText:
    """Raises FileError for a document that cannot be read."""
    with open_document(path) as archive:
        return _read(Parts(archive, damaged_document))


def _read(parts: Parts) -> WordText:
    documents = (one.target for one in parts.relations("") if one.kind == "officeDocument" and one.target in parts)
    main = next(documents, None)
    if main is None:
        raise damaged_document()
    relations = parts.relations(main)

    def related(kind: str, *, keep_blanks: bool = True) -> Iterator[Any]:
        targets = (one.target for one in relations if one.kind == kind and one.target in parts)
        return (parts.parsed(target, keep_blanks=keep_blanks) for target in targets)

    root = parts.parsed(main)
    name = etree.QName(root)
    if name.localname != "document" or name.namespace not in NAMESPACES:
        raise damaged_document()
    w = f"{{{name.namespace}}}"
    body = root.find(f"{w}body")
    if body is None:
        raise damaged_document()
    numbering = next(related("numbering", keep_blanks=False), None)  # of it and of styles attributes count
    reader = _Reader(w, numbering, Styles(w, lambda: next(related("styles", keep_blanks=False), None)))
    blocks = reader.story(body)
    # What is printed above or below every page; each text once.
    headers, footers = (
        [block for one in related(kind) for block in reader.story(one)] for kind in ("header", "footer")
    )
    has_picture = next(body.iter("{*}blip", "{*}imagedata"), None) is not None
    return WordText(blocks, headers, footers, reader.has_other_document, has_picture)


class _Reader:
    """Walks one story after another; fields and joined paragraphs reach from one paragraph into the next."""

    def __init__(self, w: str, numbering: Any, styles: Styles) -> None:
        self._w = w
        self._numbering = Numbering(w, numbering, styles)
        self._runs = Runs(w, styles)
        self._carried: list[str] = []
        self.has_other_document = False

    def blocks(self, element: Any) -> Iterator[Block]:
        """The blocks below an element; an empty content control shows its prompt, which is no text of the document."""
        w = self._w
        for child in element:
            tag = child.tag
            if tag == f"{w}p":
                yield from self._paragraph(child)
            elif tag == f"{w}tbl":
                yield from self._rest()
                yield Table(list(self._rows(child)))
            elif tag == f"{w}sdt":
                yield from self._controlled(child)
            elif tag == f"{w}altChunk":
                self.has_other_document = True
            elif isinstance(tag, str) and tag not in LEFT_OUT[w]:
                yield from self.blocks(chosen(child))

    def _controlled(self, control: Any) -> Iterator[Block]:
        content = control.find(f"{self._w}sdtContent")
        if content is None:
            return
        if is_prompt(control, self._w):
            yield ""
        else:
            yield from self.blocks(content)

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        w = self._w
        properties = paragraph.find(f"{w}pPr")
        label = self._numbering.next_label(properties)
        self._carried.append(self._runs.text(paragraph))
        boxes = self._runs.take_boxes()
        # A paragraph whose end was deleted goes on in the next one.
        if properties is None or all(properties.find(f"{w}rPr/{w}{mark}") is None for mark in _ENDS_TAKEN_OUT):
            text, self._carried = "".join(self._carried), []
            # A list item that holds nothing but its number: the number is the text, as in a column of ordinal numbers.
            yield text if text.strip() else label or text
        for box in boxes:
            yield from self._box(box)

    def story(self, element: Any) -> list[Block]:
        """The blocks of a body, a cell or a margin, with what is left of a last paragraph whose end was deleted."""
        return [*self.blocks(element), *self._rest()]

    def _rest(self) -> Iterator[Block]:
        rest, self._carried = "".join(self._carried), []
        if rest:
            yield rest

    def _box(self, box: Any) -> Iterator[Block]:
        kept, self._carried = self._carried, []
        fields = self._runs.new_story()
        yield from self.story(box)
        self._runs.end_story(fields)
        self._carried = kept

    def _rows(self, table: Any) -> Iterator[Row]:
        w = self._w
        for row in _through(table, f"{w}tr", w):
            properties = row.find(f"{w}trPr")
            if properties is not None and (
                properties.find(f"{w}del") is not None or not is_off(properties, f"{w}hidden", w)
            ):
                continue
            before = properties.find(f"{w}gridBefore") if properties is not None else None
            yield Row(list(self._cells(row)), _number(before, w) if before is not None else 0)

    def _cells(self, row: Any) -> Iterator[Cell]:
        w = self._w
        for element in _through(row, f"{w}tc", w):
            properties = element.find(f"{w}tcPr")
            cell = Cell(self.story(element))
            if properties is not None:
                if properties.find(f"{w}cellDel") is not None:
                    continue
                span, merge = properties.find(f"{w}gridSpan"), properties.find(f"{w}vMerge")
                cell.span = max(1, _number(span, w)) if span is not None else 1
                cell.continues = merge is not None and merge.get(f"{w}val", "continue") != "restart"
            if any(ancestor_prompt(element, row, w)):
                cell.blocks = []
            yield cell


_ENDS_TAKEN_OUT = ("del", "moveFrom")
_MOST_COLUMNS = 200


def _number(element: Any, w: str) -> int:
    text = element.get(f"{w}val") or ""
    return min(int(text), _MOST_COLUMNS) if text.isascii() and text.isdigit() else 0


def _through(element: Any, wanted: str, w: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also those in content controls and custom XML."""
    for child in element:
        if child.tag == wanted:
            yield child
        elif isinstance(child.tag, str) and child.tag not in LEFT_OUT[w] and child.tag not in (f"{w}tr", f"{w}tc"):
            yield from _through(chosen(child), wanted, w)


def is_prompt(control: Any, w: str) -> bool:
    """Whether a content control shows its prompt («Выберите дату») and nobody has filled it in."""
    return not is_off(control, f"{w}sdtPr/{w}showingPlcHdr", w)


def ancestor_prompt(element: Any, row: Any, w: str) -> Iterator[bool]:
    """Whether content controls between a row and its cell show their prompts."""
    for ancestor in element.iterancestors():
        if ancestor is row:
            return
        if ancestor.tag == f"{w}sdt":
            yield is_prompt(ancestor, w)
