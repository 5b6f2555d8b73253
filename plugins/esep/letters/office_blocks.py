"""Blocks of a letter that speak of the office: its letterhead, what an officer decided, where to appeal."""

from __future__ import annotations

from collections.abc import Iterator

from esep.documents.model import Block, Paragraph
from esep.documents.plain import shown
from esep.letters.facts import LetterKind, OfficerDecision
from esep.letters.issuer import Appeal, Issuer
from esep.letters.remarks import Remarks
from esep.letters.wording import MESSAGE_LIMIT, NAME_LIMIT, found_words, phrase
from esep.texts.numbers import day

FILES_LISTED = 12
"""Files of a package that a letter names; receipt.json has all."""
APPEALED = frozenset({LetterKind.REFUSAL, LetterKind.NOTICE})
"""Kinds of letters that say where to appeal."""
_ADDRESS_LIMIT = 400


def letterhead(issuer: Issuer, language: str) -> Iterator[Block]:
    """Name, address and contact of the issuing body; what is not set is said to be missing."""
    yield Paragraph(part(issuer, "body", language), "strong")
    yield Paragraph(part(issuer, "address", language), "small")
    yield Paragraph(part(issuer, "contact", language), "small")
    yield Paragraph("", "gap")


def executor(issuer: Issuer, language: str) -> Paragraph:
    return Paragraph(f"{phrase('executor', language)}: {part(issuer, 'executor', language)}", "small")


def part(issuer: Issuer, name: str, language: str) -> str:
    """One part of the letterhead, or in brackets that it is not set."""
    value = getattr(issuer.letterheads[language], name)
    return shown(value, _ADDRESS_LIMIT) if value else phrase("not_set", language, what=phrase(f"part_{name}", language))


def appeal(given: Appeal | None, language: str) -> Iterator[Block]:
    """Where and when to appeal, with who confirmed the text; without a row in force, that the text is missing."""
    if given is None:
        text = phrase("not_set", language, what=phrase("appeal_text", language))
    elif given.confirmation is None:
        text = f"{given.text[language]} {phrase('appeal_open', language)}"
    else:
        said = given.confirmation
        by = [said.by, *([day(said.confirmed_on, language)] if said.confirmed_on else []), said.document]
        words = ", ".join(shown(one, NAME_LIMIT) for one in by if one)
        text = f"{given.text[language]} {phrase('appeal_confirmed', language, by=words)}"
    yield Paragraph(text, "todo", phrase("appeal", language))


def decision(officer: OfficerDecision | None, language: str) -> Iterator[Block]:
    """What an officer decided, in the officer's own words."""
    if officer:
        by = [shown(officer.author, NAME_LIMIT)] if officer.author else []
        by += [day(officer.decided_on, language)] if officer.decided_on else []
        label = phrase("officer_decision", language, by=", ".join(by)) if by else phrase("reason", language)
        yield Paragraph(shown(officer.reason, MESSAGE_LIMIT), "todo", label)


def unread(remarks: Remarks, language: str) -> Iterator[Block]:
    """The files that were not read, each with the reader's reason; those beyond FILES_LISTED are counted."""
    reasons = {finding.file: finding for finding in remarks.findings}
    if reasons:
        yield Paragraph(f"{phrase('unread', language)}:", "list heading")
    for number, finding in enumerate(list(reasons.values())[:FILES_LISTED], start=1):
        file, reason = shown(finding.file, NAME_LIMIT), shown(found_words(finding, language), MESSAGE_LIMIT)
        yield Paragraph(f"{number}) {file} – {reason}", "list")
    if len(reasons) > FILES_LISTED:
        yield Paragraph(phrase("files_more", language, count=len(reasons) - FILES_LISTED), "list")
