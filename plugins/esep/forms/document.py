"""What reading a package yields: texts with their places, nothing interpreted yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pyarrow as pa

from esep.detail import Detail, Value
from esep.law.form_versions import HEADING, by_name
from esep.signature import InsideSignature

FORM_1CM = "1-ЦМ"
"""Source of what came as form 1-ЦМ through the office."""
ROW_FIELDS = tuple(name for name, column in by_name().items() if column.kept_as == "value")
"""The ten cells of a data row of Annex 2 that are read, in the order of the form."""
TEXT_FIELDS = tuple(name for name, column in by_name().items() if column.kept_as == "text")
"""Columns beside them that are kept as written: `spanning`, a separate column 9 of the explanation, and later ones."""
LATER_FIELDS = tuple(name for name in TEXT_FIELDS if by_name()[name].kind != HEADING)

RAW_ROWS = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        *(pa.field(name, pa.string()) for name in ROW_FIELDS),
        *(pa.field(f"{name}_kind", pa.uint8(), nullable=False) for name in ROW_FIELDS),
        *(pa.field(name, pa.string()) for name in TEXT_FIELDS),
        pa.field("total_expected", pa.string()),
    ]
)
"""Raw data rows of one 1-ЦМ sheet, in sheet order. `row` is the 1-based worksheet row.

`<field>` is the cell's text: text cells verbatim; numbers as the shortest decimal that gives the same float
(`repr`, so `1e-05` is possible; whole numbers without `.0`); dates as ISO `YYYY-MM-DD[ HH:MM:SS]`; null when
empty, white space or a blank line of underscores. `<field>_kind` is a CellKind; TEXT_FIELDS have none, and are null
where the sheet has no such column. `total_expected` is null for a row of data; for a total that does not agree (one of
`FormRead.total_rows`) and for a row that only looks like a total it holds the sums of the rows above (`8; 9.2`).
"""


class FileState(StrEnum):
    """Outcome of the file stage, for each file of a package."""

    READ = "read"
    NOT_READ = "not_read"
    """Deliberately left alone: a signature, an attachment of a kind that carries no form."""
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    """Corrupted, truncated, or not what its extension says."""
    ENCRYPTED = "encrypted"
    UNSAFE = "unsafe"
    """Bomb, document type definition, path outside the package, doubled member, too many or too large members."""
    TOO_LARGE = "too_large"
    """Reading passed the memory or time limit."""
    NESTED_ARCHIVE = "nested_archive"
    """An archive inside an archive: not opened."""
    UNSUPPORTED = "unsupported"
    """A kind of file that a filing does not consist of."""


class FileError(Exception):
    """A fault of the filer's file: the state that it leaves the file in, and what is to be said of it."""

    def __init__(self, state: FileState, code: str, **values: Value) -> None:
        super().__init__(code)
        self.state = state
        self.detail = Detail(code, values)


def damaged_workbook(code: str = "workbook_damaged") -> FileError:
    """A workbook that is not as its format wants it."""
    return FileError(FileState.UNREADABLE, code)


def encrypted() -> FileError:
    """The fault of a file with a password that the reader does not know."""
    return FileError(FileState.ENCRYPTED, "encrypted")


def far_cell(cell: str | None = None) -> FileError:
    """The fault of a sheet that one far-off cell makes too large; `cell`: its address, where that is known."""
    if cell is None:
        return FileError(FileState.UNSAFE, "far_cell")
    return FileError(FileState.UNSAFE, "far_cell_at", cell=cell)


def damaged_document() -> FileError:
    """A document that is not as its format wants it."""
    return FileError(FileState.UNREADABLE, "document_damaged")


class FileRole(StrEnum):
    """What a file of the package turned out to be, by its content."""

    FORM = "form"
    APPLICATION = "application"
    FORM_AND_APPLICATION = "form_and_application"
    SIGNATURE = "signature"
    ATTACHMENT = "attachment"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a header, footer or application and where it is. `text` None: label found, value blank."""

    text: str | None
    sheet: str | None = None
    row: int | None = None
    cell: str | None = None
    """A1 address; None in a .docx or .pdf."""


@dataclass(frozen=True, slots=True)
class ApplicationRead:
    """Annex 1 as written. `fields` keys: authority, pool_name, pool_id, period, sheet_count, head_name, completed_on.

    A key is missing when neither caption nor label was found. `period` is the phrase that holds month and year.
    """

    file: str
    sheet: str | None
    language: str
    """`kk` or `ru`."""
    fields: dict[str, Text]
    declares_truth: bool
    declares_consent: bool


@dataclass(frozen=True, slots=True)
class FormRead:
    """One 1-ЦМ sheet. `header` keys: period. `footer` keys: pool_name, address, phone, email, executor, head,
    and executor_phone where a telephone stands on the executor's line.
    """

    file: str
    file_sha256: str
    sheet: str
    hidden: bool
    language: str
    numbering: str
    """The number row as recognised: an annex2.Way."""
    number_row: int
    """1-based worksheet row of the (first) number row."""
    number_row_repeats: tuple[int, ...]
    """Further number rows of the same sheet (a printed heading repeated on each page)."""
    total_rows: tuple[int, ...]
    """Rows left out as totals (see reading.totals)."""
    header: dict[str, Text]
    footer: dict[str, Text]
    rows: pa.Table
    """Schema RAW_ROWS."""
    source: str = FORM_1CM
    """Form and channel: FORM_1CM, or `<form>/<channel>` from a reader of another one that ends in the same rows."""
    in_document: bool = False
    """A table of a document, no worksheet: `sheet` names the table, `row` counts its rows; cells have no addresses."""


@dataclass(frozen=True, slots=True)
class MessageRead:
    """A pool's message that it distributed nothing in a month, as written.

    `fields`: pool_name, pool_id (twelve digits), period (the phrase with month and year), head, completed_on; each None
    where it is blank or missing.
    """

    file: str
    language: str
    """`kk` or `ru`."""
    fields: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file of the package, whatever became of it."""

    path: str
    """Relative to the package, with `/`; members of a zip as `outer.zip/inner.xlsx`."""
    sha256: str
    size: int
    state: FileState
    role: FileRole
    detail: Detail | None = None
    """What is to be said of it; always there for a state other than read."""
    forms: tuple[FormRead, ...] = ()
    applications: tuple[ApplicationRead, ...] = ()
    messages: tuple[MessageRead, ...] = ()
    """Only where the file holds neither annex."""
    hidden_sheets: tuple[str, ...] = ()
    inside: tuple[InsideSignature, ...] = ()
    """Signatures inside the document, or that this file of XML is."""
    repeated_sheets: tuple[str, ...] = ()
    """Sheets of a workbook that show the same part of the file as an earlier sheet; their rows are read once."""
    copied_rows: tuple[str, ...] = ()
    """Where the rows count of which this file holds a copy (examination.same_form); they are in no form of this one."""
    shared_rows: tuple[tuple[str, int], ...] = ()
    """Another file, or two sheets of this one, that share most rows, quantities aside; and how many rows."""

    cells: tuple[str, ...] = ()
    """Distinct texts of the cells of a table in which no form was recognised, as far as they are kept: what an officer
    transcribes is held against them."""

    @property
    def detail_code(self) -> str:
        """Code of what is to be said of it, e.g. `zip_truncated`, `far_cell`; empty where nothing is."""
        return self.detail.code if self.detail else ""

    @property
    def lacks_number_row(self) -> bool:
        """Whether it is form 1-ЦМ without its row of column numbers."""
        return self.detail_code in ("no_number_row", "no_number_row_in_document")


@dataclass(frozen=True, slots=True)
class PackageRead:
    """All files of a package, in path order."""

    folder: Path
    files: tuple[FileRead, ...] = field(default=())
    contents: Mapping[str, Path] = field(default_factory=dict)
    """Path in the package → where its bytes are while it is examined. Archives and their members have one each."""

    @property
    def forms(self) -> tuple[FormRead, ...]:
        return tuple(form for file in self.files for form in file.forms)

    @property
    def applications(self) -> tuple[ApplicationRead, ...]:
        return tuple(application for file in self.files for application in file.applications)

    @property
    def signatures(self) -> tuple[FileRead, ...]:
        return tuple(file for file in self.files if file.role is FileRole.SIGNATURE)
