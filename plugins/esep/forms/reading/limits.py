"""What reading may cost: bounds of files, archives and sheets, and the budget of a package as a whole."""

from __future__ import annotations

import time
from dataclasses import dataclass

from esep.config import Settings
from esep.forms.document import FileError, FileState

PACKAGE_FILES = 20_000
"""Files of a package, members of its archives and signatures included."""
PACKAGE_BYTES = 8 * 1024**3
"""All of them together, archives as well as what they hold."""
WRAPPINGS = 8
"""How many archives and signatures one inside the other are opened."""
BATCH_FILES = 256
"""Files that one child process reads, ..."""
BATCH_BYTES = 8 * 1024**2
"""... as long as they are no larger together, ..."""
BATCH_SECONDS = 60.0
"""... and as long as it takes: a file that it did not get to the end of is read again alone."""
ARCHIVE_MEMBERS = 2_000
"""Members of a .zip that is (in) a package."""
ARCHIVE_BYTES = 2 * 1024**3
"""All members of a .zip together, unpacked."""
WORKBOOK_PARTS = 10_000
"""Members of a workbook or document (they are zip files themselves)."""
WORKBOOK_BYTES = 4 * 1024**3
"""All parts of a workbook together, unpacked."""
RATIO = 200
"""Unpacked to packed size of one member, ..."""
RATIO_FROM_BYTES = 50 * 1024**2
"""... looked at only when the member unpacks to more than this."""
FAR_COLUMN = 200
"""A cell right of this column has no business in a form of eleven columns (said when reading failed over it)."""
SPARSE = 100
"""Positions spanned for each cell that is there: more is not a table."""
WORKSHEET_ROWS = 1_048_576
"""Rows of a worksheet in Excel."""
HEAD_LINES = 5_000
"""Filled rows searched for the number row."""
FOOTER_LINES = 5_000
"""Filled rows below the table that its labels are looked for in; rows of data are looked for below them, too."""
DOCUMENT_CHARACTERS = 100_000
"""Text in which an application is looked for; Annex 1 has about 1 500 characters."""
PDF_PAGES = 50
"""Pages of a .pdf that are searched for the application."""


@dataclass(slots=True)
class Budget:
    """What is left of it. A file beyond is not read, and says so: FileError with a code of its own."""

    seconds_until: float
    """time.monotonic() at its end."""
    files: int = PACKAGE_FILES
    bytes: int = PACKAGE_BYTES

    @classmethod
    def of(cls, settings: Settings) -> Budget:
        return cls(time.monotonic() + settings.package_seconds)

    @property
    def seconds(self) -> float:
        return max(0.0, self.seconds_until - time.monotonic())

    def take(self, size: int) -> None:
        """Count one more file of `size` bytes; raises FileError where it no longer fits."""
        self.files -= 1
        self.bytes -= size
        if self.files < 0:
            raise FileError(FileState.TOO_LARGE, "package_files", limit=PACKAGE_FILES)
        if self.bytes < 0:
            raise FileError(FileState.TOO_LARGE, "package_bytes", limit=PACKAGE_BYTES)
        if not self.seconds:
            raise out_of_time()


def out_of_time() -> FileError:
    """The fault of a file that is not read because those before it took all the time."""
    return FileError(FileState.TOO_LARGE, "package_time")
