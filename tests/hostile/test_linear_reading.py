"""Reading takes time in proportion to size, whatever a workbook is made to repeat; and bounded memory."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from esep.config import Settings
from esep.forms.document import FileRead, FileState
from esep.forms.reading import read_package
from esep.forms.reading.ooxml.screening import find_far_cell
from esep.forms.reading.zygote import HELPER
from forms.form_workbooks import NUMBERS, data_row, read, row_xml, write_raw

SECONDS = 60
HEAD = [row_xml(1, ["Есепті кезең: 2025 жылғы наурыз"]), row_xml(2, NUMBERS), row_xml(3, [str(v) for v in data_row(1)])]
BLANK = row_xml(4, ["2", "Майнер"])
"""A row with empty cells, at which the reader looks a second time."""


@pytest.fixture(scope="module", autouse=True)
def _zygote_is_closed() -> Iterator[None]:
    yield
    HELPER.close()


def sheet(*parts: str | Iterable[str], after: Iterable[str] = ()) -> list[str]:
    inner = [part for one in parts for part in ([one] if isinstance(one, str) else one)]
    return ["<sheetData>", *HEAD, *inner, "</sheetData>", *after]


REPEATED: dict[str, Callable[[int], list[str]]] = {
    "error cells": lambda n: sheet(BLANK, (f'<row r="{r}"><c r="A{r}" t="e"/></row>' for r in range(5, n))),
    "error cells of one row": lambda n: sheet(BLANK, '<row r="5">', ['<c r="A5" t="e"><v>#N/A</v></c>'] * n, "</row>"),
    "half a tag": lambda n: sheet(
        BLANK, '<row r="5"><c r="A5" t="inlineStr"><is><t>', ["t='e' "] * n, "</t></is></c></row>"
    ),
    "number rows": lambda n: sheet(row_xml(r, NUMBERS) for r in range(4, n)),
    "headings and number rows": lambda n: sheet(row_xml(r, NUMBERS if r % 2 else ["сөз"] * 10) for r in range(4, n)),
    "footer lines": lambda n: sheet(row_xml(r, ["Атауы: а", "б", "в"]) for r in range(4, n)),
    "labels in a cell": lambda n: sheet(row_xml(4, ["Атауы: а Басшы: б " * n])),
    "notes": lambda n: sheet(row_xml(r, ["ескертпе"]) for r in range(4, n)),
    "totals": lambda n: sheet(row_xml(r, ["", "Барлығы", "", "", "", "", "", 5]) for r in range(4, n)),
    "merged cells": lambda n: sheet(
        after=["<mergeCells>", *(f'<mergeCell ref="B{r}:B{r + 1}"/>' for r in range(3, 2 * n, 2)), "</mergeCells>"]
    ),
    "merged cells, exactly": lambda n: sheet(
        "<!-- -->",
        after=["<mergeCells>", *(f'<mergeCell ref="B{r}:B{r + 1}"/>' for r in range(3, 2 * n, 2)), "</mergeCells>"],
    ),
    "comments": lambda n: sheet(["<!-- -->"] * n),
    "a long comment": lambda n: sheet("<!--", "ab " * (50 * n), "-->"),
    "split values": lambda n: sheet(f'<row r="{r}"><c r="A{r}"><v>1<?a?>2</v></c></row>' for r in range(5, n)),
    "white space": lambda n: sheet('<row r="4">', " " * (50 * n), "</row>"),
    "formulas": lambda n: sheet(BLANK, (f'<row r="{r}"><c r="A{r}"><f>1+1</f></c></row>' for r in range(5, n))),
    "shared formulas": lambda n: sheet(
        BLANK, (f'<row r="{r}"><c r="A{r}"><f t="shared" si="{r % 7}"/></c></row>' for r in range(5, n))
    ),
    "array formulas": lambda n: sheet(
        BLANK, (f'<row r="{r}"><c r="A{r}"><f t="array" ref="A{r}:A{r + 9}">1</f></c></row>' for r in range(5, n))
    ),
    "cells in turn": lambda n: sheet(
        '<row r="4">', (f'<c r="{"AK"[k % 2]}4"><v>1</v></c>' for k in range(n)), "</row>"
    ),
}
"""What is repeated → the XML of a sheet that repeats it so many times."""


@pytest.mark.parametrize("kind", REPEATED)
def test_six_times_the_size_takes_no_more_than_twenty_times_the_work(tmp_path: Path, kind: str) -> None:
    """In proportion it would be six times, with the square thirty-six; the smaller size takes 20 ms or more."""
    small = 2_000
    while (seconds := read_seconds(tmp_path, kind, small)) < 0.02 and small < 64_000:
        small *= 2
    assert read_seconds(tmp_path, kind, 6 * small) < 20 * max(seconds, 0.02)


def read_seconds(folder: Path, kind: str, size: int) -> float:
    """Processor time of the quickest of two readings."""
    path = write_raw(folder / "form.xlsx", REPEATED[kind](size))
    seconds = []
    for _ in range(2):
        gc.collect()
        begun = time.process_time()
        read(path)
        find_far_cell(path)
        seconds.append(time.process_time() - begun)
    return min(seconds)


def only(path: Path) -> FileRead:
    """The file as a package, read by a child with the limits of the issue: 60 s and 2 GB."""
    (file,) = read_package(path, path.parent / "work", Settings(home=path.parent, reader_seconds=SECONDS)).files
    return file


FAR = {
    "right": '<row r="5"><c r="XFD5"><v>1</v></c></row>',
    "down": '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
    "right and down": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "a diagonal": "".join(f'<row r="{r}"><c r="XFD{r}"><v>1</v></c></row>' for r in range(5, 9_000)),
}


@pytest.mark.parametrize("reader", ["fast", "exact"])
@pytest.mark.parametrize("where", FAR)
def test_far_apart_cells_have_a_verdict(tmp_path: Path, where: str, reader: str) -> None:
    odd = "<!-- -->" if reader == "exact" else ""
    file = only(write_raw(tmp_path / "form.xlsx", sheet(odd, FAR[where])))
    assert (file.state, file.detail_code) in (
        (FileState.READ, ""),
        (FileState.UNSAFE, "far_cell"),
        (FileState.UNSAFE, "far_cell_at"),
    )
    if file.state is FileState.READ:
        assert file.forms[0].rows["row"].to_pylist()[0] == 3
    assert where in ("right", "down") or reader == "fast" or file.state is FileState.UNSAFE


def test_a_comment_of_48_megabytes_is_passed_over(tmp_path: Path) -> None:
    noise = bytes(range(32, 127)).decode().replace("-", "").replace("&", "")[::-1]
    comment = ["<!--", *[noise * 11_000] * 48, "-->"]
    file = only(write_raw(tmp_path / "form.xlsx", [*comment, *sheet(*comment)]))
    assert file.state in (FileState.READ, FileState.UNSAFE)
    assert file.state is FileState.READ or file.detail_code in ("zip_bomb", "part_bomb")
