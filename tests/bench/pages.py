"""Each page over ten years of the whole country, asked for by an operator; against a sum over all rows.

Measured on the server: the page's own work, without Airflow's login and without a network.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import national
from measure import Figure, alternating, seconds
from starlette.requests import Request

PAGES = {
    "calendar": ("/", 5.0),
    "calendar of a year": ("/?year=2025", 5.0),
    "due": ("/due", 3.0),
    "questions": ("/questions?show=all", 3.0),
    "status": ("/status", 3.0),
    "letters": ("/letters", 3.0),
    "filing": ("/filing/{number}", 4.0),
    "rows of a filing": ("/filing/{number}/rows", 2.0),
    "findings of a filing": ("/filing/{number}/findings", 3.0),
    "effect of a filing": ("/filing/{number}/effect", 3.0),
    "income": ("/income?year=2025", 9.0),
    "income of a taxpayer": ("/income/2025/miner/{taxpayer}", 9.0),
    "income known on a day": ("/income/2025/miner/{taxpayer}?known_on=2025-07-01", 13.0),
    "rows of a taxpayer": ("/income/2025/miner/{taxpayer}/rows", 8.0),
    "obligation": ("/obligation?year=2025", 9.0),
    "obligation of a taxpayer": ("/obligation/2025/miner/{taxpayer}", 6.0),
    "change": ("/change?year=2025&since=2025-05-01&until=2025-08-31", 17.0),
    "change of a taxpayer": ("/change?year=2025&since=2025-05-01&until=2025-08-31&taxpayer={taxpayer}", 11.0),
    "quality": ("/quality?year=2025", 14.0),
    "findings of a year": ("/quality/findings?year=2025", 3.0),
    "rules": ("/rules", 2.0),
    "reconciliation": ("/reconciliation", 9.0),
    "search": ("/find?what=Майнер", 6.0),
}
"""Page → its address and the most that its ratio may be."""
TIMES = 3


def figures(cache: Path, work_folder: Path, *, quick: bool) -> Iterator[Figure]:
    """One figure for each page that was looked at before, and one for the slowest first look."""
    os.environ.setdefault("AIRFLOW_HOME", str(work_folder))
    os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
    os.environ.setdefault("AIRFLOW__API__SECRET_KEY", "a secret of the bench")
    settings = national.published(cache, quick=quick)
    from starlette.testclient import TestClient

    from esep.web import access, app, language

    logging.disable(logging.INFO)  # the client tells every request

    def reader(request: Request) -> access.Reader:
        return access.Reader("bench", True, language.chosen(request), settings)

    application = app.create_app()
    application.dependency_overrides[access.reader] = reader
    with TestClient(application, follow_redirects=False) as client, national.connect(settings) as connection:

        def page(address: str) -> float:
            return seconds(partial(_get, client, address))

        def base() -> float:
            return seconds(lambda: connection.execute(national.BASE).fetchall())

        numbers = {"taxpayer": national.TAXPAYER, "number": _number(connection)}
        addresses = {name: address.format_map(numbers) for name, (address, _) in PAGES.items()}
        first = {name: page(address) for name, address in addresses.items()}
        for name, address in addresses.items():
            yardstick, warm = alternating(TIMES, base, partial(page, address))
            limit = None if quick else PAGES[name][1]
            yield Figure(f"page {name}", national.BASE_NAME, warm, yardstick, limit)
        slowest = max(first, key=first.__getitem__)
        yield Figure(f"first look at a page, the slowest ({slowest})", national.BASE_NAME, first[slowest], base(), None)


def _get(client: Any, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}. {answer.text[:500]}")


def _number(connection: duckdb.DuckDBPyConnection) -> str:
    """The last filing of the middle of the last year."""
    found = connection.execute("select max(registration_no) from filing where period = '2025-06-01'").fetchone()
    return str(found and found[0])
