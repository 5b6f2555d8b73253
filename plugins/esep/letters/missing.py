"""What the outbox lacks, found by its status files and written: receipts, refusals, requests (paras 7 and 8)."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from itertools import chain

from esep import clock, failures
from esep.config import Settings
from esep.failures import Faults, one_by_one
from esep.letters.facts import (
    LetterKind,
    OfficerDecision,
    letter_no_of,
    status_name,
)
from esep.letters.outbox import (
    folder_of_message,
    recorded_findings,
    write_message_receipt,
    write_receipt,
    write_refusal,
    write_request,
)
from esep.letters.placing import Letter
from esep.office import archive, events, questions, sweeps
from esep.office.archive import Entry
from esep.office.decisions import REFUSAL_OVERRULED
from esep.office.messages import REPORTED
from esep.records import heads

log = logging.getLogger(__name__)

RECEIPT_STATUS = status_name(LetterKind.RECEIPT, 1)
REFUSAL_STATUS = status_name(LetterKind.REFUSAL, 1)

Progress = Callable[[Letter], None]
"""Called with each letter that was written."""


class LettersError(RuntimeError):
    """Some letters could not be written: they stay missing until the next run. `written` are the others."""

    def __init__(self, faults: Faults, written: list[Letter]) -> None:
        super().__init__(
            f"{len(faults)} letters could not be written: {failures.in_few_words(faults)}. Repair the cause and run "
            "again: what is missing in the outbox is written then."
        )
        self.numbers = list(dict(faults))
        self.written = written


Job = tuple[Mapping[str, str], Callable[[], Letter | None]]
"""A letter to write: the fields of its log lines, the first of which names it in faults, and what writes it."""


def write_all(jobs: Iterable[Job], progress: Progress | None = None) -> list[Letter]:
    """Write one letter after the other; gives those that were not there.

    One letter's fault does not stop the others; at the end LettersError names those that failed.
    """
    written: list[Letter] = []
    faults: Faults = []
    for _, letter in one_by_one(jobs, lambda job: job[1](), lambda job: job[0], faults, log):
        if letter and letter.written:
            written.append(letter)
            if progress:
                progress(letter)
    if faults:
        raise LettersError(faults, written)
    return written


def sweep(settings: Settings, day: date, progress: Progress | None = None) -> list[Letter]:
    """`write_missing` as a sweep of a local day (office.sweeps): letters that failed are tried again by the next."""
    this = sweeps.begin(settings, "letters", day)
    try:
        written = write_missing(settings, progress, this.chains)
    except LettersError as error:
        this.done(
            heads.chain_of_filing(number) if archive.is_number(number) else heads.JOURNAL for number in error.numbers
        )
        raise
    this.done()
    return written


def write_missing(
    settings: Settings, progress: Progress | None = None, chains: Collection[str] | None = None
) -> list[Letter]:
    """Write what the outbox lacks: a receipt for each registered filing, a refusal for each that is refused, a request
    for each time that an officer chose to ask the pool for a readable copy.

    A receipt bears the day of registration, a refusal the day of the examination. A refused filing gets one refusal,
    also if it is refused again in a re-examination; one that is overruled before its refusal was written gets none.
    `chains`: only these filings are looked at, and messages only if the journal is among them.
    """
    of_filings: Iterator[Job] = (
        ({"registration_no": entry.number}, partial(write, settings, entry))
        for entry in archive.present(settings, None if chains is None else sweeps.numbers_of(chains))
        for write in (_receipt, _refusal, _request)
    )
    of_messages = _of_messages(settings) if chains is None or heads.JOURNAL in chains else ()
    return write_all(chain(of_filings, of_messages), progress)


def _of_messages(settings: Settings) -> Iterator[Job]:
    """Receipts of messages that nothing was distributed, numbered in the order in which they came."""
    serials: Counter[str] = Counter()
    for event in events.read_journal(settings, REPORTED):
        folder = folder_of_message(event.data)
        serials[folder] += 1
        if not (settings.outbox / folder / status_name(LetterKind.MESSAGE_RECEIPT, serials[folder])).exists():
            letter_no = letter_no_of(folder, LetterKind.MESSAGE_RECEIPT, serials[folder])
            yield {"letter_no": letter_no}, partial(write_message_receipt, settings, event, serials[folder])


def _receipt(settings: Settings, entry: Entry) -> Letter | None:
    if (settings.outbox / entry.number / RECEIPT_STATUS).exists():
        return None
    dated = clock.local_date(entry.receipt.registered_at)
    return write_receipt(settings, entry, dated)


def _refusal(settings: Settings, entry: Entry) -> Letter | None:
    if (settings.outbox / entry.number / REFUSAL_STATUS).exists():
        return None
    verdict = entry.verdict
    if verdict is None or verdict["verdict"] != "refused" or events.read(entry.folder, REFUSAL_OVERRULED):
        return None
    findings = recorded_findings(settings, entry.number, verdict)
    dated = clock.local_date(datetime.fromisoformat(verdict["examined_at"]))
    answer = questions.deciding(entry)
    officer = None
    if answer and answer.answer == questions.REFUSE:
        officer = OfficerDecision(answer.reason, answer.author, clock.local_date(answer.at))
    return write_refusal(settings, entry, findings, dated, officer=officer)


def _request(settings: Settings, entry: Entry) -> Letter | None:
    """The last request that was not written yet; earlier ones were, when they were recorded."""
    verdict = entry.verdict
    if verdict is None or not verdict.get("question"):
        return None
    asked = [answer for answer in questions.answers_of(entry) if answer.answer == questions.ASK_POOL]
    for serial, answer in enumerate(asked, start=1):
        if not (settings.outbox / entry.number / status_name(LetterKind.REQUEST, serial)).exists():
            return write_request(settings, entry, answer.reason, clock.local_date(answer.at), serial)
    return None
