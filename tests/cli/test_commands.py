"""`bin/esep`: exit codes, JSON, languages, and errors that say what to do."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from end_to_end import filer
from esep.cli.main import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ESEP_LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path / "home"


def esep(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_check_of_a_complete_package(tmp_path, home):
    result = esep("check", filer.write(filer.Filing(), tmp_path / "march"))
    assert result.exit_code == 0, result.output
    assert "complete" in result.output
    assert filer.POOL in result.output
    assert "March 2025" in result.output
    assert not home.exists()  # nothing is registered, nothing is left behind


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "тексерілмеген; → otinish.docx; БСН"),
        ("ru", "не проверялись; → otinish.docx; БИН"),
        ("en", "not checked; → otinish.docx; BIN"),
    ],
)
def test_check_tells_what_is_known_of_the_signature(tmp_path, language, words):
    folder = filer.write(filer.Filing(), tmp_path / "march")
    shown = " ".join(esep("check", folder, "--language", language).output.split())
    assert f"{words} {filer.POOL}" in shown
    assert "otinish.docx.p7s" in shown
    assert not {"valid", "жарамды", "действительна"} & set(shown.lower().replace(";", "").split())
    [reported] = json.loads(esep("check", folder, "--json").output)["signatures"]
    assert (reported["state"], reported["covers"]) == ("verified_chain_not_checked", "otinish.docx")


@pytest.mark.parametrize(
    ("content", "words"), [(None, "Electronic signature: none"), (b"no CMS", "otinish.docx.p7s – not confirmed")]
)
def test_check_tells_a_signature_that_is_missing_or_broken(tmp_path, content, words):
    folder = filer.write(filer.Filing(signed=False), tmp_path / "march")
    if content:
        (folder / "otinish.docx.p7s").write_bytes(content)
    assert words in " ".join(esep("check", folder).output.split())


def test_check_of_an_incomplete_package_as_json(tmp_path):
    cells = filer.row(2)
    cells[4] = None
    folder = filer.write(filer.Filing(rows=[filer.row(1), cells], signed=False), tmp_path / "march")
    result = esep("check", folder, "--json")
    assert result.exit_code == 1
    reported = json.loads(result.output)
    assert (reported["verdict"], reported["complete"], reported["pool_id"], reported["period"]) == (
        "refused",
        False,
        filer.POOL,
        "2025-03-01",
    )
    refusing = [(f["file"], f["row"], f["column_no"]) for f in reported["findings"] if f["lane"] == "completeness"]
    assert refusing == [(None, None, None), ("1-CM.xlsx", 10, "5")]


@pytest.mark.parametrize(
    ("language", "word"), [("kk", "толық емес"), ("ru", "неполон"), ("en", "incomplete")], ids=["kk", "ru", "en"]
)
def test_check_speaks_three_languages(tmp_path, language, word):
    folder = filer.write(filer.Filing(signed=False), tmp_path / "march")
    result = esep("check", folder, "--language", language)
    assert result.exit_code == 1
    assert word in result.output
    assert "C-12" in result.output


def test_check_lists_the_first_remark_of_a_rule_or_all(tmp_path):
    rows = [filer.row(number, quantity="many") for number in range(1, 6)]
    folder = filer.write(filer.Filing(rows=rows), tmp_path / "march")
    short, full = esep("check", folder), esep("check", folder, "--all")
    assert "and 4 more" in short.output
    assert "more" not in full.output
    assert full.output.count("many") > short.output.count("many")


@pytest.mark.parametrize("content", [None, "folder"])
def test_check_of_nothing_is_unusable(tmp_path, content):
    path = tmp_path / "nothing"
    if content == "folder":
        path.mkdir()
    result = esep("check", path)
    assert result.exit_code == 2
    assert str(path) in result.output


def test_template_writes_forms_that_open(tmp_path):
    result = esep("template", tmp_path / "forms")
    assert result.exit_code == 0, result.output
    written = [Path(line) for line in result.output.splitlines()]
    assert written
    assert all(path.is_file() for path in written)
    for path in written:
        if path.suffix == ".xlsx":
            assert load_workbook(path).sheetnames


def test_template_into_a_file_is_an_error(tmp_path):
    (tmp_path / "forms").write_text("a file")
    assert esep("template", tmp_path / "forms").exit_code == 2


def test_rebuild_publishes_a_snapshot(home):
    result = esep("rebuild")
    assert result.exit_code == 0, result.output
    connection = duckdb.connect(str(home / "warehouse" / "esep.duckdb"), read_only=True)
    try:
        assert connection.execute("SELECT count(*) FROM filing").fetchone() == (0,)
    finally:
        connection.close()


@pytest.mark.parametrize(("name", "value"), [("ESEP_INBOX_SETTLE_SECONDS", "soon"), ("ESEP_DUCKDB_MEMORY_MB", "100")])
def test_a_wrong_setting_is_named(monkeypatch, tmp_path, name, value):
    monkeypatch.setenv(name, value)
    result = esep("check", tmp_path)
    assert result.exit_code == 2
    assert name in result.output
