"""The text of one paragraph of Word: its number in a list, runs, fields, tracked changes, hidden text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from esep.forms.reading.word_styles import Styles, is_off
from esep.forms.reading.words import raised

NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
"""WordprocessingML, transitional and strict."""
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = frozenset(
    f"{{{name}}}t"
    for name in (
        "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "http://purl.oclc.org/ooxml/officeDocument/math",
    )
)
LEFT_OUT = {
    f"{{{name}}}": frozenset(
        f"{{{name}}}{tag}"
        for tag in ("del", "moveFrom", "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "rt")
    )
    for name in NAMESPACES
}
"""Elements that hold no text of the final document, by namespace in braces."""
_CHECKED, _UNCHECKED = "☒", "☐"
_WINGDINGS = {0xFE: _CHECKED, 0xFD: _CHECKED, 0xFC: "✓", 0xFB: "✗", 0xA8: _UNCHECKED, 0x6F: _UNCHECKED, 0x78: _CHECKED}
_UNKNOWN_SIGN = "\u25a1"


def chosen(element: Any) -> Any:
    """Of an alternative the first choice, else the fallback for old programs; any other element itself."""
    if element.tag != f"{_MC}AlternateContent":
        return element
    choice = element.find(f"{_MC}Choice")
    fallback = element.find(f"{_MC}Fallback")
    return choice if choice is not None else fallback if fallback is not None else element


class Runs:
    """Reads paragraphs in order: a field may begin in one and end in another."""

    def __init__(self, w: str, styles: Styles) -> None:
        self._w = w
        self._styles = styles
        self._fields: list[bool] = []
        """Whether each open field is in its result, which is shown; its instruction is not."""
        self._boxes: list[Any] = []
        self._left_out = LEFT_OUT[w]

    def text(self, paragraph: Any) -> str:
        return "".join(self._pieces(paragraph))

    def take_boxes(self) -> list[Any]:
        """The text boxes anchored in the paragraph read last."""
        boxes, self._boxes = self._boxes, []
        return boxes

    def new_story(self) -> list[bool]:
        fields, self._fields = self._fields, []
        return fields

    def end_story(self, fields: list[bool]) -> None:
        self._fields = fields

    def _pieces(self, element: Any) -> Iterator[str]:
        w = self._w
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in self._left_out:
                continue
            if tag == f"{w}r":
                if not self._is_hidden(child):
                    pieces = self._of_run(child)
                    yield from map(raised, pieces) if self._is_raised(child) else pieces
            elif tag == f"{w}sdt":
                if is_off(child, f"{w}sdtPr/{w}showingPlcHdr", w):
                    yield from self._pieces(child)
            elif tag in _MATH_TEXT:
                yield child.text or ""
            elif tag == f"{w}txbxContent":
                self._boxes.append(child)
            else:
                yield from self._pieces(chosen(child))

    def _is_hidden(self, run: Any) -> bool:
        w = self._w
        properties = run.find(f"{w}rPr")
        if properties is None:
            return False
        if properties.find(f"{w}vanish") is not None:
            return not is_off(properties, f"{w}vanish", w)
        style = properties.find(f"{w}rStyle")
        return style is not None and style.get(f"{w}val") in self._styles.hidden

    def _is_raised(self, run: Any) -> bool:
        mark = run.find(f"{self._w}rPr/{self._w}vertAlign")
        return mark is not None and mark.get(f"{self._w}val") == "superscript"

    def _of_run(self, run: Any) -> Iterator[str]:
        w = self._w
        for child in run:
            tag = child.tag
            if not isinstance(tag, str) or tag in self._left_out:
                continue
            if tag == f"{w}fldChar":
                yield from self._field(child)
            elif tag == f"{w}txbxContent":
                self._boxes.append(child)
            elif not all(self._fields):
                continue
            elif tag == f"{w}t" or tag in _MATH_TEXT:
                yield child.text or ""
            elif tag in (f"{w}tab", f"{w}ptab"):
                yield "\t"
            elif tag in (f"{w}br", f"{w}cr"):
                yield "\n"
            elif tag == f"{w}noBreakHyphen":
                yield "-"
            elif tag == f"{w}sym":
                yield _sign(child, w)
            elif tag in (f"{w}instrText", f"{w}delText", f"{w}delInstrText", f"{w}softHyphen"):
                continue
            else:
                yield from self._in_object(chosen(child))

    def _in_object(self, element: Any) -> Iterator[str]:
        """Drawings and old pictures (text boxes are kept for later), ruby with its base."""
        w = self._w
        for child in element:
            if child.tag == f"{w}r":
                yield from self._of_run(child)
            elif child.tag == f"{w}txbxContent":
                self._boxes.append(child)
            elif isinstance(child.tag, str) and child.tag not in self._left_out:
                yield from self._in_object(chosen(child))

    def _field(self, mark: Any) -> Iterator[str]:
        w = self._w
        kind = mark.get(f"{w}fldCharType")
        if kind == "begin":
            visible = all(self._fields)
            self._fields.append(False)
            data = mark.find(f"{w}ffData")
            if visible and data is not None:
                yield _form_field(data, w)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()


def _form_field(data: Any, w: str) -> str:
    """What a check box or a drop-down list of the old kind shows; a text field has its text as the result."""
    box = data.find(f"{w}checkBox")
    if box is not None:
        state = "checked" if box.find(f"{w}checked") is not None else "default"
        return _UNCHECKED if is_off(box, f"{w}{state}", w) else _CHECKED
    choice = data.find(f"{w}ddList")
    if choice is None:
        return ""
    entries = [entry.get(f"{w}val") or "" for entry in choice.iter(f"{w}listEntry")]
    for name in ("result", "default"):
        picked = choice.find(f"{w}{name}")
        number = picked.get(f"{w}val") or "" if picked is not None else ""
        if number.isascii() and number.isdigit() and len(number) < 6 and int(number) < len(entries):
            return entries[int(number)]
    return entries[0] if entries else ""


def _sign(element: Any, w: str) -> str:
    """A character by its code in a font; those of symbol fonts are in the private area from F000 on."""
    try:
        code = int(element.get(f"{w}char") or "", 16)
    except ValueError:
        return _UNKNOWN_SIGN
    font = (element.get(f"{w}font") or "").lower()
    if "wingdings" in font or "webdings" in font:
        return _WINGDINGS.get(code & 0xFF, _UNKNOWN_SIGN)
    if 0xF000 <= code <= 0xF0FF:
        code -= 0xF000
        return chr(code) if 0x20 <= code < 0x40 else _UNKNOWN_SIGN
    return chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else _UNKNOWN_SIGN


_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_BELOW_40 = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LARGEST = 100_000
_DEEPEST = 8
"""Level of a list item, counted from 0; ECMA-376 Part 1, 17.9.3."""


class Numbering:
    """Counts the list items of a document in order; ECMA-376 Part 1, 17.9."""

    def __init__(self, w: str, numbering: Any, styles: Styles) -> None:
        """`w`: namespace in braces; `numbering`: root of that part, None where missing."""
        self._w = w
        self._styles = styles
        self._levels: dict[str, dict[int, tuple[int, str, str]]] = {}
        """abstractNumId → level → (start, format, text)."""
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        """numId → (abstractNumId, start by level where it is overridden)."""
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if numbering is not None:
            self._read(numbering)

    def _read(self, root: Any) -> None:
        w = self._w
        for abstract in root.iter(f"{w}abstractNum"):
            levels = self._levels.setdefault(abstract.get(f"{w}abstractNumId") or "", {})
            for level in abstract.iter(f"{w}lvl"):
                start, form, text = (self._value(level, name) for name in ("start", "numFmt", "lvlText"))
                levels[_whole(level.get(f"{w}ilvl"), 0)] = (_whole(start, 1), form or "decimal", text or "")
        for item in root.iter(f"{w}num"):
            starts = {
                _whole(override.get(f"{w}ilvl"), 0): _whole(start, 1)
                for override in item.iter(f"{w}lvlOverride")
                if (start := self._value(override, "startOverride")) is not None
            }
            self._lists[item.get(f"{w}numId") or ""] = (self._value(item, "abstractNumId") or "", starts)

    def _value(self, element: Any, name: str) -> str | None:
        child = element.find(f"{self._w}{name}")
        value: str | None = child.get(f"{self._w}val") if child is not None else None
        return value

    def _number_of(self, properties: Any) -> tuple[str, int] | None:
        number = None if properties is None else self._value(properties, "numId")
        return (number, _whole(self._value(properties, "ilvl"), 0)) if number else None

    def next_label(self, paragraph_properties: Any) -> str:
        """What Word prints before a paragraph with these properties; empty for one outside of lists. Counts it."""
        if paragraph_properties is None or not self._lists:
            return ""
        found = self._number_of(paragraph_properties.find(f"{self._w}numPr"))
        if found is None:
            style = self._value(paragraph_properties, "pStyle")
            found = self._number_of(self._styles.numbered.get(style)) if style else None
        if found is None or found[0] not in self._lists:
            return ""
        (number, level), (abstract, starts) = found, self._lists[found[0]]
        levels = self._levels.get(abstract, {})
        if level not in levels or level > _DEEPEST:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if level in starts and (number, level) not in self._begun:
            counts[level] = starts[level]
        else:
            counts[level] = counts[level] + 1 if level in counts else levels[level][0]
        self._begun.add((number, level))
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            asked = int(match[1]) - 1
            start, form, _ = levels.get(asked, (1, "decimal", ""))
            return _written(counts.get(asked, start), form)

        return "" if levels[level][1] in ("bullet", "none") else _PLACE.sub(shown, levels[level][2])


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def _written(number: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman") and 0 < number <= _LARGEST:
        return _roman(number).upper() if form == "upperRoman" else _roman(number)
    if form in ("upperLetter", "lowerLetter") and 0 < number <= 26:
        return chr(ord("A" if form == "upperLetter" else "a") + number - 1)
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in (*_ROMAN, *_ROMAN_BELOW_40):
        text += letters * (number // value)
        number %= value
    return text
