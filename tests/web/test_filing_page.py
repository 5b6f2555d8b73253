"""The filing's pages as operators and viewers see them, in three languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from answers import filing_office as story
from answers.filing_office import copied, filled
from esep.clock import TIMEZONE
from esep.office import archive
from esep.texts import LANGUAGES
from warehouse.warehouse_office import MINER, OTHER_MINER, POOL, Office
from web.page_text import section, text_of

NUMBERS = (story.FIRST, story.CORRECTION, story.REFUSED, story.WAITING, story.UNLOADED)
SECRET = (story.PERSON, story.PERSON_NAME, story.WALLET, "61211600012")
"""What a viewer must never see."""


@pytest.fixture(scope="module")
def filing_office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    return filled(tmp_path_factory.mktemp("filings"), empty_work)


@pytest.fixture(scope="module")
def operator(filing_office, pages):
    return pages(filing_office.settings)


@pytest.fixture(scope="module")
def viewer(filing_office, pages):
    return pages(filing_office.settings, operator=False)


def page(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def test_the_head_says_state_pool_month_and_lateness(operator):
    reported = text_of(page(operator, f"/filing/{story.REFUSED}"))
    assert f"Filing {story.REFUSED} further consideration refused" in reported
    assert "ТОО «Пул Алатау»" in reported
    assert "BIN 230640000008" in reported
    assert "February 2025" in reported
    # Due on Tuesday 25 March 2025, a day off (Nauryz is moved to 24-25 March): Wednesday 26 March. It came on the 20th.
    assert "2025-03-26" in reported
    assert "in time" in reported


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_in_every_language(filing_office, pages, number, language):
    for is_operator in (True, False) if language == "kk" else (True,):
        client = pages(filing_office.settings, operator=is_operator, language=language)
        reported = page(client, f"/filing/{number}")
        assert f'<html lang="{language}">' in reported
        assert number in text_of(reported)
        assert reported.count("<h1") == 1
        assert not re.search(r"style=|<script|onclick", reported)
        labels = set(re.findall(r'<label for="([^"]+)"', reported))
        fields = set(re.findall(r'<(?:input|select|textarea) id="([^"]+)"', reported)) - {"find"}
        assert fields <= labels
        for table in re.findall(r"<table>.*?</table>", reported, re.DOTALL):
            assert "<caption>" in table
            assert 'scope="col"' in table


def test_versions_lead_to_each_other(operator):
    reported = page(operator, f"/filing/{story.CORRECTION}")
    assert f'href="/filing/{story.FIRST}"' in reported
    versions = section(reported, "versions")
    assert f"{story.FIRST} new" in versions
    assert f"correction replaces: {story.FIRST}" in versions
    assert "changed on 2025-02-24, 10 working days (para 6)" in versions
    assert "2025-03-11" in versions


def test_findings_stand_by_rule_with_place_and_advice(operator):
    reported = page(operator, f"/filing/{story.FIRST}")
    findings = section(reported, "findings")
    assert "R-65 warning This wallet is stated for several taxpayers" in findings
    assert "para 10, Annex 2, column 5" in findings
    assert "Suggested action Please check whose wallet it is and correct the cell if this is a mistake." in findings
    assert "R-36 warning" in findings
    assert "set aside until 2099-12-31" in findings
    assert "А. Бекова" in findings
    assert "хат К-12" in findings
    assert "F11 , column 5" in findings  # the workbook's table begins in column B
    assert f"/filing/{story.FIRST}/rows?sheet=1-%D0%A6%D0%9C&amp;row=13&amp;file=1-%D0%A6%D0%9C.xlsx" in reported


def test_many_findings_are_shown_in_part_and_counted_whole(operator):
    reported = section(page(operator, f"/filing/{story.REFUSED}"), "findings")
    assert f"× {story.INCOMPLETE_ROWS}" in reported
    assert f"The first 5 of {story.INCOMPLETE_ROWS} places" in reported
    assert "row 15" in reported
    assert "row 16" not in reported
    listed = text_of(page(operator, f"/filing/{story.REFUSED}/findings?rule=C-42"))
    assert "row 22" in listed
    assert "Nothing was found" in text_of(page(operator, f"/filing/{story.REFUSED}/findings?rule=R-99"))


def test_the_row_that_was_asked_for_is_marked(operator):
    reported = page(operator, f"/filing/{story.FIRST}/rows?sheet=1-ЦМ&row=13")
    (marked,) = re.findall(r'<tr id="asked".*?</tr>', reported, re.DOTALL)
    assert text_of(marked).startswith("13 3 B13")
    assert "the number cannot be read, left out сколько-то" in text_of(marked)
    assert "I13" in text_of(marked)
    assert "Row 5 of sheet “1-ЦМ” holds no data" in text_of(
        page(operator, f"/filing/{story.FIRST}/rows?sheet=1-ЦМ&row=5")
    )


def test_the_effect_of_a_correction_in_tenge_and_units(operator):
    reported = section(page(operator, f"/filing/{story.CORRECTION}"), "figures")
    assert "Income of miners +290,000.00" in reported
    assert f"{OTHER_MINER} BTC +4 +240,000.00 0.00 → 240,000.00" in reported
    assert "changed: 2" in reported
    assert "сколько-то 4" in reported
    for address in ("effect", "changes"):
        assert story.PERSON in text_of(page(operator, f"/filing/{story.CORRECTION}/{address}"))
    assert f'href="/income/2025/miner/{OTHER_MINER}"' in page(operator, f"/filing/{story.CORRECTION}/effect")


def test_letters_and_events_are_reported(operator):
    reported = page(operator, f"/filing/{story.REFUSED}")
    letters = section(reported, "letters")
    assert f"{story.REFUSED}/R-1 reasoned refusal (para 8) 2025-03-21" in letters
    assert "2025-03-22 10:30, post А. Бекова; RR123; a@example.kz" in letters
    assert f"Letter {story.REFUSED}/R-1 sent 2025-03-22 10:30: post" in section(reported, "events")
    assert "refusal 2025-000003/R-1 sent (para 8)" in section(reported, "versions")


def test_texts_of_strangers_are_harmless(operator):
    reported = page(operator, f"/filing/{story.FIRST}/rows")
    assert "<script>" not in reported
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in reported
    assert "\u202e" not in reported
    assert "[U+202E]" in reported


@pytest.mark.parametrize("part", ["", "/rows", "/findings", "/effect", "/changes"])
@pytest.mark.parametrize("number", [story.FIRST, story.CORRECTION])
def test_a_viewer_sees_no_personal_data(viewer, operator, number, part):
    reported = page(viewer, f"/filing/{number}{part}")
    plain = reported.replace("<wbr>", "")
    assert [secret for secret in SECRET if secret in plain] == []
    assert "/file/" not in reported
    if number == story.CORRECTION and part in ("/effect", "/changes", "/rows"):
        assert OTHER_MINER in plain  # a BIN is not personal
        assert story.PERSON in page(operator, f"/filing/{number}{part}").replace("<wbr>", "")


def test_a_viewer_sees_that_there_is_a_fault_and_where(viewer, operator):
    reported = section(page(viewer, f"/filing/{story.FIRST}"), "findings")
    assert "R-65 warning This wallet is stated for several taxpayers: … It was first stated" in reported
    assert "F11 , column 5" in reported
    assert "hidden hidden" in reported
    assert "сколько-то" not in reported  # words where a quantity belongs may be anything
    assert "сколько-то" in section(page(operator, f"/filing/{story.FIRST}"), "findings")
    assert "Operators decide." in section(page(viewer, f"/filing/{story.FIRST}"), "decisions")


def test_a_filing_that_is_not_loaded_is_reported_from_the_archive(operator):
    reported = text_of(page(operator, f"/filing/{story.UNLOADED}"))
    assert "the warehouse does not show it yet" in reported
    assert "Not examined yet." in reported
    assert "1-ЦМ.xlsx" in reported


def test_its_findings_lead_to_its_page_until_it_is_loaded(operator):
    """The page of letters links to them as soon as a refusal is written, which may be before the warehouse is made."""
    answer = operator.get(f"/filing/{story.UNLOADED}/findings", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/filing/{story.UNLOADED}")
    assert operator.get("/filing/2099-000001/findings", follow_redirects=False).status_code == 404


def test_without_a_warehouse_the_archive_still_tells(tmp_path, pages):
    office = Office(story.Settings(home=tmp_path))
    number = office.register("2025-02-20")
    office.examine(number, [])
    reported = text_of(page(pages(office.settings), f"/filing/{number}"))
    assert "About the warehouse: No warehouse has been published yet. Run the DAGs" in reported
    assert str(tmp_path) not in reported
    assert POOL in reported


def test_a_damaged_archive_is_reported(filing_office, tmp_path, pages):
    office = copied(filing_office, tmp_path)
    (office.folder(story.FIRST) / "receipt.json").write_text("{")
    (office.folder(story.UNLOADED) / "receipt.json").write_text("[]")
    place = f"archive/{story.FIRST[:4]}/{story.FIRST}/receipt.json"
    for is_operator in (True, False):
        client = pages(office.settings, operator=is_operator)
        reported = text_of(page(client, f"/filing/{story.FIRST}"))
        assert f"A file of the archive cannot be read; restore it from a backup. {place}" in reported
        assert "superseded" in reported
        assert str(tmp_path) not in reported
        assert "JSONDecodeError" not in reported
        assert "restore it from a backup" in text_of(page(client, f"/filing/{story.UNLOADED}"))


def test_a_damaged_letter_is_reported_by_its_place(filing_office, tmp_path, pages):
    office = copied(filing_office, tmp_path)
    path = office.settings.outbox / story.REFUSED / "status-R-2.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{")
    reported = text_of(page(pages(office.settings), f"/filing/{story.REFUSED}"))
    assert "A letter's status file cannot be read; restore it from a backup or move it away." in reported
    assert path.relative_to(office.settings.home).as_posix() in reported
    assert str(tmp_path) not in reported


def test_a_damaged_warehouse_is_reported_without_its_place(filing_office, tmp_path, pages):
    office = copied(filing_office, tmp_path)
    office.settings.snapshot.write_bytes(b"no database")
    for address, status in (("/", 503), (f"/filing/{story.FIRST}", 200)):
        reported = text_of(page(pages(office.settings), address, status))
        assert "The warehouse cannot be opened" in reported
        assert str(tmp_path) not in reported
        assert "Error" not in reported


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/filing/2025-009999", 404),
        ("/filing/2025-17", 422),
        ("/filing/2025-000001'--", 422),
        ("/filing/2025-009999/rows", 404),
        (f"/filing/{story.FIRST}/rows?page=0", 422),
        (f"/filing/{story.FIRST}/rows?row=x", 422),
        (f"/filing/{story.FIRST}/findings?rule=1", 422),
        ("/silence/230640000008/2025-13", 422),
        ("/silence/230640000008/2020-01", 404),
        ("/silence/940140000385/2025-03", 404),
    ],
)
def test_what_is_not_there_is_said_in_words(operator, address, status):
    reported = page(operator, address, status)
    assert "<h1>" in reported
    assert "Traceback" not in reported


def test_a_page_beyond_the_last_is_the_last(operator):
    last, beyond = (text_of(page(operator, f"/filing/{story.FIRST}/rows{query}")) for query in ("", "?page=99"))
    assert "сколько-то" in beyond
    assert beyond == last


class TestFiles:
    def test_the_package_is_given_as_received_and_never_rendered(self, operator, filing_office):
        answer = operator.get(f"/filing/{story.FIRST}/file/package?path={story.FORM}")
        assert answer.content == (filing_office.folder(story.FIRST) / "package" / story.FORM).read_bytes()
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]

    def test_a_letter_opens_in_the_browser_and_what_goes_with_it_is_saved(self, operator):
        letter = operator.get(f"/filing/{story.REFUSED}/file/outbox/refusal.pdf")
        assert letter.content == b"2025-000003/R-1 refusal.pdf"
        assert letter.headers["content-type"] == "application/pdf"
        assert letter.headers["content-disposition"].startswith("inline;")
        book = operator.get(f"/filing/{story.REFUSED}/file/outbox/findings.xlsx")
        assert book.headers["content-disposition"].startswith("attachment;")
        of_month = operator.get(f"/silence/{POOL}/2025-03/file/reminder.pdf")
        assert of_month.content == f"{POOL}-2025-03/M-1 reminder.pdf".encode()

    @pytest.mark.parametrize(
        "address",
        [
            f"/filing/{story.FIRST}/file/package?path={story.FORM}",
            f"/filing/{story.REFUSED}/file/outbox/refusal.pdf",
            f"/silence/{POOL}/2025-03/file/reminder.pdf",
        ],
    )
    def test_a_viewer_gets_none(self, viewer, address):
        assert viewer.get(address).status_code == 403

    @pytest.mark.parametrize(
        "path",
        [
            "package?path=../receipt.json",
            "package?path=%2e%2e/receipt.json",
            "package?path=..%2f..%2f2025-000003%2freceipt.json",
            "package?path=%2fetc%2fpasswd",
            "package?path=none.xlsx",
            "package",
            "outbox/..%2f2025-000003%2frefusal.pdf",
            "outbox/none.pdf",
        ],
    )
    def test_no_path_leads_out(self, operator, path):
        answer = operator.get(f"/filing/{story.FIRST}/file/{path}")
        assert answer.status_code == 404
        assert "There is no such" in answer.text


class TestSilence:
    def test_the_month_is_a_question_with_its_facts(self, operator):
        reported = page(operator, f"/silence/{POOL}/2025-03")
        assert "March 2025: nothing was filed silent" in text_of(reported)
        assert "arose on 2025-04-26 overdue to be decided by 2025-05-02" in text_of(reported)
        assert "Were there distributions in March 2025?" in text_of(reported)
        assert "letter, PDF" in reported
        assert f'action="/silence/{POOL}/2025-03"' in reported
        assert page(operator, f"/silence/{POOL}/2025-03-01")

    def test_a_month_with_a_filing_has_no_form(self, operator):
        reported = page(operator, f"/silence/{POOL}/2025-02")
        assert story.REFUSED in reported
        assert 'name="decision"' not in reported

    def test_a_viewer_sees_the_facts_and_no_form(self, viewer):
        reported = page(viewer, f"/silence/{POOL}/2025-03")
        assert "Operators decide." in reported
        assert "form_token" not in reported

    def test_a_number_that_may_be_a_persons_is_no_viewers_business(self, viewer, operator):
        assert page(viewer, f"/silence/{story.PERSON}/2025-03", 403)
        assert page(operator, f"/silence/{story.PERSON}/2025-03", 404)


def test_moments_are_local(operator):
    assert story.moment("2025-02-20 10:15").tzinfo is TIMEZONE
    assert "2025-02-20 10:15" in section(page(operator, f"/filing/{story.FIRST}"), "receipt")


def test_a_bin_that_is_not_personal_is_linked_for_viewers(viewer):
    assert MINER not in SECRET
    assert f'href="/income/2025/miner/{OTHER_MINER}"' in page(viewer, f"/filing/{story.CORRECTION}/effect")


def test_the_footer_of_the_form_is_for_operators(filing_office, operator, viewer):
    """The executor's telephone beside the pool's, as the last examination read them."""
    contacts = {"file": "1-ЦМ.xlsx", "sheet": "1-ЦМ", "phone": "+7 7172 1", "executor_phone": "+7 701 2", "head": None}
    folder = archive.entry(filing_office.settings, story.WAITING).folder
    (folder / "verdict.json").write_text(json.dumps({"contacts": [contacts]}), encoding="utf-8")
    reported = text_of(page(operator, f"/filing/{story.WAITING}"))
    assert "Telephone of the pool: +7 7172 1 Telephone of the executor: +7 701 2" in reported
    assert "+7 701 2" not in page(viewer, f"/filing/{story.WAITING}")
    (folder / "verdict.json").unlink()
