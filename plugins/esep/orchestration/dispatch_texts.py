"""Texts of the approval step (Kazakh, Russian, English) and of the message with which a letter leaves (kk, ru).

Values come between braces. The approval step shows all languages at once: Airflow's pages have no Kazakh.
"""

from __future__ import annotations

from collections.abc import Mapping

from esep.office.dispatches import OutgoingLetter

LANGUAGES = ("kk", "ru", "en")
LETTER_LANGUAGES = ("kk", "ru")

TEXTS: Mapping[str, Mapping[str, str]] = {
    "receipt": {"kk": "қолхат", "ru": "расписка", "en": "receipt"},
    "refusal": {"kk": "дәлелді бас тарту", "ru": "мотивированный отказ", "en": "reasoned refusal"},
    "notice": {"kk": "хабарлама", "ru": "уведомление", "en": "notice"},
    "reminder": {"kk": "еске салу", "ru": "напоминание", "en": "reminder"},
    "letter": {"kk": "Хат", "ru": "Письмо", "en": "Letter"},
    "kind": {"kk": "Түрі", "ru": "Вид", "en": "Kind"},
    "dated": {"kk": "Күні", "ru": "Дата", "en": "Dated"},
    "pool": {"kk": "Пул", "ru": "Пул", "en": "Pool"},
    "period": {"kk": "Есепті ай", "ru": "Отчётный месяц", "en": "Month"},
    "term": {"kk": "Жіберу мерзімінің соңы", "ru": "Отправить не позднее", "en": "Send by"},
    "recipient": {"kk": "Мекенжайы", "ru": "Адрес", "en": "Address"},
    "file": {"kk": "Файл", "ru": "Файл", "en": "File"},
    "unknown": {"kk": "белгісіз", "ru": "неизвестно", "en": "unknown"},
    "none": {"kk": "жоқ", "ru": "нет", "en": "none"},
    "question": {
        "kk": "Approve: хат жіберіледі. Reject: хат жіберілмейді; себебін жазыңыз. Бұл топтама бойынша шешімге де, "
        "деректерге де әсер етпейді.",
        "ru": "Approve: письмо уйдёт. Reject: письмо не уйдёт; укажите причину. На решение по пакету и на данные это "
        "не влияет.",
        "en": "Approve: the letter leaves. Reject: it does not; say why. Neither touches the verdict or the figures.",
    },
    "reason": {"kk": "Себебі", "ru": "Причина", "en": "Reason"},
    "no_reason": {
        "kk": "келісу қадамында шешілді, себебі жазылмаған",
        "ru": "решено на шаге согласования, причина не указана",
        "en": "decided in the approval step, no reason written",
    },
    "mail_subject": {"kk": "{no}: {kind}", "ru": "{no}: {kind}"},
    "mail_to": {"kk": "Кімге: {pool}", "ru": "Кому: {pool}"},
    "mail_body": {
        "kk": "Сізге {dated} күнгі № {no} хат жіберіледі ({kind}, есепті ай: {period}). Хат пен оған қоса берілетін "
        "файлдар осы хабарға тіркелген.",
        "ru": "Направляется письмо № {no} от {dated} ({kind}, отчётный месяц: {period}). Письмо и приложения к нему "
        "вложены в это сообщение.",
    },
}


def text(key: str, language: str, **values: object) -> str:
    """The text `key` in `language` with its values; raises KeyError for a text or language that is not there."""
    return TEXTS[key][language].format_map(values)


def all_languages(key: str) -> str:
    """The text in every language it has, each once, with strokes between."""
    return " / ".join(dict.fromkeys(TEXTS[key].values()))


def plain(value: str) -> str:
    """A name of a filer as one line that no page or header takes for anything but text."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())[:160]


def pool_words(letter: OutgoingLetter) -> str:
    """Name and BIN of the pool as far as they are known; empty where neither is."""
    return " ".join(plain(value) for value in (letter.pool_name, letter.pool_id) if value)
