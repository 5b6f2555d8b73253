"""Events as the warehouse reads them: a damaged one is reported by its file, before any relation stumbles over it."""

from __future__ import annotations

from typing import Any

import pytest

from esep.office import events
from esep.records import append as records
from esep.warehouse.errors import LoadError
from warehouse.warehouse_office import POOL, moment, row

GOOD: list[tuple[str, dict[str, Any]]] = [
    ("rule_waived", {"rule_id": "R-37", "until": "2025-03-01", "reason": "asked"}),
    ("refusal_overruled", {"reason": "complete"}),
    ("letter_returned", {"letter_no": "2025-000001/N-1", "reason": "by phone"}),
    ("arrived", {"whatever": 1}),
]
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("rule_waived", {"rule_id": "R-37", "until": "31.12.2025", "reason": "asked"}, "until is '31.12.2025'"),
    ("rule_waived", {"rule_id": "R-37", "until": "2025-12-31"}, "reason is None"),
    ("refusal_overruled", {"reason": ""}, "reason is ''"),
    ("dispatched", {"letter_no": "2025-000001/R-1", "letter_kind": "refusal", "channel": "post"}, "sent_at is None"),
]

LATER = "from event where event <> 'loaded_as_history'"
"""Events after that of registration: the office's filings are loaded as history."""


@pytest.mark.parametrize(("kind", "data"), GOOD)
def test_an_event_is_loaded_once(office, kind, data):
    number = office.file("2025-02-10", [row("2025-01-06")], verdict="refused")
    office.refresh()
    events.append(office.folder(number), kind, moment("2025-02-11"), "А. Қарашаева", data)
    assert office.refresh().load.events == 1
    assert office.refresh().load.events == 0
    assert office.query(f"select registration_no, event, data->>'$.reason' {LATER}") == [
        (number, kind, data.get("reason"))
    ]


@pytest.mark.parametrize(("kind", "data", "reported"), BAD)
def test_a_decision_that_cannot_be_read_stops_the_load_and_is_named(office, kind, data, reported):
    number = office.file("2025-02-10", [row("2025-01-06")], verdict="refused")
    office.refresh()
    path = events.append(office.folder(number), kind, moment("2025-02-11"), "А. Қарашаева", data).path
    with pytest.raises(LoadError, match="restore the file from a backup") as error:
        office.refresh()
    assert reported in str(error.value)
    assert str(path) in str(error.value)
    assert office.query(f"select count(*) {LATER}") == [(0,)]  # the last good snapshot


def test_a_moment_without_its_zone_is_reported(office):
    data = {"pool_id": POOL, "period": "2025-01-01", "reason": "repairs"}
    value = events.content_of("silence_explained", moment("2025-03-05"), "А. Қарашаева", data)
    name = events.name_of("silence_explained", moment("2025-03-05"))
    records.add(office.settings.journal / name, value | {"at": "2025-03-05T00:00:00"})
    with pytest.raises(LoadError, match="needs its time zone"):
        office.refresh()
