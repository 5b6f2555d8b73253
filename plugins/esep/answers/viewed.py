"""The warehouse as viewers and reports show it: what a filer wrote in place of an asset may be a name or a wallet.

Of names, numbers and wallets pages show parts (`answers.masking`). An asset is a key as well, by which figures are
added up, chosen and linked: a word that no list knows is a pseudonym from the first answer on, that of the masked
snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Self, cast

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.warehouse import calls
from esep.warehouse.known_assets import tickers
from esep.warehouse.masked_values import Pseudonyms, Treatment

PARAMETER = "asset"
"""Name of the value by which rows of one asset are asked for."""
_LISTS = frozenset({"assets", "unvalued_assets"})
"""Columns with several assets: words with `_BETWEEN` between them, or structs of which `asset` is one field."""
_BETWEEN = ", "


def viewed(connection: duckdb.DuckDBPyConnection, settings: Settings) -> duckdb.DuckDBPyConnection:
    """The connection as `warehouse.calls` and `answers.tables` use one; it raises MaskingError without the secret."""
    return cast("duckdb.DuckDBPyConnection", _Viewed(connection, settings))


class _Viewed:
    def __init__(self, connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
        self._connection, self._settings = connection, settings
        self._relation: Any = None
        self._shown: dict[str, str] = {}

    @property
    def description(self) -> Any:
        return self._connection.description

    def execute(self, query: str, values: Mapping[str, Any] | None = None) -> Self:
        self._connection.execute(query, self._asked(values))
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        shown = {place: self._showing(name) for place, (name, *_) in enumerate(self.description or ())}
        if not any(shown.values()):
            return self._connection.fetchall()
        return [
            tuple(show(value) if (show := shown[place]) else value for place, value in enumerate(row))
            for row in self._connection.fetchall()
        ]

    def cursor(self) -> _Viewed:
        return _Viewed(self._connection.cursor(), self._settings)

    def sql(self, query: str, params: Mapping[str, Any]) -> Self:
        self._relation = self._connection.sql(query, params=self._asked(params))
        return self

    def to_arrow_table(self) -> pa.Table:
        table = self._relation.to_arrow_table()
        for place, name in enumerate(table.column_names):
            if show := self._showing(name):
                values = [show(value) for value in table[name].to_pylist()]
                table = table.set_column(place, name, pa.array(values, table.schema.field(place).type))
        return table

    def _showing(self, column: str) -> Callable[[Any], Any] | None:
        """How a column's values are shown; None as they are."""
        if column == PARAMETER or column.endswith(f"_{PARAMETER}"):
            return self._word
        return self._words if column in _LISTS else None

    def _word(self, asset: str | None) -> str | None:
        if asset is None:
            return None
        if asset not in self._shown:
            self._shown[asset] = asset if asset in self._known else self._pseudonyms.of_value(Treatment.ASSET, asset)
        return self._shown[asset]

    def _words(self, assets: Any) -> Any:
        if isinstance(assets, list):
            return [{**one, PARAMETER: self._word(one[PARAMETER])} for one in assets]
        return assets and _BETWEEN.join(self._word(asset) or "" for asset in assets.split(_BETWEEN))

    def _asked(self, values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """The values with the asset of a pseudonym; an unknown word is asked for by none of its own."""
        if not values or not values.get(PARAMETER) or values[PARAMETER] in self._known:
            return values
        wanted = values[PARAMETER]
        words = calls.column(self._connection.cursor(), "distinct asset", "from annual_income where asset is not null")
        meant = next((word for word in words if word not in self._known and self._word(word) == wanted), None)
        return {**values, PARAMETER: self._word(wanted) if meant is None else meant}

    @cached_property
    def _known(self) -> set[str]:
        cursor = self._connection.cursor()  # the answer that is being read stays the connection's
        return tickers(cursor, calls.value(cursor, "current_database()", ""))

    @cached_property
    def _pseudonyms(self) -> Pseudonyms:
        return Pseudonyms.of(self._settings)
