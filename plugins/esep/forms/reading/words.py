"""Regular expressions from the words of the forms, the cleaning of values on blank lines, texts that know places."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from esep.forms.document import Text
from esep.forms.phrases import NAMED_MONTH
from esep.forms.reading import limits

_NOT_INSIDE_WORD = r"(?<![^\W_])"
_WORD_ENDS = r"(?![^\W_])"


def any_of(phrases: Iterable[str]) -> str:
    """Pattern of any of the phrases as whole words, the longest first; any white space, е for ё."""
    longest_first = sorted({phrase for phrase in phrases if phrase}, key=len, reverse=True)
    choices = "|".join(_phrase(phrase) for phrase in longest_first)
    return f"{_NOT_INSIDE_WORD}(?:{choices}){_WORD_ENDS}"


def _phrase(phrase: str) -> str:
    words = [re.escape(word) for word in phrase.rstrip(":").split()]
    return re.sub("[её]", "[её]", r"\s+".join(words), flags=re.IGNORECASE)


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(text: str) -> str:
    """A text printed above the line: the mark of a footnote, or an exponent, is no further digit of what it follows."""
    return text.translate(_RAISED)


_LATIN_I = re.compile(r"(?<=[а-яёәғқңөұүһі])i|i(?=[а-яёәғқңөұүһі])", re.IGNORECASE)


def with_kazakh_i(text: str) -> str:
    """Latin `i` beside Cyrillic letters as the Kazakh `і` it is meant to be; letters and their marks composed (NFC).

    Some programs write `й` and `ё` as a letter and a mark, which no pattern would recognise.
    """
    text = unicodedata.normalize("NFC", text)
    return (
        _LATIN_I.sub(lambda match: "І" if match.group() == "I" else "і", text) if "i" in text or "I" in text else text
    )


NAME_CAPTION = re.compile(
    r"(?:\(\s*)?тегі\s*,?\s*аты\s*(?:-?\s*жөні)?\s*,?\s*(?:әкесінің\s+аты)?\s*,?\s*"
    r"(?:\(\s*бар\s+бол(?:са|ған\s+жағдайда)\s*\))?\s*,?\s*(?:\(?\s*қолы\s*\)?)?\s*,?\s*(?:телефон\w*)?\s*\)?"
    r"|(?:\(\s*)?фамилия\s*,?\s*имя\s*,?\s*(?:и\s+)?(?:отчество)?\s*,?\s*"
    r"(?:\(\s*(?:при\s+(?:его\s+)?наличии|если\s+(?:оно\s+)?имеется)\s*\))?\s*,?\s*(?:\(?\s*подпись\s*\)?)?\s*,?\s*"
    r"(?:телефон\w*)?\s*\)?"
    r"|\(\s*(?:Т\.?\s*А\.?\s*Ә\.?|Ф\.?\s*И\.?\s*О\.?|қолы|подпись|телефон\w*)"
    r"(?:\s*,\s*(?:қолы|подпись|телефон\w*))*\s*\)",
    re.IGNORECASE,
)
"""The small print below a signature line: family name, first name, signature, telephone."""

_BLANKS = re.compile(r"_{2,}|\.{4,}|…+")
_EDGES = " \t\r\n\u00a0:;,_–—-"


def clean(text: str) -> str | None:
    """A value without the blank line it is on and without captions; None when nothing is left."""
    text = NAME_CAPTION.sub(" ", " ".join(text.split()))
    text = _BLANKS.sub(" ", text)
    text = " ".join(text.split()).strip(_EDGES)
    return text or None


_PERIOD_WORDS = re.compile(
    r"жыл\w*|тоқсан\w*|год\w*|квартал\w*|месяц\w*|ай(?:ы|ында|ға)?|за|ж|г|№|20[2_]?", re.IGNORECASE
)
_MONTH = re.compile(NAMED_MONTH, re.IGNORECASE)
_MONTH_CAPTION = re.compile(r"\(\s*(?:ай|месяц)\s*\)", re.IGNORECASE)
_SIGNS = re.compile(r"\W+|_")
_YEAR = re.compile(r"20\s?\d\s?\d")
_MONTH_IN_FIGURES = re.compile(r"(?<!\d)(?:0?[1-9]|1[0-2])[./]20\d\d(?!\d)|(?<!\d)20\d\d-(?:0[1-9]|1[0-2])(?!\d)")


def clean_period(text: str) -> str | None:
    """A period's phrase; None when only the printed words around its blanks are there."""
    phrase = clean(_MONTH_CAPTION.sub(" ", text))
    if phrase is None:
        return None
    if _MONTH.search(phrase):
        return phrase
    rest = _SIGNS.sub(" ", phrase)
    rest = " ".join(word for word in rest.split() if not _PERIOD_WORDS.fullmatch(word))
    return phrase if rest else None


def has_month_and_year(text: str) -> bool:
    """Whether a text names a month and a year of this century."""
    return bool((_MONTH.search(text) and _YEAR.search(text)) or _MONTH_IN_FIGURES.search(text))


_KAZAKH_WORDS = re.compile(
    r"(?<!\w)(?:жылғы|кезең|кезеңі|атауы|мекенжайы|орындаушы|басшы|саны|бірлік|нөмірі|күні|өтініш|мәліметтер\w*)(?!\w)",
    re.IGNORECASE,
)
_RUSSIAN_WORDS = re.compile(
    r"(?<!\w)(?:года|период|наименование|адрес|исполнитель|руководитель|количество|единиц|номер|дата|заявление"
    r"|сведени\w+)(?!\w)",
    re.IGNORECASE,
)
_KAZAKH_LETTERS = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)


def language_of(text: str) -> str:
    """`kk` or `ru`, by the printed words; names of people and pools are no sign of the form's language."""
    kazakh, russian = len(_KAZAKH_WORDS.findall(text)), len(_RUSSIAN_WORDS.findall(text))
    if kazakh == russian:
        return "kk" if _KAZAKH_LETTERS.search(text) else "ru"
    return "kk" if kazakh > russian else "ru"


_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u00ad": "-", "\u2010": "-", "\u2011": "-"})
_SPACES_OF_LINE = re.compile(r"[^\S\n]+")
_BREAK = re.compile(r"(?:[ \t]?\n)+[ \t]?")


def _with_short_spaces(text: str) -> str:
    """Runs of white space as one space, tab or line break; searching in long runs takes long.

    A tab parts the cells of a table's row in a document, so it stays.
    """
    text = _SPACES_OF_LINE.sub(_space_or_tab, with_kazakh_i(text.translate(_SPACES)))
    return _BREAK.sub("\n", text)


def _space_or_tab(spaces: re.Match[str]) -> str:
    return "\t" if "\t" in spaces.group() else " "


class Passage:
    """Text of many lines; `place` gives the cell of a position."""

    def __init__(self, sheet: str | None, lines: Iterable[Sequence[tuple[str, int | None, str | None]]]) -> None:
        """Each line is a list of (text, row, cell); row and cell are None outside of worksheets."""
        self.sheet = sheet
        self._starts: list[int] = []
        self._places: list[tuple[int | None, str | None]] = []
        parts: list[str] = []
        length = 0
        for line in lines:
            for number, (text, row, cell) in enumerate(line):
                separator = "" if number == 0 else "\t"
                self._starts.append(length)
                self._places.append((row, cell))
                piece = separator + _with_short_spaces(text)
                parts.append(piece)
                length += len(piece)
            parts.append("\n")
            length += 1
            if length > limits.DOCUMENT_CHARACTERS:
                break
        self.text = "".join(parts)

    @classmethod
    def of_paragraphs(cls, paragraphs: Iterable[str]) -> Passage:
        return cls(None, ([(text, None, None)] for text in paragraphs if text.strip()))

    def value(self, text: str | None, position: int) -> Text:
        """`text` with the place of the first filled character from `position` on."""
        while position < len(self.text) - 1 and self.text[position] in " \t\n_":
            position += 1
        index = bisect_right(self._starts, position) - 1
        row, cell = self._places[index] if index >= 0 else (None, None)
        return Text(text, self.sheet, row, cell)

    def line_end(self, position: int) -> int:
        end = self.text.find("\n", position)
        return len(self.text) if end < 0 else end

    def line_start(self, position: int) -> int:
        return self.text.rfind("\n", 0, position) + 1
