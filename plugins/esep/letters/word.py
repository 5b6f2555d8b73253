"""A letter as .docx, for an officer who wants to add a sentence before signing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from esep.letters.content import Part, RemarkBlock
from esep.letters.deterministic import restamp
from esep.letters.grounds import GroundBlock
from esep.letters.word_styles import GRID, blank, style_id

_TEXT_WIDTH = 16.2
"""Centimetres between the margins of an A4 page."""
_LANGUAGE = {"kk": "kk-KZ", "ru": "ru-RU"}


def write_docx(path: Path, parts: Sequence[Part], day: date) -> None:
    """Write the letter to `path`, each language in a section of its own; the bytes depend on the arguments alone."""
    document = Document(io.BytesIO(blank()))
    moment = datetime.combine(day, time(12), UTC)
    properties = document.core_properties
    properties.title = f"{parts[0].title} {parts[0].number}"
    properties.author = properties.last_modified_by = "Esep"
    properties.comments = ""
    properties.created = properties.modified = moment.replace(tzinfo=None)
    for number, part in enumerate(parts):
        section = document.sections[0] if number == 0 else document.add_section(WD_SECTION.NEW_PAGE)
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(3), Cm(1.8)
        section.top_margin, section.bottom_margin = Cm(2), Cm(2)
        section.footer.is_linked_to_previous = False
        writer = _Writer(document, part.language)
        writer.footer(section.footer.paragraphs[0], part)
        writer.write(part)
    unstamped = io.BytesIO()
    document.save(unstamped)
    restamp(unstamped, path, day)


class _Writer:
    """Writes one language into a document. Looks are named styles, so that an officer can change one for all."""

    def __init__(self, document: Any, language: str) -> None:
        self._document = document
        self._language = _LANGUAGE[language]

    def write(self, part: Part) -> None:
        self._head(part)
        self._line(part.title, "title")
        self._line(part.subtitle, "subtitle")
        for text in part.body:
            self._line(text, "text")
        for ground in part.grounds:
            self._ground(ground, part)
        self._line("", "gap")
        self._pairs(part.details)
        if part.remarks:
            self._line(part.remarks_title, "heading")
            self._line(part.remarks_note, "note")
        for remark in part.remarks:
            self._remark(remark, part)
        if part.remarks_more:
            self._line(part.remarks_more, "more")
        self._line("", "gap")
        for text in part.after:
            self._line(text, "text")
        if part.enclosures:
            self._line(f"{part.enclosures_label}:", "list heading")
            for number, text in enumerate(part.enclosures, start=1):
                self._line(f"{number}) {text}", "list")
        self._signature(part)

    def footer(self, paragraph: Any, part: Part) -> None:
        _dress(paragraph, "footer")
        self._run(paragraph, f"{part.number} · {part.title} · ")
        for instruction in ("PAGE", "NUMPAGES"):
            run = paragraph.add_run()
            for kind, text in (("begin", None), (None, instruction), ("end", None)):
                element = OxmlElement("w:instrText" if text else "w:fldChar")
                if text:
                    element.text = text
                else:
                    element.set(qn("w:fldCharType"), kind)
                run._r.append(element)
            if instruction == "PAGE":
                self._run(paragraph, " / ")

    def _head(self, part: Part) -> None:
        table = self._table(1, (6.4, 9.8))
        left, right = table.rows[0].cells
        self._cell(left, (part.number, "strong"), (part.dated, "cell"))
        self._cell(
            right,
            (part.to_label, "caption"),
            *((text, "strong") for text in part.to),
            (part.copy_label, "caption"),
            *((f"– {text}", "small") for text in part.copy),
        )

    def _ground(self, ground: GroundBlock, part: Part) -> None:
        self._line(f"{ground.heading} {ground.text}", "ground")
        for label, text in ((part.where_label, ground.where), (part.todo_label, ground.todo)):
            if text:
                self._labelled(label, text, "ground line")
        self._line(ground.detected, "ground note")

    def _pairs(self, details: Sequence[tuple[str, str]]) -> None:
        table = self._table(len(details), (4.6, _TEXT_WIDTH - 4.6))
        for row, (label, value) in zip(table.rows, details, strict=True):
            left, right = row.cells
            self._cell(left, (label, "label"))
            self._cell(right, (value, "value"))

    def _remark(self, remark: RemarkBlock, part: Part) -> None:
        self._line(f"{remark.heading} {remark.text}", "remark")
        self._line(remark.source, "source")
        if remark.rows:
            table = self._table(len(remark.rows) + 1, (6.6, 5.2, 4.4), GRID)
            for cell, text in zip(table.rows[0].cells, part.table, strict=True):
                self._cell(cell, (text, "table heading"))
            table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for row, texts in zip(table.rows[1:], remark.rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    self._cell(cell, (text, "small"))
        if remark.more:
            self._line(remark.more, "more")
        if remark.todo:
            self._labelled(part.todo_label, remark.todo, "todo")

    def _signature(self, part: Part) -> None:
        self._line(part.signature[0], "signer")
        table = self._table(2, (5.4, 5.4, 5.4))
        lines, captions = table.rows[0].cells, table.rows[1].cells
        for line, caption_cell, caption in zip(lines, captions, part.signature[1:], strict=True):
            self._cell(line, ("_" * 24, "signature"))
            self._cell(caption_cell, (caption, "signature caption"))

    def _table(self, rows: int, widths: Sequence[float], style: str | None = None) -> Any:
        table = self._document.add_table(rows=rows, cols=len(widths))
        table._tbl.tblPr.style = style
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        return table

    def _cell(self, cell: Any, *lines: tuple[str, str]) -> None:
        for number, (text, look) in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            _dress(paragraph, look)
            self._run(paragraph, text)

    def _line(self, text: str, look: str) -> Any:
        paragraph = self._document.add_paragraph()
        _dress(paragraph, look)
        if text:
            self._run(paragraph, text)
        return paragraph

    def _labelled(self, label: str, text: str, look: str) -> None:
        paragraph = self._line("", look)
        self._run(paragraph, f"{label}: ").bold = True
        self._run(paragraph, text)

    def _run(self, paragraph: Any, text: str) -> Any:
        run = paragraph.add_run(text)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), self._language)
        run._r.get_or_add_rPr().append(language)
        return run


def _dress(paragraph: Any, look: str) -> None:
    """Set the style by its id: python-docx otherwise goes through all styles for each paragraph."""
    paragraph._p.get_or_add_pPr().style = style_id(look)
