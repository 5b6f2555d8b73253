"""What the task of the DAG `mail_intake` does: read the office's mailbox by Airflow's connection `esep_imap`."""

from __future__ import annotations

import base64
import imaplib
import re
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from esep import clock
from esep.config import Settings
from esep.orchestration import connections
from esep.orchestration.common import reported
from esep.orchestration.periodic import ParameterError

if TYPE_CHECKING:
    from esep.office.mail import Waiting

CONNECTION = "esep_imap"
"""Airflow's connection to the mailbox (type IMAP). Extra: `folder` (default INBOX), `since` (YYYY-MM-DD: letters that
the server received before that day are left), `use_ssl`."""
SECONDS = 60.0
"""After which a silent server is given up."""


class MailError(RuntimeError):
    """The mailbox cannot be read; the text says why and what to do. What was taken before is in the inbox."""


def take_letters(settings: Settings, now: datetime) -> dict[str, Any]:
    """Take the letters that came; numbers by outcome, and the names of the packages in the inbox.

    Raises ParameterError without the connection, MailError where the server gives no letters.
    """
    from airflow.providers.imap.hooks.imap import ImapHook

    if not connections.is_there(ImapHook, CONNECTION):
        raise ParameterError(f"Airflow has no connection {CONNECTION}: there is no mailbox to read.")
    with reported("mail_intake", settings):
        from esep.office import mail

        connection = ImapHook.get_connection(CONNECTION)
        extra = connection.extra_dejson
        folder, since = str(extra.get("folder") or "INBOX"), _day(extra.get("since"))
        where = f"{connection.login}@{connection.host}/{folder}"
        with _opened(ImapHook(CONNECTION), where) as client:
            taken = mail.take_letters(ImapFolder(client, where, folder, since), settings, now)
        counts = Counter(record["outcome"] for record in taken)
        packages = [record["package"] for record in taken if record["outcome"] == mail.Outcome.PUT_IN]
        return {"letters": len(taken), **counts, "packages": packages}


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written)) if written else None
    except ValueError:
        raise MailError(
            f"{CONNECTION}: the extra since={written!r} is no day; write it like 2026-12-01, or leave it out."
        ) from None


@contextmanager
def _speaking(where: str) -> Iterator[None]:
    """Whatever goes wrong with the server inside is a MailError."""
    try:
        yield
    except imaplib.IMAP4.abort as error:
        raise MailError(
            f"{where}: the server broke off ({error}). The next run goes on where this one ended."
        ) from error
    except imaplib.IMAP4.error as error:
        raise MailError(
            f"{where}: the server refuses ({error}). Correct login, password or folder of the connection {CONNECTION}."
        ) from error
    except OSError as error:
        raise MailError(
            f"{where}: the server cannot be reached ({error or type(error).__name__}). The next run tries again; "
            f"if it stays so, correct host and port of the connection {CONNECTION}."
        ) from error


@contextmanager
def _opened(hook: Any, where: str) -> Iterator[imaplib.IMAP4]:
    """The logged-in client of a hook."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SECONDS)  # the hook sets none, and a silent server would hold the task forever
    try:
        with _speaking(where):
            client = hook.get_conn().mail_client
        yield client
    finally:
        socket.setdefaulttimeout(before)
        with suppress(imaplib.IMAP4.error, OSError, AttributeError):
            hook.mail_client.logout()


class ImapFolder:
    """A folder of a mailbox as `office.mail` reads it: letters stay as they are, unseen ones too.

    All raise MailError.
    """

    def __init__(self, client: imaplib.IMAP4, name: str, folder: str, since: date | None) -> None:
        self.name = name
        self._client, self._since = client, since
        with _speaking(name):
            _checked(client.select(_quoted(folder), readonly=True))
            _, validity = client.response("UIDVALIDITY")
        self.validity = _text(validity[0]) if validity and validity[0] else ""

    def after(self, uid: int) -> list[int]:
        criteria = [f"UID {uid + 1}:*"]
        if self._since:
            criteria.append(f"SINCE {self._since.day}-{_MONTHS[self._since.month - 1]}-{self._since.year}")
        numbers = {int(number) for line in self._asked("SEARCH", *criteria) for number in _text(line).split()}
        return sorted(number for number in numbers if number > uid)  # `n:*` always gives the last one

    def waiting(self, uid: int) -> Waiting | None:
        from esep.office.mail import Waiting

        said = " ".join(map(_text, self._asked("FETCH", str(uid), "(INTERNALDATE RFC822.SIZE)")))
        size = re.search(r"RFC822\.SIZE (\d+)", said)
        return Waiting(uid, _internal_date(said), int(size[1])) if size else None

    def content(self, uid: int, *, only_head: bool = False) -> bytes:
        wanted = "(BODY.PEEK[HEADER])" if only_head else "(BODY.PEEK[])"
        parts = self._asked("FETCH", str(uid), wanted)
        return b"".join(part[1] for part in parts if isinstance(part, tuple) and isinstance(part[1], bytes))

    def _asked(self, command: str, *arguments: str) -> list[Any]:
        with _speaking(self.name):
            return [part for part in _checked(self._client.uid(command, *arguments)) if part]


def _quoted(folder: str) -> str:
    """A folder's name as IMAP writes it: letters beyond ASCII in modified UTF-7 (RFC 3501, 5.1.3)."""
    written = ""
    for part in re.split(r"([^\x20-\x7e]+)", folder):
        if part.isascii():
            written += part.replace("&", "&-")
        else:
            encoded = base64.b64encode(part.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            written += f"&{encoded}-"
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOMENT = re.compile(r'INTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)"')


def _internal_date(said: str) -> datetime | None:
    found = _MOMENT.search(said)
    if not found:
        return None
    day, month, year, time, hours, minutes = found.groups()
    try:
        written = f"{year}-{_MONTHS.index(month.title()) + 1:02}-{int(day):02}T{time}{hours}:{minutes}"
        return clock.moment_of(written)
    except ValueError:
        return None


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    state, parts = answer
    if state != "OK":
        raise imaplib.IMAP4.error(" ".join(_text(part) for part in parts if part))
    return parts


def _text(part: Any) -> str:
    raw = part[0] if isinstance(part, tuple) else part
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
