"""`bin/esep decide`: what it records, what it prints, and errors that say what to do."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esep.cli.main import main
from esep.office import events
from office.outbox_office import OTHER_POOL, OutboxOffice

NUMBER, REFUSAL = "2025-000017", "2025-000017/R-1"


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OutboxOffice:
    office = OutboxOffice(tmp_path / "home")
    office.filing(NUMBER)
    office.letter(REFUSAL, "refusal", date(2025, 4, 29))
    monkeypatch.setenv("ESEP_HOME", str(office.settings.home))
    monkeypatch.setenv("COLUMNS", "120")
    return office


def decide(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["decide", *arguments])


def events_of(office: OutboxOffice) -> list[events.Event]:
    return [*events.read(office.settings.archive / "2025" / NUMBER), *events.read_journal(office.settings)]


WAIVE = ("waive", NUMBER, "R-31", "--until", "2099-06-30", "--reason", "a correction comes")
SILENCE = ("silence", OTHER_POOL, "2025-03", "--explained", "--reason", "letter К-40")
DISPATCH = ("dispatch", REFUSAL, "--channel", "post", "--proof", "RR1", "--sent-at", "2025-04-30T16:20")
OVERRULE = ("overrule", NUMBER, "--reason", "the signature came by letter")


@pytest.mark.parametrize(
    ("arguments", "kind", "reported"),
    [
        (OVERRULE, "refusal_overruled", "the signature came by letter"),
        (WAIVE, "rule_waived", "until 2099-06-30"),
        (SILENCE, "silence_explained", "period 2025-03-01"),
        (
            ("silence", OTHER_POOL, "2025-03", "--confirmed", "--reason", "exchange data"),
            "silence_confirmed",
            OTHER_POOL,
        ),
        (DISPATCH, "dispatched", "sent_at 2025-04-30T16:20:00+05:00"),
        ((*DISPATCH, "--recipient", "a@example.kz", "--recipient", "b@example.kz"), "dispatched", "b@example.kz"),
    ],
)
def test_each_decision_is_recorded_and_reported(registry, arguments, kind, reported):
    result = decide(*arguments, "--author", "А. Бекова")
    assert result.exit_code == 0, result.output
    (event,) = events_of(registry)
    assert (event.kind, event.author) == (kind, "А. Бекова")
    assert reported in result.output
    assert "А. Бекова" in result.output
    assert str(event.path) in result.output.replace("\n", "")
    assert "after its next run" in result.output


def test_the_same_again_changes_nothing_and_says_so(registry):
    first, second = decide(*WAIVE), decide(*WAIVE)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Recorded" in first.output
    assert "On record since" in second.output
    assert len(events_of(registry)) == 1


def test_the_author_is_the_systems_user_unless_reported(registry):
    assert decide(*OVERRULE).exit_code == 0
    assert events_of(registry)[0].author == getpass.getuser()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("overrule", "2025-000099", "--reason", "r"), "2025-000099: no filing is registered"),
        (("overrule", NUMBER, "--reason", " "), "reason is empty"),
        (("overrule", NUMBER), "Missing option '--reason'"),
        ((*OVERRULE, "--author", ""), "author is empty"),
        (("waive", NUMBER, "C-12", *WAIVE[3:]), "bin/esep decide overrule 2025-000017"),
        (("waive", NUMBER, "R-31", "--until", "soon", "--reason", "r"), "'soon'"),
        (("silence", OTHER_POOL, "2025-13", "--explained", "--reason", "r"), "write it like 2025-03"),
        (("silence", OTHER_POOL, "2025-03", "--reason", "r"), "--confirmed"),
        (("dispatch", REFUSAL, "--channel", "smtp", "--proof", "x"), "'smtp'"),
        (("dispatch", REFUSAL, "--channel", "post", "--proof", "x", "--sent-at", "today"), "2025-04-29T16:20"),
        (("dispatch", "2025-000017/N-9", "--channel", "post", "--proof", "x"), "there is no such letter"),
    ],
)
def test_an_error_says_what_to_do_and_ends_with_2(registry, arguments, text):
    result = decide(*arguments)
    assert result.exit_code == 2
    assert text in result.output
    assert events_of(registry) == []


@pytest.mark.parametrize("command", ["overrule", "waive", "silence", "dispatch"])
def test_help_has_an_example(command):
    result = decide(command, "--help")
    assert result.exit_code == 0
    assert f"Example: bin/esep decide {command} 2" in result.output


CONFIRM = ("confirm", "sale_rule", "2025-01-01|miner", "--on", "2026-02-02", "--document", "letter № 12")


def test_a_reading_of_the_law_is_confirmed_by_a_document(registry: OutboxOffice) -> None:
    first, again = (decide(*CONFIRM, "--reason", "read") for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert "reference_confirmed: table sale_rule, key 2025-01-01|miner, confirmed_on 2026-02-02" in first.output
    assert "On record since" in again.output
    (event,) = (one for one in events_of(registry) if one.kind == "reference_confirmed")
    assert event.data["document"] == "letter № 12"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("confirm", "asset", "BTC"), "not a table whose rows are confirmed. These are: "),
        (("confirm", "sale_rule", "2025-01-01|pool"), "Its rows are: 2024-01-01|miner"),
        (("confirm", "sale_rule", "2025-01-01|miner", "--document", " "), "The document is empty"),
        (("confirm", "sale_rule", "2025-01-01|miner", "--on", "2999-01-01"), "the day is yet to come"),
    ],
)
def test_what_cannot_be_confirmed_says_what_there_is(registry: OutboxOffice, wrong: tuple[str, ...], said: str) -> None:
    given = decide(*wrong[:3], *CONFIRM[3:], *wrong[3:], "--reason", "read")
    assert given.exit_code == 2
    assert said in given.output
    assert not [one for one in events_of(registry) if one.kind == "reference_confirmed"]
