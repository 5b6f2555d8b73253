"""What letters look like is the office's: a typst template and a .docx in $ESEP_HOME/looks/ stand in for Esep's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import docx
import pytest
from docx.shared import Cm, Pt
from pypdf import PdfReader

from esep.documents import paper
from esep.letters import outbox
from letters.letter_office import Office, docx_text, finding, pdf_text

DAY = date(2025, 4, 29)
PLAIN = """#let letter = json(bytes(sys.inputs.data))
#for part in letter.documents { for one in part.blocks { if one.kind == "paragraph" { par("※ " + one.text) } } }
"""


def receipt(office: Office) -> Path:
    office.workbook()
    return outbox.write_receipt(office.settings, office.register(), DAY).folder


def test_a_template_of_the_office_is_the_look_of_the_pdf(office: Office) -> None:
    office.settings.looks.mkdir(parents=True)
    (office.settings.looks / "letter.typ").write_text(PLAIN, encoding="utf-8")
    folder = receipt(office)
    assert "※ Расписка о приёме и регистрации заявления и сведений" in pdf_text(folder / "receipt.pdf")
    assert "※" not in docx_text(folder / "receipt.docx")


def test_styles_page_and_header_of_the_office_are_those_of_the_docx(office: Office) -> None:
    office.settings.looks.mkdir(parents=True)
    template = docx.Document(str(paper.LOOKS / "letter.docx"))
    template.styles["Letter title"].font.size = Pt(23)
    template.sections[0].left_margin = Cm(4)
    template.sections[0].header.paragraphs[0].text = "МКК"
    template.add_paragraph("how to use this template")
    template.save(str(office.settings.looks / "letter.docx"))
    word = docx.Document(str(receipt(office) / "receipt.docx"))
    titles = [one for one in word.paragraphs if one.text == "Расписка о приёме и регистрации заявления и сведений"]
    assert [(one.style.name, one.style.font.size) for one in titles if one.style] == [("Letter title", Pt(23))]
    assert [section.header.paragraphs[0].text for section in word.sections] == ["МКК", "МКК"]
    assert [round(section.left_margin / Cm(1), 2) for section in word.sections if section.left_margin] == [4, 4]
    assert "how to use" not in " ".join(one.text for one in word.paragraphs)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [("letter.typ", b"#let", "letter.typ"), ("letter.docx", b"PK", "cannot be read as .docx")],
)
def test_a_template_that_cannot_be_used_is_named_and_no_letter_is_written(
    office: Office, name: str, content: bytes, what: str
) -> None:
    office.settings.looks.mkdir(parents=True)
    (office.settings.looks / name).write_bytes(content)
    with pytest.raises(paper.LookError, match=what):
        receipt(office)
    assert not list(office.settings.outbox.glob("2025-*/*"))


def test_a_style_that_the_office_deleted_is_named(office: Office) -> None:
    office.settings.looks.mkdir(parents=True)
    template = docx.Document(str(paper.LOOKS / "letter.docx"))
    style = template.styles["Letter label"].element
    style.getparent().remove(style)
    template.save(str(office.settings.looks / "letter.docx"))
    with pytest.raises(paper.LookError, match="'Letter label'"):
        receipt(office)


def test_a_number_copied_from_the_pdf_is_the_number(office: Office) -> None:
    """Long words wrap in narrow places, without a sign inside them."""
    office.workbook()
    number, wallet = "-0.123456789012345678", "bc1q" + "w508d6qejxtdg4y5r3zarvary0c5xw7k"
    findings = [finding("C-45", found=number), finding("C-46", row=17, found=wallet)]
    folder = outbox.write_refusal(office.settings, office.register(), findings, DAY).folder
    text = "\n".join(page.extract_text() for page in PdfReader(folder / "refusal.pdf").pages)
    assert "\u200b" not in text
    assert number in "".join(text.split())
    assert wallet in "".join(text.split())
