"""Each page over ten years of the whole country, asked for by an operator; against one pass over all rows.

Measured on the server: the page's own work, without Airflow's login and without a network.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import national
from measure import Figure, alternating, seconds

PAGES = {
    "calendar": ("/", 1.0),
}
"""Page → its address and the most that its ratio may be."""
TIMES = 5


def figures(cache: Path, work_folder: Path, *, quick: bool) -> Iterator[Figure]:
    """One figure for each page that was looked at before, and one for the slowest first look."""
    os.environ.setdefault("AIRFLOW_HOME", str(work_folder))
    os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
    os.environ.setdefault("AIRFLOW__API__SECRET_KEY", "a secret of the bench")
    settings = national.published(cache, quick=quick)
    from starlette.requests import Request
    from starlette.testclient import TestClient

    from esep.web import access, app, language

    def reader(request: Request) -> access.Reader:
        return access.Reader("bench", True, language.chosen(request), settings)

    application = app.create_app()
    application.dependency_overrides[access.reader] = reader
    with TestClient(application, follow_redirects=False) as client, national.connect(settings) as connection:

        def page(address: str) -> float:
            return seconds(partial(_get, client, address))

        def base() -> float:
            return seconds(lambda: connection.execute(national.BASE).fetchall())

        numbers = {"taxpayer": national.TAXPAYER, "pool": national.POOL, "number": _number(connection)}
        addresses = {name: address.format_map(numbers) for name, (address, _) in PAGES.items()}
        first = {name: page(address) for name, address in addresses.items()}
        for name, address in addresses.items():
            yardstick, warm = alternating(TIMES, base, partial(page, address))
            yield Figure(f"page {name}", national.BASE_NAME, warm, yardstick, PAGES[name][1])
        slowest = max(first, key=first.__getitem__)
        yield Figure(f"first look at a page, the slowest ({slowest})", national.BASE_NAME, first[slowest], base(), None)
