"""What is said of files and signatures: each code that the code gives is in the catalogue, with the same values."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from esep import texts
from esep.config import PROJECT
from esep.detail import Detail
from esep.texts.words import detail_words, found_words

LIBRARY = PROJECT / "plugins" / "esep"
GIVERS = {"FileError": 1, "Detail": 0, "of": 0, "damaged_workbook": 0, "_invalid": 0, "absent": 0}
"""Functions that are given a code, and the place of it among their arguments."""
SENTENCES = {
    key.removeprefix("detail."): words for key, words in texts.catalogue().items() if key.startswith("detail.")
}


def given() -> Iterator[tuple[str, frozenset[str] | None]]:
    """Codes in the source, with the names of their values; None where these are not given by name."""
    for room in ("forms", "signature", "examination"):
        for path in sorted((LIBRARY / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield from _given(node)


def _given(node: ast.Call) -> Iterator[tuple[str, frozenset[str] | None]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "of" and not (isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "Detail"):
        return
    place = GIVERS.get(name)
    if place is None or len(node.args) <= place or isinstance(node.args[place], ast.Subscript):
        return
    named = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
    by_name = name in ("FileError", "of") and len(named) == len(node.keywords)
    for part in ast.walk(node.args[place]):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value, named if by_name else None


def fields(words: texts.Words) -> list[frozenset[str]]:
    forms = [words] if isinstance(words, str) else list(words.values())
    return [frozenset(name for _, name, _, _ in string.Formatter().parse(form) if name) for form in forms]


def test_each_code_has_its_sentence_with_the_values_that_it_is_given() -> None:
    found = list(given())
    assert len(found) > 70
    assert {code for code, _ in found if code not in SENTENCES} == set()
    wrong = [
        (code, named)
        for code, named in found
        if named is not None and any(names != named for words in SENTENCES[code].values() for names in fields(words))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 часть"), (3, "3 части"), (11, "11 частей"), (10_021, "10021 часть")]
)
def test_a_number_chooses_the_form_of_the_word(number: int, words: str) -> None:
    assert detail_words(Detail.of("too_many_parts", number=number), "ru") == f"В файле {words}."
    assert detail_words(Detail.of("too_many_parts", number=number), "kk") == f"Файл {number} бөліктен тұрады."


def test_plural_forms_need_a_number() -> None:
    with pytest.raises(TypeError, match="number"):
        texts.text("detail.too_many_parts", "ru")


def test_a_detail_survives_as_json() -> None:
    detail = Detail.of("doubled_part", part='xl/"a".xml\ud800')
    assert Detail.from_json(detail.as_json()) == detail
    assert Detail.from_json(None) is None


def test_old_records_hold_the_sentence_alone() -> None:
    assert found_words("The file is empty.", None, "kk", is_of_cell=False) == "Файл бос."
    assert found_words("The file has 7 parts.", None, "kk", is_of_cell=False) == "The file has 7 parts."
    assert found_words("The file is empty.", None, "kk") == "The file is empty."  # a cell is quoted
    assert found_words(None, None, "kk", is_of_cell=False) is None


def test_no_sentence_stands_in_the_code_of_the_reader() -> None:
    for room in ("forms/reading", "signature"):
        for path in sorted((LIBRARY / room).rglob("*.py")):
            assert not list(_sentences(path)), path


def _sentences(path: Path) -> Iterator[str]:
    """Texts that read as sentences to the filer: no docstring, nothing that is raised as a fault of the program."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            text = node.value
            if text[:1].isupper() and text.endswith(".") and " " in text:
                yield text
