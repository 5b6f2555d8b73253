"""What registering asks of the examination, imported only where it is needed, and how its results are logged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from esep.config import Settings
from esep.failures import log_fields
from esep.file_names import in_one_line

if TYPE_CHECKING:
    from esep.office.intake import IdentityOf, MessagesIn, Registered
    from esep.office.messages import Message
    from esep.office.package import Package

log = logging.getLogger(__name__)


def messages_in(settings: Settings) -> MessagesIn:
    """Finds messages that are no filing; what reads them is imported only when there is a package."""

    def messages(package: Package, arrived_at: datetime, now: datetime) -> tuple[Message, ...]:
        from esep.examination import message

        return message.messages_in(package, settings, arrived_at, now)

    return messages


def identity_of(settings: Settings, now: datetime | Callable[[], datetime], examined: list[str]) -> IdentityOf:
    """Pool and period of a filing whose bytes came again; if it had to be examined for that, it joins `examined`.

    The examination is imported only when that happens.
    """

    def identity(number: str) -> tuple[str | None, date | None] | None:
        from esep.examination import pending
        from esep.office import archive, questions

        filing = archive.entry(settings, number)
        is_new = not filing.verdict_paths
        with log_fields(registration_no=number):
            identity = pending.identity_of(settings, now() if callable(now) else now)(number)
            if is_new:
                examined.append(number)
                log.info("%s %s", number, questions.verdict_word(filing.verdict))
        return identity

    return identity


def log_registered(item: Registered) -> None:
    name = in_one_line(item.source_name)
    if item.message_id:
        known = "again" if item.duplicate else "kept"
        log.info("%s: a message that nothing was distributed, %s as %s, no number", name, known, item.message_id)
        if item.fault:
            log.error("%s: %s", name, in_one_line(item.fault))
        return
    if item.number is None:
        log.error("%s stays in the inbox: %s", name, in_one_line(item.fault or ""))
        return
    with log_fields(registration_no=item.number):
        if item.duplicate:
            log.info("%s: the same bytes as %s, no second filing", name, item.number)
        else:
            log.info("%s registered: %s", item.number, name)
        if item.fault:
            log.error("%s: %s", name, in_one_line(item.fault))
