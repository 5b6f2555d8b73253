"""What a person hands in, told by its content: a reference file as it is, or the Bank's XML, which is made one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from esep.warehouse import reference_bank
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_bank import Rate
from esep.warehouse.reference_origin import Origin, Original, plain_name
from esep.warehouse.reference_proposal import Mode
from esep.warehouse.reference_rules import Problem
from esep.warehouse.reference_spec import SPECS, Fault

RATES = "exchange_rate"


@dataclass(frozen=True, slots=True)
class Handed:
    """A reference file that was handed in, and its origin."""

    name: str
    content: bytes
    mode: Mode
    origin: Origin


def read(
    files: Sequence[tuple[str, bytes]],
    *,
    name: str | None = None,
    mode: Mode = Mode.WHOLE,
    author: str = "",
    asked: date | None = None,
) -> Handed:
    """The files (name, bytes) as one reference file. `name` is the reference file meant, else the file's name says it;
    `asked` the day that the Bank was asked for.

    Raises WarehouseError if it is none of them, or for several files that are not of one kind.
    """
    originals = [Original(plain_name(file), content) for file, content in files]
    in_xml = [one for one in originals if reference_bank.is_xml(one.content)]
    if not in_xml:
        return _as_it_is(originals, name, mode, author)
    if len(in_xml) < len(originals):
        odd = next(one.name for one in originals if one not in in_xml)
        raise WarehouseError(f"{odd}: it is no XML, the others are; hand in files of one kind at a time")
    if name not in (None, RATES):
        raise WarehouseError(f"{in_xml[0].name}: it is XML, which only {RATES} comes as; {name} is taken as CSV")
    return _rates(originals, mode, author, asked)


def _as_it_is(originals: Sequence[Original], name: str | None, mode: Mode, author: str) -> Handed:
    if len(originals) != 1:
        raise WarehouseError("only the National Bank's XML is taken as several files at once; hand these in one by one")
    wanted = name or originals[0].name.removesuffix(".csv")
    if wanted not in SPECS:
        hint = "" if name else "; say which one it is with --name"
        raise WarehouseError(f"{wanted}: no reference file is called so; there are {', '.join(SPECS)}{hint}")
    return Handed(wanted, originals[0].content, mode, Origin(author))


def _rates(originals: Sequence[Original], mode: Mode, author: str, asked: date | None) -> Handed:
    """Rates of all files, merged by day: always a part of the whole, for no feed holds all days."""
    rates: list[Rate] = []
    found: list[Problem] = []
    for one in originals:
        of_file, problems = reference_bank.read(one, asked)
        rates += of_file
        found += problems
    kept: dict[tuple[date, str], Rate] = {}
    for rate in rates:
        first = kept.setdefault((rate.day, rate.currency), rate)
        if first.kzt_per_unit != rate.kzt_per_unit:
            where = f"{first.place.line} ({first.place.file})" if len(originals) > 1 else first.place.line
            key = f"{rate.day} {rate.currency}"
            found.append(Problem(rate.place.line, Fault.CONTRADICTORY, found=key, expected=where, file=rate.place.file))
    if len(originals) == 1:
        found = [replace(problem, file="") for problem in found]
    ordered = sorted(kept.values(), key=lambda rate: (rate.day, rate.currency))
    return Handed(
        RATES,
        _as_csv(("date", "currency", "kzt_per_unit", "source"), (rate.cells for rate in ordered)),
        Mode.of(adds=True, replaces=mode.replaces),
        Origin(author, tuple(originals), tuple(found), tuple(rate.place for rate in ordered)),
    )


def _as_csv(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One line a row."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows((heading, *rows))
    return written.getvalue().encode()
