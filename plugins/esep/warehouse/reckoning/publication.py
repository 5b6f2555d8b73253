"""Before a publication: what changed in full up to a bound, a random sample of the rest.

Its cost follows what is new: the rows of changed filings up to `CHANGED_ROWS`, beyond that of some of their taxpayers;
a few filings of the rest. Figures of a year are added up from the parts of all filings in force: from rows where these
were read, else from the stored parts, which were held against rows when they were new and are again at random.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TypeVar

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.warehouse import work
from esep.warehouse.reckoning import filings as filing_records
from esep.warehouse.reckoning import knowledge as sources
from esep.warehouse.reckoning import stored
from esep.warehouse.reckoning.filings import Filing
from esep.warehouse.reckoning.parts import Key, LakeRow, Part, added_up, rows_of, taxpayers_of
from esep.warehouse.reckoning.result import Difference, Reckoned, damage
from esep.warehouse.reckoning.told import Scope, Sums, differences, pool_differences

CHANGED_ROWS = 50_000
"""Rows of changed filings that are all worked out again."""
SAMPLED_FILINGS = 5
"""Changed filings beyond that bound of which some taxpayers are worked out again."""
SAMPLED_TAXPAYERS = 10
"""How many of each."""
REST_FILINGS = 20
REST_ROWS = 5_000
"""Bounds of the sample of filings that did not change."""
COMPARED_CHANGED = 300
COMPARED_REST = 30
"""Years x taxpayers compared: of those that changed, and of the others."""
TRACED = 12
"""Years x taxpayers held against trace_income."""
POOL_MONTHS = 10
"""Changed pools x months held against income_by_pool."""
_Place = tuple[int | None, str | None]
_T = TypeVar("_T")


def reckon(settings: Settings, connection: duckdb.DuckDBPyConnection, seed: int) -> Reckoned:
    """Work out again what is on the list filing_unchecked and a sample of the rest, drawn by `seed`.

    Raises WarehouseError for an accepted reference file that is missing or damaged.
    """
    return _Reckoning(settings, connection, Random(seed)).run(seed)  # noqa: S311 - a sample, no secret


@dataclass(slots=True)
class _Reckoning:
    settings: Settings
    connection: duckdb.DuckDBPyConnection
    random: Random
    found: list[Difference] = field(default_factory=list)
    parts: dict[int, dict[Key, Part]] = field(default_factory=dict)
    """Worked out from all rows of a filing, by filing_key."""
    parts_of_some: dict[int, tuple[frozenset[str], dict[Key, Part]]] = field(default_factory=dict)
    """Worked out of some miners of a filing."""
    rows: int = 0

    def run(self, seed: int) -> Reckoned:
        knowledge = sources.read(self.settings)
        known = filing_records.from_warehouse(self.connection)
        unchecked = {key for (key,) in self.connection.execute("select filing_key from filing_unchecked").fetchall()}
        months = {filing.month for filing in known.values() if filing.key in unchecked}
        touched = [filing for filing in known.values() if filing.month in months]
        others = self._shuffled(filing for filing in known.values() if filing.month not in months)
        unseen = known.keys() - {filing.number for filing in [*touched, *others[:REST_FILINGS]]}
        seen, found = filing_records.from_archive(self.settings, work.listed_at(self.settings), known, unseen)
        known |= seen
        self.found += found
        in_force = filing_records.in_force(known.values())
        changed = [known[filing.number] for filing in touched if known[filing.number].accepted]
        rest = [known[filing.number] for filing in others if filing.number in in_force]
        self._add_up_changed(self._shuffled(changed), knowledge)
        self._add_up_rest(rest, knowledge)
        scope = self._scope(changed)
        sums = self._sums(in_force, scope)
        self.found += differences(self.connection, sums, scope, knowledge)
        self._compare_pools(in_force, changed)
        traced = self._drawn(scope.keys or (), TRACED)
        self.found += stored.trace_differences(self.connection, traced)
        return Reckoned(
            seed,
            len(self.parts) + len(self.parts_of_some),
            self.rows,
            len(scope.keys or ()),
            len(traced),
            tuple(self.found),
        )

    def _add_up_changed(self, changed: Sequence[Filing], knowledge: sources.Knowledge) -> None:
        left = CHANGED_ROWS
        sampled = 0
        for filing in changed:
            if filing.row_count <= left:
                left -= filing.row_count
                self._add_up(filing, knowledge)
            elif sampled < SAMPLED_FILINGS:
                sampled += 1
                self._add_up_some(filing, knowledge)

    def _add_up_rest(self, rest: Sequence[Filing], knowledge: sources.Knowledge) -> None:
        left = REST_ROWS
        for filing in rest[:REST_FILINGS]:
            if filing.lake and filing.row_count <= left:
                left -= filing.row_count
                self._add_up(filing, knowledge)

    def _add_up(self, filing: Filing, knowledge: sources.Knowledge) -> None:
        rows = self._rows(filing)
        if rows is None:
            return
        parts = added_up(rows, filing.pool_id, filing.period, knowledge)
        self.rows += len(rows)
        self.parts[filing.key] = parts
        self.found += stored.row_differences(self.connection, filing, rows)
        self.found += stored.part_differences(self.connection, filing, parts, None)

    def _rows(self, filing: Filing, taxpayers: frozenset[str] | None = None) -> list[LakeRow] | None:
        """The filing's rows, or those of some taxpayers; None, and the damage told, where they cannot be read."""
        try:
            return rows_of(self.settings, filing, taxpayers)
        except (OSError, pa.ArrowException) as error:
            self.found.append(damage(", ".join(filing.lake), error))
            return None

    def _add_up_some(self, filing: Filing, knowledge: sources.Knowledge) -> None:
        try:
            names = taxpayers_of(self.settings, filing)
        except (OSError, pa.ArrowException) as error:
            self.found.append(damage(", ".join(filing.lake), error))
            return
        taxpayers = frozenset(self._drawn(names, SAMPLED_TAXPAYERS))
        rows = self._rows(filing, taxpayers)
        if rows is None:
            return
        self.rows += len(rows)
        whole = added_up(rows, filing.pool_id, filing.period, knowledge)
        parts = {key: part for key, part in whole.items() if key.role == "miner"}
        self.parts_of_some[filing.key] = (taxpayers, parts)
        self.found += stored.part_differences(self.connection, filing, parts, taxpayers)

    def _scope(self, changed: Sequence[Filing]) -> Scope:
        """Years x taxpayers: those of the changed filings, whether these are in force or not, and others."""
        stored_parts = stored.parts_of_filings(self.connection, [filing.key for filing in changed])
        places: set[_Place] = set()
        some: set[_Place] = set()
        for filing in changed:
            places |= _places(stored_parts.get(filing.key, {})) | _places(self.parts.get(filing.key, {}))
            some |= _places(self.parts_of_some.get(filing.key, (frozenset(), {}))[1])
        all_places = set(self.connection.execute("select distinct year, taxpayer_id from income_part").fetchall())
        rest = self._drawn(all_places - places, COMPARED_REST)
        return Scope(frozenset([*self._drawn(places, COMPARED_CHANGED), *some, *rest]))

    def _sums(self, in_force: dict[str, Filing], scope: Scope) -> Sums:
        told = stored.parts_of_taxpayers(self.connection, {taxpayer for _, taxpayer in scope.keys or ()})
        sums = Sums()
        for filing in in_force.values():
            parts = self.parts.get(filing.key)
            if parts is None:
                taxpayers, some = self.parts_of_some.get(filing.key, (frozenset(), {}))
                parts = {
                    key: part
                    for key, part in told.get(filing.key, {}).items()
                    if key.role != "miner" or key.taxpayer_id not in taxpayers
                } | some
            sums.add(
                filing.number,
                filing.pool_id,
                {key: part for key, part in parts.items() if scope.holds(key.year, key.taxpayer_id)},
            )
        return sums

    def _compare_pools(self, in_force: dict[str, Filing], changed: Sequence[Filing]) -> None:
        drawn = self._drawn({filing.number for filing in changed}, POOL_MONTHS)
        chosen = [filing for filing in changed if filing.number in drawn]
        pools = {filing.pool_id for filing in chosen}
        periods: set[date] = set()
        told = stored.parts_of_filings(
            self.connection, [filing.key for filing in [*in_force.values(), *chosen] if filing.pool_id in pools]
        )
        for filing in chosen:
            parts = self.parts.get(filing.key, told.get(filing.key, {}))
            periods |= {key.period for key in parts if key.period is not None}
        sums = Sums()
        for filing in in_force.values():
            if filing.pool_id in pools:
                sums.add(filing.number, filing.pool_id, self.parts.get(filing.key, told.get(filing.key, {})))
        if chosen:
            self.found += pool_differences(self.connection, sums, pools, periods)

    def _shuffled(self, items: Iterable[_T]) -> list[_T]:
        drawn = sorted(items, key=repr)
        self.random.shuffle(drawn)
        return drawn

    def _drawn(self, items: Iterable[_T], count: int) -> list[_T]:
        return self._shuffled(items)[:count]


def _places(parts: Iterable[Key]) -> set[_Place]:
    return {(key.year, key.taxpayer_id) for key in parts}
