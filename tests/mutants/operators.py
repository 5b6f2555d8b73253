"""Small faults put into a source, one at a time: what a slip of the hand would make of Python, SQL, a rule, a table.

Each gives `Mutant`s: a piece of the text and what stands there instead. Texts for people and comments stay as they are.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Mutant:
    """Characters `start` to `end` of a file's text are replaced by `new`."""

    path: str
    start: int
    end: int
    new: str

    def applied(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.end :]

    def line(self, text: str) -> str:
        """The first line that is changed, as it stands then."""
        return self.applied(text)[text.rfind("\n", 0, self.start) + 1 :].partition("\n")[0].strip()

    def described(self, text: str) -> str:
        """`path:line: old → new` on one line."""
        old = text[self.start : self.end]
        return f"{self.path}:{text.count(chr(10), 0, self.start) + 1}: {_short(old)} → {_short(self.new)}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def mutants_of(path: str, text: str) -> list[Mutant]:
    """All mutants of a file, in order; a file of another kind has none."""
    make = {".py": _of_python, ".sql": _of_sql, ".json": _of_suite, ".csv": _of_table}.get(PurePath(path).suffix)
    found = {(start, end, new) for start, end, new in make(text) if text[start:end] != new} if make else set()
    return [Mutant(path, *one) for one in sorted(found)]


Edit = tuple[int, int, str]

_SWAPS = {
    "<=": "<",
    ">=": ">",
    "<": "<=",
    ">": ">=",
    "==": "!=",
    "!=": "==",
    "=": "<>",
    "<>": "=",
    "+": "-",
    "-": "+",
    "*": "+",
    "//": "*",
    "/": "*",
    "%": "*",
    "in": "not in",
    "not in": "in",
    "is": "is not",
    "is not": "is",
    "and": "or",
    "or": "and",
    "inner join": "left join",
    "left join": "inner join",
    "is null": "is not null",
    "is not null": "is null",
    "is distinct from": "is not distinct from",
    "is not distinct from": "is distinct from",
    "union all": "union",
    "greatest": "least",
    "least": "greatest",
    "min": "max",
    "max": "min",
    "sum": "max",
    "true": "false",
    "false": "true",
    "not exists": "exists",
    "exists": "not exists",
    "desc": "asc",
}

_OPERATOR = re.compile(r"not\s+in|is\s+not|[a-z]+|[<>=!]=|//|[<>+\-*/%]")


def _of_python(text: str) -> Iterator[Edit]:
    """Operators, whole numbers, truth values, conditions; nothing in annotations, decorators, assertions."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    lines = text.split("\n")

    def place(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    def begin(node: ast.expr) -> int:
        return place(node.lineno, node.col_offset)

    def end(node: ast.expr) -> int:
        return place(node.end_lineno or 0, node.end_col_offset or 0)

    def between(one: ast.expr, other: ast.expr) -> Iterator[Edit]:
        gap = end(one), begin(other)
        match = _OPERATOR.search(re.sub(r"#[^\n]*", lambda note: " " * len(note.group()), text[gap[0] : gap[1]]))
        new = _SWAPS.get(" ".join(match.group().split())) if match else None
        if match and new:
            yield gap[0] + match.start(), gap[0] + match.end(), new

    for node in _walked(ast.parse(text)):
        if isinstance(node, ast.Compare):
            for one, other in pairwise([node.left, *node.comparators]):
                yield from between(one, other)
        elif isinstance(node, ast.BoolOp):
            for one, other in pairwise(node.values):
                yield from between(one, other)
        elif isinstance(node, ast.BinOp):
            yield from between(node.left, node.right)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield begin(node), begin(node.operand), ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield begin(node), end(node), str(not node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            yield begin(node), end(node), str(node.value + 1)
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            yield begin(node.test), end(node.test), f"(not ({text[begin(node.test) : end(node.test)]}))"


def _walked(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_assertion(child):
                yield from _walked(child)


def _is_assertion(node: ast.AST) -> bool:
    """`strict` of zip: without it a right program does the same."""
    return isinstance(node, ast.keyword) and node.arg == "strict"


_SQL = re.compile(
    r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"|\bdecimal\([^)]*\)"  # left alone
    r"|\b(?:inner join|left join|is not distinct from|is distinct from|is not null|is null|union all|not in|not exists"
    r"|greatest|least|exists|and|or|in|true|false|desc)\b"
    r"|\b(?:min|max|sum)(?=\()|\b\d+\b|<=|>=|<>|[<>=/]|(?<=\s)[-+*](?=\s)",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\b(where|having)\b(?=\s)")


def _of_sql(text: str) -> Iterator[Edit]:
    """Operators, joins, aggregates, numbers, filters; the head of the file up to its first statement is as it is."""
    for match in _SQL.finditer(text):
        token = match.group()
        if token.lower().startswith(("--", "'", '"', "decimal")):
            continue
        if token.isdigit():
            yield match.start(), match.end(), str(int(token) + 1)
            if int(token) >= 10:
                yield match.start(), match.end(), f"{token}0"
            continue
        new = _SWAPS.get(" ".join(token.lower().split()))
        if new and not _is_star_of_select(text, match):
            yield match.start(), match.end(), new
    plain = re.sub(r"--[^\n]*", lambda note: " " * len(note.group()), text)
    for match in _WHERE.finditer(plain):
        yield match.end(), match.end(), " true or"


def _is_star_of_select(text: str, match: re.Match[str]) -> bool:
    return match.group() == "*" and re.search(r"(?:select|distinct|,)\s*$", text[: match.start()]) is not None


def _of_suite(text: str) -> Iterator[Edit]:
    """A rule gone, in the other lane, of another severity, or with one of its values or bounds changed."""
    position = 0
    for rule in json.loads(text)["expectations"]:
        start = text.index(f'"rule": "{rule["meta"]["rule"]}"', position)
        opened = text.rindex('"type"', 0, start)
        opened = text.rindex("{", 0, opened)
        _, length = json.JSONDecoder().raw_decode(text[opened:])
        position = opened + length
        changed = json.loads(text[opened:position])
        yield opened, position, json.dumps({**changed, "type": "expect_column_to_exist", "kwargs": _only_column(rule)})
        for key, swap in (
            ("lane", {"completeness": "reliability", "reliability": "completeness"}),
            ("severity", {"error": "warning", "warning": "error"}),
        ):
            at = text.index(f'"{key}": "', opened) + len(key) + 5
            yield at, text.index('"', at), swap[rule["meta"][key]]
        for value in rule["kwargs"].get("value_set", []):
            rest = [one for one in rule["kwargs"]["value_set"] if one != value]
            kwargs = {**rule["kwargs"], "value_set": [*rest, "something else"]}
            yield opened, position, json.dumps({**changed, "kwargs": kwargs}, ensure_ascii=False)


def _only_column(rule: dict[str, dict[str, str]]) -> dict[str, str]:
    return {"column": rule["kwargs"]["column"]} if "column" in rule["kwargs"] else {}


_FIELD = re.compile(
    r"(?<=,)(\d{4}-\d\d-)(\d\d)(?=[,\n])|(?<=,)(\d+(?:\.\d+)?)(?=[,\n])|^(\d{4}-\d\d-)(\d\d)(?=,)", re.M
)


def _of_table(text: str) -> Iterator[Edit]:
    """Another day, another number in a row of a table of the law."""
    for match in _FIELD.finditer(text):
        if match[3]:
            digits = match[3]
            yield match.start(3), match.end(3), f"{digits[:-1]}{(int(digits[-1]) + 1) % 10}"
        else:
            day = match.start(2) if match[2] else match.start(5)
            number = int(text[day : day + 2])
            yield day, day + 2, f"{number + 1 if number < 28 else number - 1:02d}"
