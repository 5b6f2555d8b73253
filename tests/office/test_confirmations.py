"""Rows of the law's tables that the office confirms: by an event, which holds for the row as it was."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.law import tables
from esep.office import confirmations, events
from esep.office.confirmations import Confirmation
from esep.office.decisions import DecisionError

AT = datetime(2026, 2, 3, 10, tzinfo=TIMEZONE)
KEY = "2025-01-01|miner"
DOCUMENT = "Бұйрық № 12, 02.02.2026"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def confirm(settings: Settings, key: str = KEY, **other: object) -> confirmations.Recorded:
    given = {"table": "sale_rule", "confirmed_on": date(2026, 2, 2), "document": DOCUMENT, "reason": "share checked"}
    given |= {"author": "Омарова А.", "at": AT}
    return confirmations.confirm(settings, key=key, **{**given, **other})  # type: ignore[arg-type]


def test_a_row_is_confirmed_once_with_day_and_document(settings: Settings) -> None:
    assert confirmations.confirmed(settings, "sale_rule") == {}
    first, second = confirm(settings), confirm(settings)
    assert (first.written, second.written) == (True, False)
    assert len(events.read_journal(settings)) == 1
    assert confirmations.confirmed(settings, "sale_rule") == {
        KEY: Confirmation("Омарова А.", date(2026, 2, 2), DOCUMENT)
    }
    assert first.event.data["row"]["share"] == "0.75"


def test_the_last_confirmation_of_a_row_counts(settings: Settings) -> None:
    confirm(settings)
    confirm(settings, document="Бұйрық № 13", at=AT.replace(hour=11))
    assert confirmations.confirmed(settings, "sale_rule")[KEY].document == "Бұйрық № 13"


def test_an_edited_row_must_be_confirmed_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(settings)
    folder = tmp_path / "tables"
    shutil.copytree(tables.FOLDER, folder)
    table = folder / "sale_rule.csv"
    table.write_text(table.read_text("utf-8").replace("0.75", "0.80"), "utf-8")
    read = tables.read
    monkeypatch.setattr(tables, "read", lambda name: read(name, folder))
    assert confirmations.confirmed(settings, "sale_rule") == {}
    assert ("sale_rule", KEY) in confirmations.unconfirmed(settings, date(2025, 6, 1))


def test_what_nobody_confirmed_is_asked_for_from_its_first_day_on(settings: Settings) -> None:
    asked = set(confirmations.unconfirmed(settings, date(2025, 6, 1)))
    assert ("sale_rule", KEY) in asked
    assert ("sale_rule", "2024-01-01|miner") in asked, "it has ended, and still says what 2024 shows"
    assert ("sale_rule", KEY) not in set(confirmations.unconfirmed(settings, date(2024, 12, 31)))
    confirm(settings)
    assert ("sale_rule", KEY) not in set(confirmations.unconfirmed(settings, date(2025, 6, 1)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key": "2025-01-01|pool"}, r"no row of sale_rule. Its rows are: 2024-01-01\|miner"),
        ({"table": "asset"}, "'asset': not a table whose rows are confirmed. These are: .*sale_rule"),
        ({"document": " "}, "document is empty"),
        ({"reason": " "}, "reason is empty"),
        ({"confirmed_on": date(2026, 2, 4)}, "2026-02-04: the day is yet to come"),
    ],
)
def test_what_cannot_be_confirmed_is_said_and_nothing_is_written(
    settings: Settings, wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(DecisionError, match=said):
        confirm(settings, **{"key": KEY, **wrong})  # type: ignore[arg-type]
    assert events.read_journal(settings) == []
