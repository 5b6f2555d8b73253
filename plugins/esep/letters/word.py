"""A letter as .docx, for an officer who wants to add a sentence before signing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from esep.letters.content import Part, RemarkBlock
from esep.letters.deterministic import restamp

_FONT = "Times New Roman"
_ACCENT = RGBColor(0x1F, 0x4E, 0x5F)
_FAINT = RGBColor(0x70, 0x70, 0x70)
_TEXT_WIDTH = 16.2
"""Centimetres between the margins of an A4 page."""
_LANGUAGE = {"kk": "kk-KZ", "ru": "ru-RU"}


def write_docx(path: Path, parts: Sequence[Part], day: date) -> None:
    """Write the letter to `path`, each language in a section of its own; the bytes depend on the arguments alone."""
    document = Document()
    moment = datetime.combine(day, time(12), UTC)
    properties = document.core_properties
    properties.title = f"{parts[0].title} {parts[0].number}"
    properties.author = properties.last_modified_by = "Esep"
    properties.comments = ""
    properties.created = properties.modified = moment.replace(tzinfo=None)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    for number, part in enumerate(parts):
        section = document.sections[0] if number == 0 else document.add_section(WD_SECTION.NEW_PAGE)
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(3), Cm(1.8)
        section.top_margin, section.bottom_margin = Cm(2), Cm(2)
        section.footer.is_linked_to_previous = False
        _footer(section.footer.paragraphs[0], part)
        _Writer(document, part.language).write(part)
    unstamped = path.with_name(f"{path.name}.unstamped")
    document.save(str(unstamped))
    restamp(unstamped, path, day)
    unstamped.unlink()


def _footer(paragraph: Any, part: Part) -> None:
    run = paragraph.add_run(f"{part.number} · {part.title} · ")
    run.font.size = Pt(8.5)
    page = paragraph.add_run()
    page.font.size = Pt(8.5)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        page._r.append(element)


class _Writer:
    """Writes one language into a document."""

    def __init__(self, document: Any, language: str) -> None:
        self._document = document
        self._language = _LANGUAGE[language]

    def write(self, part: Part) -> None:
        self._head(part)
        self._line(part.title, size=15, bold=True, colour=_ACCENT, centre=True, after=2)
        self._line(part.subtitle, size=9, colour=_FAINT, centre=True, after=10)
        for text in part.body:
            self._line(text, justify=True)
        for reason in part.reasons:
            self._line(f"– {reason}", left=0.6, after=3)
        self._pairs(part.details)
        if part.remarks:
            self._line(part.remarks_title, size=12, bold=True, colour=_ACCENT, before=8, after=0, keep=True)
            self._line(part.remarks_note, size=9.5, colour=_FAINT, keep=True)
        for remark in part.remarks:
            self._remark(remark, part)
        if part.remarks_more:
            self._line(part.remarks_more, italic=True)
        for number, text in enumerate(part.after):
            self._line(text, justify=True, before=0 if number else 8)
        if part.enclosures:
            self._line(f"{part.enclosures_label}:", size=9.5, bold=True, before=6, after=2, keep=True)
            for number, text in enumerate(part.enclosures, start=1):
                self._line(f"{number}) {text}", size=9.5, left=0.6, after=2)
        self._signature(part)

    def _head(self, part: Part) -> None:
        table = self._table(1, (6.4, 9.8))
        left, right = table.rows[0].cells
        self._in_cell(left, part.number, bold=True, first=True)
        self._in_cell(left, part.dated)
        self._in_cell(right, part.to_label, size=9, colour=_FAINT, first=True)
        for text in part.to:
            self._in_cell(right, text, bold=True)
        self._in_cell(right, part.copy_label, size=9, colour=_FAINT)
        for text in part.copy:
            self._in_cell(right, f"– {text}", size=9.5)
        self._line("", after=6)

    def _pairs(self, details: Sequence[tuple[str, str]]) -> None:
        table = self._table(len(details), (4.6, _TEXT_WIDTH - 4.6))
        for row, (label, value) in zip(table.rows, details, strict=True):
            self._in_cell(row.cells[0], label, size=9.5, colour=_FAINT, first=True, after=3)
            self._in_cell(row.cells[1], value, size=10, first=True, after=3)

    def _remark(self, remark: RemarkBlock, part: Part) -> None:
        self._line(f"{remark.heading} {remark.text}", bold=True, before=8, after=0, keep=True)
        self._line(remark.source, size=9, colour=_FAINT, after=3, keep=True)
        if remark.rows:
            table = self._table(len(remark.rows) + 1, (6.6, 5.2, 4.4), style="Table Grid")
            for cell, text in zip(table.rows[0].cells, part.table, strict=True):
                self._in_cell(cell, text, size=9, bold=True, colour=_FAINT, first=True)
            self._repeat(table.rows[0])
            for row, texts in zip(table.rows[1:], remark.rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    self._in_cell(cell, text, size=9, first=True)
        if remark.more:
            self._line(remark.more, size=9.5, italic=True, before=3, after=3)
        if remark.todo:
            paragraph = self._line(f"{part.todo_label}: ", size=10, bold=True, colour=_ACCENT, before=3)
            self._run(paragraph, remark.todo, size=10)

    def _signature(self, part: Part) -> None:
        self._line(part.signature[0], bold=True, before=22, after=14, keep=True)
        table = self._table(2, (5.4, 5.4, 5.4))
        for column, caption in enumerate(part.signature[1:]):
            self._in_cell(table.cell(0, column), "_" * 24, first=True, centre=True)
            self._in_cell(table.cell(1, column), caption, size=8.5, colour=_FAINT, first=True, centre=True)

    def _table(self, rows: int, widths: Sequence[float], style: str | None = None) -> Any:
        table = self._document.add_table(rows=rows, cols=len(widths), style=style)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
            rule = OxmlElement("w:cantSplit")
            row._tr.get_or_add_trPr().append(rule)
        return table

    def _repeat(self, row: Any) -> None:
        """Print the row again at the top of each page that the table runs on to."""
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    def _in_cell(self, cell: Any, text: str, *, first: bool = False, **look: Any) -> None:
        paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
        self._fill(paragraph, text, **{"after": 1, **look})

    def _line(self, text: str, **look: Any) -> Any:
        paragraph = self._document.add_paragraph()
        self._fill(paragraph, text, **look)
        return paragraph

    def _fill(
        self,
        paragraph: Any,
        text: str,
        *,
        before: float = 0,
        after: float = 6,
        left: float = 0,
        centre: bool = False,
        justify: bool = False,
        keep: bool = False,
        **font: Any,
    ) -> None:
        form = paragraph.paragraph_format
        form.space_before, form.space_after, form.left_indent = Pt(before), Pt(after), Cm(left)
        form.keep_with_next = keep
        if centre:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif justify:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        self._run(paragraph, text, **font)

    def _run(
        self,
        paragraph: Any,
        text: str,
        *,
        size: float = 11,
        bold: bool = False,
        italic: bool = False,
        colour: RGBColor | None = None,
    ) -> None:
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.italic = Pt(size), bold, italic
        if colour is not None:
            run.font.color.rgb = colour
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), self._language)
        run._r.get_or_add_rPr().append(language)
