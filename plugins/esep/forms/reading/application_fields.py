"""Annex 1 in the form fields of a .pdf, by the fields' own names: for what the page does not show at its caption."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from esep.forms.document import Text
from esep.forms.reading.application import read_application
from esep.forms.reading.passage import Passage
from esep.forms.reading.pdf_fields import Field
from esep.forms.reading.words import has_month_and_year

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
_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")
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
    if _NUMBER.search(value):
        return "pool"
    if has_month_and_year(value) and len(value) < 40:
        return "period"
    named = next((key for key, words in _HINTS.items() if words.search(hint)), None)
    if named is None and _OFFICE.search(value):
        return "authority"
    return "head" if named is None and _PERSON.fullmatch(value) else named
