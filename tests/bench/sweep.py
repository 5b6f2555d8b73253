"""A sweep of the DAGs with nothing to do, at 1,000 and at 100,000 filings: CPU seconds, imports apart.

The filings are registered and accepted, without rows: what a sweep costs depends on how many there are.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from history import PoolMonth, receipt_of, verdict_of, write_reference
from measure import Figure, alternating, cpu_seconds

from esep import clock
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.office import events
from esep.orchestration import dispatch, tasks
from esep.records import heads, seal
from esep.records.heads import Beginning

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=TIMEZONE)
FEW, MANY, QUICK = 1_000, 100_000, 10_000
PERIOD = date(2025, 1, 1)
FILES = {"1-ЦМ.xlsx": 7_000, "Заявление.docx": 5_000, "Заявление.docx.p7s": 2_000}
TIMES = 3


def figures(cache: Path, work_folder: Path, *, quick: bool) -> Iterator[Figure]:
    """The sweep, and the look over everything that is made once a day and before a publication."""
    many = QUICK if quick else MANY
    homes = [_home(work_folder / str(count), count) for count in (many, FEW)]
    looks = [cpu_seconds(lambda home=home: _walk(home)) for home in homes]
    sweeps = alternating(TIMES, *(lambda home=home: cpu_seconds(lambda: _sweep(home)) for home in homes))
    names = f"{many:,} filings", f"{FEW:,} filings"
    yield Figure(f"a sweep with nothing to do, {names[0]}", names[1], *sweeps, None, at_most=1.0)
    yield Figure(f"a walk over everything, {names[0]}", names[1], *looks, None)


def _sweep(settings: Settings) -> None:
    """What `intake`, `warehouse` and `dispatch_queue` do when nothing came."""
    day = clock.local_date(NOW)
    tasks.take_in(settings, lambda: NOW, day)
    tasks.batches(settings, day)
    tasks.letters(settings, day)
    tasks.accept_reference(settings, NOW)
    dispatch.letters_to_send(settings, NOW)
    if tasks.is_due(settings, NOW):
        raise RuntimeError(f"{settings.home}: there was something to do")


def _walk(settings: Settings) -> None:
    """The same on the first sweep of a day, with figures and publications as they are."""
    tasks.batches(settings)
    tasks.letters(settings)
    tasks.load(settings, NOW)


def _home(home: Path, count: int) -> Settings:
    """A home that is loaded, published and masked, after one sweep."""
    settings = Settings(home=home, inbox_settle_seconds=0)
    write_reference(settings.reference, PERIOD, PERIOD + timedelta(days=30))
    _write_filings(settings, count)
    tasks.batches(settings, clock.local_date(NOW))
    tasks.letters(settings, clock.local_date(NOW))
    tasks.accept_reference(settings, NOW)
    tasks.refresh(settings, NOW)
    tasks.publish_masked(settings)
    return settings


def _write_filings(settings: Settings, count: int) -> None:
    """As the office leaves them: package, receipt, event, verdict, the letter's status file, and the list of heads."""
    package = {name: name.encode().ljust(size, b".") for name, size in FILES.items()}
    kept = [
        {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in package.items()
    ]
    lines, head = [], heads.first_hash(Beginning.COMPLETE)
    for serial in range(1, count + 1):
        month, number = PoolMonth(serial % 60, PERIOD), f"2025-{serial:06}"
        folder = settings.archive / "2025" / number
        (folder / "package").mkdir(parents=True)
        (folder / events.EVENTS).mkdir()
        for name, content in package.items():
            (folder / "package" / name).write_bytes(content)
        arrived = f"{month.received_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-arrived-{serial:032x}.json"
        arrival = hashlib.sha256(number.encode()).hexdigest()
        receipt = receipt_of(month, number) | {"files": kept, "stamps": [], "arrival_id": arrival}
        previous = None
        for path, value in (
            ("receipt.json", receipt),
            (f"events/{arrived}", events.content_of("arrived", month.received_at, "bench", {"arrival_id": arrival})),
            ("verdict.json", verdict_of(month, number, 0, {})),
        ):
            content, previous = seal.sealed(value, previous)
            (folder / path).write_bytes(content)
            lines.append(heads.line_of(head, previous, f"archive/2025/{number}/{path}"))
            head = lines[-1].hash
        (settings.outbox / number).mkdir(parents=True)
        (settings.outbox / number / "status-A-1.json").write_text(json.dumps({}), encoding="utf-8")
        for path in (settings.outbox / number / "status-A-1.json", settings.outbox / number):
            os.utime(path, (month.received_at.timestamp(),) * 2)
    heads.path_of(settings.home).parent.mkdir(parents=True)
    heads.create(settings.home, Beginning.COMPLETE)
    size = heads.path_of(settings.home).stat().st_size
    heads.add(settings.home, lines, size)
