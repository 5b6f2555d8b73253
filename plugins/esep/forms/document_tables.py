"""Names of tables in documents, which stand where findings and rows name the worksheet."""

from __future__ import annotations

import re

_NAME = {"kk": "{}-кесте", "ru": "Таблица {}"}
_NAMES = re.compile(r"[1-9]\d*-кесте|Таблица [1-9]\d*")


def table_name(number: int, language: str) -> str:
    """The name of the n-th table, counted from 1, in the language of the document (`kk` or `ru`)."""
    return _NAME[language].format(number)


def is_table_name(sheet: str) -> bool:
    """Whether a "sheet" is a table of a document, so that no place calls it a sheet."""
    return _NAMES.fullmatch(sheet) is not None
