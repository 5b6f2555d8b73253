"""The descriptions of the forms hold together."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from esep.forms import annex1, annex2
from esep.forms.document import ROW_FIELDS
from esep.forms.reading.footer import starts_with_label
from esep.law import form_versions
from esep.law.form_versions import HEADING

COLUMNS = form_versions.columns(date(2026, 1, 1))


def test_the_columns_are_those_of_a_data_row() -> None:
    assert tuple(column.name for column in COLUMNS if column.kind != HEADING) == ROW_FIELDS


def test_each_number_row_names_the_columns_as_printed_or_explained() -> None:
    assert {one.way: " ".join(one.numbers) for one in annex2.NUMBERINGS} == {
        annex2.Way.SPANNED: "1 2 3 4 5 6 7 8 9 10 11",
        annex2.Way.PRINTED: "1 2 3 4 5 6 7 8 9.1 9.2",
        annex2.Way.EXPLAINED: "1 2 3 4 5 6 7 8 10 11",
        annex2.Way.COUNTED_ON: "1 2 3 4 5 6 7 8 9 10",
    }


@pytest.mark.parametrize("language", annex1.LANGUAGES)
def test_every_printed_footer_label_is_recognised(language: str) -> None:
    assert all(starts_with_label(field.label[language]) for field in annex2.FOOTER)


@pytest.mark.parametrize("description", [annex1.AUTHORITY, annex1.POOL, annex1.HEAD, *annex2.FOOTER, *COLUMNS])
def test_every_text_exists_in_both_languages(description: object) -> None:
    for field in fields(description):  # type: ignore[arg-type]
        value = getattr(description, field.name)
        if isinstance(value, dict):
            assert value.keys() >= set(annex1.LANGUAGES)
