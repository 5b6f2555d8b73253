"""What paragraphs and runs of Word take from the document's styles; ECMA-376 Part 1, 17.7.

Styles are most of what a short document weighs, and few documents have a text that depends on one: the part is read
when the first paragraph or run asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any


def is_off(element: Any, path: str, w: str) -> bool:
    """Whether a switch (`<w:vanish/>`, `w:val="0"`) is missing or off."""
    found = element.find(path)
    return found is None or found.get(f"{w}val", "1").lower() in ("0", "false", "off")


class Styles:
    def __init__(self, w: str, read: Callable[[], Any]) -> None:
        """`w`: namespace in braces; `read` gives the root of the part, None for a document without one."""
        self._w = w
        self._read = read

    @cached_property
    def hidden(self) -> frozenset[str | None]:
        """Ids of those whose text is not shown."""
        marks = self._firsts("rPr", "vanish")
        return frozenset(style for style, mark in marks if not is_off(mark.getparent(), mark.tag, self._w))

    @cached_property
    def numbered(self) -> dict[str | None, Any]:
        """Id → the properties that make a paragraph a list item."""
        return dict(self._firsts("pPr", "numPr"))

    @cached_property
    def _root(self) -> Any:
        return self._read()

    def _firsts(self, properties: str, name: str) -> Iterator[tuple[str | None, Any]]:
        """Id and the first element `name` in `properties` of each style that has one: few of hundreds do."""
        w = self._w
        seen = set()
        for element in self._root.iter(f"{w}{name}") if self._root is not None else ():
            above = list(element.iterancestors())[:2]
            if [ancestor.tag for ancestor in above] == [f"{w}{properties}", f"{w}style"] and above[1] not in seen:
                seen.add(above[1])
                yield above[1].get(f"{w}styleId"), element
