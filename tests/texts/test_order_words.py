"""What people read speaks as the order does: words that the order does not have stand in no text of any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from esep.config import Settings
from esep.texts import LANGUAGES, proofreading

TEXTS = {
    language: {one.key: one.old for one in proofreading.texts_of(Settings(home=Path("none")), language)}
    for language in LANGUAGES
}


def found(language: str, pattern: str, *beside: str) -> Iterator[str]:
    """Keys of texts with the words, without those of these areas."""
    for key, words in TEXTS[language].items():
        if re.search(pattern, words, re.IGNORECASE) and not key.startswith(beside):
            yield f"{language} {key}: {words}"


@pytest.mark.parametrize(
    ("language", "pattern"),
    [
        ("kk", r"қабылдаудан (дәлелді )?бас тарт"),
        ("ru", r"отказ\w* в (их |его )?при[её]ме|не означает при[её]ма"),
        ("en", r"refus\w+ (of|to) accept"),
        ("kk", r"тармақтың мерзімі .*қолданылмайды"),
        ("ru", r"срок\w* (пункта 8|проверки) к нему не применяется"),
        ("en", r"time limit of para 8 (does not|is not)"),
    ],
)
def test_no_text_refuses_the_acceptance(language: str, pattern: str) -> None:
    """Paras 7 and 8: arrivals are accepted and registered, what is refused is further consideration."""
    assert list(found(language, pattern)) == []


@pytest.mark.parametrize(
    ("language", "pattern"),
    [
        ("kk", r"жазбаша|көшірмесін (қоса бер|ұсын)ыңыз|міндеттісіз"),
        ("ru", r"письменно|приложите копию|обязаны? (представить|сообщить|пояснить)"),
        ("en", r"in writing|enclose a copy|the pool must"),
        ("kk", r"(ұсын|түсіндір|хабарла|бер)ыңыз|(ұсын|түсіндір|бер)іңіз"),
        ("ru", r"^(представьте|подайте|исправьте|объясните|сообщите)\b"),
    ],
)
def test_the_pool_is_asked_and_never_told(language: str, pattern: str) -> None:
    """No text of a letter or a rule sets the pool a duty that the order does not have."""
    told = [one for one in found(language, pattern) if re.match(r"\w+ (letter|rule|check)\.", one)]
    assert told == []


@pytest.mark.parametrize(
    ("language", "pattern", "beside"),
    [
        ("kk", r"уәж", ()),
        ("kk", r"дұрыстық|дұрыс емес дерек", ()),
        ("kk", r"тіркелген күннен бастап", ()),
        ("kk", r"өтінім", ()),
        ("kk", r"\bсату(?!шы)|сатылат", ()),
        ("kk", r"бақылау (саны|цифры)", ()),
        ("kk", r"лауазымды тұлға", ()),
        ("kk", r"\b(12|төрт) сан(нан|мен|ды)?\b", ()),
        ("kk", r"жалпы сома", ()),
        ("ru", r"со дня регистрации", ()),
        ("ru", r"ранней датой", ()),
        ("ru", r"продаж|к продаже", ()),
        ("ru", r"общая сумма", ()),
        ("ru", r"\bзаявк", ()),
        ("en", r"\bmend|out of force|after the term\b|for good\b", ()),
    ],
)
def test_words_that_the_order_does_not_have(language: str, pattern: str, beside: tuple[str, ...]) -> None:
    assert list(found(language, pattern, *beside)) == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_text_has_marks_of_another_notation(language: str) -> None:
    """Names of commands and DAGs stand bare: a backtick is a mark of Markdown, and pages and letters are none."""
    assert list(found(language, "`")) == []


def test_remarks_are_those_of_a_refusal() -> None:
    """Para 9 names remarks (ескертулер), para 10 facts and violations."""
    of_refusal = ("filing.is_refused", "letter.refusal", "letter.remarks_refusal", "letter.counts_refusal")
    of_refusal = (*of_refusal, "letter.ground_incomplete_todo", "check.remarks_completeness")
    assert list(found("kk", r"ескерту(?!ш)", *of_refusal)) == []
    assert list(found("ru", r"замечани", *of_refusal)) == []


@pytest.mark.parametrize(
    "key",
    [
        "letter.counting_days", "letter.counting_rolled", "letter.reminder_none", "calendar.lead",
        "calendar.explain_silent", "calendar.command_counting", "decide.explain", "filing.moved_from",
        "filing.within_rollover", "quality_report.due_lead",
    ],
)  # fmt: skip
def test_readings_say_that_they_are_readings(key: str) -> None:
    for language, mark in (("kk", "түсіндіру"), ("ru", "толковани"), ("en", "reading")):
        words = TEXTS[language].get(key)
        assert words is None or mark in words or "{reading}" in words, f"{language} {key}: {words}"
