"""Annex 1 in the layouts and wordings that filers use."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pytest

from esep.forms.document import ApplicationRead
from esep.forms.reading.application import is_application, read_application
from esep.forms.reading.document_blocks import lines_of
from esep.forms.reading.pdf_text import read_pdf_text
from esep.forms.reading.word_document import read_word
from esep.forms.reading.words import Passage
from forms.form_workbooks import FIXTURES, FOOTER, NUMBERS, data_row, read, texts, write_rows

TITLE_KK = (
    "Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік пулдардың кірістері туралы мәліметтерді "
    "ұсыну туралы өтініш"
)
TITLE_RU = (
    "Заявление о представлении сведений о доходах цифровых майнеров и цифровых майнинговых пулов для целей "
    "налогообложения"
)
TRUTH_KK = "барлық қоса берілген құжаттар шындыққа сәйкес келеді және сенімді болып табылады;"
CONSENT_KK = "өтініш беруші … қолжетімділігі шектеулі дербес деректерді пайдалануға келіседі."
TRUTH_RU = "все прилагаемые документы соответствуют действительности и являются достоверными;"
CONSENT_RU = "заявитель согласен на использование персональных данных ограниченного доступа."


def application_of(lines: Sequence[str]) -> ApplicationRead:
    """Each line's cells are parted by `|`."""
    cells = [[(text, row, None) for text in line.split("|") if text] for row, line in enumerate(lines, start=1)]
    passage = Passage("Өтініш", cells)
    assert is_application(passage.text)
    return read_application("a.xlsx", passage)


def filled(**changes: str | None) -> dict[str, str | None]:
    return {
        "authority": "Цифрлық даму министрлігі",
        "pool_name": '"Алтын Пул" ЖШС',
        "pool_id": "230640000018",
        "period": "2025 жылғы наурыз",
        "sheet_count": "3",
        "head_name": "Болатов Б.Б.",
        "completed_on": '2025 жылғы "10" сәуір',
        **changes,
    }


def filled_russian(**changes: str | None) -> dict[str, str | None]:
    return {
        "authority": "Министерство цифрового развития",
        "pool_name": 'ТОО "Северный Пул"',
        "pool_id": "230640000018",
        "period": "март 2025 года",
        "sheet_count": "3",
        "head_name": "Иванов Иван Иванович",
        "completed_on": "10 апреля 2025 года",
        **changes,
    }


LAYOUTS: dict[str, tuple[list[str], dict[str, str | None]]] = {
    "values above their captions": (
        [
            "Нысан",
            TITLE_KK,
            "Цифрлық даму министрлігі",
            "(уәкілетті органның толық атауы)",
            '"Алтын Пул" ЖШС, БСН 230640000018',
            "(цифрлық майнингтік пул атауы, бизнес сәйкестендіруші нөмірі)",
            "Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік пулдардың 2025 жылғы наурыз "
            "кірістері туралы мәліметтерді қабылдауды сұраймын",
            "(ай)",
            "Қоса беріледі 3 парақ.",
            "Басшы|ЭЦҚ|Болатов Б.Б.",
            "|(электрондық-цифрлық қолтаңба)|(тегі, аты, әкесінің аты (бар болған жағдайда)",
            'Толтыру күні: 2025 жылғы "10" сәуір',
        ],
        filled(),
    ),
    "the order's own lines, filled on their underscores": (
        [
            TITLE_KK,
            "      ____Цифрлық даму министрлігі________ (уәкілетті ",
            "органның толық атауы)",
            '      ____"Алтын Пул" ЖШС, 230640000018____ (',
            "цифрлық майнингтік пул атауы, бизнес сәйкестендіруші нөмірі)",
            "      Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік ",
            "пулдардың 2025 жылғы наурыз кірістері туралы мәліметтерді қабылдауды ",
            "сұраймын (ай)",
            "      Қоса беріледі __3__ парақ.",
            "      Басшы ____________________ __Болатов Б.Б.__ (",
            "электрондық-цифрлық (тегі, аты, әкесінің аты (бар болған қолтаңба) жағдайда)",
            '      Толтыру күні: 2025 жылғы "10" сәуір',
        ],
        filled(),
    ),
    "sentence and number in cells of their own": (
        [
            TITLE_KK,
            "Цифрлық даму министрлігі",
            "(уәкілетті органның толық атауы)",
            '"Алтын Пул" ЖШС|БСН|230640000018',
            "(цифрлық майнингтік пул атауы, бизнес сәйкестендіруші нөмірі)",
            "Салық салу мақсаттары үшін цифрлық майнингтік пулдардың|2025|жылғы|наурыз|"
            "кірістері туралы мәліметтерді қабылдауды сұраймын",
            "Қоса беріледі|3|парақ",
            "Басшы||Болатов Б.Б.",
            'Толтыру күні:|2025 жылғы "10" сәуір',
        ],
        filled(),
    ),
    "with the Latin i": (
        [
            TITLE_KK.replace("і", "i"),
            "Цифрлық даму министрлігі",
            "(уәкiлеттi органның толық атауы)",
            '"Алтын Пул" ЖШС, БСН 230640000018',
            "(цифрлық майнингтiк пул атауы, бизнес сәйкестендiрушi нөмiрi)",
            "майнингтiк пулдардың 2025 жылғы наурыз кiрiстерi туралы мәлiметтердi қабылдауды сұраймын",
            "Қоса берiледi 3 парақ",
            "Басшы Болатов Б.Б.",
            'Толтыру күнi: 2025 жылғы "10" сәуір',
        ],
        filled(),
    ),
    "addressee above the title": (
        [
            "Қағидаларына 1-қосымша",
            "Нысан",
            "Цифрлық даму министрлігі",
            "(уәкілетті органның толық атауы)",
            TITLE_KK,
            '"Алтын Пул" ЖШС (БСН: 230640000018)',
            "(цифрлық майнингтік пул атауы, бизнес сәйкестендіруші нөмірі)",
            "майнингтік пулдардың 2025 жылғы наурыз табыстары туралы мәліметтерді қабылдауды сұраймын",
            "Қоса беріледі: 3 парақ",
            "Басшы: Болатов Б.Б.",
            'Толтыру күні: 2025 жылғы "10" сәуір',
        ],
        filled(),
    ),
    "Russian, values above captions": (
        [
            "Форма",
            TITLE_RU,
            "Министерство цифрового развития",
            "(полное наименование уполномоченного органа)",
            'ТОО "Северный Пул", БИН 230640000018',
            "(наименование цифрового майнингового пула, бизнес-идентификационный номер)",
            "Прошу принять сведения о доходах цифровых майнеров и цифровых майнинговых пулов для целей "
            "налогообложения за март 2025 года",
            "Прилагается 3 листа.",
            "Руководитель|ЭЦП|Иванов Иван Иванович",
            "|(электронная цифровая подпись)|(фамилия, имя, отчество (при его наличии))",
            "Дата заполнения: 10 апреля 2025 года",
        ],
        filled_russian(),
    ),
    "Russian, labels beside values": (
        [
            TITLE_RU,
            "Полное наименование уполномоченного органа|Министерство цифрового развития",
            'Наименование цифрового майнингового пула|ТОО "Северный Пул"',
            "Бизнес-идентификационный номер (БИН)|230640000018",
            "Отчётный период|март 2025 года",
            "Прошу принять сведения о доходах",
            "Количество листов|3",
            "Руководитель|Иванов Иван Иванович",
            "Дата заполнения|10 апреля 2025 года",
        ],
        filled_russian(),
    ),
    "Russian, captions deleted": (
        [
            TITLE_RU,
            "Министерство цифрового развития",
            'ТОО "Северный Пул", БИН 230640000018',
            "Просим принять сведения о доходах цифровых майнеров за 03.2025",
            "Приложение: на 3 л.",
            "Руководитель: Иванов Иван Иванович",
            "Дата: 10.04.2025",
        ],
        filled_russian(period="03.2025", completed_on="10.04.2025"),
    ),
    "Russian, captions above values": (
        [
            TITLE_RU,
            "(полное наименование уполномоченного органа)",
            "Министерство цифрового развития",
            "(наименование цифрового майнингового пула, бизнес-идентификационный номер)",
            'ТОО "Северный Пул", БИН 230640000018',
            "Прошу принять сведения за 2025 год март",
            "Прилагается на 3 листах",
            "Руководитель",
            "Иванов Иван Иванович",
            "Дата заполнения",
            "10.04.2025",
        ],
        filled_russian(period="2025 год март", completed_on="10.04.2025"),
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_fields_in_every_layout(layout: str) -> None:
    lines, expected = LAYOUTS[layout]
    application = application_of(lines)
    assert texts(application.fields) == expected
    assert application.language == ("ru" if layout.startswith("Russian") else "kk")


def test_declarations_are_reported_one_by_one() -> None:
    for lines, expected in (
        ([TRUTH_KK, CONSENT_KK], (True, True)),
        ([TRUTH_RU, CONSENT_RU], (True, True)),
        ([TRUTH_KK], (True, False)),
        ([CONSENT_RU], (False, True)),
        ([], (False, False)),
    ):
        application = application_of([TITLE_KK, *lines])
        assert (application.declares_truth, application.declares_consent) == expected


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_blank_lines_are_labels_without_values(tmp_path: Path, language: str) -> None:
    from esep.forms.templates import write_application

    for suffix in (".xlsx", ".docx"):
        path = write_application(tmp_path / f"blank{suffix}", language=language)
        if suffix == ".xlsx":
            (application,) = read(path).applications
        else:
            application = read_application("a", Passage.of_paragraphs(lines_of(read_word(path).body)))
        assert application.fields.keys() == filled().keys()
        assert set(texts(application.fields).values()) == {None}


def test_a_wrong_number_is_kept_as_written() -> None:
    lines, _ = LAYOUTS["values above their captions"]
    changed = [line.replace("230640000018", "23064000001") for line in lines]
    assert texts(application_of(changed).fields)["pool_id"] == "23064000001"
    without = [line.replace(", БСН 230640000018", "") for line in lines]
    assert texts(application_of(without).fields) == filled(pool_id=None)


def test_december_is_not_cut() -> None:
    lines = [line.replace("наурыз", "желтоқсан") for line in LAYOUTS["values above their captions"][0]]
    assert texts(application_of(lines).fields)["period"] == "2025 жылғы желтоқсан"


@pytest.mark.parametrize(
    "text",
    [
        "Есепті кезең: 2025 жылғы наурыз",
        "Договор о майнинге",
        "Салық салу мақсаттары үшін мәліметтерді ұсыну қағидаларын бекіту туралы. " + TITLE_KK,
    ],
)
def test_other_texts_are_no_application(text: str) -> None:
    assert not is_application(text)


def test_a_printed_page_whose_lines_are_stored_in_another_order() -> None:
    application = read_application("a.pdf", Passage.of_paragraphs(read_pdf_text(FIXTURES / "application.pdf").lines))
    assert texts(application.fields) == filled()
    assert application.declares_truth
    assert application.declares_consent


@pytest.mark.parametrize("above", [True, False])
def test_the_application_on_the_sheet_of_the_form(tmp_path: Path, above: bool) -> None:
    application: list[list[Any]] = [
        [cell or None for cell in line.split("|")] for line in LAYOUTS["values above their captions"][0]
    ]
    form = [["Әкімшілік деректер нысанының индексі: 1-ЦМ"], ["Есепті кезең: 2025 жылғы наурыз"], NUMBERS, data_row(1)]
    rows = [*application, [], *form, [], *FOOTER] if above else [*form, [], *FOOTER, [], *application]
    result = read(write_rows(tmp_path / "one.xlsx", rows))
    (application_read,) = result.applications
    (form_read,) = result.forms
    assert texts(application_read.fields) == filled()
    assert form_read.header["period"].text == "2025 жылғы наурыз"
    assert texts(form_read.footer)["head"] == "Болатов Б."
    assert form_read.rows.num_rows == 1


def test_text_boxes_and_tables_of_a_document(tmp_path: Path) -> None:
    from docx import Document
    from docx.oxml import parse_xml

    document = Document()
    document.add_paragraph(TITLE_RU)
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "Полное наименование уполномоченного органа"
    table.cell(0, 1).text = "Министерство цифрового развития"
    table.cell(1, 0).text = "Наименование цифрового майнингового пула"
    table.cell(1, 1).text = 'ТОО "Северный Пул", БИН 230640000018'
    names = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    box = "<w:txbxContent><w:p><w:r><w:t>Прилагается 3 листа</w:t></w:r></w:p></w:txbxContent>"
    pict = f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    document.element.body.insert(
        1,
        parse_xml(
            f"<w:p {names}><w:r><mc:AlternateContent><mc:Choice>{pict}</mc:Choice>"
            f"<mc:Fallback>{pict}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        ),
    )
    document.save(str(tmp_path / "a.docx"))
    lines = list(lines_of(read_word(tmp_path / "a.docx").body))
    assert lines.count("Прилагается 3 листа") == 1
    application = read_application("a.docx", Passage.of_paragraphs(lines))
    assert texts(application.fields) == {
        "authority": "Министерство цифрового развития",
        "pool_name": 'ТОО "Северный Пул"',
        "pool_id": "230640000018",
        "sheet_count": "3",
    }


LABELLED = {
    "authority": "Уәкілетті органның толық атауы|Цифрлық даму министрлігі",
    "pool_name": 'Цифрлық майнингтік пул атауы|"Алтын Пул" ЖШС',
    "pool_id": "Бизнес сәйкестендіру нөмірі (БСН)|230640000018",
    "year": "Жыл|2025",
    "month": "Ай|наурыз",
    "sheet_count": "Қоса берілген парақтар саны|3",
    "head_name": "Басшы|Болатов Б.Б.",
    "completed_on": "Толтыру күні|10.04.2025",
}


def test_a_table_of_labels_and_values() -> None:
    application = application_of([TITLE_KK, *LABELLED.values()])
    assert texts(application.fields) == filled(period="наурыз 2025", completed_on="10.04.2025")


@pytest.mark.parametrize(
    ("blank", "field", "left"),
    [("year", "period", "наурыз"), ("month", "period", "2025"), ("sheet_count", "sheet_count", None)],
)
def test_a_blank_cell_beside_a_label(blank: str, field: str, left: str | None) -> None:
    lines = [line.split("|")[0] if key == blank else line for key, line in LABELLED.items()]
    assert texts(application_of([TITLE_KK, *lines]).fields)[field] == left


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["Период|март 2025 года"], "period", "март 2025 года"),
        (["Месяц:|март", "Год:|2025"], "period", "март 2025"),
        (["Количество прилагаемых листов|4"], "sheet_count", "4"),
        (["Парақтар саны: 5"], "sheet_count", "5"),
    ],
)
def test_other_labels(lines: list[str], field: str, value: str) -> None:
    assert texts(application_of([TITLE_RU, *lines]).fields)[field] == value


def test_a_table_of_a_document_keeps_its_cells_apart(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TITLE_KK)
    table = document.add_table(rows=0, cols=2)
    for line in LABELLED.values():
        for cell, text in zip(table.add_row().cells, line.split("|"), strict=True):
            cell.text = text
    document.save(str(tmp_path / "a.docx"))
    application = read_application("a.docx", Passage.of_paragraphs(lines_of(read_word(tmp_path / "a.docx").body)))
    assert texts(application.fields)["period"] == "наурыз 2025"
    assert texts(application.fields)["sheet_count"] == "3"


def test_a_long_title_broken_anywhere_is_no_authority() -> None:
    words = TITLE_RU.split()
    for place in range(1, len(words)):
        title = [" ".join(words[:place]), " ".join(words[place:])]
        lines = [*title, "______________", "(полное наименование уполномоченного органа)"]
        authority = application_of(lines).fields["authority"]
        assert authority.text is None, title


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_letters_written_with_separate_marks(name: str) -> None:
    """Some programs write `й` and `ё` as two characters; a filing says the same either way."""
    lines, expected = LAYOUTS[name]
    application = application_of([unicodedata.normalize("NFD", line) for line in lines])
    assert texts(application.fields) == expected
