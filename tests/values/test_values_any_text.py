"""What holds for every parser: any text is taken, none raises, and no value comes with a state that has none."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.forms.values import dates, identifier, licence, period, quantity
from esep.forms.values.cell import CellKind

PARSERS: list[Callable[..., Any]] = [dates.parse, identifier.parse, licence.parse, period.parse, quantity.parse]
WITHOUT_VALUE = {
    "empty",
    "unreadable",
    "error_cell",
    "uncalculated_formula",
    "ambiguous_comma",
    "too_many_decimals",
    "too_large",
}
PIECES = [
    *"0123456789.,-/:;№ '_«»()",
    "2025",
    "03",
    "31",
    "наурыз",
    "желтоқсан",
    "тоқсан",
    "марта",
    "квартал",
    "жылғы",
    "ж.",
    "года",
    "от",
    "берілген",
    "KZ",
    "e-05",
    "İ",
    "\u00a0",
    "\n",
    "1 234",
    "940140000385",
]
texts = st.text() | st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@pytest.mark.parametrize("parse", PARSERS)
@settings(deadline=None)
@given(text=texts, kind=st.sampled_from(CellKind))
def test_any_cell_has_a_state(parse: Callable[..., Any], text: str, kind: CellKind) -> None:
    parsed = parse(text, kind)
    if parsed.state.value in WITHOUT_VALUE:
        assert parsed.value is None
    else:
        assert parsed.value is not None
    assert parse(text, kind) == parsed


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize(
    "text",
    [
        *(piece * 32767 for piece in ("9", "а", "№", "«", "1")),
        *(piece * 10000 for piece in ("1 ", "1,", "1а", "01.", "и ", "q1 ", ",1", "1e", " 1.", "№1")),
        *(piece * 4500 for piece in ("2025 ", "наурыз ", "1.234.", "1 марта ", "01.02.2024 ", "2025 жылғы 1 ")),
    ],
)
def test_the_longest_cells_take_time_by_their_length(parse: Callable[..., Any], text: str) -> None:
    """Excel's longest cell holds 32 767 characters; a hostile one must not stop an examination.

    Four times the text may take eight times the CPU; by its square it would take sixteen times. What both take apart
    from that (a cache that is filled) is left out by a fifth of a second.
    """
    part, whole = (_cpu_seconds(parse, piece) for piece in (text[: len(text) // 4], text))
    assert whole < 8 * part + 0.2


def _cpu_seconds(parse: Callable[..., Any], text: str) -> float:
    started = time.process_time()
    parse(text)
    return time.process_time() - started
