"""What the tasks of `dispatch` and `dispatch_queue` do: which letters wait, what the officer is asked, the sending.

A letter leaves only after an officer approved it. Sending by SMTP needs Airflow's connection `esep_smtp`; without it
the letter is sent by hand and recorded by `bin/esep decide dispatch`. Airflow is imported only where a letter is sent.
"""

from __future__ import annotations

import html
import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from esep import clock
from esep.config import ConfigurationError, Settings
from esep.documents.plain import shown
from esep.examination.register import entries_of, pools_of
from esep.failures import log_fields
from esep.office import archive, dispatches
from esep.office.archive import ArchiveError
from esep.office.dispatches import LETTER_APPROVED, Channel, OutgoingLetter
from esep.office.letter_state import DECIDED_KINDS, decision, hindrance, is_of_history
from esep.orchestration import connections, required_action
from esep.orchestration.required_action import cell
from esep.records.turns import turn
from esep.texts import LANGUAGES, text

log = logging.getLogger(__name__)

APPROVAL = "ESEP_APPROVAL"
"""Variable that says whether letters are put before an officer by themselves: `on` or `off`."""
CONNECTION = "esep_smtp"
"""Airflow's connection to the mail server; its extra `from_email` is the sender."""
QUEUE_DAYS = 30
"""Letters dated longer ago are not queued by themselves: days that were replayed, or what an officer left."""
AUTHOR = "esep.dispatch"
LETTER_LANGUAGES = ("kk", "ru")
"""Languages of the message with which a letter leaves."""
APPROVE, REJECT = "Approve", "Reject"
"""The officer's answers."""

_NAME_LIMIT = 160
"""Characters of a pool's name."""
_ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\"]+")


class NotSentError(RuntimeError):
    """The letter does not leave through Esep; the text says why and what to do."""


def about(letter_no: str) -> AbstractContextManager[None]:
    """Log lines of the block carry the letter's number, and that of its filing if it is of one."""
    folder = letter_no.partition("/")[0]
    return log_fields(letter_no=letter_no, **({"registration_no": folder} if archive.is_number(folder) else {}))


def approval_is_on(environment: Mapping[str, str] | None = None) -> bool:
    """ESEP_APPROVAL, off where it is not set; raises ConfigurationError for any other word."""
    value = (os.environ if environment is None else environment).get(APPROVAL) or "off"
    if value not in ("on", "off"):
        raise ConfigurationError(f"{APPROVAL}={value!r}: on or off is expected")
    return value == "on"


def run_of(letter: OutgoingLetter) -> dict[str, Any]:
    """Id and parameters of the run of `dispatch` for a letter: always the same, so that there is one run a letter."""
    return {"trigger_run_id": f"letter__{_slug(letter)}", "conf": {"letter_no": letter.letter_no}}


def letters_to_send(settings: Settings, now: datetime) -> list[OutgoingLetter]:
    """Refusals, requests and notices that nobody has approved, returned, sent or overruled.

    The refusal of a filing that was loaded as history is left out: it was sent in its own time, if at all.
    """
    since = now - timedelta(days=QUEUE_DAYS)
    found, faults = dispatches.written_since(settings, since)
    for fault in faults:
        log.error("%s", fault)
    recent = [letter for letter in found if letter.kind in DECIDED_KINDS and letter.dated >= clock.local_date(since)]
    waiting, journal = [], dispatches.journal_once(settings)
    for letter in recent:
        try:
            if (
                not is_of_history(settings, letter)
                and decision(settings, letter, journal) is None
                and not hindrance(settings, letter, now, journal)
            ):
                waiting.append(letter)
        except ArchiveError as error:  # the others are not held up
            with about(letter.letter_no):
                log.error("%s cannot be put before an officer: %s", letter.letter_no, error)
    log.info("%d letters of the last %d days wait for an officer", len(waiting), QUEUE_DAYS)
    return waiting


def is_decided(settings: Settings, letter_no: str, begun: datetime, now: datetime) -> bool:
    """Whether nothing is to be asked about the letter: it is approved, or was decided since `begun`.

    Raises NotSentError for one that must not be sent (any more), DecisionError where there is no such letter.
    """
    letter = dispatches.letter_of(settings, letter_no)
    reason = hindrance(settings, letter, now)
    if reason:
        raise NotSentError(reason)
    last = decision(settings, letter)
    return last is not None and (last.kind == LETTER_APPROVED or last.at >= begun)


def request(settings: Settings, letter_no: str, now: datetime, *, has_mail: bool) -> dict[str, str]:
    """What the officer is asked, as `subject` and `body` (Markdown) in three languages: the facts, links to what the
    letter rests on, and what an approval will do. `has_mail`: whether a mail server is connected.

    Raises DecisionError for a letter that is not in the outbox, NotSentError for one that must not be sent.
    """
    letter = dispatches.letter_of(settings, letter_no)
    reason = hindrance(settings, letter, now)
    if reason:
        raise NotSentError(reason)
    to = addresses(settings, letter, clock.local_date(now))
    rows = {
        "letter": letter.letter_no,
        "kind": all_languages(letter.kind),
        "dated": letter.dated.isoformat(),
        "pool": pool_words(letter) or all_languages("unknown"),
        "period": f"{letter.period:%Y-%m}" if letter.period else all_languages("unknown"),
        "term": letter.send_by.isoformat() if letter.send_by else all_languages("none"),
        "recipient": ", ".join(to) or all_languages("none"),
    }
    facts = {key: cell(value) for key, value in rows.items()} | _links(letter)
    table = required_action.table({f"dispatch.{key}": value for key, value in facts.items()})
    way = way_of(to, has_mail=has_mail)
    said = {"to": cell(", ".join(to)), "no": letter.letter_no}
    words = "\n\n".join(
        f"{text(f'dispatch.{way}', language, **said)} {text('dispatch.question', language)}" for language in LANGUAGES
    )
    return {"subject": f"{letter.letter_no}: {all_languages(letter.kind)}", "body": f"{table}\n\n{words}"}


def way_of(to: Sequence[str], *, has_mail: bool) -> str:
    """How a letter to these addresses leaves once approved: `by_mail`, `by_hand_no_address` or `by_hand_no_mail`."""
    return "by_mail" if has_mail and to else "by_hand_no_address" if has_mail else "by_hand_no_mail"


def _links(letter: OutgoingLetter) -> dict[str, str]:
    """To the page of the filing or the silent month, to its findings, and to the letter with its enclosures."""
    number = letter.registration_no
    page = f"/esep/filing/{number}" if number else f"/esep/silence/{letter.pool_id}/{letter.period:%Y-%m}"
    place = f"{page}/file/outbox" if number else f"{page}/file"
    names = [path.name for path in letter.files if path.suffix != ".json"]  # what programs read is no enclosure
    listed = ", ".join(required_action.link(f"{place}/{quote(name)}", name) for name in names)
    findings = {"findings": required_action.link(f"{page}/findings")} if number else {}
    return {"page": required_action.link(page), **findings, "file": listed}


def has_mail() -> bool:
    """Whether Airflow has the connection to a mail server."""
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    return connections.is_there(SmtpHook, CONNECTION)


def record(settings: Settings, letter_no: str, answer: Mapping[str, Any]) -> bool:
    """Record the officer's answer with name and moment; gives whether the letter may leave.

    `answer` is what the approval step gave (see `required_action.response`); it is empty where the letter was decided
    elsewhere, and then that decision counts.
    """
    if not answer:
        last = decision(settings, dispatches.letter_of(settings, letter_no))
        log.info("%s was decided elsewhere: %s", letter_no, last)
        return last is not None and last.kind == LETTER_APPROVED
    said = required_action.response(answer)
    reason = said.reason or all_languages("no_reason")
    approved = said.option == APPROVE
    decide = dispatches.approve_letter if approved else dispatches.return_letter
    event = decide(settings, letter_no, reason, said.author, said.at).event
    log.info("%s %s: %s (%s)", letter_no, event.kind, said.author, reason)
    return approved


def send(settings: Settings, letter_no: str, now: Callable[[], datetime]) -> str:
    """Send an approved letter with its enclosures by SMTP, and record the dispatch; gives what was recorded.

    Raises NotSentError where it must not or cannot leave this way. One sending of a letter at a time: the next finds
    that it was sent. A kill after the mail server took the message and
    before it is recorded makes a retry send it once more: with the same Message-ID, by which mail programs know that
    it is the same message.
    """
    letter = dispatches.letter_of(settings, letter_no)
    with turn(settings.home, f"send-{_slug(letter)}.lock"):
        return _send(settings, letter, now)


def _send(settings: Settings, letter: OutgoingLetter, now: Callable[[], datetime]) -> str:
    letter_no = letter.letter_no
    reason = hindrance(settings, letter, now())
    if reason:
        raise NotSentError(reason)
    last = decision(settings, letter)
    if last is None or last.kind != LETTER_APPROVED:
        raise NotSentError(f"{letter_no}: no officer has approved it. Run the DAG dispatch for it.")

    from airflow.providers.smtp.hooks.smtp import SmtpHook

    by_hand = f"Send it by hand and record it: bin/esep decide dispatch {letter_no} --channel … --proof …"
    if not has_mail():
        raise NotSentError(f"{letter_no}: approved; there is no connection {CONNECTION} to a mail server. {by_hand}")
    to = addresses(settings, letter, clock.local_date(now()))
    if not to:
        raise NotSentError(f"{letter_no}: approved; reference/pool.csv has no e-mail of this pool. {by_hand}")
    missing = [path.name for path in letter.files if not path.is_file()]
    if missing:
        raise NotSentError(
            f"{letter_no}: {', '.join(missing)} missing in {letter.files[0].parent}. Restore the outbox."
        )
    message_id = f"<{_slug(letter)}.letter@esep>"
    with SmtpHook(CONNECTION) as hook:
        hook.send_email_smtp(
            to=to,
            subject=" / ".join(_subject(letter, language) for language in LETTER_LANGUAGES),
            html_content="".join(_paragraphs(letter, language) for language in LETTER_LANGUAGES),
            files=[str(path) for path in letter.files],
            custom_headers={"Message-ID": message_id},
        )
    moment = now()
    dispatches.record_dispatch(settings, letter_no, Channel.SMTP, moment, message_id, AUTHOR, moment, to)
    log.info("%s sent to %s, Message-ID %s", letter_no, ", ".join(to), message_id)
    return f"{letter_no} sent to {', '.join(to)}, Message-ID {message_id}"


def addresses(settings: Settings, letter: OutgoingLetter, day: date) -> list[str]:
    """The pool's e-mail addresses by its accreditation in force on `day`, else by its latest; none if it has none."""
    entries = sorted(entries_of(pools_of(settings), letter.pool_id), key=lambda pool: pool.accredited_from or date.min)
    begun = [pool for pool in entries if not pool.accredited_from or pool.accredited_from <= day]
    texts = re.split(r"[,;]\s*", begun[-1].email or "") if begun else []
    return [address for address in map(str.strip, texts) if _ADDRESS.fullmatch(address)]


def all_languages(key: str) -> str:
    """The text of this step in every language."""
    return required_action.all_languages(f"dispatch.{key}")


def mail_text(letter: OutgoingLetter, key: str, language: str) -> str:
    """A paragraph of the message: `mail_to` or `mail_body`."""
    return text(
        f"dispatch.{key}",
        language,
        no=letter.letter_no,
        kind=text(f"dispatch.{letter.kind}", language),
        dated=f"{letter.dated:%d.%m.%Y}",
        period=f"{letter.period:%m.%Y}" if letter.period else text("dispatch.unknown", language),
        pool=shown(letter.pool_name or letter.pool_id or "", _NAME_LIMIT),
    )


def _subject(letter: OutgoingLetter, language: str) -> str:
    return f"{letter.letter_no}: {text(f'dispatch.{letter.kind}', language)}"


def _paragraphs(letter: OutgoingLetter, language: str) -> str:
    return "".join(f"<p>{html.escape(mail_text(letter, key, language))}</p>\n" for key in ("mail_to", "mail_body"))


def _slug(letter: OutgoingLetter) -> str:
    return letter.letter_no.replace("/", "_")


def pool_words(letter: OutgoingLetter) -> str:
    """Name and BIN of the pool as far as they are known; empty where neither is."""
    return " ".join(shown(value, _NAME_LIMIT) for value in (letter.pool_name, letter.pool_id) if value)
