"""Documents as PDF, by typst with its own embedded fonts: no system library, no network, the same bytes again.

How they look is in a template of `looks/`, which gets their texts as data.
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


class LookError(ValueError):
    """A template of the office that cannot be used; the text names the file and says what to do."""


def look(name: str, folder: Path) -> Path:
    """A template: the office's own in `folder`, else that of Esep."""
    own = folder / name
    return own if own.is_file() else LOOKS / name


def pdf(documents: Mapping[str, Document], look: Path) -> bytes:
    """One PDF of the documents, each given by its language and beginning on a new page.

    `look` is a typst template. Title and date in the file's properties are those of the first document. Raises
    LookError for a template that typst does not understand.
    """
    language, first = next(iter(documents.items()))
    data = {
        "title": said(first.title, language),
        "documents": [resolved(document, of, breakable) for of, document in documents.items()],
    }
    try:
        made = typst.compile(
            look.read_bytes(),
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=datetime.combine(first.day, time(12), UTC),
        )
    except typst.TypstError as error:
        raise LookError(f"{look}: {error}. Correct the template, or move it away: Esep then uses its own.") from error
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__} instead of one PDF")
    return made
