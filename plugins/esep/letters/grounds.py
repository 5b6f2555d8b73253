"""The grounds of a notice (para 10) in words: what, where, since when it is known, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from esep.letters.facts import Ground, LetterKind, NoticeFacts, NoticeReason, letter_no_of
from esep.letters.phrases import phrase
from esep.letters.wording import day_digits, day_words, term_words


@dataclass(frozen=True, slots=True)
class GroundBlock:
    """One ground of a notice. `where` and `detected` are lines, `todo` the advice without its label."""

    heading: str
    text: str
    where: str
    detected: str
    todo: str


def ground_blocks(facts: NoticeFacts, language: str) -> tuple[GroundBlock, ...]:
    return tuple(_block(number, ground, language) for number, ground in enumerate(facts.grounds, start=1))


def _block(number: int, ground: Ground, language: str) -> GroundBlock:
    return GroundBlock(
        heading=f"{number}.",
        text=phrase(f"ground_{ground.reason}", language, days=ground.days_late, count=ground.fault_count),
        where=_where(ground, language),
        detected=phrase("detected", language, day=day_words(ground.detected_on, language)),
        todo=phrase(f"ground_{ground.reason}_todo", language),
    )


def _where(ground: Ground, language: str) -> str:
    parts = []
    filing = ground.filing
    if filing:
        registered = day_digits(filing.registered_on)
        parts.append(phrase("ground_filing", language, no=filing.registration_no, day=registered))
    if filing and ground.reason is NoticeReason.INCOMPLETE:
        letter = letter_no_of(filing.registration_no, LetterKind.REFUSAL, 1)
        parts.append(phrase("ground_refusal", language, no=letter))
    if ground.term:
        parts.append(f"{phrase('ground_term', language)}: {term_words(ground.term, language)}")
    return "; ".join(parts)
