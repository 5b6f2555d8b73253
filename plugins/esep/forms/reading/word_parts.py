"""The parts of a .docx, and the numbers that Word puts before paragraphs."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from esep.forms.document import FileState
from esep.forms.reading.fault import FileError

NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
"""WordprocessingML, transitional and strict."""


def damaged() -> FileError:
    return FileError(FileState.UNREADABLE, "document_damaged")


def plain_parser() -> etree.XMLParser:
    """Neither entities nor the network, texts in one piece; depth and text nodes within libxml2's own limits."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )


class WordParts:
    """The XML parts of an open .docx, .docm, .dotx or .dotm."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {_plain(member.filename): member for member in archive.infolist()}
        self.main = self._main_part()

    def root(self, name: str) -> Any:
        """The root element of a part; None where there is no such part. Raises FileError for a part that is no XML."""
        member = self._members.get(_plain(name))
        if member is None:
            return None
        # Neither entities nor the network; text nodes and depth stay within libxml2's own limits.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            with self._archive.open(member) as part:
                return etree.parse(part, parser).getroot()
        except (etree.XMLSyntaxError, LookupError):
            raise damaged() from None

    def related(self, name: str, kind: str) -> list[str]:
        """Names of the parts to which `name` has a relation of this kind (the last word of the relation's type)."""
        return [target for of_kind, target in self._relations(name) if of_kind == kind]

    def _relations(self, name: str) -> Iterator[tuple[str, str]]:
        folder, base = posixpath.split(_plain(name))
        root = self.root(posixpath.join(folder, "_rels", f"{base}.rels"))
        for relation in root if root is not None else ():
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
                target = (relation.get("Target") or "").replace("\\", "/")
                yield (relation.get("Type") or "").rsplit("/", 1)[-1], posixpath.join("/", folder, target)

    def _main_part(self) -> str:
        for target in self.related("", "officeDocument"):
            if _plain(target) in self._members:
                return target
        raise damaged()


def _plain(name: str) -> str:
    return posixpath.normpath("/" + unquote(name.replace("\\", "/"))).strip("/").lower()


def open_parts(path: Path) -> zipfile.ZipFile:
    """The zip file; raises FileError where it is none."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise damaged() from None


_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_BELOW_40 = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LARGEST = 100_000
_DEEPEST = 8
"""Level of a list item, counted from 0; ECMA-376 Part 1, 17.9.3."""


class Numbering:
    """Counts the list items of a document in order; ECMA-376 Part 1, 17.9."""

    def __init__(self, w: str, numbering: Any, styles: Any) -> None:
        """`w`: namespace in braces; roots of the parts `numbering` and `styles`, None where missing."""
        self._w = w
        self._levels: dict[str, dict[int, tuple[int, str, str]]] = {}
        """abstractNumId → level → (start, format, text)."""
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        """numId → (abstractNumId, start by level where it is overridden)."""
        self._of_style: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if numbering is not None:
            self._read(numbering)
        for style in styles.iter(f"{w}style") if styles is not None else ():
            found = self._number_of(style.find(f"{w}pPr/{w}numPr"))
            if found:
                self._of_style[style.get(f"{w}styleId") or ""] = found

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
        if properties is None:
            return None
        number = self._value(properties, "numId")
        return (number, _whole(self._value(properties, "ilvl"), 0)) if number else None

    def next_label(self, paragraph_properties: Any) -> str:
        """What Word prints before a paragraph with these properties; empty for one outside of lists. Counts it."""
        if paragraph_properties is None or not self._lists:
            return ""
        found = self._number_of(paragraph_properties.find(f"{self._w}numPr"))
        if found is None:
            found = self._of_style.get(self._value(paragraph_properties, "pStyle") or "")
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
