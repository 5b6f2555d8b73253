"""Annex 1 (the application), on a worksheet or as a .docx document."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from esep.forms import annex1
from esep.forms.writing import style
from esep.forms.writing.content import ApplicationContent, pool_line, request_sentence, sheets_sentence

SHEET_NAME = {"kk": "Өтініш", "ru": "Заявление"}
_WIDTH = 6


def write_application_sheet(sheet: Worksheet, content: ApplicationContent) -> None:
    """Write the whole application; what is None stays a blank line above its caption."""
    language = content.language
    for number in range(1, _WIDTH + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 17
    style.put(sheet, 1, 4, _WIDTH, annex1.ANNEX_OF[language], font=style.SMALL)
    sheet.row_dimensions[1].height = 5 * style.LINE_HEIGHT
    style.put(sheet, 2, 4, _WIDTH, annex1.FORM_WORD[language], font=style.SMALL)
    style.put(sheet, 4, 1, _WIDTH, annex1.TITLE[language], font=style.TITLE, alignment=style.CENTRE)
    sheet.row_dimensions[4].height = 3.5 * style.LINE_HEIGHT
    _line(sheet, 6, content.authority, annex1.AUTHORITY.caption[language])
    _line(sheet, 8, pool_line(content), annex1.POOL.caption[language])
    style.put(sheet, 11, 1, _WIDTH, request_sentence(content))
    sheet.row_dimensions[11].height = 3 * style.LINE_HEIGHT
    style.put(sheet, 12, 1, _WIDTH, sheets_sentence(content))
    row = 14
    style.put(sheet, row, 1, _WIDTH, annex1.CONFIRMED[language])
    for declared, sentence in (
        (content.declares_truth, annex1.DECLARES_TRUTH[language]),
        (content.declares_consent, annex1.DECLARES_CONSENT[language]),
    ):
        if declared:
            row += 1
            style.put(sheet, row, 1, _WIDTH, sentence)
            sheet.row_dimensions[row].height = 2.5 * style.LINE_HEIGHT
    row += 2
    signed = annex1.SIGNED[language] if content.head_name else None
    style.put(sheet, row, 1, 1, annex1.HEAD.label[language], alignment=style.ON_LINE)
    style.put(sheet, row, 2, 3, signed, alignment=style.ON_LINE, border=style.BLANK_LINE)
    style.put(sheet, row, 4, _WIDTH, content.head_name, alignment=style.ON_LINE, border=style.BLANK_LINE)
    small = {"font": style.CAPTION, "alignment": style.UNDER_LINE}
    style.put(sheet, row + 1, 2, 3, annex1.SIGNATURE_CAPTION[language], **small)
    style.put(sheet, row + 1, 4, _WIDTH, annex1.HEAD.caption[language], **small)
    completed = content.completed_text() or annex1.COMPLETED_BLANK[language]
    style.put(sheet, row + 3, 1, 1, annex1.COMPLETED.label[language])
    style.put(sheet, row + 3, 2, _WIDTH, completed)
    style.page(sheet, landscape=False)


def _line(sheet: Worksheet, row: int, value: str | None, caption: str) -> None:
    """A blank line with its caption below."""
    style.put(sheet, row, 1, _WIDTH, value, alignment=style.ON_LINE, border=style.BLANK_LINE, number_format="@")
    sheet.row_dimensions[row].height = 1.6 * style.LINE_HEIGHT
    style.put(sheet, row + 1, 1, _WIDTH, caption, font=style.CAPTION, alignment=style.UNDER_LINE)


_BLANK = "_" * 60
_SHORT_BLANK = "_" * 20


def write_application_document(path: Path, content: ApplicationContent) -> None:
    """Write the application; what is None stays a line of underscores."""
    language = content.language
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(12)

    def paragraph(text: str, *, size: float = 12, bold: bool = False, centre: bool = False, left: float = 0) -> None:
        added = document.add_paragraph()
        run = added.add_run(text)
        run.font.size = Pt(size)
        run.bold = bold
        added.paragraph_format.space_after = Pt(4)
        added.paragraph_format.left_indent = Cm(left)
        if centre:
            added.alignment = WD_ALIGN_PARAGRAPH.CENTER

    paragraph(annex1.ANNEX_OF[language], size=10, left=9)
    paragraph(annex1.FORM_WORD[language], size=10, left=9)
    paragraph(annex1.TITLE[language], size=13, bold=True, centre=True)
    paragraph(content.authority or _BLANK, centre=True)
    paragraph(annex1.AUTHORITY.caption[language], size=9, centre=True)
    paragraph(pool_line(content) or _BLANK, centre=True)
    paragraph(annex1.POOL.caption[language], size=9, centre=True)
    paragraph(request_sentence(content))
    paragraph(sheets_sentence(content))
    paragraph(annex1.CONFIRMED[language])
    if content.declares_truth:
        paragraph(annex1.DECLARES_TRUTH[language])
    if content.declares_consent:
        paragraph(annex1.DECLARES_CONSENT[language])
    signed = annex1.SIGNED[language] if content.head_name else _SHORT_BLANK
    name = content.head_name or _SHORT_BLANK
    table = document.add_table(rows=2, cols=3)
    captions = ("", annex1.SIGNATURE_CAPTION[language], annex1.HEAD.caption[language])
    for row, texts in enumerate(((annex1.HEAD.label[language], signed, name), captions)):
        for column, text in enumerate(texts):
            run = table.cell(row, column).paragraphs[0].add_run(text)
            run.font.size = Pt(9 if row else 12)
    completed = content.completed_text() or annex1.COMPLETED_BLANK[language]
    paragraph("")
    paragraph(f"{annex1.COMPLETED.label[language]} {completed}")
    document.save(str(path))
