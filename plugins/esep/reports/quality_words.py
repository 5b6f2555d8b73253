"""How the facts of a month are told in a language: texts, pools, rules, tables. Personal data are masked for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from esep.answers import masking, rule_words
from esep.answers.quality_scope import UNREAD
from esep.documents.model import Cell, Column, Kind, Paragraph, Table
from esep.documents.plain import NOTHING, shown
from esep.examination.suites import Rule
from esep.reports.quality_facts import QualityFacts
from esep.texts import text
from esep.texts.numbers import count

NAME_LIMIT = 160
_CELL_LIMIT = 2000


class Words:
    """How the facts of a month are told in a language."""

    def __init__(self, facts: QualityFacts, clauses: Mapping[str, Sequence[Rule]], language: str) -> None:
        self.facts, self.clauses, self.language = facts, clauses, language

    def t(self, key: str, **values: object) -> str:
        """A text of the catalogue."""
        return text(key, self.language, **values)

    def pool(self, pool_id: str | None) -> str:
        """A pool by its name and number; those of what may be a person are masked."""
        if pool_id is None or pool_id == UNREAD:
            return self.t("quality.pool_unread")
        number, name = masking.masked_taxpayer(pool_id, self.facts.found.pool(pool_id).pool_name)
        return f"{shown(name, NAME_LIMIT)} ({shown(number, 40)})" if name else shown(number, 40)

    def count(self, value: int | None) -> str:
        return NOTHING if value is None else count(value, self.language)

    def rule(self, rule_id: str) -> str:
        """What a rule says in general."""
        clauses = self.clauses.get(rule_id)
        return rule_words.rule_text(clauses, self.language) if clauses else self.t("quality.rule_gone")

    def faint(self, key: str, **values: object) -> Paragraph:
        """An explanation before or after a table."""
        return Paragraph(self.t(key, **values), "faint")

    def column(self, key: str, kind: Kind = Kind.TEXT, width: float = 1.0) -> Column:
        return Column(self.t(key), kind, width, _CELL_LIMIT)

    def table(self, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Table:
        """A table that says `nothing` where it has no rows."""
        return Table(columns, rows, caption=caption, empty=self.t("common.nothing"))
