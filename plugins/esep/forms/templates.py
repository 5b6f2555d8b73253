"""The order's forms as files: blank ones for pools to fill in, filled ones for demonstrations and tests.

Everything is written from the descriptions in annex1 and annex2, which the reader uses as well.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from esep.files import replacing
from esep.forms import annex1, message
from esep.forms.writing.content import ApplicationContent, FormContent, MessageContent
from esep.forms.writing.documents import write_application_document, write_form_document, write_message_document
from esep.forms.writing.message_sheet import write_message_sheet
from esep.forms.writing.worksheets import SHEET_NAME, write_application_sheet, write_form_sheet

_BLANK_ROWS = 20


def write_form(path: Path, **content: Any) -> Path:
    """Write Annex 2 as .xlsx or .docx, by the suffix of `path`. Keywords are the fields of FormContent.

    What is left out stays blank.
    """
    _expect_suffix(path, ".xlsx", ".docx")
    form = FormContent(**content)
    if path.suffix.lower() != ".docx":
        return _write_workbook(path, form)
    with replacing(path) as temporary:
        write_form_document(temporary, form)
    return path


def write_application(path: Path, **content: Any) -> Path:
    """Write Annex 1 as .xlsx or .docx, by the suffix of `path`. Keywords are the fields of ApplicationContent."""
    _expect_suffix(path, ".xlsx", ".docx")
    application = ApplicationContent(**content)
    if path.suffix.lower() != ".docx":
        return _write_workbook(path, application)
    with replacing(path) as temporary:
        write_application_document(temporary, application)
    return path


def write_message(path: Path, **content: Any) -> Path:
    """Write the message that nothing was distributed as .xlsx or .docx. Keywords are the fields of MessageContent."""
    _expect_suffix(path, ".xlsx", ".docx")
    said = MessageContent(**content)
    with replacing(path) as temporary:
        if path.suffix.lower() == ".docx":
            write_message_document(temporary, said)
        else:
            workbook = Workbook()
            workbook.active.title = message.SHEET_NAME[said.language]
            write_message_sheet(workbook.active, said)
            workbook.save(temporary)
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

    With the order's own goes the voluntary message that nothing was distributed in a month.

    Annex 2 has the columns of the month before that of `day`, which is the one that is filed then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    period = day.replace(day=1) - timedelta(days=1)
    written = []
    for language in annex1.LANGUAGES:
        for suffix in ("xlsx", "docx"):
            names = ("1-ЦМ", SHEET_NAME[language], message.SHEET_NAME[language])
            form, application, nothing = (folder / f"{name}_{language}.{suffix}" for name in names)
            written += [
                write_form(form, language=language, form_of=period, blank_rows=_BLANK_ROWS),
                write_application(application, language=language),
                write_message(nothing, language=language),
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


def _expect_suffix(path: Path, *suffixes: str) -> None:
    if path.suffix.lower() not in suffixes:
        raise ValueError(f"{path.name}: this form is written as {' or '.join(suffixes)}")
