"""Period, pool, address, telephone, e-mail, executor and head, in the layouts that filers use."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from esep.forms.reading import limits
from forms.form_workbooks import FOOTER, NUMBERS, data_row, form_of, texts

FILLED = {
    "pool_name": '"Алтын Пул" ЖШС',
    "address": "Астана қ., Мысал к., 1",
    "phone": "+7 7172 000 000",
    "email": "altyn_pool@example.kz",
    "executor": "Серікова А.",
    "head": "Болатов Б.Б.",
}
KAZAKH_CAPTION = "тегі, аты, әкесінің аты (бар болса) қолы, телефоны"

FOOTERS: dict[str, list[list[Any]]] = {
    "one pair in each cell": [
        ['Атауы: "Алтын Пул" ЖШС'],
        ["Мекенжайы: Астана қ., Мысал к., 1"],
        ["Телефон: +7 7172 000 000"],
        ["Электрондық пошта мекенжайы: altyn_pool@example.kz"],
        ["Орындаушы: Серікова А."],
        [f"({KAZAKH_CAPTION})"],
        ["Басшы немесе оның міндетін атқарушы тұлға: Болатов Б.Б."],
    ],
    "as printed in the order, on underscores": [
        ['Атауы ____"Алтын Пул" ЖШС____ Мекенжайы__Астана қ., Мысал к., 1__'],
        ["Телефон ____+7 7172 000 000______________"],
        ["Электрондық пошта мекенжайы ___altyn_pool@example.kz___"],
        ["Орындаушы____Серікова А.____________"],
        [KAZAKH_CAPTION],
        ["Басшы немесе оның міндетін атқарушы тұлға"],
        ["______Болатов Б.Б._______"],
        ["тегі, аты, әкесінің аты (бар болса) қолы"],
        ["Мөрдің орны (жеке кәсіпкерлік субъектілері болып табылатын адамдарды қоспағанда)______"],
    ],
    "value in the next cell": [
        ["Атауы", '"Алтын Пул" ЖШС', "Мекенжайы", "Астана қ., Мысал к., 1"],
        ["Телефон", "+7 7172 000 000"],
        ["Электрондық пошта мекенжайы", "altyn_pool@example.kz"],
        ["Орындаушы", None, None, "Серікова А."],
        ["Басшы немесе оның міндетін атқарушы тұлға", "Болатов Б.Б."],
    ],
    "values below their labels": [
        ["Атауы", None, None, "Мекенжайы"],
        ['"Алтын Пул" ЖШС', None, None, "Астана қ., Мысал к., 1"],
        ["Телефон", None, None, "Электрондық пошта"],
        ["+7 7172 000 000", None, None, "altyn_pool@example.kz"],
        ["Орындаушы", None, None, "Басшы"],
        ["Серікова А.", None, None, "Болатов Б.Б."],
    ],
    "Russian": [
        ['Наименование: "Алтын Пул" ЖШС', None, None, None, None, "Адрес", "Астана қ., Мысал к., 1"],
        ["Телефон", "+7 7172 000 000", None, None, "Адрес электронной почты: altyn_pool@example.kz"],
        ["Исполнитель", "Серікова А."],
        [None, "(фамилия, имя, отчество (при его наличии), подпись, телефон)"],
        ["Руководитель или лицо, исполняющее его обязанности", None, "Болатов Б.Б."],
        [None, None, "(фамилия, имя, отчество (при его наличии), подпись)"],
        ["М.П."],
    ],
    "Russian, all in one line": [
        [
            'Наименование "Алтын Пул" ЖШС Адрес Астана қ., Мысал к., 1 Телефон +7 7172 000 000 '
            "Адрес электронной почты altyn_pool@example.kz Исполнитель Серікова А. Руководитель Болатов Б.Б."
        ]
    ],
    "with the Latin i": [
        ['Атауы: "Алтын Пул" ЖШС'],
        ["Мекенжайы: Астана қ., Мысал к., 1"],
        ["Телефон нөмiрi: +7 7172 000 000"],
        ["Электрондық пошта: altyn_pool@example.kz"],
        ["Орындаушы (тегi, аты): Серікова А."],
        ["Басшы немесе оның мiндетiн атқарушы тұлға: Болатов Б.Б."],
    ],
    "Russian, other words": [
        ["Наименование пула:", '"Алтын Пул" ЖШС'],
        ["Юридический адрес:", "Астана қ., Мысал к., 1"],
        ["Тел.:", "+7 7172 000 000"],
        ["E-mail:", "altyn_pool@example.kz"],
        ["Исполнитель (Ф.И.О.)", "Серікова А."],
        ["Руководитель (Ф.И.О., подпись)", "Болатов Б.Б."],
    ],
}


@pytest.mark.parametrize("layout", FOOTERS)
def test_footer_values_in_every_layout(tmp_path: Path, layout: str) -> None:
    form, rows = form_of(tmp_path, [NUMBERS, data_row(1), [], *FOOTERS[layout]])
    assert texts(form.footer) == FILLED
    assert len(rows) == 1


def test_a_label_without_value_is_reported_from_a_missing_label(tmp_path: Path) -> None:
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], ["Атауы ______ Мекенжайы ____"], ["Телефон", "-"]])
    assert texts(form.footer) == {"pool_name": None, "address": None, "phone": None}
    assert form.footer["pool_name"].row == 4


def test_values_carry_their_cell(tmp_path: Path) -> None:
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], *FOOTER])
    assert form.footer["address"].cell == "E4"
    assert (form.footer["phone"].sheet, form.footer["phone"].row, form.footer["phone"].cell) == ("1-ЦМ", 5, "B5")


def test_a_telephone_typed_as_a_number(tmp_path: Path) -> None:
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), ["Телефон", 77172000000]])
    assert form.footer["phone"].text == "77172000000"


def test_the_explanation_below_the_footer_is_not_read_into_it(tmp_path: Path) -> None:
    explanation = ['"Мәліметтер" 1-ЦМ әкімшілік деректер нысанын толтыру бойынша түсініктеме']
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), ["Басшы"], explanation, ["1-бағанда нөмір"], ["Телефон", "1"]])
    assert texts(form.footer) == {"head": None}


@pytest.mark.parametrize(
    ("header", "period"),
    [
        (["Есепті кезең: 2025 жылғы наурыз тоқсан."], "2025 жылғы наурыз тоқсан."),
        (["Есепті кезең: 20 25 жылғы наурыз тоқсан."], "20 25 жылғы наурыз тоқсан."),
        (["Есепті кезең: 2025 жылғы желтоқсан"], "2025 жылғы желтоқсан"),
        (["Есепті кезең:", "2025 жылғы наурыз"], "2025 жылғы наурыз"),
        (["Есепті кезең", "20", "25", "жылғы", "наурыз", "тоқсан"], "20 25 жылғы наурыз тоқсан"),
        (["Есепті кезең: 20_25_ жылғы ___наурыз___ тоқсан."], "20_25_ жылғы наурыз тоқсан."),
        (["Отчётный период: март 2025 года"], "март 2025 года"),
        (["Отчетный период", None, "за март 2025 года"], "за март 2025 года"),
        (["Отчетный период: I квартал 2025 года"], "I квартал 2025 года"),
        (["Отчетный период:", "03.2025"], "03.2025"),
        (["Есепті кезең: 20__ жылғы _________ тоқсан."], None),
        (["Отчётный период: _________ 20__ года"], None),
        (["Есепті кезең:"], None),
    ],
)
def test_the_period_in_every_layout(tmp_path: Path, header: list[Any], period: str | None) -> None:
    form, _ = form_of(tmp_path, [["1-ЦМ"], header, ["Кезеңділігі: ай сайын"], [], NUMBERS, data_row(1), *FOOTER])
    assert texts(form.header) == {"period": period}
    assert form.header["period"].row == 2


def test_a_period_without_its_label(tmp_path: Path) -> None:
    order = ["министрінің 25.12.2023 № 663/НҚ бұйрығымен"]
    form, _ = form_of(tmp_path, [order, ["2025 жылғы наурыз айы үшін"], NUMBERS, data_row(1)])
    assert form.header["period"].text == "2025 жылғы наурыз айы үшін"


def test_no_period_at_all(tmp_path: Path) -> None:
    form, _ = form_of(tmp_path, [["1-ЦМ"], NUMBERS, data_row(1)])
    assert form.header == {}


def test_the_language_is_that_of_the_printed_words(tmp_path: Path) -> None:
    kazakh, _ = form_of(tmp_path, [["Есепті кезең: 2025 жылғы наурыз"], NUMBERS, data_row(1), *FOOTER])
    russian_footer = [["Наименование", "ТОО Құлан"], ["Адрес", "Қызылорда"], ["Руководитель", "Әлиев Ә."]]
    russian, _ = form_of(tmp_path, [["Отчётный период: март 2025 года"], NUMBERS, data_row(1), *russian_footer])
    assert (kazakh.language, russian.language) == ("kk", "ru")


def _footer(phone: str, executor: str) -> list[list[Any]]:
    return [
        ["Атауы: «Алтын Пул» ЖШС"],
        [f"Мекенжайы: Астана қ., Мысал к., 1; телефон: {phone}; e-mail: altyn_pool@example.kz"],
        [f"Орындаушы: {executor}"],
        ["Басшы: Болатов Б.Б."],
    ]


def test_labels_in_small_letters_after_a_sign(tmp_path: Path) -> None:
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], *_footer("+7 7172 000 000", "Серікова А.")])
    found = texts(form.footer)
    assert found["address"] == "Астана қ., Мысал к., 1"
    assert found["phone"] == "+7 7172 000 000"
    assert found["email"] == "altyn_pool@example.kz"


def test_words_like_labels_within_a_value_stay_in_it(tmp_path: Path) -> None:
    footer = [["Мекенжайы: Астана қ., директор көшесі, 1"], ["Телефон: 1"]]
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], *footer])
    assert texts(form.footer)["address"] == "Астана қ., директор көшесі, 1"


@pytest.mark.parametrize("label", ["Телефон:", "тел.:", "Телефоны"])
def test_the_telephone_of_the_executor_is_not_that_of_the_pool(tmp_path: Path, label: str) -> None:
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], *_footer("", f"Серікова А., {label} +7 701 000 00 00")])
    assert form.footer["phone"].text is None


def test_the_only_telephone_counts_wherever_it_stands(tmp_path: Path) -> None:
    footer = [["Орындаушы: Серікова А. Телефон: +7 701 000 00 00"], ["Басшы: Болатов Б.Б."]]
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], *footer])
    assert form.footer["phone"].text == "+7 701 000 00 00"


@pytest.mark.parametrize("name", list(FOOTERS))
def test_letters_written_with_separate_marks_in_the_footer(tmp_path: Path, name: str) -> None:
    """Some programs write `й` and `ё` as two characters; a filing says the same either way."""
    apart = [
        [unicodedata.normalize("NFD", cell) if isinstance(cell, str) else cell for cell in line]
        for line in FOOTERS[name]
    ]
    form, _ = form_of(tmp_path, [NUMBERS, data_row(1), [], *apart])
    assert texts(form.footer) == FILLED


def test_rows_are_read_below_a_footer_of_any_length(tmp_path: Path) -> None:
    """Labels are looked for in as many lines as any footer has; rows of data also below them."""
    notes = [["ескертпе"]] * (limits.FOOTER_LINES + 100)
    form, rows = form_of(tmp_path, [NUMBERS, data_row(1), [], *FOOTERS["one pair in each cell"], *notes, data_row(2)])
    assert texts(form.footer) == FILLED
    assert [row["row_no"] for row in rows] == ["1", "2"]
