"""The order's own words on a page: each quotation in «…» stands in law/tables/order_text.csv, each row has one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

QUOTING = (
    "Paragraphs",
    "Annex 1",
    "Annex 2: print",
    "Annex 2: footer",
    "Annex 2: columns",
    "Contradictions",
    "Readings",
)
"""Sections of which each row cites the order's words, or says that there are none."""
NOT_QUOTING = ("Where", "Tests", "Row or setting")
SILENT = "the order is silent"
LEFT_OUT = "…"
_QUOTATION = re.compile(r"«([^»]+)»")

Row = Mapping[str, str]
Words = Mapping[str, tuple[str, ...]]
"""Sentences by paragraph, or by the part of an annex, as rules cite them."""


def words_of(rows: Iterable[Mapping[str, str]]) -> Words:
    """The order's sentences by paragraph, from the rows of law/tables/order_text.csv."""
    words: dict[str, tuple[str, ...]] = {}
    for row in rows:
        words[row["paragraph"]] = (*words.get(row["paragraph"], ()), row["words"])
    return words


def quotation_faults(found: Mapping[str, list[Row]], words: Words) -> Iterator[str]:
    """Each row of these sections cites the order, and each quotation stands in it word by word."""
    everywhere = [sentence for sentences in words.values() for sentence in sentences]
    for section, rows in found.items():
        for row in rows:
            name = next(iter(row.values()))
            said = " ".join(cell for column, cell in row.items() if column not in NOT_QUOTING)
            quoted = [row["Label"]] if section == "Annex 2: footer" else _QUOTATION.findall(said)
            if not quoted and SILENT not in said:
                yield f"{section}, {name}: neither words of the order in «…» nor “{SILENT}”"
            for one in quoted:
                if not any(is_quoted(one, sentence) for sentence in everywhere):
                    yield f"{section}, {name}: «{one}» is not in law/tables/order_text.csv"
            own = words.get(re.sub(r" \([a-z]+\)$", "", name), ())
            if section == "Paragraphs" and quoted and not any(is_quoted(one, it) for one in quoted for it in own):
                yield f"{section}, {name}: nothing is cited of the paragraph itself"


def is_quoted(quotation: str, sentence: str) -> bool:
    """Whether the pieces between the marks for what is left out stand in the sentence, in this order."""
    place = 0
    for piece in filter(None, (piece.strip() for piece in quotation.split(LEFT_OUT))):
        place = sentence.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True


def citation_faults(rules: Iterable[Row], words: Words) -> Iterator[str]:
    """The paragraph that a rule cites has its words in the table."""
    for row in rules:
        for place in cited(row["Paragraph"]):
            if place not in words:
                yield f"rule {row['Rule']}: law/tables/order_text.csv has no words of {place!r}"


def cited(paragraph: str) -> list[str]:
    """`8; Annex 2, columns 1, 2` as its places: `8`, `Annex 2, column 1`, `Annex 2, column 2`."""
    places: list[str] = []
    for part in re.split(r"[;/]", paragraph):
        stem, columns, numbers = part.strip().partition(" columns ")
        if columns:
            places += [f"{stem} column {number.strip()}" for number in numbers.split(",")]
        elif stem.startswith("Annex"):
            places.append(stem)
        else:
            places += [number.strip() for number in stem.split(",")]
    return places
