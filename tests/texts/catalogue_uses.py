"""Where keys of the catalogue stand in the code: whole, or as the beginning of one that is put together there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, nodes

from esep.config import PROJECT

LIBRARY = PROJECT / "plugins" / "esep"
_FILE_NAMES = re.compile(r".*\.(css|csv|docx|duckdb|html|json|lock|md|parquet|pdf|py|toml|typ|xlsx|zip)")
_JINJA = Environment(autoescape=True)
_NOTHING = "\0"
"""Stands in a literal for what the program fills in."""


@dataclass(frozen=True)
class Literal:
    """A text that stands in a file; `\\0` where something is filled in."""

    path: Path
    line: int
    text: str


def literals() -> list[Literal]:
    """All texts of the library's modules and templates, and the names of fields: columns are called like them."""
    found: list[Literal] = []
    for path in sorted(LIBRARY.rglob("*.py")):
        found += _of_module(path)
    for path in sorted(LIBRARY.rglob("*.html")):
        found += _of_template(path)
    return found


def _of_module(path: Path) -> Iterator[Literal]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.BinOp)
        for part in ast.walk(node)
        if part is not node and isinstance(part, ast.Constant | ast.JoinedStr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield Literal(path, node.lineno, node.target.id)
        if isinstance(node, ast.JoinedStr | ast.BinOp | ast.Constant) and id(node) not in inside:
            for text in _texts(node):
                yield Literal(path, getattr(node, "lineno", 0), text)


def _texts(node: ast.expr) -> Iterator[str]:
    """The text of a literal; of a sum, its parts and the whole."""
    whole = _filled(node)
    if whole is not None:
        yield whole
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield f"{_NOTHING}{part.value}{_NOTHING}" if whole is not None else part.value
            elif isinstance(part, ast.JoinedStr) and part is not node:
                yield from _texts(part)


def _filled(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_filled(part) or _NOTHING for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_filled(side) for side in (node.left, node.right)]
        return None if sides == [None, None] else "".join(_NOTHING if side is None else side for side in sides)
    return None


def _of_template(path: Path) -> Iterator[Literal]:
    tree = _JINJA.parse(path.read_text(encoding="utf-8"))
    sums = list(tree.find_all(nodes.Concat))
    inside = {id(part) for one in sums for part in one.find_all((nodes.Const, nodes.Concat))}
    for node in (*sums, *tree.find_all(nodes.Const)):
        if id(node) in inside:
            continue
        parts = node.nodes if isinstance(node, nodes.Concat) else [node]
        reported = [part.value if isinstance(part, nodes.Const) else _NOTHING for part in parts]
        if any(isinstance(part, str) and part != _NOTHING for part in reported):
            yield Literal(path, node.lineno, "".join(str(part) for part in reported))


def is_file_name(text: str) -> bool:
    return bool(_FILE_NAMES.fullmatch(text))


def pattern_of(text: str) -> re.Pattern[str]:
    """What keys a literal can become. One that ends with `_` is the beginning of a key, completed elsewhere."""
    whole = f"{text}{_NOTHING}" if text.endswith("_") else text
    return re.compile("[a-z0-9_]*".join(re.escape(part) for part in re.split(f"{_NOTHING}+", whole)))
