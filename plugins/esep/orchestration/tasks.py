"""What the tasks of the DAGs do: one plain function a task, without Airflow.

Every function finds its own work by comparing folders, so that each may be killed and run again, and none depends on
an event having arrived. Results are small plain values (numbers, counts, texts), because Airflow keeps them.
The library's heavy modules are imported inside the functions: a DAG file imports this module at every parse.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from math import ceil
from typing import TYPE_CHECKING, Any

from esep import failures
from esep.config import Settings
from esep.file_names import in_one_line
from esep.orchestration.common import StepError, reported
from esep.orchestration.registering import identity_of, log_registered, messages_in

if TYPE_CHECKING:
    from esep.letters.placing import Letter

log = logging.getLogger(__name__)

BATCH_SIZE = 25
"""Filings examined by one task instance, as long as that makes no more than BATCH_LIMIT instances."""
BATCH_LIMIT = 8
"""Task instances of one run: Airflow needs about a second for each, so a flood makes larger batches, not more."""


def register(settings: Settings, now: datetime | Callable[[], datetime]) -> dict[str, Any]:
    """Register every settled package of the inbox, in order of arrival (paras 5 and 7).

    `now` is best the clock itself: it is then read once the intake's lock is held.

    Gives `registered` and `duplicates`, each item with `number` and `source` (its name in the inbox), and `examined`,
    numbers of earlier filings that had to be examined to know a duplicate; and `messages`, each with `message` (its id)
    and `source`, that nothing was distributed, which get no number. Raises StepError at the end if a package
    could not be taken; the others have been registered by then.
    """
    with reported("register", settings):
        from esep.office import file_system
        from esep.office.intake import register_waiting

        file_system.require(settings)
        examined: list[str] = []
        taken = register_waiting(
            settings,
            now,
            identity_of(settings, now, examined),
            progress=log_registered,
            messages_in=messages_in(settings),
        )
        faults = [(in_one_line(item.source_name), in_one_line(item.fault)) for item in taken if item.fault]
        if faults:
            raise StepError(
                f"{len(faults)} of {len(taken)} packages could not be taken from {settings.inbox}: "
                + failures.in_few_words(faults)
            )
        done = [
            (item.duplicate, {"number": str(item.number), "source": item.source_name}) for item in taken if item.number
        ]
        kept = [item for item in taken if item.message_id]
        return {
            "registered": [item for duplicate, item in done if not duplicate],
            "duplicates": [item for duplicate, item in done if duplicate],
            "examined": examined,
            "messages": [{"message": item.message_id, "source": item.source_name} for item in kept],
        }


def take_in(settings: Settings, clock_of: Callable[[], datetime], day: date | None = None) -> dict[str, Any]:
    """Register what waits, and examine at once what is few: a step between two tasks costs more than its work.

    Gives what `register` gives, with `verdicts` (number → verdict); their numbers are in `examined`. What is many, or
    could not be examined here, is left for `batches`. `day` as there.
    """
    done = register(settings, clock_of)
    few = _swept(settings, day)
    verdicts: dict[str, str] = {}
    if 0 < len(few) <= BATCH_SIZE:
        try:
            verdicts = examine(settings, clock_of(), few)
        except Exception:
            log.warning("left for the task examine: what has no verdict of %s", ", ".join(few))
    return done | {"examined": list(dict.fromkeys([*done["examined"], *verdicts])), "verdicts": verdicts}


def unexamined(settings: Settings, numbers: Iterable[str] | None = None) -> list[str]:
    """Numbers of the registered filings to be examined, in order of arrival: never yet, or with an officer's answer.

    Those whose receipt cannot be read come last: their examination reports the fault, and the others are not held up.
    With `numbers` only these are looked at, and those that were answered.
    """
    from esep.office import archive, questions

    answered = questions.to_examine(settings)
    waiting, damaged = [], []
    for entry in archive.present(settings, None if numbers is None else {*numbers, *answered}):
        if not entry.verdict_paths or entry.number in answered:
            try:
                _ = entry.receipt
                waiting.append(entry)
            except archive.ArchiveError:
                damaged.append(entry)
    return [entry.number for entry in [*archive.in_order_of_arrival(waiting), *damaged]]


def batches(settings: Settings, day: date | None = None) -> list[list[str]]:
    """`unexamined`, cut into the batches that are examined side by side.

    With the local `day` it is a sweep: only what is new or still open is looked at, once a day everything.
    """
    with reported("batches", settings):
        failures.forget(settings, "examine")  # all of it is tried again now
        numbers = _swept(settings, day)
        log.info("%d filings to examine", len(numbers))
        return cut(numbers)


def _swept(settings: Settings, day: date | None) -> list[str]:
    from esep.office import sweeps
    from esep.records import heads

    if day is None:
        return unexamined(settings)
    sweep = sweeps.begin(settings, "examine", day)
    numbers = unexamined(settings, sweep.numbers)
    sweep.done(map(heads.chain_of_filing, numbers))
    return numbers


def cut(numbers: list[str], size: int = BATCH_SIZE, limit: int = BATCH_LIMIT) -> list[list[str]]:
    """Consecutive batches of `size`, or of more where that would make more than `limit` of them."""
    size = max(size, ceil(len(numbers) / limit))
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def examine(settings: Settings, now: datetime, numbers: list[str]) -> dict[str, str]:
    """Examine those of the filings that have no verdict yet (paras 8 and 9); number → verdict."""
    with reported("examine", settings, alone=False):
        from esep.examination.pending import examine_pending

        def report(number: str, verdict: str) -> None:
            log.info("%s %s", number, verdict)

        return examine_pending(settings, now, numbers, progress=report)


def batch_letters(settings: Settings, numbers: list[str]) -> list[str]:
    """Write the letters that the outbox lacks of these filings (paras 7 and 8); the letters' numbers.

    One that cannot be written is logged and left to `letters`, which comes after all batches and reports it.
    """
    with reported("letters", settings, alone=False):
        from esep.letters.missing import LettersError, write_missing
        from esep.records import heads

        try:
            return _written(write_missing(settings, _log_written, [heads.chain_of_filing(one) for one in numbers]))
        except LettersError as error:
            return _written(error.written)


def letters(settings: Settings, day: date | None = None) -> list[str]:
    """Write the receipts, refusals and requests that the outbox lacks (paras 7 and 8); their numbers.

    Raises LettersError at the end if some could not be written; the others have been written by then. With the local
    `day` it is a sweep, as in `batches`.
    """
    with reported("letters", settings):
        from esep.letters.missing import sweep, write_missing

        return _written(sweep(settings, day, _log_written) if day else write_missing(settings, _log_written))


def _log_written(letter: Letter) -> None:
    log.info("%s written", letter.letter_no)


def _written(letters: Iterable[Letter]) -> list[str]:
    """The numbers of the letters; how many of which kind is logged."""
    numbers = [letter.letter_no for letter in letters]
    counts = Counter(number.rpartition("/")[2] for number in numbers)
    requests = sum(count for code, count in counts.items() if code.startswith("Q-"))
    log.info("%d receipts, %d refusals, %d requests", counts["A-1"], counts["R-1"], requests)
    return numbers


def summary(settings: Settings, registered: dict[str, Any] | None, waiting: list[list[str]] | None) -> dict[str, int]:
    """Counts of one run: `registered`, `duplicates`, `accepted`, `refused`, `waiting`, `unexamined`.

    The arguments are what `register` and `batches` gave, None where they failed. Verdicts are read from the archive,
    so that a filing examined by a batch that failed later counts too.
    """
    with reported("summary", settings):
        from esep.office import archive, questions

        registered = registered or {}
        new = [item["number"] for item in registered.get("registered", [])]
        numbers = concerned(registered, waiting)
        verdicts = [questions.verdict_word(archive.entry(settings, number).verdict) for number in numbers]
        counts = {
            "registered": len(new),
            "duplicates": len(registered.get("duplicates", [])),
            **{name: verdicts.count(name) for name in ("accepted", "refused", "waiting", "unexamined")},
        }
        log.info("%s", ", ".join(f"{count} {name}" for name, count in counts.items()))
        return counts


def concerned(registered: dict[str, Any] | None, waiting: list[list[str]] | None) -> list[str]:
    """Numbers of the filings that a run of intake registered or had to examine, from what its first tasks gave."""
    registered = registered or {}
    new = [item["number"] for item in registered.get("registered", [])]
    batched = [number for batch in waiting or [] for number in batch]
    return list(dict.fromkeys([*new, *registered.get("examined", []), *batched]))


def refresh(settings: Settings, now: datetime) -> dict[str, str]:
    """Load, rebuild figures, check and publish; what each step said. Each may be repeated, and fails under its name."""
    from esep.warehouse import engines, work

    with engines.kept(settings), work.locked(settings):
        with work.opened(settings):  # once for these steps, which each open it when run alone
            done = {"load": load(settings, now), "marts": build_marts(settings, now), "checks": check(settings, now)}
        return done | {"publish": publish(settings)}


def accept_reference(settings: Settings, now: datetime) -> list[dict[str, Any]]:
    """Take over new versions of the reference files; a faulty one is refused as a whole and reported with its lines."""
    with reported("reference", settings):
        from esep.warehouse import reference

        results = []
        for report in reference.accept(settings, now):
            problems, warnings = [str(one) for one in report.problems], [str(one) for one in report.warnings]
            for problem in problems:
                log.warning("%s refused: %s", report.file, problem)
            for warning in warnings:
                log.warning("%s: %s", report.file, warning)
            result = {"name": report.name, "file": report.file, "state": report.state}
            results.append(result | {"problems": problems, "warnings": warnings})
        return results


def is_due(settings: Settings, now: datetime) -> bool:
    """Whether the steps from `load` on may have anything to do; see warehouse.due."""
    from esep.warehouse import due

    return due.is_due(settings, now)


def load(settings: Settings, now: datetime) -> str:
    """Load examined filings that the warehouse does not hold yet, after a look at every file that figures rest on."""
    with reported("load", settings):
        from esep.warehouse import due
        from esep.warehouse import load as step

        sweep = due.load_sweep(settings, now)
        report = step.load(settings, now)
        sweep.done()
        return _result("load", report)


def build_marts(settings: Settings, now: datetime) -> str:
    """Rebuild the figures of what changed (paras 3 and 11)."""
    with reported("marts", settings):
        from esep.warehouse import build

        return _result("marts", build.build_marts(settings, now))


def check(settings: Settings, now: datetime) -> str:
    """Look for bad rows and identities that do not hold; raises, naming them, so that nothing is published."""
    with reported("checks", settings):
        from esep.warehouse import checks

        return _result("checks", checks.run(settings))


def publish(settings: Settings) -> str:
    """Put a copy of the warehouse in place for the readers."""
    with reported("publish", settings):
        from esep.warehouse import published as step

        return _result("publish", step.publish(settings))


def publish_masked(settings: Settings) -> str:
    """Put the masked copy of what is published in place for everybody; see warehouse.masked."""
    with reported("publish_masked", settings):
        from esep.warehouse import masked as step

        return _result("publish_masked", step.publish(settings))


def _result(step: str, result: object) -> str:
    text = "done" if result is None else str(result)
    log.info("%s: %s", step, text)
    return text
