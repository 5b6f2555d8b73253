"""Whether a decision can be recorded, said before a run is started: the same facts that `office.decisions` checks.

Each check gives the fault in the reader's language, or None. The run checks again, so nothing depends on these.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from esep import clock
from esep.answers import questions as questions_asked
from esep.examination.model import Lane
from esep.law import calendar
from esep.law.identifiers import is_bin
from esep.office import archive, confirmations, dispatches, events, letter_state, questions
from esep.office.archive import ArchiveError
from esep.office.decisions import REFUSAL_OVERRULED, DecisionError
from esep.office.dispatches import Journal, OutgoingLetter
from esep.office.letter_state import LetterState
from esep.office.questions import ASK_POOL, NOT_READABLE, TRANSCRIBE
from esep.texts.numbers import day, moment
from esep.texts.words import answer_words
from esep.web.form_files import UploadFault
from esep.web.rendering import Asked
from esep.web.seen import without_home

TRANSCRIBED_AS = (".xlsx", ".docx")
"""What a page takes as a transcription; a command takes whatever can be read."""
LARGEST_TRANSCRIPTION = 64 * 1024**2
"""Bytes of a form with a transcription."""
LONGEST = 2000
"""Characters of a reason."""


def reason_fault(asked: Asked, reason: str) -> str | None:
    if not reason.strip():
        return asked.text("decide.fault_no_reason")
    if len(reason) > LONGEST:
        return asked.text("decide.fault_long_reason", limit=LONGEST)
    return None


def overrule_fault(asked: Asked, number: str) -> str | None:
    """Only a refusal that nobody overruled can be overruled."""
    try:
        filing = archive.entry(asked.settings, number)
        verdict = (filing.verdict or {}).get("verdict")
        overruled = events.read(filing.folder, REFUSAL_OVERRULED)
    except ArchiveError as error:
        return asked.text("decide.fault_archive", words=error)
    if verdict != "refused":
        return asked.text("decide.fault_not_refused")
    if overruled:
        decided = overruled[0]
        return asked.text("decide.fault_overruled", name=decided.author, moment=moment(decided.at, asked.language))
    return None


def answer_fault(asked: Asked, number: str, kind: str, answer: str) -> str | None:
    """An open question about the filing has an answer of its kind that needs no file."""
    of_kind = questions.kinds().get(kind)
    if of_kind is None or answer not in of_kind.answers or answer == TRANSCRIBE:
        return asked.text("decide.fault_no_answer")
    return _question_fault(asked, number, kind)


def transcription_fault(asked: Asked, number: str, name: str) -> str | None:
    """One workbook or document, of a filing that waits because no machine could read it."""
    if not name:
        return asked.text("decide.fault_no_file")
    if not name.lower().endswith(TRANSCRIBED_AS):
        return asked.text("decide.fault_file_kind", name=name, kinds=", ".join(TRANSCRIBED_AS))
    return _question_fault(asked, number, NOT_READABLE)


def upload_fault(asked: Asked, fault: UploadFault) -> str:
    """What is wrong with a form with a transcription; a large file can be handed in by a command."""
    if fault is UploadFault.TOO_LARGE:
        return asked.text("decide.fault_too_large", limit=LARGEST_TRANSCRIPTION // 1024**2)
    return fault.words(asked.language, LARGEST_TRANSCRIPTION, 1)


def _question_fault(asked: Asked, number: str, kind: str) -> str | None:
    """Whether the question stands: by the archive that nobody answered, by the warehouse that it is asked."""
    try:
        answers = questions.answers_of(archive.entry(asked.settings, number))
    except ArchiveError as error:
        return asked.text("decide.fault_archive", words=error)
    closes = [one for one in answers if one.question == kind and one.answer != ASK_POOL]
    if closes:
        given = closes[-1]
        when, words = moment(given.at, asked.language), answer_words(given.answer, asked.language)
        return asked.text("decide.fault_answered", name=given.author, moment=when, answer=words)
    today = clock.local_date(clock.now())
    asks = questions_asked.of_filing(asked.warehouse, number, today)
    stands = any(one.kind == kind and (one.state in questions_asked.OPEN or one.answer == ASK_POOL) for one in asks)
    return None if stands else asked.text("decide.fault_question")


def waiver_fault(asked: Asked, rule_id: str, until: str, lanes: Mapping[str, str]) -> str | None:
    """`lanes`: lane of each rule with findings in the filing; one that is not among them cannot be set aside."""
    if rule_id not in lanes:
        return asked.text("decide.fault_rule", rule=rule_id or "–")
    if lanes[rule_id] != Lane.RELIABILITY:
        return asked.text("decide.fault_lane", rule=rule_id)
    try:
        last = date.fromisoformat(until)
    except ValueError:
        return asked.text("decide.fault_day")
    if last < clock.local_date(clock.now()):
        return asked.text("decide.fault_past", day=day(last, asked.language))
    return None


def dispatch_fault(asked: Asked, letter_no: str, channel: str, proof: str, sent_at: datetime | None) -> str | None:
    """A letter of the outbox, a channel of an officer, a proof, and a moment between the letter's date and now."""
    try:
        letter = dispatches.letter_of(asked.settings, letter_no)
    except DecisionError:
        return asked.text("decide.fault_letter", letter=letter_no or "–")
    return sending_fault(asked, channel, proof, sent_at) or before_letter_fault(asked, letter, sent_at)


def sending_fault(asked: Asked, channel: str, proof: str, sent_at: datetime | None) -> str | None:
    """A channel of an officer, a proof, a moment that has come."""
    if channel not in dispatches.BY_HAND:
        return asked.text("decide.fault_channel")
    if not proof.strip():
        return asked.text("decide.fault_no_proof")
    if sent_at and sent_at > clock.now():
        return asked.text("decide.fault_future", moment=moment(sent_at, asked.language))
    return None


def before_letter_fault(asked: Asked, letter: OutgoingLetter, sent_at: datetime | None) -> str | None:
    """A moment that is not before the letter's day."""
    if clock.local_date(sent_at or clock.now()) < letter.dated:
        return asked.text("decide.fault_before_letter", day=day(letter.dated, asked.language))
    return None


def letter_fault(
    asked: Asked, letter_no: str, now: datetime, journal: Journal
) -> tuple[OutgoingLetter | None, str | None]:
    """The letter, and why nothing can be decided about it: what `letter_state.hindrance` says, in words for people."""
    try:
        letter = dispatches.letter_of(asked.settings, letter_no)
        standing = letter_state.standing_of(asked.settings, letter, now, journal)
    except DecisionError:
        return None, asked.text("decide.fault_letter", letter=letter_no or "–")
    except ArchiveError as error:
        return None, asked.text("decide.fault_archive", words=without_home(str(error), asked.settings))
    if standing.sent:
        sent_at = datetime.fromisoformat(standing.sent[0].data["sent_at"])
        return letter, asked.text("decide.fault_sent", moment=moment(sent_at, asked.language))
    if standing.state == LetterState.LIFTED:
        return letter, asked.text("decide.fault_lifted")
    if letter.dated > clock.local_date(now):
        return letter, asked.text("decide.fault_dated", day=day(letter.dated, asked.language))
    return letter, None


def confirmation_fault(asked: Asked, table: str, key: str, confirmed_on: str, document: str) -> str | None:
    """A row that is there, a day that has come, a document."""
    if not any((row.table, row.key) == (table, key) for row in confirmations.law_rows(asked.settings)):
        return asked.text("decide.fault_row", table=table or "–", row=key or "–")
    try:
        on = date.fromisoformat(confirmed_on)
    except ValueError:
        return asked.text("decide.fault_day")
    if on > clock.local_date(clock.now()):
        return asked.text("decide.fault_confirmed_on", day=day(on, asked.language))
    return None if document.strip() else asked.text("decide.fault_no_document")


def silence_fault(asked: Asked, pool_id: str, period: date, filed: bool) -> str | None:
    """A month that is over, of a pool that filed nothing for it; `filed` by the warehouse."""
    today = clock.local_date(clock.now())
    if not is_bin(pool_id):
        return asked.text("decide.fault_bin")
    if period < calendar.FIRST_PERIOD:
        return asked.text("decide.fault_first_month", day=day(calendar.FIRST_PERIOD, asked.language))
    if (today.year, today.month) <= (period.year, period.month):
        return asked.text("decide.fault_month")
    if filed:
        return asked.text("decide.fault_filed")
    return None
