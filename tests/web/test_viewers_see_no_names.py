"""What filers wrote in the wrong column is shown to no viewer, on any page and in any download."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from browser.route_examples import FILES, FOR_OPERATORS, PAGES
from esep.config import Settings
from esep.texts import LANGUAGES
from esep.warehouse import work
from esep.warehouse.masked_values import Pseudonyms, Treatment
from ops.personal_office import PERSON, SECRETS, WALLET, person_row
from warehouse.warehouse_office import MINER, POOL, Office, row

OF_RUNS = ("/run", "/decision")
"""Of runs of Airflow, which is not there."""
_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    """A filing with personal data in every column, and its correction; to be read only."""
    settings = Settings(home=tmp_path_factory.mktemp("viewers") / "home")
    shutil.copytree(empty_work, work.folder(settings))
    made = Office(settings)
    made.prices("2025-01-06,BTC,10,KZT", "2025-01-08,BTC,12,KZT")
    rows = [
        person_row("2025-01-06", "14", asset=WALLET, reward_asset=PERSON, reward="1"),
        person_row("2025-01-06", None, quantity_text=f"спросить {PERSON}"),
        row("2025-01-06", PERSON, "3"),
        row("2025-01-08", WALLET, "4"),
        row("2025-01-08", "BTC", "5"),
    ]
    made.file("2025-02-10", rows)
    moved = [person_row("2025-01-06", None, quantity_text=f"бұрынғысы {WALLET}", asset=PERSON), *rows[2:]]
    made.file("2025-02-20", moved, change_date="2025-02-19")
    made.refresh()
    return made


@pytest.fixture(scope="module")
def viewer(office: Office, pages: Callable[..., TestClient]) -> TestClient:
    return pages(office.settings, operator=False)


def addresses(office: Office) -> list[str]:
    """Every page and download that viewers may ask for, over what there is."""
    numbers = [number for (number,) in office.query("select registration_no from filing order by 1")]
    values = {
        "year": "2025", "role": "miner", "taxpayer_id": MINER, "rule_id": "R-37", "pool_id": POOL,
        "month": "2025-01", "name": "esep.css",
    }  # fmt: skip
    found = []
    for path, queries in {**PAGES, **{path: (query,) for path, query in FILES.items()}}.items():
        if path in FOR_OPERATORS or path.startswith(OF_RUNS):
            continue
        several = {"{of}": ("findings", "filings", "excluded"), "{number}": numbers}
        of, each = next(((name, each) for name, each in several.items() if name in path), ("", ("",)))
        for one in each:
            place = path.replace(of, one) if of else path
            found += [_PARAMETER.sub(lambda part: quote(values[part[1]]), f"{place}{query}") for query in queries]
    return found


def test_no_page_or_download_of_a_viewer_has_a_name_or_a_wallet(office, viewer):
    seen = []
    for address in addresses(office):
        answer = viewer.get(address)
        if answer.status_code != 200:
            continue
        seen.append(address.partition("?")[0])
        shown = unescape(answer.text)
        assert [_around(secret, shown) for secret in SECRETS if secret in shown] == [], address
    assert len(seen) > 30
    for part in ("/rows", "/changes", "/effect", "/income/download", "/obligation/download"):
        assert any(address.endswith(part) for address in seen)


def test_the_report_for_everybody_has_none_either(office, tmp_path):
    from esep.reports import quality_report

    shutil.copytree(office.settings.home, tmp_path / "home")
    settings = Settings(home=tmp_path / "home")
    written = quality_report.write(settings, date(2025, 1, 1), date(2026, 3, 1))
    for language in LANGUAGES:
        html = unescape(written.file(language, "html").read_text(encoding="utf-8"))
        assert [secret for secret in SECRETS if secret in html] == []
        assert html.count("ASSET-") >= 2


def test_an_operator_sees_what_was_written(office, pages):
    text = pages(office.settings).get("/income?year=2025").text
    assert PERSON in text
    assert WALLET in text


def test_a_word_of_a_filer_is_the_pseudonym_of_the_masked_snapshot_and_leads_to_its_rows(office, viewer):
    hidden = {word: Pseudonyms.of(office.settings).of_value(Treatment.ASSET, word) for word in (PERSON, WALLET)}
    page = viewer.get("/income?year=2025").text
    for shown in hidden.values():
        assert f'<option value="{shown}">' in page
    of_miner = f"/income/2025/miner/{MINER}"
    table = pq.read_table(io.BytesIO(viewer.get(f"{of_miner}/rows/download?format=parquet").content))
    assert set(table["asset"].to_pylist()) == {"BTC", *hidden.values()}
    for word, shown in hidden.items():
        rows = pq.read_table(
            io.BytesIO(viewer.get(f"{of_miner}/rows/download?format=parquet&asset={shown}").content)
        ).to_pylist()
        expected = office.query(
            "select quantity from distribution where taxpayer_id = $1 and asset = $2 order by 1", MINER, word
        )
        assert [(one["quantity"],) for one in rows] == expected
        assert len(expected) == 1


def test_asking_for_a_word_does_not_say_whether_a_filer_wrote_it(office, viewer):
    of_miner = f"/income/2025/miner/{MINER}/rows/download?format=csv&asset="
    written, never = (viewer.get(of_miner + quote(word)).content for word in (PERSON, "Ешкім Ешқашан"))
    assert written == never
    assert viewer.get(of_miner + "BTC").content.count(b"\n") == written.count(b"\n") + 1


def _around(words: str, page: str) -> str:
    """Where on a page they stand."""
    place = page.index(words)
    return page[max(0, place - 200) : place + 100]
