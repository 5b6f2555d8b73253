"""The results of an examination: findings, identity, verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import pyarrow as pa

from esep.detail import Detail


class Lane(StrEnum):
    """What a finding leads to. The lane is data of the suite, never code."""

    COMPLETENESS = "completeness"
    """Para 8: the package is refused."""
    RELIABILITY = "reliability"
    """Para 10: a notice; the filing is accepted."""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: rule, place, found, expected, text. `occurrences` of all findings of a rule add up to its count."""

    rule_id: str
    lane: Lane
    severity: Severity
    message_kk: str
    message_ru: str
    message_en: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column_no: str | None = None
    found: str | None = None
    expected: str | None = None
    occurrences: int = 1
    found_detail: Detail | None = None
    """Code and values of `found` where that is a sentence about a file; None where a cell is quoted."""

    def message(self, language: str) -> str:
        """Remark and advice in `kk`, `ru` or `en`."""
        return {"kk": self.message_kk, "ru": self.message_ru, "en": self.message_en}[language]

    def as_dict(self) -> dict[str, object]:
        """What people and machines are shown, in the order of the warehouse's columns, for JSON."""
        return {
            "rule_id": self.rule_id,
            "lane": self.lane.value,
            "severity": self.severity.value,
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column_no": self.column_no,
            "found": self.found,
            "expected": self.expected,
            "message_kk": self.message_kk,
            "message_ru": self.message_ru,
            "message_en": self.message_en,
            "occurrences": self.occurrences,
        }


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

    def as_dict(self) -> dict[str, str | None]:
        """Plain values for JSON."""
        return {
            "file": self.file,
            "state": self.state,
            "detail_code": self.detail_code,
            "covers": self.covers,
            "signer_bin": self.signer_bin,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "service": self.service,
        }


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A worksheet row of a package."""

    file: str
    sheet: str
    row: int
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything that an examination of one package found; not yet recorded anywhere."""

    identity: Identity
    verdict: Verdict
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

    def at(self, moment: datetime) -> Examination:
        return replace(self, examined_at=moment)
