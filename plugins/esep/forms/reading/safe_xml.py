"""XML of strangers, parsed without entities and without the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree


def safe_parser(*, remove_blank_text: bool = False) -> etree.XMLParser:
    """For small files: texts come in one piece, depth and text nodes are within libxml2's own limits."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        remove_blank_text=remove_blank_text,
    )


def safe_events(source: Any, **options: Any) -> Iterator[tuple[str, Any]]:
    """The elements of a file one by one; `options` are those of etree.iterparse."""
    return iter(etree.iterparse(source, resolve_entities=False, no_network=True, load_dtd=False, **options))


def forget(element: Any) -> None:
    """Free what was read: the content of an element, and all elements before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
