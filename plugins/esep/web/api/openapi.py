"""The API described as OpenAPI 3.1: paths by its routes, rows by the columns and comments of the warehouse."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
from fastapi import Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel, Field

from esep import __version__
from esep.answers import collections
from esep.answers.collections import Collection
from esep.warehouse import calls
from esep.web.api.problems import PREFIX, Fault, Problem
from esep.web.rendering import root

Responses = dict[int | str, dict[str, Any]]

_COLLECTIONS = tuple(one for one in vars(collections).values() if isinstance(one, Collection))
_TEMPLATE = "#/components/schemas/{model}"
_TYPES: dict[str, dict[str, Any]] = {
    "VARCHAR": {"type": "string"},
    "INTEGER": {"type": "integer"},
    "BIGINT": {"type": "integer"},
    "BOOLEAN": {"type": "boolean"},
    "DATE": {"type": "string", "format": "date"},
    "TIMESTAMP WITH TIME ZONE": {"type": "string", "format": "date-time"},
    "DECIMAL": {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "JSON": {"type": "object"},
}
"""By the type of a column; an exact decimal is a text, for a number of JSON loses digits."""
_LEFT_OUT = "filing_key"


class SnapshotSaid(BaseModel):
    """The published snapshot that an answer was read from."""

    published_at: AwareDatetime = Field(description="Moment at which it was published.")
    as_of: date = Field(description="Local day of its last build, by which due dates are judged.")
    hash: str = Field(description="Another for each publication.")
    code_version: str = Field(description="Version of the code that built it.")
    masked: bool = Field(description="Whether personal data is masked: viewers get the masked snapshot.")


class Page(BaseModel):
    """A part of a list."""

    snapshot: SnapshotSaid
    offset: int
    limit: int
    next: str | None = Field(description="Address of the next part, of the same snapshot; null after the last.")
    data: list[dict[str, Any]]


class One(BaseModel):
    """A single row."""

    snapshot: SnapshotSaid
    data: dict[str, Any]


def page_of(collection: Collection) -> Responses:
    """The responses of a route that gives a list."""
    return _responses(f"{_name(collection)}Page", 409)


def row_of(collection: Collection) -> Responses:
    """The responses of a route that gives one row."""
    return _responses(f"{_name(collection)}Answer", 404)


def document(connection: duckdb.DuckDBPyConnection, request: Request) -> dict[str, Any]:
    """The whole document."""
    routes = [one for one in request.app.routes if isinstance(one, APIRoute) and one.path.startswith(PREFIX)]
    made = get_openapi(
        title="Esep",
        version=__version__,
        description="Filings of form 1-ЦМ, findings and figures, read-only. Quantities and money are texts with every "
        "digit; moments are in Asia/Almaty. `If-None-Match` with an ETag gives 304 while nothing is new.",
        routes=routes,
        servers=[{"url": root(request) or "/"}],
    )
    schemas: dict[str, Any] = made.setdefault("components", {}).setdefault("schemas", {})
    for model in (SnapshotSaid, Fault, Problem):
        schemas[model.__name__] = _schema(model)
    for collection in _COLLECTIONS:
        name = _name(collection)
        schemas[name] = _row(connection, collection)
        reference = {"$ref": _TEMPLATE.format(model=name)}
        schemas[f"{name}Page"] = _with_data(_schema(Page), {"type": "array", "items": reference})
        schemas[f"{name}Answer"] = _with_data(_schema(One), reference)
    return made


def _name(collection: Collection) -> str:
    return collection.relation.title().replace("_", "")


def _responses(schema: str, *others: int) -> Responses:
    answer = {"schema": {"$ref": _TEMPLATE.format(model=schema)}}
    fault = {"application/problem+json": {"schema": {"$ref": _TEMPLATE.format(model="Problem")}}}
    said = {
        401: "No valid login: send the token of POST /auth/token as `Authorization: Bearer …`.",
        403: "The role does not allow it.",
        404: "There is no such row.",
        409: "A newer snapshot was published since the list was begun: begin it again.",
        422: "A parameter is wrong; `errors` says which, and what it takes.",
        503: "No snapshot is published, or one of other code; ask again after `Retry-After` seconds.",
    }
    left_out = {404, 409} - set(others)
    return {
        200: {"description": "The rows.", "content": {"application/json": answer}},
        304: {"description": "Nothing is new since the answer with the ETag that was sent."},
        **{
            status: {"description": words, "content": fault} for status, words in said.items() if status not in left_out
        },
    }


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    made = model.model_json_schema(ref_template=_TEMPLATE, mode="serialization")
    made.pop("$defs", None)
    return made


def _with_data(schema: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    schema["properties"]["data"] = data
    return schema


def _row(connection: duckdb.DuckDBPyConnection, collection: Collection) -> dict[str, Any]:
    """The columns of a relation with their types and comments. Raises KeyError for a type without a form in JSON."""
    source = """
        from duckdb_columns()
        where database_name = current_database() and schema_name = 'main' and table_name = $relation
        order by column_index
    """
    found = calls.rows(connection, ("column_name", "data_type", "comment"), source, relation=collection.relation)
    properties = {name: _column(kind.partition("(")[0], said) for name, kind, said in found if name != _LEFT_OUT}
    return {
        "title": _name(collection),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _column(kind: str, said: str) -> dict[str, Any]:
    form = _TYPES[kind]
    return {**form, "type": [form["type"], "null"], "description": said}
