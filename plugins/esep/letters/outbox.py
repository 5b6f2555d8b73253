"""The outbox: `outbox/<number>/` with each letter and what goes with it, written once (see `placing`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from esep.config import Settings
from esep.examination.model import Finding, Lane, Severity
from esep.letters.facts import (
    Fact,
    Ground,
    Head,
    LetterKind,
    NoticeFacts,
    NoticeReason,
    Pool,
    ReceiptFacts,
    RefusalFacts,
    ReminderFacts,
    filing_of,
)
from esep.letters.placing import Letter, LetterError, Sources, place
from esep.letters.remarks import Citations, DetectedFinding, collect
from esep.letters.term import Term, correction_term, examination_term, filing_term, notice_term
from esep.office.archive import Entry

_FOLDER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,60}")


def write_receipt(
    settings: Settings, entry: Entry, dated: date, *, pool: Pool | None = None, history: bool = False
) -> Letter:
    """The receipt of a registered filing (para 7).

    It says what registration knows and nothing of the examination, so it may be written before or after the verdict.
    `pool`: whom it is for, where the office knows. `history`: the filing arrived long before it was taken in, so that
    the examination term does not apply.
    """
    filing = filing_of(entry)
    filing = replace(filing, pool=pool or Pool(None), period=None, row_count=None, verdict=None)
    filing = replace(filing, examined_on=None, examination_no=None, ruleset=None)
    term = None if history else examination_term(filing.registered_on)
    return place(settings, ReceiptFacts(_head(LetterKind.RECEIPT, entry.number, dated, 1), filing, term))


def write_refusal(
    settings: Settings,
    entry: Entry,
    findings: Sequence[Finding],
    dated: date,
    *,
    serial: int = 1,
    history: bool = False,
) -> Letter:
    """The reasoned refusal of an incomplete filing (para 8) with all its `findings`, of both lanes.

    `history` as in a receipt. Raises LetterError if the filing was not refused or has no finding of completeness.
    """
    filing = filing_of(entry)
    if filing.verdict != "refused":
        raise LetterError(f"{entry.number}: the verdict is {filing.verdict}; only a refused filing gets a refusal")
    citations = Citations.of(settings)
    ground = collect([finding for finding in findings if finding.lane is Lane.COMPLETENESS], citations)
    if not ground:
        raise LetterError(f"{entry.number}: a refusal needs a finding of completeness (para 8), and there is none")
    other = [finding for finding in findings if finding.lane is not Lane.COMPLETENESS]
    facts = RefusalFacts(
        head=_head(LetterKind.REFUSAL, entry.number, dated, serial),
        filing=filing,
        term=None if history else examination_term(filing.registered_on),
        remarks=ground,
        other_remarks=sum(finding.occurrences for finding in other),
        all_remarks=collect(findings, citations),
    )
    return place(settings, facts, Sources(citations, (entry,)))


def write_notice(
    settings: Settings,
    pool: Pool,
    period: date | None,
    facts: Iterable[Fact],
    detected_on: date,
    dated: date,
    *,
    entry: Entry | None = None,
    serial: int = 1,
) -> Letter:
    """The notice of para 10 for a pool and a period, with all its facts, which may be about several filings.

    `entry`: the filing under whose number the letter lies; without one it lies in `outbox/<BIN>-<YYYY-MM>/`.
    `detected_on`: the day from which the 5 working days are counted. Raises LetterError for a notice without a fact,
    without filing and period, or with a fact that is not so (see `_ground`).
    """
    told = tuple(facts)
    grounds = _grounds(told, period)
    if not grounds:
        raise LetterError("a notice needs at least one ground (para 10); a warning by itself is none")
    head = _head(LetterKind.NOTICE, entry.number if entry else _folder_of(pool, period), dated, serial)
    citations = Citations.of(settings)
    notice = NoticeFacts(
        head=head,
        pool=pool,
        period=period,
        grounds=grounds,
        filing=filing_of(entry) if entry else None,
        term=notice_term(detected_on),
        remarks=collect(list(_detected(told)), citations),
    )
    concerned = {fact.entry.number: fact.entry for fact in told if fact.entry and fact.findings}
    return place(settings, notice, Sources(citations, tuple(concerned[number] for number in sorted(concerned))))


def write_reminder(settings: Settings, pool: Pool, period: date, dated: date, *, serial: int = 1) -> Letter:
    """The reminder before the 25th (para 5), in `outbox/<BIN>-<YYYY-MM>/`; LetterError once the term is over."""
    term = filing_term(period)
    left = (term.ends_on - dated).days
    if left < 0:
        raise LetterError(f"{pool.pool_id} {period:%Y-%m}: the term ended on {term.ends_on}, a reminder is too late")
    head = _head(LetterKind.REMINDER, _folder_of(pool, period), dated, serial)
    return place(settings, ReminderFacts(head, pool, period.replace(day=1), term, left))


def _detected(facts: Sequence[Fact]) -> Iterator[DetectedFinding]:
    """The findings of all facts; one that several facts tell of is told once, with the first day of detection."""
    told: set[tuple[str | None, Finding]] = set()
    for fact in sorted(facts, key=lambda fact: fact.detected_on):
        number = fact.entry.number if fact.entry else None
        fresh = [finding for finding in fact.findings if (number, finding) not in told]
        told.update((number, finding) for finding in fresh)
        for finding in fresh:
            yield DetectedFinding.of(finding, number, fact.detected_on)


def _grounds(facts: Sequence[Fact], period: date | None) -> tuple[Ground, ...]:
    """One ground for each reason and filing, known since the first of its facts. Warnings by themselves are none."""
    grounds: dict[tuple[NoticeReason, str], Ground] = {}
    for fact in facts:
        ground = _ground(fact, period)
        if fact.reason is NoticeReason.UNRELIABLE and not ground.fault_count:
            continue
        key = fact.reason, fact.entry.number if fact.entry else ""
        known = grounds.get(key)
        if known:
            since, count = min(known.detected_on, ground.detected_on), known.fault_count + ground.fault_count
            ground = replace(known, detected_on=since, fault_count=count)
        grounds[key] = ground
    order = list(NoticeReason)
    return tuple(grounds[key] for key in sorted(grounds, key=lambda key: (order.index(key[0]), key[1])))


def _ground(fact: Fact, period: date | None) -> Ground:
    """The fact with its missed term; LetterError for one that is not so: silence with a filing, lateness in time, …"""
    filing = filing_of(fact.entry) if fact.entry else None
    name = filing.registration_no if filing else f"a notice for {period:%Y-%m}" if period else "a notice"
    if (fact.reason is NoticeReason.NOT_FILED) == (filing is not None):
        raise LetterError(f"{name}: {fact.reason} cannot be said {'of a filing' if filing else 'without a filing'}")
    if fact.reason is NoticeReason.UNRELIABLE and not fact.findings:
        raise LetterError(f"{name}: unreliable needs the findings that show it")
    if fact.reason is NoticeReason.INCOMPLETE and filing and filing.verdict != "refused":
        raise LetterError(f"{name}: incomplete is said of a refused filing, and this one is {filing.verdict}")
    term = _missed_term(fact, period)
    late = max(0, (filing.registered_on - term.ends_on).days) if filing and term else 0
    if fact.reason is NoticeReason.LATE and not late:
        raise LetterError(f"{name}: not late, so no notice can say that it is")
    count = sum(finding.occurrences for finding in fact.findings if finding.severity is Severity.ERROR)
    return Ground(fact.reason, fact.detected_on, filing, term, late, count)


def _missed_term(fact: Fact, period: date | None) -> Term | None:
    if fact.reason is NoticeReason.LATE and fact.change_date:
        return correction_term(fact.change_date)
    if fact.reason in (NoticeReason.LATE, NoticeReason.NOT_FILED) and period:
        return filing_term(period)
    return None


def _head(kind: LetterKind, folder: str, dated: date, serial: int) -> Head:
    if not _FOLDER.fullmatch(folder):
        raise LetterError(f"{folder!r}: a folder of the outbox is a registration number or BIN-YYYY-MM")
    return Head(kind, folder, serial, dated)


def _folder_of(pool: Pool, period: date | None) -> str:
    if not pool.pool_id or period is None:
        raise LetterError("a letter that is about no filing needs the pool's BIN and the period")
    return f"{pool.pool_id}-{period:%Y-%m}"
