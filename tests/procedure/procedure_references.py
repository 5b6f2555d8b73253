"""Whether what a page names exists: a path, a name in a module, a test, a row of a table, a command."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LIBRARY = Path("plugins") / "esep"


def reference_fault(token: str, root: Path) -> str | None:
    """What is wrong with `path`, `path:name` or `path::test`; None if it exists."""
    is_test = "::" in token
    place, _, name = token.partition("::" if is_test else ":")
    folders = (root / "tests",) if is_test else (root, root / LIBRARY)
    path = next((folder / place for folder in folders if (folder / place).exists()), None)
    if path is None:
        return "no such file"
    if not name:
        return None
    if path.suffix == ".csv":
        return None if name in _first_cells(path) else "no such row"
    if path.suffix != ".py":
        return "only Python files and tables have names"
    if is_test:
        return None if name in _tests(path) else "no such test"
    return None if name in _names(path) else "no such function, class or constant"


@cache
def _tests(path: Path) -> frozenset[str]:
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in tree if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


@cache
def _names(path: Path) -> frozenset[str]:
    return frozenset(_defined(ast.parse(path.read_text(encoding="utf-8")).body))


def _defined(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{name}" for name in _defined(node.body))
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


@cache
def _first_cells(path: Path) -> frozenset[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row[0] for row in list(csv.reader(file))[1:] if row)


@cache
def commands(root: Path) -> frozenset[str]:
    """Functions of the command line that are decorated as commands or groups, at the first level or below."""
    found = set()
    for path in sorted((root / LIBRARY / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                words = " ".join(ast.unparse(one) for one in node.decorator_list)
                if re.search(r"\.(?:command|group)\b", words):
                    found.add(node.name)
    return frozenset(found)
