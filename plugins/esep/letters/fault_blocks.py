"""Blocks of a letter about what is wrong: the grounds of a notice (para 10), the remarks of a refusal (para 8)."""

from __future__ import annotations

from collections.abc import Iterator

from esep.documents.model import Block, Column, Kind, Paragraph, Section, Table
from esep.documents.plain import shown
from esep.letters.facts import Facts, Ground, LetterKind, NoticeReason, letter_no_of
from esep.letters.findings_book import CellOf
from esep.letters.remarks import Remark
from esep.letters.wording import (
    MESSAGE_LIMIT,
    VALUE_LIMIT,
    citation,
    deadline_words,
    found_words,
    phrase,
    place,
    reading,
)
from esep.texts.numbers import day, day_in_words

_PLACE_WIDTHS = (1.5, 1.2, 1.0)
"""Of place, found and expected in the table of a remark."""


def ground_block(number: int, ground: Ground, language: str) -> Section:
    """A ground of a notice (para 10): which, where, what to do, since when it is known."""
    text = phrase(f"ground_{ground.reason}", language, days=ground.days_late, count=ground.fault_count)
    where = "; ".join(_where(ground, language))
    todo = phrase(f"ground_{ground.reason}_todo", language)
    detected = phrase("detected", language, day=day_in_words(ground.detected_on, language))
    return Section(
        "",
        (
            Paragraph(f"{number}. {text}", "ground"),
            *([Paragraph(where, "ground line", phrase("where", language))] if where else []),
            *_waited(ground, language),
            Paragraph(todo, "ground line", phrase("todo", language)),
            Paragraph(detected, "ground note"),
        ),
        look="ground",
    )


def _waited(ground: Ground, language: str) -> Iterator[Paragraph]:
    """How long a refiling was waited for, of which the order says nothing."""
    if ground.waited_days is not None:
        words = phrase("ground_incomplete_reading", language, days=ground.waited_days, reading=reading(language))
        yield Paragraph(words, "ground note")


def _where(ground: Ground, language: str) -> Iterator[str]:
    if ground.receipt:
        number, registered = ground.receipt.registration_no, day(ground.receipt.registered_on, language)
        yield phrase("ground_filing", language, no=number, day=registered)
        if ground.reason is NoticeReason.INCOMPLETE:
            yield phrase("ground_refusal", language, no=letter_no_of(number, LetterKind.REFUSAL, 1))
    if ground.deadline:
        yield f"{phrase('ground_deadline', language)}: {deadline_words(ground.deadline, language)}"


def remark_blocks(facts: Facts, language: str, book: str, cell_of: CellOf) -> Iterator[Block]:
    """Remarks (para 9) or facts (para 10) under their heading with the true counts, also of what is not spelt out."""
    remarks, kind = facts.remarks, facts.head.kind
    if not remarks:
        return
    counts = phrase(f"counts_{kind}", language, rules=remarks.rule_count, faults=remarks.fault_count)
    blocks: list[Block] = [Paragraph(counts, "note")]
    blocks += [_remark(number, one, language, book, cell_of) for number, one in enumerate(remarks.shown, start=1)]
    rest = remarks.remark_count - len(remarks.shown)
    if rest:
        blocks.append(Paragraph(phrase("more_remarks", language, count=rest, book=book), "more"))
    yield Section(phrase(f"remarks_{kind}", language), blocks, look="remarks")


def _remark(number: int, remark: Remark, language: str, book: str, cell_of: CellOf) -> Section:
    """One remark: text, rule and paragraph, places with what was found and expected, what to do."""
    rows = [
        (
            place(finding, language, cell_of(finding), with_file=not finding.sheet),
            shown(found_words(finding, language), VALUE_LIMIT),
            shown(finding.expected, VALUE_LIMIT),
        )
        for finding in remark.places
        if finding.file or finding.sheet or finding.found or finding.expected
    ]
    blocks: list[Block] = [
        Paragraph(f"{number}. {shown(remark.text[language], MESSAGE_LIMIT)}", "remark"),
        Paragraph(" · ".join(_sources(remark, language)), "source"),
    ]
    if rows:
        labels = zip(("place", "found", "expected"), _PLACE_WIDTHS, strict=True)
        columns = [Column(phrase(key, language), Kind.SAID, width) for key, width in labels]
        blocks.append(Table(columns, rows))
    if remark.not_shown:
        blocks.append(Paragraph(phrase("more_places", language, count=remark.not_shown, book=book), "more"))
    if remark.todo[language]:
        todo = shown(remark.todo[language], MESSAGE_LIMIT)
        blocks.append(Paragraph(todo, "todo", phrase("todo", language)))
    return Section("", blocks, look="remark")


def _sources(remark: Remark, language: str) -> Iterator[str]:
    """Where a remark comes from: rule, paragraph, how often, filing, file, day."""
    yield remark.rule_id
    yield citation(remark.paragraph, language)
    if remark.count > 1:
        yield phrase("cases", language, count=remark.count)
    if remark.registration_no:
        yield f"№ {remark.registration_no}"
    if remark.places and remark.places[0].file:
        yield shown(remark.places[0].file, VALUE_LIMIT)
    if remark.detected_on:
        yield phrase("detected", language, day=day(remark.detected_on, language))
