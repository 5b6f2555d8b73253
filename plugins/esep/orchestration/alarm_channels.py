"""How a message leaves: by mail through Airflow's connection `esep_smtp`, and by webhook. Both give up after seconds.

Airflow is imported only where a mail is sent.
"""

from __future__ import annotations

import json
import smtplib
from collections.abc import Sequence
from email.message import EmailMessage
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit

import httpx

from esep.alarm.kept import Channels
from esep.alarm.message import Message
from esep.config import Settings

SECONDS = 5
"""That a server may take for each answer. Airflow ends a step's process 20 seconds after its work."""
LONGEST_TEXT = 3_500
"""Signs of `text`: chat services cut or refuse more than about 4,000."""
_IS_JSON = {"Content-Type": "application/json; charset=utf-8"}
MAIL, WEBHOOK = "mail", "webhook"


class ChannelError(RuntimeError):
    """A message could not be sent; the text says why and what to do, without the address of a webhook, which is a
    secret at most services."""


def channels(settings: Settings) -> Channels:
    """What is set: `mail` where there are addresses, `webhook` where there is an address."""
    found: dict[str, Any] = {}
    if settings.alarm_to:
        found[MAIL] = partial(by_mail, settings.alarm_to)
    if settings.alarm_webhook:
        found[WEBHOOK] = partial(by_webhook, settings.alarm_webhook)
    return found


def by_mail(to: Sequence[str], message: Message) -> None:
    """Send HTML with plain text beside it; raises ChannelError without the connection, or what the server says."""
    from esep.orchestration.dispatch import CONNECTION, has_mail

    if not has_mail():
        raise ChannelError(f"there is no connection {CONNECTION} to a mail server; make it in Airflow's UI")
    hook = _hook(CONNECTION)
    with hook:
        hook.deliver(_mail(message, to, hook.from_email or ""), to)


def by_webhook(url: str, message: Message) -> None:
    """Post the JSON; `text` in it is what chat services show. Raises ChannelError for any answer but 2xx.

    What the answer says beyond that is not read: it may have no end, or be larger than the memory.
    """
    content = {"text": message.text[:LONGEST_TEXT], **message.payload}
    body = json.dumps(content, ensure_ascii=False).encode()
    try:
        with (
            httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", url, content=body, headers=_IS_JSON) as answer,
        ):
            pass
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ChannelError(f"{urlsplit(url).hostname}: no answer ({type(error).__name__})") from None
    if not answer.is_success:
        raise ChannelError(f"{urlsplit(url).hostname}: the answer is {answer.status_code}; look at ESEP_ALARM_WEBHOOK")


def _mail(message: Message, to: Sequence[str], sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Message-ID"] = f"<{message.id}.message@esep>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.plain)
    mail.add_alternative(message.html, subtype="html")
    return mail


def _hook(connection: str) -> Any:
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    class Hook(SmtpHook):
        """One attempt within SECONDS: what fails is tried again by the next step, not by this one."""

        smtp_retry_limit = 0
        timeout = SECONDS

        def deliver(self, mail: EmailMessage, to: Sequence[str]) -> None:
            """The hook's own way of sending knows no plain text beside the HTML."""
            client = cast("smtplib.SMTP", self._smtp_client)
            client.send_message(mail, to_addrs=list(to))

    return Hook(connection)
