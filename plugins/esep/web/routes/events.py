"""Who did what, when and why, over all filings and pools; for operators, for reasons may name persons."""

from __future__ import annotations

import json
from typing import Annotated

import pyarrow as pa
from fastapi import APIRouter, Depends, Query, Response

from esep.answers import events
from esep.answers.events import Chosen
from esep.answers.tables import Row
from esep.texts.numbers import day
from esep.texts.words import event_kind_words, event_words
from esep.web import downloads
from esep.web.queries import DayQuery, Format, PageQuery, SearchQuery
from esep.web.rendering import DecidedDep

router = APIRouter()


def _chosen(
    first: DayQuery = None,
    last: DayQuery = None,
    kind: Annotated[str, Query(max_length=64)] = "",
    author: Annotated[str, Query(max_length=200)] = "",
    about: SearchQuery = "",
) -> Chosen:
    return Chosen(first, last, kind, author, about)


ChosenDep = Annotated[Chosen, Depends(_chosen)]


@router.get("/events")
def listed(asked: DecidedDep, chosen: ChosenDep, page: PageQuery = 1) -> Response:
    """The events that were chosen, the latest first."""

    def words(event: Row) -> str:
        return event_words(event.event, json.loads(event.data), asked.language)

    kinds = {kind: event_kind_words(kind, asked.language) for kind in events.choices(asked.warehouse, "event")}
    return asked.page(
        "events.html",
        listed=chosen.listed().page(asked.warehouse, page),
        words=words,
        chosen=chosen,
        kinds=dict(sorted(kinds.items(), key=lambda kind: kind[1])),
        authors=events.choices(asked.warehouse, "author"),
        address=asked.addresses(
            first=chosen.first, last=chosen.last, kind=chosen.kind, author=chosen.author, about=chosen.about
        ),
    )


@router.get("/events/download")
def download(asked: DecidedDep, chosen: ChosenDep, format: Format) -> Response:  # noqa: A002 - the name in the address
    """The same list as a file, with what happened in words and as recorded."""
    table = chosen.listed().table(asked.warehouse)
    said = [
        event_words(kind, json.loads(data), asked.language)
        for kind, data in zip(table["event"].to_pylist(), table["data"].to_pylist(), strict=True)
    ]
    table = table.add_column(table.column_names.index("event"), "event_words", pa.array(said, pa.string()))
    lines = {
        "events.first": day(chosen.first, asked.language) if chosen.first else None,
        "events.last": day(chosen.last, asked.language) if chosen.last else None,
        "filing.what": chosen.kind,
        "filing.who": chosen.author,
        "events.about": chosen.about,
    }
    return downloads.response(asked, table, format, "events", asked.text("events.title"), "events.lead", lines)
