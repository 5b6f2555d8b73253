"""What a page says, for tests."""

from __future__ import annotations

import html
import re


def text_of(page: str) -> str:
    """The words of a page, without tags, white space folded."""
    plain = re.sub(r"<[^>]+>", " ", page.replace("<wbr>", ""))
    return " ".join(html.unescape(plain).split())


def section(page: str, part: str) -> str:
    """The words between the heading of a part and the next heading of the same rank."""
    found = re.search(rf'<h2 id="{part}">.*?(?=<h2 |</main>)', page, re.DOTALL)
    assert found, part
    return text_of(found[0])
