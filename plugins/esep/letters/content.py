"""A letter in one language as titled blocks; both renderers print exactly these, so .docx and PDF say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from esep.documents.plain import shown
from esep.letters.annotate import Copy, CopyOutcome
from esep.letters.facts import (
    Facts,
    Filing,
    NoticeFacts,
    ReceiptFacts,
    RefusalFacts,
    ReminderFacts,
    pool_of,
    recipients_of,
    remarks_of,
)
from esep.letters.findings_book import CellOf
from esep.letters.grounds import GroundBlock, ground_blocks
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


@dataclass(frozen=True, slots=True)
class Enclosures:
    """Names of what goes with a letter; None where nothing does. `copies` have their final file names."""

    book: str | None = None
    status: str | None = None
    copies: tuple[Copy, ...] = ()
    copies_left: int = 0
    """Files with faulty cells beyond those of `copies`."""


@dataclass(frozen=True, slots=True)
class RemarkBlock:
    """One remark. `rows` are (place, found, expected); `more` tells how many cases are not among them."""

    heading: str
    source: str
    text: str
    todo: str
    rows: tuple[tuple[str, str, str], ...]
    more: str


@dataclass(frozen=True, slots=True)
class Part:
    """The whole letter in one language. All texts are plain: nothing in them is markup."""

    language: str
    number: str
    dated: str
    to_label: str
    to: tuple[str, ...]
    copy_label: str
    copy: tuple[str, ...]
    title: str
    subtitle: str
    body: tuple[str, ...]
    where_label: str
    grounds: tuple[GroundBlock, ...]
    details: tuple[tuple[str, str], ...]
    remarks_title: str
    remarks_note: str
    table: tuple[str, str, str]
    todo_label: str
    remarks: tuple[RemarkBlock, ...]
    remarks_more: str
    after: tuple[str, ...]
    enclosures_label: str
    enclosures: tuple[str, ...]
    signature: tuple[str, str, str, str]


def part(facts: Facts, language: str, enclosures: Enclosures, cell_of: CellOf) -> Part:
    """The letter `facts` in `language` (kk or ru)."""
    pool = pool_of(facts)
    unexamined = isinstance(facts, ReceiptFacts) and not (pool.pool_id or pool.pool_name)
    to = [phrase("filer", language) if unexamined else pool_words(pool, language)]
    to += [shown(pool.email, NAME_LIMIT)] if pool.email else []
    remarks = remarks_of(facts)
    book = enclosures.book or ""
    return Part(
        language=language,
        number=phrase("letter_no", language, no=facts.head.letter_no),
        dated=phrase("dated", language, day=day_words(facts.head.dated, language)),
        to_label=phrase("to", language),
        to=tuple(to),
        copy_label=phrase("notified" if isinstance(facts, NoticeFacts | ReminderFacts) else "copy", language),
        copy=tuple(getattr(recipient, language) for recipient in recipients_of(facts)),
        title=phrase(f"{facts.head.kind}_title", language),
        subtitle=phrase("basis", language),
        body=_body(facts, language),
        where_label=phrase("where", language),
        grounds=ground_blocks(facts, language) if isinstance(facts, NoticeFacts) else (),
        details=_details(facts, language),
        remarks_title=phrase("remarks", language),
        remarks_note=_counts(remarks, language),
        table=(phrase("place", language), phrase("found", language), phrase("expected", language)),
        todo_label=phrase("todo", language),
        remarks=tuple(
            _remark(number, one, language, book, cell_of)
            for number, one in enumerate(remarks.shown if remarks else (), start=1)
        ),
        remarks_more=_more_remarks(remarks, language, book),
        after=_after(facts, language, book),
        enclosures_label=phrase("enclosures", language),
        enclosures=_enclosed(enclosures, language),
        signature=(
            phrase("signer", language),
            phrase("signer_position", language),
            phrase("signer_signature", language),
            phrase("signer_name", language),
        ),
    )


def _body(facts: Facts, language: str) -> tuple[str, ...]:
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


def _details(facts: Facts, language: str) -> tuple[tuple[str, str], ...]:
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


def _counts(remarks: Remarks | None, language: str) -> str:
    if not remarks:
        return ""
    return phrase("counts", language, remarks=remarks.remark_count, faults=remarks.fault_count)


def _remark(number: int, remark: Remark, language: str, book: str, cell_of: CellOf) -> RemarkBlock:
    rows = tuple(
        (
            place(finding, language, cell_of(finding), with_file=not finding.sheet),
            shown(found_words(finding, language), VALUE_LIMIT),
            shown(finding.expected, VALUE_LIMIT),
        )
        for finding in remark.places
        if finding.file or finding.sheet or finding.found or finding.expected
    )
    more = phrase("more_places", language, count=remark.not_shown, book=book) if remark.not_shown else ""
    source = [remark.rule_id, citation(remark.paragraph, language)]
    if remark.count > 1:
        source.append(phrase("cases", language, count=remark.count))
    if remark.registration_no:
        source.append(f"№ {remark.registration_no}")
    if remark.places and remark.places[0].file:
        source.append(shown(remark.places[0].file, VALUE_LIMIT))
    if remark.detected_on:
        source.append(phrase("detected", language, day=day_digits(remark.detected_on)))
    return RemarkBlock(
        f"{number}.",
        " · ".join(source),
        shown(remark.text[language], _MESSAGE_LIMIT),
        shown(remark.todo[language], _MESSAGE_LIMIT) if remark.todo[language] else "",
        rows,
        more,
    )


def _more_remarks(remarks: Remarks | None, language: str, book: str) -> str:
    rest = remarks.remark_count - len(remarks.shown) if remarks else 0
    return phrase("more_remarks", language, count=rest, book=book) if rest else ""


def _after(facts: Facts, language: str, book: str) -> tuple[str, ...]:
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


def _enclosed(enclosures: Enclosures, language: str) -> tuple[str, ...]:
    lines = []
    if enclosures.book:
        lines.append(phrase("enclosed_findings", language, book=enclosures.book))
    if enclosures.status:
        lines.append(phrase("enclosed_status", language, status=enclosures.status))
    lines += [_copy_line(copy, language) for copy in enclosures.copies]
    if enclosures.copies_left:
        lines.append(phrase("no_copies_more", language, count=enclosures.copies_left, book=enclosures.book))
    return tuple(lines)


def _copy_line(copy: Copy, language: str) -> str:
    file = shown(copy.file, NAME_LIMIT)
    if copy.outcome is CopyOutcome.ANNOTATED and copy.path:
        if copy.registration_no:
            file = f"{copy.registration_no}/{file}"
        return phrase("enclosed_copy", language, copy=copy.path.name, file=file)
    return phrase("no_copy", language, file=file, reason=phrase(f"no_copy_{copy.outcome}", language))


def parts(facts: Facts, languages: Sequence[str], enclosures: Enclosures, cell_of: CellOf) -> tuple[Part, ...]:
    """The letter in each language, in the order in which it is printed."""
    return tuple(part(facts, language, enclosures, cell_of) for language in languages)
