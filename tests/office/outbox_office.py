"""An office with registered filings and letters in the outbox, written file by file as registration and letters do."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from esep.clock import TIMEZONE
from esep.config import Settings

POOL, OTHER_POOL = "230640000008", "230640000018"


class OutboxOffice:
    """An $ESEP_HOME; verdicts and letters by keyword."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)

    def filing(
        self, number: str, verdict: str | None = "refused", pool: str = POOL, period: str = "2025-03-01"
    ) -> Path:
        folder = self.settings.archive / number[:4] / number
        folder.mkdir(parents=True)
        self.write(folder / "receipt.json", {"registration_no": number})
        if verdict:
            self.write(folder / "verdict.json", {"verdict": verdict, "pool_id": pool, "period": period})
        return folder

    def letter(self, letter_no: str, kind: str, dated: date, **changes: Any) -> Path:
        """A letter with a PDF, a DOCX and one enclosure; keywords replace what its status file says."""
        folder_name, code = letter_no.split("/")
        folder = self.settings.outbox / folder_name
        folder.mkdir(parents=True, exist_ok=True)
        names = [f"{kind}.pdf", f"{kind}.docx", "findings.xlsx"]
        for name in names:
            (folder / name).write_bytes(f"{letter_no} {name}".encode())
        is_filing = len(folder_name) == len("2025-000001")
        value = {
            "letter_no": letter_no,
            "kind": kind,
            "dated": dated.isoformat(),
            "registration_no": folder_name if is_filing else None,
            "pool_id": POOL if is_filing else folder_name[:12],
            "pool_name": "ЖШС «Самал Пул»",
            "period": "2025-03" if is_filing else folder_name[13:],
            "term": {"ends_on": (dated + timedelta(days=2)).isoformat()},
            "files": [{"name": name} for name in names],
        }
        path = folder / ("status.json" if code == "R-1" else f"status-{code}.json")
        self.write(path, value | changes)
        return folder

    def register(self, *rows: str) -> None:
        """reference/pool.csv."""
        self.settings.reference.mkdir(parents=True, exist_ok=True)
        lines = ["pool_id,pool_name,accredited_from,accredited_to,email", *rows]
        (self.settings.reference / "pool.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    @staticmethod
    def write(path: Path, value: Any) -> None:
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def moment(text: str) -> datetime:
    """An aware local moment from `2025-04-29 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)
