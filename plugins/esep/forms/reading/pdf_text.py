"""A .pdf as lines of text: form fields where they are on the page, text by its position."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from esep.forms.document import FileError, FileState, encrypted
from esep.forms.reading import limits

_HIDDEN = 0b100010
"""Flags of an annotation: hidden, or not to be viewed."""
_MOST_PARENTS = 20


@dataclass(frozen=True, slots=True)
class Field:
    """A filled text or choice field. `hint`: its names and its tooltip, for people and programs."""

    hint: str
    value: str
    box: tuple[float, float, float, float]
    """Left, bottom, right, top in points of the page."""


def fields_of(page: Any) -> Iterator[Field]:
    """The filled fields of a page, in the order of its annotations."""
    annotations = _plain(page.get("/Annots"))
    for reference in annotations if isinstance(annotations, ArrayObject) else ():
        widget = _plain(reference)
        if not isinstance(widget, DictionaryObject) or widget.get("/Subtype") != "/Widget":
            continue
        if int(_number(widget.get("/F"))) & _HIDDEN or _inherited(widget, "/FT") not in ("/Tx", "/Ch"):
            continue
        value = _value(widget, page)
        box = _plain(widget.get("/Rect"))
        if value and isinstance(box, ArrayObject) and len(box) == 4:
            left, bottom, right, top = (_number(edge) for edge in box)
            place = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
            yield Field(_hint(widget), value, place)


def _plain(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _number(value: Any) -> float:
    try:
        return float(_plain(value) or 0)
    except (TypeError, ValueError):
        return 0.0


def _line_of(widget: Any) -> Iterator[Any]:
    """The widget and the fields above it, from which it has what it does not say itself."""
    for _ in range(_MOST_PARENTS):
        if not isinstance(widget, DictionaryObject):
            return
        yield widget
        widget = _plain(widget.get("/Parent"))


def _inherited(widget: Any, key: str) -> Any:
    return next((_plain(part[key]) for part in _line_of(widget) if key in part), None)


def _hint(widget: Any) -> str:
    names = [_plain(part.get(key)) for part in _line_of(widget) for key in ("/T", "/TU")]
    return " ".join(str(name) for name in names if name)


def _value(widget: Any, page: Any) -> str:
    value = _inherited(widget, "/V")
    if value is None:
        return _shown(widget, page)
    if isinstance(value, StreamObject):
        value = value.get_data().decode("utf-8", "replace")
    chosen = [_plain(one) for one in value] if isinstance(value, ArrayObject) else [value]
    words = _words_of_choices(widget)
    return "\n".join(words.get(text, text) for one in chosen if (text := str(one)) and text != "/Off").strip()


def _words_of_choices(widget: Any) -> dict[str, str]:
    """What a list shows for each value that it stores."""
    options = _inherited(widget, "/Opt")
    pairs = [_plain(option) for option in options] if isinstance(options, ArrayObject) else []
    return {
        str(_plain(pair[0])): str(_plain(pair[1])) for pair in pairs if isinstance(pair, ArrayObject) and len(pair) == 2
    }


def _shown(widget: Any, page: Any) -> str:
    """The text that a field without a value is drawn with."""
    appearance = _plain((_plain(widget.get("/AP")) or {}).get("/N"))
    if not isinstance(appearance, StreamObject):
        return ""
    with contextlib.suppress(Exception):  # what pypdf makes of a damaged drawing: then nothing is shown
        return str(page.extract_xform_text(appearance, (0,), 200.0)).strip()
    return ""


_WIDTH_OF_A_LETTER = 0.55
"""Of the font's size, in the fonts that forms are set in: texts have a beginning but no end in a .pdf."""
_BLANK = re.compile(r"([_\u2026]{2,}|\.{4,})")
_SAME_LINE = 3.0
"""Points by which the base lines of one line may differ."""
_BASE_LINE = 0.25
"""Of a field's height: where the base line of its text is above its lower edge."""
_ONE_LINE = 30.0
"""A field higher than this holds several lines, from its upper edge on."""


@dataclass(slots=True)
class _Piece:
    left: float
    right: float
    text: str
    is_blank: bool = False


@dataclass(slots=True)
class _Line:
    base: float
    pieces: list[_Piece]

    @property
    def text(self) -> str:
        return " ".join(" ".join(piece.text for piece in sorted(self.pieces, key=lambda piece: piece.left)).split())


def lines_of_page(page: Any, fields: Iterable[Field]) -> list[str]:
    """The lines of a page from top to bottom, values of its fields among them."""
    lines = _printed(page)
    for filled in fields:
        _place(lines, filled)
    return [text for line in sorted(lines, key=lambda line: -line.base) for text in [line.text] if text]


def _printed(page: Any) -> list[_Line]:
    lines: list[_Line] = []
    at: dict[int, _Line] = {}
    """Lines by the height of their base line in steps of `_SAME_LINE`, so that none has to be searched for."""

    def take(text: str, cm: Sequence[float], tm: Sequence[float], _font: object, size: float) -> None:
        if not text.strip():
            return
        left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        base = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        letter = _WIDTH_OF_A_LETTER * (abs(size * tm[0] * cm[0]) or abs(size) or 10.0)
        step = round(base / _SAME_LINE)
        near = (line for one in (step, step + 1, step - 1) if (line := at.get(one)) is not None)
        line = next((line for line in near if abs(line.base - base) <= _SAME_LINE), None)
        if line is None:
            line = at[step] = _Line(base, [])
            lines.append(line)
        for part in _BLANK.split(text.strip("\n")):
            right = left + letter * len(part)
            if part.strip():
                line.pieces.append(_Piece(left, right, part, bool(_BLANK.fullmatch(part))))
            left = right

    page.extract_text(visitor_text=take)
    return lines


def _place(lines: list[_Line], field: Field) -> None:
    """Into the line that the field is on, over its blank; a line of its own where a text is in its way."""
    left, bottom, right, top = field.box
    height = top - bottom
    base = top - 12.0 if height > _ONE_LINE else bottom + _BASE_LINE * height
    piece = _Piece(left, right, field.value)
    reach = max(_SAME_LINE, 0.4 * height)
    near = sorted((abs(line.base - base), n) for n, line in enumerate(lines) if abs(line.base - base) <= reach)
    for line in (lines[n] for _, n in near):
        covered = [one for one in line.pieces if one.left < right and left < one.right]
        if all(one.is_blank or _mostly_beside(one, left, right) for one in covered):
            line.pieces = [one for one in line.pieces if not (one.is_blank and one in covered)]
            line.pieces.append(piece)
            return
    lines.append(_Line(base - 0.01, [piece]))


def _mostly_beside(piece: _Piece, left: float, right: float) -> bool:
    """The ends of texts are estimates."""
    overlap = min(piece.right, right) - max(piece.left, left)
    return overlap <= 0.3 * min(piece.right - piece.left, right - left)


_MOST_FIELDS = 500
"""Of a page; Annex 1 has eight."""
_MOST_OBJECTS, _DEEPEST_DRAWING = 100, 2
_PAGE_NUMBER = re.compile(r"(?:стр\.?|бет)?\s*\d{1,3}\s*(?:/|из)\s*\d{1,3}|[-–—]\s*\d{1,3}\s*[-–—]", re.IGNORECASE)


@dataclass(slots=True)
class PdfText:
    lines: list[str] = field(default_factory=list)
    """Empty for a scan."""
    fields: list[Field] = field(default_factory=list)
    has_picture: bool = False
    """Whether a page shows a picture: a scan may have text, as its scanner recognised it."""


def read_pdf_text(path: Path) -> PdfText:
    """Raises FileError for a file that cannot be read."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        text = _read(path)
    except (FileError, MemoryError):
        raise
    except FileNotDecryptedError:
        raise encrypted() from None
    except Exception:  # pypdf passes on whatever a damaged file makes it stumble over
        raise FileError(FileState.UNREADABLE, "pdf_damaged") from None
    text.lines = [line for line in text.lines if line and not _PAGE_NUMBER.fullmatch(line)]
    return text


def _read(path: Path) -> PdfText:
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise encrypted()
    text = PdfText()
    for page in reader.pages[: limits.PDF_PAGES]:
        fields = list(islice(fields_of(page), _MOST_FIELDS))
        text.fields += fields
        text.has_picture = text.has_picture or _has_picture(page)
        if fields:
            text.lines += lines_of_page(page, fields)
        else:
            # By position on the page: the order in the file is the order of drawing, which many programs jumble.
            text.lines += [" ".join(line.split()) for line in page.extract_text(extraction_mode="layout").split("\n")]
        if sum(map(len, text.lines)) > limits.DOCUMENT_CHARACTERS:
            break
    if not text.fields and _is_dynamic_form(reader):
        raise FileError(FileState.UNSUPPORTED, "pdf_xfa")
    return text


def _has_picture(resourceful: Any, depth: int = 0) -> bool:
    """Whether a page shows a picture, or a drawing on it does."""
    resources = _plain(resourceful.get("/Resources"))
    objects = _plain(resources.get("/XObject")) if isinstance(resources, DictionaryObject) else None
    if not isinstance(objects, DictionaryObject):
        return False
    for reference in islice(objects.values(), _MOST_OBJECTS):
        drawn = _plain(reference)
        if not isinstance(drawn, DictionaryObject):
            continue
        if drawn.get("/Subtype") == "/Image" or (depth < _DEEPEST_DRAWING and _has_picture(drawn, depth + 1)):
            return True
    return False


def _is_dynamic_form(reader: Any) -> bool:
    form = reader.trailer["/Root"].get("/AcroForm")
    return form is not None and "/XFA" in form.get_object()
