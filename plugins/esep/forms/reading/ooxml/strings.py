"""Texts of a workbook: shared strings and strings inside of cells (ECMA-376 part 1, §18.4 and §22.4.2.4)."""

from __future__ import annotations

import re
from typing import IO

from lxml import etree

from esep.forms.reading.fault import damaged_workbook
from esep.forms.reading.ooxml.streaming import elements

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
_SPACES = " \t\r\n"
_FIRST_SURROGATE, _LAST_SURROGATE = 0xD800, 0xDFFF


def unescaped(text: str) -> str:
    """`_x000D_` and its like as the characters they stand for."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if _FIRST_SURROGATE <= code <= _LAST_SURROGATE else chr(code)


def text_of(node: etree._Element, space: str) -> str:
    """The text of a `si` or `is`: its own or that of its runs, without phonetic hints. `space`: namespace as `{…}`."""
    parts = []
    for child in node:
        if child.tag == f"{space}t":
            parts.append(_plain(child))
        elif child.tag == f"{space}r":
            parts += [_plain(run) for run in child if run.tag == f"{space}t"]
    return unescaped("".join(parts))


def _plain(node: etree._Element) -> str:
    """Without `xml:space="preserve"` outer white space does not count. FileError for a text that holds elements."""
    if len(node):
        raise damaged_workbook("workbook_text_damaged")
    text = node.text or ""
    return text if node.get(_PRESERVE) == "preserve" else text.strip(_SPACES)


def shared_strings(part: IO[bytes]) -> list[str]:
    """All shared strings in order."""
    return [text_of(node, space) for node, space in elements(part, {"si": "sst"})]
