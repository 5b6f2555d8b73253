"""`bin/esep check`: a package examined without registering it, and with --rows each data row as it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from esep import clock, exact, lean
from esep.cli.common import Answer, answering, fields_of, settings_from_environment
from esep.documents.model import Block, Column, Kind, Paragraph, Table
from esep.documents.plain import shown
from esep.examination.check_report import message_report, report
from esep.texts import numbers, text

if TYPE_CHECKING:
    from datetime import datetime

    from esep.config import Settings
    from esep.examination.model import Examination
    from esep.office.messages import Message

COMPLETE, INCOMPLETE, ASKED = 0, 1, 3
"""Exit codes, beside UNUSABLE."""
SHOWN = 50
"""Rows of a table unless all are asked for."""
WIDE = 180
"""Characters of a terminal from which a row is one line of a table."""
_CODES: Mapping[str | None, int] = {"accepted": COMPLETE, "refused": INCOMPLETE, None: ASKED}
_BATCH = 10_000
_LONGEST = 200
_AMOUNTS = {"quantity": "8", "reward_quantity": "9.2"}
"""Quantities of a row with their printed columns."""
CommaColumns = frozenset[tuple[str, str, str]]
"""File, sheet and name of a column."""


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--all", "show_all", is_flag=True, help="List every remark and row, not only the first ones.")
@click.option("--rows", "show_rows", is_flag=True, help="Show each data row of form 1-ЦМ as it was read.")
@click.option(
    "--workbook",
    "enclosed",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write into FOLDER what a refusal encloses: findings.xlsx and the workbooks with comments on their cells.",
)
@answering
def check(path: Path, language: str, show_all: bool, show_rows: bool, enclosed: Path | None) -> Answer:
    """Examine a package (folder, .zip or single file) without registering it.

    \b
    Exit code: 0 complete (or a message that nothing was distributed), 1 incomplete, 2 it cannot be examined,
               3 an officer would have to look: a person can read what no machine could.
    Examples:  bin/esep check march-2025/ --language ru
               bin/esep check march-2025/ --rows
               bin/esep check march-2025/ --rows --json | jq .rows
               bin/esep check march-2025/ --workbook remarks/
    """
    settings, now = settings_from_environment(), clock.now()
    written: dict[str, list[Path]] = {}
    with _reading_here():
        from esep.examination.checked import check_folder
        from esep.examination.examine import packaged
        from esep.examination.register import pools_of

        pools = pools_of(settings)
        with packaged(path) as package:
            examination, messages = check_folder(package, settings, now)
            if enclosed:
                from esep.letters import enclosures

                found = enclosures.write(package, examination.findings, enclosed, clock.local_date(now), settings)
                written = {"workbooks": found}
    if messages:
        return _message_answer(messages, path, language, now)
    plain = as_plain(examination) | written
    rows = {"rows": plain_rows(examination)} if show_rows else {}

    def blocks() -> Iterator[Block]:
        yield Paragraph(str(path), "strong")
        yield from report(examination, language, show_all)
        if not pools:
            yield Paragraph(text("check.register_left_out", language, rules=", ".join(rules_of_register(settings))))
        if show_rows:
            yield from rows_report(examination, language, show_all)
        for file in written.get("workbooks", ()):
            yield Paragraph(str(file), label=text("check.written", language))

    return Answer(plain | rows, blocks, _CODES[examination.verdict])


def rules_of_register(settings: Settings) -> list[str]:
    """Ids of the rules that need the office's register of pools."""
    from esep.examination import suites
    from esep.examination.register import needs_register

    return list(dict.fromkeys(one.rule_id for one in suites.load(settings).rules if needs_register(one)))


@contextmanager
def _reading_here() -> Iterator[None]:
    """A command that was just started opens files in a child of its own: a second start of Python costs as much as all.

    One that has begun other work, as in a test, leaves that to the process that is there for it.
    """
    with lean.fresh() as is_fresh:
        if not is_fresh:
            yield
            return
        with lean.loading():
            import esep.examination.examine  # noqa: F401
            from esep.forms.reading import jobs, zygote

            jobs.prepare()
        with zygote.HELPER.forking_here(jobs.run):
            yield


def _message_answer(found: Sequence[Message], path: Path, language: str, now: datetime) -> Answer:
    """Of a package that is a message that nothing was distributed: it would be kept, and gets no number."""
    said = [
        {**fields_of(one, "pool_id", "pool_name", "period"), "doubt": one.doubt(clock.local_date(now))} for one in found
    ]

    def blocks() -> Iterator[Block]:
        yield Paragraph(str(path), "strong")
        yield from message_report(found, language, now)

    return Answer({"verdict": None, "complete": None, "messages": said, "findings": []}, blocks, COMPLETE)


def as_plain(examination: Examination) -> dict[str, object]:
    """The examination for programs; keys are stable."""
    return {
        "verdict": examination.verdict,
        "question": examination.question,
        "complete": examination.verdict == "accepted",
        **fields_of(examination.identity, "pool_id", "pool_name", "period"),
        **fields_of(examination, "row_count", "excluded_count"),
        "total_rows": [place._asdict() for place in examination.total_rows],
        **fields_of(examination, "signatures", "contacts", "ruleset", "code_version"),
        "findings": [finding.as_dict() for finding in examination.findings],
    }


def plain_rows(examination: Examination) -> Iterator[dict[str, Any]]:
    """Each data row under the lake's column names: quantities as text with all their digits.

    `excluded` names by printed column the quantities that are in no figure, each with its reason: `empty`,
    `unreadable`, `too_large` or `looks_like_total`.
    """
    commas = _comma_columns(examination)
    for row in _rows(examination):
        values = {name: exact.plain(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        yield values | {"excluded": _excluded(row, commas)}


class _ReadRow(NamedTuple):
    """A data row as it is shown."""

    values: dict[str, Any]
    left_out: dict[str, str]
    language: str

    def words(self, name: str) -> str:
        return shown(self.values[name], _LONGEST)

    def day(self, name: str) -> str:
        return numbers.day(self.values[name], self.language)

    def licence(self) -> str:
        parts = (self.words("licence_no"), self.day("licence_date"))
        return ", ".join(part for part in parts if part != numbers.NOTHING) or numbers.NOTHING

    def amount(self, name: str) -> str:
        reason = self.left_out.get(_AMOUNTS[name])
        if reason is None:
            return numbers.quantity(self.values[name], self.language)
        why = text(f"state.excluded_{reason}", self.language)
        words = text("filing.not_counted", self.language, reason=why)
        return words if self.values[f"{name}_text"] is None else f"{self.words(f'{name}_text')} ({words})"


_COLUMNS: tuple[tuple[str, str, Kind, Callable[[_ReadRow], str]], ...] = (
    ("", "filing.worksheet_row", Kind.NUMBER, lambda row: row.words("row")),
    ("1", "", Kind.NUMBER, lambda row: row.words("row_no")),
    ("2", "column.taxpayer_name", Kind.SAID, lambda row: row.words("taxpayer_name")),
    ("3", "column.taxpayer_id", Kind.SAID, lambda row: row.words("taxpayer_id")),
    ("4", "filing.licence", Kind.SAID, _ReadRow.licence),
    ("5", "filing.wallet", Kind.SAID, lambda row: row.words("wallet")),
    ("6", "filing.day", Kind.SAID, lambda row: row.day("distributed_on")),
    ("7", "filing.asset", Kind.SAID, lambda row: row.words("asset")),
    ("8", "filing.quantity", Kind.NUMBER, lambda row: row.amount("quantity")),
    ("9.1", "filing.reward_asset", Kind.SAID, lambda row: row.words("reward_asset")),
    ("9.2", "filing.reward", Kind.NUMBER, lambda row: row.amount("reward_quantity")),
)
"""Printed number of the form's column, key of its heading, kind, and its value in a row."""


def rows_report(examination: Examination, language: str, show_all: bool) -> Iterator[Block]:
    """The rows of each sheet in the order of the form's columns: the first SHOWN of all unless all are asked for.

    In a terminal that is not wide enough for a row in one line, a row is a block of lines.
    """
    from esep.documents import terminal

    is_wide = terminal.console().width >= WIDE
    rows, commas = _rows(examination), _comma_columns(examination)
    shown_rows = rows if show_all else islice(rows, SHOWN)
    for (file, sheet), of_sheet in groupby(shown_rows, key=itemgetter("file", "sheet")):
        yield Paragraph("")
        read = [_ReadRow(row, _excluded(row, commas), language) for row in of_sheet]
        yield _rows_table(f"{shown(file)} · {shown(sheet)}", read, language, is_wide)
    if not examination.row_count:
        yield Paragraph(text("filing.no_rows", language))
    for place in examination.total_rows:
        words = {"row": place.row, "sheet": shown(place.sheet), "file": shown(place.file)}
        yield Paragraph(text("check.total_row", language, **words))
    rest = examination.row_count - SHOWN
    if rest > 0 and not show_all:
        yield Paragraph(text("check.more_rows", language, count=numbers.count(rest, language)))


def _rows_table(title: str, rows: Sequence[_ReadRow], language: str, is_wide: bool) -> Table:
    """A line for each row, or a block of lines with heading and value beside each other."""
    headings = [f"{number} {text(key, language) if key else '№'}".strip() for number, key, *_ in _COLUMNS]
    cells = [[value(row) for *_, value in _COLUMNS] for row in rows]
    if is_wide:
        kinds = (kind for *_, kind, _ in _COLUMNS)
        return Table([Column(*of) for of in zip(headings, kinds, strict=True)], cells, caption=title)
    pairs = [pair for row in cells for pair in zip(headings, row, strict=True)]
    ends = dict.fromkeys(range(len(headings) - 1, len(pairs), len(headings)), "last")
    return Table((Column("", Kind.SAID), Column("", Kind.SAID)), pairs, caption=title, look="pairs", looks=ends)


def _rows(examination: Examination) -> Iterator[dict[str, Any]]:
    for batch in examination.distribution.to_batches(_BATCH):
        yield from batch.to_pylist()


def _excluded(row: dict[str, Any], commas: CommaColumns) -> dict[str, str]:
    from esep.forms.values import quantity

    left_out = {}
    for name, number in _AMOUNTS.items():
        value = row[name]
        if value is None:
            has_commas = (row["file"], row["sheet"], name) in commas
            left_out[number] = quantity.reason_without_figure(row[f"{name}_text"], has_commas)
        elif value.copy_abs() >= quantity.COUNTED_BELOW:
            left_out[number] = "too_large"
    return left_out


def _comma_columns(examination: Examination) -> CommaColumns:
    """Columns whose figures have commas between thousands, so that a lone comma has two readings."""
    import pyarrow.compute as pc

    from esep.forms.values import quantity

    columns = set()
    for name in _AMOUNTS:
        texts = examination.distribution.select(["file", "sheet", f"{name}_text"]).combine_chunks()
        with_commas = texts.filter(pc.match_substring_regex(texts[f"{name}_text"], ",.*[,.]"))
        for row in with_commas.group_by(["file", "sheet", f"{name}_text"]).aggregate([]).to_pylist():
            if quantity.column_uses_comma_for_thousands([row[f"{name}_text"]]):
                columns.add((row["file"], row["sheet"], name))
    return frozenset(columns)
