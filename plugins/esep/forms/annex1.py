"""Annex 1 of the Rules: the application. One description for the blank form, the filled form and the reader.

The Kazakh wording is the order's; the Russian one is a translation, so the reader recognises words, not sentences.
Texts are keyed by language (`kk`, `ru`). `variants` are further wordings that filers use; the reader knows them all.
"""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("kk", "ru")

ANNEX_OF = {
    "kk": "Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік пулдардың кірістері туралы "
    "мәліметтерді ұсыну қағидаларына 1-қосымша",
    "ru": "Приложение 1 к Правилам представления сведений о доходах цифровых майнеров и цифровых майнинговых пулов "
    "для целей налогообложения",
}
FORM_WORD = {"kk": "Нысан", "ru": "Форма"}
TITLE = {
    "kk": "Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік пулдардың кірістері туралы "
    "мәліметтерді ұсыну туралы өтініш",
    "ru": "Заявление о представлении сведений о доходах цифровых майнеров и цифровых майнинговых пулов для целей "
    "налогообложения",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A blank line of the form: what is printed before it, and the caption in brackets below it."""

    key: str
    label: dict[str, str]
    caption: dict[str, str]


AUTHORITY = Line(
    "authority",
    {"kk": "", "ru": ""},
    {"kk": "(уәкілетті органның толық атауы)", "ru": "(полное наименование уполномоченного органа)"},
)
POOL = Line(
    "pool",
    {"kk": "", "ru": ""},
    {
        "kk": "(цифрлық майнингтік пул атауы, бизнес сәйкестендіруші нөмірі)",
        "ru": "(наименование цифрового майнингового пула, бизнес-идентификационный номер)",
    },
)
REQUEST_BEFORE = {
    "kk": "Салық салу мақсаттары үшін цифрлық майнерлер мен цифрлық майнингтік пулдардың",
    "ru": "Прошу принять сведения о доходах цифровых майнеров и цифровых майнинговых пулов для целей "
    "налогообложения за",
}
REQUEST_AFTER = {"kk": "кірістері туралы мәліметтерді қабылдауды сұраймын", "ru": ""}
PERIOD_BLANK = {"kk": "202__ жылғы _________", "ru": "_________ 202__ года"}
PERIOD_CAPTION = {"kk": "(ай)", "ru": "(месяц)"}
SHEETS_BEFORE = {"kk": "Қоса беріледі", "ru": "Прилагается"}
SHEETS_AFTER = {"kk": "парақ", "ru": "листов"}
SHEETS_BLANK = "_____"
CONFIRMED = {"kk": "Осымен расталады:", "ru": "Настоящим подтверждается:"}
DECLARES_TRUTH = {
    "kk": "барлық қоса берілген құжаттар шындыққа сәйкес келеді және сенімді болып табылады;",
    "ru": "все прилагаемые документы соответствуют действительности и являются достоверными;",
}
DECLARES_CONSENT = {
    "kk": "өтініш беруші заңмен қорғалатын құпияны құрайтын, ақпараттық жүйелердегі қолжетімділігі шектеулі дербес "
    "деректерді пайдалануға келіседі.",
    "ru": "заявитель согласен на использование персональных данных ограниченного доступа, составляющих охраняемую "
    "законом тайну, содержащихся в информационных системах.",
}
HEAD = Line(
    "head_name",
    {"kk": "Басшы", "ru": "Руководитель"},
    {
        "kk": "(тегі, аты, әкесінің аты (бар болған жағдайда)",
        "ru": "(фамилия, имя, отчество (при его наличии)",
    },
)
SIGNATURE_CAPTION = {"kk": "(электрондық-цифрлық қолтаңба)", "ru": "(электронная цифровая подпись)"}
SIGNED = {"kk": "ЭЦҚ", "ru": "ЭЦП"}
COMPLETED = Line("completed_on", {"kk": "Толтыру күні:", "ru": "Дата заполнения:"}, {"kk": "", "ru": ""})
COMPLETED_BLANK = {"kk": '202__ жылғы "__" ______', "ru": '"__" ______ 202__ года'}

POOL_ID_WORD = {"kk": "БСН", "ru": "БИН"}
"""The word a filer puts before the business identification number on the pool's line."""
