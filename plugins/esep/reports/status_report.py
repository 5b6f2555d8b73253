"""What is waiting, due and failed, in words: for `bin/esep status` and the daily digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from esep.documents.model import Block, Items, Kind, Paragraph, Table, titled
from esep.documents.plain import shown
from esep.texts import numbers, text

if TYPE_CHECKING:
    from esep.answers.status import Status
    from esep.answers.tables import Row

LISTED = 5
"""Lines of each list; the page Status and `bin/esep status --json` have more."""


def report(found: Status, language: str) -> Iterator[Block]:
    """A table of duties and a line for each other thing, its first entries below it."""

    def line(key: str, value: str, *, bad: bool = False) -> Paragraph:
        return Paragraph(value, "bad" if bad else "text", text(f"status.{key}", language))

    yield Paragraph(text("status.lead", language, moment=numbers.moment(found.now, language)), "strong")
    yield _duties(found, language)
    published = text("status.published", language, moment=numbers.moment(found.snapshot.published_at, language))
    fresh = text("status.stale" if found.is_stale else "status.fresh", language)
    yield line("warehouse", f"{fresh}, {published}", bad=found.is_stale)
    for key, entries, is_bad in _lists(found, language):
        if entries is None:
            yield line(key, text("status.inbox_unreadable", language), bad=True)
            continue
        yield line(key, str(len(entries)), bad=is_bad and bool(entries))
        yield _first_of(entries, language)
    if found.unproved:
        yield line("unproved", text("status.unproved_todo", language, count=found.unproved))
    if found.older_folders:
        yield line("older_lake", text("status.older_lake_todo", language, count=found.older_folders))
    if found.overdue or found.due_today:
        overdue = text("status.cli_overdue", language, overdue=found.overdue, today=found.due_today)
        yield Paragraph(overdue, "worst" if found.overdue else "strong")
    if not (found.overdue or found.has_failed):
        yield Paragraph(text("status.cli_calm", language), "good")


def _lists(found: Status, language: str) -> Iterator[tuple[str, Sequence[str] | None, bool]]:
    """Key, entries, and whether any entry is bad; the inbox has none where it cannot be read."""
    if found.open_questions:
        asked = [_asked(row, language) for row in found.open_questions]
        yield "questions", asked, any(row.state == "overdue" for row in found.open_questions)
    if found.approved_letters:
        approved = [_approved(row, language) for row in found.approved_letters]
        yield "approved_letters", approved, any(row.state == "overdue" for row in found.approved_letters)
    yield "unloaded", found.backlog.unloaded, False
    yield "unexamined", found.backlog.unexamined, False
    waiting = [f"{item.name}: {text(f'status.cause_{item.cause}', language)}" for item in found.inbox.items]
    yield "inbox", waiting if found.inbox.is_readable else None, bool(found.inbox.attention)
    refused = [
        " ".join([f"{file.file}: {file.sentence(language)}", *file.todo.get(language, ())])
        for file in found.refused_files
    ]
    yield "refused_files", refused, True
    if found.letters:
        words = [
            f"{one.path}: {text(f'status.letter_{one.outcome}', language)} ({one.sender}: {one.subject})"
            for one in found.letters
        ]
        yield "letters", words, True
    yield "gaps", [str(gap.asset) for gap in found.price_gaps], False
    yield "unused_prices", [f"{price.asset}: {_span(price, language)}" for price in found.unused_prices], False
    if found.not_handed_over:
        yield (
            "not_handed_over",
            [_waiting_day(one, language) for one in found.not_handed_over],
            any(one.is_overdue for one in found.not_handed_over),
        )
    failed = [f"{one.step}, {numbers.moment(one.at, language)}: {one.text}" for one in found.failures]
    yield "failures", failed, True
    if found.idle_dags and found.idle_dags.paused:
        todo = text("status.paused_dags_todo", language)
        yield "paused_dags", [f"{name}: {todo}" for name in found.idle_dags.paused], True
    if found.idle_dags and found.idle_dags.broken:
        yield "broken_dag_files", found.idle_dags.broken, True
    yield "damaged", [str(damage) for damage in found.damages], True
    if found.file_systems:
        yield "file_systems", [fault.words(language) for fault in found.file_systems], True
    if letterhead := _letterhead(found, language):
        yield "letterhead", letterhead, bool(found.asked.letterhead_fault)
    if found.asked.unconfirmed:
        rows = [text("status.unconfirmed_row", language, table=one, row=key) for one, key in found.asked.unconfirmed]
        yield "unconfirmed", rows, False


def _letterhead(found: Status, language: str) -> list[str]:
    """What is wrong with the letterhead, or missing in it, and where it is set."""
    asked = found.asked
    if asked.letterhead_fault:
        return [asked.letterhead_fault]
    gaps: dict[str, list[str]] = {}
    for of, part in asked.letterhead_gaps:
        gaps.setdefault(of, []).append(text(f"letter.part_{part}", language))
    lines = [f"{of}: {', '.join(parts)}" for of, parts in gaps.items()]
    return (
        [
            *lines,
            text(
                "status.letterhead_todo",
                language,
                file=f"$ESEP_HOME/{asked.letterhead.parent.name}/{asked.letterhead.name}",
            ),
        ]
        if lines
        else []
    )


def _duties(found: Status, language: str) -> Table:
    columns = (
        ("status.duty", Kind.SAID),
        ("status.overdue", Kind.NUMBER),
        ("status.due_today", Kind.NUMBER),
        ("status.later", Kind.NUMBER),
        ("status.earliest", Kind.DAY),
    )
    rows = [
        (text(f"state.duty_{duty.kind}", language), duty.overdue, duty.due_today, duty.later, duty.earliest or "–")
        for duty in found.duties
    ]
    looks = {
        number: "bad" if duty.overdue else "strong"
        for number, duty in enumerate(found.duties)
        if duty.overdue or duty.due_today
    }
    return titled("", columns, rows, language, look="grid", looks=looks)


def _first_of(entries: Sequence[str], language: str) -> Items:
    """The first entries on one line each, their invisible signs written out, and how many there are."""
    lines = [shown(entry, 1000) for entry in entries[:LISTED]]
    if len(entries) > LISTED:
        lines.append(text("status.first_of", language, shown=LISTED, whole=len(entries)))
    return Items(lines)


def _asked(row: Row, language: str) -> str:
    state = text(f"state.question_state_{row.state}", language)
    return text("status.question", language, question=row.question, day=numbers.day(row.due_on, language), state=state)


def _approved(row: Row, language: str) -> str:
    """The letter, since when and by whom it is approved, until when it is to be sent, and the next step."""
    due = text("status.send_by", language, day=numbers.day(row.due_on, language)) if row.due_on else ""
    late = text("status.send_overdue", language) if row.state == "overdue" else ""
    said = {"letter": row.letter_no, "name": row.approved_by, "moment": numbers.moment(row.approved_at, language)}
    approved = text("status.approved_since", language, **said)
    todo = text("status.approved_todo", language, letter=row.letter_no)
    return f"{'; '.join(filter(None, (approved, due, late)))}. {todo}"


def _waiting_day(one: Row, language: str) -> str:
    return text("status.not_handed_over_day", language, day=numbers.day(one.day, language), number=one.filings)


def _span(price: Row, language: str) -> str:
    first, last = (numbers.day(day, language) for day in (price.first_day, price.last_day))
    return text("status.unused_days", language, first=first, last=last, number=price.days)
