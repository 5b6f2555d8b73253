"""`make screenshots`: pictures of the pages for README and docs/, in docs/screenshots/, from what `make demo` left.

Home is $ESEP_HOME, default var/demo; it is only read. The server is the one of tests/browser/.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from browser.pages_server import NO_BROWSER, chromium, serving
from esep.config import PROJECT, Settings
from esep.warehouse import calls, published

FOLDER = PROJECT / "docs" / "screenshots"
LAPTOP: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_BYTES = 150_000

OF_VIEWERS = {
    "calendar.png": ("ru", "/?year=2025"),
    "calendar-kk.png": ("kk", "/?year=2025#months"),
    "filing.png": ("ru", "/filing/{number}"),
    "income.png": ("ru", "/income?year=2025"),
    "obligation.png": ("ru", "/obligation?year=2025"),
    "change.png": ("ru", "/change?taxpayer=160140000371&year=2025&since=2025-11-01&until=2026-02-28"),
    "quality.png": ("ru", "/quality?year=2025"),
}
"""File → language and page below /esep. The reader is a viewer: numbers of persons are masked in pictures too."""
OF_OPERATORS = {
    "due": "/due",
    "letters": "/letters",
    "questions": "/questions",
    "events": "/events",
    "hand-in": "/hand-in",
    "reference": "/reference",
}
"""File → page that viewers do not get, or see less of; each as wide as a laptop and as a telephone, in Russian."""


def pictures() -> Iterator[tuple[str, str, str, str, ViewportSize]]:
    """File, user, language, page and size of each picture."""
    for name, (language, address) in OF_VIEWERS.items():
        yield name, "viewer", language, address, LAPTOP
    for name, address in OF_OPERATORS.items():
        yield f"{name}.png", "op", "ru", address, LAPTOP
        yield f"{name}-phone.png", "op", "ru", address, PHONE


def main() -> int:
    browser = chromium()
    if browser is None:
        print(NO_BROWSER, file=sys.stderr)
        return 1
    home = Path(os.environ.get("ESEP_HOME") or PROJECT / "var" / "demo").resolve()
    if not (home / ".esep-demo").is_file():
        print(f"{home} is no demo. Run `make demo` first, and unset ESEP_HOME.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with published.connect(Settings(home=home)) as warehouse:
        number = calls.value(warehouse, "max(registration_no)", "from filing_effect")
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (
        tempfile.TemporaryDirectory() as airflow_home,
        serving(home, Path(airflow_home)) as server,
        sync_playwright() as playwright,
    ):
        opened = playwright.chromium.launch(executable_path=browser, args=options)
        tokens = {user: server.token(user) for user in ("viewer", "op")}
        for name, user, language, address, size in pictures():
            context = opened.new_context(viewport=size, locale=language)
            context.add_cookies([{"name": "_token", "value": tokens[user], "url": server.url}])
            page = context.new_page()
            whole = f"/esep{address.format(number=number)}"
            answer = page.goto(f"{server.url}{whole}")
            if answer is None or not answer.ok:
                print(f"{whole}: {answer and answer.status}. {page.inner_text('body')[:500]}", file=sys.stderr)
                return 1
            page.screenshot(path=FOLDER / name, animations="disabled", caret="hide")
            context.close()
            taken = (FOLDER / name).stat().st_size
            print(f"{name}: {taken // 1000} kB" + (", more than a page should load" if taken > MOST_BYTES else ""))
        opened.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
