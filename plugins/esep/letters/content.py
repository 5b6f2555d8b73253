"""A letter in one language as blocks; both renderers print exactly these, so .docx and PDF say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from esep.clock import local_date
from esep.documents.model import (
    Beside,
    Block,
    Column,
    Document,
    Facts,
    Kind,
    Paragraph,
    Section,
    Signature,
    Table,
)
from esep.documents.plain import shown
from esep.letters.annotate import Copy, CopyOutcome
from esep.letters.facts import Facts as LetterFacts
from esep.letters.facts import Ground, LetterKind, NoticeReason, letter_no_of
from esep.letters.findings_book import CellOf
from esep.letters.issuer import Issuer
from esep.letters.office_blocks import APPEALED, FILES_LISTED, appeal, decision, executor, letterhead, unread
from esep.letters.remarks import Remark
from esep.letters.wording import (
    MESSAGE_LIMIT,
    NAME_LIMIT,
    VALUE_LIMIT,
    citation,
    counting_words,
    deadline_words,
    found_words,
    moment_words,
    period_words,
    phrase,
    place,
    pool_words,
    reading,
)
from esep.office.archive import Receipt
from esep.texts.numbers import day, day_in_words

_PLACE_WIDTHS = (1.5, 1.2, 1.0)
"""Of place, found and expected in the table of a remark."""


def document(
    facts: LetterFacts, issuer: Issuer, language: str, copies: Sequence[Copy], copies_left: int, cell_of: CellOf
) -> Document:
    """The letter `facts` of the office `issuer` in `language` (kk or ru).

    `copies` that go with it have their final names; `copies_left` are the files with faulty cells beyond those.
    """
    number = phrase("letter_no", language, no=facts.head.letter_no)
    title = phrase(f"{facts.head.kind}_title", language)
    book = facts.head.book if facts.enclosed else ""
    enclosed = [*_enclosed(facts, language), *_copied(copies, copies_left, book, language)]
    return Document(
        title=f"{title} {number}",
        subtitle="",
        footer=f"{number} · {title}",
        blocks=(
            *letterhead(issuer, language),
            _head(facts, number, language),
            Paragraph(title, "title"),
            Paragraph(phrase("basis", language), "subtitle"),
            Paragraph(_body(facts, language)),
            *(_ground(number, ground, language) for number, ground in enumerate(facts.grounds, start=1)),
            Paragraph("", "gap"),
            Facts(tuple(_details(facts, language))),
            *decision(facts.officer, language),
            *(
                unread(facts.remarks, language)
                if facts.head.kind is LetterKind.REQUEST
                else _remarks(facts, language, book, cell_of)
            ),
            Paragraph("", "gap"),
            *map(Paragraph, _after(facts, language, book)),
            *(appeal(issuer.appeal, language) if facts.head.kind in APPEALED else ()),
            Section(
                "",
                (*_end(enclosed, language), executor(issuer, language)),
                look="end",
            ),
        ),
        day=facts.head.dated,
    )


def _head(facts: LetterFacts, number: str, language: str) -> Beside:
    """Number and date, and to whom it goes."""
    pool = facts.pool
    unexamined = facts.head.kind is LetterKind.RECEIPT and not pool.is_known
    to = [phrase("filer", language) if unexamined else pool_words(pool, language)]
    to += [shown(pool.email, NAME_LIMIT)] if pool.email else []
    dated = phrase("dated", language, day=day_in_words(facts.head.dated, language))
    of_letter = (Paragraph(number, "strong"), Paragraph(dated, "cell"))
    of_filer = (
        Paragraph(phrase("to", language), "caption"),
        *(Paragraph(line, "strong") for line in to),
    )
    return Beside((of_letter, of_filer))


def _body(facts: LetterFacts, language: str) -> str:
    if facts.head.kind is LetterKind.NOTICE and facts.period is None:
        return phrase("notice_body_no_period", language)
    if facts.head.kind is LetterKind.REFUSAL and not facts.remarks:
        return phrase("refusal_body_officer", language)
    return phrase(f"{facts.head.kind}_body", language, period=period_words(facts.period, language))


def _details(facts: LetterFacts, language: str) -> Iterator[tuple[str, str]]:
    kind = facts.head.kind
    if kind is not LetterKind.RECEIPT:  # a receipt is given before anything has been read
        known = pool_words(facts.pool, language) if facts.pool.is_known else phrase("unknown", language)
        yield phrase("pool", language), known
        yield phrase("period", language), period_words(facts.period, language)
    if facts.receipt:
        yield from _filing_details(facts.receipt, language)
        if kind is LetterKind.RECEIPT:
            yield from _file_details(facts.receipt, language)
    for deadline in (*facts.missed, facts.deadline):
        if deadline:
            yield phrase(f"term_{deadline.kind}_label", language), deadline_words(deadline, language)
            yield phrase("counting", language), counting_words(deadline, language)
    if kind is LetterKind.REMINDER and facts.deadline:
        left = (facts.deadline.ends_on - facts.head.dated).days
        yield phrase("days_left", language), phrase("days_left_value", language, days=left)


def _filing_details(receipt: Receipt, language: str) -> Iterator[tuple[str, str]]:
    yield phrase("registration_no", language), receipt.registration_no
    yield phrase("registered_on", language), day_in_words(receipt.registered_on, language)
    yield phrase("received_at", language), moment_words(receipt.received_at, language)
    if receipt.incoming_no:
        yield phrase("incoming_no", language), shown(receipt.incoming_no, NAME_LIMIT)


def _file_details(receipt: Receipt, language: str) -> Iterator[tuple[str, str]]:
    names = [
        phrase("file_size", language, name=shown(file.path, NAME_LIMIT), size=file.size)
        for file in receipt.files[:FILES_LISTED]
    ]
    rest = len(receipt.files) - len(names)
    if rest:
        names.append(phrase("files_more", language, count=rest))
    yield phrase("addressed", language), "; ".join(getattr(recipient, language) for recipient in receipt.recipients)
    yield phrase("source_name", language), shown(receipt.source_name, NAME_LIMIT)
    yield phrase("files", language), "; ".join(names)
    yield phrase("package_sha256", language), receipt.package_sha256


def _remarks(facts: LetterFacts, language: str, book: str, cell_of: CellOf) -> Iterator[Block]:
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


def _after(facts: LetterFacts, language: str, book: str) -> Iterator[str]:
    kind = facts.head.kind
    if kind is LetterKind.RECEIPT:
        yield _history_words(facts, language) or phrase("receipt_deadline", language)
        yield phrase("receipt_meaning", language)
        yield phrase("receipt_again", language)
        if facts.hands_over:
            yield phrase("receipt_handover", language, reading=reading(language))
    elif kind is LetterKind.REFUSAL:
        if facts.other_remarks:
            yield phrase("refusal_other", language, count=facts.other_remarks, book=book)
        yield phrase("refusal_again", language)
        if facts.history:
            yield _history_words(facts, language)
    elif kind is LetterKind.REQUEST:
        yield phrase("request_is_no_refusal", language)
        yield phrase("request_answer", language)
        if facts.history:
            yield _history_words(facts, language)
    elif kind is LetterKind.REMINDER:
        yield phrase("reminder_none", language, reading=reading(language))


def _history_words(facts: LetterFacts, language: str) -> str:
    """When the filing was received, by whom and when it was loaded as history; empty for any other."""
    mark, receipt = facts.history, facts.receipt
    if mark is None or receipt is None:
        return ""
    by = phrase("history_by_stamp", language) if mark.data["basis"] == "stamp" else shown(mark.author, NAME_LIMIT)
    received, loaded = (day_in_words(one, language) for one in (receipt.registered_on, local_date(mark.at)))
    return phrase("loaded_as_history", language, received=received, loaded=loaded, by=by)


def _end(enclosed: Sequence[str], language: str) -> Iterator[Block]:
    """What goes with the letter, and where it is signed."""
    if enclosed:
        yield Paragraph(f"{phrase('enclosures', language)}:", "list heading")
    for number, line in enumerate(enclosed, start=1):
        yield Paragraph(f"{number}) {line}", "list")
    captions = [phrase(f"signer_{caption}", language) for caption in ("position", "signature", "name")]
    yield Signature(phrase("signer", language), captions)


def _enclosed(facts: LetterFacts, language: str) -> Iterator[str]:
    if facts.enclosed:
        yield phrase("enclosed_findings", language, book=facts.head.book)
        yield phrase("enclosed_status", language, status=facts.head.status)


def _copied(copies: Sequence[Copy], left: int, book: str, language: str) -> Iterator[str]:
    for copy in copies:
        yield _copy_line(copy, language)
    if left:
        yield phrase("no_copies_more", language, count=left, book=book)


def _copy_line(copy: Copy, language: str) -> str:
    file = shown(copy.file, NAME_LIMIT)
    if copy.outcome is CopyOutcome.ANNOTATED and copy.path:
        if copy.registration_no:
            file = f"{copy.registration_no}/{file}"
        return phrase("enclosed_copy", language, copy=copy.path.name, file=file)
    return phrase("no_copy", language, file=file, reason=phrase(f"no_copy_{copy.outcome}", language))


def _ground(number: int, ground: Ground, language: str) -> Section:
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
