"""The order's forms as files: blank ones for pools to fill in, filled ones for demonstrations and tests.

Everything is written from the descriptions in annex1 and annex2, which the reader uses as well.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from openpyxl import Workbook

from esep.files import replacing
from esep.forms import annex1
from esep.forms.writing.content import ApplicationContent, FormContent, pool_line, request_sentence, sheets_sentence
from esep.forms.writing.worksheets import SHEET_NAME, write_application_sheet, write_form_sheet

_BLANK_ROWS = 20
_LINE = "_" * 60
_SHORT_LINE = "_" * 20


def write_form(path: Path, **content: Any) -> Path:
    """Write Annex 2 as .xlsx. Keywords are the fields of FormContent; what is left out stays blank."""
    _expect_suffix(path, ".xlsx")
    return _write_workbook(path, FormContent(**content))


def write_application(path: Path, **content: Any) -> Path:
    """Write Annex 1 as .xlsx or .docx, by the suffix of `path`. Keywords are the fields of ApplicationContent."""
    _expect_suffix(path, ".xlsx", ".docx")
    application = ApplicationContent(**content)
    if path.suffix.lower() != ".docx":
        return _write_workbook(path, application)
    with replacing(path) as temporary:
        _write_document(temporary, application)
    return path


def write_both(path: Path, **content: Any) -> Path:
    """Write one .xlsx with both annexes as sheets. Keywords are those of write_form and write_application together.

    `sheet` names the sheet of Annex 2. Raises TypeError for a keyword that neither annex has.
    """
    _expect_suffix(path, ".xlsx")
    form = {name: value for name, value in content.items() if name in FormContent.__slots__}
    application = {name: value for name, value in content.items() if name in ApplicationContent.__slots__}
    unknown = content.keys() - form.keys() - application.keys()
    if unknown:
        raise TypeError(f"write_both has no field {', '.join(sorted(unknown))}")
    return _write_workbook(path, ApplicationContent(**application | {"sheet": ""}), FormContent(**form))


def write_blank(folder: Path, day: date) -> list[Path]:
    """Write all blank forms, in Kazakh and in Russian, into `folder`; returns the files.

    Annex 2 has the columns of the month before that of `day`, which is the one that is filed then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    period = day.replace(day=1) - timedelta(days=1)
    written = []
    for language in annex1.LANGUAGES:
        written += [
            write_form(folder / f"1-ЦМ_{language}.xlsx", language=language, form_of=period, blank_rows=_BLANK_ROWS),
            write_application(folder / f"{SHEET_NAME[language]}_{language}.xlsx", language=language),
            write_application(folder / f"{SHEET_NAME[language]}_{language}.docx", language=language),
        ]
    return written


def _write_workbook(path: Path, *annexes: ApplicationContent | FormContent) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for annex in annexes:
        if isinstance(annex, FormContent):
            write_form_sheet(workbook.create_sheet(annex.sheet), annex)
        else:
            write_application_sheet(workbook.create_sheet(annex.sheet or SHEET_NAME[annex.language]), annex)
    with replacing(path) as temporary:
        workbook.save(temporary)
    return path


def _write_document(path: Path, content: ApplicationContent) -> None:
    """The application as .docx; what is None stays a line of underscores."""
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
    paragraph(content.authority or _LINE, centre=True)
    paragraph(annex1.AUTHORITY.caption[language], size=9, centre=True)
    paragraph(pool_line(content) or _LINE, centre=True)
    paragraph(annex1.POOL.caption[language], size=9, centre=True)
    paragraph(request_sentence(content))
    paragraph(sheets_sentence(content))
    paragraph(annex1.CONFIRMED[language])
    if content.declares_truth:
        paragraph(annex1.DECLARES_TRUTH[language])
    if content.declares_consent:
        paragraph(annex1.DECLARES_CONSENT[language])
    signed = annex1.SIGNED[language] if content.head_name else _SHORT_LINE
    name = content.head_name or _SHORT_LINE
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


def _expect_suffix(path: Path, *suffixes: str) -> None:
    if path.suffix.lower() not in suffixes:
        raise ValueError(f"{path.name}: this form is written as {' or '.join(suffixes)}")
