"""The message that a pool distributed nothing in a month: known by its title, read by its labels.

A value stands behind its label, in the cells right of it, or on the line below. Without labels the only number of
twelve digits and the first line with a month and a year count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from esep.forms.annex1 import Line
from esep.forms.document import MessageRead
from esep.forms.message import COMPLETED, HEAD, LINES, MONTH, NUMBER, STATEMENT, VOLUNTARY, YEAR
from esep.forms.reading.words import any_of, clean, clean_period, has_month_and_year, language_of, with_kazakh_i

_TITLE = re.compile(
    r"[\s«\"“]*(?:(?:\S+\s+){0,4}?актив\w*\s+(?:бөлінбе|таратылма)\w+\s+(?:туралы|жөнінде\w*)\s+хабарлама(?!\w)"
    r"|сообщение\s+об\s+отсутствии\s+распределени)",
    re.IGNORECASE,
)
_LONGEST_TITLE = 200
_MOST_LINES = 200
"""Lines of a message; it has a page."""
_TWELVE = re.compile(r"(?<!\d)\d(?:[ \t]?\d){11}(?!\d)")
_EDGES = " \t:–—-"


def _label(line: Line) -> re.Pattern[str]:
    """The label at the start of a line; longer ones first, so that «Есепті ай» is no «Ай»."""
    return re.compile(
        rf"\s*(?:{any_of((*line.label.values(), *line.variants))})\s*(?:\([^)\n]*\))?[\s:–—-]*", re.IGNORECASE
    )


_LABELS = {line.key: _label(line) for line in LINES}


_PRINTED = {text.casefold() for text in (*STATEMENT.values(), *VOLUNTARY.values(), *HEAD.caption.values())}
"""Lines of the form that are no value of the label above them."""


def read_message(file: str, lines: Iterable[str]) -> MessageRead | None:
    """The message in a text of lines (cells of one row parted by tabs); None where the title is missing."""
    texts = [with_kazakh_i(" ".join(line.split(" "))) for line in lines if line.strip()][:_MOST_LINES]
    begin = next((n for n, text in enumerate(texts) if len(text) <= _LONGEST_TITLE and _TITLE.match(text)), None)
    if begin is None:
        return None
    body = texts[begin + 1 :]
    found = {key: _value(body, key) for key in _LABELS}
    month, year = found.pop(MONTH.key), found.pop(YEAR.key)
    found["period"] = " ".join(part for part in (month, year) if part) or _phrase(body)
    found[NUMBER.key] = _number(found[NUMBER.key] or "") or _number("\n".join(body))
    return MessageRead(file, language_of("\n".join(texts)), found)


def _value(lines: Sequence[str], key: str) -> str | None:
    """What stands behind the first such label that has a value, or below it where nothing is behind it."""
    read = clean_period if key == MONTH.key else clean
    for number, line in enumerate(lines):
        match = _LABELS[key].match(line)
        if match is None:
            continue
        value = read(line[match.end() :].replace("\t", " "))
        below = lines[number + 1] if number + 1 < len(lines) else ""
        is_printed = below.strip().casefold() in _PRINTED or below.lstrip().startswith("(")
        if value is None and not is_printed and not any(label.match(below) for label in _LABELS.values()):
            value = read(below.replace("\t", " "))
        if value is not None and value.strip(_EDGES):
            return value
    return None


def _number(text: str) -> str | None:
    """The only number of twelve digits."""
    found = {re.sub(r"\D", "", match) for match in _TWELVE.findall(text)}
    return found.pop() if len(found) == 1 else None


def _phrase(lines: Iterable[str]) -> str | None:
    """The first line that names a month and a year, that of the completion left out."""
    named = (line for line in lines if has_month_and_year(line) and not _LABELS[COMPLETED.key].match(line))
    return next((clean_period(line.replace("\t", " ")) for line in named), None)
