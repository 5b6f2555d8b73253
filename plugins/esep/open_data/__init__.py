"""Rules and form as data for the software of pools: JSON and CSV, with a JSON Schema of the same records.

Nothing is written down here a second time: rules come from `expectations/`, columns from the tables of the law.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from esep.config import Settings
from esep.examination import suites
from esep.open_data.form import form_columns
from esep.open_data.rules import rules_of

Records = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DataSet:
    """What is published under a name, as `<name>.json`, `<name>.csv` and `<name>.schema.json`."""

    name: str
    key: str
    """The records' own name in the document."""
    records: Callable[[Settings], Sequence[Any]]
    """Dataclasses of one kind."""

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the document; `$defs/record` is that of a line of the CSV file, empty for null."""
        path = Path(__file__).with_name(f"{self.name}.schema.json")
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def document(self, settings: Settings) -> dict[str, Any]:
        """Plain values: the schema's title, by which ruleset and code it was made, and the records.

        Raises SuiteError where expectations/ cannot be read.
        """
        records = [asdict(record) for record in self.records(settings)]
        return {
            "schema": f"esep.{self.name}/1",
            "ruleset": suites.ruleset(settings),
            "code_version": suites.code_version(),
            self.key: records,
        }

    def csv(self, settings: Settings) -> str:
        """A line for each record with all its fields: UTF-8, commas, empty for null, true and false as in JSON."""
        text = io.StringIO()
        records = [asdict(record) for record in self.records(settings)]
        writer = csv.DictWriter(text, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in record.items()} for record in records)
        return text.getvalue()


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


RULES = DataSet("rules", "rules", rules_of)
FORM = DataSet("form", "columns", form_columns)
ALL: Mapping[str, DataSet] = {one.name: one for one in (RULES, FORM)}
