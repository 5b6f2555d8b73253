"""A letter in one language as blocks; both renderers print exactly these, so .docx and PDF say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
from esep.letters.facts import (
    Filing,
    Ground,
    LetterKind,
    NoticeFacts,
    NoticeReason,
    ReceiptFacts,
    RefusalFacts,
    ReminderFacts,
    letter_no_of,
    pool_of,
    recipients_of,
    remarks_of,
)
from esep.letters.findings_book import CellOf
from esep.letters.phrases import phrase
from esep.letters.remarks import Remark, Remarks
from esep.letters.term import Term
from esep.letters.wording import (
    NAME_LIMIT,
    VALUE_LIMIT,
    citation,
    counting_words,
    day_digits,
    day_words,
    found_words,
    moment_words,
    period_words,
    place,
    pool_words,
    term_words,
)

FILES_LISTED = 12
"""Files of a package that a letter names; receipt.json has all."""
_MESSAGE_LIMIT = 700
_PLACE_WIDTHS = (1.5, 1.2, 1.0)
"""Of place, found and expected in the table of a remark."""


@dataclass(frozen=True, slots=True)
class Enclosures:
    """Names of what goes with a letter; None where nothing does. `copies` have their final file names."""

    book: str | None = None
    status: str | None = None
    copies: tuple[Copy, ...] = ()
    copies_left: int = 0
    """Files with faulty cells beyond those of `copies`."""


def document(facts: LetterFacts, language: str, enclosures: Enclosures, cell_of: CellOf) -> Document:
    """The letter `facts` in `language` (kk or ru)."""
    number = phrase("letter_no", language, no=facts.head.letter_no)
    title = phrase(f"{facts.head.kind}_title", language)
    book = enclosures.book or ""
    return Document(
        title=f"{title} {number}",
        subtitle="",
        footer=f"{number} · {title}",
        blocks=(
            _head(facts, number, language),
            Paragraph(title, "title"),
            Paragraph(phrase("basis", language), "subtitle"),
            *map(Paragraph, _body(facts, language)),
            *(ground_blocks(facts, language) if isinstance(facts, NoticeFacts) else ()),
            Paragraph("", "gap"),
            Facts(_details(facts, language)),
            *_remarks(remarks_of(facts), language, book, cell_of),
            Paragraph("", "gap"),
            *map(Paragraph, _after(facts, language, book)),
            Section("", tuple(_end(enclosures, language)), look="end"),
        ),
        day=facts.head.dated,
    )


def _head(facts: LetterFacts, number: str, language: str) -> Beside:
    """Number and date, and to whom it goes."""
    pool = pool_of(facts)
    unexamined = isinstance(facts, ReceiptFacts) and not (pool.pool_id or pool.pool_name)
    to = [phrase("filer", language) if unexamined else pool_words(pool, language)]
    to += [shown(pool.email, NAME_LIMIT)] if pool.email else []
    dated = phrase("dated", language, day=day_words(facts.head.dated, language))
    copies = phrase("notified" if isinstance(facts, NoticeFacts | ReminderFacts) else "copy", language)
    of_letter = (Paragraph(number, "strong"), Paragraph(dated, "cell"))
    of_filer = (
        Paragraph(phrase("to", language), "caption"),
        *(Paragraph(line, "strong") for line in to),
        Paragraph(copies, "caption"),
        *(Paragraph(f"– {getattr(recipient, language)}", "small") for recipient in recipients_of(facts)),
    )
    return Beside((of_letter, of_filer))


def _body(facts: LetterFacts, language: str) -> tuple[str, ...]:
    match facts:
        case ReceiptFacts():
            return (phrase("receipt_body", language),)
        case RefusalFacts():
            return (phrase("refusal_body", language),)
        case NoticeFacts():
            if facts.period is None:
                return (phrase("notice_body_no_period", language),)
            return (phrase("notice_body", language, period=period_words(facts.period, language)),)
        case ReminderFacts():
            return (phrase("reminder_body", language, period=period_words(facts.period, language)),)


def _details(facts: LetterFacts, language: str) -> tuple[tuple[str, str], ...]:
    def label(key: str, value: str) -> tuple[str, str]:
        return phrase(key, language), value

    lines = []
    if not isinstance(facts, ReceiptFacts):  # a receipt is given before anything has been read
        pool = pool_of(facts)
        known = pool.pool_id or pool.pool_name
        lines.append(label("pool", pool_words(pool, language) if known else phrase("unknown", language)))
        period = facts.filing.period if isinstance(facts, RefusalFacts) else facts.period
        lines.append(label("period", period_words(period, language)))
    filing = None if isinstance(facts, ReminderFacts) else facts.filing
    if filing:
        lines += _filing_details(filing, language)
    if isinstance(facts, ReceiptFacts):
        lines += _file_details(facts.filing, language)
    for missed in facts.missed_terms if isinstance(facts, NoticeFacts) else ():
        lines += _term_details(missed, language)
    if facts.term:
        lines += _term_details(facts.term, language)
    if isinstance(facts, ReminderFacts):
        lines.append(label("days_left", phrase("days_left_value", language, days=facts.days_left)))
    return tuple(lines)


def _filing_details(filing: Filing, language: str) -> list[tuple[str, str]]:
    lines = [
        (phrase("registration_no", language), filing.registration_no),
        (phrase("registered_on", language), day_words(filing.registered_on, language)),
        (phrase("received_at", language), moment_words(filing.received_at, language)),
    ]
    if filing.incoming_no:
        lines.append((phrase("incoming_no", language), shown(filing.incoming_no, NAME_LIMIT)))
    return lines


def _file_details(filing: Filing, language: str) -> list[tuple[str, str]]:
    names = [
        phrase("file_size", language, name=shown(file.path, NAME_LIMIT), size=file.size)
        for file in filing.files[:FILES_LISTED]
    ]
    rest = len(filing.files) - len(names)
    if rest:
        names.append(phrase("files_more", language, count=rest))
    return [
        (phrase("source_name", language), shown(filing.source_name, NAME_LIMIT)),
        (phrase("files", language), "; ".join(names)),
        (phrase("package_sha256", language), filing.package_sha256),
    ]


def _term_details(term: Term, language: str) -> list[tuple[str, str]]:
    return [
        (phrase(f"term_{term.kind}_label", language), term_words(term, language)),
        (phrase("counting", language), counting_words(term, language)),
    ]


def _remarks(remarks: Remarks | None, language: str, book: str, cell_of: CellOf) -> Iterator[Block]:
    """The remarks under their heading with the true counts; what the letter does not spell out is counted."""
    if not remarks:
        return
    counts = phrase("counts", language, remarks=remarks.remark_count, faults=remarks.fault_count)
    blocks: list[Block] = [Paragraph(counts, "note")]
    blocks += [_remark(number, one, language, book, cell_of) for number, one in enumerate(remarks.shown, start=1)]
    rest = remarks.remark_count - len(remarks.shown)
    if rest:
        blocks.append(Paragraph(phrase("more_remarks", language, count=rest, book=book), "more"))
    yield Section(phrase("remarks", language), blocks, look="remarks")


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
        Paragraph(f"{number}. {shown(remark.text[language], _MESSAGE_LIMIT)}", "remark"),
        Paragraph(" · ".join(_sources(remark, language)), "source"),
    ]
    if rows:
        labels = zip(("place", "found", "expected"), _PLACE_WIDTHS, strict=True)
        columns = [Column(phrase(key, language), Kind.SAID, width) for key, width in labels]
        blocks.append(Table(columns, rows))
    if remark.not_shown:
        blocks.append(Paragraph(phrase("more_places", language, count=remark.not_shown, book=book), "more"))
    if remark.todo[language]:
        todo = shown(remark.todo[language], _MESSAGE_LIMIT)
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
        yield phrase("detected", language, day=day_digits(remark.detected_on))


def _after(facts: LetterFacts, language: str, book: str) -> tuple[str, ...]:
    match facts:
        case ReceiptFacts():
            keys = ["receipt_term" if facts.term else "receipt_history", "receipt_again"]
            return tuple(phrase(key, language) for key in keys)
        case RefusalFacts():
            texts = [phrase("refusal_again", language)]
            if facts.other_remarks:
                texts.insert(0, phrase("refusal_other", language, count=facts.other_remarks, book=book))
            if facts.term is None:
                texts.append(phrase("refusal_history", language))
            return tuple(texts)
        case NoticeFacts():
            return ()
        case ReminderFacts():
            return (phrase("reminder_none", language),)


def _end(enclosures: Enclosures, language: str) -> Iterator[Block]:
    """What goes with the letter, and where it is signed."""
    enclosed = list(_enclosed(enclosures, language))
    if enclosed:
        yield Paragraph(f"{phrase('enclosures', language)}:", "list heading")
    for number, line in enumerate(enclosed, start=1):
        yield Paragraph(f"{number}) {line}", "list")
    captions = [phrase(f"signer_{caption}", language) for caption in ("position", "signature", "name")]
    yield Signature(phrase("signer", language), captions)


def _enclosed(enclosures: Enclosures, language: str) -> Iterator[str]:
    if enclosures.book:
        yield phrase("enclosed_findings", language, book=enclosures.book)
    if enclosures.status:
        yield phrase("enclosed_status", language, status=enclosures.status)
    for copy in enclosures.copies:
        yield _copy_line(copy, language)
    if enclosures.copies_left:
        yield phrase("no_copies_more", language, count=enclosures.copies_left, book=enclosures.book)


def _copy_line(copy: Copy, language: str) -> str:
    file = shown(copy.file, NAME_LIMIT)
    if copy.outcome is CopyOutcome.ANNOTATED and copy.path:
        if copy.registration_no:
            file = f"{copy.registration_no}/{file}"
        return phrase("enclosed_copy", language, copy=copy.path.name, file=file)
    return phrase("no_copy", language, file=file, reason=phrase(f"no_copy_{copy.outcome}", language))


def ground_blocks(facts: NoticeFacts, language: str) -> list[Section]:
    """The grounds of a notice (para 10): what, where, what to do, since when it is known."""
    return [_ground(number, ground, language) for number, ground in enumerate(facts.grounds, start=1)]


def _ground(number: int, ground: Ground, language: str) -> Section:
    text = phrase(f"ground_{ground.reason}", language, days=ground.days_late, count=ground.fault_count)
    where = "; ".join(_where(ground, language))
    todo = phrase(f"ground_{ground.reason}_todo", language)
    detected = phrase("detected", language, day=day_words(ground.detected_on, language))
    return Section(
        "",
        (
            Paragraph(f"{number}. {text}", "ground"),
            *([Paragraph(where, "ground line", phrase("where", language))] if where else []),
            Paragraph(todo, "ground line", phrase("todo", language)),
            Paragraph(detected, "ground note"),
        ),
        look="ground",
    )


def _where(ground: Ground, language: str) -> Iterator[str]:
    filing = ground.filing
    if filing:
        registered = day_digits(filing.registered_on)
        yield phrase("ground_filing", language, no=filing.registration_no, day=registered)
    if filing and ground.reason is NoticeReason.INCOMPLETE:
        letter = letter_no_of(filing.registration_no, LetterKind.REFUSAL, 1)
        yield phrase("ground_refusal", language, no=letter)
    if ground.term:
        yield f"{phrase('ground_term', language)}: {term_words(ground.term, language)}"
