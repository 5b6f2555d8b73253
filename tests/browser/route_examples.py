"""An address for every route of the pages, with parameters that exist in the demo.

A route that is missing here fails a test: whoever adds one says how it is called, and it is then walked like the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
from fastapi.routing import APIRoute

from browser.pages_server import RUN
from esep.config import Settings
from esep.office import hand_in
from esep.warehouse import published
from esep.web.app import create_app

PAGES: Mapping[str, tuple[str, ...]] = {
    "/": ("", "?year=2024"),
    "/due": ("",),
    "/questions": ("", "?show=all"),
    "/events": ("", "?author=nobody"),
    "/letters": ("", "?show=sent"),
    "/status": ("",),
    "/filing/{number}": ("",),
    "/filing/{number}/findings": ("",),
    "/filing/{number}/rows": ("",),
    "/filing/{number}/changes": ("",),
    "/filing/{number}/effect": ("",),
    "/income": ("", "?year=2025&role=pool"),
    "/income/{year}/{role}/{taxpayer_id:path}": ("", "?known_on=2025-12-01"),
    "/income/{year}/{role}/{taxpayer_id:path}/rows": ("",),
    "/obligation": ("", "?year=2024"),
    "/obligation/{year}/{role}/{taxpayer_id:path}": ("",),
    "/change": (
        "",
        "?year=2025&since=2025-11-01&until=2025-12-31",
        "?taxpayer={taxpayer_id}&year=2025&since=2025-01-01&until=2026-02-28",
    ),
    "/quality": ("", "?year=2025"),
    "/quality/findings": ("",),
    "/quality/filings": ("",),
    "/quality/duties": ("",),
    "/quality/excluded": ("",),
    "/rules": ("",),
    "/rules/{rule_id}": ("",),
    "/reconciliation": ("",),
    "/reference": ("", "?accepted=price"),
    "/hand-in": ("",),
    "/hand-in/{key}": ("",),
    "/find": ("?what=2025-000045", "?what=nothing"),
    "/silence/{pool_id}/{month}": ("",),
    "/confirmation": ("",),
    "/run": (f"?dag_id=decision&run_id={RUN}",),
    "/decision": (f"?run_id={RUN}",),
}
"""Pages by path, each with the queries under which it is walked."""
FILES: Mapping[str, str] = {
    "/events/download": "?format=csv",
    "/income/download": "?format=csv&year=2025",
    "/income/{year}/{role}/{taxpayer_id:path}/download": "?format=csv",
    "/income/{year}/{role}/{taxpayer_id:path}/rows/download": "?format=csv",
    "/obligation/download": "?format=csv&year=2025",
    "/obligation/sales/download": "?format=csv&year=2025",
    "/obligation/{year}/{role}/{taxpayer_id:path}/download": "?format=csv",
    "/change/download": "?format=csv&year=2025&role=miner&since=2025-11-01&until=2025-12-31",
    "/filing/{number}/file/package": "",
    "/filing/{number}/file/outbox/{name}": "",
    "/filing/{number}/file/transcription": "",
    "/silence/{pool_id}/{month}/file/{name}": "",
    "/quality/{of}/download": "?format=csv&year=2025",
    "/quality/report/{month}/{name}": "",
    "/static/{name}": "",
}
"""Files by path; those of the outbox and of the reports are not in every home, a stranger is turned away first."""
API: Mapping[str, str] = {
    "/api/v1/filings": "?limit=1000",
    "/api/v1/filings/{number}": "",
    "/api/v1/findings": "?limit=1000",
    "/api/v1/figures/annual-income": "?limit=1000",
    "/api/v1/figures/monthly-income": "?limit=1000",
    "/api/v1/figures/sale-obligation": "?limit=1000",
    "/api/v1/events": "?limit=1000",
    "/api/v1/calendar": "?limit=1000",
    "/api/v1/openapi.json": "",
}
"""What programs ask for, by path; it answers in JSON whatever is accepted."""
FOR_OPERATORS = frozenset(
    {
        "/decision",
        "/events",
        "/hand-in",
        "/hand-in/{key}",
        "/letters",
        "/events/download",
        "/api/v1/events",
        "/filing/{number}/file/package",
        "/filing/{number}/file/outbox/{name}",
        "/filing/{number}/file/transcription",
        "/silence/{pool_id}/{month}/file/{name}",
    }
)
"""What a viewer may not see at all."""
FORMS = frozenset(
    {
        "/filing/{number}/overrule",
        "/filing/{number}/waive",
        "/filing/{number}/dispatch",
        "/filing/{number}/answer",
        "/filing/{number}/transcribe",
        "/silence/{pool_id}/{month}",
        "/silence/{pool_id}/{month}/dispatch",
        "/confirmation",
        "/letters/preview",
        "/letters/decide",
        "/reference/preview",
        "/reference/accept",
        "/hand-in/preview",
        "/hand-in/accept",
    }
)
"""What decides something: POST alone."""

_LEGAL_FORM = re.compile(r"^(?:ИП|ЖК)\s+|\s+(?:ИП|ЖК)$")
_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass(frozen=True, slots=True)
class Examples:
    """Values of the parameters, and what no viewer may read."""

    values: Mapping[str, str]
    personal: frozenset[str]
    """Numbers that are no faultless BIN, names of their holders, wallets."""


def routes() -> Iterator[tuple[str, str]]:
    """Method and path of every route of the application."""
    for route in create_app().routes:
        if not isinstance(route, APIRoute):
            raise TypeError(f"{route!r} is no APIRoute: a mount would pass the login by")
        for method in sorted(route.methods or ()):
            yield method, route.path


def pages(examples: Examples, *, for_operators: bool = True, every_query: bool = True) -> list[str]:
    """The addresses of all pages, below /esep."""
    return [
        filled(f"{path}{query}", examples)
        for path, queries in PAGES.items()
        for query in (queries if every_query else queries[-1:])
        if for_operators or path not in FOR_OPERATORS
    ]


def downloads(examples: Examples) -> list[str]:
    """The addresses of figures as files, which viewers may have too."""
    return [
        filled(path + query, examples)
        for path, query in FILES.items()
        if path.endswith("/download") and path not in FOR_OPERATORS
    ]


def answers(examples: Examples) -> list[str]:
    """The addresses of the API that viewers may ask, too."""
    return [filled(path + query, examples) for path, query in API.items() if path not in FOR_OPERATORS]


def for_operators(examples: Examples) -> Iterator[tuple[str, str]]:
    """Method and address of what a viewer may not see or do."""
    for method, path in routes():
        if method == "POST" or path in FOR_OPERATORS:
            query = PAGES[path][0] if path in PAGES else (FILES | API).get(path, "")
            yield method, filled(path + query, examples)


def every_address(examples: Examples) -> Iterator[tuple[str, str]]:
    """Method and address of every route; raises KeyError for a route without an example."""
    for method, path in routes():
        if path in PAGES and method == "GET":
            yield method, filled(path + PAGES[path][0], examples)
        elif path in FORMS and method == "POST":
            yield method, filled(path, examples)
        else:
            yield method, filled(path + (FILES | API)[path], examples)


def filled(path: str, examples: Examples) -> str:
    """The address of a route, and its query, with an example for each parameter."""
    return "/esep" + _PARAMETER.sub(lambda found: examples.values[found[1]], path)


def of_home(home: Path) -> Examples:
    """Examples from a home of the full demo: a correction, a taxpayer with a long year, a rule that found something."""
    with published.connect(Settings(home=home)) as warehouse:
        number = _first(warehouse, "select max(registration_no) from filing_effect")
        taxpayer = _first(
            warehouse,
            "select taxpayer_id from annual_income where year = 2025 and role = 'miner' "
            "group by taxpayer_id order by count(*) desc, taxpayer_id limit 1",
        )
        pool, month = warehouse.execute(
            "select pool_id, period from filing_calendar where state in ('silent', 'not_filed') order by 2 desc limit 1"
        ).fetchall()[0]
        rows = warehouse.execute(
            "select distinct taxpayer_id, taxpayer_name, "
            "taxpayer_id_state in ('ok', 'lost_zeros') and taxpayer_id[5] in ('4', '5', '6') as is_organisation "
            "from internal.distribution_row where taxpayer_id is not null"
        ).fetchall()
        wallets = warehouse.execute(
            "select distinct wallet from internal.distribution_row where length(wallet) > 20"
        ).fetchall()
    package = next((home / "archive" / number[:4] / number / "package").iterdir()).name
    handed_in = next((home / "inbox" / hand_in.FOLDER).glob("*.json"))
    of_organisations = {name for _, name, is_organisation in rows if is_organisation}
    numbers = {number for number, _, is_organisation in rows if not is_organisation}
    names = {name for _, name, is_organisation in rows if not is_organisation} - of_organisations - {None}
    bare = {_LEGAL_FORM.sub("", name) for name in names}
    personal = numbers | names | bare | {wallet for (wallet,) in wallets}
    values = {
        "number": number,
        "year": "2025",
        "role": "miner",
        "taxpayer_id": taxpayer,
        "rule_id": "R-71",
        "pool_id": pool,
        "month": f"{month:%Y-%m}",
        "path": package,
        "key": handed_in.stem,
        "name": "esep.css",
        "of": "findings",
    }
    return Examples(values, frozenset(personal))


def _first(warehouse: duckdb.DuckDBPyConnection, query: str) -> str:
    rows = warehouse.execute(query).fetchall()
    return str(rows[0][0])
