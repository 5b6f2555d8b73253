"""The catalogue of texts: all languages, the same placeholders, every key there that is asked for, none unused."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

from esep import texts
from esep.config import PROJECT
from texts import catalogue_uses
from texts.catalogue_uses import Literal

FOLDER = PROJECT / "plugins" / "esep" / "texts"
AREAS = sorted(path.stem for path in FOLDER.glob("*.toml"))
CATALOGUE = texts.catalogue()

ALIKE = frozenset({
    "актив", "байт", "валюта", "есеп", "код", "лицензия", "майнер", "оператор", "пул", "файл", "№", "sha-256",
})  # fmt: skip
"""Words that Kazakh and Russian share."""
KAZAKH_LETTERS = re.compile("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")
RUSSIAN_WORDS = re.compile(r"\b(и|или|для|что|нет|при|это|его|как|был|была)\b", re.IGNORECASE)
SIGNS_OF_ALL = re.compile("1-ЦМ|166/НҚ|663/НҚ|НҚ|Есеп|Қазақша|Русский")
"""What stands untranslated in every language."""


@pytest.fixture(scope="module")
def literals() -> list[Literal]:
    return catalogue_uses.literals()


@pytest.fixture(scope="module")
def used(literals: list[Literal]) -> set[str]:
    """Keys that stand in the code, or that can be put together by it.

    Where all keys of an area could be meant (`f"statement.{key}"`), those count whose name stands somewhere in it.
    """
    areas = "|".join(AREAS)
    patterns = {
        catalogue_uses.pattern_of(literal.text)
        for literal in literals
        if re.fullmatch(rf"({areas})\.[a-z0-9_][a-z0-9_\0]*", literal.text)
    }
    open_areas = tuple(literal.text[:-1] for literal in literals if re.fullmatch(rf"({areas})\.\0", literal.text))
    names = {literal.text for literal in literals if re.fullmatch(r"[a-z0-9_\0]*[a-z]{2}[a-z0-9_\0]*", literal.text)}
    named = re.compile("|".join(catalogue_uses.pattern_of(name).pattern for name in sorted(names)))
    return {
        key
        for key in CATALOGUE
        if any(pattern.fullmatch(key) for pattern in patterns)
        or (key.startswith(open_areas) and named.fullmatch(key.partition(".")[2]))
    }


def test_every_text_stands_in_three_languages() -> None:
    for path in sorted(FOLDER.glob("*.toml")):
        for name, languages in tomllib.loads(path.read_text(encoding="utf-8")).items():
            needed = set(texts.LANGUAGES) - ({"en"} if path.stem == "letter" else set())
            assert needed <= set(languages) <= set(texts.LANGUAGES), f"{path.name}: {name}"
            for language, words in languages.items():
                for form in forms(words):
                    assert form.strip() == form, f"{path.name}: {name}: {language}"
                    assert form, f"{path.name}: {name}: {language}"


def test_plural_forms_are_those_of_the_language_and_need_its_number() -> None:
    for key, languages in CATALOGUE.items():
        for language, words in languages.items():
            if not isinstance(words, str):
                assert set(words) == {"other", *texts.plural_form(language).tags}, f"{key}: {language}"


@pytest.mark.parametrize("area", AREAS)
def test_placeholders_are_the_same_in_all_languages(area: str) -> None:
    for key, languages in _of(area).items():
        fields = {
            (language, number): {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}
            for language, words in languages.items()
            for number, form in enumerate(forms(words))
        }
        assert len(set(map(frozenset, fields.values()))) == 1, f"{key}: {fields}"
        assert all(re.fullmatch("[a-z_]+", name) for names in fields.values() for name in names), key


@pytest.mark.parametrize("area", AREAS)
def test_kazakh_is_no_copy_of_russian(area: str) -> None:
    for key, languages in _of(area).items():
        kazakh, russian = (SIGNS_OF_ALL.sub("", " ".join(forms(languages[language]))) for language in ("kk", "ru"))
        letters = re.sub(r"\{[a-z_]+\}|[^А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]", "", kazakh)
        if languages["kk"] == languages["ru"]:
            words = re.sub(r"[^\w№-]+", " ", re.sub(r"\{[a-z_]+\}", " ", kazakh)).split()
            assert not letters or all(word.lower() in ALIKE for word in words), f"{key}: {languages['kk']}"
        assert len(letters) < 30 or _is_kazakh(kazakh), f"{key}: no Kazakh letter in {kazakh}"
        assert not RUSSIAN_WORDS.search(kazakh), f"{key}: {kazakh}"
        assert not KAZAKH_LETTERS.search(re.sub("«[^»]*»", "", russian)), f"{key}: {russian}"


@pytest.mark.parametrize("area", AREAS)
def test_english_is_translated(area: str) -> None:
    for key, languages in _of(area).items():
        cyrillic = re.findall(
            "[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]+", SIGNS_OF_ALL.sub("", " ".join(forms(languages.get("en", ""))))
        )
        assert not cyrillic, f"{key}: {cyrillic}"


def test_every_key_that_the_code_names_is_there(literals: list[Literal]) -> None:
    areas = "|".join(AREAS)
    missing = []
    for literal in literals:
        if not re.match(rf"({areas})\.[a-z0-9_\0]", literal.text) or catalogue_uses.is_file_name(literal.text):
            continue
        if re.fullmatch(rf"({areas})\.[a-z0-9_\0]+", literal.text):
            pattern = catalogue_uses.pattern_of(literal.text)
            if not any(pattern.fullmatch(key) for key in CATALOGUE):
                missing.append(_reported(literal))
    assert missing == []


def test_no_key_is_unused(used: set[str]) -> None:
    numbers = re.compile(r"error\.[45][0-9]{2}")  # put together from the status of an answer
    unused = [
        key
        for key in CATALOGUE
        if key not in used and not numbers.fullmatch(key.removesuffix("_todo")) and _without_todo(key) not in used
    ]
    assert unused == []


def test_a_code_has_its_name_in_one_place() -> None:
    states = {key.removeprefix("state.") for key in CATALOGUE if key.startswith("state.")}
    assert len(states) > 70
    elsewhere = [key for key in CATALOGUE if not key.startswith("state.") and key.partition(".")[2] in states]
    assert elsewhere == []


def test_the_scan_would_see_a_wrong_key(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '"""error.docstring"""\nx = text("error.nowhere", "kk"), f"error.what_{x}", "error.a_" + x\n', "utf-8"
    )
    assert {literal.text for literal in catalogue_uses._of_module(module)} >= {
        "error.nowhere", "error.what_\0", "error.a_\0",
    }  # fmt: skip
    template = tmp_path / "template.html"
    template.write_text(
        """error.plain {{ t("error.one") }} {% if x %}{{ t('error.two_' ~ key ~ "_todo") }}{% endif %}""", "utf-8"
    )
    assert {literal.text for literal in catalogue_uses._of_template(template)} >= {"error.one", "error.two_\0_todo"}


def _is_kazakh(words: str) -> bool:
    """Whether a sentence has a letter or an ending that Russian has not."""
    return bool(KAZAKH_LETTERS.search(words) or re.search(r"(лар|лер|дар|дер|тар|тер|ынша|мен)\b", words))


def forms(words: texts.Words) -> list[str]:
    return [words] if isinstance(words, str) else list(words.values())


def _of(area: str) -> dict[str, dict[str, texts.Words]]:
    return {key: dict(languages) for key, languages in CATALOGUE.items() if key.startswith(f"{area}.")}


def _without_todo(key: str) -> str:
    """error.html shows a key and the same with `_todo`."""
    return key.removesuffix("_todo") if key.startswith("error.") else key


def _reported(literal: Literal) -> str:
    place = literal.path.relative_to(PROJECT)
    return f"{place}:{literal.line}: {literal.text!r}"
