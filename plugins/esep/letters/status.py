"""status.json: what became of a filing, for the filer's own software. Its JSON Schema is status.schema.json.

Codes (kinds, verdicts, reasons, outcomes of copies, lanes, rule ids) are stable: a program may compare them. Words
for people stand in the messages only.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from esep.files import sha256_of
from esep.letters.annotate import Copy
from esep.letters.content import Enclosures
from esep.letters.facts import (
    Facts,
    Ground,
    NoticeFacts,
    RefusalFacts,
    ReminderFacts,
    pool_of,
    recipients_of,
    remarks_of,
)
from esep.letters.findings_book import counts_by_rule
from esep.letters.remarks import Remarks
from esep.letters.term import Term

SCHEMA = "esep.status/1"
LISTED = 2000
"""Findings in status.json; counts are true and findings.xlsx holds all that are listed."""


def status_of(facts: Facts, enclosures: Enclosures, files: list[Path]) -> dict[str, Any]:
    """Plain values of status.json. `files` are what the letter consists of, on disk, for their names and hashes."""
    pool = pool_of(facts)
    filing = None if isinstance(facts, ReminderFacts) else facts.filing
    period = facts.period if isinstance(facts, NoticeFacts | ReminderFacts) else facts.filing.period
    value = {
        "schema": SCHEMA,
        "letter_no": facts.head.letter_no,
        "kind": facts.head.kind.value,
        "dated": facts.head.dated.isoformat(),
        "registration_no": filing.registration_no if filing else None,
        "registered_on": filing.registered_on.isoformat() if filing else None,
        "received_at": filing.received_at.isoformat() if filing else None,
        "package_sha256": filing.package_sha256 if filing else None,
        "verdict": filing.verdict if filing else None,
        "examination_no": filing.examination_no if filing else None,
        "ruleset": filing.ruleset if filing else None,
        "pool_id": pool.pool_id,
        "pool_name": pool.pool_name,
        "period": _month(period),
        "reasons": [reason.value for reason in facts.reasons] if isinstance(facts, NoticeFacts) else [],
        "days_late": facts.days_late if isinstance(facts, NoticeFacts) else None,
        "facts": [_fact(ground) for ground in facts.grounds] if isinstance(facts, NoticeFacts) else [],
        "term": _term(facts.term),
        "other_remarks": facts.other_remarks if isinstance(facts, RefusalFacts) else 0,
        "recipients": [recipient.role for recipient in recipients_of(facts)],
        **_remarks(remarks_of(facts)),
        "workbooks": [_copy(copy) for copy in enclosures.copies],
        "workbooks_not_listed": enclosures.copies_left,
        "files": [{"name": file.name, "sha256": sha256_of(file), "size": file.stat().st_size} for file in files],
    }
    return {key: _encodable(item) for key, item in value.items()}


def _encodable(value: Any) -> Any:
    r"""The same values with lone surrogates (of a name that was no UTF-8) as `\udcXX`: UTF-8 cannot encode them."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    return value


def _remarks(remarks: Remarks | None) -> dict[str, Any]:
    findings = remarks.findings if remarks else ()
    return {
        "fault_count": remarks.fault_count if remarks else 0,
        "counts": counts_by_rule(findings),
        "findings": [finding.as_dict() for finding in findings[:LISTED]],
        "findings_not_listed": len(findings) - len(findings[:LISTED]),
    }


def _fact(ground: Ground) -> dict[str, Any]:
    return {
        "reason": ground.reason.value,
        "registration_no": ground.filing.registration_no if ground.filing else None,
        "detected_on": ground.detected_on.isoformat(),
        "missed_term": _term(ground.term),
        "days_late": ground.days_late,
        "fault_count": ground.fault_count,
    }


def _month(period: date | None) -> str | None:
    return f"{period:%Y-%m}" if period else None


def _term(term: Term | None) -> dict[str, Any] | None:
    if term is None:
        return None
    return {
        "kind": term.kind.value,
        "paragraph": term.paragraph,
        "starts_on": term.starts_on.isoformat(),
        "working_days": term.working_days,
        "counted": [day.isoformat() for day in term.counted],
        "ends_on": term.ends_on.isoformat(),
        "rolled_over": term.rolled_over,
    }


def _copy(copy: Copy) -> dict[str, Any]:
    return {
        "registration_no": copy.registration_no,
        "file": copy.file,
        "outcome": copy.outcome.value,
        "copy": copy.path.name if copy.path else None,
        "commented_cells": copy.commented_cells,
    }
