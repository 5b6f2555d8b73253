"""Error cells in an .xls sheet. Formulas there always carry their last result."""

from __future__ import annotations

from pathlib import Path

import xlrd

from esep.forms.document import CellKind
from esep.forms.reading.cells import MarkedCell

Cells = dict[int, dict[int, MarkedCell]]


def hidden_cells(path: Path, sheet: str) -> Cells:
    """Marked cells of the sheet of that name; none when the second reader does not understand the file."""
    cells: Cells = {}
    try:
        with xlrd.open_workbook(str(path), on_demand=True, logfile=_Silence()) as workbook:
            found = workbook.sheet_by_name(sheet)
            for row in range(found.nrows):
                for column, kind in enumerate(found.row_types(row)):
                    if kind == xlrd.XL_CELL_ERROR:
                        code = found.cell_value(row, column)
                        text = xlrd.error_text_from_code.get(code, "#ERR")
                        cells.setdefault(row + 1, {})[column] = MarkedCell(CellKind.ERROR, text)
    except MemoryError:
        raise
    except Exception:  # a file that the first reader took and this one does not: its blanks stay blanks
        return {}
    return cells


class _Silence:
    """A log that keeps nothing."""

    def write(self, _text: str) -> None:
        """Take no notice."""

    def flush(self) -> None:
        """Nothing to flush."""
