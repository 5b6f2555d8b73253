"""The grounds of a notice (para 10) from the facts that it reports, each held to what the archive says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from esep.examination.model import Finding, Severity
from esep.law import calendar
from esep.letters.facts import Deadline, Fact, Ground, NoticeReason, correction_deadline, filing_deadline
from esep.letters.placing import LetterError
from esep.letters.remarks import DetectedFinding


def detected(facts: Sequence[Fact]) -> Iterator[DetectedFinding]:
    """The findings of all facts; one that several facts have is given once, with the first day of detection."""
    given: set[tuple[str | None, Finding]] = set()
    for fact in sorted(facts, key=lambda fact: fact.detected_on):
        number = fact.entry.number if fact.entry else None
        fresh = [finding for finding in fact.findings if (number, finding) not in given]
        given.update((number, finding) for finding in fresh)
        for finding in fresh:
            yield DetectedFinding.of(finding, number, fact.detected_on)


def grounds(facts: Sequence[Fact], period: date | None) -> tuple[Ground, ...]:
    """One ground for each reason and filing, known since the first of its facts. Warnings by themselves are none."""
    found: dict[tuple[NoticeReason, str], Ground] = {}
    for fact in facts:
        ground = _ground(fact, period)
        if fact.reason is NoticeReason.UNRELIABLE and not ground.fault_count:
            continue
        key = fact.reason, fact.entry.number if fact.entry else ""
        known = found.get(key)
        if known:
            since, count = min(known.detected_on, ground.detected_on), known.fault_count + ground.fault_count
            ground = replace(known, detected_on=since, fault_count=count)
        found[key] = ground
    order = list(NoticeReason)
    return tuple(found[key] for key in sorted(found, key=lambda key: (order.index(key[0]), key[1])))


def _ground(fact: Fact, period: date | None) -> Ground:
    """The fact with its missed deadline; LetterError for one that is not so: silence with a filing, …"""
    receipt = fact.entry.receipt if fact.entry else None
    name = receipt.registration_no if receipt else f"a notice for {period:%Y-%m}" if period else "a notice"
    if (fact.reason is NoticeReason.NOT_FILED) == (receipt is not None):
        raise LetterError(f"{name}: {fact.reason} cannot be said {'of a filing' if receipt else 'without a filing'}")
    if fact.reason is NoticeReason.UNRELIABLE and not fact.findings:
        raise LetterError(f"{name}: unreliable needs the findings that show it")
    verdict = ((fact.entry.verdict if fact.entry else None) or {}).get("verdict")
    if fact.reason is NoticeReason.INCOMPLETE and verdict != "refused":
        raise LetterError(f"{name}: incomplete is said of a refused filing, and this one is {verdict}")
    deadline = _missed_deadline(fact, period)
    late = max(0, (receipt.registered_on - deadline.ends_on).days) if receipt and deadline else 0
    if fact.reason is NoticeReason.LATE and not late:
        raise LetterError(f"{name}: not late, so no notice can say that it is")
    count = sum(finding.occurrences for finding in fact.findings if finding.severity is Severity.ERROR)
    incomplete = fact.reason is NoticeReason.INCOMPLETE
    waited = calendar.practice_days(calendar.REFILING, fact.detected_on) if incomplete else None
    return Ground(fact.reason, fact.detected_on, receipt, deadline, late, count, waited)


def _missed_deadline(fact: Fact, period: date | None) -> Deadline | None:
    if fact.reason is NoticeReason.LATE and fact.change_date:
        return correction_deadline(fact.change_date)
    if fact.reason in (NoticeReason.LATE, NoticeReason.NOT_FILED) and period:
        return filing_deadline(period)
    return None
