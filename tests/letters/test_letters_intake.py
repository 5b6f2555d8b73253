"""Letters at the end of intake: what the DAG's task writes for packages that came through the inbox."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook

from end_to_end import filer
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.orchestration import tasks
from letters.letter_office import pdf_text


def test_intake_writes_receipts_and_the_refusal_with_its_reasons(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", inbox_settle_seconds=0)
    empty_wallet = [filer.row(1), filer.row(2, wallet=None)]
    filer.write(filer.Filing(), settings.inbox / "good", "2025-04-10T09:00:00+05:00")
    filer.write(filer.Filing(month=2, rows=empty_wallet), settings.inbox / "bad", "2025-04-10T10:00:00+05:00")
    now = datetime(2025, 4, 10, 12, tzinfo=TIMEZONE)
    tasks.register(settings, now)
    for batch in tasks.batches(settings):
        tasks.examine(settings, now, batch)
    assert sorted(tasks.letters(settings)) == ["2025-000001/A-1", "2025-000002/A-1", "2025-000002/R-1"]
    assert tasks.letters(settings) == []
    assert not (settings.outbox / "2025-000001" / "refusal.pdf").exists()
    folder = settings.outbox / "2025-000002"
    text = pdf_text(folder / "refusal.pdf")
    assert "C-45" in text
    assert "«Сарыарқа Пул» ЖШС, БИН 230640000008" in text
    # The form's data begin in row 9 of this layout; column 5 is E.
    marked = load_workbook(folder / "workbook-1.xlsx")
    assert "C-45" in marked.worksheets[1]["E10"].comment.text
