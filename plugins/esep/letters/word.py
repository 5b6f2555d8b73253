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

from esep.documents.deterministic import restamp
from esep.letters import word_xml
from esep.letters.content import Part, RemarkBlock
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
        writer = _Writer(part.language)
        writer.footer(section.footer.paragraphs[0], part)
        writer.write(document, part)
    unstamped = io.BytesIO()
    document.save(unstamped)
    restamp(unstamped, path, day)


class _Writer:
    """Writes one language into a document. Looks are named styles, so that an officer can change one for all."""

    def __init__(self, language: str) -> None:
        self._language = _LANGUAGE[language]
        self._blocks: list[str] = []

    def write(self, document: Any, part: Part) -> None:
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
        word_xml.append(document, self._blocks)

    def footer(self, paragraph: Any, part: Part) -> None:
        """Letter, title and page of pages, in the footer's paragraph of python-docx."""
        paragraph._p.get_or_add_pPr().style = style_id("footer")
        self._footer_run(paragraph, f"{part.number} · {part.title} · ")
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
                self._footer_run(paragraph, " / ")

    def _footer_run(self, paragraph: Any, text: str) -> None:
        run = paragraph.add_run(text)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), self._language)
        run._r.get_or_add_rPr().append(language)

    def _head(self, part: Part) -> None:
        left = self._cell((part.number, "strong"), (part.dated, "cell"))
        right = self._cell(
            (part.to_label, "caption"),
            *((text, "strong") for text in part.to),
            (part.copy_label, "caption"),
            *((f"– {text}", "small") for text in part.copy),
        )
        self._blocks.append(word_xml.table((6.4, 9.8), [(left, right)]))

    def _ground(self, ground: GroundBlock, part: Part) -> None:
        self._line(f"{ground.heading} {ground.text}", "ground")
        for label, text in ((part.where_label, ground.where), (part.todo_label, ground.todo)):
            if text:
                self._labelled(label, text, "ground line")
        self._line(ground.detected, "ground note")

    def _pairs(self, details: Sequence[tuple[str, str]]) -> None:
        rows = [(self._cell((label, "label")), self._cell((value, "value"))) for label, value in details]
        self._blocks.append(word_xml.table((4.6, _TEXT_WIDTH - 4.6), rows))

    def _remark(self, remark: RemarkBlock, part: Part) -> None:
        self._line(f"{remark.heading} {remark.text}", "remark")
        self._line(remark.source, "source")
        if remark.rows:
            rows = [[self._cell((text, "table heading")) for text in part.table]]
            rows += [[self._cell((text, "small")) for text in texts] for texts in remark.rows]
            self._blocks.append(word_xml.table((6.6, 5.2, 4.4), rows, style=GRID, head=True))
        if remark.more:
            self._line(remark.more, "more")
        if remark.todo:
            self._labelled(part.todo_label, remark.todo, "todo")

    def _signature(self, part: Part) -> None:
        self._line(part.signature[0], "signer")
        captions = part.signature[1:]
        lines = [self._cell(("_" * 24, "signature")) for _ in captions]
        rows = [lines, [self._cell((caption, "signature caption")) for caption in captions]]
        self._blocks.append(word_xml.table((5.4, 5.4, 5.4), rows))

    def _cell(self, *lines: tuple[str, str]) -> str:
        """The paragraphs of a cell, (text, look) each."""
        return "".join(word_xml.paragraph(look, word_xml.run(text, self._language)) for text, look in lines)

    def _line(self, text: str, look: str) -> None:
        self._blocks.append(word_xml.paragraph(look, word_xml.run(text, self._language) if text else ""))

    def _labelled(self, label: str, text: str, look: str) -> None:
        runs = word_xml.run(f"{label}: ", self._language, bold=True) + word_xml.run(text, self._language)
        self._blocks.append(word_xml.paragraph(look, runs))
