"""The text of a .pdf, in reading order, with what stands in its form fields."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError

from esep.forms.document import FileState
from esep.forms.reading import limits
from esep.forms.reading.fault import FileError, encrypted
from esep.forms.reading.pdf_fields import Field, fields_of
from esep.forms.reading.pdf_page import lines_of_page

_MOST_FIELDS = 500
"""Of a page; Annex 1 has eight."""
_PAGE_NUMBER = re.compile(r"(?:стр\.?|бет)?\s*\d{1,3}\s*(?:/|из)\s*\d{1,3}|[-–—]\s*\d{1,3}\s*[-–—]", re.IGNORECASE)


@dataclass(slots=True)
class PdfText:
    lines: list[str] = field(default_factory=list)
    """Empty for a scan."""
    fields: list[Field] = field(default_factory=list)


def read_pdf_text(path: Path) -> PdfText:
    """Raises FileError for a file that cannot be read."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        text = _read(path)
    except (FileError, MemoryError):
        raise
    except FileNotDecryptedError:
        raise encrypted() from None
    except Exception:  # pypdf passes on whatever a damaged file makes it stumble over
        raise FileError(FileState.UNREADABLE, "pdf_damaged") from None
    text.lines = [line for line in text.lines if line and not _PAGE_NUMBER.fullmatch(line)]
    return text


def _read(path: Path) -> PdfText:
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise encrypted()
    text = PdfText()
    for page in reader.pages[: limits.PDF_PAGES]:
        fields = list(islice(fields_of(page), _MOST_FIELDS))
        text.fields += fields
        if fields:
            text.lines += lines_of_page(page, fields)
        else:
            # By position on the page: the order in the file is the order of drawing, which many programs jumble.
            text.lines += [" ".join(line.split()) for line in page.extract_text(extraction_mode="layout").split("\n")]
        if sum(map(len, text.lines)) > limits.DOCUMENT_CHARACTERS:
            break
    if not text.fields and _is_dynamic_form(reader):
        raise FileError(FileState.UNSUPPORTED, "pdf_xfa")
    return text


def _is_dynamic_form(reader: Any) -> bool:
    form = reader.trailer["/Root"].get("/AcroForm")
    return form is not None and "/XFA" in form.get_object()
