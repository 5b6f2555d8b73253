"""Documents as PDF, by typst with its own embedded fonts: no system library, no network, the same bytes again.

How they look stands in a template of `looks/`, which gets their texts as data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path

import typst

from esep.documents.model import Document, said
from esep.documents.plain import breakable
from esep.documents.resolved import resolved

LOOKS = Path(__file__).parent / "looks"


def pdf(documents: Mapping[str, Document], look: bytes) -> bytes:
    """One PDF of the documents, each given by its language and beginning on a new page.

    `look` is a typst template. Title and date in the file's properties are those of the first document.
    """
    language, first = next(iter(documents.items()))
    data = {
        "title": said(first.title, language),
        "documents": [resolved(document, of, breakable) for of, document in documents.items()],
    }
    made = typst.compile(
        look,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=datetime.combine(first.day, time(12), UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__} instead of one PDF")
    return made
