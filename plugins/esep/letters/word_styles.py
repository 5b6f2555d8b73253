"""The looks of a letter in .docx, as named styles of a blank document that is made once per process."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FONT = "Times New Roman"
_ACCENT = RGBColor(0x1F, 0x4E, 0x5F)
_FAINT = RGBColor(0x60, 0x60, 0x60)
_CENTRE, _JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True, slots=True)
class _Look:
    """Size, before and after in points, left in centimetres."""

    size: float = 11
    bold: bool = False
    italic: bool = False
    colour: RGBColor | None = None
    before: float = 0
    after: float = 6
    left: float = 0
    align: WD_ALIGN_PARAGRAPH | None = None
    keep: bool = False
    """On the page of what follows."""


_LOOKS = {
    "title": _Look(15, bold=True, colour=_ACCENT, align=_CENTRE, before=14, after=2),
    "subtitle": _Look(9, colour=_FAINT, align=_CENTRE, after=10),
    "text": _Look(align=_JUSTIFY),
    "gap": _Look(4, after=0),
    "heading": _Look(12, bold=True, colour=_ACCENT, before=8, after=0, keep=True),
    "note": _Look(9.5, colour=_FAINT, keep=True),
    "ground": _Look(bold=True, before=6, after=2, left=0.3, keep=True),
    "ground line": _Look(10, after=2, left=0.8, keep=True),
    "ground note": _Look(10, colour=_FAINT, after=4, left=0.8),
    "remark": _Look(bold=True, before=8, after=0, keep=True),
    "source": _Look(9, colour=_FAINT, after=3, keep=True),
    "more": _Look(9.5, italic=True, before=3, after=3),
    "todo": _Look(10, before=3),
    "list heading": _Look(9.5, bold=True, before=6, after=2, keep=True),
    "list": _Look(9.5, after=2, left=0.6),
    "signer": _Look(bold=True, before=22, after=14, keep=True),
    "signature": _Look(after=1, align=_CENTRE, keep=True),
    "signature caption": _Look(8.5, colour=_FAINT, after=1, align=_CENTRE),
    "strong": _Look(bold=True, after=1),
    "cell": _Look(after=1),
    "caption": _Look(9, colour=_FAINT, after=1),
    "small": _Look(9, after=1),
    "table heading": _Look(9, bold=True, colour=_FAINT, after=1),
    "label": _Look(9.5, colour=_FAINT, after=3),
    "value": _Look(10, after=3),
    "footer": _Look(8.5, colour=_FAINT, after=0),
}
GRID = "TableGrid"
"""Style id of a table with lines."""
_KEPT = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", GRID}
_DROPPED = {"stylesWithEffects", "customXml", "thumbnail", "numbering"}
"""Kinds of parts, by the last word of their relationship's type."""


def style_id(look: str) -> str:
    """Id of the paragraph style of a look; KeyError for one that is not in this module's list."""
    if look not in _LOOKS:
        raise KeyError(look)
    return _name(look).replace(" ", "")


def _name(look: str) -> str:
    return f"Letter {look}"


@cache
def blank() -> bytes:
    """An empty document with the styles, as .docx."""
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    _strip(document)
    for name, look in _LOOKS.items():
        _add(document, _name(name), look)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _strip(document: Any) -> None:
    """Take out what no letter uses of python-docx's template: 800 kB of table styles, twice, and a picture."""
    for style in list(document.styles):
        if style.style_id not in _KEPT:
            style.element.getparent().remove(style.element)
    for owner in (document.part, document.part.package):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.rpartition("/")[2] in _DROPPED:
                del owner.rels[key]


def _add(document: Any, name: str, look: _Look) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, look.italic
    if look.colour is not None:
        style.font.color.rgb = look.colour
    form = style.paragraph_format
    form.space_before, form.space_after, form.left_indent = Pt(look.before), Pt(look.after), Cm(look.left)
    form.keep_with_next = look.keep
    if look.align is not None:
        form.alignment = look.align
