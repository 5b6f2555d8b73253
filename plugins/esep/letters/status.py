"""status.json: what became of a filing, for the filer's own software. Its JSON Schema is status.schema.json.

Codes (kinds, verdicts, reasons, outcomes of copies, lanes, rule ids) are stable: a program may compare them. Words
for people are in the messages only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from esep.files import sha256_of
from esep.letters.annotate import Copy
from esep.letters.content import Enclosures
from esep.letters.facts import Deadline, Facts, Ground, LetterKind
from esep.letters.findings_book import counts_by_rule
from esep.letters.remarks import Remarks

SCHEMA = "esep.status/1"
LISTED = 2000
"""Findings in status.json; counts are true and findings.xlsx holds all that are listed."""


def status_of(facts: Facts, enclosures: Enclosures, files: list[Path]) -> dict[str, Any]:
    """Plain values of status.json. `files` are what the letter consists of, on disk, for their names and hashes."""
    receipt, verdict = facts.receipt, facts.verdict
    is_notice = facts.head.kind is LetterKind.NOTICE
    value = {
        "schema": SCHEMA,
        "letter_no": facts.head.letter_no,
        "kind": facts.head.kind.value,
        "dated": facts.head.dated.isoformat(),
        "registration_no": receipt.registration_no if receipt else None,
        "registered_on": receipt.registered_on.isoformat() if receipt else None,
        "received_at": receipt.received_at.isoformat() if receipt else None,
        "package_sha256": receipt.package_sha256 if receipt else None,
        "verdict": verdict.get("verdict"),
        "examination_no": verdict.get("examination_no"),
        "ruleset": verdict.get("ruleset"),
        "pool_id": facts.pool.pool_id,
        "pool_name": facts.pool.pool_name,
        "period": f"{facts.period:%Y-%m}" if facts.period else None,
        "reasons": [reason.value for reason in facts.reasons],
        "days_late": max((ground.days_late for ground in facts.grounds), default=0) if is_notice else None,
        "facts": [_fact(ground) for ground in facts.grounds],
        "term": _deadline(facts.deadline),
        "other_remarks": facts.other_remarks,
        "recipients": [recipient.role for recipient in facts.recipients],
        **_remarks(facts.remarks),
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


def _remarks(remarks: Remarks) -> dict[str, Any]:
    findings = remarks.findings
    return {
        "fault_count": remarks.fault_count,
        "counts": counts_by_rule(findings),
        "findings": [finding.as_dict() for finding in findings[:LISTED]],
        "findings_not_listed": len(findings) - len(findings[:LISTED]),
    }


def _fact(ground: Ground) -> dict[str, Any]:
    return {
        "reason": ground.reason.value,
        "registration_no": ground.receipt.registration_no if ground.receipt else None,
        "detected_on": ground.detected_on.isoformat(),
        "missed_term": _deadline(ground.deadline),
        "days_late": ground.days_late,
        "fault_count": ground.fault_count,
    }


def _deadline(deadline: Deadline | None) -> dict[str, Any] | None:
    if deadline is None:
        return None
    return {
        "kind": deadline.kind.value,
        "paragraph": deadline.paragraph,
        "starts_on": deadline.starts_on.isoformat(),
        "working_days": deadline.working_days,
        "counted": [day.isoformat() for day in deadline.counted],
        "ends_on": deadline.ends_on.isoformat(),
        "rolled_over": deadline.rolled_over,
    }


def _copy(copy: Copy) -> dict[str, Any]:
    return {
        "registration_no": copy.registration_no,
        "file": copy.file,
        "outcome": copy.outcome.value,
        "copy": copy.path.name if copy.path else None,
        "commented_cells": copy.commented_cells,
    }
