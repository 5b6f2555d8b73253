"""The list for a native speaker, and corrections that come back: exactly these values, or nothing at all."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from esep.cli.main import main
from esep.config import PROJECT, Settings
from esep.law import tables
from esep.office.archive import RECIPIENTS
from esep.texts import LANGUAGES, catalogue, proofreading
from esep.texts.proofreading import ProofreadingError

Rows = list[dict[str, str]]


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The texts of the checkout, in folders of the test's own."""
    for name, source in (
        ("texts", PROJECT / "plugins/esep/texts"),
        ("tables", tables.FOLDER),
        ("rules", PROJECT / "expectations"),
    ):
        shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setattr(proofreading, "_CATALOGUES", tmp_path / "texts")
    monkeypatch.setattr(tables, "FOLDER", tmp_path / "tables")
    return Settings(home=tmp_path / "home", expectations=tmp_path / "rules")


def listed(settings: Settings, language: str = "kk") -> Rows:
    content = proofreading.as_csv(proofreading.texts_of(settings, language), language)
    return list(csv.DictReader(io.StringIO(content)))


def back(settings: Settings, rows: Rows, language: str = "kk", **how: str) -> list[str]:
    """Apply the rows as a file of their own."""
    file = settings.expectations.parent / "corrected.csv"
    with file.open("w", encoding=how.get("encoding", "utf-8"), newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=how.get("delimiter", ","))
        writer.writeheader()
        writer.writerows(rows)
    return proofreading.apply(settings, language, file)


def bytes_of(settings: Settings) -> dict[str, bytes]:
    folder = settings.expectations.parent
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for name in ("texts", "tables", "rules")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


def test_the_list_has_every_text_once() -> None:
    settings = Settings(home=Path("none"))
    for language in LANGUAGES:
        rows = listed(settings, language)
        keys = [row["key"] for row in rows]
        assert len(keys) == len(set(keys))
        values = {row[language] for row in rows}
        for words in catalogue().values():
            of_language = words.get(language, "")
            for one in [of_language] if isinstance(of_language, str) else of_language.values():
                assert one in values or not one
        for path in settings.expectations.glob("*.json"):
            for item in json.loads(path.read_text(encoding="utf-8"))["expectations"]:
                assert {item["meta"]["text"][language], item["meta"]["todo"][language]} <= values
        assert {getattr(recipient, language) for recipient in RECIPIENTS} <= values


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_round_trip_without_a_change_touches_no_byte(copies: Settings, language: str) -> None:
    before = bytes_of(copies)
    assert back(copies, listed(copies, language), language) == []
    assert bytes_of(copies) == before


def changed(rows: Rows, **texts: str) -> Rows:
    """The rows with other Kazakh texts, by key with `__` for the point."""
    wanted = {key.replace("__", "."): text for key, text in texts.items()}
    assert set(wanted) <= {row["key"] for row in rows}
    return [row | {"kk": wanted.get(row["key"], row["kk"])} for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_corrections_stand_where_the_texts_stood(copies: Settings, delimiter: str) -> None:
    before = bytes_of(copies)
    new = 'Тірек "сөз" \\ мен {day}, нүктелі үтір; үтір'
    rows = changed(
        listed(copies),
        letter__dated=new,
        law__obligation_kind__examine__text="Толықтығын, иә",
    )
    rows = [row | {"kk": "Жаңа мәтін."} if row["key"] == "rule.C-45.todo" else row for row in rows]
    assert back(copies, rows, delimiter=delimiter, encoding="utf-8-sig") == [
        "letter.dated",
        "rule.C-45.todo",
        "law.obligation_kind.examine.text",
    ]
    folder = copies.expectations.parent
    assert tomllib.loads((folder / "texts/letter.toml").read_text(encoding="utf-8"))["dated"]["kk"] == new
    with (folder / "tables/obligation_kind.csv").open(encoding="utf-8") as file:
        assert {row["kind"]: row["text_kk"] for row in csv.DictReader(file)}["examine"] == "Толықтығын, иә"
    metas = [
        item["meta"] for item in json.loads((folder / "rules/rows.json").read_text(encoding="utf-8"))["expectations"]
    ]
    assert {meta["todo"]["kk"] for meta in metas if meta["rule"] == "C-45"} == {"Жаңа мәтін."}
    assert "Жаңа мәтін." not in {meta["todo"]["kk"] for meta in metas if meta["rule"] == "C-46"}
    after = bytes_of(copies)
    assert {name for name in after if after[name] != before[name]} == {
        "texts/letter.toml", "tables/obligation_kind.csv", "rules/rows.json",
    }  # fmt: skip
    for name in ("texts/letter.toml", "tables/obligation_kind.csv", "rules/rows.json"):
        lines = zip(before[name].splitlines(), after[name].splitlines(), strict=True)
        assert sum(one != other for one, other in lines) == 1, name


def test_a_plural_form_is_a_line_of_its_own(copies: Settings) -> None:
    rows = listed(copies, "ru")
    wanted = [
        row | {"ru": "с опозданием на {number} день"} if row["key"] == "filing.days_late.one" else row for row in rows
    ]
    assert back(copies, wanted, "ru") == ["filing.days_late.one"]
    made = tomllib.loads((copies.expectations.parent / "texts/filing.toml").read_text(encoding="utf-8"))
    assert made["days_late"]["ru"]["one"] == "с опозданием на {number} день"


def test_what_a_law_table_says_in_many_rows_is_corrected_in_all(copies: Settings) -> None:
    name = "Жаңа жыл"
    key = next(row["key"] for row in listed(copies) if row["key"].startswith("law.holiday.") and row["kk"] == name)
    back(copies, changed(listed(copies), **{key.replace(".", "__"): "Жаңа жыл мерекесі"}))
    content = (copies.expectations.parent / "tables/holiday.csv").read_text(encoding="utf-8")
    assert f",{name}," not in content
    assert content.count(",Жаңа жыл мерекесі,") == (tables.FOLDER / "holiday.csv").read_text(encoding="utf-8").count(
        ",New Year's Day,Новый год,"
    )


def _unknown(rows: Rows) -> Rows:
    return [{"key": "letter.nowhere", "kk": "x", "en": ""}, *rows]


def _lost_placeholder(rows: Rows) -> Rows:
    return changed(rows, letter__dated="Күні: {date}", letter__bin="БСН")


def _broken_brace(rows: Rows) -> Rows:
    return changed(rows, letter__dated="Күні: {day")


def _emptied(rows: Rows) -> Rows:
    return changed(rows, letter__dated="  ")


def _line_break(rows: Rows) -> Rows:
    return changed(rows, letter__to="Кімге\nменен")


def _twice(rows: Rows) -> Rows:
    return [*rows, rows[0]]


def _of_older_texts(rows: Rows) -> Rows:
    other = {"kk": "Жаңа", "en": "Something else"}
    return [row | other if row["key"] == "letter.registration_no" else row for row in rows]


@pytest.mark.parametrize(
    ("spoil", "reported"),
    [
        (_unknown, ["line 2: letter.nowhere: no text has this key"]),
        (
            _lost_placeholder,
            ["letter.dated: placeholders {date}, expected {day}", "letter.bin: placeholders none, expected {id}"],
        ),
        (_broken_brace, ["letter.dated: a brace without its other half"]),
        (_emptied, ["letter.dated: the text is empty"]),
        (_line_break, ["letter.to: a line break or another invisible character"]),
        (_twice, ["alarm.failed: 2 lines have this key"]),
        (_of_older_texts, ["letter.registration_no: the English text is another by now: 'Registration number'"]),
    ],
)
def test_one_line_that_cannot_be_used_holds_back_all(
    copies: Settings, spoil: Callable[[Rows], Rows], reported: list[str]
) -> None:
    before = bytes_of(copies)
    rows = spoil(changed(listed(copies), letter__signer="Жауапты адам"))
    with pytest.raises(ProofreadingError, match="nothing is changed") as raised:
        back(copies, rows)
    for line in reported:
        assert line in str(raised.value)
    assert bytes_of(copies) == before


def test_a_list_in_part_changes_only_its_lines(copies: Settings) -> None:
    rows = [{"key": "letter.signer", "kk": "Жауапты адам"}]
    assert back(copies, rows) == ["letter.signer"]


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        (b"key;ru\n", "no column kk on line 1"),
        ("key,kk\nletter.to,Кімге\n".encode("cp1251", "replace"), "no UTF-8 text"),
        (b'key,kk\n"letter.to,x\n', "unexpected end of data"),
    ],
)
def test_a_file_that_is_no_such_list(copies: Settings, content: bytes, reported: str) -> None:
    file = copies.expectations.parent / "list.csv"
    file.write_bytes(content)
    with pytest.raises(ProofreadingError, match=reported):
        proofreading.apply(copies, "kk", file)


def test_the_command_writes_prints_and_applies(
    copies: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESEP_HOME", str(copies.home))
    monkeypatch.setenv("ESEP_EXPECTATIONS", str(copies.expectations))
    file = tmp_path / "texts-kk.csv"
    run = CliRunner().invoke
    assert run(main, ["texts", "--language", "kk", "--to", str(file)]).exit_code == 0
    printed = run(main, ["texts", "--language", "kk"])
    assert printed.output == file.read_text(encoding="utf-8-sig")
    content = file.read_text(encoding="utf-8-sig").replace(
        "letter.signer,Лауазымды адам,", "letter.signer,Жауапты адам,"
    )
    file.write_text(content, encoding="utf-8-sig")
    done = run(main, ["texts", "--language", "kk", "--apply", str(file), "--json"])
    assert json.loads(done.output) == {"changed": ["letter.signer"]}
    file.write_text("key,kk\nnowhere,x\n", encoding="utf-8")
    failed = run(main, ["texts", "--language", "kk", "--apply", str(file)])
    assert (failed.exit_code, "nowhere: no text has this key" in failed.output) == (2, True)
