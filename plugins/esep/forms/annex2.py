"""Annex 2 of the Rules: form 1-ЦМ. One description for the blank form, the filled form and the reader.

The columns of the table are rows of law/tables/form_column.csv. The order's published text has lost their headings,
which are rebuilt there from its explanation (columns 1-11); the reader finds the table by its number row, never by
these words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from esep.forms.annex1 import Line
from esep.law.form_versions import HEADING, FormColumn, layouts

INDEX = "1-ЦМ"

ANNEX_OF = {
    "kk": "Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік пулдардың кірістері туралы "
    "мәліметтерді ұсыну қағидаларына 2-қосымша",
    "ru": "Приложение 2 к Правилам представления сведений о доходах цифровых майнеров и цифровых майнинговых пулов "
    "для целей налогообложения",
}
FORM_WORD = {"kk": "Нысан", "ru": "Форма"}
HEADER = {
    "kk": (
        "Ұсынылады: Қазақстан Республикасының Цифрлық даму, инновациялар және аэроғарыш өнеркәсібі министрлігіне.",
        "Әкімшілік деректер нысаны мына интернет-ресурста орналастырылған: "
        "https://www.gov.kz/memleket/entities/mdai?lang=ru&ysclid=loiggo5o679664098.",
        "Әкімшілік деректер нысанының атауы: Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік "
        "пулдардың кірістері туралы мәліметтер.",
        "Әкімшілік деректер нысанының индексі: 1-ЦМ",
        "Кезеңділігі: ай сайын",
    ),
    "ru": (
        "Представляется: в Министерство цифрового развития, инноваций и аэрокосмической промышленности Республики "
        "Казахстан.",
        "Форма административных данных размещена на интернет-ресурсе: "
        "https://www.gov.kz/memleket/entities/mdai?lang=ru&ysclid=loiggo5o679664098.",
        "Наименование формы административных данных: Сведения о доходах цифровых майнеров и цифровых майнинговых "
        "пулов для целей налогообложения.",
        "Индекс формы административных данных: 1-ЦМ",
        "Периодичность: ежемесячно",
    ),
}
"""The lines above the reporting period."""
PERIOD_LABEL = {"kk": "Есепті кезең:", "ru": "Отчётный период:"}
PERIOD_BLANK = {"kk": "20__ жылғы _________ тоқсан", "ru": "_________ 20__ года"}
HEADER_END = {
    "kk": (
        "Ақпаратты ұсынатын тұлғалар тобы: цифрлық майнингтік пулдар",
        "Әкімшілік деректер нысанын ұсыну мерзімі: ай сайын 25 (жиырма бесінші) күннен кешіктірмей.",
    ),
    "ru": (
        "Круг лиц, представляющих информацию: цифровые майнинговые пулы",
        "Срок представления формы административных данных: ежемесячно, не позднее 25 (двадцать пятого) числа.",
    ),
}
"""The lines below the reporting period."""


class Way(StrEnum):
    """How columns 9.1 and 9.2 are numbered."""

    SPANNED = "9/10/11"
    """As explained, the heading over them (9) being a column of its own."""
    PRINTED = "9.1/9.2"
    EXPLAINED = "10/11"
    COUNTED_ON = "9/10"
    """All columns counted on from 1, as filers number them who type the table anew: it names this form only below words
    of it, since any table of so many columns may be numbered so."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """A number row: the columns from left to right with their numbers."""

    way: Way
    columns: tuple[FormColumn, ...]
    numbers: tuple[str, ...]


def numberings_of(columns: Sequence[FormColumn]) -> dict[Way, Numbering]:
    """The number rows of a form with these columns."""
    cells = tuple(column for column in columns if column.kind != HEADING)
    explained = tuple(column.explained_no for column in columns)
    return {
        Way.SPANNED: Numbering(Way.SPANNED, tuple(columns), explained),
        Way.PRINTED: Numbering(Way.PRINTED, cells, tuple(column.column_no for column in cells)),
        Way.EXPLAINED: Numbering(Way.EXPLAINED, cells, tuple(column.explained_no for column in cells)),
        Way.COUNTED_ON: Numbering(Way.COUNTED_ON, cells, tuple(str(number) for number in range(1, len(cells) + 1))),
    }


def _numberings() -> tuple[Numbering, ...]:
    every = [one for layout in layouts() for one in numberings_of(layout).values()]
    different: dict[tuple[str, ...], Numbering] = {}
    for one in sorted(every, key=lambda one: one.way is Way.COUNTED_ON):
        different.setdefault(one.numbers, one)
    return tuple(sorted(different.values(), key=lambda one: len(one.numbers), reverse=True))


NUMBERINGS = _numberings()
"""The number rows of all forms that there were, longest first; of equal ones that of the latest form."""


FOOTER = (
    Line(
        "pool_name",
        {"kk": "Атауы", "ru": "Наименование"},
        {"kk": "", "ru": ""},
        (
            "Пулдың атауы",
            "Пул атауы",
            "Майнингтік пулдың атауы",
            "Цифрлық майнингтік пулдың атауы",
            "Ұйымның атауы",
            "Наименование пула",
            "Наименование майнингового пула",
            "Наименование цифрового майнингового пула",
            "Наименование организации",
        ),
    ),
    Line(
        "address",
        {"kk": "Мекенжайы", "ru": "Адрес"},
        {"kk": "", "ru": ""},
        ("Мекен-жайы", "Мекенжай", "Юридический адрес", "Заңды мекенжайы"),
    ),
    Line(
        "phone",
        {"kk": "Телефон", "ru": "Телефон"},
        {"kk": "", "ru": ""},
        (
            "Телефоны",
            "Телефон нөмірі",
            "Телефоны нөмірі",
            "Номер телефона",
            "Контактный телефон",
            "Телефон/факс",
            "Тел./факс",
            "Тел.",
        ),
    ),
    Line(
        "email",
        {"kk": "Электрондық пошта мекенжайы", "ru": "Адрес электронной почты"},
        {"kk": "", "ru": ""},
        (
            "Электрондық поштаның мекенжайы",
            "Электрондық пошта",
            "Электрондық поштасы",
            "Электронная почта",
            "Электрондық мекенжай",
            "Электрондық мекенжайы",
            "Электронный адрес",
            "Эл. пошта",
            "Эл. почта",
            "Эл.почта",
            "E-mail",
            "Email",
        ),
    ),
    Line(
        "executor",
        {"kk": "Орындаушы", "ru": "Исполнитель"},
        {
            "kk": "тегі, аты, әкесінің аты (бар болса) қолы, телефоны",
            "ru": "фамилия, имя, отчество (при его наличии) подпись, телефон",
        },
        ("Орындаушының аты-жөні", "Орындаушының Т.А.Ә.", "ФИО исполнителя", "Ф.И.О. исполнителя"),
    ),
    Line(
        "head",
        {
            "kk": "Басшы немесе оның міндетін атқарушы тұлға",
            "ru": "Руководитель или лицо, исполняющее его обязанности",
        },
        {
            "kk": "тегі, аты, әкесінің аты (бар болса) қолы",
            "ru": "фамилия, имя, отчество (при его наличии) подпись",
        },
        (
            "Басшы немесе оның міндетін атқаратын тұлға",
            "Басшы (немесе оның міндетін атқарушы тұлға)",
            "Бірінші басшы",
            "Басшының аты-жөні",
            "Басшының Т.А.Ә.",
            "Басшы",
            "ФИО руководителя",
            "Ф.И.О. руководителя",
            "Первый руководитель",
            "Генеральный директор",
            "Директор",
            "Руководитель или лицо, его замещающее",
            "Руководитель (или лицо, исполняющее его обязанности)",
            "Руководитель либо лицо, исполняющее его обязанности",
            "Руководитель",
        ),
    ),
)
SEAL = {
    "kk": "Мөрдің орны (жеке кәсіпкерлік субъектілері болып табылатын адамдарды қоспағанда)",
    "ru": "Место печати (за исключением лиц, являющихся субъектами частного предпринимательства)",
}
SEAL_WORDS = ("Мөрдің орны", "Мөр орны", "М.О.", "МО", "Место печати", "Место для печати", "М.П.", "МП")

TOTAL_WORDS = (
    "Барлығы",
    "Жиыны",
    "Жиынтық",
    "Жиынтығы",
    "Қорытынды",
    "Қорытындысы",
    "Көшірілді",
    "Көшіріледі",
    "Итого",
    "Итог",
    "Всего",
    "Подытог",
    "Сумма",
    "Перенос",
    "Перенесено",
    "К переносу",
    "Total",
    "Subtotal",
    "Sum",
    "Carried forward",
    "Carried over",
    "Brought forward",
)
"""Words of a total, a sub-total and a sum carried forward. They are hints: what a row adds up to decides."""
