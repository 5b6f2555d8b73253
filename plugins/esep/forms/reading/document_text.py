"""The text of a .docx or .pdf, in reading order, for the application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from esep.forms.document import FileState
from esep.forms.reading import limits
from esep.forms.reading.fault import FileError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PAGE_NUMBER = re.compile(r"(?:стр\.?|бет)?\s*\d{1,3}\s*(?:/|из)\s*\d{1,3}|[-–—]\s*\d{1,3}\s*[-–—]", re.IGNORECASE)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def document_lines(path: Path) -> list[str]:
    """Paragraphs of a .docx: body, text boxes and tables; the cells of a table row form one line."""
    from docx import Document

    try:
        body = Document(str(path)).element.body
    except Exception as error:  # python-docx passes on whatever its parts raise
        raise FileError(FileState.UNREADABLE, "document_damaged", f"The document cannot be read ({error}).") from None
    return list(_lines_of(body))


def _lines_of(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _FALLBACK:
            continue  # the same text box once more, for old programs
        if child.tag == f"{_W}tr":
            yield from _row_lines(child)
        elif child.tag == f"{_W}p":
            yield from _paragraph_text(child).split("\n")
            for box in child.iter(f"{_W}txbxContent"):
                if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors()):
                    yield from _lines_of(box)
        elif isinstance(child.tag, str):
            yield from _lines_of(child)


def _row_lines(row: Any) -> Iterator[str]:
    """Cells side by side make one line; further paragraphs of the cells make further lines."""
    columns = [list(_lines_of(cell)) for cell in row if cell.tag == f"{_W}tc"]
    for number in range(max(map(len, columns), default=0)):
        yield "\t".join(column[number] for column in columns if number < len(column))


def _paragraph_text(paragraph: Any) -> str:
    pieces = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"):
        holder = next((a for a in node.iterancestors() if a.tag in (f"{_W}p", f"{_W}pPr")), None)
        if holder is not paragraph:
            continue
        pieces.append(node.text or "" if node.tag == f"{_W}t" else "\t" if node.tag == f"{_W}tab" else "\n")
    return "".join(pieces)


def pdf_lines(path: Path) -> list[str]:
    """Lines of a text .pdf; an empty list for a scan."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    lines: list[str] = []
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileError(FileState.ENCRYPTED, "encrypted", "The file is protected with a password.")
        for page in reader.pages[: limits.PDF_PAGES]:
            # By position on the page: the order in the file is the order of drawing, which many programs jumble.
            lines += [" ".join(line.split()) for line in page.extract_text(extraction_mode="layout").split("\n")]
            if sum(map(len, lines)) > limits.DOCUMENT_CHARACTERS:
                break
    except FileError:
        raise
    except FileNotDecryptedError:
        raise FileError(FileState.ENCRYPTED, "encrypted", "The file is protected with a password.") from None
    except MemoryError:
        raise
    except Exception as error:  # pypdf passes on whatever a damaged file makes it stumble over
        raise FileError(FileState.UNREADABLE, "pdf_damaged", f"The file cannot be read ({error}).") from None
    return [line for line in lines if line and not _PAGE_NUMBER.fullmatch(line)]
