"""An answer of the API: rows of the snapshot that the reader may see, its name, and an ETag.

Viewers are answered from the masked snapshot, operators from the full one. The ETag is of the snapshot, what was asked
for, and the code: who has it is told by 304 that nothing is new. Answers are never kept by a cache by themselves
(`web.headers`); a program keeps what it got, and the ETag with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any

import duckdb
from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from esep import __version__
from esep.answers import Snapshot, open_warehouse, snapshot
from esep.answers.collections import Collection
from esep.answers.tables import Row
from esep.exact import plain
from esep.web.access import Reader, ReaderDep
from esep.web.api import problems
from esep.web.api.parameters import Paged
from esep.web.rendering import Addresses, root

DOCUMENTS = frozenset({"data"})
"""Columns that hold JSON; they become part of the answer's own."""


class _Json(JSONResponse):
    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_value).encode()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks for."""

    request: Request
    reader: Reader

    @contextmanager
    def _opened(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, Snapshot]]:
        with open_warehouse(self.reader.settings, masked=not self.reader.is_operator) as connection:
            yield connection, snapshot(connection)

    def answer(self, make: Callable[[duckdb.DuckDBPyConnection, Snapshot], Mapping[str, Any]]) -> Response:
        """What `make` gives of the snapshot; 304 without asking for it where the program has it already."""
        with self._opened() as (connection, of):
            tag = self._tag(of)
            if _is_known(tag, self.request):
                return Response(status_code=304, headers={"ETag": tag})
            return _Json(make(connection, of), headers={"ETag": tag})

    def said_of(self, of: Snapshot) -> dict[str, Any]:
        """How an answer names its snapshot."""
        return {
            "published_at": of.published_at,
            "as_of": of.as_of,
            "hash": of.hash,
            "code_version": of.code_version,
            "masked": not self.reader.is_operator,
        }

    def page(self, collection: Collection, chosen: Paged) -> Response:
        """Part of a list. 409 where the program began to read it from another snapshot."""

        def make(connection: duckdb.DuckDBPyConnection, of: Snapshot) -> Mapping[str, Any]:
            if chosen.snapshot not in (None, of.hash):
                raise problems.OtherSnapshotError
            listed = collection.listed(chosen.chosen())
            rows = listed.rows(connection, chosen.limit + 1, chosen.offset)
            following = None
            if len(rows) > chosen.limit:
                kept = {**self.request.query_params, "limit": chosen.limit, "snapshot": of.hash}
                address = Addresses(root(self.request), **kept)
                following = address(self.path, offset=chosen.offset + chosen.limit)
            return {
                "snapshot": self.said_of(of),
                "offset": chosen.offset,
                "limit": chosen.limit,
                "next": following,
                "data": [row_of(row) for row in rows[: chosen.limit]],
            }

        return self.answer(make)

    @property
    def path(self) -> str:
        """The address below the mount, without its query."""
        return problems.path_of(self.request)

    def _tag(self, of: Snapshot) -> str:
        asked = sorted(self.request.query_params.multi_items())
        parts = (of.hash, __version__, self.reader.is_operator, self.path, asked)
        return f'"{sha256(repr(parts).encode()).hexdigest()}"'


def _asked(request: Request, reader: ReaderDep) -> Asked:
    return Asked(request, reader)


AskedDep = Annotated[Asked, Depends(_asked)]


def row_of(row: Row) -> dict[str, Any]:
    """A row of the warehouse by the names of its columns."""
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return {name: json.loads(value) if name in DOCUMENTS and value else value for name, value in values.items()}


def _value(value: Any) -> str:
    """Decimals with every digit, days as YYYY-MM-DD, moments in Asia/Almaty with their offset."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__}: no form in JSON")


def _is_known(tag: str, request: Request) -> bool:
    """Whether the program has the answer with this ETag (RFC 9110, 13.1.2: compared weakly)."""
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return tag in known or "*" in known
