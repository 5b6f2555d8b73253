"""A quarter of the demo through the library, without Airflow: every figure must be the expected one."""

import io

import pytest
from rich.console import Console

from esep import clock
from esep.config import Settings
from esep.demo import __main__ as command
from esep.demo import expected, summary
from esep.demo.generate import generate
from esep.demo.scenario import SMALL
from esep.examination.pending import examine_pending, identity_of
from esep.office import archive
from esep.office.intake import register_waiting
from esep.warehouse.rebuild import refresh


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The home of a finished demo, with what was generated and what was registered."""
    home = tmp_path_factory.mktemp("demo")
    settings = Settings(home=home, inbox_settle_seconds=0.0)
    demo = generate(home, story=SMALL)
    now = clock.now()
    registered = register_waiting(settings, now, identity_of(settings, now))
    examine_pending(settings, now)
    refresh(settings, now)
    return settings, demo, registered


@pytest.mark.slow
def test_every_figure_is_the_expected_one(run):
    comparison = expected.compare(run[0])
    assert comparison.differences == ()
    names = {sheet.name for sheet in expected.SHEETS} | {expected.FINDING.name, "reconciliation"}
    assert set(comparison.compared) == names
    assert all(comparison.compared.values())


def test_duplicates_led_to_no_filing(run):
    _, demo, registered = run
    assert {item.source_name: item.number for item in registered if item.duplicate} == demo.ledger.duplicates


def test_the_signatures_of_the_demo_hold(run):
    settings, demo, _ = run
    signatures = [reported for entry in archive.registered(settings) for reported in entry.verdict["signatures"]]
    assert {(reported["state"], reported["detail_code"], bool(reported["covers"])) for reported in signatures} == {
        ("verified_chain_not_checked", None, True)
    }
    assert {reported["signer_bin"] for reported in signatures} == {pool.number for pool in demo.plan.pools}


def test_a_wrong_expectation_is_reported(run):
    settings, _, _ = run
    path = expected.OBLIGATION.file(settings.home)
    right = path.read_text(encoding="utf-8")
    lines = right.splitlines(keepends=True)
    path.write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")
    try:
        comparison = expected.compare(settings)
    finally:
        path.write_text(right, encoding="utf-8")
    assert not comparison.agrees
    assert [(d.sheet, d.expected, d.actual) for d in comparison.differences] == [
        ("sale_obligation", "(no such row)", "present")
    ]
    reported = io.StringIO()
    summary.print_comparison(comparison, Console(file=reported, width=100))
    assert "differ from the expected ones" in reported.getvalue()


def test_the_summary_fits_100_columns_and_holds_both_answers(run):
    settings, demo, _ = run
    reported = io.StringIO()
    console = Console(file=reported, width=100)
    summary.print_tables(settings, (*summary.FIGURES, *summary.PROCEDURE), console)
    summary.print_comparison(expected.compare(settings), console)
    summary.print_places(settings, console)
    text = reported.getvalue()
    assert "Everything agrees with the expected figures." in text
    for title in ("Months by pool", "Refused", "Annual income", "To be sold", "Not valued", "Where things are"):
        assert title in text
    assert all(pool.name in text for pool in demo.plan.pools)
    tables = [line for line in text.splitlines() if line.startswith(("│", "┃", "┏", "└"))]
    assert max(map(len, tables)) <= 100


def test_the_command_can_only_generate(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "generate", lambda home, seed, progress: generate(home, seed, SMALL, progress))
    home = tmp_path / "home"
    assert command.main(["--home", str(home), "--only-generate"]) == 0
    assert "packages of 2 fictional pools" in " ".join(capsys.readouterr().out.split())
    assert len(list((home / "inbox").iterdir())) > 6
