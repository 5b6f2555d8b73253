"""`make screenshots`: pictures of the pages for README and docs/, in docs/screenshots/, from what `make demo` left.

Home is $ESEP_HOME, default var/demo; it is only read. The server is the one of tests/browser/.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from browser import route_examples
from browser.pages_server import NO_BROWSER, chromium, serving
from esep.config import PROJECT

FOLDER = PROJECT / "docs" / "screenshots"
SIZE = {"width": 1280, "height": 720}
MOST_BYTES = 150_000

PICTURES = {
    "calendar.png": ("ru", "/?year=2025"),
    "calendar-kk.png": ("kk", "/?year=2025#months"),
    "filing.png": ("ru", "/filing/{number}"),
    "income.png": ("ru", "/income?year=2025"),
    "obligation.png": ("ru", "/obligation?year=2025"),
    "change.png": ("ru", "/change?taxpayer=160140000371&year=2025&since=2025-11-01&until=2026-02-28"),
    "quality.png": ("ru", "/quality?year=2025"),
}
"""File → language and page below /esep. The reader is a viewer: numbers of persons are masked in pictures too."""


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
    values = route_examples.of_home(home).values
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (
        tempfile.TemporaryDirectory() as airflow_home,
        serving(home, Path(airflow_home)) as server,
        sync_playwright() as playwright,
    ):
        opened = playwright.chromium.launch(executable_path=browser, args=options)
        token = server.token("viewer")
        for name, (language, address) in PICTURES.items():
            context = opened.new_context(viewport=SIZE, locale=language)
            context.add_cookies([{"name": "_token", "value": token, "url": server.url}])
            page = context.new_page()
            whole = f"/esep{address.format_map(values)}"
            answer = page.goto(f"{server.url}{whole}")
            if answer is None or not answer.ok:
                print(f"{whole}: {answer and answer.status}. {page.inner_text('body')[:500]}", file=sys.stderr)
                return 1
            page.screenshot(path=FOLDER / name, animations="disabled", caret="hide")
            context.close()
            size = (FOLDER / name).stat().st_size
            print(f"{name}: {size // 1000} kB" + (", more than a page should load" if size > MOST_BYTES else ""))
        opened.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
