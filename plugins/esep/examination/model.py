"""The results of an examination: findings, identity, verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

import pyarrow as pa

from esep.detail import Detail
from esep.office.questions import Answer


class Lane(StrEnum):
    """The consequence of a finding. The lane is data of the suite, never code."""

    COMPLETENESS = "completeness"
    """Para 8: the package is refused."""
    RELIABILITY = "reliability"
    """Para 10: a notice; the filing is accepted."""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Verdict(StrEnum):
    """What the examination decides; none while a filing waits for an officer."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: rule, place, found, expected, text. `occurrences` of all findings of a rule add up to its count."""

    rule_id: str
    lane: Lane
    severity: Severity
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column_no: str | None = None
    found: str | None = None
    expected: str | None = None
    message_kk: str = ""
    message_ru: str = ""
    message_en: str = ""
    occurrences: int = 1
    found_detail: Detail | None = None
    """Code and values of `found` where that is a sentence about a file; None where a cell is quoted."""

    def message(self, language: str) -> str:
        """Remark and advice in `kk`, `ru` or `en`."""
        return str(getattr(self, f"message_{language}"))

    def as_dict(self) -> dict[str, Any]:
        """The values that people and machines are shown, in the order of the warehouse's columns, for JSON."""
        values = {one.name: getattr(self, one.name) for one in fields(Finding) if one.name != "found_detail"}
        return values | {"lane": self.lane.value, "severity": self.severity.value}


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose filing for which month. None where nothing readable says so."""

    pool_id: str | None
    pool_id_source: str
    """application, signature, register or none."""
    pool_name: str | None
    period: date | None
    period_source: str
    """application, form or none."""


@dataclass(frozen=True, slots=True)
class FileSignature:
    """One signature file, as the verdict keeps it. Words and codes are those of esep.signature."""

    file: str
    state: str
    """SignatureState; none of them says "valid", for chain and revocation are not checked."""
    detail_code: str | None
    covers: str | None
    """Path of the signed file of the package."""
    signer_bin: str | None
    signed_at: datetime | None
    """As the signer states it."""
    service: str | None
    """Answer of the external verification service: its code; None where it was not asked."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """The footer of one 1-ЦМ sheet as written; None where a line is blank."""

    file: str
    sheet: str
    pool_name: str | None
    address: str | None
    phone: str | None
    """Of the pool."""
    email: str | None
    executor: str | None
    executor_phone: str | None
    head: str | None


class RowPlace(NamedTuple):
    """A worksheet row of a package."""

    file: str
    sheet: str
    row: int
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything that an examination of one package found; not yet recorded anywhere."""

    identity: Identity
    verdict: Verdict | None
    """None while an officer has to answer `question`."""
    findings: tuple[Finding, ...]
    distribution: pa.Table
    """The columns of lake.schema.DISTRIBUTION without registration_no and examination_no."""
    row_count: int
    excluded_count: int
    sheets_stated: int | None
    form_version: str
    ruleset: str
    code_version: str
    examined_at: datetime
    signatures: tuple[FileSignature, ...] = ()
    total_rows: tuple[RowPlace, ...] = ()
    """Rows of the 1-ЦМ sheets that were left out as totals."""
    contacts: tuple[Contacts, ...] = ()
    """Of each 1-ЦМ sheet whose footer says anything; in the verdict, not in the lake, for they name people."""
    question: str | None = None
    """Kind of the question that left the verdict to an officer, answered or not (question_kind.csv)."""
    answer: Answer | None = None
    """The officer's answer by which the filing has its verdict."""

    def facts(self) -> dict[str, Any]:
        """Facts that the lake's table of filings and the verdict share, in the order of both."""
        own = ("row_count", "excluded_count", "sheets_stated", "form_version", "ruleset", "code_version")
        verdict = self.verdict.value if self.verdict else None
        of_filing = {name: getattr(self, name) for name in own}
        return {"verdict": verdict, **asdict(self.identity), **of_filing, "question": self.question}

    def count_by_rule(self) -> Counter[str]:
        """Rule → faults."""
        counts: Counter[str] = Counter()
        for finding in self.findings:
            counts[finding.rule_id] += finding.occurrences
        return counts
