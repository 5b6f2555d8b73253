"""The fast reader of workbooks (calamine), with its errors and panics as FileError."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from esep.forms.document import FileError, damaged_workbook, encrypted, far_cell
from esep.forms.reading.sheets import Range, Sheet


class FastCells:
    """A sheet of the fast reader, to be asked as `sheets.Cells`."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self.start: tuple[int, int] | None = sheet.start
        self.merged_cell_ranges: Sequence[Range] | None = sheet.merged_cell_ranges

    def iter_rows(self) -> Iterator[list[Any]]:
        try:
            yield from self._sheet.iter_rows()
        except (CalamineError, OverflowError) as error:  # a duration of a billion days, for example
            raise as_file_error(error) from None


class FastWorkbook:
    """A workbook that the fast reader has opened."""

    def __init__(self, path: Path) -> None:
        """Raises FileError: encrypted, or it cannot be parsed."""
        try:
            self._workbook = CalamineWorkbook.from_path(str(path))
        except PasswordError:
            raise encrypted() from None
        except MemoryError:
            raise
        except BaseException as error:  # the reader's own errors, and panics, which are no Exception
            raise as_file_error(error) from None

    def worksheets(self) -> Iterator[tuple[int, Sheet]]:
        """The worksheets, each with its place among all sheets of the file, 0-based, charts too. Raises FileError."""
        for place, sheet in enumerate(self._workbook.sheets_metadata):
            if sheet.typ is SheetTypeEnum.WorkSheet:
                yield place, Sheet(sheet.name, sheet.visible is not SheetVisibleEnum.Visible, self.cells(place))

    def cells(self, place: int) -> FastCells:
        """The cells of the sheet at this place. Raises FileError."""
        try:
            return FastCells(self._workbook.get_sheet_by_index(place))
        except MemoryError:
            raise
        except BaseException as error:  # as above
            raise as_file_error(error) from None


def as_file_error(error: BaseException) -> FileError:
    """What an error of the fast reader says of the file."""
    if "password" in str(error).lower():
        return encrypted()
    if "cell limit" in str(error).lower():
        return far_cell()
    return damaged_workbook()
