"""What a report says, in one language: sections of blocks, which HTML and PDF print alike. All texts are plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or two; a `faint` one explains, a `caution` must not be passed over."""

    text: str
    look: Literal["plain", "faint", "caution"] = "plain"
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures with label and note, side by side."""

    figures: Sequence[tuple[str, str, str]]
    kind: str = field(default="figures", init=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `share`: its part of the width on paper; codes stay on one line."""

    label: str
    is_number: bool = False
    is_code: bool = False
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts below their columns; the first column is the row's heading."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    empty: str
    """What stands there instead of rows."""
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as SVG; `alt` says what it shows."""

    svg: str
    alt: str
    kind: str = field(default="chart", init=False)


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    items: Sequence[str]
    empty: str
    kind: str = field(default="items", init=False)


Block = Paragraph | Figures | Table | Chart | Items


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report under its heading."""

    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """A report in one language."""

    language: str
    title: str
    subtitle: str
    footer: str
    sections: Sequence[Section]
