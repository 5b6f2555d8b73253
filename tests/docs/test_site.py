"""The site builds without a warning, loads nothing from another network, and describes every relation."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from docs.docs_site import DOCS, module_of
from esep.config import PROJECT
from esep.lake.schema import Meaning
from esep.warehouse import schema, work
from esep.warehouse.schema import named

data_dictionary = module_of(DOCS / "_extensions" / "data_dictionary.py")

LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}
"""Elements that load something when a page is opened, and the attribute that says what."""


class Loaded(HTMLParser):
    """What a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(LOADING.get(tag, ""))
        if address:
            self.addresses.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. Warnings are errors, unknown links among them."""
    folder = tmp_path_factory.mktemp("site")
    command = ["-W", "--keep-going", "-q", "-E", "-d", str(folder / "doctrees"), str(DOCS), str(folder / "html")]
    built = subprocess.run([sys.executable, "-m", "sphinx", *command], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder / "html"


@pytest.mark.slow
def test_every_page_is_there(site: Path) -> None:
    pages = {path.stem for path in DOCS.glob("*.md")}
    assert {"index", "queries", "dictionary", "notebook", "procedure"} <= pages
    assert pages <= {path.stem for path in site.glob("*.html")}


@pytest.mark.slow
def test_nothing_is_loaded_from_another_network(site: Path) -> None:
    loaded = Loaded()
    for page in site.rglob("*.html"):
        loaded.feed(page.read_text(encoding="utf-8"))
    assert any(".css" in address for address in loaded.addresses)
    assert [address for address in loaded.addresses if re.match(r"(?:[a-z]+:)?//", address)] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\"']*", styles) == []


@pytest.mark.slow
def test_the_dictionary_is_on_its_page(site: Path) -> None:
    page = (site / "dictionary.html").read_text(encoding="utf-8")
    for name in ("annual_income", "trace_income", "reconciliation"):
        assert f'id="{name.replace("_", "-")}"' in page


def test_every_relation_and_macro_has_its_entry(empty_work: Path) -> None:
    with duckdb.connect(str(empty_work / work.FILE), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal"
        ).fetchall()
        macros = connection.execute(
            "select schema_name, function_name from duckdb_functions() where not internal"
        ).fetchall()
    text = data_dictionary.markdown()
    sections = {part.partition("\n")[0]: part for part in text.split("\n### ")[1:]}
    assert set(sections) == {named(of, name) for of, name, *_ in [*columns, *macros]}
    for of, relation, column, type_ in columns:
        assert f"| `{column}` | {type_} | " in sections[named(of, relation)], f"{relation}.{column}"


def test_public_relations_are_reported_in_full() -> None:
    relations = {relation.name: relation for relation in data_dictionary.relations()}
    for name in (name for names in data_dictionary.PUBLIC.values() for name in names):
        relation = relations[name]
        assert relation.grain.startswith("One row per ") or relation.kind == "macro that gives a value", name
        assert all(column.meaning for column in relation.columns), name
        assert set(relation.parameters) <= set(data_dictionary.PARAMETERS), name


def test_main_holds_what_people_ask() -> None:
    public = {name for names in data_dictionary.PUBLIC.values() for name in names}
    files = schema.sql_files(PROJECT / "sql")
    asked_by_pages = {path.stem for path in files if path.parent.name == "answers"}
    former_names = {path.stem for path in files if path.stem.endswith("_as_told_on")}
    in_main = {name for name in map(schema.relation_of, files) if not name.startswith(f"{schema.INTERNAL}.")}
    assert in_main == public | asked_by_pages | former_names


def test_a_relation_stands_in_one_part_only() -> None:
    names = [name for names in data_dictionary.PUBLIC.values() for name in names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("said", "form_column", "paragraph"),
    [
        (Meaning("Income.", "tenge"), "", ""),
        (Meaning("Wallet.", form_column="5"), "5", ""),
        (Meaning("miner (column 8) or pool (columns 9.1 and 9.2)."), "8, 9.1, 9.2", ""),
        (Meaning("Terms (paras 8 and 10)."), "", "8, 10"),
        (Meaning("Events (paras 5-10)."), "", "5-10"),
        (Meaning("A column of the form."), "", ""),
    ],
)
def test_columns_of_the_form_and_paragraphs_are_reported(said: Meaning, form_column: str, paragraph: str) -> None:
    column = data_dictionary.column_of("name", "VARCHAR", said)
    assert (column.meaning, column.unit) == (said.comment, said.unit)
    assert (column.form_column, column.paragraph) == (form_column, paragraph)
