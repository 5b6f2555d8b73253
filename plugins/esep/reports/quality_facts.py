"""What the monthly report on quality is made of: a month of distribution as a day sees it, and its words in a language.

Filings, decisions, dispatches and findings across filings count if they were there before the day began. Verdicts,
prices and rates, the reconciliation and missing reference data are given as the snapshot has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from esep.answers import UnknownError, masking, quality_lists, reconciliation, snapshot
from esep.answers.quality import UNREAD, Scope, Summary, summary
from esep.answers.tables import Page, Row
from esep.clock import month_after, months_before
from esep.documents.model import NAME_LIMIT, ColumnOf, One, Paragraph, Table, table_of
from esep.documents.plain import NOTHING, shown
from esep.examination.rule_words import rule_text
from esep.examination.suites import Rule
from esep.texts import text
from esep.texts.numbers import count, day

EXAMPLES = 3
"""Places given for each rule."""
TREND_MONTHS = 12
_CELL_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class QualityFacts:
    """A month of distribution as of a day."""

    month: date
    as_of: date
    code_version: str
    """Of the code that built the snapshot."""
    found: Summary
    trend: Summary
    """The month and the eleven before it."""
    filings: Page[Row]
    corrections: Page[Row]
    examples: Mapping[str, list[Row]]
    gaps: tuple[Row, ...]
    identities: tuple[Row, ...]


class MonthError(ValueError):
    """A month that no report can be written about; the text says why."""


def facts(connection: duckdb.DuckDBPyConnection, month: date, as_of: date) -> QualityFacts:
    """The facts of a month, given as its first day.

    Raises MonthError for a month that is not over on the day, UnknownError("month") for one of which nothing was due
    and nothing came.
    """
    if month >= as_of.replace(day=1):
        raise MonthError(f"{month:%Y-%m} is not over on {as_of}: a report is written about a month that is over")
    scope = Scope(month, month, None, as_of)
    found = summary(connection, scope)
    if not found.pool_months and not found.expected:
        raise UnknownError("month", f"{month:%Y-%m}")
    last_day = month_after(month) - timedelta(days=1)
    return QualityFacts(
        month=month,
        as_of=as_of,
        code_version=snapshot(connection).code_version,
        found=found,
        trend=summary(connection, Scope(months_before(month, TREND_MONTHS - 1), month, None, as_of)),
        filings=quality_lists.filings(scope).page(connection),
        corrections=quality_lists.filings(scope, which="correction").page(connection),
        examples=quality_lists.examples(connection, scope, EXAMPLES),
        gaps=reconciliation.gaps(connection, month, last_day),
        identities=reconciliation.identities(connection),
    )


class Words:
    """How the facts of a month are put in a language. Personal data are masked for every reader."""

    def __init__(self, facts: QualityFacts, clauses: Mapping[str, Sequence[Rule]], language: str) -> None:
        self.facts, self.clauses, self.language = facts, clauses, language

    def t(self, key: str, **values: object) -> str:
        """A text of the catalogue."""
        return text(key, self.language, **values)

    def pool(self, pool_id: str | None) -> str:
        """A pool by its name and number; those of what may be a person are masked."""
        if pool_id is None or pool_id == UNREAD:
            return self.t("quality.pool_unread")
        number, name = masking.masked_taxpayer(pool_id, self.facts.found.pool_name(pool_id))
        return f"{shown(name, NAME_LIMIT)} ({shown(number, 40)})" if name else shown(number, 40)

    def gap(self, gap: Row, limit: int = NAME_LIMIT) -> str:
        """The pool, currency or asset that a gap of the reference data is about."""
        return self.pool(gap.pool_id) if gap.kind == "pool" else gap.currency or shown(gap.asset, limit)

    def day(self, value: date | None) -> str:
        return day(value, self.language)

    def count(self, value: int | None) -> str:
        return NOTHING if value is None else count(value, self.language)

    def rule(self, rule_id: str) -> str:
        """What a rule says in general."""
        clauses = self.clauses.get(rule_id)
        return rule_text(clauses, self.language) if clauses else self.t("quality.rule_gone")

    def faint(self, key: str, **values: object) -> Paragraph:
        """An explanation before or after a table."""
        return Paragraph(self.t(key, **values), "faint")

    def table(self, caption: str, rows: Iterable[One], *columns: ColumnOf[One]) -> Table:
        """A table that says `nothing` where it has no rows."""
        return table_of(columns, rows, self.t, _CELL_LIMIT, caption=caption, empty=self.t("common.nothing"))
