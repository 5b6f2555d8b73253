"""Decisions of officers: what is written where, what is refused, and that a repeated one changes nothing."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from esep.config import Settings
from esep.letters.outbox import write_refusal
from esep.office import decisions, dispatches, events
from esep.office.decisions import DecisionError
from letters.letter_office import Office as LetterOffice
from letters.letter_office import finding
from office.outbox_office import OTHER_POOL, POOL, OutboxOffice, moment

NUMBER, REFUSAL, NOTICE = "2025-000017", "2025-000017/R-1", f"{OTHER_POOL}-2025-03/N-1"
AT = moment("2025-05-06 10:00")
OFFICER, REASON = "А. Бекова", "қолтаңба хатпен келді"


@pytest.fixture
def registry(tmp_path: Path) -> OutboxOffice:
    """A refused filing with its refusal, an accepted one, one without verdict, and a notice about no filing."""
    office = OutboxOffice(tmp_path / "home")
    office.filing(NUMBER, "refused")
    office.filing("2025-000018", "accepted", period="2025-02-01")
    office.filing("2025-000019", None)
    office.letter(REFUSAL, "refusal", date(2025, 4, 29))
    office.letter(NOTICE, "notice", date(2025, 5, 2))
    return office


def stored(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def written(settings: Settings) -> list[Path]:
    return sorted([*settings.archive.rglob("events/*"), *settings.journal.glob("*")])


def overrule(settings: Settings, **changes: Any) -> decisions.Recorded:
    values = {"number": NUMBER, "reason": REASON, "author": OFFICER, "at": AT} | changes
    return decisions.overrule_refusal(settings, **values)


def waive(settings: Settings, **changes: Any) -> decisions.Recorded:
    values = {"number": NUMBER, "rule_id": "R-31", "until": date(2025, 6, 30), "reason": REASON, "author": OFFICER}
    return decisions.waive_rule(settings, **(values | {"at": AT} | changes))


def silence(settings: Settings, kind: str = "confirm", **changes: Any) -> decisions.Recorded:
    decide = decisions.confirm_silence if kind == "confirm" else decisions.explain_silence
    values = {"pool_id": OTHER_POOL, "period": date(2025, 3, 1), "reason": REASON, "author": OFFICER, "at": AT}
    return decide(settings, **(values | changes))


def dispatch(settings: Settings, **changes: Any) -> decisions.Recorded:
    values = {"letter_no": REFUSAL, "channel": "post", "sent_at": moment("2025-04-30 16:20"), "proof": "RR123456789KZ"}
    return dispatches.record_dispatch(settings, **(values | {"author": OFFICER, "at": AT} | changes))


def approve(settings: Settings, **changes: Any) -> decisions.Recorded:
    values = {"letter_no": REFUSAL, "reason": REASON, "author": OFFICER, "at": AT}
    return dispatches.approve_letter(settings, **(values | changes))


ALL = [overrule, waive, silence, dispatch, approve]


def test_an_overruled_refusal_is_an_event_beside_the_verdict(registry):
    recorded = overrule(registry.settings)
    folder = registry.settings.archive / "2025" / NUMBER
    assert recorded.written
    assert recorded.event.path.parent == folder / "events"
    assert stored(recorded.event.path) == {
        "event": "refusal_overruled",
        "at": "2025-05-06T10:00:00+05:00",
        "author": OFFICER,
        "data": {"reason": REASON},
    }
    assert stored(folder / "verdict.json")["verdict"] == "refused", "both facts are kept"


def test_a_waiver_is_an_event_of_the_filing(registry):
    event = waive(registry.settings).event
    assert (event.kind, event.data) == ("rule_waived", {"rule_id": "R-31", "until": "2025-06-30", "reason": REASON})
    assert waive(registry.settings, until=AT.date()).written, "today counts, the day is inclusive"
    assert waive(registry.settings, until=date(2025, 7, 31)).written, "a further waiver may reach further"


@pytest.mark.parametrize(("decide", "kind"), [("confirm", "silence_confirmed"), ("explain", "silence_explained")])
def test_silence_is_an_event_of_the_journal(registry, decide, kind):
    event = silence(registry.settings, decide, period=date(2025, 3, 31)).event
    assert event.path.parent == registry.settings.journal
    assert (event.kind, event.data) == (kind, {"pool_id": OTHER_POOL, "period": "2025-03-01", "reason": REASON})


def test_an_officer_may_change_the_decision_about_silence(registry):
    later = [AT + timedelta(hours=hours) for hours in range(4)]
    kinds = ["confirm", "explain", "confirm"]
    assert all(silence(registry.settings, kind, at=at).written for kind, at in zip(kinds, later, strict=False))
    assert not silence(registry.settings, "confirm", at=later[3]).written
    reported = [event.kind for event in events.read_journal(registry.settings)]
    assert reported == ["silence_confirmed", "silence_explained", "silence_confirmed"]
    with pytest.raises(DecisionError, match="the last counts"):
        silence(registry.settings, "explain", at=AT)


def test_a_dispatch_of_a_filings_letter(registry):
    event = dispatch(registry.settings, recipients=["pool@example.kz", " "]).event
    assert event.path.parent == registry.settings.archive / "2025" / NUMBER / "events"
    assert event.kind == "dispatched"
    assert event.data == {
        "letter_no": REFUSAL,
        "letter_kind": "refusal",
        "channel": "post",
        "sent_at": "2025-04-30T16:20:00+05:00",
        "proof": "RR123456789KZ",
        "recipients": ["pool@example.kz"],
    }


def test_a_dispatch_of_a_letter_about_no_filing_goes_to_the_journal(registry):
    event = dispatch(registry.settings, letter_no=NOTICE, sent_at=None).event
    assert event.path.parent == registry.settings.journal
    assert (event.data["pool_id"], event.data["period"]) == (OTHER_POOL, "2025-03-01")
    assert (event.data["letter_kind"], event.data["sent_at"]) == ("notice", "2025-05-06T10:00:00+05:00")


def test_approval_and_return_go_to_the_letters_own_events(registry):
    first = approve(registry.settings).event
    second = dispatches.return_letter(
        registry.settings, REFUSAL, "wrong cell", OFFICER, AT + timedelta(minutes=1)
    ).event
    assert (first.kind, first.data) == ("letter_approved", {"letter_no": REFUSAL, "reason": REASON})
    assert (second.kind, second.data) == ("letter_returned", {"letter_no": REFUSAL, "reason": "wrong cell"})
    letter = dispatches.letter(registry.settings, REFUSAL)
    kinds = ("letter_approved", "letter_returned")
    assert [event.kind for event in dispatches.events_of(registry.settings, letter, *kinds)] == list(kinds)


@pytest.mark.parametrize("decide", ALL)
def test_the_same_decision_again_is_the_first_event(registry, decide):
    first = decide(registry.settings)
    again = decide(registry.settings, at=AT + timedelta(days=3))
    assert (first.written, again.written) == (True, False)
    assert again.event == first.event
    assert written(registry.settings) == [first.event.path]


def test_two_officers_at_once_leave_one_event(registry):
    threads = [threading.Thread(target=waive, args=(registry.settings,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written(registry.settings)) == 1


def test_a_dispatch_without_a_moment_is_known_by_its_proof(registry):
    assert dispatch(registry.settings, sent_at=None).written
    assert not dispatch(registry.settings, sent_at=None, at=AT + timedelta(minutes=5)).written
    assert dispatch(registry.settings, sent_at=None, proof="RR2").written


@pytest.mark.parametrize("decide", ALL)
@pytest.mark.parametrize("author", ["", "  "])
def test_an_author_is_needed(registry, decide, author):
    with pytest.raises(DecisionError, match="author"):
        decide(registry.settings, author=author)
    assert written(registry.settings) == []


@pytest.mark.parametrize("decide", [overrule, waive, silence, approve])
def test_a_reason_is_needed(registry, decide):
    with pytest.raises(DecisionError, match="reason"):
        decide(registry.settings, reason=" ")
    assert written(registry.settings) == []


@pytest.mark.parametrize("decide", ALL)
def test_a_moment_needs_its_time_zone(registry, decide):
    with pytest.raises(DecisionError, match="time zone"):
        decide(registry.settings, at=AT.replace(tzinfo=None))


REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (overrule, {"number": "2025-000099"}, "2025-000099: no filing is registered"),
    (overrule, {"number": "17"}, "YYYY-NNNNNN"),
    (overrule, {"number": "2025-000018"}, "is accepted; only a refusal"),
    (overrule, {"number": "2025-000019"}, "not examined yet"),
    (waive, {"number": "2025-000099"}, "no filing is registered"),
    (waive, {"rule_id": "C-12"}, r"bin/esep decide overrule 2025-000017"),
    (waive, {"rule_id": "R-99"}, "'R-99': no rule of"),
    (waive, {"until": date(2025, 5, 5)}, "the day is past"),
    (silence, {"pool_id": "230640000019"}, "not a BIN"),
    (silence, {"pool_id": "061211600012"}, "not a BIN"),
    (silence, {"period": date(2025, 5, 1)}, "2025-05: the month is not over"),
    (silence, {"period": date(2026, 3, 1)}, "2026-03: the month is not over"),
    (silence, {"pool_id": POOL, "period": date(2025, 2, 1)}, "did file .2025-000018 accepted"),
    (silence, {"pool_id": POOL}, "did file .2025-000017 refused"),
    (dispatch, {"letter_no": "2025-000017/N-1"}, "there is no such letter"),
    (dispatch, {"letter_no": "../17/N-1"}, "the number of a letter"),
    (dispatch, {"channel": "pigeon"}, "'pigeon': not a channel"),
    (dispatch, {"proof": " "}, "proof is empty"),
    (dispatch, {"sent_at": AT + timedelta(minutes=1)}, "is in the future"),
    (dispatch, {"sent_at": moment("2025-04-28 23:59")}, "dated 2025-04-29"),
    (dispatch, {"sent_at": moment("2025-04-30 16:20").replace(tzinfo=None)}, "time zone"),
    (approve, {"letter_no": "2025-000018/R-1"}, "there is no such letter"),
]


@pytest.mark.parametrize(("decide", "changes", "text"), REFUSED)
def test_what_cannot_be_decided_says_why_and_writes_nothing(registry, decide, changes, text):
    with pytest.raises(DecisionError, match=text):
        decide(registry.settings, **changes)
    assert written(registry.settings) == []


def test_the_last_minute_of_the_month_and_the_first_of_the_next(registry):
    with pytest.raises(DecisionError, match="not over"):
        silence(registry.settings, period=date(2025, 4, 1), at=moment("2025-04-30 23:59"))
    assert silence(registry.settings, period=date(2025, 4, 1), at=moment("2025-05-01 00:00")).written


def test_a_refusal_is_overruled_once(registry):
    overrule(registry.settings)
    with pytest.raises(DecisionError, match=f"{OFFICER} overruled this refusal at 2025-05-06 10:00"):
        overrule(registry.settings, reason="another")


def test_the_latest_verdict_is_the_one_that_is_overruled(registry):
    folder = registry.settings.archive / "2025" / NUMBER
    registry.write(folder / "verdict-2.json", {"verdict": "accepted"})
    with pytest.raises(DecisionError, match="accepted"):
        overrule(registry.settings)


def test_a_letter_of_a_filing_that_is_not_registered(registry):
    registry.letter("2025-000031/R-1", "refusal", date(2025, 4, 29))
    with pytest.raises(DecisionError, match="2025-000031: no filing is registered"):
        dispatch(registry.settings, letter_no="2025-000031/R-1")


def test_a_damaged_status_file_is_named(registry):
    (registry.settings.outbox / NUMBER / "status.json").write_text("{}")
    with pytest.raises(DecisionError, match=r"status\.json: not a status file"):
        approve(registry.settings)


def test_a_suite_that_cannot_be_read_is_named(registry, tmp_path):
    (tmp_path / "rows.json").write_text("[]")
    with pytest.raises(DecisionError, match=r"rows\.json"):
        waive(Settings(home=registry.settings.home, expectations=tmp_path))


def test_status_files_of_real_letters_are_understood(tmp_path):
    office = LetterOffice(tmp_path / "home")
    office.workbook()
    letter = write_refusal(office.settings, office.register(), [finding()], date(2025, 4, 29))
    read = dispatches.letter(office.settings, letter.letter_no)
    assert (read.letter_no, read.kind, read.dated) == ("2025-000017/R-1", "refusal", date(2025, 4, 29))
    assert (read.registration_no, read.pool_id, read.period) == ("2025-000017", OTHER_POOL, date(2025, 3, 1))
    assert read.send_by == date(2025, 4, 30), "2 working days from Monday 28 April 2025"
    assert read.files == (*letter.files, letter.status)
    assert read.files[0].name == "refusal.pdf"
    assert events.read(office.settings.archive / "2025" / NUMBER) == []
