"""Form fields of a .pdf: their values stand where the eye sees them, whatever the fields are called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, TextStringObject

from esep.forms.document import FileError
from esep.forms.reading.document_text import read_pdf
from esep.forms.reading.pdf_text import read_pdf_text
from forms.form_workbooks import unread

SOURCE = Path(__file__).parents[1] / "cases/packages/16-pdf-form-fields/Заявление.pdf"
EXPECTED = {
    "authority": "Министерство искусственного интеллекта и цифрового развития Республики Казахстан",
    "pool_name": "ЖШС «Самал Пул»",
    "pool_id": "230640000018",
    "period": "март 2025 года",
    "sheet_count": "1",
    "head_name": "Сериков Серик Серикович",
    "completed_on": "10.04.2025",
}
ON_THE_BLANKS = {
    "org": (40, 766, 440, 780),
    "pool": (40, 734, 440, 748),
    "month": (118, 686, 300, 700),
    "head": (112, 574, 300, 588),
    "date": (110, 542, 300, 556),
}
"""Where the page's blanks are, by the names of the fields."""


def changed(path: Path, change: Callable[[str, DictionaryObject, PdfWriter], None]) -> Path:
    writer = PdfWriter(clone_from=PdfReader(SOURCE))
    for reference in writer.pages[0]["/Annots"]:  # type: ignore[union-attr]
        widget: Any = reference.get_object()
        change(str(widget["/T"]), widget, writer)
    writer.write(path)
    return path


def on_the_blanks(name: str, widget: DictionaryObject, _writer: PdfWriter) -> None:
    widget[NameObject("/Rect")] = ArrayObject(map(FloatObject, ON_THE_BLANKS[name]))


def nameless(name: str, widget: DictionaryObject, _writer: PdfWriter) -> None:
    widget[NameObject("/T")] = TextStringObject(f"Text{len(name)}{name[0] == 'h'}")


def of_parents(name: str, widget: DictionaryObject, writer: PdfWriter) -> None:
    """Name, kind and value in the field above the widget, as Acrobat writes a field shown in several places."""
    parent = DictionaryObject()
    for key in ("/T", "/FT", "/V"):
        parent[NameObject(key)] = widget.pop(NameObject(key))
    widget[NameObject("/Parent")] = writer._add_object(parent)


def as_choices(name: str, widget: DictionaryObject, _writer: PdfWriter) -> None:
    shown = widget["/V"]
    pair = ArrayObject([TextStringObject("code"), TextStringObject(str(shown))])
    widget[NameObject("/FT")] = NameObject("/Ch")
    widget[NameObject("/Opt")] = ArrayObject([ArrayObject([TextStringObject("0"), TextStringObject("-")]), pair])
    widget[NameObject("/V")] = ArrayObject([TextStringObject("code")]) if name == "org" else TextStringObject("code")


def fields(path: Path) -> dict[str, str | None]:
    (application,) = read_pdf(path, unread("a.pdf")).applications
    return {key: text.text for key, text in application.fields.items()}


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [on_the_blanks],
        [on_the_blanks, nameless],
        [nameless],
        [on_the_blanks, of_parents],
        [of_parents],
        [on_the_blanks, as_choices],
        [as_choices, nameless],
    ],
    ids=lambda changes: ", ".join(change.__name__ for change in changes) or "as it is",
)
def test_the_application_in_form_fields(
    changes: list[Callable[[str, DictionaryObject, PdfWriter], None]], tmp_path: Path
) -> None:
    def change(name: str, widget: DictionaryObject, writer: PdfWriter) -> None:
        for one in changes:
            one(name, widget, writer)

    assert fields(changed(tmp_path / "a.pdf", change)) == EXPECTED


def test_values_stand_on_their_blanks(tmp_path: Path) -> None:
    lines = read_pdf_text(changed(tmp_path / "a.pdf", on_the_blanks)).lines
    assert "налогообложения за март 2025 года" in lines
    assert "Руководитель ЭЦП Сериков Серик Серикович" in lines
    assert "Дата заполнения: 10.04.2025" in lines
    assert not any("____" in line for line in lines)


def test_what_is_hidden_is_not_read(tmp_path: Path) -> None:
    def hide(name: str, widget: DictionaryObject, _writer: PdfWriter) -> None:
        if name in ("head", "date"):
            widget[NameObject("/F")] = NumberObject(2)

    found = fields(changed(tmp_path / "a.pdf", hide))
    assert (found["head_name"], found["completed_on"]) == (None, None)
    assert found["pool_id"] == EXPECTED["pool_id"]


def test_a_value_that_is_only_drawn(tmp_path: Path) -> None:
    """Some programs write the drawing of a field and no value."""

    def forget(name: str, widget: DictionaryObject, _writer: PdfWriter) -> None:
        if name in ("date",):
            del widget["/V"]

    lines = read_pdf_text(changed(tmp_path / "a.pdf", forget)).lines
    assert any("10.04.2025" in line for line in lines)


def test_a_dynamic_form_is_reported(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): ArrayObject()})
    writer.write(tmp_path / "a.pdf")
    with pytest.raises(FileError) as caught:
        read_pdf_text(tmp_path / "a.pdf")
    assert caught.value.detail.code == "pdf_xfa"
