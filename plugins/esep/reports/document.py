"""A report as self-contained HTML and as PDF: no script, nothing from outside, the same bytes for the same content."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst
from jinja2 import Template
from markupsafe import Markup

from esep.letters.text import breakable
from esep.reports import rendering
from esep.reports.blocks import Document

_FOLDER = Path(__file__).parent
_SIGNS = {"\u202f": "\u00a0"}
"""Signs that the PDF's font lacks → what stands for them there."""


def html(document: Document) -> bytes:
    """The report as one file that any browser opens."""
    return _template(document.language).render(document=document, svg=Markup).encode()


def pdf(document: Document, day: date) -> bytes:
    """The report on A4. `day` is the date in the file's properties."""
    rendered = typst.compile(
        (_FOLDER / "document.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_for_paper(asdict(document)), ensure_ascii=False)},
        timestamp=datetime.combine(day, time(12), UTC),
    )
    if not isinstance(rendered, bytes):
        raise TypeError(f"typst gave {type(rendered).__name__} instead of one PDF")
    return rendered


@cache
def _template(language: str) -> Template:
    return rendering.environment(language, _FOLDER).get_template("document.html")


def _for_paper(value: Any, name: str = "") -> Any:
    """All texts of a value with chances to break long words; pictures stay as they are."""
    if isinstance(value, str):
        return value if name in ("svg", "kind", "look", "language") else breakable(value.translate(_TRANSLATED))
    if isinstance(value, dict):
        return {key: _for_paper(item, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_for_paper(item) for item in value]
    return value


_TRANSLATED = str.maketrans(_SIGNS)
