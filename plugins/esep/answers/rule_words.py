"""The text of a rule without a case: what differs between its findings stands as `…`."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from esep.examination.suites import Rule

VARIES = "…"
_QUOTED_AT_END = re.compile(rf": {VARIES}(?=[.;]|$)")
"""`Unreadable: ….` says no more than `Unreadable.`"""


def clause_text(clause: Rule, language: str) -> str:
    """What one expectation says of a fault, in general."""
    return _general(clause.text[language])


def clause_todo(clause: Rule, language: str) -> str:
    """What the filer is advised to do."""
    return _general(clause.todo[language])


def rule_text(clauses: Sequence[Rule], language: str) -> str:
    """One sentence for a rule of several expectations: the same but for their columns, else all of them."""
    texts = list(dict.fromkeys(clause_text(clause, language) for clause in clauses))
    if len(texts) == 1:
        return texts[0]
    without_column = {
        re.sub(rf"(?<![0-9.]){re.escape(clause.column_no)}(?![0-9.])", VARIES, clause_text(clause, language), count=1)
        for clause in clauses
        if clause.column_no
    }
    return without_column.pop() if len(without_column) == 1 else " / ".join(texts)


def _general(template: str) -> str:
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    told = template.format_map(dict.fromkeys(names, VARIES))
    return _QUOTED_AT_END.sub("", told) if told.count(VARIES) == 1 else told.replace(f"{VARIES}.", VARIES)
