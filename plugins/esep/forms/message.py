"""The voluntary message that a pool distributed nothing in a month: one description for the blank form and the reader.

Its words are in message.toml. The order knows no such form and demands none (contradiction 10).
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from esep.forms.annex1 import Line, Words

_WORDS = tomllib.loads(Path(__file__).with_name("message.toml").read_text(encoding="utf-8"))
TITLE: Words = _WORDS["title"]
VOLUNTARY: Words = _WORDS["voluntary"]
STATEMENT: Words = _WORDS["statement"]
NAME, NUMBER, MONTH, YEAR, HEAD, COMPLETED = (
    Line.of(key, _WORDS[key]) for key in ("pool_name", "pool_id", "month", "year", "head", "completed_on")
)
LINES = (NAME, NUMBER, MONTH, YEAR, HEAD, COMPLETED)
SHEET_NAME: Words = {"kk": "Хабарлама", "ru": "Сообщение"}
