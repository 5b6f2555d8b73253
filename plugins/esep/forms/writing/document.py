"""Annex 1 (the application) as a .docx document."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from esep.forms import annex1
from esep.forms.writing.content import ApplicationContent, pool_line, request_sentence, sheets_sentence

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
