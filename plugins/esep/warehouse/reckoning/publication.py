"""Before a publication: what changed in full up to a bound, a random sample of the rest.

Its cost follows what is new: the rows of changed filings up to `CHANGED_ROWS`, beyond that of some of their taxpayers;
a few filings of the rest; of the years that nothing changed one, another each time. Figures of a year are added up from
the parts of all filings in force: from rows where these were read, else from the stored parts, which were compared with
rows when they were new and are again at random.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TypeVar

import duckdb

from esep.config import Settings
from esep.warehouse import calls, lake_rows, work
from esep.warehouse.reckoning import comparison, stored
from esep.warehouse.reckoning import filings as filing_records
from esep.warehouse.reckoning.comparison import Sums
from esep.warehouse.reckoning.filings import Filing
from esep.warehouse.reckoning.parts import Key, Knowledge, Part, added_up, knowledge_of, rows_of, taxpayers_of
from esep.warehouse.reckoning.result import Difference, Reckoned, damage_noted
from esep.warehouse.reckoning.stored import Place

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
"""Years x taxpayers compared with trace_income."""
POOL_MONTHS = 10
"""Changed pools x months compared with income_by_pool."""
_T = TypeVar("_T")


def reckon(settings: Settings, connection: duckdb.DuckDBPyConnection, seed: int) -> Reckoned:
    """Work out again what is on the list filing_unchecked and a sample of the rest, drawn by `seed`.

    Raises WarehouseError for an accepted reference file that is missing or damaged.
    """
    random = Random(seed)  # noqa: S311 - a sample, no secret
    return _Reckoning(settings, connection, random, knowledge_of(settings)).run(seed)


@dataclass(slots=True)
class _Reckoning:
    settings: Settings
    connection: duckdb.DuckDBPyConnection
    random: Random
    knowledge: Knowledge
    found: list[Difference] = field(default_factory=list)
    worked_out: dict[int, tuple[frozenset[str] | None, dict[Key, Part]]] = field(default_factory=dict)
    """By filing_key: parts from all its rows (None), or from those of some miners."""
    rows: int = 0

    def run(self, seed: int) -> Reckoned:
        known = filing_records.from_warehouse(self.connection)
        unchecked = set(calls.column(self.connection, "filing_key", "from internal.filing_unchecked"))
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
        self._add_up_changed(self._shuffled(changed))
        self._add_up_rest(rest)
        scope = self._scope(changed)
        sums = self._sums(in_force, scope)
        self.found += comparison.differences(self.connection, sums, scope, self.knowledge)
        self._compare_pools(in_force, changed)
        traced = self._drawn(scope, TRACED)
        self.found += comparison.trace_differences(self.connection, traced)
        return Reckoned(seed, len(self.worked_out), self.rows, len(scope), len(traced), tuple(self.found))

    def _add_up_changed(self, changed: Sequence[Filing]) -> None:
        left = CHANGED_ROWS
        sampled = 0
        for filing in changed:
            if filing.row_count <= left:
                left -= filing.row_count
                self._add_up(filing)
            elif sampled < SAMPLED_FILINGS:
                sampled += 1
                with damage_noted(self.found, filing.lake):
                    names = taxpayers_of(self.settings, filing)
                    self._add_up(filing, frozenset(self._drawn(names, SAMPLED_TAXPAYERS)))

    def _add_up_rest(self, rest: Sequence[Filing]) -> None:
        left = REST_ROWS
        for filing in rest[:REST_FILINGS]:
            if filing.lake and filing.row_count <= left:
                left -= filing.row_count
                self._add_up(filing)

    def _add_up(self, filing: Filing, taxpayers: frozenset[str] | None = None) -> None:
        """Of all rows of a filing, or of those of some miners."""
        with damage_noted(self.found, filing.lake):
            rows = rows_of(self.settings, filing, taxpayers)
            self.rows += len(rows)
            parts = added_up(rows, filing.pool_id, filing.period, self.knowledge)
            if taxpayers is None:
                if lake_rows.are_kept(self.settings):  # else they are the lake's own
                    self.found += comparison.row_differences(self.connection, filing, rows)
            else:
                parts = {key: part for key, part in parts.items() if key.role == "miner"}
            self.worked_out[filing.key] = (taxpayers, parts)
            self.found += comparison.part_differences(self.connection, filing, parts, taxpayers)

    def _scope(self, changed: Sequence[Filing]) -> frozenset[Place]:
        """Years x taxpayers: those of the changed filings, whether these are in force or not, and others."""
        parts_of = stored.parts_of_filings(self.connection, [filing.key for filing in changed])
        places: set[Place] = set()
        some: set[Place] = set()
        for filing in changed:
            places |= _places(parts_of.get(filing.key, {}))
            taxpayers, parts = self.worked_out.get(filing.key, (None, {}))
            (places if taxpayers is None else some).update(_places(parts))
        rest = self._drawn(self._all_places({year for year, _ in places | some}) - places, COMPARED_REST)
        return frozenset([*self._drawn(places, COMPARED_CHANGED), *some, *rest])

    def _all_places(self, years: set[int | None]) -> set[Place]:
        """Those of these years and of one other: a few of every year would have all years added up."""
        every = set(calls.column(self.connection, "distinct year", "from internal.income_part"))
        chosen = [*(years & every), *self._drawn(every - years, 1)]
        named = ", ".join(str(year) for year in chosen if year is not None) or "null"
        source = f"from internal.income_part where year in ({named})" + (" or year is null" if None in chosen else "")
        return set(calls.rows(self.connection, ("distinct year", "taxpayer_id"), source))

    def _sums(self, in_force: dict[str, Filing], scope: frozenset[Place]) -> Sums:
        """What was read row by row from its rows; of the other filings the stored parts, added up by DuckDB."""
        sums = Sums()
        read = [filing for filing in in_force.values() if filing.key in self.worked_out]
        parts_of_read = stored.parts_of_places(self.connection, scope, [filing.key for filing in read])
        for filing in read:
            parts = self._parts_of(filing, parts_of_read)
            within = {key: part for key, part in parts.items() if (key.year, key.taxpayer_id) in scope}
            sums.add([filing.number], filing.pool_id, within)
        unread = {filing.key: filing.number for filing in in_force.values() if filing.key not in self.worked_out}
        for key, part, brought_by in stored.sums_of_places(self.connection, scope, unread):
            sums.add([unread[filing_key] for filing_key in brought_by], None, {key: part})
        return sums

    def _parts_of(self, filing: Filing, recorded: Mapping[int, dict[Key, Part]]) -> dict[Key, Part]:
        """The parts from rows where these were read, else as stored."""
        taxpayers, parts = self.worked_out.get(filing.key, (frozenset(), {}))
        if taxpayers is None:
            return parts
        others = recorded.get(filing.key, {}).items()
        return {key: part for key, part in others if key.role != "miner" or key.taxpayer_id not in taxpayers} | parts

    def _compare_pools(self, in_force: dict[str, Filing], changed: Sequence[Filing]) -> None:
        drawn = self._drawn({filing.number for filing in changed}, POOL_MONTHS)
        chosen = [filing for filing in changed if filing.number in drawn]
        if not chosen:
            return
        pools = {filing.pool_id for filing in chosen}
        of_pools = [filing for filing in in_force.values() if filing.pool_id in pools]
        parts = stored.parts_of_filings(self.connection, [filing.key for filing in chosen])
        periods: set[date] = set()
        for filing in chosen:
            periods |= {key.period for key in self._parts_of(filing, parts) if key.period is not None}
        parts = stored.parts_of_filings(self.connection, [filing.key for filing in of_pools], periods)
        sums = Sums()
        for filing in of_pools:
            sums.add([filing.number], filing.pool_id, self._parts_of(filing, parts))
        self.found += comparison.pool_differences(self.connection, sums, pools, periods)

    def _shuffled(self, items: Iterable[_T]) -> list[_T]:
        drawn = sorted(items, key=repr)
        self.random.shuffle(drawn)
        return drawn

    def _drawn(self, items: Iterable[_T], count: int) -> list[_T]:
        return self._shuffled(items)[:count]


def _places(parts: Iterable[Key]) -> set[Place]:
    return {(key.year, key.taxpayer_id) for key in parts}
