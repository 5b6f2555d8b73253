"""The text of a .pdf, in reading order, with what stands in its form fields."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError

from esep.forms.document import FileState
from esep.forms.reading import limits
from esep.forms.reading.fault import FileError

_PAGE_NUMBER = re.compile(r"(?:стр\.?|бет)?\s*\d{1,3}\s*(?:/|из)\s*\d{1,3}|[-–—]\s*\d{1,3}\s*[-–—]", re.IGNORECASE)


def pdf_lines(path: Path) -> list[str]:
    """Lines of a text .pdf; an empty list for a scan."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    lines: list[str] = []
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted()
        for page in reader.pages[: limits.PDF_PAGES]:
            # By position on the page: the order in the file is the order of drawing, which many programs jumble.
            lines += [" ".join(line.split()) for line in page.extract_text(extraction_mode="layout").split("\n")]
            if sum(map(len, lines)) > limits.DOCUMENT_CHARACTERS:
                break
    except (FileError, MemoryError):
        raise
    except FileNotDecryptedError:
        raise _encrypted() from None
    except Exception:  # pypdf passes on whatever a damaged file makes it stumble over
        raise FileError(FileState.UNREADABLE, "pdf_damaged", "The file is damaged: its text cannot be read.") from None
    return [line for line in lines if line and not _PAGE_NUMBER.fullmatch(line)]


def _encrypted() -> FileError:
    return FileError(FileState.ENCRYPTED, "encrypted", "The file is protected with a password.")
