"""What a check of a package says to people, as blocks of a document: verdict, pool and month, signatures, remarks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from esep import clock
from esep.documents.model import Block, Cell, Kind, Paragraph, Table, titled
from esep.documents.plain import shown
from esep.texts import numbers, text
from esep.texts.words import place_words

if TYPE_CHECKING:
    from esep.config import Settings
    from esep.examination.model import Examination, Finding
    from esep.office.messages import Message


def report(examination: Examination, language: str, show_all: bool, more: str = "check.more") -> Iterator[Block]:
    """The verdict, whose package it is, and one table of remarks for each lane.

    Unless all are shown, `more` is the key of the words for what is left out.
    """
    from esep.examination.model import Lane

    verdict = examination.verdict
    would = text(f"check.would_be_{verdict}" if verdict else "check.would_wait", language)
    yield Paragraph(would, "good" if verdict == "accepted" else "bad" if verdict else "strong")
    identity, unknown = examination.identity, text("check.unknown", language)
    pool = " ".join(part for part in (identity.pool_id, identity.pool_name) if part) or unknown
    left_out, excluded = examination.excluded_count, text("check.excluded", language)
    rows = f"{examination.row_count}{f' ({excluded}: {left_out})' if left_out else ''}"
    yield Paragraph(pool, label=text("check.pool", language))
    month = numbers.month(identity.period, language) if identity.period else unknown
    yield Paragraph(month, label=text("check.period", language))
    yield Paragraph(rows, label=text("check.rows", language))
    for line in _signatures(examination, language):
        yield Paragraph(line, label=text("check.signature", language))
    for contacts in examination.contacts:
        yield Paragraph(contact_words(asdict(contacts), language), label=text("filing.contacts", language))
    for lane in Lane:
        found = [finding for finding in examination.findings if finding.lane is lane]
        if found:
            yield Paragraph("")
            asked = lane is Lane.COMPLETENESS and verdict is None
            title = "check.asked_completeness" if asked else f"check.remarks_{lane}"
            yield _remarks(found, title, language, show_all, more)


def register_left_out(settings: Settings, language: str) -> Paragraph:
    """That no register of pools is given, and which rules need one."""
    from esep.examination import suites
    from esep.examination.register import needs_register

    rules = dict.fromkeys(one.rule_id for one in suites.load(settings).rules if needs_register(one))
    return Paragraph(text("check.register_left_out", language, rules=", ".join(rules)))


def message_report(messages: Sequence[Message], language: str, now: datetime) -> Iterator[Block]:
    """Of a package that is a message that nothing was distributed: it would be kept, and gets no number."""
    yield Paragraph(text("check.message", language), "good")
    unknown = text("check.unknown", language)
    for one in messages:
        pool = " ".join(part for part in (one.pool_id, one.pool_name) if part)
        yield Paragraph(shown(pool) if pool else unknown, label=text("check.pool", language))
        month = numbers.month(one.period, language) if one.period else unknown
        yield Paragraph(month, label=text("check.period", language))
        doubt = text(f"state.doubt_{one.doubt(clock.local_date(now)) or 'none'}", language)
        yield Paragraph(doubt, label=text("decide.message_doubt", language))


def _signatures(examination: Examination, language: str) -> list[str]:
    """One line for each signature file: its state, the file it covers, the BIN that its certificate claims."""
    lines = []
    for signature in examination.signatures:
        said = [text(f"state.signature_{signature.state}", language)]
        if signature.covers:
            said.append(f"→ {signature.covers}")
        if signature.signer_bin:
            said.append(" ".join((text("check.bin", language), signature.signer_bin)))
        if signature.service:
            said.append(": ".join((text("check.service", language), signature.service)))
        lines.append(f"{signature.file} – {'; '.join(said)}")
    return lines or [text("check.no_signature", language)]


def _remarks(findings: list[Finding], title: str, language: str, show_all: bool, more: str) -> Table:
    by_rule: dict[tuple[str, str | None, str | None], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule_id, finding.file, finding.sheet].append(finding)
    rows: list[tuple[Cell, ...]] = []
    for group in by_rule.values():
        listed = group if show_all else group[:1]
        rows += [(one.rule_id, _place(one, language), one.occurrences, one.message(language)) for one in listed]
        rest = sum(finding.occurrences for finding in group) - sum(finding.occurrences for finding in listed)
        if rest:
            rows.append((group[0].rule_id, "…", rest, text(more, language, count=rest)))
    columns = (
        ("check.rule", Kind.CODE),
        ("check.place", Kind.SAID),
        ("check.count", Kind.NUMBER),
        ("check.remark", Kind.SAID),
    )
    return titled(title, columns, rows, language, look="lines")


def _place(finding: Finding, language: str) -> str:
    """File, sheet, row and column of the form, or the package as a whole."""
    column, row = finding.column_no, finding.row
    return place_words(language, file=finding.file, sheet=finding.sheet, row=row, column_no=column, cell=None)


def contact_words(contacts: Mapping[str, str | None], language: str) -> str:
    """The lines of a footer that are filled in, in a row, after the place of the sheet."""
    said = [
        text(f"filing.contact_{name}", language, value=shown(value))
        for name, value in contacts.items()
        if name not in ("file", "sheet") and value
    ]
    file, sheet = shown(contacts["file"]), shown(contacts["sheet"])
    return f"{place_words(language, file=file, sheet=sheet, row=None, column_no=None, cell=None)}: {'; '.join(said)}"
