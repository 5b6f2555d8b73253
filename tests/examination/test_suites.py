"""The suites as data: what they hold, what they let people change, and how a mistake in them is reported."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esep.examination import suites
from esep.examination.frame_columns import COLUMNS, STAGES
from esep.examination.model import Lane, Verdict
from esep.examination.suites import LANGUAGES, SuiteError
from examination.package_builder import examined, form, found, package, row, settings

EXPECTATIONS = settings().expectations
KAZAKH_LETTERS = set("әғқңөұүһі")


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXPECTATIONS, tmp_path / "expectations"))


def edited(folder: Path, stage: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
    path = folder / f"{stage}.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    change(suite["expectations"])
    path.write_text(json.dumps(suite, ensure_ascii=False), encoding="utf-8")


def test_every_text_is_there_in_three_languages_and_they_differ() -> None:
    for rule in suites.load(settings()).rules:
        for sentences in (rule.text, rule.todo):
            assert len({sentences[language] for language in LANGUAGES}) == 3, rule.rule_id
            assert all(sentence.endswith(".") for sentence in sentences.values()), rule.rule_id
        kazakh = rule.text["kk"] + rule.todo["kk"]
        assert KAZAKH_LETTERS & set(kazakh.lower()), rule.rule_id
        assert not KAZAKH_LETTERS & set((rule.text["ru"] + rule.todo["ru"]).lower()), rule.rule_id
        english = (rule.text["en"] + rule.todo["en"]).replace("1-ЦМ", "").replace("№", "")
        assert not any("\u0400" <= sign <= "\u04ff" for sign in english), rule.rule_id


def test_lanes_follow_the_paragraphs() -> None:
    for rule in suites.load(settings()).rules:
        expected = "8" if rule.lane is Lane.COMPLETENESS else "10"
        if rule.stage != "files":
            assert expected in rule.paragraph.replace("Annex 1", "").replace("Annex 2", ""), rule.rule_id


def test_great_expectations_loads_each_suite_as_it_stands() -> None:
    import great_expectations

    for stage in STAGES:
        content = json.loads((EXPECTATIONS / f"{stage}.json").read_text(encoding="utf-8"))
        suite = great_expectations.ExpectationSuite(**content)
        assert len(suite.expectations) == len(content["expectations"])


def test_every_helper_column_is_used_or_described() -> None:
    for stage, columns in COLUMNS.items():
        assert all(description.strip() for description in columns.values()), stage


def test_moving_a_rule_to_the_other_lane_changes_the_verdict(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    broken = package([form([row(1, wallet=None)])])
    assert examined(broken).verdict is Verdict.REFUSED

    def move(rules: list[dict[str, Any]]) -> None:
        for rule in rules:
            if rule["meta"]["rule"] == "C-45":
                rule["meta"]["lane"] = "reliability"

    edited(folder, "rows", move)
    with_rules = settings(expectations=folder)
    examination = examined(broken, with_settings=with_rules)
    assert examination.verdict is Verdict.ACCEPTED
    assert found(examination, "C-45")[0].lane is Lane.RELIABILITY
    assert examination.ruleset != examined(broken).ruleset


def test_rewording_and_removing_need_the_file_only(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    broken = package([form([row(1, wallet=None, quantity="x")])])

    def change(rules: list[dict[str, Any]]) -> None:
        rules[:] = [rule for rule in rules if rule["meta"]["rule"] != "R-52"]
        for rule in rules:
            if rule["meta"]["rule"] == "C-45":
                rule["meta"]["text"]["en"] = "Row {row}, column {column} of {sheet}: no wallet."

    edited(folder, "rows", change)
    examination = examined(broken, with_settings=settings(expectations=folder))
    assert found(examination, "C-45")[0].message_en.startswith("Row 12, column 5 of 1-ЦМ: no wallet.")
    assert found(examination, "R-52") == []


def test_a_rule_of_another_kind_of_expectation_works(tmp_path: Path) -> None:
    folder = copied(tmp_path)

    def change(rules: list[dict[str, Any]]) -> None:
        new = json.loads(json.dumps(rules[0]))
        new["type"], new["kwargs"] = "expect_column_values_to_match_regex", {"column": "miner_name", "regex": "^ЖШС"}
        new["meta"] |= {"rule": "R-199", "lane": "reliability", "found": "miner_name", "column_no": "2"}
        rules.append(new)

    edited(folder, "rows", change)
    examination = examined(
        package([form([row(1), row(2, miner_name="Дала")])]), with_settings=settings(expectations=folder)
    )
    assert [(one.row, one.found) for one in found(examination, "R-199")] == [(13, "Дала")]


def _drop(key: str) -> Callable[[list[dict[str, Any]]], None]:
    return lambda rules: rules[0]["meta"].pop(key)


def _set(key: str, value: Any) -> Callable[[list[dict[str, Any]]], None]:
    return lambda rules: rules[0]["meta"].update({key: value})


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (_drop("lane"), "lacks lane"),
        (_set("lane", "refusal"), "lane 'refusal'"),
        (_set("severity", "fatal"), "severity 'fatal'"),
        (_set("stage", "form"), "stage 'form'"),
        (_set("rule", "X-1"), "C-nn or R-nn"),
        (_set("found", "nothing"), "no column 'nothing'"),
        (_set("expected_column", "nothing"), "no column 'nothing'"),
        (_set("text", {"kk": "a", "ru": "b"}), "languages kk, ru, en"),
        (_set("text", {"kk": "a", "ru": "b", "en": " "}), "text.en must be a text"),
        (_set("text", {"kk": "a", "ru": "b", "en": "{cell}"}), "unknown {cell}"),
        (_set("text", {"kk": "a", "ru": "b", "en": "{"}), "text.en"),
        (_set("paragraf", "8"), "unknown keys paragraf"),
        (lambda rules: rules[0]["kwargs"].update(column="nothing"), "no column 'nothing'"),
        (lambda rules: rules[0].pop("meta"), 'no object "meta"'),
        (lambda rules: rules[0].pop("kwargs"), '"kwargs"'),
        (lambda rules: rules[0].update(type="drop table"), '"type"'),
        (lambda rules: rules[1]["meta"].update(rule=rules[0]["meta"]["rule"], severity="warning"), "one lane"),
    ],
)
def test_a_mistake_in_a_suite_is_reported_with_file_and_rule(
    tmp_path: Path, change: Callable[[list[dict[str, Any]]], None], reported: str
) -> None:
    folder = copied(tmp_path)
    edited(folder, "rows", change)
    with pytest.raises(SuiteError) as error:
        suites.load(settings(expectations=folder))
    assert reported in str(error.value)
    assert str(folder) in str(error.value)


def test_what_is_no_suite_is_reported(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "form.json").write_text("{", encoding="utf-8")
    with pytest.raises(SuiteError, match=r"form\.json: not JSON"):
        suites.load(settings(expectations=folder))
    (folder / "form.json").write_text("[]", encoding="utf-8")
    with pytest.raises(SuiteError, match=r"form\.json: a suite is an object"):
        suites.load(settings(expectations=folder))
    (folder / "form.json").unlink()
    with pytest.raises(SuiteError, match=r"form\.json: cannot be read"):
        suites.ruleset(settings(expectations=folder))


def test_the_ruleset_changes_with_any_byte(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    with_rules = settings(expectations=folder)
    assert suites.ruleset(with_rules) == suites.ruleset(settings()) == suites.load(with_rules).ruleset
    assert re.fullmatch("[0-9a-f]{16}", suites.ruleset(with_rules))
    path = folder / "package.json"
    path.write_bytes(path.read_bytes() + b"\n")
    assert suites.ruleset(with_rules) != suites.ruleset(settings())
