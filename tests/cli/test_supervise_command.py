"""`bin/esep supervise`: a day by hand, a replay, and what is reported when it cannot be done."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esep.cli.main import main
from esep.config import Settings
from warehouse.warehouse_office import POOL, Office, finding, row


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["supervise", *arguments], env={"ESEP_HOME": str(home)})


def test_a_replay_drafts_letters_and_a_second_one_nothing(tmp_path: Path) -> None:
    office = Office(Settings(home=tmp_path), live=True)
    accredited = f"{POOL},ТОО «Пул Алатау»,2025-01-01,2025-01-31,pool@example.kz"
    office.reference("pool", "pool_id,pool_name,accredited_from,accredited_to,email", accredited)
    number = office.file("2025-02-20", [row("2025-01-06")], findings=[finding("R-37")])
    first = run(tmp_path, "--since", "2025-02-10", "--as-of", "2025-03-01")
    assert first.exit_code == 0, first.output
    # Five working days before Tuesday 25 February: the 18th.
    assert "2025-02-18: 0 new faults across filings, 0 silent months, 1 reminders, 0 notices" in first.output
    assert "2025-02-21: 0 new faults across filings, 0 silent months, 0 reminders, 1 notices" in first.output
    assert (tmp_path / "outbox" / number / "notice.pdf").is_file()
    assert (tmp_path / "outbox" / f"{POOL}-2025-01" / "reminder.pdf").is_file()
    assert office.query("select letter_no from notice") == [(f"{number}/N-1",)]
    again = run(tmp_path, "--since", "2025-02-10", "--as-of", "2025-03-01")
    assert (again.exit_code, again.output) == (0, "2025-03-01: nothing new\n")


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["--as-of", "2999-01-01"], "yet to come"),
        (["--as-of", "2025-01-01", "--since", "2025-01-02"], "give the earlier day first"),
        (["--as-of", "01.02.2025"], "Invalid value"),
    ],
)
def test_days_that_cannot_be_run(tmp_path: Path, arguments: list[str], reported: str) -> None:
    result = run(tmp_path, *arguments)
    assert result.exit_code == 2
    assert reported in result.output
