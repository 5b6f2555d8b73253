"""The few elements of WordprocessingML (ISO/IEC 29500-1, 17.3 and 17.4) that a letter consists of, written as text.

python-docx makes an object of each element: 40 ms a letter, where text that is parsed once takes a tenth. Its schema
order is kept here: properties first, style before width before layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Cm

from esep.letters.word_styles import style_id

_LOOK = (
    '<w:tblLook w:firstColumn="1" w:firstRow="1" w:lastColumn="0" w:lastRow="0" w:noHBand="0" w:noVBand="1" '
    'w:val="04A0"/>'
)


def run(text: str, language: str, *, bold: bool = False) -> str:
    """A run of plain text. `language`: as Word names it, `kk-KZ`."""
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    properties = f'<w:rPr>{"<w:b/>" if bold else ""}<w:lang w:val="{language}"/></w:rPr>'
    return f"<w:r>{properties}<w:t{kept}>{escape(text)}</w:t></w:r>"


def paragraph(look: str, runs: str = "") -> str:
    """A paragraph in a look of word_styles; `runs` as `run` gives them, one after the other."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id(look)}"/></w:pPr>{runs}</w:p>'


def table(
    widths: Sequence[float], rows: Iterable[Sequence[str]], *, style: str | None = None, head: bool = False
) -> str:
    """A table whose cells are given as their paragraphs. `widths` in centimetres; `head`: the first row is repeated."""
    measures = [Cm(width).twips for width in widths]
    named = f'<w:tblStyle w:val="{style}"/>' if style else ""
    parts = [
        f'<w:tbl><w:tblPr>{named}<w:tblW w:type="auto" w:w="0"/><w:tblLayout w:type="fixed"/>{_LOOK}</w:tblPr>',
        "<w:tblGrid>",
        *(f'<w:gridCol w:w="{measure}"/>' for measure in measures),
        "</w:tblGrid>",
    ]
    for number, cells in enumerate(rows):
        repeated = "<w:tblHeader/>" if head and number == 0 else ""
        parts.append(f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>")
        for measure, paragraphs in zip(measures, cells, strict=True):
            parts.append(f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{measure}"/></w:tcPr>{paragraphs}</w:tc>')
        parts.append("</w:tr>")
    parts.append("</w:tbl>")
    return "".join(parts)


def append(document: Any, blocks: Iterable[str]) -> None:
    """Put paragraphs and tables at the end of a document of python-docx, in its last section."""
    section = document.element.body.sectPr
    for block in parse_xml(f"<w:body {nsdecls('w')}>{''.join(blocks)}</w:body>"):
        section.addprevious(block)
