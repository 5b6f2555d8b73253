"""Reads docs/procedure.md and tells where it and the project disagree; of the project only the suites are loaded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from esep.config import Settings
from esep.examination import suites
from procedure.procedure_quotations import QUOTING, citation_faults, quotation_faults
from procedure.procedure_references import LIBRARY, commands, reference_fault

LAW_TABLES = LIBRARY / "law" / "tables"
PRACTICE = "office_practice"

SECTIONS = {
    "Paragraphs": ("Paragraph", "Asks", "Where", "Rules", "Tests"),
    "Annex 1": ("Field", "Name", "Where", "Rules", "Tests"),
    "Annex 2: print": ("Print", "Name", "Where", "Rules", "Tests"),
    "Annex 2: footer": ("Label", "Key", "Where", "Rules", "Tests"),
    "Annex 2: columns": ("Printed", "Explained", "Name", "Holds", "Where", "Rules", "Tests"),
    "Contradictions": ("No", "Problem", "Treatment", "Where", "Rules", "Tests"),
    "Completeness": ("Item", "Rule", "Suite", "Lane", "Severity", "Paragraph"),
    "Reliability": ("Item", "Rule", "Suite", "Lane", "Severity", "Paragraph"),
    "Across filings": ("Item", "Rule", "Suite", "Lane", "Severity", "Paragraph", "Tests"),
    "Readings": ("Point", "Reading in use", "Row or setting", "Tests"),
}
"""Heading → heading of its table."""
RULE_SECTIONS = ("Completeness", "Reliability", "Across filings")
REFERENCE_COLUMNS = ("Where", "Tests", "Row or setting")
UNTESTED = frozenset({"1"})
"""Paragraphs that ask nothing of the software."""
NOTHING = "–"

_TOKEN = re.compile(r"`([^`]+)`")
_RULES = re.compile(r"\b([CR])-(\d\d)\b(?:…\1-(\d\d)\b)?")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]*)+(?:::?[\w.]+)?|\w+\.(?:py|md|sql|csv|json)(?:::?[\w.]+)?")
_COMMAND = re.compile(r"bin/esep (\w+)")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """A rule as its suite has it. `paragraph`: those of all its expectations; `columns`: their `column_no`."""

    suite: str
    lane: str
    severity: str
    paragraph: str
    columns: frozenset[str]


@dataclass(frozen=True)
class Described:
    """What the project has and the page must tell."""

    rules: Mapping[str, Rule]
    annex1: frozenset[str]
    annex2: frozenset[str]
    """Names of the texts of each annex, without those of footer and columns."""
    footer: tuple[str, ...]
    columns: tuple[tuple[str, str, str], ...]
    """(printed, explained, name)."""
    law_tables: frozenset[str]
    practices: frozenset[str]
    paragraphs: frozenset[str]
    contradictions: frozenset[str]
    words: Mapping[str, tuple[str, ...]]
    """The order's sentences by paragraph, or part of an annex, as rules cite them (law/tables/order_text.csv)."""


def rules_of(folder: Path) -> dict[str, Rule]:
    found: dict[str, list[suites.Rule]] = {}
    for rule in suites.load(Settings(home=folder, expectations=folder)).rules:
        found.setdefault(rule.rule_id, []).append(rule)
    return {rule_id: _rule(uses) for rule_id, uses in found.items()}


def _rule(uses: Sequence[suites.Rule]) -> Rule:
    def only(words: Iterable[str]) -> str:
        return " / ".join(dict.fromkeys(words))

    return Rule(
        suite=only(rule.stage for rule in uses),
        lane=only(rule.lane for rule in uses),
        severity=only(rule.severity for rule in uses),
        paragraph=_in_one(list(dict.fromkeys(rule.paragraph for rule in uses))),
        columns=frozenset(rule.column_no for rule in uses if rule.column_no),
    )


def _in_one(paragraphs: list[str]) -> str:
    """`…, column 1` and `…, column 2` are `…, columns 1, 2`; others are joined by a stroke."""
    stems = {paragraph.rpartition(" column ")[0] for paragraph in paragraphs}
    if len(paragraphs) == 1 or len(stems) > 1 or stems == {""}:
        return " / ".join(paragraphs)
    numbers = ", ".join(paragraph.rpartition(" column ")[2] for paragraph in paragraphs)
    return f"{stems.pop()} columns {numbers}"


def tables(text: str) -> dict[str, list[Row]]:
    """Rows of the first table below each `## ` heading, by the words of the table's own heading."""
    found: dict[str, list[Row]] = {}
    section, columns = "", None
    for line in text.splitlines():
        if line.startswith("## "):
            section, columns = line[3:].strip(), None
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if columns is None:
                columns, found[section] = cells, []
            elif set("".join(cells)) - set("-: "):
                found[section].append(dict(zip(columns, cells, strict=False)) | {"": str(len(cells) - len(columns))})
    return found


def faults(text: str, root: Path, described: Described) -> list[str]:
    """Everything in which the page and the project disagree, one sentence each."""
    found = tables(text)
    missing = [name for name in SECTIONS if name not in found]
    if missing:
        return [f"no table under the heading {', '.join(missing)}"]
    return [
        *_form(found),
        *_references(text, found, root),
        *_enumerations(found, described),
        *_rules(found, described.rules),
        *_rules_elsewhere(found, described.rules),
        *_readings(found["Readings"], described),
        *quotation_faults({name: found[name] for name in QUOTING}, described.words),
        *citation_faults((row for section in RULE_SECTIONS for row in found[section]), described.words),
    ]


def _form(found: Mapping[str, list[Row]]) -> Iterator[str]:
    for section, rows in found.items():
        for row in rows:
            name = next(iter(row.values()))
            if section not in SECTIONS or tuple(row)[:-1] != SECTIONS[section] or row[""] != "0":
                yield f"{section}, {name}: the cells do not fit the heading {SECTIONS.get(section, 'of any table')}"
            elif not all(row.values()):
                yield f"{section}, {name}: an empty cell"


def _references(text: str, found: Mapping[str, list[Row]], root: Path) -> Iterator[str]:
    for token in dict.fromkeys(_TOKEN.findall(text)):
        command = _COMMAND.fullmatch(token)
        if command:
            if command[1] not in commands(root):
                yield f"{token}: no such command"
        elif _PATH.fullmatch(token):
            fault = reference_fault(token, root)
            if fault:
                yield f"{token}: {fault}"
    for section, rows in found.items():
        for row in rows:
            for column in REFERENCE_COLUMNS:
                tokens = _TOKEN.findall(row.get(column, ""))
                strays = [token for token in tokens if not _PATH.fullmatch(token)]
                if strays:
                    yield f"{section}, {column}: {', '.join(strays)} is neither a path nor a test"
                untested = column == "Tests" and section == "Paragraphs" and row["Paragraph"] in UNTESTED
                if column in row and not tokens and not untested:
                    yield f"{section}, {next(iter(row.values()))}: nothing under {column}"
                for token in tokens:
                    if ("::" in token) is not (column == "Tests"):
                        yield f"{section}, {column}: {token} does not belong there"


def _enumerations(found: Mapping[str, list[Row]], described: Described) -> Iterator[str]:
    def reported(section: str, column: str) -> list[str]:
        return [row.get(column, "") for row in found[section]]

    def named(section: str, column: str) -> list[str]:
        return [name for cell in reported(section, column) for name in _TOKEN.findall(cell)]

    yield from _same("paragraph", reported("Paragraphs", "Paragraph"), described.paragraphs)
    yield from _same("contradiction", reported("Contradictions", "No"), described.contradictions)
    yield from _same("text of Annex 1", named("Annex 1", "Name"), described.annex1)
    yield from _same("text of Annex 2", named("Annex 2: print", "Name"), described.annex2)
    yield from _same("field of the footer", named("Annex 2: footer", "Key"), described.footer)
    rows = found["Annex 2: columns"]
    columns = [f"{row['Printed']} / {row['Explained']} / {row['Name'].strip('`')}" for row in rows]
    yield from _same("column of the form", columns, [" / ".join(column) for column in described.columns])


def _same(what: str, reported: Iterable[str], expected: Iterable[str]) -> Iterator[str]:
    """`5 (silence)` may stand beside 5, as a further row about it."""
    counts = Counter(reported)
    wanted = set(expected)
    for name in sorted(wanted - counts.keys()):
        yield f"{what} {name}: not on the page"
    for name, count in sorted(counts.items()):
        if count > 1:
            yield f"{what} {name}: {count} rows"
        if name not in wanted and re.sub(r" \([a-z]+\)$", "", name) not in wanted:
            yield f"{what} {name}: not in the project"


def _rules(found: Mapping[str, list[Row]], rules: Mapping[str, Rule]) -> Iterator[str]:
    rows = [row for section in RULE_SECTIONS for row in found[section]]
    yield from _same("rule", [row["Rule"] for row in rows], rules)
    for row in rows:
        rule = rules.get(row["Rule"])
        if rule is None:
            continue
        for column in ("Suite", "Lane", "Severity", "Paragraph"):
            given = getattr(rule, column.lower())
            if row[column] != given:
                yield f"rule {row['Rule']}: {column.lower()} {row[column]!r} on the page, {given!r} in its suite"


def _rules_elsewhere(found: Mapping[str, list[Row]], rules: Mapping[str, Rule]) -> Iterator[str]:
    """Rules named in other tables exist, and fields and columns name all of theirs."""
    cells: dict[str, list[tuple[str, set[str]]]] = {}
    for section in SECTIONS.keys() - set(RULE_SECTIONS):
        cells[section] = []
        for row in found[section]:
            reported = set(rules_in(row.get("Rules", ""), rules))
            cells[section].append((row.get("Printed", ""), reported))
            for rule_id in sorted(reported - rules.keys()):
                yield f"{section}, {next(iter(row.values()))}: {rule_id} is no rule"
    for printed, reported in cells["Annex 2: columns"]:
        own = {rule_id for rule_id, rule in rules.items() if printed in rule.columns}
        for rule_id in sorted(own ^ reported):
            yield f"column {printed}: {rule_id} is {'missing' if rule_id in own else 'no rule of it'}"
    for suite, sections in (("application", ("Annex 1",)), ("form", ("Annex 2: print", "Annex 2: footer"))):
        reported = {rule_id for section in sections for _, named in cells[section] for rule_id in named}
        for rule_id in sorted(rule_id for rule_id, rule in rules.items() if rule.suite == suite):
            if rule_id not in reported:
                yield f"{' and '.join(sections)}: {rule_id} of {suite}.json is missing"


def rules_in(cell: str, rules: Iterable[str]) -> list[str]:
    """Rule ids of a cell; `C-41…C-50` stands for all rules from one to the other, both included."""
    found = []
    for letter, first, last in _RULES.findall(cell):
        found += [f"{letter}-{first}", *([f"{letter}-{last}"] if last else [])]
        found += [one for one in rules if last and one[0] == letter and first < one[2:] < last]
    return found


def _readings(rows: list[Row], described: Described) -> Iterator[str]:
    reported = [token for row in rows for token in _TOKEN.findall(row.get("Row or setting", ""))]
    tables_reported = {Path(token.partition(":")[0]).stem for token in reported if ".csv" in token}
    for name in sorted(described.law_tables - tables_reported):
        yield f"Readings: the table of the law {name}.csv is missing"
    practices = {token.partition(":")[2] for token in reported if Path(token.partition(":")[0]).stem == PRACTICE}
    for name in sorted(described.practices - practices):
        yield f"Readings: the row {name} of {PRACTICE}.csv is missing"
