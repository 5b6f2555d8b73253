"""Decision and dispatch: what is put before an officer, what an answer does, and how a letter leaves."""

from __future__ import annotations

import email
import email.policy
import os
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from airflow_process import result_of
from esep import clock
from esep.config import ConfigurationError
from esep.office import decisions, dispatches, events
from esep.office.decisions import DecisionError
from esep.orchestration import approved_letters, decision, dispatch
from office.outbox_office import OTHER_POOL, POOL, OutboxOffice, moment

REFUSAL = "2025-000017/R-1"
NOW = moment("2025-05-02 09:00")
FULL_POOL, OFFICER = "230640000903", "А. Бекова"


@pytest.fixture
def registry(tmp_path: Path) -> OutboxOffice:
    """A refused filing with a refusal of 30 April 2025, and the register of its pool."""
    office = OutboxOffice(tmp_path / "home")
    office.filing("2025-000017")
    office.letter(REFUSAL, "refusal", date(2025, 4, 30))
    office.register(f"{POOL},Самал,2024-01-01,,pool@example.kz")
    return office


def waiting(office: OutboxOffice, now: datetime = NOW) -> list[str]:
    return [letter.letter_no for letter in dispatch.letters_to_send(office.settings, now)]


def test_refusals_and_notices_wait_for_an_officer(registry):
    registry.letter("2025-000017/A-1", "receipt", date(2025, 4, 30))
    registry.letter(f"{OTHER_POOL}-2025-03/N-1", "notice", date(2025, 5, 2))
    registry.letter(f"{OTHER_POOL}-2025-04/M-1", "reminder", date(2025, 5, 2))
    assert waiting(registry) == [REFUSAL, f"{OTHER_POOL}-2025-03/N-1"]


def test_the_refusal_of_a_filing_loaded_as_history_is_left_out_and_its_notice_is_not(registry):
    registry.letter("2025-000017/N-1", "notice", date(2025, 4, 30))
    folder = registry.settings.archive / "2025" / "2025-000017"
    events.append(folder, "loaded_as_history", NOW, "Омарова А.", {"basis": "command"})
    assert waiting(registry) == ["2025-000017/N-1"]


def test_the_refusal_of_a_filing_that_the_office_registered_late_is_put_before_an_officer(registry):
    """How long ago its term ended says nothing."""
    registry.letter(REFUSAL, "refusal", date(2025, 4, 30), term={"ends_on": "2024-03-28"})
    assert waiting(registry) == [REFUSAL]


def test_a_letter_dated_long_ago_is_left_out(registry):
    assert waiting(registry, moment("2025-05-30 00:00")) == [REFUSAL]
    assert waiting(registry, moment("2025-05-31 00:00")) == []


def test_a_file_written_long_ago_is_not_even_opened(registry):
    path = registry.settings.outbox / "2025-000017" / "status.json"
    path.write_text("{")
    long_ago = (NOW - timedelta(days=40)).timestamp()
    os.utime(path, (long_ago, long_ago))
    assert waiting(registry) == []


def test_a_damaged_status_file_is_reported_and_stops_no_other(registry, caplog):
    registry.filing("2025-000018")
    folder = registry.letter("2025-000018/R-1", "refusal", date(2025, 4, 30))
    (folder / "status.json").write_text("{")
    assert waiting(registry) == [REFUSAL]
    assert str(folder / "status.json") in caplog.text


def test_a_letter_of_a_filing_that_cannot_be_read_stops_no_other(registry, caplog):
    registry.letter("2025-000016/R-1", "refusal", date(2025, 4, 30))
    damaged = registry.filing("2025-000018") / "events" / "20250430T000000.000000Z-dispatched-1.json"
    damaged.parent.mkdir()
    damaged.write_text("{")
    registry.letter("2025-000018/R-1", "refusal", date(2025, 4, 30))
    assert waiting(registry) == [REFUSAL]
    assert "2025-000016/R-1 cannot be put before an officer" in caplog.text
    assert str(damaged) in caplog.text


DONE: list[Any] = [
    lambda s: dispatches.record_dispatch(s, REFUSAL, "post", NOW, "RR1", OFFICER, NOW),
    lambda s: dispatches.approve_letter(s, REFUSAL, "checked", OFFICER, NOW),
    lambda s: dispatches.return_letter(s, REFUSAL, "wrong", OFFICER, NOW),
    lambda s: decisions.overrule_refusal(s, "2025-000017", "signed after all", OFFICER, NOW),
]


@pytest.mark.parametrize("act", DONE, ids=["sent", "approved", "returned", "overruled"])
def test_a_letter_that_was_dealt_with_waits_no_longer(registry, act):
    assert waiting(registry) == [REFUSAL]
    act(registry.settings)
    assert waiting(registry) == []


def test_a_filing_accepted_when_examined_again_gets_no_refusal(registry):
    folder = registry.settings.archive / "2025" / "2025-000017"
    registry.write(folder / "verdict-2.json", {"verdict": "accepted"})
    assert waiting(registry) == []
    with pytest.raises(dispatch.NotSentError, match="no longer holds"):
        dispatch.request(registry.settings, REFUSAL, NOW, has_mail=True)


def test_a_request_waits_until_its_filing_has_a_verdict(registry):
    """A request for a copy is put before an officer like a refusal; once the filing is decided nothing is asked."""
    folder = registry.filing("2025-000018", verdict=None)
    registry.write(folder / "verdict.json", {"verdict": None, "question": "not_readable"})
    request = "2025-000018/Q-1"
    registry.letter(request, "request", date(2025, 4, 30))
    assert waiting(registry) == [REFUSAL, request]
    registry.write(folder / "verdict-2.json", {"verdict": "accepted"})
    assert waiting(registry) == [REFUSAL]
    with pytest.raises(dispatch.NotSentError, match="the request no longer holds"):
        dispatch.request(registry.settings, request, NOW, has_mail=True)


def test_a_withdrawn_notice_waits_no_longer(registry):
    notice = "2025-000017/N-1"
    registry.letter(notice, "notice", date(2025, 4, 30))
    assert waiting(registry) == [notice, REFUSAL]
    for letter_no, left in (("2025-000017/N-2", [notice, REFUSAL]), (notice, [REFUSAL])):
        data = {"pool_id": "230640000018", "period": "2025-03-01", "letter_no": letter_no}
        events.append_to_journal(registry.settings, dispatches.NOTICE_WITHDRAWN, NOW, "esep.supervision", data)
        assert waiting(registry) == left
    with pytest.raises(dispatch.NotSentError, match="withdrawn"):
        dispatch.request(registry.settings, notice, NOW, has_mail=True)


def test_the_run_of_a_letter_has_one_name(registry):
    (letter,) = dispatch.letters_to_send(registry.settings, NOW)
    assert dispatch.run_of(letter) == {"trigger_run_id": "letter__2025-000017_R-1", "conf": {"letter_no": REFUSAL}}


def test_the_officer_is_reported_what_the_letter_is(registry):
    asked = dispatch.request(registry.settings, REFUSAL, NOW, has_mail=True)
    assert asked["subject"].startswith(REFUSAL)
    for expected in (
        "2025-03",
        "2025-05-02",
        "ЖШС «Самал Пул» 230640000008",
        "pool@example.kz",
        "[refusal.pdf](/esep/filing/2025-000017/file/outbox/refusal.pdf)",
        "(/esep/filing/2025-000017)",
        "(/esep/filing/2025-000017/findings)",
        "дәлелді бас тарту",
        "мотивированный отказ",
        "reasoned refusal",
        "электрондық поштамен жіберіледі",
        "уйдёт по электронной почте",
        "the letter leaves by e-mail with its enclosures, to pool@example.kz.",
    ):
        assert expected in asked["body"], expected


def test_an_approval_says_truthfully_that_nothing_leaves_by_itself(registry):
    without_mail = dispatch.request(registry.settings, REFUSAL, NOW, has_mail=False)["body"]
    assert (
        "no mail server is connected. Send it by hand and record it on the page Letters or by "
        f"bin/esep decide dispatch {REFUSAL}" in without_mail
    )
    registry.register(f"{POOL},Самал,2023-01-01,,")
    without_address = dispatch.request(registry.settings, REFUSAL, NOW, has_mail=True)["body"]
    assert "the pool's e-mail address is not known" in without_address
    for body in (without_mail, without_address):
        assert "leaves by e-mail" not in body


def test_a_letter_about_a_silent_month_leads_to_the_months_page(registry):
    notice = f"{POOL}-2025-02/N-1"
    registry.letter(notice, "notice", date(2025, 4, 30))
    body = dispatch.request(registry.settings, notice, NOW, has_mail=True)["body"]
    assert f"(/esep/silence/{POOL}/2025-02)" in body
    assert f"(/esep/silence/{POOL}/2025-02/file/notice" in body
    assert "/findings)" not in body
    assert ".json" not in body


def test_a_filers_name_is_only_text_to_the_officers_page(registry):
    name = "[go](http://x) <b> | ![p](y)\n\n# head"
    registry.letter(REFUSAL, "refusal", date(2025, 4, 30), pool_name=name)
    body = dispatch.request(registry.settings, REFUSAL, NOW, has_mail=True)["body"]
    row = next(line for line in body.splitlines() if "Пул" in line)
    assert r"\[go\](http://x) \<b\> \| \!\[p\](y) \# head" in row


def test_a_letter_that_is_not_there_is_reported(registry):
    with pytest.raises(DecisionError, match="no such letter"):
        dispatch.request(registry.settings, "2025-000017/R-2", NOW, has_mail=True)


def test_a_returned_letter_may_be_asked_about_again_and_a_sent_one_not(registry):
    dispatches.return_letter(registry.settings, REFUSAL, "wrong", OFFICER, NOW)
    assert dispatch.request(registry.settings, REFUSAL, NOW, has_mail=True)
    dispatches.record_dispatch(registry.settings, REFUSAL, "post", NOW, "RR1", OFFICER, NOW)
    with pytest.raises(dispatch.NotSentError, match="sent already"):
        dispatch.request(registry.settings, REFUSAL, NOW, has_mail=True)


def test_nothing_leaves_without_an_approval(registry):
    for act in (lambda: None, lambda: dispatches.return_letter(registry.settings, REFUSAL, "no", OFFICER, NOW)):
        act()
        with pytest.raises(dispatch.NotSentError, match="no officer has approved"):
            dispatch.send(registry.settings, REFUSAL, lambda: NOW)


def test_the_address_is_that_of_the_accreditation_in_force(registry):
    (letter,) = dispatch.letters_to_send(registry.settings, NOW)
    registry.register(
        f"{POOL},Самал,2025-05-01,,new@example.kz;second@example.kz",
        f"{POOL},Самал,2023-01-01,2024-12-31,old@example.kz",
        f"{OTHER_POOL},Other,2024-01-01,,other@example.kz",
    )
    new, old = ["new@example.kz", "second@example.kz"], ["old@example.kz"]
    assert dispatch.addresses(registry.settings, letter, date(2025, 5, 1)) == new
    assert dispatch.addresses(registry.settings, letter, date(2025, 4, 30)) == old
    assert dispatch.addresses(registry.settings, letter, date(2022, 1, 1)) == []


@pytest.mark.parametrize("address", ["", "pool", "pool@", "a b@example.kz", "<x@example.kz>"])
def test_what_is_no_address_gets_no_letter(registry, address):
    registry.register(f"{POOL},Самал,2024-01-01,,{address}")
    (letter,) = dispatch.letters_to_send(registry.settings, NOW)
    assert dispatch.addresses(registry.settings, letter, NOW.date()) == []


@pytest.mark.parametrize(("value", "expected"), [("on", True), ("off", False), ("", False), (None, False)])
def test_approval_is_off_unless_it_is_switched_on(value, expected):
    assert dispatch.approval_is_on({} if value is None else {"ESEP_APPROVAL": value}) is expected


def test_another_word_for_approval_is_an_error():
    with pytest.raises(ConfigurationError, match="ESEP_APPROVAL='yes'"):
        dispatch.approval_is_on({"ESEP_APPROVAL": "yes"})


FIELDS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    ({"decision": "overrule_refusal", "registration_no": "2025-000017"}, "refusal_overruled", {}),
    (
        {"decision": "waive_rule", "registration_no": "2025-000017", "rule_id": "R-31", "until": "2025-06-30"},
        "rule_waived",
        {"rule_id": "R-31", "until": "2025-06-30"},
    ),
    (
        {"decision": "confirm_silence", "pool_id": OTHER_POOL, "period": "2025-03-01"},
        "silence_confirmed",
        {"pool_id": OTHER_POOL, "period": "2025-03-01"},
    ),
    (
        {"decision": "explain_silence", "pool_id": OTHER_POOL, "period": "2025-03-15"},
        "silence_explained",
        {"pool_id": OTHER_POOL, "period": "2025-03-01"},
    ),
    (
        {"decision": "answer_question", "question": f"silence/{OTHER_POOL}-2025-03", "answer": "no_distributions"},
        "silence_explained",
        {"pool_id": OTHER_POOL, "period": "2025-03-01"},
    ),
    ({"decision": "approve_letter", "letter_no": REFUSAL}, "letter_approved", {"letter_no": REFUSAL}),
    ({"decision": "return_letter", "letter_no": REFUSAL}, "letter_returned", {"letter_no": REFUSAL}),
    (
        {
            "decision": "record_dispatch",
            "letter_no": REFUSAL,
            "channel": "post",
            "proof": "RR1",
            "sent_at": "2025-05-01T16:20",
            "recipients": "a@example.kz; b@example.kz",
        },
        "dispatched",
        {"sent_at": "2025-05-01T16:20:00+05:00", "recipients": ["a@example.kz", "b@example.kz"]},
    ),
    (
        {
            "decision": "confirm_reference",
            "table": "sale_rule",
            "key": "2025-01-01|miner",
            "confirmed_on": "2025-02-03",
            "document": "letter № 12",
        },
        "reference_confirmed",
        {"key": "2025-01-01|miner", "confirmed_on": "2025-02-03", "document": "letter № 12"},
    ),
]


def all_events(office: OutboxOffice) -> list[events.Event]:
    filed = events.read(office.settings.archive / "2025" / "2025-000017")
    return [*filed, *events.read_journal(office.settings)]


@pytest.mark.parametrize(("fields", "kind", "data"), FIELDS, ids=[fields["decision"] for fields, _, _ in FIELDS])
def test_each_decision_of_the_form_is_recorded(registry, fields, kind, data):
    assert {fields["decision"] for fields, _, _ in FIELDS} == set(decision.DECISIONS)
    empty = dict.fromkeys(("author", "until", "rule_id", "question", "answer", "sent_at", "recipients"))
    found = {"pool_id": OTHER_POOL, "period": "2025-03-01", "detected_on": "2025-04-26"}
    events.append_to_journal(registry.settings, "silence_found", NOW - timedelta(days=1), "esep.supervision", found)
    for _ in range(2):
        decision.record(registry.settings, {**empty, "reason": "letter К-40", **fields}, OFFICER, NOW)
    (event,) = (event for event in all_events(registry) if event.kind != "silence_found")
    assert (event.kind, event.author, event.at) == (kind, OFFICER, NOW)
    assert {name: event.data[name] for name in data} == data


def test_of_several_letters_the_result_names_what_is_done_and_what_not(registry):
    second, missing = "2025-000018/R-1", "2025-000019/R-1"
    registry.filing("2025-000018")
    registry.letter(second, "refusal", date(2025, 4, 30))
    dispatches.record_dispatch(registry.settings, second, "post", NOW, "RR1", OFFICER, NOW)
    fields = {"decision": "approve_letter", "letter_no": f"{missing} {second}, {REFUSAL}", "reason": "checked"}
    found = decision.record(registry.settings, fields, OFFICER, NOW)
    assert [(row["letter_no"], row["done"]) for row in found] == [(missing, False), (second, False), (REFUSAL, True)]
    words = [str(row["words"]) for row in found]
    assert "no such letter" in words[0]
    assert "sent already (post" in words[1]
    assert words[2].startswith("letter_approved recorded 2025-05-02 09:00")
    with pytest.raises(DecisionError, match="sent already"):
        decision.record(registry.settings, fields | {"letter_no": second}, OFFICER, NOW)


def test_one_letter_may_be_sent_again_by_another_way(registry):
    fields = {"decision": "record_dispatch", "letter_no": REFUSAL, "channel": "post", "proof": "RR1"}
    for channel in ("post", "in_person"):
        decision.record(registry.settings, fields | {"channel": channel}, OFFICER, NOW)
    assert sorted(event.data["channel"] for event in all_events(registry)) == ["in_person", "post"]


@pytest.mark.parametrize(("user", "author", "expected"), [("admin", "x", "admin"), (None, "x", "x"), ("", "x", "x")])
def test_the_author_is_who_triggered_the_run(registry, user, author, expected):
    decision.record(registry.settings, {**FIELDS[0][0], "reason": "r", "author": author}, user, NOW)
    assert all_events(registry)[0].author == expected


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"decision": "forget"}, "'forget': not one of overrule_refusal"),
        ({"decision": None}, "field decision is empty"),
        ({"reason": None}, "field reason is empty"),
        ({"decision": "answer_question", "answer": "late"}, "field question is empty"),
        ({"decision": "answer_question", "question": "what", "answer": "late"}, "'what': no question"),
        ({"registration_no": " "}, "field registration_no is empty"),
        ({"decision": "waive_rule", "rule_id": "R-31", "until": "30.06.2025"}, "until '30.06.2025': not a day"),
        (
            {"decision": "record_dispatch", "letter_no": REFUSAL, "channel": "post", "proof": "R", "sent_at": "soon"},
            "sent_at 'soon': not a moment",
        ),
    ],
)
def test_a_wrong_field_is_named(registry, changes, text):
    fields = {**FIELDS[0][0], "reason": "letter К-40", **changes}
    with pytest.raises(DecisionError, match=text):
        decision.record(registry.settings, fields, OFFICER, NOW)
    assert all_events(registry) == []


def ready(office: OutboxOffice, now: datetime = NOW) -> list[str]:
    return [letter.letter_no for letter, _ in approved_letters.approved_to_send(office.settings, now)]


def test_what_is_approved_by_page_or_command_is_to_leave_once(registry):
    assert ready(registry) == []
    dispatches.return_letter(registry.settings, REFUSAL, "wrong", OFFICER, NOW)
    assert ready(registry) == []
    dispatches.approve_letter(registry.settings, REFUSAL, "checked", OFFICER, NOW + timedelta(minutes=1))
    ((letter, approval),) = approved_letters.approved_to_send(registry.settings, NOW)
    run = approved_letters.run_of_approved(letter, approval)
    assert run["trigger_run_id"] == "letter__2025-000017_R-1__20250502T090100+0500"
    assert run["conf"] == {"letter_no": REFUSAL}
    dispatches.record_dispatch(registry.settings, REFUSAL, "post", NOW, "RR1", OFFICER, NOW)
    assert ready(registry) == []


def test_what_has_no_address_or_was_approved_long_ago_does_not_leave_by_itself(registry):
    dispatches.approve_letter(registry.settings, REFUSAL, "checked", OFFICER, NOW)
    assert ready(registry, NOW + timedelta(days=30)) == [REFUSAL]
    assert ready(registry, NOW + timedelta(days=30, seconds=1)) == []
    registry.register(f"{POOL},Самал,2024-01-01,,")
    assert ready(registry) == []


def test_a_letter_written_long_ago_leaves_if_the_warehouse_has_its_approval(registry, monkeypatch):
    """Only the folders of the last days are looked through; what is older is known by the warehouse."""
    dispatches.approve_letter(registry.settings, REFUSAL, "checked", OFFICER, NOW)
    monkeypatch.setattr(dispatches, "written_since", lambda *_: ([], []))
    assert ready(registry) == []
    monkeypatch.setattr(approved_letters, "_approved_numbers", lambda *_: [REFUSAL, "2025-000018/R-1"])
    assert ready(registry) == [REFUSAL]


def test_nothing_is_asked_of_a_letter_that_was_decided(registry):
    settings = registry.settings
    before, after = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)
    assert not dispatch.is_decided(settings, REFUSAL, before, NOW)
    dispatches.return_letter(settings, REFUSAL, "wrong", OFFICER, NOW)
    assert dispatch.is_decided(settings, REFUSAL, before, NOW), "returned since it was asked about"
    assert not dispatch.is_decided(settings, REFUSAL, after, NOW), "asked about again after its return"
    assert dispatch.record(settings, REFUSAL, {}) is False
    dispatches.approve_letter(settings, REFUSAL, "checked", OFFICER, after)
    assert dispatch.is_decided(settings, REFUSAL, after + timedelta(days=1), NOW), "approved before: nothing to ask"
    assert dispatch.record(settings, REFUSAL, {}) is True
    dispatches.record_dispatch(settings, REFUSAL, "post", NOW, "RR1", OFFICER, NOW)
    with pytest.raises(dispatch.NotSentError, match="sent already"):
        dispatch.is_decided(settings, REFUSAL, after, NOW)


# Through Airflow itself.


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> tuple[OutboxOffice, dict[str, Any]]:
    """Refusals of today: 1 to approve, 2 to reject, 3 of a pool without e-mail, 4 of a full mailbox, 5 killed; 6 to 9
    wait in Airflow while they are decided elsewhere, 10 is approved there before a run asks about it."""
    office = OutboxOffice(tmp_path_factory.mktemp("an office"))
    now = clock.now()
    for number in range(1, 11):
        pool = {3: OTHER_POOL, 4: FULL_POOL}.get(number, POOL)
        office.filing(f"2025-{number:06}", pool=pool)
        office.letter(f"2025-{number:06}/R-1", "refusal", clock.local_date(now), pool_id=pool)
        if number in (3, 4, 5, 10):
            dispatches.approve_letter(office.settings, f"2025-{number:06}/R-1", "checked", OFFICER, now)
    office.register(f"{POOL},Самал,2024-01-01,,pool@example.kz", f"{FULL_POOL},Full,2024-01-01,,full@example.kz")
    result = result_of(str(Path(__file__).with_name("dispatch_process.py")), str(office.settings.home))
    assert result["errors"] == {}
    return office, result


def kinds(office: OutboxOffice, number: str) -> list[str]:
    return [event.kind for event in events.read(office.settings.archive / "2025" / number)]


@pytest.mark.slow
def test_the_queue_starts_one_run_a_letter(airflow: tuple[OutboxOffice, dict[str, Any]]) -> None:
    _, result = airflow
    runs = [[f"letter__2025-00000{number}_R-1", f"2025-00000{number}/R-1"] for number in (1, 2, 6, 7, 8, 9)]
    states = {"letters_to_send": "success", "start": "success", "open_questions": "success", "ask": "skipped"}
    assert result["queue"] == {"states": states, "queued": runs}
    assert result["queue_again"] == {"states": states | {"start": "skipped"}, "queued": runs}


@pytest.mark.slow
def test_an_approved_letter_leaves_with_all_that_belongs_to_it(airflow: tuple[OutboxOffice, dict[str, Any]]) -> None:
    office, result = airflow
    states = result["approved"]["states"]
    assert states == dict.fromkeys(("describe", "approve", "record", "send"), "success")
    assert result["approved"]["options"] == ["Approve", "Reject"]
    assert result["approved"]["subject"].startswith("2025-000001/R-1")
    assert "file/outbox/refusal.pdf" in result["approved"]["body"]
    first = result["messages"][0]
    message = email.message_from_string(first["content"], policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert (first["to"], message["To"], message["From"]) == (
        ["pool@example.kz"],
        "pool@example.kz",
        "office@example.kz",
    )
    assert "2025-000001/R-1" in message["Subject"]
    body = message.get_body()
    assert body
    assert "Направляется письмо № 2025-000001/R-1" in body.get_content()
    folder = office.settings.outbox / "2025-000001"
    sent = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert sent == {path.name: path.read_bytes() for path in folder.iterdir()}
    approved, dispatched = events.read(office.settings.archive / "2025" / "2025-000001")
    assert (approved.kind, approved.author) == ("letter_approved", OFFICER)
    assert dispatched.kind == "dispatched"
    assert dispatched.data["channel"] == "smtp"
    assert dispatched.data["recipients"] == ["pool@example.kz"]
    assert dispatched.data["proof"] == message["Message-ID"]
    assert dispatched.data["sent_at"] == dispatched.at.isoformat()


@pytest.mark.slow
def test_a_rejected_letter_stays_with_the_reason(airflow: tuple[OutboxOffice, dict[str, Any]]) -> None:
    office, result = airflow
    assert result["rejected"]["states"] == {
        "describe": "success",
        "approve": "success",
        "record": "success",
        "send": "skipped",
    }
    (event,) = events.read(office.settings.archive / "2025" / "2025-000002")
    assert (event.kind, event.author, event.data["reason"]) == ("letter_returned", OFFICER, "wrong cell")


@pytest.mark.slow
def test_what_does_not_leave_says_why(airflow: tuple[OutboxOffice, dict[str, Any]]) -> None:
    office, result = airflow
    by_hand = "bin/esep decide dispatch 2025-000003/R-1"
    assert "no connection esep_smtp" in result["no_connection"]
    assert by_hand in result["no_connection"]
    assert "sent already" in result["sends"]["approved"]
    assert "no officer has approved" in result["sends"]["rejected"]
    assert "no e-mail of this pool" in result["sends"]["no_address"]
    assert by_hand in result["sends"]["no_address"]
    assert "mailbox full" in result["sends"]["full"]
    assert kinds(office, "2025-000003") == kinds(office, "2025-000004") == ["letter_approved"]


@pytest.mark.slow
def test_a_kill_before_the_record_sends_the_same_message_again(airflow: tuple[OutboxOffice, dict[str, Any]]) -> None:
    office, result = airflow
    assert result["sends"]["killed"].startswith("KeyboardInterrupt")
    assert result["sends"]["retried"].startswith("2025-000005/R-1 sent to pool@example.kz")
    ids = [email.message_from_string(message["content"])["Message-ID"] for message in result["messages"]]
    of_fifth = [number for number in ids if "000005" in number]
    assert len(of_fifth) == 2
    assert of_fifth[0] == of_fifth[1]
    assert kinds(office, "2025-000005") == ["letter_approved", "dispatched"]


@pytest.mark.slow
def test_a_decision_by_the_form_bears_the_users_name(airflow: tuple[OutboxOffice, dict[str, Any]]) -> None:
    office, result = airflow
    assert (result["decision"], result["wrong_decision"]) == ({"record": "success"}, {"record": "failed"})
    (event,) = events.read_journal(office.settings)
    assert (event.kind, event.data["reason"]) == ("silence_explained", "letter К-40")
    assert event.author == "dag_test", "the name that Airflow gives to the user of DAG.test()"


@pytest.mark.slow
def test_a_letter_approved_by_command_while_it_is_asked_about_leaves_and_the_question_ends(
    airflow: tuple[OutboxOffice, dict[str, Any]],
) -> None:
    """After an hour without an answer the step goes on waiting; after the next it finds the approval."""
    office, result = airflow
    assert result["elsewhere"] == dict.fromkeys(("describe", "approve", "record", "send"), "success")
    approved, dispatched = events.read(office.settings.archive / "2025" / "2025-000006")
    assert (approved.kind, approved.data["reason"], dispatched.kind) == ("letter_approved", "by page", "dispatched")


@pytest.mark.slow
def test_an_approval_by_page_closes_the_required_action_and_is_one_event(
    airflow: tuple[OutboxOffice, dict[str, Any]],
) -> None:
    office, result = airflow
    assert result["by_page"]["closed"] == ["2025-000007/R-1"]
    assert result["by_page"]["waiting"] == [["2025-000007/R-1", "/dags/dispatch/runs/"]]
    assert result["by_page"]["states"] == dict.fromkeys(("describe", "approve", "record", "send"), "success")
    assert result["by_page"]["again"].startswith("letter_approved on record since")
    assert kinds(office, "2025-000007") == ["letter_approved", "dispatched"]


@pytest.mark.slow
def test_a_letter_returned_or_sent_elsewhere_ends_its_run(airflow: tuple[OutboxOffice, dict[str, Any]]) -> None:
    office, result = airflow
    ended = {"describe": "success", "approve": "success", "record": "success", "send": "skipped"}
    assert result["returned"] == ended
    assert result["sent"] == {"describe": "success", "approve": "skipped", "record": "skipped", "send": "skipped"}
    assert kinds(office, "2025-000008") == ["letter_returned"]
    assert kinds(office, "2025-000009") == ["dispatched"]


@pytest.mark.slow
def test_an_approved_letter_leaves_without_being_asked_about(airflow: tuple[OutboxOffice, dict[str, Any]]) -> None:
    """With a mail server the queue starts a run for it, once an approval, and none for a pool without an address."""
    office, result = airflow
    started = [
        number for _, number in result["queue_with_mail"] if number not in dict(result["queue"]["queued"]).values()
    ]
    assert started == ["2025-000004/R-1", "2025-000005/R-1", "2025-000010/R-1"]
    assert result["queue_with_mail_again"] == result["queue_with_mail"]
    assert result["not_asked"] == dict.fromkeys(("describe", "approve", "record", "send"), "success")
    assert kinds(office, "2025-000010") == ["letter_approved", "dispatched"]
