"""Letters that are approved and not sent: in the calendar, in `status`, and on the pages of filing and month."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from answers import calendar_office as story
from esep import clock
from esep.answers import calendar, status
from esep.answers.filing_archive import letters
from esep.cli.status import as_plain
from esep.documents import terminal
from esep.documents.model import Block
from esep.office import events
from esep.reports.status_report import report
from esep.texts import LANGUAGES, text
from esep.warehouse import published
from office.outbox_office import OutboxOffice
from supervision.supervised_office import OFFICER, SupervisedOffice
from warehouse.warehouse_office import OTHER_POOL, POOL, moment
from web.page_text import text_of


def printed(blocks: Iterable[Block], language: str) -> str:
    out = io.StringIO()
    terminal.show(blocks, language, Console(file=out, width=400))
    return out.getvalue()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> SupervisedOffice:
    """The calendar's office with two approved letters: a refusal of April, and a reminder of the silent February."""
    office = story.fill(tmp_path_factory.mktemp("approved"), empty_work)
    outbox = OutboxOffice(office.settings.home)
    outbox.letter(f"{story.REFUSED}/R-1", "refusal", date(2025, 4, 21))
    outbox.letter(f"{OTHER_POOL}-2025-02/M-1", "reminder", date(2025, 4, 28), pool_id=OTHER_POOL)
    of_refusal = {"letter_no": f"{story.REFUSED}/R-1", "reason": "checked"}
    office.decide(story.REFUSED, "letter_approved", "2025-04-22 09:00", **of_refusal)
    data = {"letter_no": f"{OTHER_POOL}-2025-02/M-1", "pool_id": OTHER_POOL, "period": "2025-02-01", "reason": "yes"}
    events.append_to_journal(office.settings, "letter_approved", moment("2025-04-29 10:00"), OFFICER, data)
    office.refresh()
    return office


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: story.TODAY)


def test_the_calendar_counts_them_by_pool_and_month(office: SupervisedOffice) -> None:
    with published.connect(office.settings) as connection:
        shown = calendar.calendar(connection, story.TODAY.date(), 2025)
    assert shown.approved == {(POOL, date(2025, 3, 1)): 1, (OTHER_POOL, date(2025, 2, 1)): 1}
    assert shown.approved_totals == (0, 1, 1, *[0] * 9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_status_names_letter_approval_term_and_next_step(office: SupervisedOffice, language: str) -> None:
    with published.connect(office.settings) as connection:
        found = status.status(connection, office.settings, story.TODAY)
    said = printed(report(found, language), language)
    assert f"{text('status.approved_letters', language)}: 2" in said
    assert f"bin/esep decide dispatch {story.REFUSED}/R-1 --channel" in " ".join(said.split())
    assert OFFICER in said
    first, second = as_plain(found)["approved_not_sent"]
    assert first == {
        "letter_no": f"{story.REFUSED}/R-1",
        "approved_at": moment("2025-04-22 09:00"),
        "approved_by": OFFICER,
        "due_on": date(2025, 4, 23),
        "state": "overdue",
    }
    assert second["due_on"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_show_it_as_a_state_of_its_own(
    office: SupervisedOffice, pages: Any, today: None, language: str
) -> None:
    client = pages(office.settings, language=language)
    word = text("state.letter_unsent", language)
    for address in (f"/filing/{story.REFUSED}", f"/silence/{OTHER_POOL}/2025-02"):
        page = client.get(address).text
        assert f'<span class="badge unsent">{word}</span>' in page
        assert text("filing.unsent", language, number=1) in text_of(page).partition("</h1>")[0]
    assert text("filing.unsent", language, number=1) not in client.get(f"/filing/{story.ON_TIME}").text
    shown = client.get("/?year=2025").text
    marker = f'<small class="badge unsent" aria-hidden="true">{text("calendar.unsent", language, number=1)}</small>'
    assert shown.count(marker) == 2
    assert text("calendar.explain_unsent", language) in shown
    listed = client.get("/status").text
    assert f'href="/filing/{story.REFUSED}#decisions"' in listed
    assert text("status.approved_todo", language, letter=f"{OTHER_POOL}-2025-02/M-1") in listed


def test_a_letter_sent_is_not_shown_as_unsent(office: SupervisedOffice, today: None) -> None:
    sent = {"letter_no": f"{story.REFUSED}/R-1", "sent_at": "2025-04-23T10:00:00+05:00", "channel": "post"}
    recorded = events.read(office.folder(story.REFUSED))
    of_filing = letters(office.settings, story.REFUSED, recorded)[0]
    assert [shown.is_approved for shown in of_filing] == [True]
    dispatched = events.Event("dispatched", moment("2025-04-23 11:00"), OFFICER, sent, Path("x"))
    of_filing = letters(office.settings, story.REFUSED, [*recorded, dispatched])[0]
    assert [shown.is_approved for shown in of_filing] == [False]
