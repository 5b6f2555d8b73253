"""The forms on worksheets: Annex 2 (form 1-ЦМ), Annex 1 (the application), and the look that both share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from esep.forms import annex1, annex2
from esep.forms.writing.content import (
    ApplicationContent,
    Cell,
    FormContent,
    pool_line,
    request_sentence,
    sheets_sentence,
)
from esep.law.form_versions import HEADING, FormColumn

_TEXT = Font(name="Times New Roman", size=11)
_TITLE = Font(name="Times New Roman", size=13, bold=True)
_BOLD = Font(name="Times New Roman", size=11, bold=True)
_SMALL = Font(name="Times New Roman", size=9)
_CAPTION = Font(name="Times New Roman", size=9, italic=True, color="FF595959")
_THIN = Side(style="thin", color="FF404040")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BLANK_LINE = Border(bottom=_THIN)
_HEADING_FILL = PatternFill("solid", fgColor="FFF2F2F2")
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_ON_LINE = Alignment(horizontal="left", vertical="bottom", wrap_text=True)
_UNDER_LINE = Alignment(horizontal="center", vertical="top", wrap_text=True)
_NUMBER = Alignment(horizontal="right", vertical="center")

_LINE_HEIGHT = 15.0
"""Points for one line of body text."""


def _put(
    sheet: Worksheet,
    row: int,
    first: int,
    last: int,
    value: object,
    *,
    font: Font = _TEXT,
    alignment: Alignment = _LEFT,
    border: Border | None = None,
    number_format: str | None = None,
) -> None:
    """Write one text over the columns first..last (1-based, merged when there are several)."""
    cell = sheet.cell(row, first)
    _write_value(cell, value)
    cell.font = font
    cell.alignment = alignment
    if number_format is not None:
        cell.number_format = number_format
    if border is not None:
        for column in range(first, last + 1):
            sheet.cell(row, column).border = border
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)


def _write_value(cell: Any, value: object) -> None:
    """Set a value so that text stays text: a text beginning with `=` is not turned into a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _page(sheet: Worksheet, *, landscape: bool) -> None:
    """A4, as wide as the sheet, page numbers below."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.75
    sheet.page_margins.footer = 0.35
    sheet.oddFooter.center.text = "&P / &N"
    sheet.sheet_view.showGridLines = False


_LABEL_WIDTH = 3
"""Columns that a footer label takes (1-3), so that its value is in the fourth."""
_SECOND_LABEL = 6
"""Column where the second pair of the footer's first line begins."""


@dataclass(frozen=True, slots=True)
class _Look:
    """How the cells of a column are shown; the width is in characters."""

    width: float
    alignment: Alignment = _LEFT
    number_format: str = "@"
    """`@` keeps leading zeros, long addresses and decimals exactly as typed."""


_LOOK = {
    "row_number": _Look(12, _CENTRE, "General"),
    "name": _Look(30),
    "identifier": _Look(15),
    "licence": _Look(24),
    "wallet": _Look(38),
    "day": _Look(13, _CENTRE, "dd.mm.yyyy"),
    "asset": _Look(15, _CENTRE),
    "quantity": _Look(22, _NUMBER),
    "heading": _Look(15),
    "text": _Look(15),
}
"""By the kind of the column."""


def write_form_sheet(sheet: Worksheet, content: FormContent) -> None:
    """Write the whole form; raises ValueError for an unknown numbering or a row that has not a cell for each column."""
    numbering = content.number_row()
    width = len(numbering.columns)
    for number, column in enumerate(numbering.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _LOOK[column.kind].width
    row = _write_header(sheet, content, width)
    first_heading = row
    row = _write_headings(sheet, content, numbering, row)
    sheet.print_title_rows = f"{first_heading}:{row - 1}"
    sheet.freeze_panes = f"A{row}"
    row = _write_rows(sheet, content, numbering.columns, row)
    row = _write_footer(sheet, content, width, row + 1)
    _write_explanation(sheet, content.language, width, row)
    _page(sheet, landscape=True)


def _write_header(sheet: Worksheet, content: FormContent, width: int) -> int:
    """The lines above the table; returns the row where the table's heading begins."""
    language = content.language
    _put(sheet, 1, width - 2, width, annex2.ANNEX_OF[language], font=_SMALL)
    sheet.row_dimensions[1].height = 3 * _LINE_HEIGHT
    _put(sheet, 2, width - 2, width, annex2.FORM_WORD[language], font=_SMALL)
    row = 4
    for line in annex2.HEADER[language]:
        _put(sheet, row, 1, width, line)
        row += 1
    _put(sheet, row, 1, _LABEL_WIDTH, annex2.PERIOD_LABEL[language], font=_BOLD)
    period = content.period_text() or annex2.PERIOD_BLANK[language]
    _put(sheet, row, _LABEL_WIDTH + 1, width, period, font=_BOLD)
    row += 1
    for line in annex2.HEADER_END[language]:
        _put(sheet, row, 1, width, line)
        row += 1
    return row + 1


def _write_headings(sheet: Worksheet, content: FormContent, numbering: annex2.Numbering, row: int) -> int:
    """Two rows of headings and the number row; returns the first row below them."""
    language = content.language
    headings = [column for column in content.columns() if column.kind == HEADING]
    spanned: dict[str, list[int]] = {heading.name: [] for heading in headings}
    for number, column in enumerate(numbering.columns, start=1):
        for line in (row, row + 1):
            box = sheet.cell(line, number)
            box.border, box.fill = _BOX, _HEADING_FILL
        over = [heading.name for heading in headings if heading is column or heading.spans(column)]
        for name in over:
            spanned[name].append(number)
        cell = sheet.cell(row + 1 if over else row, number, column.heading[language])
        cell.font, cell.alignment = _BOLD, _CENTRE
        if not over:
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=number, end_column=number)
    for heading in headings:
        first, *_, last = spanned[heading.name]
        text = heading.heading[language]
        _put(sheet, row, first, last, text, font=_BOLD, alignment=_CENTRE, border=_BOX)
    sheet.row_dimensions[row].height = 2 * _LINE_HEIGHT
    sheet.row_dimensions[row + 1].height = 3 * _LINE_HEIGHT
    for number, text in enumerate(numbering.numbers, start=1):
        cell = sheet.cell(row + 2, number, text)
        cell.number_format = "@"
        cell.font, cell.alignment, cell.border = _TEXT, _CENTRE, _BOX
    return row + 3


def _write_rows(sheet: Worksheet, content: FormContent, columns: Sequence[FormColumn], row: int) -> int:
    for cells in content.lines():
        _write_row(sheet, columns, row, cells)
        row += 1
    return row


def _write_row(sheet: Worksheet, columns: Sequence[FormColumn], row: int, cells: list[Cell]) -> None:
    values = iter(cells)
    for number, column in enumerate(columns, start=1):
        value = None if column.kind == HEADING else next(values)
        look = _LOOK[column.kind]
        cell = sheet.cell(row, number)
        cell.font, cell.border = _TEXT, _BOX
        cell.number_format = look.number_format
        if isinstance(value, Decimal):
            value = format(value, "f")
        if isinstance(value, int | float) and cell.number_format == "@":
            cell.number_format = "General"
        _write_value(cell, value)
        cell.alignment = look.alignment


def _write_footer(sheet: Worksheet, content: FormContent, width: int, row: int) -> int:
    """The labelled lines below the table: label left, value on the line beside it, caption under the value.

    Returns the row for what comes below.
    """
    language = content.language
    name, address, *others = annex2.FOOTER
    _put(sheet, row, 1, _LABEL_WIDTH - 1, name.label[language])
    _blank_line(sheet, row, _LABEL_WIDTH, _SECOND_LABEL - 1, content.pool_name)
    _put(sheet, row, _SECOND_LABEL, _SECOND_LABEL, address.label[language])
    _blank_line(sheet, row, _SECOND_LABEL + 1, width, content.address)
    sheet.row_dimensions[row].height = 2 * _LINE_HEIGHT
    row += 1
    for field in others:
        _put(sheet, row, 1, _LABEL_WIDTH, field.label[language])
        _blank_line(sheet, row, _LABEL_WIDTH + 1, width, content.footer_text(field.key))
        sheet.row_dimensions[row].height = 1.4 * _LINE_HEIGHT
        row += 1
        if field.caption[language]:
            caption = field.caption[language]
            _put(sheet, row, _LABEL_WIDTH + 1, width, caption, font=_CAPTION, alignment=_UNDER_LINE)
            row += 1
    _put(sheet, row + 1, 1, width, f"{annex2.SEAL[language]}{annex2.SEAL_BLANK}", font=_SMALL)
    return row + 3


def _write_explanation(sheet: Worksheet, language: str, width: int, row: int) -> None:
    """How the form is filled in, as the order prints it below the form."""
    characters = sum(sheet.column_dimensions[get_column_letter(n)].width for n in range(1, width + 1))
    texts = (annex2.EXPLANATION_TITLE[language], *annex2.EXPLANATION[language])
    for line, text in enumerate(texts, start=row):
        alignment = _LEFT if line > row else _CENTRE
        _put(sheet, line, 1, width, text, font=_SMALL, alignment=alignment)
        sheet.row_dimensions[line].height = _LINE_HEIGHT * (1 + len(text) // int(characters))


def _blank_line(sheet: Worksheet, row: int, first: int, last: int, value: str | None) -> None:
    _put(sheet, row, first, last, value, alignment=_ON_LINE, border=_BLANK_LINE, number_format="@")


SHEET_NAME = {"kk": "Өтініш", "ru": "Заявление"}
_WIDTH = 6
"""Columns of the application."""


def write_application_sheet(sheet: Worksheet, content: ApplicationContent) -> None:
    """Write the whole application; what is None stays a blank line above its caption."""
    language = content.language
    for number in range(1, _WIDTH + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 17
    _put(sheet, 1, 4, _WIDTH, annex1.ANNEX_OF[language], font=_SMALL)
    sheet.row_dimensions[1].height = 5 * _LINE_HEIGHT
    _put(sheet, 2, 4, _WIDTH, annex1.FORM_WORD[language], font=_SMALL)
    _put(sheet, 4, 1, _WIDTH, annex1.TITLE[language], font=_TITLE, alignment=_CENTRE)
    sheet.row_dimensions[4].height = 3.5 * _LINE_HEIGHT
    _line_with_caption(sheet, 6, content.authority, annex1.AUTHORITY.caption[language])
    _line_with_caption(sheet, 8, pool_line(content), annex1.POOL.caption[language])
    _put(sheet, 11, 1, _WIDTH, request_sentence(content))
    sheet.row_dimensions[11].height = 3 * _LINE_HEIGHT
    caption = annex1.PERIOD_CAPTION[language]
    _put(sheet, 12, 1, _WIDTH, caption, font=_CAPTION, alignment=_UNDER_LINE)
    _put(sheet, 13, 1, _WIDTH, sheets_sentence(content))
    row = 15
    _put(sheet, row, 1, _WIDTH, annex1.CONFIRMED[language])
    for declared, sentence in (
        (content.declares_truth, annex1.DECLARES_TRUTH[language]),
        (content.declares_consent, annex1.DECLARES_CONSENT[language]),
    ):
        if declared:
            row += 1
            _put(sheet, row, 1, _WIDTH, sentence)
            sheet.row_dimensions[row].height = 2.5 * _LINE_HEIGHT
    row += 2
    signed = annex1.SIGNED[language] if content.head_name else None
    _put(sheet, row, 1, 1, annex1.HEAD.label[language], alignment=_ON_LINE)
    _put(sheet, row, 2, 3, signed, alignment=_ON_LINE, border=_BLANK_LINE)
    _put(sheet, row, 4, _WIDTH, content.head_name, alignment=_ON_LINE, border=_BLANK_LINE)
    small = {"font": _CAPTION, "alignment": _UNDER_LINE}
    _put(sheet, row + 1, 2, 3, annex1.SIGNATURE_CAPTION[language], **small)
    _put(sheet, row + 1, 4, _WIDTH, annex1.HEAD.caption[language], **small)
    completed = content.completed_text() or annex1.COMPLETED_BLANK[language]
    _put(sheet, row + 3, 1, 1, annex1.COMPLETED.label[language])
    _put(sheet, row + 3, 2, _WIDTH, completed)
    _page(sheet, landscape=False)


def _line_with_caption(sheet: Worksheet, row: int, value: str | None, caption: str) -> None:
    """A blank line with its caption below."""
    _blank_line(sheet, row, 1, _WIDTH, value)
    sheet.row_dimensions[row].height = 1.6 * _LINE_HEIGHT
    _put(sheet, row + 1, 1, _WIDTH, caption, font=_CAPTION, alignment=_UNDER_LINE)
