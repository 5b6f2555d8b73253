"""Makes the homes that the upgrade is tested on: a small office, filled by the code of an earlier version.

    PYTHONPATH=plugins .venv/bin/python tests/upgrade/make_home.py VERSION COMMIT

checks COMMIT out beside the repository, lets its own library and its own tests' packages fill a home, and writes
tests/upgrade/VERSION.tar.xz and VERSION.json, the figures that this version published. It is run once for a version and
needs no run after that: the files are kept, and a version that is released gets a pair of its own.

The second half runs below the old code and uses only what all these versions have; letters, decisions and supervision
where the version has them.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FIGURES = {
    "filing": "SELECT registration_no, status, pool_id, period, row_count FROM filing",
    "finding": "SELECT registration_no, rule_id, occurrences FROM finding",
    "annual_income": "SELECT year, role, taxpayer_id, asset, quantity, income_kzt FROM annual_income",
    "annual_income_total": "SELECT year, role, taxpayer_id, income_kzt FROM annual_income_total",
    "sale_obligation": "SELECT year, taxpayer_id, asset, share, base_quantity, quantity_to_sell FROM sale_obligation",
    "filing_calendar": "SELECT pool_id, period, state FROM filing_calendar",
}
"""What a version published, by relation; the columns are those that all versions have."""

LEFT_OUT = b"left out, see make_home.py\n"
"""Instead of the bytes of printed letters: with their fonts they would be most of the file."""


def figures(snapshot: Path) -> dict[str, list[list[str | None]]]:
    """Rows of FIGURES, each value as text, ordered: what is compared must not depend on a library's types."""
    import duckdb

    with duckdb.connect(str(snapshot), read_only=True) as connection:
        return {
            name: sorted(
                (
                    [None if value is None else str(value) for value in row]
                    for row in connection.execute(sql).fetchall()
                ),
                key=str,
            )
            for name, sql in FIGURES.items()
        }


# ---------------------------------------------------------------------------------------- below the old version's code

POOLS = {
    "230640000008": "«Сарыарқа Пул» ЖШС",
    "220740000019": "ТОО «Пул Северный Узел»",
    "211140000029": "«Қиыр Пул» ЖШС",
}
FIRST, SECOND, THIRD = POOLS
SUPERVISED = date(2025, 5, 16)
"""The last day that supervision saw, where the version has it."""


def fill(home: Path) -> str:
    """Three pools and months; a correction, a refusal, a duplicate, a silent month, two versions of the price list.

    Gives the moment of the last publication.
    """
    from end_to_end import filer
    from esep.config import Settings
    from esep.orchestration import tasks

    settings = Settings(home=home, inbox_settle_seconds=0)
    settings.inbox.mkdir(parents=True)
    _reference(settings.reference, filer, "90000.5")

    def rows(month: int, quantity: str) -> list[list[Any]]:
        second = {
            "miner_name": "Жолдасбек Н. Т.",
            "miner_id": filer.MINER_B,
            "licence": "KZ11DM00000202 от 01.02.2024",
            "wallet": filer.BTC_WALLET_B,
            "reward_quantity": "0,002",
        }
        return [
            filer.row(1, distributed_on=f"05.0{month}.2025", quantity=quantity),
            filer.row(2, distributed_on=f"14.0{month}.2025", quantity="0,33333333", **second),
        ]

    def hand_in(name: str, pool: str, month: int, quantity: str, received: str, **changes: Any) -> None:
        filing = filer.Filing(month=month, pool_id=pool, pool_name=POOLS[pool], rows=rows(month, quantity), **changes)
        filer.write(filing, settings.inbox / name, f"{received}:00+05:00", incoming_no=f"К-{name}")

    def process(day: str) -> None:
        now = filer.moment(day)
        tasks.register(settings, now)
        for batch in tasks.batches(settings):
            tasks.examine(settings, now, batch)
        if hasattr(tasks, "letters"):
            tasks.letters(settings)
        _refresh(settings, now)

    hand_in("101", FIRST, 1, "0,5", "2025-02-18T10:00")
    hand_in("102", SECOND, 1, "0,25", "2025-02-19T11:00", layout="ru_offset")
    hand_in("103", THIRD, 1, "1,125", "2025-03-03T12:00", layout="explained")  # late
    process("2025-03-03 15:00")
    hand_in("104", FIRST, 2, "0,75", "2025-03-12T09:00", application="sheet")
    hand_in("105", SECOND, 2, "0,125", "2025-03-13T09:00", signed=False)  # refused
    hand_in("106", THIRD, 2, "0,0625", "2025-03-14T09:00", signed=False)  # refused; overruled where that is possible
    process("2025-03-14 15:00")
    hand_in("107", FIRST, 1, "0,625", "2025-03-20T09:00")  # a correction
    _again(settings, "2025-000004", "108", "2025-03-20T10:00")
    process("2025-03-20 15:00")
    hand_in("109", FIRST, 3, "2", "2025-04-10T09:00")
    hand_in("110", SECOND, 3, "0,4", "2025-04-11T09:00", layout="ru_offset")  # the third pool is silent
    _reference(settings.reference, filer, "90500.25")
    last = "2025-04-11 15:00"
    process(last)
    if importlib.util.find_spec("esep.office.decisions"):
        _decide(settings, filer)
        last = "2025-05-20 15:00"
        process(last)
    return f"{filer.moment(last).isoformat()}"


def _reference(folder: Path, filer: Any, price: str) -> None:
    """A price and a rate for each day of the quarter; the price of 5 March is the one given."""
    days = [date(2025, 1, 1) + timedelta(number) for number in range(90)]
    prices = {(day, "BTC"): str(80000 + day.toordinal() % 7) for day in days} | {(date(2025, 3, 5), "BTC"): price}
    filer.write_reference(folder, prices, {day: f"50{day.day % 10}.25" for day in days})
    lines = [f"{pool},{name},2025-01-01,,pool@example.kz" for pool, name in POOLS.items()]
    head = "pool_id,pool_name,accredited_from,accredited_to,email"
    (folder / "pool.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")


def _refresh(settings: Any, now: Any) -> None:
    from esep.orchestration import tasks

    tasks.accept_reference(settings, now)
    tasks.load(settings, now)
    tasks.build_marts(settings, now)
    tasks.check(settings, now)
    tasks.publish(settings)


def _again(settings: Any, number: str, name: str, received: str) -> None:
    """The same bytes once more: they get the first receipt again."""
    import shutil

    package = settings.inbox / name
    shutil.copytree(settings.home / "archive" / "2025" / number / "package", package)
    (package / "office.json").write_text(
        json.dumps({"received_at": f"{received}:00+05:00", "incoming_no": f"К-{name}"})
    )


def _decide(settings: Any, filer: Any) -> None:
    """What an officer decided, a dispatch, and the days of supervision to the middle of May."""
    from esep.office import decisions, dispatches
    from esep.supervision import daily

    at = filer.moment("2025-04-14 10:00")
    author = "Серікова Ә. Б."
    decisions.overrule_refusal(settings, "2025-000006", "қолтаңба К-12 хатымен келді", author, at)
    sent = filer.moment("2025-03-17 16:20")
    dispatches.record_dispatch(settings, "2025-000005/R-1", "post", sent, "RR123456789KZ", author, at)
    daily.supervise(settings, date(2025, 4, 30), date(2025, 2, 1))
    daily.letters(settings)
    decisions.confirm_silence(
        settings, THIRD, date(2025, 3, 1), "желідегі төлемдер бар", author, filer.moment("2025-05-05 11:00")
    )
    _refresh(settings, filer.moment("2025-05-05 12:00"))
    daily.supervise(settings, SUPERVISED, date(2025, 5, 1))
    daily.letters(settings)


# ------------------------------------------------------------------------------------------------------ around the home


def make(version: str, commit: str) -> None:
    """Fill a home by the code of `commit`, and keep it and its figures as VERSION.tar.xz and VERSION.json."""
    with tempfile.TemporaryDirectory() as scratch:
        code, home = Path(scratch, "code"), Path(scratch, "home")
        git = ["git", "-C", str(HERE)]
        subprocess.run([*git, "worktree", "add", "--quiet", "--detach", str(code), commit], check=True)
        try:
            paths = os.pathsep.join((str(code / "plugins"), str(code / "tests")))
            environment = os.environ | {"PYTHONPATH": paths, "ESEP_HOME": str(home), "GX_ANALYTICS_ENABLED": "false"}
            command = [sys.executable, __file__, "--fill", str(home)]
            filled = subprocess.run(command, check=True, cwd=code, env=environment, capture_output=True, text=True)
        finally:
            subprocess.run([*git, "worktree", "remove", "--force", str(code)], check=True)
        found = {
            "version": version,
            "commit": commit,
            "published_at": filled.stdout.split()[-1],
            "figures": figures(home / "warehouse" / "esep.duckdb"),
        }
        (HERE / f"{version}.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        with tarfile.open(HERE / f"{version}.tar.xz", "w:xz", preset=9) as archive:
            for path in sorted(home.rglob("*")):
                name = path.relative_to(home).as_posix()
                if name.startswith("outbox/") and path.suffix in (".pdf", ".docx"):
                    path.write_bytes(LEFT_OUT)
                archive.add(path, name, recursive=False, filter=_anonymous)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the user and the moment of the machine that made it."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    return member


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fill", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("version", nargs="?")
    parser.add_argument("commit", nargs="?")
    asked = parser.parse_args()
    if asked.fill:
        print(fill(asked.fill))
    elif asked.version and asked.commit:
        make(asked.version, asked.commit)
    else:
        parser.error("VERSION and COMMIT are needed")


if __name__ == "__main__":
    main()
