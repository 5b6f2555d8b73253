"""What is loaded, checked and asked is in sql/; Python calls a macro, query or relation, filters and orders."""

from __future__ import annotations

import ast
import re

import pytest

from esep.config import PROJECT

ROOMS = ("answers", "cli", "demo", "lake", "orchestration", "reports", "supervision", "warehouse", "web")
QUERY = re.compile(
    r"\bselect\s+(?!unnest\()|\bjoin\s+\w+(\s+as\s+\w+)?\s+(on|using)\b|\bwith\s+\w+\s+as\s+\(|\bover\s+\("
)
FILLING = {
    f"warehouse/{name}.py"
    for name in ("build", "calls", "masked", "masked_copy", "revision", "schema", "lake_rows", "work")
}
FILLING |= {f"warehouse/spark/{name}.py" for name in ("marts", "tables", "translate")}
"""Modules that fill tables from macros and relations, by statements of their own, or hand them to another engine."""
CALL = {("answers/tables.py", "select ")}


def strings(tree: ast.AST) -> list[str]:
    """String constants, those in f-strings too, without docstrings and other strings that stand alone."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in alone)
    return [node.value for node in constants if isinstance(node.value, str)]


@pytest.mark.parametrize("room", ROOMS)
def test_python_holds_no_query(room):
    package = PROJECT / "plugins" / "esep"
    found = [
        (str(path.relative_to(package)), text)
        for path in sorted((package / room).rglob("*.py"))
        for text in strings(ast.parse(path.read_text(encoding="utf-8")))
        if QUERY.search(text) and path.relative_to(package).as_posix() not in FILLING
    ]
    assert [one for one in found if one not in CALL] == []


def test_a_query_is_seen():
    assert QUERY.search("select a, b from c")
    assert QUERY.search("from a left join b on a.x = b.x")
    assert not QUERY.search("from a($x) where b in (select unnest($c::varchar[])) order by d")
