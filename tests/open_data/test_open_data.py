"""Rules and form for programs: held to their schema, and to what expectations/ and the tables of the law say."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from esep import open_data
from esep.cli.main import main
from esep.config import PROJECT, Settings
from esep.examination import suites
from esep.law import form_versions, tables
from esep.open_data import DataSet

SETS = pytest.mark.parametrize("data", open_data.ALL.values(), ids=lambda data: data.name)
FORMATS = jsonschema.FormatChecker(("date",))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path))
    return Settings(home=tmp_path)


def meta(stage: str) -> list[dict[str, Any]]:
    suite = json.loads((PROJECT / "expectations" / f"{stage}.json").read_text(encoding="utf-8"))
    return [one["meta"] for one in suite["expectations"]]


@SETS
def test_the_document_is_as_its_schema_says(data: DataSet, home: Settings) -> None:
    jsonschema.Draft202012Validator.check_schema(data.schema)
    document = json.loads(json.dumps(data.document(home)))
    jsonschema.validate(document, data.schema, format_checker=FORMATS)
    assert (document["schema"], document["ruleset"]) == (data.schema["title"], suites.ruleset(home))
    broken = {**document, data.key: [{**document[data.key][0], "column_no": 5}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, data.schema)


@SETS
def test_a_line_of_the_csv_file_is_a_record(data: DataSet, home: Settings) -> None:
    lines = list(csv.DictReader(io.StringIO(data.csv(home))))
    read = [{name: value or None for name, value in line.items()} for line in lines]
    assert read == data.document(home)[data.key]
    assert list(lines[0]) == list(data.schema["$defs"]["record"]["properties"])


def test_each_rule_of_the_suites_is_there_with_its_own_words(home: Settings) -> None:
    records = open_data.RULES.document(home)["rules"]
    stages = [path.stem for path in (PROJECT / "expectations").glob("*.json")]
    written = {
        (one["rule"], one["lane"], one["severity"], stage, column)
        for stage in stages
        for one in meta(stage)
        for column in [of["column_no"] for of in one.get("columns", [])] or [one["column_no"]]
    }
    assert {
        (one["rule_id"], one["lane"], one["severity"], one["stage"], one["column_no"]) for one in records
    } == written
    plain = {one["rule"]: one["text"] for stage in stages for one in meta(stage) if "{" not in one["text"]["kk"]}
    assert len(plain) > 20
    for one in (one for one in records if one["rule_id"] in plain and one["column_no"] is None):
        assert {language: one[f"text_{language}"] for language in ("kk", "ru", "en")} == plain[one["rule_id"]]
    assert len({tuple(one.values()) for one in records}) == len(records)


def test_what_a_filer_cannot_check_is_marked(home: Settings) -> None:
    needs = {one["rule_id"]: one["needs"] for one in open_data.RULES.document(home)["rules"]}
    assert {rule_id for rule_id, of in needs.items() if of == "other_filings"} == {
        one["rule"] for one in meta("across_filings")
    }
    assert {rule_id for rule_id, of in needs.items() if of == "register"} == {"R-19", "R-20", "R-25"}
    assert needs["C-45"] is None


def test_a_reworded_rule_is_another_ruleset(home: Settings, tmp_path: Path) -> None:
    folder = shutil.copytree(PROJECT / "expectations", tmp_path / "expectations")
    rows = folder / "rows.json"
    rows.write_text(rows.read_text(encoding="utf-8").replace("R-52", "R-99"), encoding="utf-8")
    changed = open_data.RULES.document(Settings(home=tmp_path, expectations=folder))
    assert "R-99" in {one["rule_id"] for one in changed["rules"]}
    assert {one["ruleset"] for one in changed["rules"]} == {changed["ruleset"]}
    assert changed["ruleset"] != open_data.RULES.document(home)["ruleset"]


def test_the_form_has_its_columns_in_each_version(home: Settings) -> None:
    records = open_data.FORM.document(home)["columns"]
    printed = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "9.1", "9.2"]
    for version in tables.read("form_version"):
        of_version = [one for one in records if one["form_version"] == version["form_version"]]
        assert [one["column_no"] for one in of_version] == printed
        assert {one["form_valid_from"] for one in of_version} == {version["valid_from"].isoformat()}
    wallet = next(one for one in records if one["name"] == "wallet")
    assert (wallet["kind"], wallet["heading_ru"]) == ("wallet", "Реквизиты (адрес) цифрового электронного кошелька")


def test_a_column_that_begins_later_belongs_to_the_versions_that_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = form_versions.all_columns()
    first, last = form_versions.versions()
    assert first.valid_to is not None
    [wallet] = [one for one in rows if one.name == "wallet"]
    moved = replace(wallet, name="later", valid_from=last.valid_from)
    monkeypatch.setattr(form_versions, "all_columns", lambda: (*rows, moved))
    assert "later" not in {one.name for one in first.columns}
    assert "later" in {one.name for one in last.columns}
    ended = form_versions.FormVersion("before", date(2000, 1, 1), date(2001, 1, 1))
    assert ended.columns == ()


@pytest.mark.parametrize("options", [(), ("--form",)])
def test_the_command_prints_the_same(home: Settings, options: tuple[str, ...]) -> None:
    data = open_data.FORM if options else open_data.RULES

    def printed(*more: str) -> str:
        done = CliRunner().invoke(main, ["rules", *options, *more])
        assert done.exit_code == 0, done.output
        return done.output

    assert json.loads(printed("--format", "json")) == json.loads(printed("--json")) == data.document(home)
    assert printed("--format", "csv") == data.csv(home)
    assert json.loads(printed("--schema")) == data.schema
    shown = " ".join(printed("--language", "kk").split())
    assert ("Лицензияның нөмірі" if options else "C-45") in shown


def test_rules_that_cannot_be_read_are_named(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_EXPECTATIONS", str(home.home))
    done = CliRunner().invoke(main, ["rules", "--format", "csv"])
    assert done.exit_code == 2
    assert "files.json: cannot be read" in done.output
