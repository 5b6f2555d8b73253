"""The 1-ЦМ filled in as a table of a document: the same rows as on a worksheet, places that a person can find."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.forms.document import FileRead
from esep.forms.reading.document_text import read_document
from esep.forms.reading.kinds import Kind
from esep.texts.words import place_words
from forms import word_files as word
from forms.form_workbooks import FOOTER, NUMBERS, data_row, unread
from forms.form_workbooks import rows_of as rows
from forms.word_files import control, table, words

HEAD = words("Әкімшілік деректер нысанының индексі: 1-ЦМ") + words("Есепті кезең: 2025 жылғы наурыз")
HEADINGS = [["№", "Атауы", "БСН / ЖСН", "Лицензия", "Әмиян", "Күні", "Актив", "Саны", "Пул сыйақысы", "саны"], NUMBERS]
TAIL = "".join(words("  ".join(str(text) for text in line if text)) for line in FOOTER)
APPLICATION = (
    words(
        "Салық салу мақсаттары үшін цифрлық майнерлер мен пулдардың кірістері туралы мәліметтерді ұсыну туралы өтініш"
    )
    + words("Цифрлық майнингтік пул атауы, БСН: «Алтын Пул» ЖШС 230640000018")
    + words("пулдардың 2025 жылғы наурыз кірістері туралы мәліметтерді қабылдауды сұраймын")
    + words("Қоса беріледі 1 парақ")
)


def data(number: int, **cells: object) -> list[object]:
    """A row as it is typed in Word: everything is text."""
    values = data_row(number, **cells)
    return [f"{value:%d.%m.%Y}" if isinstance(value, date) else value for value in values]


def read(path: Path, body: str) -> FileRead:
    return read_document(word.write_word(path / "a.docx", body), unread("a.docx"), Kind.DOCUMENT)


def test_a_form_with_head_and_footer_in_paragraphs(tmp_path: Path) -> None:
    document = read(tmp_path, HEAD + table([*HEADINGS, data(1), data(2)]) + TAIL)
    form = document.forms[0]
    assert (form.sheet, form.number_row, form.in_document) == ("1-кесте", 2, True)
    assert form.header["period"].text == "2025 жылғы наурыз"
    assert form.footer["pool_name"].text == '"Алтын Пул" ЖШС'
    assert {key for key, text in form.footer.items() if text.text} == {
        "pool_name", "address", "phone", "email", "executor", "head"
    }  # fmt: skip
    assert rows(document) == [(3, *map(str, data(1))), (4, *map(str, data(2)))]


def test_the_table_is_named_in_the_language_of_the_document(tmp_path: Path) -> None:
    head = table([["Представляется", "в Министерство"]]) + words("Отчётный период: март 2025 года")
    document = read(tmp_path, head + table([*HEADINGS, data(1)]))
    assert document.forms[0].sheet == "Таблица 2"
    assert document.forms[0].header["period"].text == "март 2025 года"


def test_period_and_footer_in_tables_of_their_own(tmp_path: Path) -> None:
    head = table([["Индексі", "1-ЦМ"], ["Есепті кезең:", "2025 жылғы наурыз"]])
    document = read(tmp_path, head + table([*HEADINGS, data(1)]) + words("") + table(FOOTER))
    form = document.forms[0]
    assert form.header["period"].text == "2025 жылғы наурыз"
    assert form.footer["address"].text == "Астана"
    assert form.footer["head"].text == "Болатов Б."
    assert len(rows(document)) == 1


def test_a_table_split_by_a_page_goes_on(tmp_path: Path) -> None:
    """The second half has no number row: its rows count on."""
    document = read(
        tmp_path, HEAD + table([*HEADINGS, data(1)]) + words("") + table([data(2)]) + words("2") + table([data(3)])
    )
    assert [one[:2] for one in rows(document)] == [(3, "1"), (4, "2"), (5, "3")]


def test_tables_with_a_number_row_each_have_places_of_their_own(tmp_path: Path) -> None:
    body = APPLICATION + HEAD + table([*HEADINGS, data(1)]) + words("BTC") + table([*HEADINGS, data(2)]) + TAIL
    document = read(tmp_path, body)
    assert [form.sheet for form in document.forms] == ["1-кесте", "2-кесте"]
    assert [one[:2] for form in (0, 1) for one in rows(document, form)] == [(3, "1"), (3, "2")]
    assert len(document.applications) == 1
    assert document.applications[0].fields["pool_id"].text == "230640000018"


def test_both_annexes_in_one_document(tmp_path: Path) -> None:
    document = read(tmp_path, APPLICATION + HEAD + table([*HEADINGS, data(1)]) + TAIL)
    (application,) = document.applications
    assert application.fields["period"].text == "2025 жылғы наурыз"
    assert application.fields["sheet_count"].text == "1"
    assert document.forms[0].header["period"].text == "2025 жылғы наурыз"


def _merged(first: list[object], *more: list[object]) -> str:
    """Rows whose columns 2-5 are merged downwards."""
    begun = "".join(
        word.cell(str(text), '<w:vMerge w:val="restart"/>' if 0 < n < 5 else "") for n, text in enumerate(first)
    )
    further = "".join(
        "<w:tr>"
        + "".join(
            word.cell("" if 0 < n < 5 else str(text), "<w:vMerge/>" if 0 < n < 5 else "") for n, text in enumerate(one)
        )
        + "</w:tr>"
        for one in more
    )
    return f"<w:tr>{begun}</w:tr>{further}"


def test_cells_merged_downwards_hold_for_each_row(tmp_path: Path) -> None:
    numbers = "".join(map(word.row, HEADINGS))
    body = HEAD + f"<w:tbl>{numbers}{_merged(data(1), data(2), data(3))}</w:tbl>"
    found = rows(read(tmp_path, body))
    assert [one[1] for one in found] == ["1", "2", "3"]
    assert {one[2:6] for one in found} == {tuple(map(str, data(1)[1:5]))}


def test_number_row_over_two_rows_with_a_heading_over_two_columns(tmp_path: Path) -> None:
    upper = "".join(word.cell(number, '<w:vMerge w:val="restart"/>') for number in NUMBERS[:8]) + word.cell(
        "9", '<w:gridSpan w:val="2"/>'
    )
    lower = "".join(word.cell("", "<w:vMerge/>") for _ in range(8)) + word.cell("9.1") + word.cell("9.2")
    body = HEAD + f"<w:tbl><w:tr>{upper}</w:tr><w:tr>{lower}</w:tr>{word.row(data(1))}</w:tbl>"
    assert rows(read(tmp_path, body)) == [(3, *map(str, data(1)))]


def test_rows_whose_lines_were_dragged_apart(tmp_path: Path) -> None:
    """Dragging a line of one row splits the grid: its cells span other columns than those of the number row."""
    numbers = "".join(word.cell(number, '<w:gridSpan w:val="2"/>') for number in NUMBERS)
    cells = "".join(word.cell(str(text), f'<w:gridSpan w:val="{1 + n % 3}"/>') for n, text in enumerate(data(1)))
    total = word.cell("Барлығы", '<w:gridSpan w:val="14"/>') + word.cell("0.5", '<w:gridSpan w:val="2"/>')
    body = HEAD + f"<w:tbl><w:tr>{numbers}</w:tr><w:tr>{cells}</w:tr><w:tr>{total}</w:tr></w:tbl>"
    document = read(tmp_path, body)
    assert rows(document) == [(2, *map(str, data(1)))]
    assert document.forms[0].total_rows == (3,)


def test_ordinal_and_column_numbers_written_by_word(tmp_path: Path) -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
        '</w:lvl></w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    )
    item = word.paragraph(properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>')
    lines = ["".join(word.cell(str(text)) for text in data(number)[1:]) for number in (1, 2)]
    inside = "".join(f"<w:tr><w:tc>{item}</w:tc>{line}</w:tr>" for line in lines)
    path = word.write_word(
        tmp_path / "a.docx",
        HEAD + f"<w:tbl>{''.join(map(word.row, HEADINGS))}{inside}</w:tbl>",
        parts={"numbering.xml": word.part("numbering", numbering)},
        kinds=[("numbering", "numbering.xml")],
    )
    document = read_document(path, unread("a.docx"), Kind.DOCUMENT)
    assert [one[1] for one in rows(document)] == ["1.", "2."]


@pytest.mark.parametrize(
    "body",
    [
        control(HEAD + table([*HEADINGS, data(1)]) + TAIL),
        HEAD + control(table([*HEADINGS, data(1)])) + TAIL,
        HEAD + f"<w:tbl>{''.join(control(word.row(one)) for one in [*HEADINGS, data(1)])}</w:tbl>" + TAIL,
        f"<w:tbl><w:tr><w:tc>{HEAD}{table([*HEADINGS, data(1)])}{TAIL}</w:tc></w:tr></w:tbl>",
    ],
    ids=["all in a control", "table in a control", "rows in controls", "all in a frame of one cell"],
)
def test_wrapped_forms(body: str, tmp_path: Path) -> None:
    document = read(tmp_path, body)
    assert rows(document) == [(3, *map(str, data(1)))]
    assert document.forms[0].footer["email"].text == "pool@example.kz"


def test_a_form_without_its_number_row_is_reported(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD + table([HEADINGS[0], data(1)])).detail_code == "no_number_row_in_document"


@pytest.mark.parametrize(
    "body",
    [
        words("Нысан 1-ЦМ қоса беріледі"),
        words("1-ЦМ") + table([["а", "б"]]),
        words("Қағидаларды бекіту туралы бұйрық") + HEAD + table([*HEADINGS, data(1)]),
    ],
    ids=["a letter that names the form", "with a small table", "the order itself"],
)
def test_what_only_speaks_of_the_form_is_none(body: str, tmp_path: Path) -> None:
    assert read(tmp_path, body) == unread("a.docx")


def test_a_document_of_nothing_but_an_inserted_file_is_reported(tmp_path: Path) -> None:
    assert read(tmp_path, '<w:altChunk r:id="rId9"/>').detail_code == "other_document_inside"
    assert read(tmp_path, words(" ")).detail_code == "no_text"


_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(_TEXT, min_size=9, max_size=9), min_size=1, max_size=5))
def test_any_rows_read_back(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    lines = [[str(n), *texts] for n, texts in enumerate(cells, start=1)]
    document = read(tmp_path_factory.mktemp("word"), HEAD + table([*HEADINGS, *lines]))
    assert rows(document) == [(n, *texts) for n, texts in enumerate(lines, start=3)]


def test_a_place_in_a_document_names_the_table_and_no_sheet() -> None:
    place = {"file": "1-ЦМ.docx", "row": 5, "column_no": "8", "cell": None}
    assert place_words("ru", sheet="Таблица 1", **place) == "1-ЦМ.docx, Таблица 1, строка 5, столбец 8"
    assert place_words("kk", sheet="2-кесте", **place).startswith("1-ЦМ.docx, 2-кесте, ")
    assert "«Лист1»" in place_words("ru", sheet="Лист1", **place)
