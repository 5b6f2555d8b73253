"""`esep-check`: `bin/esep check` under a name of its own; and what a refusal would enclose."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from end_to_end import filer
from esep.cli.checker import main as checker
from esep.cli.main import main as esep
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.examination import suites
from esep.examination.examine import check_path
from esep.letters import enclosures, outbox
from letters.letter_office import Office


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ESEP_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "home"


def ran(command, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Two rows, of which the second has no wallet and a quantity that cannot be read."""
    cells = filer.row(2, wallet=None, quantity="1.2.3")
    return filer.write(filer.Filing(rows=[filer.row(1), cells], signed=False), tmp_path / "march")


@pytest.mark.parametrize("options", [(), ("--json",), ("--rows",), ("--rows", "--json"), ("--language", "kk")])
def test_a_path_is_checked_as_bin_esep_checks_it(faulty: Path, options: tuple[str, ...]) -> None:
    expected = ran(esep, "check", faulty, *options)
    assert expected.exit_code == 1
    for arguments in ((faulty, *options), (*options, faulty), ("check", faulty, *options)):
        done = ran(checker, *arguments)
        assert (done.exit_code, done.output) == (expected.exit_code, expected.output)


def test_exit_codes_are_those_of_check(tmp_path: Path) -> None:
    assert ran(checker, filer.write(filer.Filing(), tmp_path / "good")).exit_code == 0
    nothing = ran(checker, tmp_path / "nothing")
    assert nothing.exit_code == 2
    assert "there is no such file or folder" in nothing.output


def test_version_names_code_and_rules(home: Path) -> None:
    done = ran(checker, "--version")
    assert done.output.split() == [
        "esep-check",
        f"{suites.code_version()},",
        "ruleset",
        suites.ruleset(Settings(home=home)),
    ]


def test_version_without_rules_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_EXPECTATIONS", str(tmp_path))
    done = ran(checker, "--version")
    assert done.exit_code == 2
    assert "files.json: cannot be read" in done.output


def test_help_names_the_command_that_was_called() -> None:
    for arguments in (("--help",), ("check", "--help"), ("template", "--help")):
        shown = ran(checker, *arguments).output
        assert "esep-check" in shown
        assert "bin/esep" not in shown


def test_blank_forms_are_written(tmp_path: Path) -> None:
    done = ran(checker, "template", tmp_path / "forms")
    assert done.exit_code == 0
    assert (tmp_path / "forms" / "1-ЦМ_kk.xlsx").exists()


def test_without_a_register_the_rules_that_need_it_are_named(faulty: Path, home: Path) -> None:
    shown = ran(checker, faulty).output
    assert "No register of pools is given: the rules that compare with it were not applied (R-" in shown
    named = shown.partition("not applied (")[2].partition(")")[0].split(", ")
    texts = {one.rule_id: one.text["en"] for one in suites.load(Settings(home=home)).rules}
    assert len(named) > 1
    assert all("regist" in texts[rule_id] or "accredit" in texts[rule_id] for rule_id in named), named
    (home / "reference").mkdir(parents=True)
    pools = "pool_id,pool_name,accredited_from,accredited_to\n"
    (home / "reference" / "pool.csv").write_text(f"{pools}{filer.POOL},Пул,2024-01-01,\n", encoding="utf-8")
    assert "No register of pools" not in ran(checker, faulty).output


def test_the_workbook_has_a_comment_on_each_faulty_cell(faulty: Path, tmp_path: Path) -> None:
    done = ran(esep, "check", faulty, "--json", "--workbook", tmp_path / "remarks")
    assert done.exit_code == 1, done.output
    written = [Path(name) for name in json.loads(done.output)["workbooks"]]
    assert [path.name for path in written] == ["findings.xlsx", "workbook-1.xlsx"]
    assert sorted(path.name for path in (tmp_path / "remarks").iterdir()) == ["findings.xlsx", "workbook-1.xlsx"]
    book = load_workbook(written[1])
    summary = [str(cell.value) for row in book.worksheets[0].iter_rows(max_row=4) for cell in row]
    assert any("Check of a package that is not registered" in line for line in summary), summary
    comments = {cell.column: cell.comment.text for row in book.worksheets[1] for cell in row if cell.comment}
    assert set(comments) == {5, 8}
    assert "C-45" in comments[5]
    assert "R-52" in comments[8]


def test_findings_are_those_that_a_refusal_encloses(tmp_path: Path) -> None:
    office, now = Office(tmp_path / "office"), datetime(2025, 4, 29, 9, tzinfo=TIMEZONE)
    office.workbook()
    examination = check_path(office.package, office.settings, now)
    assert examination.verdict == "refused"
    refusal = outbox.write_refusal(office.settings, office.register(), list(examination.findings), now.date())
    written = enclosures.write(office.package, examination.findings, tmp_path / "remarks", now.date(), office.settings)
    assert [path.name for path in written if path.read_bytes() == (refusal.folder / path.name).read_bytes()] == [
        "findings.xlsx"
    ]
    assert {path.name for path in written} == {path.name for path in refusal.folder.glob("*.xlsx")}


def test_a_package_without_findings_has_no_workbook(tmp_path: Path) -> None:
    good = filer.write(filer.Filing(), tmp_path / "good")
    done = ran(esep, "check", good, "--json", "--workbook", tmp_path / "remarks")
    assert json.loads(done.output)["workbooks"] == []
    assert not (tmp_path / "remarks").exists()


def test_no_file_is_written_over(faulty: Path, tmp_path: Path) -> None:
    (tmp_path / "remarks").mkdir()
    (tmp_path / "remarks" / "workbook-1.xlsx").write_text("mine")
    done = ran(esep, "check", faulty, "--workbook", tmp_path / "remarks")
    assert done.exit_code == 2
    assert "workbook-1.xlsx is there already" in done.output
    assert [path.name for path in (tmp_path / "remarks").iterdir()] == ["workbook-1.xlsx"]
    assert (tmp_path / "remarks" / "workbook-1.xlsx").read_text() == "mine"
