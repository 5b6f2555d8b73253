"""Findings as a letter gives them: one remark per rule and file, a few places each, and always the true counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import islice
from typing import Any

from esep.config import Settings
from esep.detail import Detail
from esep.documents.plain import shown
from esep.examination import suites
from esep.examination.findings import parts_of
from esep.examination.model import Finding, Lane, Severity
from esep.examination.suites import LANGUAGES, PLACEHOLDERS, Rule

PLACES_PER_REMARK = 10
"""Places that a letter names for one rule; findings.xlsx has all that are listed."""
REMARKS_PER_LETTER = 60
"""Remarks (rule and file) that a letter spells out."""
VARIES = "…"
_NOT_READ = frozenset({"detail", "unused_detail"})
"""Columns of the frame of files that say why a file was not read."""
PARAGRAPH_OF_LANE = {Lane.COMPLETENESS: "8", Lane.RELIABILITY: "10"}


@dataclass(frozen=True, slots=True)
class DetectedFinding(Finding):
    """A finding as a notice gives it: of which filing, and since when it is known."""

    registration_no: str | None = None
    detected_on: date | None = None

    @classmethod
    def of(cls, finding: Finding, registration_no: str | None, detected_on: date) -> DetectedFinding:
        values = {field.name: getattr(finding, field.name) for field in fields(Finding)}
        return cls(**values, registration_no=registration_no, detected_on=detected_on)

    def as_dict(self) -> dict[str, object]:
        """The columns of the relation `finding` with registration_no and detected_on."""
        detected = self.detected_on.isoformat() if self.detected_on else None
        return {**Finding.as_dict(self), "registration_no": self.registration_no, "detected_on": detected}


def filing_no(finding: Finding) -> str | None:
    """Registration number of the filing of a finding, where a letter may be about several filings."""
    return finding.registration_no if isinstance(finding, DetectedFinding) else None


def detected_on(finding: Finding) -> date | None:
    """Since when a finding of a notice is known; None in other letters."""
    return finding.detected_on if isinstance(finding, DetectedFinding) else None


@dataclass(frozen=True, slots=True)
class Remark:
    """One rule's faults. `places` are the first findings with a place; `count` is the true number of faults."""

    rule_id: str
    lane: Lane
    severity: Severity
    paragraph: str
    """As the suite cites it, `8; Annex 2, column 5`."""
    text: Mapping[str, str]
    """By language; what differs between the faults of one remark is written `…` and given with each place."""
    todo: Mapping[str, str]
    """By language; empty where the suite no longer has the rule (its text is then all in `text`)."""
    places: tuple[Finding, ...]
    count: int
    registration_no: str | None = None
    """The filing, in a letter that may be about several."""
    detected_on: date | None = None
    """Since when the first of these faults is known; in notices only."""

    @property
    def not_shown(self) -> int:
        """Faults that `places` does not name one by one."""
        return self.count - sum(place.occurrences for place in self.places)


@dataclass(frozen=True, slots=True)
class Remarks:
    """All remarks of a letter. The counts are true; `shown` is capped, `findings` holds everything that is listed."""

    shown: tuple[Remark, ...]
    remark_count: int
    """Of rule and file; `rule_count` is that of their kinds."""
    fault_count: int
    findings: tuple[Finding, ...]

    def __bool__(self) -> bool:
        return bool(self.findings)

    @property
    def rule_count(self) -> int:
        """Rules that are broken: one broken in three files is one kind of remark."""
        return len({finding.rule_id for finding in self.findings})


NO_REMARKS = Remarks((), 0, 0, ())


class Citations:
    """Paragraph and advice of each rule, from the suites in force; a rule that is gone is cited by its lane."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[tuple[str, Lane], list[Rule]] = defaultdict(list)
        for rule in rules:
            self._rules[rule.rule_id, rule.lane].append(rule)

    @classmethod
    def of(cls, settings: Settings) -> Citations:
        """From settings.expectations; raises SuiteError when the suites cannot be used."""
        return cls(suites.load(settings).rules)

    def paragraph(self, finding: Finding) -> str:
        rules = self.clauses(finding.rule_id, finding.lane, finding.column_no)
        return rules[0].paragraph if rules else PARAGRAPH_OF_LANE[finding.lane]

    def parts(self, finding: Finding, language: str) -> tuple[str, str]:
        """The remark, and what to do (empty if the suite words it otherwise now; the whole message is the remark)."""
        return parts_of(finding, self.clauses(finding.rule_id, finding.lane, finding.column_no), language)

    def common_text(self, findings: Sequence[Finding], language: str) -> str:
        """One remark for all faults of a rule; if their wordings differ, the rule's own with `…` for what differs."""
        first = findings[0]
        rules = self.clauses(first.rule_id, first.lane, first.column_no)
        if not rules or len({finding.message(language) for finding in findings}) == 1:
            return self.parts(first, language)[0]
        columns = {finding.column_no for finding in findings}
        values = dict.fromkeys(PLACEHOLDERS, VARIES) | {
            "expected": rules[0].expected or VARIES,
            "column": (first.column_no if len(columns) == 1 else None) or VARIES,
            "file": shown(first.file, 120),
        }
        return rules[0].text[language].format_map(values)

    def is_unread_file(self, finding: Finding) -> bool:
        """Whether it says why a whole file was not read: what the rule shows as found is the reader's own sentence."""
        rules = self.clauses(finding.rule_id, finding.lane)
        return bool(finding.file and finding.found_detail) and any(rule.found in _NOT_READ for rule in rules)

    def clauses(self, rule_id: str, lane: Lane, column_no: str | None = None) -> list[Rule]:
        """The rule's expectations, those of the column before others; none where the rule is gone."""
        return sorted(self._rules.get((rule_id, lane), ()), key=lambda rule: rule.column_no != column_no)


def findings_of_rows(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """Findings from rows of the relation `finding` (or of the lake); further columns are ignored.

    Raises KeyError for a row without one of the relation's columns, ValueError for an unknown lane or severity.
    """
    plain = [field.name for field in fields(Finding) if field.name not in ("lane", "severity", "found_detail")]
    return [
        Finding(
            **{name: row[name] for name in plain},
            lane=Lane(row["lane"]),
            severity=Severity(row["severity"]),
            found_detail=Detail.from_json(row.get("found_detail")),
        )
        for row in rows
    ]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Errors of completeness first, then rule, file, sheet and row: the order does not depend on how they came."""
    return sorted(findings, key=_order)


def _order(finding: Finding) -> tuple[Any, ...]:
    row = finding.row or 0
    return (
        finding.lane is not Lane.COMPLETENESS,
        finding.severity is not Severity.ERROR,
        finding.rule_id,
        filing_no(finding) or "",
        finding.file or "",
        finding.sheet or "",
        row == 0,
        row,
        finding.column_no or "",
        finding.found or "",
        finding.message_en,
        finding.occurrences,
        detected_on(finding) or date.min,
    )


def collect(findings: Sequence[Finding], citations: Citations) -> Remarks:
    """The remarks of a letter from its findings, in a fixed order."""
    ordered = in_order(findings)
    groups: dict[tuple[str, Lane, str, str], list[Finding]] = defaultdict(list)
    for finding in ordered:
        groups[finding.rule_id, finding.lane, filing_no(finding) or "", finding.file or ""].append(finding)
    spelt_out = islice(groups.values(), REMARKS_PER_LETTER)
    return Remarks(
        shown=tuple(_remark(group, citations) for group in spelt_out),
        remark_count=len(groups),
        fault_count=sum(finding.occurrences for finding in ordered),
        findings=tuple(ordered),
    )


def _remark(group: list[Finding], citations: Citations) -> Remark:
    first = group[0]
    parts = {language: citations.parts(first, language) for language in LANGUAGES}
    listed = tuple(_listed(group))
    texts = {language: citations.common_text(listed or (first,), language) for language in LANGUAGES}
    return Remark(
        rule_id=first.rule_id,
        lane=first.lane,
        severity=first.severity,
        paragraph=citations.paragraph(first),
        text=texts,
        todo={language: todo for language, (_, todo) in parts.items()},
        places=listed[:PLACES_PER_REMARK],
        count=sum(finding.occurrences for finding in group),
        registration_no=filing_no(first),
        detected_on=min((day for finding in group if (day := detected_on(finding))), default=None),
    )


def _listed(group: list[Finding]) -> Iterator[Finding]:
    """Findings that are one fault each; the line `and so many more` is in the count."""
    return (finding for finding in group if finding.row is not None or finding.occurrences == 1)
