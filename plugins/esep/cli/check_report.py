"""How `bin/esep check` tells its result: as plain values for JSON, as a table for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from esep.documents.model import Block, Cell, Column, Kind, Paragraph, Table
from esep.examination.model import Examination, Finding, Lane, Verdict
from esep.texts import text


def as_plain(examination: Examination) -> dict[str, object]:
    """The examination as JSON values; keys are stable."""
    identity = examination.identity
    return {
        "verdict": examination.verdict.value,
        "complete": examination.verdict is Verdict.ACCEPTED,
        "pool_id": identity.pool_id,
        "pool_name": identity.pool_name,
        "period": identity.period.isoformat() if identity.period else None,
        "row_count": examination.row_count,
        "excluded_count": examination.excluded_count,
        "total_rows": [place._asdict() for place in examination.total_rows],
        "signatures": [asdict(signature) for signature in examination.signatures],
        "ruleset": examination.ruleset,
        "code_version": examination.code_version,
        "findings": [finding.as_dict() for finding in examination.findings],
    }


def report(examination: Examination, path: Path, language: str, show_all: bool) -> Iterator[Block]:
    """The verdict, whose package it is, and one table of remarks for each lane."""
    verdict = text(f"check.would_be_{examination.verdict.value}", language)
    yield Paragraph(str(path), "strong")
    yield Paragraph(verdict, "good" if examination.verdict is Verdict.ACCEPTED else "bad")
    identity, unknown = examination.identity, text("check.unknown", language)
    pool = " ".join(part for part in (identity.pool_id, identity.pool_name) if part) or unknown
    excluded = f" ({text('check.excluded', language)}: {examination.excluded_count})"
    rows = f"{examination.row_count}{excluded if examination.excluded_count else ''}"
    yield Paragraph(pool, label=text("check.pool", language))
    yield Paragraph(f"{identity.period:%Y-%m}" if identity.period else unknown, label=text("check.period", language))
    yield Paragraph(rows, label=text("check.rows", language))
    for line in _signatures(examination, language):
        yield Paragraph(line, label=text("check.signature", language))
    for lane in Lane:
        found = [finding for finding in examination.findings if finding.lane is lane]
        if found:
            yield Paragraph("")
            yield _remarks(found, text(f"check.remarks_{lane.value}", language), language, show_all)


def _signatures(examination: Examination, language: str) -> list[str]:
    """One line for each signature file: its state, the file it covers, the BIN that its certificate claims."""
    lines = []
    for signature in examination.signatures:
        said = [text(f"state.signature_{signature.state}", language)]
        if signature.covers:
            said.append(f"→ {signature.covers}")
        if signature.signer_bin:
            said.append(f"{text('check.bin', language)} {signature.signer_bin}")
        if signature.service:
            said.append(f"{text('check.service', language)}: {signature.service}")
        lines.append(f"{signature.file} – {'; '.join(said)}")
    return lines or [text("check.no_signature", language)]


def _remarks(findings: list[Finding], title: str, language: str, show_all: bool) -> Table:
    by_rule: dict[tuple[str, str | None, str | None], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule_id, finding.file, finding.sheet].append(finding)
    rows: list[tuple[Cell, ...]] = []
    for group in by_rule.values():
        listed = group if show_all else group[:1]
        rows += [(one.rule_id, place_of(one), one.occurrences, one.message(language)) for one in listed]
        rest = sum(finding.occurrences for finding in group) - sum(finding.occurrences for finding in listed)
        if rest:
            rows.append((group[0].rule_id, "…", rest, text("check.more", language, count=rest)))
    columns = (("rule", Kind.CODE), ("place", Kind.SAID), ("count", Kind.NUMBER), ("remark", Kind.SAID))
    headings = [Column(text(f"check.{name}", language), kind) for name, kind in columns]
    return Table(headings, rows, caption=title, look="lines")


def place_of(finding: Finding) -> str:
    """File, sheet, row and column of a finding in one short text."""
    parts = [
        finding.file,
        finding.sheet,
        f"{finding.row}" if finding.row is not None else None,
        f"[{finding.column_no}]" if finding.column_no else None,
    ]
    return " · ".join(part for part in parts if part)
