"""A message to people: as mail (HTML and plain text) and as JSON for a webhook, made from blocks of documents."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from rich.console import Console

from esep import clock
from esep.documents import terminal
from esep.documents.html import html
from esep.documents.model import Document, Section
from esep.documents.plain import shown
from esep.texts import text
from esep.texts.numbers import moment

SCHEMA = "esep-message/1"
"""Version of the JSON; alarm/message.schema.json describes it."""
WIDTH = 100
"""Signs of a line of plain text."""
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, ready for every channel."""

    id: str
    """The same for the same event, however often it is made."""
    subject: str
    plain: str
    html: str
    text: str
    """What a webhook shows: without personal data, which a mail to the office may hold."""
    payload: Mapping[str, Any]
    """JSON values for a webhook; no personal data."""


def message(
    kind: str,
    at: datetime,
    subject: str,
    sections: Sequence[Section],
    language: str,
    values: Mapping[str, Any],
    event: str,
    shown_to_all: Sequence[Section] | None = None,
) -> Message:
    """Render the sections; `values` join the JSON. `event` names what is told, and makes the id with `kind`.

    `shown_to_all`: what a webhook shows instead of the sections, where these hold personal data.
    """
    of_event = hashlib.sha256(f"{kind}|{event}".encode()).hexdigest()[:16]
    title = shown(subject, LONGEST_SUBJECT)
    document = Document(
        title, moment(at, language), text("alarm.footer", language), list(sections), clock.local_date(at)
    )
    plain = _plain(title, sections, language)
    public = plain if shown_to_all is None else _plain(title, shown_to_all, language)
    payload = {"schema": SCHEMA, "id": of_event, "kind": kind, "at": at.isoformat(), "language": language, **values}
    return Message(of_event, title, plain, html(document, language).decode(), public, payload)


def _plain(title: str, sections: Sequence[Section], language: str) -> str:
    text = io.StringIO()
    out = Console(file=text, width=WIDTH, markup=False, highlight=False, emoji=False)
    terminal.show(sections, language, out)
    return f"{title}\n\n{text.getvalue()}"


def run_path(dag_id: str, run_id: str) -> str:
    """The page of a run in Airflow's UI, below its address."""
    return f"/dags/{quote(dag_id, safe='')}/runs/{quote(run_id, safe='')}"
