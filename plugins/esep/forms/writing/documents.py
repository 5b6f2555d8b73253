"""The forms as Word documents: Annex 1 (the application) and Annex 2 (form 1-ЦМ), as the order prints them.

What is None stays a line of underscores.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from esep.forms import annex1, annex2, message
from esep.forms.writing.content import (
    ApplicationContent,
    Cell,
    FormContent,
    MessageContent,
    pool_line,
    request_sentence,
    sheets_sentence,
)
from esep.law.form_versions import HEADING

_LINE = "_" * 60
_SHORT_LINE = "_" * 20
_SMALL = 9.0
"""Points."""
_TABLE_SIZE = 8.0


@dataclass(slots=True)
class _Paper:
    """An A4 document in one typeface."""

    document: Any

    @classmethod
    def blank(cls, *, landscape: bool = False) -> _Paper:
        document = Document()
        section = document.sections[0]
        long, short = Cm(29.7), Cm(21)
        section.page_width, section.page_height = (long, short) if landscape else (short, long)
        if landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
        section.left_margin, section.right_margin = (Cm(1.5), Cm(1)) if landscape else (Cm(3), Cm(1.5))
        document.styles["Normal"].font.name = "Times New Roman"
        document.styles["Normal"].font.size = Pt(12)
        return cls(document)

    def write(self, text: str, *, size: float = 12, bold: bool = False, centre: bool = False, left: float = 0) -> None:
        """A paragraph; `size` in points, `left` in centimetres."""
        added = self.document.add_paragraph()
        run = added.add_run(text)
        run.font.size = Pt(size)
        run.bold = bold
        added.paragraph_format.space_after = Pt(4)
        added.paragraph_format.left_indent = Cm(left)
        if centre:
            added.alignment = WD_ALIGN_PARAGRAPH.CENTER


def write_application_document(path: Path, content: ApplicationContent) -> None:
    """Annex 1 with its two declarations."""
    language = content.language
    paper = _Paper.blank()
    paper.write(annex1.ANNEX_OF[language], size=10, left=9)
    paper.write(annex1.FORM_WORD[language], size=10, left=9)
    paper.write(annex1.TITLE[language], size=13, bold=True, centre=True)
    paper.write(content.authority or _LINE, centre=True)
    paper.write(annex1.AUTHORITY.caption[language], size=9, centre=True)
    paper.write(pool_line(content) or _LINE, centre=True)
    paper.write(annex1.POOL.caption[language], size=9, centre=True)
    paper.write(request_sentence(content))
    paper.write(annex1.PERIOD_CAPTION[language], size=9, centre=True)
    paper.write(sheets_sentence(content))
    paper.write(annex1.CONFIRMED[language])
    if content.declares_truth:
        paper.write(annex1.DECLARES_TRUTH[language])
    if content.declares_consent:
        paper.write(annex1.DECLARES_CONSENT[language])
    signed = annex1.SIGNED[language] if content.head_name else _SHORT_LINE
    name = content.head_name or _SHORT_LINE
    table = paper.document.add_table(rows=2, cols=3)
    captions = ("", annex1.SIGNATURE_CAPTION[language], annex1.HEAD.caption[language])
    for row, texts in enumerate(((annex1.HEAD.label[language], signed, name), captions)):
        for column, text in enumerate(texts):
            run = table.cell(row, column).paragraphs[0].add_run(text)
            run.font.size = Pt(9 if row else 12)
    completed = content.completed_text() or annex1.COMPLETED_BLANK[language]
    paper.write("")
    paper.write(f"{annex1.COMPLETED.label[language]} {completed}")
    paper.document.save(str(path))


def write_message_document(path: Path, content: MessageContent) -> None:
    """The voluntary message that nothing was distributed in a month."""
    language = content.language
    paper = _Paper.blank()
    paper.write(message.TITLE[language], size=13, bold=True, centre=True)
    paper.write(message.VOLUNTARY[language], size=10)
    values = content.values()
    for line in message.LINES:
        if line is message.HEAD:
            paper.write(message.STATEMENT[language])
        paper.write(f"{line.label[language]}: {values[line.key] or _LINE}")
        if line.caption[language]:
            paper.write(line.caption[language], size=_SMALL)
    paper.document.save(str(path))


def write_form_document(path: Path, content: FormContent) -> None:
    """Annex 2 with its table, footer and explanation.

    Raises ValueError for an unknown numbering or a row that has not a cell for each column.
    """
    language = content.language
    paper = _Paper.blank(landscape=True)
    paper.write(annex2.ANNEX_OF[language], size=10, left=17)
    paper.write(annex2.FORM_WORD[language], size=10, left=17)
    for line in annex2.HEADER[language]:
        paper.write(line)
    period = content.period_text() or annex2.PERIOD_BLANK[language]
    paper.write(f"{annex2.PERIOD_LABEL[language]} {period}", bold=True)
    for line in annex2.HEADER_END[language]:
        paper.write(line)
    _write_table(paper, content)
    paper.write("")
    name, address, *others = annex2.FOOTER
    both = ((name, content.pool_name), (address, content.address))
    paper.write(" ".join(f"{line.label[language]} {value or _SHORT_LINE}" for line, value in both))
    for field in others:
        value = content.footer_text(field.key)
        paper.write(f"{field.label[language]} {value or _LINE}")
        if field.caption[language]:
            paper.write(field.caption[language], size=_SMALL)
    paper.write(f"{annex2.SEAL[language]}{annex2.SEAL_BLANK}", size=_SMALL)
    paper.write("")
    paper.write(annex2.EXPLANATION_TITLE[language], size=_SMALL, centre=True)
    for line in annex2.EXPLANATION[language]:
        paper.write(line, size=_SMALL)
    paper.document.save(str(path))


def _write_table(paper: _Paper, content: FormContent) -> None:
    """Two rows of headings, the number row, the data and the blank rows."""
    numbering = content.number_row()
    columns = numbering.columns
    data = list(content.lines())
    table = paper.document.add_table(rows=3 + len(data), cols=len(columns), style="Table Grid")
    language = content.language
    headings = [column for column in content.columns() if column.kind == HEADING]
    for heading in headings:
        over = [n for n, column in enumerate(columns) if heading is column or heading.spans(column)]
        table.cell(0, over[0]).merge(table.cell(0, over[-1]))
        _fill(table.cell(0, over[0]), heading.heading[language], bold=True)
    for number, column in enumerate(columns):
        is_below = any(heading is column or heading.spans(column) for heading in headings)
        if not is_below:
            table.cell(0, number).merge(table.cell(1, number))
        _fill(table.cell(int(is_below), number), column.heading[language], bold=True)
    for number, text in enumerate(numbering.numbers):
        _fill(table.cell(2, number), text)
    for line, values in enumerate(data, start=3):
        row = table.rows[line].cells
        given = iter(values)
        for cell, column in zip(row, columns, strict=True):
            value = None if column.kind == HEADING else next(given)
            if value is not None:
                _fill(cell, _as_text(value))


def _fill(cell: Any, text: str, *, bold: bool = False) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.font.size = Pt(_TABLE_SIZE)
    run.bold = bold


def _as_text(value: Cell) -> str:
    """A value as a person writes it: days as on paper, decimals with all their digits."""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
