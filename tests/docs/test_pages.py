"""What README and docs/ name exists, and the pages of three languages say the same, section by section."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from docs.docs_site import DOCS
from esep.cli.main import main as esep
from esep.config import PROJECT, Settings

README = PROJECT / "README.md"
MOST_LINES = 150
PAGES = (README, PROJECT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md")))
READERS = ("officer", "filer", "analyst", "compliance", "engineer")
IN_THREE_LANGUAGES = ("officer", "filer")
LANGUAGES = ("kk", "ru")

COMMAND = re.compile(r"bin/esep((?: [a-z][a-z-]+)+)")
TARGET = re.compile(r"\bmake ([a-z][a-z-]+)(?=[`;,. ]* |`|$)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
RULE = re.compile(r"\b[CR]-\d\d\b")
CODE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def code_of(text: str) -> str:
    """All that a page shows as code, in blocks and within sentences, without the comments of a shell."""
    blocks = [re.sub(r"\s+# .*", "", block) for block in CODE.findall(text)]
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", CODE.sub("", text))])


def test_the_readme_is_short_and_leads_to_each_readers_page() -> None:
    text = text_of(README)
    assert len(text.splitlines()) <= MOST_LINES
    links = set(LINK.findall(text))
    assert {f"docs/{name}.md" for name in READERS} <= links
    assert {f"docs/{name}.{language}.md" for name in IN_THREE_LANGUAGES for language in LANGUAGES} <= links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_link_leads_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(text_of(page)) if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_command_exists(page: Path) -> None:
    code = code_of(text_of(page))
    for words in COMMAND.findall(code):
        first, *rest = words.split()
        command = esep.get_command(click.Context(esep), first)
        assert command is not None, f"bin/esep {first}"
        if isinstance(command, click.Group) and rest:
            assert rest[0] in command.commands, f"bin/esep {first} {rest[0]}"
    targets = set(re.findall(r"^([a-z-]+):", text_of(PROJECT / "Makefile"), re.MULTILINE))
    assert set(TARGET.findall(code)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_rule_exists(page: Path) -> None:
    suites = [json.loads(text_of(path)) for path in (PROJECT / "expectations").glob("*.json")]
    rules = {expectation["meta"]["rule"] for suite in suites for expectation in suite["expectations"]}
    assert set(RULE.findall(text_of(page))) <= rules


def outline(name: str, language: str = "") -> dict[str, object]:
    """What a page has whatever its language: its sections, rows of tables, commands, rules, paragraphs and terms."""
    text = text_of(DOCS / f"{name}{language and '.'}{language}.md")
    prose = CODE.sub("", text)
    # What is written in the reader's language within a command: the reason, the language itself.
    commands = re.sub(r' --reason "[^"]*"| --language \w\w', "", "\n".join(CODE.findall(text)))
    return {
        "sections": re.findall(r"^#+(?= )", text, re.MULTILINE),
        "rows": re.sub(r"[^|\n]+", "", "\n".join(re.findall(r"^\|.*\|$", prose, re.MULTILINE))),
        "points": len(re.findall(r"^(?:-|\d\.) ", prose, re.MULTILINE)),
        "commands": [re.sub(r"\s+# .*", "", line) for line in commands.splitlines()],
        "rules": RULE.findall(prose),
        "numbers": sorted(re.findall(r"(?<![\w.-])(\d+)(?:th)?(?![\w.])", prose), key=int),
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", IN_THREE_LANGUAGES)
def test_the_languages_of_a_page_say_the_same(name: str, language: str) -> None:
    english, other = outline(name), outline(name, language)
    for part, value in english.items():
        assert other[part] == value, part


def test_settings_and_their_defaults_are_those_of_the_code() -> None:
    text = text_of(DOCS / "engineer.md")
    sources = [*(PROJECT / "plugins").rglob("*.py"), PROJECT / "docker-compose.yaml"]
    known = set(re.findall(r"ESEP_[A-Z_]+", "".join(map(text_of, sources))))
    assert set(re.findall(r"ESEP_[A-Z_]+", text)) <= known
    defaults = Settings(home=PROJECT)
    for row in (
        f"| `ESEP_INBOX_SETTLE_SECONDS` | `{defaults.inbox_settle_seconds:.0f}` |",
        f"| `ESEP_READER_MEMORY_MB`, `ESEP_READER_SECONDS` | `{defaults.reader_memory_bytes // 1024**2}`, "
        f"`{defaults.reader_seconds:.0f}` |",
        f"| `ESEP_DUCKDB_MEMORY_MB` | `{defaults.duckdb_memory_bytes // 1024**2}` |",
        f"| `ESEP_PACKAGE_SECONDS` | `{defaults.package_seconds:.0f}` |",
        f"| `ESEP_FINDINGS_CAP` | `{defaults.findings_cap}` |",
        f"| `ESEP_NCANODE_URL`, `ESEP_NCANODE_SECONDS` | off, `{defaults.ncanode_seconds:.0f}` |",
    ):
        assert row in text
