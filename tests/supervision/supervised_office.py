"""The warehouse tests' office, with a register, decisions and supervision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from esep.office import events
from esep.office.dispatches import NOTICE_DRAFTED
from esep.supervision import daily
from esep.supervision.daily import DayReport
from esep.supervision.knowledge import DETECTED, REMINDER, SILENCE, WITHDRAWN
from warehouse.warehouse_office import POOL, Office, day, moment

OFFICER = "А. Қарашаева"


@dataclass
class SupervisedOffice(Office):
    """Days are ISO texts; moments of decisions are texts as `2025-03-05 10:30`."""

    def register_of_pools(self, *lines: str) -> None:
        """`pool_id,pool_name,accredited_from,accredited_to` rows; one pool accredited without an end by default."""
        rows = lines or (f"{POOL},ТОО «Пул Алатау»,2020-01-01,",)
        self.reference(
            "pool", "pool_id,pool_name,accredited_from,accredited_to,email", *(f"{row},pool@example.kz" for row in rows)
        )

    def supervise(self, as_of: str, since: str | None = None) -> list[DayReport]:
        """Refresh, run the days, refresh: what the DAG does, without the letters."""
        self.refresh()
        found = daily.supervise(self.settings, day(as_of), day(since) if since else None)
        self.refresh()
        return found

    def decide(self, number: str, kind: str, when: str, **data: Any) -> None:
        """An officer's event about a filing."""
        events.append(self.folder(number), kind, moment(when), OFFICER, data)

    def decide_silence(self, kind: str, when: str, period: str, pool: str = POOL) -> None:
        data = {"pool_id": pool, "period": period, "reason": "hearing"}
        events.append_to_journal(self.settings, kind, moment(when), OFFICER, data)

    def notices(self) -> list[tuple[str, str, list[str], list[str], str]]:
        """letter_no, day, reasons, facts, day of detection of each notice, by day and number."""
        reported = [
            (data["letter_no"], data["dated"], data["reasons"], data["facts"], data["detected_on"])
            for data in (event.data for event in events.read_journal(self.settings, NOTICE_DRAFTED))
        ]
        return sorted(reported, key=lambda notice: (notice[1], notice[0]))

    def recorded(self) -> list[str]:
        """Everything supervision recorded, as comparable text in a fixed order; names of files left out."""
        reported = [
            event for kind in (NOTICE_DRAFTED, REMINDER, SILENCE) for event in events.read_journal(self.settings, kind)
        ]
        for receipt in self.settings.archive.glob("*/*/receipt.json"):
            reported += [event for kind in (DETECTED, WITHDRAWN) for event in events.read(receipt.parent, kind)]
        return sorted(repr((event.kind, event.at.isoformat(), sorted(event.data.items()))) for event in reported)

    def obligations(self, as_of: str) -> dict[str, tuple[str, date, date | None]]:
        """obligation → state, last day, day done; as of a day, by what was known before it."""
        rows = self.query(
            "select obligation, state, due_on, done_on from "
            "obligation_due_as_of(?::date, (?::date::timestamp at time zone 'Asia/Almaty') - interval 1 microsecond)",
            as_of,
            as_of,
        )
        return {name: (state, due_on, done_on) for name, state, due_on, done_on in rows}
