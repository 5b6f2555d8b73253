"""What the steps under Airflow's "Required Actions" share: words for the officer, and what the officer said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from esep.clock import TIMEZONE
from esep.texts import LANGUAGES, text


class Response(NamedTuple):
    """What an officer said in a step; `reason` is empty where none was written."""

    option: str
    reason: str
    author: str
    at: datetime


def response(given: Mapping[str, Any]) -> Response:
    """The response as the step gave it: `chosen_options`, `responded_at`, `responded_by_user`, and the form's fields
    in `params_input`."""
    moment = given["responded_at"]
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    user = given.get("responded_by_user") or {}
    return Response(
        option=str(next(iter(given["chosen_options"]), "")),
        reason=str((given.get("params_input") or {}).get("reason") or "").strip(),
        author=str(user.get("name") or user.get("id") or ""),
        at=at.astimezone(TIMEZONE),
    )


def all_languages(key: str) -> str:
    """The text in every language, each once, with strokes between: Airflow's pages have no Kazakh."""
    return " / ".join(dict.fromkeys(text(key, language) for language in LANGUAGES))


def cell(value: str) -> str:
    """A text in Markdown: what a filer wrote must not become a link, a picture or a further cell of a table."""
    return re.sub(r"([\\`*_\[\]<>!|#~])", r"\\\1", value)


def link(path: str, words: str = "") -> str:
    """A link to one of Esep's pages, by its path below Airflow, in the words given or the path itself."""
    return f"[{cell(words or path)}]({path})"


def table(rows: Mapping[str, str]) -> str:
    """A table of two columns: the text of each key in all languages, and its value, which is Markdown already."""
    lines = "\n".join(f"| {all_languages(key)} | {value} |" for key, value in rows.items())
    return f"|  |  |\n|---|---|\n{lines}"
