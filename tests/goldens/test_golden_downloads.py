"""Every download: figures and lists in each format, role and language, files as they are."""

from __future__ import annotations

import pytest

from esep.texts import LANGUAGES
from goldens import as_text
from goldens.golden import hold, normalised, nothing_else
from goldens.golden_addresses import FILES, FORMATS, OTHER_FORMATS, TABLES, name_of
from goldens.golden_pages import ROLES, Asking, file_name, head_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES[:2])
@pytest.mark.parametrize("path", TABLES)
def test_tables_are_what_they_were(asking: Asking, path: str, role: str, language: str) -> None:
    for address in TABLES[path]:
        for kind in FORMATS:
            if kind != "csv" and (role, language) not in OTHER_FORMATS:
                continue
            join = "&" if "?" in address else "?"
            said = _said(asking, f"{address}{join}format={kind}", role, language)
            hold(f"downloads/{name_of(address)}/{role}/{language}.{kind}", said)


@pytest.mark.parametrize("role", ROLES[:2])
@pytest.mark.parametrize("path", FILES)
def test_files_are_what_they_were(asking: Asking, path: str, role: str) -> None:
    for address in FILES[path]:
        hold(f"downloads/{name_of(address)}/{role}", _said(asking, address, role, "ru"))


def test_nothing_else_is_on_record() -> None:
    nothing_else("downloads")


def _said(asking: Asking, address: str, role: str, language: str) -> str:
    answer = asking("GET", address, role, language)
    if answer.status_code != 200:
        return normalised(f"{head_of(answer)}\n{as_text.of_html(answer.text)}")
    return normalised(f"{head_of(answer)}\n{as_text.of_file(file_name(answer, address), answer.content)}")
