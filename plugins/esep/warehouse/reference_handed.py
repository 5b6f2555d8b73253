"""What a person hands in, told by its content: a reference file, the Bank's XML, or a list with columns of its own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from esep.config import Settings
from esep.forms.document import FileError
from esep.forms.reading.any_table import is_workbook, read_table
from esep.forms.reading.text_files import text_of
from esep.forms.reading.zygote import ReaderUnavailableError
from esep.warehouse import reference_bank, reference_mapping
from esep.warehouse.errors import WarehouseError
from esep.warehouse.reference_bank import Rate
from esep.warehouse.reference_errors import HandedError
from esep.warehouse.reference_mapping import ColumnMapping, MappedRow
from esep.warehouse.reference_origin import Origin, Original, Place, plain_name
from esep.warehouse.reference_proposal import Mode
from esep.warehouse.reference_rules import Problem, lines_of
from esep.warehouse.reference_spec import SPECS, Fault
from esep.warehouse.reference_versions import versions

RATES = "exchange_rate"
_TABLE_SUFFIX = re.compile(r"\.(?:csv|tsv|txt|xlsx|xlsm|xls|ods)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Handed:
    """A reference file that was handed in, and its origin."""

    name: str
    content: bytes
    mode: Mode
    origin: Origin


def read(
    settings: Settings,
    files: Sequence[tuple[str, bytes]],
    *,
    name: str | None = None,
    mode: Mode = Mode.WHOLE,
    author: str = "",
    asked: date | None = None,
    mapping: ColumnMapping | None = None,
    note: str = "",
) -> Handed:
    """The files (name, bytes) as one reference file. `name` is the reference file meant, else the file's name says it;
    `asked` the day that the Bank was asked for; `mapping` how to read the columns, else a remembered one is looked for.

    Raises HandedError if it is none of them, or for several files that are not of one kind.
    """
    originals = [Original(plain_name(file), content) for file, content in files]
    in_xml = [one for one in originals if reference_bank.is_xml(one.content)]
    if in_xml and len(in_xml) < len(originals):
        odd = next(one.name for one in originals if one not in in_xml)
        raise HandedError("mixed", file=odd)
    if in_xml:
        if name not in (None, RATES):
            raise HandedError("xml", file=in_xml[0].name, expected=RATES, name=name)
        return _rates(originals, mode, author, asked)
    if len(originals) != 1:
        raise HandedError("several")
    wanted = _name_of(originals[0], name)
    if mapping is not None:
        mapping.require_for(wanted)
    rows, found, used = _list(settings, originals[0], wanted, mapping)
    if used is None and not found:
        return Handed(wanted, originals[0].content, mode, Origin(author, note=note))
    columns = tuple(SPECS[wanted].columns)
    always = {"source": originals[0].name}
    cells = ([row.cells.get(column) or always.get(column, "") for column in columns] for row in rows)
    origin = Origin(
        author,
        tuple(originals),
        tuple(found),
        tuple(Place(originals[0].name, row.number) for row in rows),
        used.as_dict() if used else None,
        note or (used.note if used else ""),
    )
    return Handed(wanted, _as_csv(columns, cells), mode, origin)


def _name_of(file: Original, name: str | None) -> str:
    wanted = name or _TABLE_SUFFIX.sub("", file.name)
    if wanted not in SPECS:
        raise HandedError("unknown_name", "" if name else "--name", found=wanted, expected=", ".join(SPECS))
    return wanted


def _list(
    settings: Settings, file: Original, name: str, given: ColumnMapping | None
) -> tuple[list[MappedRow], list[Problem], ColumnMapping | None]:
    """The rows of a list, what is wrong with it, and the mapping it was read by; no mapping for a reference file."""
    if given is None and not is_workbook(file.content) and _is_reference_file(file.content, name):
        return [], [], None
    try:
        sheets = read_table(file.name, file.content, settings)
    except FileError as error:
        return [], [Problem(0, Fault.UNREADABLE_TABLE, found=error.detail)], None
    except ReaderUnavailableError as error:
        raise WarehouseError(str(error)) from None
    known = [given] if given else [*_remembered(settings, name), reference_mapping.same_names(sheets, name)]
    refused = []
    for mapping in known:
        rows, problems = reference_mapping.rows_of(sheets, name, mapping)
        if reference_mapping.fits(problems):
            return rows, problems, mapping
        refused.append(problems)
    if given or len(known) > 1:
        return [], refused[0], known[0]  # what the file lacks of the mapping that was used last
    headings = reference_mapping.headings_shown(sheets)
    return [], [Problem(0, Fault.NO_MAPPING, found=headings, expected=", ".join(SPECS[name].required))], None


def _is_reference_file(content: bytes, name: str) -> bool:
    """Whether a text has a heading of the reference file's own, whatever is wrong with it, or nothing at all."""
    text = text_of(content).lstrip("\ufeff")
    _, heading = next(lines_of(text), (1, None))
    return heading is None or not set(SPECS[name].required).isdisjoint(heading)


def _remembered(settings: Settings, name: str) -> list[ColumnMapping]:
    """Mappings by which accepted versions were read, the last one first."""
    found: list[ColumnMapping] = []
    for version in reversed(versions(settings, name)):
        mapping = reference_mapping.of_dict(version.mapping) if version.mapping else None
        if mapping and mapping not in found:
            found.append(mapping)
    return found


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
