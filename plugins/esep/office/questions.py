"""Questions that only an officer can answer, and the answers on record.

The kinds of question, with their paragraph, due date and possible answers, are the rows of question_kind.csv. A
question about a filing is named `<kind>/<registration number>`, one about a month of a pool `<kind>/<BIN>-<YYYY-MM>`.
An answer is an event of the filing (`question_answered`); the answer about silence is a decision of its own kind in the
journal. Which questions are open is in the warehouse (`question_as_of`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from esep import files
from esep.config import Settings
from esep.law import tables
from esep.office import archive, events, storage
from esep.office.archive import Entry
from esep.office.decisions import SILENCE_CONFIRMED, SILENCE_EXPLAINED, DecisionError
from esep.office.events import Event

ANSWERED = "question_answered"
DETECTED, WITHDRAWN = "finding_detected", "finding_withdrawn"
"""Kinds of the events by which supervision records faults across filings."""
NOT_READABLE, UNVOUCHED = "not_readable", "unvouched_correction"
SILENCE, SILENCE_FOUND = "silence", "silence_found"
"""The question about a month, and the event by which supervision raises it."""
NOT_FILED, NO_DISTRIBUTIONS = "not_filed", "no_distributions"
TAKE, REFUSE, TRANSCRIBE, ASK_POOL = "take", "refuse", "transcribe", "ask_pool"
_DECIDING = (TAKE, REFUSE, TRANSCRIBE)


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """A row of question_kind.csv."""

    kind: str
    paragraph: str
    about_filing: bool
    rules: tuple[str, ...]
    """Rules whose findings raise the question; none where the examination or the calendar does."""
    answers: tuple[str, ...]


class Question(NamedTuple):
    """A question by what it is about: a filing, or a month of a pool."""

    kind: QuestionKind
    registration_no: str | None
    pool_id: str | None
    period: date | None

    @property
    def name(self) -> str:
        """The name that `parse` reads."""
        return f"{self.kind.kind}/{self.registration_no or f'{self.pool_id}-{self.period:%Y-%m}'}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an officer answered. `transcription`: the folder beside the package, relative to the filing's."""

    question: str
    answer: str
    author: str
    at: datetime
    reason: str
    transcription: str | None = None

    def as_dict(self) -> dict[str, str]:
        """What a verdict keeps of it."""
        return {"question": self.question, "answer": self.answer, "author": self.author, "at": self.at.isoformat()}


@cache
def kinds() -> Mapping[str, QuestionKind]:
    """The kinds of question, by name."""
    return {
        row["kind"]: QuestionKind(
            row["kind"],
            row["paragraph"],
            row["subject"] == "filing",
            tuple(row["rules"].split()),
            tuple(row["answers"].split()),
        )
        for row in tables.read("question_kind")
    }


def parse(name: str) -> Question:
    """The question that a name means, whether there is one or not; raises DecisionError saying how one is written."""
    kind, _, subject = name.strip().partition("/")
    found = kinds().get(kind)
    if found is None:
        raise DecisionError(f"{name!r}: no question; its kind is one of {', '.join(kinds())}. See bin/esep questions.")
    if found.about_filing:
        if not archive.is_number(subject):
            raise DecisionError(f"{name!r}: a question of this kind is named like {kind}/2025-000017")
        return Question(found, subject, None, None)
    pool_id, _, month = subject.partition("-")
    try:
        return Question(found, None, pool_id, date.fromisoformat(f"{month}-01"))
    except ValueError:
        raise DecisionError(f"{name!r}: a question of this kind is named like {kind}/230640000008-2025-03") from None


def answers_of(entry: Entry) -> list[Answer]:
    """The answers about a filing, in order."""
    return [answer_of(event) for event in events.read(entry.folder, ANSWERED)]


def answer_of(event: events.Event) -> Answer:
    """The answer that an event records."""
    data = event.data
    return Answer(data["question"], data["answer"], event.author, event.at, data["reason"], data.get("transcription"))


def answers_to(settings: Settings, question: Question) -> list[Answer]:
    """The answers to a question, in order; raises ArchiveError for a filing that is not registered."""
    if question.registration_no:
        given = answers_of(archive.entry(settings, question.registration_no))
        return [one for one in given if one.question == question.kind.kind]
    words = {SILENCE_CONFIRMED: NOT_FILED, SILENCE_EXPLAINED: NO_DISTRIBUTIONS}
    decided = [event for kind in words for event in events.read_journal(settings, kind) if is_about(event, question)]
    return [
        Answer(SILENCE, words[event.kind], event.author, event.at, event.data["reason"])
        for event in sorted(decided, key=lambda event: (event.at, event.path.name))
    ]


def is_about(event: Event, question: Question) -> bool:
    """Whether an event of the journal is about the month of the question."""
    month = question.period.isoformat() if question.period else None
    return (event.data["pool_id"], event.data["period"]) == (question.pool_id, month)


def deciding(entry: Entry) -> Answer | None:
    """The answer by which a filing that waited got its verdict; None while there is none."""
    decided = [one for one in answers_of(entry) if one.answer in _DECIDING]
    return decided[-1] if decided else None


def remember(settings: Settings, number: str) -> None:
    """Note that a filing is to be examined with an answer, before the answer is recorded: a kill loses neither."""
    storage.make_folder(settings.answered)
    (settings.answered / number).touch()


def forget(settings: Settings, number: str) -> None:
    """The filing was examined, with its answer if there is one."""
    (settings.answered / number).unlink(missing_ok=True)


def to_examine(settings: Settings) -> frozenset[str]:
    """Numbers of the filings that `remember` noted."""
    return frozenset(files.names_in(settings.answered))


def verdict_word(verdict: Mapping[str, object] | None) -> str:
    """`accepted`, `refused`, `waiting` (for an officer's answer) or `unexamined`."""
    if verdict is None:
        return "unexamined"
    return str(verdict["verdict"] or "waiting")


def is_waiting(verdict: Mapping[str, object] | None) -> bool:
    """Whether the examination left the verdict to an officer."""
    return verdict is not None and verdict["verdict"] is None


def transcription_folder(entry: Entry, answer: Answer | None) -> Path | None:
    """Where the officer's transcription is kept; None without one."""
    return entry.folder / answer.transcription if answer and answer.transcription else None
