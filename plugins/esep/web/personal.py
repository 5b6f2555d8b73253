"""What a reader may see of texts that can hold personal data: findings quote cells, and cells hold anything.

Operators see all. Viewers see what stands in columns of numbers, days and assets, as long as it is a number, a day or a
known asset; of everything else they see that there is a fault, by which rule and where, in the rule's own words.
"""

from __future__ import annotations

from dataclasses import dataclass

from esep.answers import masking
from esep.answers.filing_findings import Fault, RuleGroup, Rules
from esep.detail import Detail
from esep.texts import text
from esep.texts.words import found_words
from esep.web.access import Reader

IMPERSONAL_COLUMNS = frozenset({"1", "6", "7", "8", "9.1", "9.2"})
"""Printed columns of Annex 2 that hold no name, number, licence or wallet of a taxpayer."""


@dataclass(frozen=True, slots=True)
class FaultShown:
    """A fault as a page prints it; `hidden` where found and expected are withheld."""

    rule_id: str
    severity: str
    file: str | None
    sheet: str | None
    row: int | None
    column_no: str | None
    remark: str
    found: str | None
    expected: str | None
    occurrences: int
    hidden: bool


def fault_shown(fault: Fault, rules: Rules, reader: Reader) -> FaultShown:
    """The fault with what this reader may see of it."""
    impersonal = fault.column_no in IMPERSONAL_COLUMNS and masking.is_impersonal(fault.found)
    hidden = not (reader.is_operator or impersonal)
    if hidden:
        general = rules.general(fault.rule_id, fault.lane)
        remark = general[reader.language] if general else text("filing.remark_hidden", reader.language)
    else:
        remark = rules.remark(fault.rule_id, fault.lane, reader.language, fault.message(reader.language))
    return FaultShown(
        fault.rule_id,
        fault.severity,
        fault.file,
        fault.sheet,
        fault.row,
        fault.column_no,
        remark,
        None if hidden else _found(fault, reader.language),
        None if hidden else fault.expected,
        fault.occurrences,
        hidden,
    )


def group_remark(group: RuleGroup, reader: Reader) -> str:
    """One remark for all faults of a rule: as told where all are the same, else the rule's own text."""
    told = group.common if reader.is_operator else None
    words = told or group.general
    return words[reader.language] if words else text("filing.remark_hidden", reader.language)


def _found(fault: Fault, language: str) -> str | None:
    """What stands there; of a whole file, what is wrong with it in words of the language."""
    of_cell = fault.row is not None or fault.sheet is not None
    return found_words(fault.found, Detail.from_json(fault.found_detail), language, is_of_cell=of_cell)
