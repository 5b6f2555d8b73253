"""A letter in one language as blocks; both renderers print exactly these, so .docx and PDF say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from esep.clock import local_date
from esep.documents.model import (
    Beside,
    Block,
    Document,
    Facts,
    Paragraph,
    Section,
    Signature,
)
from esep.documents.plain import shown
from esep.letters.annotate import Copy, CopyOutcome
from esep.letters.facts import Facts as LetterFacts
from esep.letters.facts import LetterKind, ReceivedMessage
from esep.letters.fault_blocks import ground_block, remark_blocks
from esep.letters.findings_book import CellOf
from esep.letters.issuer import Issuer
from esep.letters.office_blocks import APPEALED, FILES_LISTED, appeal, decision, executor, letterhead, unread
from esep.letters.wording import (
    NAME_LIMIT,
    counting_words,
    deadline_words,
    moment_words,
    period_words,
    phrase,
    pool_words,
    reading,
)
from esep.office.archive import Receipt
from esep.texts import text
from esep.texts.numbers import day_in_words


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
            *(ground_block(number, ground, language) for number, ground in enumerate(facts.grounds, start=1)),
            Paragraph("", "gap"),
            Facts(tuple(_details(facts, language))),
            *decision(facts.officer, language),
            *unread(facts.unread, language),
            *remark_blocks(facts, language, book, cell_of),
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
    if facts.head.kind is LetterKind.REFUSAL and facts.officer:
        return phrase("refusal_body_officer", language)
    if facts.message and facts.period is None:
        return phrase("message_receipt_body_no_period", language)
    return phrase(f"{facts.head.kind}_body", language, period=period_words(facts.period, language))


def _details(facts: LetterFacts, language: str) -> Iterator[tuple[str, str]]:
    kind = facts.head.kind
    if kind is not LetterKind.RECEIPT:  # a receipt is given before anything has been read
        known = pool_words(facts.pool, language) if facts.pool.is_known else phrase("unknown", language)
        yield phrase("pool", language), known
        yield phrase("period", language), period_words(facts.period, language)
    if facts.message:
        yield from _message_details(facts.message, language)
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


def _message_details(message: ReceivedMessage, language: str) -> Iterator[tuple[str, str]]:
    names = [shown(name, NAME_LIMIT) for name in message.file_names[:FILES_LISTED]]
    yield phrase("received_at", language), moment_words(message.received_at, language)
    yield phrase("message_mark", language), message.message_id
    yield phrase("source_name", language), shown(message.source_name, NAME_LIMIT)
    yield phrase("files", language), "; ".join(names)
    yield phrase("package_sha256", language), message.package_sha256


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
        yield phrase("request_is_no_refusal", language, reading=reading(language))
        yield phrase("request_answer", language)
        if facts.history:
            yield _history_words(facts, language)
    elif kind is LetterKind.REMINDER:
        yield phrase("reminder_none", language, reading=reading(language))
    elif facts.message:
        if facts.message.doubt:
            yield phrase("message_doubt", language, doubt=text(f"state.doubt_{facts.message.doubt}", language))
        yield phrase("message_voluntary", language, reading=reading(language))
        yield phrase("message_again", language)


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
