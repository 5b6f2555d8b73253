"""The faults across filings that hold on a day: the suite over the frame, as findings with a stable key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.examination import engine, suites
from esep.examination.findings import findings_of
from esep.examination.model import Finding
from esep.supervision.across.frames import across_filings

STAGE = "across_filings"


@dataclass(frozen=True, slots=True)
class Held:
    """One fault of one filing that holds."""

    registration_no: str
    key: str
    """Stable from run to run: rule and subject, as `R-71 bc1q…`; unique in the filing."""
    ground: str
    """`late` or `unreliable`: which of para 10's grounds it is."""
    finding: Finding


def holding(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> list[Held]:
    """All faults across filings, by what had arrived and been decided before the day `as_of` began (local time).

    Registers count as they stand now. Ordered by registration number and key. Raises SuiteError for a suite that
    cannot be used, EngineError for a rule that cannot be evaluated.
    """
    rules = suites.load(settings).by_stage[STAGE]
    frame = across_filings(connection, settings, as_of)
    held = [one for failure in engine.failures(rules, frame, frame.num_rows) for one in _held(failure, frame)]
    return sorted(held, key=lambda one: (one.registration_no, one.key))


def _held(failure: engine.Failure, frame: pa.Table) -> list[Held]:
    rule = failure.rule
    if failure.positions is None:
        raise engine.EngineError(
            f"{rule.rule_id} ({rule.type} in {rule.stage}.json) judges the frame as a whole, so no filing could be "
            "named. Use an expectation on the values of a column."
        )
    rows = frame.select(["registration_no", "subject", "ground", "occurrences"]).take(pa.array(failure.positions))
    return [
        Held(
            registration_no=row["registration_no"],
            key=f"{rule.rule_id} {row['subject']}",
            ground=row["ground"],
            finding=replace(finding, occurrences=row["occurrences"] or 1),
        )
        for row, finding in zip(rows.to_pylist(), findings_of(failure, frame), strict=True)
    ]
