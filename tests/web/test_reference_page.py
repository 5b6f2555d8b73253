"""The reference desk as a page: shown first, accepted by a second form, by operators only."""

from __future__ import annotations

import json
import os
import re
from html import unescape
from pathlib import Path

import pytest

from esep.config import Settings
from esep.texts import text
from esep.warehouse import reference
from esep.warehouse.reference_spec import NAMES
from warehouse.bank_feeds import HTML, USD, by_day
from warehouse.warehouse_office import NOW
from web.page_text import text_of

HEADING = "date,asset,price,currency,source\n"
FIRST = f"{HEADING}2025-01-06,BTC,100,USD,a\n".encode()
JUMP = f"{HEADING}2025-01-07,BTC,200,USD,a\n".encode()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    from esep.web import runs

    monkeypatch.setattr(runs, "announce_reference", lambda: None)
    return Settings(home=tmp_path / "home")


def hidden(page: str, name: str) -> str | None:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found[1]) if found else None


def show(client, *files: tuple[str, bytes], **fields: str):
    token = hidden(client.get("/reference").text, "form_token")
    uploads = [("files", (name, content)) for name, content in files]
    return client.post("/reference/preview", data={"form_token": token or "", **fields}, files=uploads)


def accept(client, page: str):
    return client.post("/reference/accept", data={"proposal": hidden(page, "proposal") or ""})


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_file_is_shown_and_then_accepted_with_its_author(pages, settings, language):
    client = pages(settings, language=language)
    shown = show(client, ("price.csv", FIRST))
    assert shown.status_code == 200
    assert "2025-01-06 BTC" in shown.text
    assert reference.in_force(settings, "price") is None
    answer = accept(client, shown.text)
    assert (answer.status_code, answer.headers["location"]) == (303, "/reference?accepted=price")
    version = reference.in_force(settings, "price")
    assert (version.author, version.row_count) == ("А. Бекова", 1)
    page = client.get(answer.headers["location"]).text
    assert "А. Бекова" in page


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_list_of_unknown_columns_leads_to_the_fields_that_say_them(pages, settings, language):
    """Which file it is, then which heading is which: each answer is the next form, in words of the page."""
    client = pages(settings, language=language)
    content = "Күні;Актив;Құны\n06.01.2025;BTC;90 000,5\n".encode()
    nameless = show(client, ("january.csv", content))
    assert nameless.status_code == 422
    expected = text("reference.handed_unknown_name", language, found="january", expected=", ".join(NAMES))
    assert expected in unescape(nameless.text)
    unmapped = show(client, ("january.csv", content), name="price", adds="yes", note="UTC")
    shown = unescape(unmapped.text)
    assert unmapped.status_code == 422
    assert "--" not in text_of(unmapped.text)
    assert text("reference.page_todo_columns", language, columns=text("reference.page_columns", language)) in shown
    assert '<details class="decision" open>' in shown
    assert re.findall("(?s)<textarea[^>]*>(.*?)</textarea>", shown) == ["date=\nasset=\nprice="]
    assert 'name="adds" value="yes" checked' in shown
    fields = {"name": "price", "columns": "date=Күні\nasset=\nprice=Құны", "currency": "USD"}
    half = show(client, ("january.csv", content), **fields)
    assert text("reference.handed_unsaid", language, name="price", expected="asset") in unescape(half.text)
    assert unescape(re.findall("(?s)<textarea[^>]*>(.*?)</textarea>", half.text)[0]) == fields["columns"]
    fields["columns"] = "date=Күні\nasset=Актив\nprice=Құны"
    undated = show(client, ("january.csv", content), **fields)
    label = text("reference.page_date_format", language)
    assert text("reference.page_todo_dates", language, date_format=label) in unescape(undated.text)
    assert "--" not in text_of(undated.text)
    assert hidden(show(client, ("january.csv", content), **fields, date_format="DD.MM.YYYY").text, "proposal")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_question_is_answered_by_a_mark_of_the_form(pages, settings, language):
    """A page has no options of a command."""
    client = pages(settings, language=language)
    accept(client, show(client, ("price.csv", FIRST)).text)
    asked = show(client, ("price.csv", JUMP), adds="yes")
    assert "--replace" not in asked.text
    assert text("reference.page_replaces", language) in unescape(asked.text)
    meant = text("reference.page_todo_meant", language, replaces=text("reference.page_replaces", language))
    assert meant in unescape(asked.text)  # that it be added was said
    assert hidden(asked.text, "proposal") is None
    assert hidden(show(client, ("price.csv", JUMP), adds="yes", replaces="yes").text, "proposal")


def test_the_banks_xml_and_several_files(pages, settings):
    client = pages(settings)
    shown = show(client, ("a.xml", by_day("06.01.2025", USD)), ("b.xml", by_day("07.01.2025", USD)), day="2025-01-08")
    assert "2025-01-08 was asked for" in shown.text
    assert accept(client, shown.text).status_code == 303
    version = reference.in_force(settings, "exchange_rate")
    record = json.loads(version.path.with_suffix(".json").read_text("utf-8"))
    assert [one["name"] for one in record["files"]] == ["a.xml", "b.xml"]


def test_a_list_is_mapped_in_the_form_and_its_note_kept(pages, settings):
    client = pages(settings)
    content = "Күні;Актив;Құны\n06.01.2025;BTC;90 000,5\n".encode()
    fields = {
        "name": "price",
        "columns": "date=Күні\nasset = Актив\nprice=Құны",
        "currency": "USD",
        "date_format": "DD.MM.YYYY",
        "note": "UTC",
    }
    assert accept(client, show(client, ("january.csv", content), **fields).text).status_code == 303
    version = reference.in_force(settings, "price")
    assert json.loads(version.path.with_suffix(".json").read_text("utf-8"))["note"] == "UTC"
    assert version.mapping["columns"]["price"] == "Құны"


def test_faults_and_questions_have_no_form_to_accept(pages, settings):
    client = pages(settings)
    accept(client, show(client, ("price.csv", FIRST)).text)
    for name, content, words in (
        ("rates.xml", HTML, "not the National Bank"),
        ("price.csv", FIRST.replace(b"100", b"-1"), "not above 0"),
        ("price.csv", JUMP, "lacks days"),
    ):
        shown = show(client, (name, content))
        assert (shown.status_code, hidden(shown.text, "proposal")) == (422, None)
        assert words in unescape(shown.text)
    asked = show(client, ("price.csv", JUMP), adds="yes")
    assert hidden(asked.text, "proposal") is None
    assert "more than 30 %" in asked.text
    answered = show(client, ("price.csv", JUMP), adds="yes", replaces="yes")
    assert accept(client, answered.text).status_code == 303
    assert len(reference.rows_in_force(settings, "price")) == 2


def test_what_changed_meanwhile_is_shown_again(pages, settings):
    client = pages(settings)
    shown = show(client, ("price.csv", FIRST))
    accept(pages(settings, name="Б. Сейіт"), show(pages(settings, name="Б. Сейіт"), ("price.csv", FIRST)).text)
    answer = accept(client, shown.text)
    assert (answer.status_code, reference.version_count(settings, "price")) == (409, 1)
    assert "Another version was accepted meanwhile" in answer.text


def test_the_same_bytes_again_change_nothing(pages, settings):
    client = pages(settings)
    shown = show(client, ("price.csv", FIRST))
    accept(client, shown.text)
    again = show(client, ("price.csv", FIRST))
    assert hidden(again.text, "proposal") is None
    assert "nothing new" in again.text
    assert accept(client, shown.text).status_code == 409  # sent twice
    assert reference.version_count(settings, "price") == 1


def test_what_waits_goes_after_a_day(pages, settings):
    client = pages(settings)
    shown = show(client, ("price.csv", FIRST))
    (waiting,) = (settings.reference / ".waiting").iterdir()
    os.utime(waiting, (0, 0))
    show(client, ("price.csv", JUMP))
    answer = accept(client, shown.text)
    assert (answer.status_code, "Hand it in again" in answer.text) == (410, True)
    assert [file for file in reference.accept(settings, NOW) if file.state != "missing"] == []


def test_what_another_form_has_just_removed_holds_up_no_preview(pages, settings):
    client = pages(settings)
    show(client, ("price.csv", FIRST))
    waiting = settings.reference / ".waiting"
    (waiting / f"{'0' * 64}.zip").symlink_to("gone")  # listed, and not there any more
    assert accept(client, show(client, ("price.csv", FIRST)).text).status_code == 303


def test_no_file_unknown_names_and_too_much(pages, settings):
    client = pages(settings)
    assert show(client).status_code == 422
    answer = show(client, ("march.csv", FIRST))
    assert (answer.status_code, "say which one it is" in answer.text) == (422, True)
    from esep.web.routes.reference import LARGEST

    answer = client.post("/reference/preview", content=b"x", headers={"content-length": str(LARGEST + 1)})
    assert answer.status_code == 413


def test_rights_and_signatures(pages, settings):
    viewer = pages(settings, operator=False)
    assert viewer.get("/reference").status_code == 200
    assert "<form method" not in viewer.get("/reference").text
    assert show(viewer, ("price.csv", FIRST)).status_code == 403
    client = pages(settings)
    proposal = hidden(show(client, ("price.csv", FIRST)).text, "proposal")
    assert viewer.post("/reference/accept", data={"proposal": proposal}).status_code == 403
    other = pages(settings, name="Б. Сейіт")
    assert other.post("/reference/accept", data={"proposal": proposal}).status_code == 403
    assert client.post("/reference/accept", data={"proposal": proposal[:-2]}).status_code == 403
    assert client.post("/reference/accept").status_code == 403
    sent = {"form_token": "x"}
    assert client.post("/reference/preview", data=sent, files=[("files", ("price.csv", FIRST))]).status_code == 403
    assert reference.in_force(settings, "price") is None


def test_names_of_files_are_shown_as_text_only(pages, settings):
    name = "price<img src=x>.csv"
    answer = show(pages(settings), (name, FIRST), name="price")
    assert answer.status_code == 200
    assert "<img src=x>" not in answer.text
