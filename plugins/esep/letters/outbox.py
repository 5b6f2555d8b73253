"""The outbox: `outbox/<number>/` with each letter and what goes with it, written once (see `placing`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from esep import clock
from esep.config import Settings
from esep.examination.model import Finding, Lane
from esep.lake import files as lake_files
from esep.lake.schema import FINDING
from esep.letters.facts import (
    Fact,
    Facts,
    Head,
    LetterKind,
    OfficerDecision,
    Pool,
    ReceivedMessage,
    examination_deadline,
    filing_deadline,
    notice_deadline,
)
from esep.letters.grounds import detected
from esep.letters.grounds import grounds as grounds_of
from esep.letters.placing import Letter, LetterError, place
from esep.letters.remarks import NO_REMARKS, Citations, Remarks, collect, findings_of_rows
from esep.office import handovers, history
from esep.office.archive import Entry
from esep.office.events import Event

_FOLDER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,60}")


def write_receipt(settings: Settings, entry: Entry, dated: date, *, pool: Pool | None = None) -> Letter:
    """The receipt of a registered filing (para 7).

    It says what registration knows and nothing of the examination, so it may be written before or after the verdict.
    That the other body of para 5 is given the package is said only where the office has switched that on.
    `pool`: whom it is for, where the office knows.
    """
    head, receipt, mark = _head(LetterKind.RECEIPT, entry.number, dated, 1), entry.receipt, history.mark_of(entry)
    deadline = None if mark else examination_deadline(receipt.registered_on)
    since = handovers.required_since(settings)
    hands_over = since is not None and since <= receipt.registered_on
    return place(settings, Facts(head, pool or Pool(None), None, deadline, receipt, mark, hands_over=hands_over))


def write_refusal(
    settings: Settings,
    entry: Entry,
    findings: Sequence[Finding],
    dated: date,
    *,
    serial: int = 1,
    officer: OfficerDecision | None = None,
) -> Letter:
    """The reasoned refusal of an incomplete filing (para 8) with all its `findings`, of both lanes.

    `officer`: who refused a filing that waited, and why: it needs no finding, and what only the reader failed at is
    no remark. Raises LetterError if the filing was not refused, or if nothing says why.
    """
    receipt, verdict, mark = entry.receipt, entry.verdict or {}, history.mark_of(entry)
    if verdict.get("verdict") != "refused":
        raise LetterError(
            f"{entry.number}: the verdict is {verdict.get('verdict')}; only a refused filing gets a refusal"
        )
    citations = Citations.of(settings)
    ground = [finding for finding in findings if finding.lane is Lane.COMPLETENESS]
    unread = [finding for finding in ground if officer and citations.is_unread_file(finding)]
    if not (ground or officer):
        raise LetterError(
            f"{entry.number}: a refusal needs a finding of completeness (para 8) or an officer's reason, "
            "and there is none"
        )
    period = verdict.get("period")
    facts = Facts(
        head=_head(LetterKind.REFUSAL, entry.number, dated, serial),
        pool=Pool(verdict.get("pool_id"), verdict.get("pool_name")),
        period=date.fromisoformat(period) if period else None,
        deadline=None if mark else examination_deadline(receipt.registered_on),
        receipt=receipt,
        history=mark,
        verdict=verdict,
        remarks=collect([finding for finding in ground if finding not in unread], citations),
        unread=collect(unread, citations),
        enclosed=collect(findings, citations),
        officer=officer,
    )
    return place(settings, facts, citations, [entry])


def write_request(settings: Settings, entry: Entry, reason: str, dated: date, serial: int = 1) -> Letter:
    """Asks the pool for a machine-readable copy of what could be read by a person only; this is no refusal (para 8).

    For a filing with the question "not readable by machine". `reason`: the officer's, in words. The letter names the
    files that were not read, as the first verdict record with such findings gives them; a filing without any record
    has none to name. Its term is that of the examination, none for history. Raises LetterError without a reason.
    """
    if not reason.strip():
        raise LetterError(f"{entry.number}: the reason is empty. Say in words what is asked for, and why.")
    verdict, mark = entry.verdict or {}, history.mark_of(entry)
    period = verdict.get("period")
    facts = Facts(
        head=_head(LetterKind.REQUEST, entry.number, dated, serial),
        pool=Pool(verdict.get("pool_id"), verdict.get("pool_name")),
        period=date.fromisoformat(period) if period else None,
        deadline=None if mark else examination_deadline(entry.receipt.registered_on),
        receipt=entry.receipt,
        history=mark,
        unread=_unread(settings, entry),
        officer=OfficerDecision(reason.strip()),
    )
    return place(settings, facts)


def _unread(settings: Settings, entry: Entry) -> Remarks:
    """The findings about files that were not read, of the first examination that has any."""
    citations = Citations.of(settings)
    for verdict in entry.verdicts:
        found = recorded_findings(settings, entry.number, verdict)
        if unread := [finding for finding in found if citations.is_unread_file(finding)]:
            return collect(unread, citations)
    return NO_REMARKS


def write_notice(
    settings: Settings,
    pool: Pool,
    period: date | None,
    facts: Iterable[Fact],
    detected_on: date,
    dated: date,
    *,
    entry: Entry | None = None,
    serial: int = 1,
) -> Letter:
    """The notice of para 10 for a pool and a period, with all its facts, which may be about several filings.

    `entry`: the filing under whose number the letter is kept; without one it is in `outbox/<BIN>-<YYYY-MM>/`.
    `detected_on`: the day from which the 5 working days are counted. Raises LetterError for a notice without a fact,
    without filing and period, or with a fact that is not so (see `grounds`).
    """
    given = tuple(facts)
    grounds = grounds_of(given, period)
    if not grounds:
        raise LetterError("a notice needs at least one ground (para 10); a warning by itself is none")
    head = _head(LetterKind.NOTICE, entry.number if entry else _folder_of(pool, period), dated, serial)
    citations = Citations.of(settings)
    remarks = collect(list(detected(given)), citations)
    notice = Facts(
        head=head,
        pool=pool,
        period=period,
        deadline=notice_deadline(detected_on),
        receipt=entry.receipt if entry else None,
        verdict=(entry.verdict if entry else None) or {},
        remarks=remarks,
        enclosed=remarks,
        grounds=grounds,
    )
    concerned = {fact.entry.number: fact.entry for fact in given if fact.entry and fact.findings}
    return place(settings, notice, citations, [concerned[number] for number in sorted(concerned)])


def write_reminder(settings: Settings, pool: Pool, period: date, dated: date, *, serial: int = 1) -> Letter:
    """The reminder before the 25th (para 5), in `outbox/<BIN>-<YYYY-MM>/`; LetterError once it is over."""
    deadline = filing_deadline(period)
    if deadline.ends_on < dated:
        raise LetterError(f"{pool.pool_id} {period:%Y-%m}: the deadline was {deadline.ends_on}, a reminder is too late")
    head = _head(LetterKind.REMINDER, _folder_of(pool, period), dated, serial)
    return place(settings, Facts(head, pool, period.replace(day=1), deadline))


def write_message_receipt(settings: Settings, event: Event, serial: int) -> Letter:
    """The receipt of a message that nothing was distributed in a month, in `outbox/<BIN>-<YYYY-MM>/`.

    A message whose pool or month cannot be read has `outbox/message-<id>/`. It certifies what came and when, says what
    is in doubt, and gives no registration number.
    """
    data = event.data
    received = ReceivedMessage(
        data["message_id"],
        datetime.fromisoformat(data["received_at"]),
        data["package_sha256"],
        data["source_name"],
        tuple(file["path"] for file in data["files"]),
        data["doubt"],
    )
    head = _head(LetterKind.MESSAGE_RECEIPT, folder_of_message(data), clock.local_date(event.at), serial)
    period = date.fromisoformat(data["period"]) if data["period"] else None
    return place(settings, Facts(head, Pool(data["pool_id"], data["pool_name"]), period, None, message=received))


def _head(kind: LetterKind, folder: str, dated: date, serial: int) -> Head:
    if not _FOLDER.fullmatch(folder):
        raise LetterError(f"{folder!r}: a folder of the outbox is a registration number or BIN-YYYY-MM")
    return Head(kind, folder, serial, dated)


def _folder_of(pool: Pool, period: date | None) -> str:
    if not pool.pool_id or period is None:
        raise LetterError("a letter that is about no filing needs the pool's BIN and the period")
    return f"{pool.pool_id}-{period:%Y-%m}"


def folder_of_message(data: Mapping[str, Any]) -> str:
    """The folder of the outbox for letters about a pool's message, by the data of its event."""
    if data["pool_id"] and data["period"]:
        return f"{data['pool_id']}-{data['period'][:7]}"
    return f"message-{data['message_id']}"


def recorded_findings(settings: Settings, number: str, verdict: Mapping[str, Any]) -> list[Finding]:
    """The findings that a verdict names in the lake; raises LetterError if they cannot be read."""
    paths = [path for path in verdict["lake"] if PurePosixPath(path).parts[0] == FINDING.name]
    try:
        tables = [lake_files.opened(settings, path).read() for path in paths]
        return findings_of_rows(row for table in tables for row in table.to_pylist())
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        named = ", ".join(str(settings.lake / path) for path in paths)
        raise LetterError(
            f"{number}: its findings cannot be read from {named} ({error}). Restore the file from "
            f"a backup, or examine the filing again: bin/esep reexamine {number} --apply"
        ) from error
