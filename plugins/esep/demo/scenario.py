"""What happens in the demo: which pool files which month when, what goes wrong, and what is done about it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from esep.clock import TIMEZONE, month_after, months
from esep.demo import documents
from esep.demo.people import Pool, make_pools
from esep.demo.plan import ConfirmedSilence, Fault, Package, Plan, changed, make_rows, plant

Month = tuple[int, date]
"""Place of the pool in the list of pools, and the month."""


@dataclass(frozen=True, slots=True)
class Story:
    """What is out of the ordinary. Months that are not named are filed on time and once."""

    last_period: date
    refused: dict[Month, Fault]
    """First filed incomplete, then again in full."""
    only_refused: dict[Month, Fault]
    late: frozenset[Month]
    silent: frozenset[Month]
    confirmed: dict[Month, date]
    """Silent months of which an officer found out, and when, that there were distributions."""
    corrected: frozenset[Month]
    resent: frozenset[Month]
    """Corrected, and then the old version comes again: the bytes are known, yet it is a correction anew."""
    unvouched_correction: dict[Month, Fault]
    """Changed data without application or signature: they wait for an officer."""
    duplicated: frozenset[Month]
    planted: dict[Month, tuple[str, ...]]
    hostile: tuple[tuple[str, date], ...]
    """Broken files that bear nobody's name, with the day of arrival."""


FULL = Story(
    last_period=date(2025, 12, 1),
    refused={
        (0, date(2024, 2, 1)): Fault.NO_APPLICATION,
        (1, date(2024, 3, 1)): Fault.NO_SIGNATURE,
        (2, date(2024, 12, 1)): Fault.EMPTY_CELL,
        (3, date(2025, 8, 1)): Fault.TRUNCATED_FORM,
        (3, date(2025, 9, 1)): Fault.NO_PHONE,
    },
    only_refused={(2, date(2025, 8, 1)): Fault.NO_ROWS},
    late=frozenset({(2, date(2025, 1, 1)), (3, date(2025, 7, 1)), (1, date(2024, 3, 1)), (0, date(2024, 10, 1))}),
    silent=frozenset({(1, date(2025, 4, 1)), (2, date(2025, 11, 1))}),
    confirmed={(1, date(2025, 4, 1)): date(2025, 6, 2)},
    corrected=frozenset({(0, date(2024, 6, 1)), (1, date(2024, 9, 1)), (2, date(2025, 3, 1)), (1, date(2025, 10, 1))}),
    resent=frozenset({(1, date(2024, 9, 1))}),
    unvouched_correction={(0, date(2024, 8, 1)): Fault.NO_SIGNATURE},
    duplicated=frozenset({(0, date(2024, 12, 1)), (1, date(2025, 2, 1)), (2, date(2025, 1, 1))}),
    planted={
        (0, date(2024, 5, 1)): ("wrong_check_digit", "doubled_row"),
        (0, date(2024, 12, 1)): ("late_day",),
        (0, date(2025, 2, 1)): ("impossible_day", "unreadable_quantity"),
        (1, date(2024, 7, 1)): ("lost_zeros", "shared_wallet"),
        (0, date(2025, 9, 1)): ("borrowed_wallet",),
        (1, date(2025, 11, 1)): ("negative_quantity",),
        (2, date(2025, 5, 1)): ("unknown_asset",),
        (3, date(2025, 10, 1)): ("shared_wallet", "unreadable_quantity"),
    },
    hostile=(
        ("empty", date(2024, 2, 21)),
        ("text_named_xlsx", date(2024, 4, 18)),
        ("truncated_zip", date(2024, 8, 20)),
        ("password", date(2024, 11, 22)),
        ("xml_bomb", date(2025, 2, 19)),
        ("path_traversal", date(2025, 5, 21)),
        ("unrelated_pdf", date(2025, 9, 23)),
    ),
)

SMALL = replace(
    FULL,
    last_period=date(2024, 3, 1),
    late=frozenset({(1, date(2024, 3, 1))}),
    confirmed={},
    corrected=frozenset({(0, date(2024, 1, 1)), (1, date(2024, 1, 1))}),
    resent=frozenset({(1, date(2024, 1, 1))}),
    unvouched_correction={},
    duplicated=frozenset({(0, date(2024, 1, 1))}),
    planted={(0, date(2024, 3, 1)): ("wrong_check_digit", "impossible_day", "unreadable_quantity", "lost_zeros")},
    hostile=FULL.hostile[:1],
)
"""A quarter of two pools, for tests."""


def make_plan(rng: random.Random, story: Story = FULL) -> Plan:
    """All packages in order of arrival; the same state of the generator gives the same plan."""
    pools = tuple(pool for pool in make_pools(rng) if pool.first_period <= story.last_period)
    packages: list[Package] = []
    for index, pool in enumerate(pools):
        for period in months(pool.first_period, story.last_period):
            packages += _month(rng, story, pools, (index, period))
    for kind, day in story.hostile:
        name = documents.HOSTILE[kind][0]
        packages.append(Package(name, _moment(rng, day), "", fault=Fault.NOT_A_FILING, hostile=kind))
    packages.sort(key=lambda package: package.received_at)
    numbered = (replace(p, incoming_no=f"Д-{number:04}") for number, p in enumerate(packages, start=1))
    confirmed = (
        ConfirmedSilence(pools[index], period, datetime.combine(day, time(11), TIMEZONE))
        for (index, period), day in story.confirmed.items()
    )
    return Plan(pools, tuple(numbered), tuple(confirmed))


def _moment(rng: random.Random, day: date) -> datetime:
    """Some second of that day while the office is open."""
    second = rng.randrange(9 * 3600, 18 * 3600)
    return datetime.combine(day, time(second // 3600, second // 60 % 60, second % 60), TIMEZONE)


def _month(rng: random.Random, story: Story, pools: tuple[Pool, ...], month: Month) -> list[Package]:
    """Everything that one pool sends about one month."""
    if month in story.silent:
        return []
    index, period = month
    pool = pools[index]
    following = month_after(period)
    rows = plant(rng, make_rows(rng, pool, period), story.planted.get(month, ()))
    count = 0

    def package(days: int, **what: object) -> Package:
        nonlocal count
        count += 1
        name = f"{period:%Y-%m}-pool-{index + 1}" + (f"-{count}" if count > 1 else "")
        name += ".zip" if pool.habits.shape == "zip" else ""
        moment = _moment(rng, following + timedelta(days=days))
        common = {"name": name, "received_at": moment, "incoming_no": "", "pool": pool, "period": period}
        return Package(**{**common, "rows": rows, **what})  # type: ignore[arg-type]

    if month in story.only_refused:
        return [package(rng.randint(10, 20), fault=story.only_refused[month])]
    result = []
    if month in story.refused:
        result.append(package(rng.randint(4, 10), fault=story.refused[month]))
    first = package(rng.randint(28, 34) if month in story.late else rng.randint(12, 22))
    result.append(first)
    if month in story.duplicated:
        result.append(package(36, repeats=first.name))
    if month in story.corrected:
        corrected = changed(rng, rows)
        result.append(package(38, rows=corrected, change_date=following + timedelta(days=33)))
    if month in story.unvouched_correction:
        result.append(package(40, rows=changed(rng, rows), fault=story.unvouched_correction[month]))
    if month in story.resent:
        result.append(package(47, repeats=first.name))
    return result
