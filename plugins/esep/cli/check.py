"""`bin/esep check`: a package examined without registering it, and with --rows each data row as it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from esep import clock, lean
from esep.cli.common import Answer, answering, fields_of, settings_from_environment
from esep.documents.model import Block, Paragraph
from esep.examination.check_report import message_report, register_left_out, report
from esep.examination.check_rows import plain_rows, rows_report
from esep.texts import text

if TYPE_CHECKING:
    from datetime import datetime

    from esep.examination.model import Examination
    from esep.office.messages import Message

COMPLETE, INCOMPLETE, ASKED = 0, 1, 3
"""Exit codes, beside UNUSABLE."""
_CODES: Mapping[str | None, int] = {"accepted": COMPLETE, "refused": INCOMPLETE, None: ASKED}
WIDE = 180
"""Characters of a terminal from which a row is one line of a table."""


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
            yield register_left_out(settings, language)
        if show_rows:
            from esep.documents import terminal

            yield from rows_report(examination, language, show_all, is_wide=terminal.console().width >= WIDE)
        for file in written.get("workbooks", ()):
            yield Paragraph(str(file), label=text("check.written", language))

    return Answer(plain | rows, blocks, _CODES[examination.verdict])


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
