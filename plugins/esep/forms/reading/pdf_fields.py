"""What stands in the form fields of a .pdf (AcroForm, ISO 32000-1, 12.7): the value that people see, and its place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

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
