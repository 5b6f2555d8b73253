"""The columns of form 1-ЦМ by version of the form, from the tables of the law."""

from __future__ import annotations

from dataclasses import dataclass

from esep.config import Settings
from esep.law import form_versions


@dataclass(frozen=True, slots=True)
class ColumnRecord:
    """A column of a version of the form. Days are written YYYY-MM-DD and are those of periods (months)."""

    form_version: str
    form_valid_from: str
    form_valid_to: str | None
    column_no: str
    """As the form prints it."""
    explained_no: str
    """As the explanation to the form numbers it."""
    name: str
    """As findings, `--rows --json` and the lake call it."""
    kind: str
    """Kind of its cells; `heading` is only printed over other columns."""
    heading_kk: str
    heading_ru: str
    heading_en: str
    valid_from: str
    """First day of periods that have it."""
    valid_to: str | None
    source: str


def form_columns(_: Settings) -> list[ColumnRecord]:
    """Each column that any period of a version has, in the order of versions and columns; raises TableError."""
    return [
        ColumnRecord(
            form_version=version.name,
            form_valid_from=version.valid_from.isoformat(),
            form_valid_to=version.valid_to.isoformat() if version.valid_to else None,
            column_no=column.column_no,
            explained_no=column.explained_no,
            name=column.name,
            kind=column.kind,
            valid_from=column.valid_from.isoformat(),
            valid_to=column.valid_to.isoformat() if column.valid_to else None,
            source=column.source,
            **{f"heading_{language}": words for language, words in column.heading.items()},
        )
        for version in form_versions.versions()
        for column in version.columns
    ]
