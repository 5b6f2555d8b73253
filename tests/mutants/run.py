"""`make mutants`: how many small faults in the figures, checks, law and rules do the tests see?

A seeded sample of the mutants of `AREAS` is put, one at a time, into a copy of the project, and the tests that touch it
run until one fails: for Python those that call the function, for a rule those that name it, for SQL and tables of the
law those of the area. A mutant that no test sees has survived: its line is printed, and the score is the share of those
seen. Forked from a warm process, because the libraries take longer to import than most tests run.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from importlib import import_module
from pathlib import Path

from rich.console import Console

from mutants.choice import AREAS, Knowledge, equivalent, files_of, sampled
from mutants.sandbox import PROJECT, Sandbox

WARM = ("pandas", "pyarrow.parquet", "pyarrow.compute", "duckdb", "great_expectations", "hypothesis", "openpyxl")
WARM += ("lxml.etree", "cryptography.x509", "python_calamine", "docx", "pypdf", "typst", "reportlab", "asn1crypto.cms")
SLOWER = 4.0
"""A mutant whose tests take so many times as long as without it has been seen: something runs without end, ..."""
SECONDS = 120.0
"""... after this processor time at the earliest."""


class Result:
    """What is known so far, in a file: a run that was stopped goes on where it was."""

    def __init__(self, path: Path) -> None:
        self._path = path
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.seconds: dict[str, float] = kept.get("seconds", {})
        """File of tests or test → how long it takes without any fault."""
        self.touched: dict[str, list[str]] = defaultdict(list, kept.get("touched", {}))
        """Function → tests."""
        self.seen_by: dict[str, str | None] = kept.get("seen_by", {})
        """Mutant as described → the file of the first test that failed, None where all passed."""

    def write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"seconds": self.seconds, "touched": self.touched, "seen_by": self.seen_by}
        self._path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    def measure(self, sandbox: Sandbox, areas: list[str], console: Console) -> None:
        """Run each file of tests without any fault; all must pass."""
        for file in files_of(areas):
            if file in self.seconds:
                continue
            started = time.monotonic()
            found = sandbox.touched(file)
            if found is None:
                console.print(f"[red]{file} fails without any change: its result would say nothing.[/red]")
                sys.exit(2)
            self.seconds |= found["seconds"] | {file: time.monotonic() - started}
            for function, tests in found["touched"].items():
                self.touched[function] += tests
            self.write()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=420)
    options.add_argument("--seed", type=int, default=166)
    options.add_argument("--area", action="append", choices=list(AREAS), help="only this one; may be repeated")
    options.add_argument("--again", action="store_true", help="ask the survivors of the result again")
    options.add_argument("--result", type=Path, default=PROJECT / "var" / "mutants.json")
    given = options.parse_args()
    console = Console()
    areas = given.area or list(AREAS)
    for name in WARM:
        import_module(name)
    chosen = sampled(areas, given.count, given.seed)
    result = Result(given.result)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        sandbox = Sandbox(Path(folder))
        result.measure(sandbox, areas, console)
        knowledge, known = Knowledge(result.seconds, result.touched), equivalent()
        seen = same = 0
        for number, mutant in enumerate(chosen, start=1):
            text = (PROJECT / mutant.path).read_text(encoding="utf-8")
            described = mutant.described(text)
            failed = result.seen_by.get(described)
            changes_nothing = (mutant.path, mutant.line(text)) in known
            if not changes_nothing and (described not in result.seen_by or (failed is None and given.again)):
                groups = knowledge.tests_of(mutant)
                longest = max(SECONDS, SLOWER * sum(result.seconds.get(test, 0) for group in groups for test in group))
                with sandbox.changed(mutant):
                    failed = next(filter(None, (sandbox.run(group, longest) for group in groups)), None)
                result.seen_by[described] = failed
                result.write()
                console.print(f"{number}/{len(chosen)} {failed or '[red]survived[/red]'}  {described}", soft_wrap=True)
            if failed is not None:
                seen += 1
                knowledge.saw(mutant, failed)
            same += failed is None and changes_nothing
    console.print(f"{seen} of {len(chosen)} mutants seen: {seen / len(chosen):.1%}; seed {given.seed}")
    console.print(
        f"{same} of the others change nothing (equivalent.csv): {seen / (len(chosen) - same):.1%} of the rest"
    )


if __name__ == "__main__":
    main()
