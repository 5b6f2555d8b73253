"""The order in which relations are made follows from their names."""

from __future__ import annotations

import pytest

from esep.config import PROJECT
from esep.warehouse import schema


def write(folder, **files):
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.sql").write_text(text, encoding="utf-8")


def test_what_a_file_reads_from_or_calls_is_made_before_it(tmp_path):
    write(
        tmp_path / "figures",
        a="create view a as select half(x) as x from c inner join b on true where note = 'from z';  -- not from y",
        b="create view b as with c as (select 1) select * from c;",
        y="create view y as select * from a;",
        z="create view z as select * from y;",
    )
    write(tmp_path / "values", c="create table c (x integer);", half="create macro half(x) as (x / 2);")
    order = [path.stem for path in schema.sql_files(tmp_path)]
    assert sorted(order) == ["a", "b", "c", "half", "y", "z"]
    assert order[-3:] == ["a", "y", "z"]


def test_a_building_block_is_of_the_schema_internal_and_known_by_its_name(tmp_path):
    write(tmp_path / "figures", a="create view a as select internal.half(x) as x from internal.c;")
    write(
        tmp_path / "figures" / "internal",
        c="create view internal.c as from internal.d;",
        d="create table internal.d (x integer);",
        half="create macro internal.half(x) as (x / 2);",
    )
    order = [schema.relation_of(path) for path in schema.sql_files(tmp_path)]
    assert sorted(order) == ["a", "internal.c", "internal.d", "internal.half"]
    assert order[-1] == "a"
    assert order.index("internal.d") < order.index("internal.c")


def test_a_circle_is_reported_by_its_names(tmp_path):
    write(
        tmp_path / "figures", a="create view a as from b;", b="create view b as from c;", c="create view c as from a;"
    )
    with pytest.raises(ValueError, match=r"reads from the next in a circle") as fault:
        schema.sql_files(tmp_path)
    assert any(circle in str(fault.value) for circle in ("a → b → c → a", "b → c → a → b", "c → a → b → c"))


def test_two_files_of_one_name_are_refused(tmp_path):
    write(tmp_path / "figures", a="create view a as select 1;")
    write(tmp_path / "filing", a="create view a as select 2;")
    with pytest.raises(ValueError, match="same relation"):
        schema.sql_files(tmp_path)


def test_queries_make_no_relation():
    names = {path.parent.name for path in schema.sql_files(PROJECT / "sql")}
    assert names.isdisjoint(schema.QUERIES)
    assert {"figures", "filing", "reference"} <= names
