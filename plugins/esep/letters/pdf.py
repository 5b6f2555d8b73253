"""A letter as PDF, by typst with its own embedded fonts: no system library, no network, same bytes for same facts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst

from esep.documents.plain import breakable
from esep.letters.content import Part

TEMPLATE = Path(__file__).with_name("letter.typ")


def render_pdf(parts: Sequence[Part], day: date) -> bytes:
    """The PDF of a letter, each language beginning on a new page. `day` is the date in the file's properties."""
    data = {"title": f"{parts[0].title} {parts[0].number}", "parts": [_wrapping(asdict(part)) for part in parts]}
    moment = datetime.combine(day, time(12), UTC)
    rendered = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(data, ensure_ascii=False)},
        timestamp=moment,
    )
    if not isinstance(rendered, bytes):
        raise TypeError(f"typst gave {type(rendered).__name__} instead of one PDF")
    return rendered


def _wrapping(value: Any) -> Any:
    """All texts of a value with chances to break long words: wallets and names of 500 signs stay on the page."""
    if isinstance(value, str):
        return breakable(value)
    if isinstance(value, dict):
        return {key: _wrapping(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_wrapping(item) for item in value]
    return value
