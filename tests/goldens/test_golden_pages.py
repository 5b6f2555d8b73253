"""Every page for each role in each language: what it says and where it leads, and beside it its markup."""

from __future__ import annotations

from itertools import cycle

import pytest

from esep.texts import LANGUAGES
from goldens import as_text
from goldens.golden import hold, normalised, nothing_else
from goldens.golden_addresses import FILES, FORMS, FURTHER, PAGES, TABLES, name_of, routes
from goldens.golden_pages import ROLES, Asking, head_of

pytestmark = pytest.mark.slow


def test_every_route_is_asked_for() -> None:
    asked = {("GET", path) for path in {*PAGES, *TABLES, *FILES}} | {("POST", path) for path in FORMS}
    assert asked == set(routes())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES[:2])
@pytest.mark.parametrize("path", PAGES)
def test_pages_say_what_they_said(asking: Asking, path: str, role: str, language: str) -> None:
    _hold_page(asking, PAGES[path][0], role, language)


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_other_cases_say_what_they_said(asking: Asking, path: str) -> None:
    for address, (role, language) in zip(PAGES[path][1:], cycle(FURTHER), strict=False):
        _hold_page(asking, address, role, language)


def _hold_page(asking: Asking, address: str, role: str, language: str) -> None:
    answer = asking("GET", address, role, language)
    words, markup = (normalised(read(answer.text)) for read in (as_text.of_html, as_text.markup_of))
    name = f"{name_of(address)}/{role}/{language}"
    hold(f"pages/{name}", f"{head_of(answer)}\n{words}")
    hold(f"markup/{name}", markup)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES[:2])
@pytest.mark.parametrize("path", FORMS)
def test_forms_are_answered_as_they_were(asking: Asking, path: str, role: str, language: str) -> None:
    said = []
    for number, (address, form) in enumerate(FORMS[path]):
        asking.started.clear()
        with_token = form if number == 0 and len(form) == 0 else {**form, "form_token": asking.token}
        answer = asking("POST", address, role, language, with_token)
        page = normalised(as_text.of_html(answer.text))
        said.append(f"# {address} {dict(form)}\n{head_of(answer)}\nstarted: {asking.started}\n{page}")
    hold(f"pages/POST {name_of(path)}/{role}/{language}", "\n\n".join(said))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_is_turned_away(asking: Asking, language: str) -> None:
    told = []
    for method, path in routes():
        address = FORMS[path][0][0] if method == "POST" else {**PAGES, **TABLES, **FILES}[path][0]
        answer = asking(method, address, "stranger", language)
        told.append(f"{method} {address} {head_of(answer)}\n{as_text.of_html(answer.text)}")
    hold(f"pages/stranger/{language}", normalised("\n\n".join(told)))


def test_nothing_else_is_on_record() -> None:
    nothing_else("pages")
    nothing_else("markup")
