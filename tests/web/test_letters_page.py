"""The page Letters: its lists, what a decision about the ticked letters would do, and that it makes one run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from answers import calendar_office as story
from esep import clock
from esep.office import dispatches, events, letter_batch
from esep.office.letter_state import decision, decisions
from esep.orchestration import decision as work
from esep.texts import LANGUAGES, text
from office.outbox_office import OutboxOffice
from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import OTHER_POOL, moment
from web.page_text import text_of

OFFICER, COLLEAGUE = "А. Бекова", "Б. Серік"
REFUSAL, NOTICE, HOSTILE = f"{story.REFUSED}/R-1", f"{story.LATE}/N-1", f"{story.UNLISTED_POOL}-2025-04/N-1"
APPROVED, SENT = f"{story.LATE}/N-2", f"{story.LATE}/N-3"
MARKUP = "<b>Пул</b> \u202e & co"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> SupervisedOffice:
    """A refusal of Monday 21 April (due the 23rd) and two notices wait, a notice is approved, one was sent."""
    office = story.fill(tmp_path_factory.mktemp("letters"), empty_work)
    outbox = OutboxOffice(office.settings.home)
    outbox.letter(REFUSAL, "refusal", date(2025, 4, 21))
    for letter_no in (NOTICE, APPROVED, SENT):
        outbox.letter(letter_no, "notice", date(2025, 5, 5))
    outbox.letter(HOSTILE, "notice", date(2025, 5, 5), pool_name=MARKUP)
    dispatches.approve_letter(office.settings, APPROVED, "checked", COLLEAGUE, moment("2025-05-05 15:00"))
    sent = moment("2025-05-05 16:00")
    dispatches.record_dispatch(office.settings, SENT, "post", sent, "RR123", COLLEAGUE, sent)
    office.refresh()
    return office


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: story.TODAY)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, str]]]:
    """The runs that pages start and the steps that they close, without Airflow."""
    from esep.orchestration import dispatch
    from esep.web import required_actions, runs

    found: list[dict[str, str]] = []

    def start(conf: dict[str, str], user: str) -> str:
        found.append({**conf, "user": user})
        return "a run"

    def close(numbers: list[str], option: str, reason: str, name: str) -> list[str]:
        found[-1]["closed"] = f"{option}: {' '.join(numbers)} ({reason}, {name})"
        return []

    monkeypatch.setattr(runs, "start_decision", start)
    monkeypatch.setattr(required_actions, "close_letters", close)
    monkeypatch.setattr(dispatch, "has_mail", lambda: True)
    return found


def numbers(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]*#letters">([^<]*)</a>', page)


def preview(client: Any, letters: list[str], action: str, name: str = OFFICER, **fields: Any) -> Any:
    from esep.web import access

    form = {"form_token": access.form_token(name), "letter": letters, "action": action, **fields}
    return client.post("/letters/preview", data=form)


def confirm(client: Any, page: str) -> Any:
    chosen = re.search(r'name="chosen" value="([^"]*)"', page)
    assert chosen
    return client.post("/letters/decide", data={"chosen": chosen[1]})


def test_the_lists_have_each_letter_where_it_stands(office, pages):
    client = pages(office.settings)
    waiting = client.get("/letters").text
    assert numbers(waiting) == [REFUSAL, NOTICE, HOSTILE]
    assert numbers(client.get("/letters?show=approved").text) == [APPROVED]
    sent = client.get("/letters?show=sent").text
    assert numbers(sent) == [SENT]
    assert "2025-05-05 16:00 post" in text_of(sent)
    assert "RR123" in sent
    for page in (waiting, sent):
        assert "wait for approval (3) approved, not sent (1) sent in the last 30 days (1)" in text_of(page)
    assert f'href="/filing/{story.REFUSED}/file/outbox/refusal.pdf"' in waiting
    assert f'href="/filing/{story.REFUSED}/file/outbox/findings.xlsx"' in waiting
    assert f'href="/filing/{story.REFUSED}/findings"' in waiting
    assert f'href="/silence/{story.UNLISTED_POOL}/2025-04/file/notice.docx"' in waiting
    assert "status" not in " ".join(re.findall(r"/file/[^\"]*", waiting))
    rows = re.findall(r"<tr>\s*<td class=\"tick\">.*?</tr>", waiting, re.DOTALL)
    assert ['class="badge bad"' in row for row in rows] == [True, False, False]


def test_a_decision_of_a_moment_ago_counts_before_it_is_loaded(office, pages, tmp_path):
    from answers.filing_office import copied

    fresh = copied(office, tmp_path)
    letter_batch.approve(fresh.settings, [NOTICE], "checked", OFFICER, story.TODAY)
    client = pages(fresh.settings)
    assert numbers(client.get("/letters").text) == [REFUSAL, HOSTILE]
    assert numbers(client.get("/letters?show=approved").text) == [NOTICE, APPROVED]


def test_a_hostile_name_is_harmless_and_a_damaged_letter_is_named(office, pages, tmp_path):
    from answers.filing_office import copied

    fresh = copied(office, tmp_path)
    assert "<b>Пул</b>" not in pages(fresh.settings).get("/letters").text
    (fresh.settings.outbox / story.REFUSED / "status.json").write_text("{")
    answer = pages(fresh.settings).get("/letters")
    assert answer.status_code == 200
    assert f"outbox/{story.REFUSED}/status.json" in answer.text
    assert str(fresh.settings.home) not in answer.text
    assert numbers(answer.text) == [NOTICE, HOSTILE]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_comes_in_every_language_without_style_or_script(office, pages, started, language):
    client = pages(office.settings, language=language)
    shown = [client.get(f"/letters?show={name}").text for name in ("waiting", "approved", "sent")]
    shown.append(preview(client, [REFUSAL, SENT], "approve").text)
    for page in shown:
        assert f'lang="{language}"' in page
        assert not re.search(r"<script|style=|\{\{|\{[a-z_]+\}", page)
    assert text("letters.by_mail", language, to="pool@example.kz") in shown[-1]


def test_viewers_have_neither_page_nor_link(office, pages, started):
    viewer = pages(office.settings, operator=False)
    assert viewer.get("/letters").status_code == 403
    assert preview(viewer, [REFUSAL], "approve").status_code == 403
    assert viewer.post("/letters/decide", data={"chosen": "x"}).status_code == 403
    assert 'href="/letters"' not in viewer.get("/").text + viewer.get("/status").text
    operator = pages(office.settings)
    assert all('href="/letters"' in operator.get(address).text for address in ("/", "/status"))
    assert started == []


def test_the_preview_says_truthfully_what_an_approval_does(office, pages, started, monkeypatch):
    from esep.orchestration import dispatch

    client = pages(office.settings)
    ticked = [REFUSAL, SENT, "2025-000099/R-1", "<x>"]
    page = preview(client, ticked, "approve", reason="read").text
    assert numbers(page) == [REFUSAL]
    assert "Leaves by e-mail with its enclosures, to pool@example.kz" in text_of(page)
    assert "Left out: 3" in text_of(page)
    assert f"{SENT}: the letter was sent on 2025-05-05 16:00" in text_of(page)
    assert "2025-000099/R-1: 2025-000099/R-1: there is no such letter." in text_of(page)
    monkeypatch.setattr(dispatch, "has_mail", lambda: False)
    assert "no mail server is connected" in preview(client, ticked, "approve").text
    monkeypatch.setattr(dispatch, "has_mail", lambda: True)
    of_unlisted = text_of(preview(client, [HOSTILE], "approve").text)
    assert "Does not leave by itself: the pool's e-mail address is not known." in of_unlisted
    assert started == []


def test_all_letters_of_the_page_are_ticked_at_once(office, pages, started):
    page = preview(pages(office.settings), [], "return", reason="wrong", every="yes", listed=[REFUSAL, NOTICE]).text
    assert numbers(page) == [REFUSAL, NOTICE]


POST = {"channel": "post", "proof": "RR1", "sent_at": "2025-05-06T09:00"}
RIGHT = [
    ("approve", {"reason": " read "}, "approve_letter", "Approve"),
    ("approve", {}, "approve_letter", "Approve"),
    ("return", {"reason": "wrong"}, "return_letter", "Reject"),
    ("dispatch", POST, "record_dispatch", None),
]


@pytest.mark.parametrize(("action", "fields", "chosen", "option"), RIGHT)
def test_what_was_confirmed_is_one_run_that_records_each_letter_once(
    office, pages, started, tmp_path, action, fields, chosen, option
):
    from answers.filing_office import copied

    fresh = copied(office, tmp_path)
    client = pages(fresh.settings)
    shown = preview(client, [NOTICE, REFUSAL, SENT], action, **fields).text
    assert started == [], "nothing before it is confirmed"
    for _ in range(2):
        answer = confirm(client, shown)
        assert (answer.status_code, answer.headers["location"]) == (303, "/decision?run_id=a%20run")
    run = started[0]
    assert (run["decision"], run["letter_no"], run["user"]) == (chosen, f"{NOTICE} {REFUSAL}", OFFICER)
    assert (run.get("closed") or "").partition(":")[0] == (option or "")
    reason = fields.get("reason", "").strip() or run.get("reason", "")
    assert option is None or f"({reason}, {OFFICER})" in run["closed"]
    for run in started:
        rows = work.record(fresh.settings, run, run["user"], story.TODAY + timedelta(seconds=1))
        assert [row["done"] for row in rows] == [True, True]
    letter = dispatches.letter(fresh.settings, NOTICE)
    kinds = [event.kind for event in events.read(fresh.folder(story.LATE)) if event.data.get("letter_no") == NOTICE]
    assert len(kinds) == 1
    if action != "dispatch":
        last = decision(fresh.settings, letter)
        assert last
        assert (last.author, last.data["reason"]) == (OFFICER, reason)
    else:
        assert decisions(fresh.settings, letter) == []
        (sent,) = dispatches.events_of(fresh.settings, letter, "dispatched")
        assert (sent.data["channel"], sent.data["proof"]) == ("post", "RR1")
        assert sent.data["sent_at"] == "2025-05-06T09:00:00+05:00"


def test_a_run_about_several_letters_names_what_became_of_each(office, pages, started, monkeypatch):
    from esep.answers.run_filings import RunResults, of_run
    from esep.warehouse.published import connect
    from esep.web import runs

    conf = {"decision": "record_dispatch", "letter_no": f"{APPROVED} {SENT}"}
    rows = [
        {"letter_no": APPROVED, "done": True, "words": "recorded"},
        {"letter_no": SENT, "done": False, "words": f"{office.settings.home}/archive is damaged"},
    ]
    shown = runs.Run("a run", "success", conf, OFFICER, story.TODAY, is_paused=False)
    monkeypatch.setattr(runs, "decision_run", lambda _: shown)
    monkeypatch.setattr(runs, "letters_of_decision", lambda _: rows)
    page = text_of(pages(office.settings).get("/decision?run_id=a").text)
    assert "Done: 1, not done: 1" in page
    assert f"not recorded {SENT}: archive is damaged" in page
    assert "Decision started recorded" in page
    monkeypatch.setattr(runs, "letters_of_decision", lambda _: rows[1:] * 2)
    assert "Decision started not recorded" in text_of(pages(office.settings).get("/decision?run_id=a").text)
    run = RunResults("decision", "a run", "success", None, None, None, OFFICER, conf, {})
    with connect(office.settings) as connection:
        handled = [(event.kind, event.letter_no) for event in of_run(connection, run).events]
    assert handled == [("letter_approved", APPROVED), ("dispatched", SENT)]


def test_one_letter_alone_is_decided_as_by_the_single_form(office, pages, started):
    client = pages(office.settings)
    confirm(client, preview(client, [NOTICE], "dispatch", **POST).text)
    alone = {"decision": "record_dispatch", "letter_no": NOTICE, "channel": "post", "proof": "RR1"}
    assert alone.items() <= started[0].items()


WRONG: list[tuple[list[str], str, dict[str, str], str]] = [
    ([], "approve", {}, "No letter is ticked."),
    ([f"2025-{number:06}/R-1" for number in range(501)], "approve", {}, "At most 500 letters"),
    ([REFUSAL], "shred", {}, "Choose one of the two answers."),
    ([REFUSAL], "return", {"reason": " "}, "The reason is empty."),
    ([REFUSAL], "approve", {"reason": "x" * 2001}, "The reason is too long"),
    ([REFUSAL], "dispatch", POST | {"channel": "smtp"}, "Choose a channel"),
    ([REFUSAL], "dispatch", POST | {"proof": " "}, "The proof is empty."),
    ([REFUSAL], "dispatch", POST | {"sent_at": "yesterday"}, "The moment cannot be read."),
    ([REFUSAL], "dispatch", POST | {"sent_at": "2025-05-06T10:31"}, "is in the future"),
]


@pytest.mark.parametrize(("letters", "action", "fields", "reported"), WRONG)
def test_a_fault_is_reported_with_the_form_as_it_was_sent(office, pages, started, letters, action, fields, reported):
    answer = preview(pages(office.settings), letters, action, **fields)
    assert answer.status_code == 422
    assert reported in text_of(answer.text)
    assert 'role="alert"' in answer.text
    if letters == [REFUSAL]:
        assert f'value="{REFUSAL}" checked>' in answer.text
    assert started == []


def test_a_moment_before_a_letters_day_leaves_that_letter_out(office, pages, started):
    page = preview(
        pages(office.settings), [NOTICE, REFUSAL], "dispatch", **(POST | {"sent_at": "2025-04-22T09:00"})
    ).text
    assert numbers(page) == [REFUSAL]
    assert "The letter is dated 2025-05-05; it cannot have been sent before." in text_of(page)


def test_what_was_not_shown_to_this_operator_is_not_decided(office, pages, started):
    page = preview(pages(office.settings), [REFUSAL], "approve").text
    assert confirm(pages(office.settings, name=COLLEAGUE), page).status_code == 403
    for chosen in ("", "x", page[:50]):
        assert pages(office.settings).post("/letters/decide", data={"chosen": chosen}).status_code == 403
    assert preview(pages(office.settings), [REFUSAL], "approve", name=COLLEAGUE).status_code == 403
    assert started == []


def test_links_lead_to_what_waits_in_airflow(office, pages, monkeypatch):
    from esep.web import required_actions
    from esep.web.required_actions import WaitingStep

    step = WaitingStep("dispatch", f"letter__{story.REFUSED}_R-1", "approve", -1)
    asked = WaitingStep("question", "question__x", "ask", -1)
    question = f"silence/{OTHER_POOL}-2025-02"
    monkeypatch.setattr(required_actions, "waiting", lambda: {REFUSAL: step, question: asked})
    client = pages(office.settings)
    address = f"/dags/dispatch/runs/letter__{story.REFUSED}_R-1/tasks/approve/required_actions"
    for page in ("/letters", f"/filing/{story.REFUSED}"):
        assert f'href="{address}"' in client.get(page).text, page
    of_question = "/dags/question/runs/question__x/tasks/ask/required_actions"
    for page in ("/questions", f"/silence/{OTHER_POOL}/2025-02"):
        assert f'href="{of_question}"' in client.get(page).text, page
    viewer = pages(office.settings, operator=False)
    for page in (f"/filing/{story.REFUSED}", "/questions", f"/silence/{OTHER_POOL}/2025-02"):
        assert "required_actions" not in viewer.get(page).text, page


def test_without_airflows_database_there_are_no_links_and_the_page_stays(office, pages):
    from esep.web import required_actions

    assert required_actions.waiting() == {}
    assert required_actions.close_letters([REFUSAL], "Approve", "x", OFFICER) == []
    assert pages(office.settings).get("/letters").status_code == 200


@pytest.mark.parametrize("action", ["approve", "return"])
def test_what_a_colleague_decided_meanwhile_is_shown_before_it_is_overridden(office, pages, tmp_path, started, action):
    from answers.filing_office import copied

    fresh = copied(office, tmp_path)
    client = pages(fresh.settings)
    first = preview(client, [REFUSAL, NOTICE], action, reason="looked at")
    letter_batch.send_back(fresh.settings, [NOTICE], "a wrong day", COLLEAGUE, story.TODAY)
    again = confirm(client, first.text)
    assert (again.status_code, started) == (409, [])
    assert f"Letter {NOTICE} returned, {COLLEAGUE}" in text_of(again.text)
    assert confirm(client, again.text).status_code == 303
    assert started[0]["letter_no"] == f"{REFUSAL} {NOTICE}"


def test_a_form_sent_again_after_its_own_decision_goes_on(office, pages, tmp_path, started):
    from answers.filing_office import copied

    fresh = copied(office, tmp_path)
    client = pages(fresh.settings)
    shown = preview(client, [NOTICE], "approve", reason="looked at")
    for _ in range(2):
        assert confirm(client, shown.text).status_code == 303
        letter_batch.approve(fresh.settings, [NOTICE], "looked at", OFFICER, story.TODAY)


@pytest.mark.parametrize("written", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-23:59"])
def test_a_moment_without_a_local_day_is_no_moment(office, pages, started, written):
    fields = {"channel": "post", "proof": "RR1", "sent_at": written}
    answer = preview(pages(office.settings), [NOTICE], "dispatch", **fields)
    assert (answer.status_code, "The moment cannot be read" in answer.text) == (422, True)
    alone = {"form_token": _token(), "letter_no": REFUSAL, **fields}
    answer = pages(office.settings).post(f"/filing/{story.REFUSED}/dispatch", data=alone)
    assert (answer.status_code, "The moment cannot be read" in answer.text) == (422, True)
    conf = {"decision": "record_dispatch", "letter_no": NOTICE, **fields}
    with pytest.raises(dispatches.DecisionError, match="not a moment"):
        work.record(office.settings, conf, OFFICER, story.TODAY)


def _token() -> str:
    from esep.web import access

    return access.form_token(OFFICER)
