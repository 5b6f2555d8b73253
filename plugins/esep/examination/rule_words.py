"""What a rule says without a case: its texts with a sign for what differs between its findings."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from esep.examination.suites import Rule

VARIES = "…"
"""In a rule's text: what differs between its findings."""
_COLUMN = "{column}"
_QUOTED_AT_END = re.compile(rf": {VARIES}(?=[.;]|$)")
"""`Unreadable: ….` says no more than `Unreadable.`"""


def rule_text(clauses: Sequence[Rule], language: str) -> str:
    """One sentence for a rule of several expectations: the same but for their columns, else all of them."""
    if len(clauses) == 1:
        return clause_text(clauses[0], language)
    return " / ".join(dict.fromkeys(_general(clause.text[language], VARIES) for clause in clauses))


def clause_text(clause: Rule, language: str) -> str:
    """What one expectation says of a fault, in general."""
    return _general(clause.text[language], clause.column_no)


def rule_todo(clauses: Sequence[Rule], language: str) -> str:
    """What the filer is advised to do."""
    return " / ".join(dict.fromkeys(_general(clause.todo[language], clause.column_no) for clause in clauses))


def _general(template: str, column: str | None) -> str:
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    said = template.format_map(dict.fromkeys(names, VARIES) | {"column": _COLUMN})
    said = _QUOTED_AT_END.sub("", said) if said.count(VARIES) == 1 else said.replace(f"{VARIES}.", VARIES)
    return said.replace(_COLUMN, column or VARIES)
