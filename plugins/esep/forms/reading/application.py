"""Annex 1, wherever it is written: a sheet, a document, a page. Found and read by its words, not its exact sentences.

A value is on the blank line above (or before) its caption in brackets, beside its label, or in the running
sentence. Captions and sentences may be broken over lines anywhere, so everything is searched in one joined text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from esep.forms.document import ApplicationRead, Text
from esep.forms.reading import application_words as words
from esep.forms.reading.words import Passage, clean, clean_period, has_month_and_year, language_of

_EMPTY_BRACKETS = re.compile(r"\(\s*\)")
_FIGURES = re.compile(r"\d+[^\n]*")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]+")
_TO_BLANK = str.maketrans(dict.fromkeys('(),;:"', "_"))


@dataclass(frozen=True, slots=True)
class _Landmarks:
    """Positions of the parts that have been found; -1 where one is missing."""

    title_start: int
    title_end: int
    request: int


def is_application(text: str) -> bool:
    """Whether a text carries Annex 1's title or its request (and is not the order itself)."""
    return bool(words.TITLE.search(text) or words.REQUEST.search(text)) and not words.ORDER.search(text)


def application_start(text: str) -> int | None:
    """Position where Annex 1 begins in a text, or None."""
    match = words.TITLE.search(text) or words.REQUEST.search(text)
    return match.start() if match else None


def read_application(file: str, passage: Passage) -> ApplicationRead:
    """Read Annex 1; a field whose caption, label and value are all missing is left out."""
    text = passage.text
    title, request = words.TITLE.search(text), words.REQUEST.search(text)
    marks = _Landmarks(title.start() if title else -1, title.end() if title else 0, request.start() if request else -1)
    fields: dict[str, Text] = {}
    fields.update(_authority_and_pool(passage, marks))
    fields.update(_period(passage, marks))
    fields.update(_sheet_count(passage, marks))
    fields.update(_head_and_date(passage, marks))
    return ApplicationRead(
        file=file,
        sheet=passage.sheet,
        language=language_of(title.group() if title else text),
        fields=fields,
        declares_truth=bool(words.TRUTH.search(text)),
        declares_consent=bool(words.CONSENT.search(text)),
    )


def _authority_and_pool(passage: Passage, marks: _Landmarks) -> dict[str, Text]:
    text = passage.text
    authority, pool = words.AUTHORITY_CAPTION.search(text), _caption_of_pool(text)
    fields: dict[str, Text] = {}
    start = 0
    if authority is not None:
        start = marks.title_end if 0 <= marks.title_end <= authority.start() else 0
        begin, end, next_start = _region(passage, authority, start)
        fields["authority"] = passage.value(clean(_without_print(text[begin:end])), begin)
        start = next_start
    elif marks.title_start >= 0:
        start = marks.title_end
    if pool is not None and start <= marks.title_start < pool.start():
        start = marks.title_end
    if pool is not None and pool.start() >= start:
        begin, end, _ = _region(passage, pool, start)
        fields.update(_pool(passage, begin, end))
        if authority is not None and fields["authority"].text is None and fields["pool_id"].text is None:
            fields.update(_values_below(passage, authority.end(), pool, marks))
    elif marks.request > start:
        fields.update(_without_captions(passage, start, passage.line_start(marks.request), "authority" in fields))
    if (fields.get("pool_id") or Text(None)).text is None and (found := _labelled_id(passage)):
        fields["pool_id"] = found
    return fields


def _caption_of_pool(text: str) -> re.Match[str] | None:
    """The pool's caption. In brackets where there is one, because the request sentence speaks of pools as well."""
    matches = list(words.POOL_CAPTION.finditer(text))
    bracketed = [match for match in matches if match.group().lstrip().startswith("(")]
    return next(iter(bracketed or matches), None)


def _region(passage: Passage, caption: re.Match[str], start: int) -> tuple[int, int, int]:
    """(begin, end) of the value that belongs to a caption, and where the next value may begin."""
    text = passage.text
    line_start, line_end = passage.line_start(caption.start()), passage.line_end(caption.end())
    before_in_line = text[max(start, line_start) : caption.start()]
    after_in_line = text[caption.end() : line_end]
    bracketed = caption.group().lstrip().startswith("(")
    if not bracketed and clean(before_in_line) is None and clean(after_in_line) is not None:
        return caption.end(), line_end, line_end
    if clean(text[start : caption.start()]) is None and clean(after_in_line) is not None:
        return caption.end(), line_end, line_end
    return start, caption.start(), caption.end()


def _values_below(passage: Passage, after_authority: int, pool: re.Match[str], marks: _Landmarks) -> dict[str, Text]:
    """Captions printed above their lines instead of below: known by the number, which then is below the pool's."""
    end = marks.request if marks.request > pool.end() else passage.line_end(pool.end() + 1)
    below = _pool(passage, pool.end(), passage.line_start(end) if end == marks.request else end)
    if below["pool_id"].text is None:
        return {}
    authority = clean(passage.text[after_authority : pool.start()])
    return {"authority": passage.value(authority, after_authority), **below}


def _without_print(text: str) -> str:
    """Without the annex's number and the word «Нысан», which may be above the addressee."""
    return "\n".join(line for line in text.split("\n") if not words.PRINTED.fullmatch(line))


def _pool(passage: Passage, begin: int, end: int) -> dict[str, Text]:
    """Name and number from the pool's line; the number may be after БСН or alone."""
    text = passage.text[begin:end]
    number, taken = _pool_id(text)
    name = text
    for first, last in sorted(taken, reverse=True):
        name = name[:first] + " " + name[last:]
    name = words.ID_CAPTION.sub(" ", name)
    name = _EMPTY_BRACKETS.sub(" ", name)
    fields = {"pool_name": passage.value(_trimmed(clean(name)), begin)}
    position = begin + min((first for first, _ in taken), default=0)
    fields["pool_id"] = passage.value(number, position)
    return fields


def _pool_id(text: str) -> tuple[str | None, list[tuple[int, int]]]:
    """The number and the spans of text that belong to it."""
    for label in words.ID_LABEL.finditer(text):
        number = words.ID_AFTER_LABEL.match(text, label.end())
        if number:
            return "".join(number.group(1).split()), [(label.start(), number.end())]
    labels = [label.span() for label in words.ID_LABEL.finditer(text)]
    bare = words.TWELVE_DIGITS.search(text) or words.LONG_NUMBER.search(text)
    if bare:
        return bare.group(), [*labels, bare.span()]
    return None, labels


def _trimmed(name: str | None) -> str | None:
    return name.strip(" ,;") or None if name else None


def _without_captions(passage: Passage, start: int, end: int, has_authority: bool) -> dict[str, Text]:
    """Captions deleted by the filer: the line with the number is the pool's, the lines above name the authority."""
    fields: dict[str, Text] = {}
    position = start
    above: list[tuple[int, str]] = []
    for line in passage.text[start:end].split("\n"):
        if _pool_id(line)[0] is not None:
            fields.update(_pool(passage, position, position + len(line)))
            break
        if clean(_without_print(line)):
            above.append((position, line))
        position += len(line) + 1
    if above and not has_authority:
        fields["authority"] = passage.value(clean(" ".join(line for _, line in above)), above[0][0])
    return fields


def _labelled_id(passage: Passage) -> Text | None:
    """A number after БСН/БИН anywhere, or beside or above a caption of its own."""
    text = passage.text
    for label in (*words.ID_LABEL.finditer(text), *words.ID_CAPTION.finditer(text)):
        number = words.ID_AFTER_LABEL.match(text, label.end())
        if number:
            return passage.value("".join(number.group(1).split()), number.start(1))
    caption = words.ID_CAPTION.search(text)
    if caption:
        above = list(words.TWELVE_DIGITS.finditer(text, max(0, caption.start() - 200), caption.start()))
        if above:
            return passage.value(above[-1].group(), above[-1].start())
    return None


def _first(patterns: Sequence[re.Pattern[str]], text: str, start: int) -> re.Match[str] | None:
    """The first match after `start`, else anywhere: a .pdf may give its lines in another order."""
    for position in (start, 0):
        for pattern in patterns:
            match = pattern.search(text, position)
            if match:
                return match
    return None


def _period(passage: Passage, marks: _Landmarks) -> dict[str, Text]:
    text = passage.text
    start = max(0, marks.title_end)
    partial: Text | None = None
    for pattern in (*words.PERIOD, words.PERIOD_LABEL):
        match = pattern.search(text, start if pattern is words.PERIOD_LABEL else 0)
        if match is None:
            continue
        value = passage.value(clean_period(match.group(1)), match.start(1))
        if value.text is not None and has_month_and_year(value.text):
            return {"period": value}
        partial = value if partial is None or partial.text is None else partial
    if marks.request >= 0:
        # The month may be in a cell or line of its own near the request.
        completed = _first(words.COMPLETED_LABEL, text, marks.request)
        end = completed.start() if completed else len(text)
        position = start
        for line in text[start:end].split("\n"):
            if has_month_and_year(line) and not words.TITLE.search(line):
                return {"period": passage.value(clean_period(line), position)}
            position += len(line) + 1
    if partial is None:
        partial = _month_and_year(passage, start)
    return {"period": partial} if partial else {}


def _month_and_year(passage: Passage, start: int) -> Text | None:
    """Month and year beside labels of their own; None when there is neither label."""
    labels = [label.search(passage.text, start) for label in (words.MONTH_LABEL, words.YEAR_LABEL)]
    found = [(label, clean(label.group(1) or "")) for label in labels if label is not None]
    if not found:
        return None
    filled = [(label, value) for label, value in found if value is not None]
    first = (filled or found)[0][0]
    phrase = " ".join(value for _, value in filled)
    return passage.value(phrase or None, first.start(1) if filled else first.start())


def _sheet_count(passage: Passage, marks: _Landmarks) -> dict[str, Text]:
    start = max(0, marks.title_end)
    match = _first((words.SHEETS,), passage.text, start)
    if match:
        group = 1 if match.group(1) is not None else 2
        return {"sheet_count": passage.value(clean(match.group(group)), match.start(group))}
    label = _first((words.SHEETS_LABEL,), passage.text, start)
    if label:
        rest = passage.text[label.end() : passage.line_end(label.end())]
        number = _FIGURES.search(rest)
        return {"sheet_count": passage.value(clean(number.group()) if number else None, label.end())}
    return {}


def _head_and_date(passage: Passage, marks: _Landmarks) -> dict[str, Text]:
    text = passage.text
    start = max(marks.title_end, marks.request, 0)
    fields: dict[str, Text] = {}
    completed = _first(words.COMPLETED_LABEL, text, start)
    head = _first((words.HEAD_LABEL,), text, start)
    if head:
        end = min(len(text), head.end() + words.HEAD_WITHIN)
        if completed and completed.start() > head.end():
            end = min(end, completed.start())
        fields["head_name"] = _head_name(passage, head.end(), end)
    if completed:
        fields["completed_on"] = _completed_on(passage, completed)
    return fields


def _head_name(passage: Passage, begin: int, end: int) -> Text:
    """What is left between the label and the next part when captions and signature words are taken out."""
    region = passage.text[begin:end]
    name = words.HEAD_WORDS.sub(lambda match: "_" * len(match.group()), region)
    name = name.translate(_TO_BLANK)
    found = _LETTER.search(name)
    position = begin + found.start() if found else begin
    name = " ".join(name.replace("_", " ").split()).strip(" -–—/")
    return passage.value(name if found else None, position)


def _completed_on(passage: Passage, label: re.Match[str]) -> Text:
    text = passage.text
    end = passage.line_end(label.end())
    value = _clean_date(text[label.end() : end])
    if value is None and end + 1 < len(text):
        below = _clean_date(text[end + 1 : passage.line_end(end + 1)])
        if below and _FIGURES.search(below):
            return passage.value(below, end + 1)
    return passage.value(value, label.end())


def _clean_date(text: str) -> str | None:
    """The date as written; None when only the printed words around its blanks are there."""
    value = clean(text)
    if value is None:
        return None
    rest = [word for word in _WORD.findall(value) if not words.DATE_WORDS.fullmatch(word)]
    return value if rest else None
