"""Which mutants are asked about, and which tests are asked about a mutant."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

from mutants.operators import Mutant, mutants_of
from mutants.sandbox import PROJECT

_ONE_WAREHOUSE = ("tests/warehouse/test_each_check.py", "tests/warehouse/test_mutants_of_figures.py")
AREAS: dict[str, tuple[str, ...]] = {
    "sql/figures": ("tests/relations/test_relations.py", "tests/warehouse", "tests/answers"),
    "sql/checks": (*_ONE_WAREHOUSE, "tests/warehouse"),
    "sql/supervision": (
        "tests/relations/test_relations.py",
        "tests/supervision",
        "tests/across",
        "tests/answers",
        *_ONE_WAREHOUSE,
        "tests/warehouse/test_filing_states.py",
    ),
    "plugins/esep/law": ("tests/law", "tests/values", "tests/examination", _ONE_WAREHOUSE[1]),
    "plugins/esep/examination": ("tests/examination", "tests/cases"),
    "expectations": ("tests/examination", "tests/cases", "tests/across"),
}
"""Sources that are changed, and the tests that touch them."""
TABLES: dict[str, tuple[str, ...]] = {
    "obligation_kind.csv": ("tests/supervision/test_obligations.py",),
    "office_practice.csv": ("tests/supervision/test_obligations.py", "tests/supervision/test_notices.py"),
    "price_list.csv": ("tests/relations/test_relations.py", "tests/warehouse"),
    "sale_rule.csv": ("tests/relations/test_relations.py", "tests/warehouse"),
}
"""Tables of the law that only the warehouse reads."""
NOT_CHANGED = ("holiday.csv", "holiday_snapshot.py", "asset_alias.csv", "__init__.py")
"""A day off in a snapshot of 17 years, a spelling among hundreds: data that other data are compared with."""
LEFT_OUT = ("test_figure_change", "test_publication", "test_replay", "test_damaged", "test_absurd")
LEFT_OUT += ("test_second_reckoning", "test_values_any_text")
"""Files of tests that take a minute or more each, or measure time: a mutant that only these see is a survivor."""
PATIENCE = 150.0
"""Seconds of tests (as long as they take without a fault) in which a mutant must be seen, else it is a survivor."""
_RULE = re.compile(r'"rule": "([CR]-[0-9]+)"')
_BLOCK = '"type": "expect'
_BRACKET = 10
"""Characters from the bracket of an expectation to its type, at most."""


def area_of(path: str) -> str:
    return next(area for area in AREAS if path.startswith(f"{area}/"))


def sampled(areas: Sequence[str], count: int, seed: int) -> list[Mutant]:
    """Those in `areas` of `count` mutants, shared out among all areas by the root of their number: small areas count.

    A change in one area leaves the sample of the others as it is.
    """
    pools = {area: [one for path in _sources(area) for one in mutants_of(path, _text(path))] for area in AREAS}
    whole = sum(len(pool) ** 0.5 for pool in pools.values())
    chosen: list[Mutant] = []
    for area in areas:
        share = min(len(pools[area]), round(count * len(pools[area]) ** 0.5 / whole))
        chosen += sorted(pools[area], key=lambda one: sha256(f"{seed} {one}".encode()).digest())[:share]
    Random(seed).shuffle(chosen)
    return chosen


def _sources(area: str) -> list[str]:
    found = [path for path in sorted((PROJECT / area).rglob("*.*")) if path.suffix != ".pyc"]
    return [path.relative_to(PROJECT).as_posix() for path in found if path.name not in NOT_CHANGED]


def _text(path: str) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


def equivalent() -> Mapping[tuple[str, str], str]:
    """Mutants that no test can see, looked at one by one: path and changed line → the reason."""
    with Path(__file__).with_name("equivalent.csv").open(encoding="utf-8", newline="") as file:
        return {(row["path"], row["line"]): row["reason"] for row in csv.DictReader(file)}


def files_of(areas: Iterable[str]) -> list[str]:
    """All files of tests that are asked about any mutant of these areas."""
    return _files(place for area in areas for place in (*AREAS[area], *(p for some in TABLES.values() for p in some)))


def _files(places: Iterable[str]) -> list[str]:
    named = [PROJECT / one for one in places]
    found = [path for one in named for path in ([one] if one.is_file() else sorted(one.glob("test_*.py")))]
    return sorted({path.relative_to(PROJECT).as_posix() for path in found if not path.stem.startswith(LEFT_OUT)})


@dataclass
class Knowledge:
    """What tests without any fault showed, and which files saw mutants so far."""

    seconds: Mapping[str, float]
    """File of tests or test → how long it takes."""
    touched: Mapping[str, Sequence[str]]
    """Function → tests that call it, and files whose fixtures do."""
    killers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def saw(self, mutant: Mutant, file: str) -> None:
        for place in (mutant.path, area_of(mutant.path)):
            self.killers[place][file] += 1

    def tests_of(self, mutant: Mutant) -> list[list[str]]:
        """Tests to be asked about a mutant, in groups: the likely ones for their time first, while PATIENCE lasts."""
        asked, seconds = [], 0.0
        for group in self._all_of(mutant):
            asked.append([])
            for test in group:
                if seconds <= PATIENCE:
                    asked[-1].append(test)
                seconds += self.seconds.get(test, 0.0)
        return [group for group in asked if group]

    def _all_of(self, mutant: Mutant) -> list[list[str]]:
        text = _text(mutant.path)
        if mutant.path.endswith(".py"):
            function = _function_at(text, text.count("\n", 0, mutant.start) + 1)
            if function is not None:
                tests = self.touched.get(f"{mutant.path}:{function}", ())
                return _groups(sorted(tests, key=lambda one: self.seconds.get(one, 0)), 8, 60)
        if mutant.path.endswith(".json") and (rule := _rule_at(text, mutant.start)):
            return self._of_rule(mutant, rule)
        return _groups(
            self._by_chance(mutant, _files(TABLES.get(Path(mutant.path).name, ()) + AREAS[area_of(mutant.path)])),
            1,
            2,
            6,
        )

    def _of_rule(self, mutant: Mutant, rule: str) -> list[list[str]]:
        named = [test for test in self.seconds if re.search(rf"\b{rule}\b", test.partition("::")[2])]
        files = [file for file in _files(AREAS[area_of(mutant.path)]) if re.search(rf"\b{rule}\b", _text(file))]
        return _groups([*sorted(named, key=self.seconds.__getitem__), *self._by_chance(mutant, files)], 8, 60)

    def _by_chance(self, mutant: Mutant, files: Iterable[str]) -> list[str]:
        of_path, of_area = self.killers[mutant.path], self.killers[area_of(mutant.path)]
        name = Path(mutant.path).stem

        def likely(file: str) -> tuple[bool, float]:
            return name in _text(file), (9 * of_path[file] + of_area[file] + 0.1) / self.seconds[file]

        return sorted(files, key=likely, reverse=True)


def _groups(tests: Sequence[str], *sizes: int) -> list[list[str]]:
    """Groups of these sizes and the rest: few are collected before the first is run."""
    groups, tests = [], list(tests)
    for size in sizes:
        groups.append(tests[:size])
        tests = tests[size:]
    return [group for group in (*groups, tests) if group]


def _function_at(text: str, line: int) -> int | None:
    """First line of the innermost function that holds a line; None outside of functions."""
    found = None
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            if node.body[0].lineno <= line <= node.end_lineno and (found is None or first > found):
                found = first
    return found


def _rule_at(text: str, position: int) -> str | None:
    """The id of the rule whose expectation holds a position of a suite."""
    inside = position + len(_BLOCK) + _BRACKET
    begin = text.rfind(_BLOCK, 0, inside)
    end = text.find(_BLOCK, inside)
    found = _RULE.search(text[max(begin, 0) : end if end >= 0 else None])
    return found[1] if found else None
