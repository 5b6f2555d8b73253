from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.file_names import from_text, to_text
from esep.office import inbox

file_names = st.binary(min_size=1, max_size=60).map(lambda raw: raw.decode("utf-8", "surrogateescape"))


@given(file_names)
def test_every_name_survives_json(name):
    text = json.loads(json.dumps(to_text(name), ensure_ascii=False).encode("utf-8").decode("utf-8"))
    assert from_text(text) == name


@given(file_names, file_names)
def test_two_names_never_become_one(one, other):
    assert (to_text(one) == to_text(other)) == (one == other)


@given(st.text(st.characters(exclude_characters="\\", exclude_categories=["Cs"])))
def test_ordinary_names_are_written_as_they_are(name):
    assert to_text(name) == name


def test_a_name_in_cp866_is_reported_byte_by_byte():
    name = "отчёт.xlsx".encode("cp866").decode("utf-8", "surrogateescape")
    assert to_text(name) == r"\xae\xe2\xe7\xf1\xe2.xlsx"


@pytest.mark.parametrize(
    "name", ["a.xlsx.part", "A.ZIP.PART", "b.tmp", "~$форма.xlsx", ".~lock.x.ods#", "c.crdownload"]
)
def test_unfinished_by_name(name):
    assert inbox.says_unfinished(name)


@pytest.mark.parametrize("name", ["part", "tmp", "a.partner.xlsx", "template.xlsx", "x#", ".DS_Store"])
def test_finished_by_name(name):
    assert not inbox.says_unfinished(name)


@pytest.mark.parametrize(
    ("stamp", "files", "folders", "owners"),
    [
        ("x.zip.office.json", {"x.zip", "x.xlsx"}, set(), {"x.zip"}),
        ("x.office.json", {"x.zip"}, set(), {"x.zip"}),
        ("x.office.json", {"x.zip", "x.xlsx", "y.xlsx"}, set(), {"x.zip", "x.xlsx"}),
        ("x.office.json", {"x"}, set(), {"x"}),
        ("x.office.json", set(), {"x"}, {"x"}),
        ("x.office.json", {"x.zip"}, {"x"}, {"x.zip"}),
        ("x.office.json", {"xx.zip", "x.y.zip"}, {"z"}, set()),
        ("office.json", {"x.zip"}, {"x"}, set()),
    ],
)
def test_whose_stamp_it_is(stamp, files, folders, owners):
    assert inbox.is_stamp(stamp)
    assert inbox.stamp_owners([stamp], files, folders) == {stamp: owners}


@pytest.mark.parametrize("name", ["office.json.zip", "myoffice.json", "office.jsonl", "x.office"])
def test_what_is_no_stamp(name):
    assert not inbox.is_stamp(name)
