"""Documents as .docx, for an officer who wants to add a sentence before signing.

How they look are the styles of a template, which anybody edits in Word. What they consist of are the few elements of
WordprocessingML (ISO/IEC 29500-1, 17.3 and 17.4) written as text: python-docx makes an object of each, 40 ms a letter,
where text that is parsed once takes a tenth. Their schema order is kept: properties first, style before width.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Cm

from esep.documents.model import (
    FACT,
    Beside,
    Block,
    Cell,
    Column,
    Document,
    Facts,
    Items,
    Paragraph,
    Section,
    Signature,
    Table,
    lines,
    said,
    written,
)
from esep.documents.paper import LookError
from esep.files import restamp

STYLE = "Letter {look}"
"""Name of the template's paragraph style of a look."""
_GRID = "TableGrid"
"""Style id of a table with lines."""
_LANGUAGE = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}
_LOOK = (
    '<w:tblLook w:firstColumn="1" w:firstRow="1" w:lastColumn="0" w:lastRow="0" w:noHBand="0" w:noVBand="1" '
    'w:val="04A0"/>'
)
_BESIDE, _FACTS = (0.395, 0.605), (0.284, 0.716)
"""Shares of the width of the text: of two columns beside each other, of label and value."""


def write_docx(path: Path, documents: Mapping[str, Document], look: Path) -> None:
    """Write the documents to `path`, each language in a section of its own; the bytes depend on the arguments alone.

    `look` is a .docx of which page, header and styles count; what is in its body is left out. Raises LookError for
    one that cannot be read or lacks a style.
    """
    word = _template(look)
    body = word.element.body
    language, first = next(iter(documents.items()))
    moment = datetime.combine(first.day, time(12), UTC)
    properties = word.core_properties
    properties.title = said(first.title, language)
    properties.author = properties.last_modified_by = "Esep"
    properties.comments = ""
    properties.created = properties.modified = moment.replace(tzinfo=None)
    styles = _Styles(look, {style.name: style.style_id for style in word.styles})
    for number, (language, document) in enumerate(documents.items()):
        section = word.sections[0] if number == 0 else word.add_section(WD_SECTION.NEW_PAGE)
        section.footer.is_linked_to_previous = False
        width = (section.page_width - section.left_margin - section.right_margin) / Cm(1)
        writer = _Writer(language, styles, width)
        writer.footer(section.footer.paragraphs[0], said(document.footer, language))
        writer.write(document.blocks)
        for block in parse_xml(f"<w:body {nsdecls('w')}>{''.join(writer.written)}</w:body>"):
            body.sectPr.addprevious(block)
    unstamped = io.BytesIO()
    word.save(unstamped)
    restamp(unstamped, path, first.day)


def _template(look: Path) -> Any:
    """The template as a document of python-docx without a body."""
    try:
        word = docx.Document(io.BytesIO(look.read_bytes()))
    except Exception as error:  # zipfile, KeyError, ValueError, lxml: whatever the file is
        raise LookError(f"{look}: cannot be read as .docx ({error}). Save it again, or move it away.") from error
    body = word.element.body
    for element in [element for element in body if element is not body.sectPr]:
        body.remove(element)
    return word


class _Styles:
    """The template's styles: name → id, as Word chose it."""

    def __init__(self, look: Path, ids: Mapping[str, str]) -> None:
        self._look, self._ids = look, ids

    def __getitem__(self, look: str) -> str:
        name = STYLE.format(look=look)
        if name not in self._ids:
            raise LookError(f"{self._look}: it has no style {name!r}. Take it from Esep's own template.")
        return self._ids[name]


class _Writer:
    """Writes one language. Looks are named styles, so that an officer can change one for all."""

    def __init__(self, language: str, styles: _Styles, width: float) -> None:
        """`width`: of the text, in centimetres."""
        self._language, self._styles, self._width = language, styles, width
        self.written: list[str] = []

    def write(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self._write(block)

    def _write(self, block: Block) -> None:
        match block:
            case Paragraph():
                self.written.append(self._paragraph(block))
            case Section():
                if block.heading:
                    self.written.append(self._line(said(block.heading, self._language), "heading"))
                self.write(block.blocks)
            case Items():
                self.written += [self._line(said(item, self._language), "list") for item in block.items]
            case Beside():
                cells = ["".join(map(self._paragraph, column)) for column in block.columns]
                self._table(_BESIDE, [cells])
            case Facts():
                self._table(_FACTS, [self._fact(row[0], row[1]) for row in block.rows])
            case Table():
                self._listing(block)
            case Signature():
                self._signature(block)
            case _:
                raise TypeError(f"{type(block).__name__} has no form in Word")

    def footer(self, paragraph: Any, text: str) -> None:
        """The text and `page / pages`, in the footer's paragraph of python-docx."""
        paragraph._p.get_or_add_pPr().style = self._styles["footer"]
        self._footer_run(paragraph, f"{text} · ")
        for instruction in ("PAGE", "NUMPAGES"):
            run = paragraph.add_run()
            for kind, content in (("begin", None), (None, instruction), ("end", None)):
                element = OxmlElement("w:instrText" if content else "w:fldChar")
                if content:
                    element.text = content
                else:
                    element.set(qn("w:fldCharType"), kind)
                run._r.append(element)
            if instruction == "PAGE":
                self._footer_run(paragraph, " / ")

    def _footer_run(self, paragraph: Any, text: str) -> None:
        run = paragraph.add_run(text)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), _LANGUAGE[self._language])
        run._r.get_or_add_rPr().append(language)

    def _fact(self, label: Any, value: Cell) -> list[str]:
        return [self._line(said(label, self._language), "label"), self._cell(value, FACT, "value")]

    def _listing(self, table: Table) -> None:
        whole = sum(column.width for column in table.columns)
        rows = [[self._line(said(column.label, self._language), "table heading") for column in table.columns]]
        for row in table.rows:
            pairs = zip(row, table.columns, strict=True)
            rows.append([self._cell(value, column, "small") for value, column in pairs])
        self._table([column.width / whole for column in table.columns], rows, style=_GRID, head=True)

    def _signature(self, block: Signature) -> None:
        self.written.append(self._line(block.signer, "signer"))
        rules = [self._line("_" * 24, "signature") for _ in block.captions]
        captions = [self._line(caption, "signature caption") for caption in block.captions]
        self._table([1 / len(rules)] * len(rules), [rules, captions])

    def _cell(self, value: Cell, column: Column, look: str) -> str:
        return "".join(
            self._line(written(part, column.kind, self._language, column.limit), look) for part in lines(value)
        )

    def _paragraph(self, block: Paragraph) -> str:
        label = self._run(f"{block.label}: ", bold=True) if block.label else ""
        return self._line(said(block.text, self._language), block.look, label)

    def _line(self, text: str, look: str, before: str = "") -> str:
        """A paragraph in a style of the template; `before` are the runs that it begins with."""
        runs = before + (self._run(text) if text else "")
        return f'<w:p><w:pPr><w:pStyle w:val="{self._styles[look]}"/></w:pPr>{runs}</w:p>'

    def _run(self, text: str, *, bold: bool = False) -> str:
        kept = ' xml:space="preserve"' if text != text.strip() else ""
        properties = f'<w:rPr>{"<w:b/>" if bold else ""}<w:lang w:val="{_LANGUAGE[self._language]}"/></w:rPr>'
        return f"<w:r>{properties}<w:t{kept}>{escape(text)}</w:t></w:r>"

    def _table(
        self, shares: Sequence[float], rows: Iterable[Sequence[str]], *, style: str | None = None, head: bool = False
    ) -> None:
        """A table whose cells are given as their paragraphs; `head`: the first row is repeated."""
        measures = [Cm(self._width * share).twips for share in shares]
        named = f'<w:tblStyle w:val="{style}"/>' if style else ""
        parts = [
            f'<w:tbl><w:tblPr>{named}<w:tblW w:type="auto" w:w="0"/><w:tblLayout w:type="fixed"/>{_LOOK}</w:tblPr>',
            "<w:tblGrid>",
            *(f'<w:gridCol w:w="{measure}"/>' for measure in measures),
            "</w:tblGrid>",
        ]
        for number, cells in enumerate(rows):
            repeated = "<w:tblHeader/>" if head and number == 0 else ""
            parts.append(f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>")
            for measure, paragraphs in zip(measures, cells, strict=True):
                parts.append(f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{measure}"/></w:tcPr>{paragraphs}</w:tc>')
            parts.append("</w:tr>")
        self.written.append("".join([*parts, "</w:tbl>"]))
