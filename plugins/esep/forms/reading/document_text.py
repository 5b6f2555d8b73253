"""A document (.docx and its kin, .odt, .pdf): the 1-ЦМ in its tables, the application in its text, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from esep.detail import Detail
from esep.forms.document import ApplicationRead, FileRead, FileState, Text
from esep.forms.reading import application_words as words
from esep.forms.reading.application import is_application, read_application
from esep.forms.reading.document_blocks import Block, Table, in_reading_order, lines_of, width_of
from esep.forms.reading.document_form import FORM_COLUMNS, read_form
from esep.forms.reading.kinds import Kind
from esep.forms.reading.message import read_message
from esep.forms.reading.odf import read_open_text
from esep.forms.reading.word_document import WordText, read_word
from esep.forms.reading.words import Passage, has_month_and_year
from esep.forms.reading.workbook import FORM_WORDS

if TYPE_CHECKING:
    from esep.forms.reading.pdf_text import Field

_F = re.IGNORECASE
_HINTS = {
    "completed_on": re.compile(r"date|дата|күні|толтыр|заполнен", _F),
    "period": re.compile(r"month|period|year|месяц|период|год(?!ов)|кезең|жыл|(?<![^\W_])ай", _F),
    "sheet_count": re.compile(r"sheet|pages|count|лист|парақ|прилож", _F),
    "head": re.compile(r"head|director|manager|chief|ceo|fio|name.?of.?signer|руковод|директор|басшы|ф\.?и\.?о", _F),
    "pool": re.compile(
        r"pool|(?<![a-z])bin(?![a-z])|company|applicant|organi[sz]ation|пул|бин|бсн|заявител|организац|компан", _F
    ),
    "authority": re.compile(
        r"(?<![a-z])org(?![a-z])|authority|recipient|addressee|ministry|орган|кому|министр|уәкілетті", _F
    ),
}
"""Words in the names and tooltips of fields, the plainest first."""
_DAY = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}(?:\s*г\.?)?|\d{4}-\d\d-\d\d")
_CAPITAL = "[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]"
_PERSON = re.compile(rf"{_CAPITAL}[\w'’-]+(?:\s+{_CAPITAL}[\w.'’-]*){{1,3}}")
_OFFICE = re.compile(r"министрл|министерств|комитет", _F)
_PAGE = (
    "{authority}\n(полное наименование уполномоченного органа)\n{pool}\n"
    "(наименование цифрового майнингового пула, бизнес-идентификационный номер)\n"
    "Прошу принять сведения за {period}\nПрилагается {sheet_count} листов\n"
    "Руководитель {head}\nДата заполнения: {completed_on}"
)
"""The annex with nothing but these values: the reader of applications finds them again."""


def completed(fields: Mapping[str, Text], filled: Iterable[Field]) -> dict[str, Text]:
    """`fields` of an application, with blanks filled from form fields whose name or content says what they are."""
    values = dict.fromkeys(_HINTS, "")
    for one in filled:
        value = " ".join(one.value.split())
        if key := _meaning(one.hint, value):
            values[key] = f"{values[key]} {value}".strip()
    read = read_application("", Passage.of_paragraphs(_PAGE.format_map(values).split("\n"))).fields
    found = {key: text for key, text in read.items() if text.text is not None}
    return {
        **fields,
        **{key: Text(text.text) for key, text in found.items() if key not in fields or fields[key].text is None},
    }


def _meaning(hint: str, value: str) -> str | None:
    """The part of the application that a field holds; its content decides where it can be one thing only."""
    if _DAY.fullmatch(value):
        return "completed_on"
    if words.TWELVE_DIGITS.search(value):
        return "pool"
    if has_month_and_year(value) and len(value) < 40:
        return "period"
    named = next((key for key, words in _HINTS.items() if words.search(hint)), None)
    if named is None and _OFFICE.search(value):
        return "authority"
    return "head" if named is None and _PERSON.fullmatch(value) else named


_NO_TEXT, _OTHER_DOCUMENT = "no_text", "other_document_inside"
_COLUMNS_OF_DATA = 4
"""A table has at least so many where it holds data; a letter is laid out in two or three."""
_NUMBER_ROW = re.compile(r"(?<![\d.])1\s+2\s+3\s+4\s+5\s+6\s+7\s+8\s+(?:9(?:[.,]1)?|10)(?![\d.])")


def read_document(path: Path, file: FileRead, kind: Kind) -> FileRead:
    """The file with what it holds. Raises FileError for a document that cannot be read."""
    text = read_word(path) if kind is Kind.DOCUMENT else _open_text(path)
    lines = list(lines_of(text.body))
    order = words.ORDER.search("\n".join(lines))  # the order itself has both annexes, and is neither
    form = None if order else read_form(text.body, file)
    if form is not None:
        return form
    application = _application(file.path, lines, text)
    code = ""
    if not any(line.strip() for line in lines):
        code = _OTHER_DOCUMENT if text.has_other_document else _NO_TEXT
    elif not order and _looks_like_form(text.body):
        code = "no_number_row_in_document"
    elif application is None and text.has_other_document:
        code = _OTHER_DOCUMENT
    read = _with_message(_without_form(file, application, code), lines)
    return read if order else _with_what_may_be_a_part(read, _has_table(text.body), text.has_picture)


def _open_text(path: Path) -> WordText:
    blocks, has_picture = read_open_text(path)
    return WordText(blocks, has_picture=has_picture)


def _with_message(file: FileRead, lines: Iterable[str]) -> FileRead:
    """With the message that nothing was distributed, if the file is one and neither annex."""
    message = None if file.applications or file.lacks_number_row else read_message(file.path, lines)
    return replace(file, messages=(message,)) if message else file


def _with_what_may_be_a_part(file: FileRead, has_table: bool, has_picture: bool) -> FileRead:
    """With the name of what a person may recognise as an annex in a document whose text is none."""
    if file.detail or file.applications or file.messages or not (has_table or has_picture):
        return file
    return replace(file, detail=Detail("table_in_document" if has_table else "picture_in_document"))


def read_pdf(path: Path, file: FileRead) -> FileRead:
    """The file with its application, if it is one. Raises FileError for a file that cannot be read."""
    from esep.forms.reading.pdf_text import read_pdf_text  # 0.2 s, and few files are .pdf

    text = read_pdf_text(path)
    if not text.lines:
        return _without_form(file, None, _NO_TEXT)
    passage = Passage.of_paragraphs(text.lines)
    application = read_application(file.path, passage) if is_application(passage.text) else None
    if application is not None and text.fields:
        application = replace(application, fields=completed(application.fields, text.fields))
    printed = _NUMBER_ROW.search(passage.text) and FORM_WORDS.search(passage.text)
    code = "form_in_pdf" if printed and not words.ORDER.search(passage.text) else ""
    read = _without_form(file, application, code)
    if code or words.ORDER.search(passage.text):
        return read if code else _with_message(read, text.lines)
    return _with_what_may_be_a_part(_with_message(read, text.lines), has_table=False, has_picture=text.has_picture)


def _without_form(file: FileRead, application: ApplicationRead | None, code: str) -> FileRead:
    """A document without a form to be read; `code` says what more there is to say of it."""
    return replace(
        file,
        state=FileState.NOT_READ if application is None and code == _NO_TEXT else file.state,
        detail=Detail(code) if code else None,
        applications=(application,) if application else (),
    )


def _has_table(blocks: Iterable[Block]) -> bool:
    """Whether there is a table of data, not one that lays a letter out."""
    wide = (block for block in in_reading_order(blocks, _COLUMNS_OF_DATA) if isinstance(block, Table))
    return any(width_of(table) >= _COLUMNS_OF_DATA for table in wide)


def _looks_like_form(blocks: Iterable[Block]) -> bool:
    """A wide table in a document that names the form."""
    ordered = list(in_reading_order(blocks, FORM_COLUMNS))
    wide = any(isinstance(block, Table) and width_of(block) >= FORM_COLUMNS - 1 for block in ordered)
    return wide and bool(FORM_WORDS.search("\n".join(lines_of(ordered))))


def _application(name: str, lines: Sequence[str], text: WordText) -> ApplicationRead | None:
    """The application of the body; fields that are blank there are looked for above and below the pages as well."""
    passage = Passage.of_paragraphs(lines)
    margins = [list(lines_of(blocks)) for blocks in (text.headers, text.footers)]
    whole = Passage.of_paragraphs([*margins[0], *lines, *margins[1]]) if any(margins) else passage
    if not is_application(passage.text):
        return read_application(name, whole) if is_application(whole.text) else None
    read = read_application(name, passage)
    if whole is passage:
        return read
    further = read_application(name, whole).fields
    fields = {key: further.get(key, text) if text.text is None else text for key, text in read.fields.items()}
    return replace(read, fields=further | fields)
