"""The text of a rule without a case: what differs between its findings stands as `…`."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from esep.examination.suites import Rule

VARIES = "…"
_COLUMN = "{column}"
_QUOTED_AT_END = re.compile(rf": {VARIES}(?=[.;]|$)")
"""`Unreadable: ….` says no more than `Unreadable.`"""


def clause_text(clause: Rule, language: str) -> str:
    """What one expectation says of a fault, in general."""
    return _general(clause.text[language], clause.column_no)


def clause_todo(clause: Rule, language: str) -> str:
    """What the filer is advised to do."""
    return _general(clause.todo[language], clause.column_no)


def rule_text(clauses: Sequence[Rule], language: str) -> str:
    """One sentence for a rule of several expectations: the same but for their columns, else all of them."""
    if len(clauses) == 1:
        return clause_text(clauses[0], language)
    return " / ".join(dict.fromkeys(_general(clause.text[language], VARIES) for clause in clauses))


def _general(template: str, column: str | None) -> str:
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    told = template.format_map(dict.fromkeys(names, VARIES) | {"column": _COLUMN})
    told = _QUOTED_AT_END.sub("", told) if told.count(VARIES) == 1 else told.replace(f"{VARIES}.", VARIES)
    return told.replace(_COLUMN, column or VARIES)
