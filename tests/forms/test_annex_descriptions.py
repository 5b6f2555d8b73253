"""The descriptions of the forms hold together."""

from __future__ import annotations

from dataclasses import fields

import pytest

from esep.forms import annex1, annex2
from esep.forms.document import ROW_FIELDS
from esep.forms.reading.footer import starts_with_label


def test_the_columns_are_those_of_a_data_row() -> None:
    assert tuple(column.name for column in annex2.COLUMNS) == ROW_FIELDS


def test_each_number_row_names_the_columns_as_printed_or_explained() -> None:
    printed = tuple(column.printed for column in annex2.COLUMNS)
    explained = tuple(column.explained for column in annex2.COLUMNS)
    assert annex2.NUMBERINGS["9.1/9.2"] == printed
    assert annex2.NUMBERINGS["10/11"] == explained
    assert annex2.NUMBERINGS["9/10/11"] == (*explained[:8], "9", *explained[8:])
    assert annex2.NUMBERINGS[annex2.COUNTED_ON] == tuple(map(str, range(1, 11)))


def test_identifiers_wallets_and_quantities_are_text_cells() -> None:
    formats = {column.name: column.number_format for column in annex2.COLUMNS}
    assert {formats[name] for name in ("miner_id", "wallet", "quantity", "reward_quantity")} == {"@"}


@pytest.mark.parametrize("language", annex1.LANGUAGES)
def test_every_printed_footer_label_is_recognised(language: str) -> None:
    assert all(starts_with_label(field.label[language]) for field in annex2.FOOTER)


@pytest.mark.parametrize("description", [annex1.AUTHORITY, annex1.POOL, annex1.HEAD, *annex2.FOOTER, *annex2.COLUMNS])
def test_every_text_exists_in_both_languages(description: object) -> None:
    for field in fields(description):  # type: ignore[arg-type]
        value = getattr(description, field.name)
        if isinstance(value, dict):
            assert value.keys() == set(annex1.LANGUAGES)
