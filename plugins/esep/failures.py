"""Steps of the DAGs that failed and have not succeeded since: one small file a step, in `$ESEP_HOME/.failures/`.

Only for people who look what is wrong. Nothing depends on these files; they may be deleted at any time. For them, too,
are the fields of log lines: what is logged inside a block of `log_fields` carries them, whoever logs it, by plain
`logging` too. Airflow writes its logs by structlog, which puts these fields beside the text: as keys where lines are
JSON (always in the log of a task, everywhere with AIRFLOW__LOGGING__JSON_LOGS=True), as `key=value` after the text
otherwise. Without Airflow nothing reads them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from logging import Logger
from pathlib import Path
from typing import TypeVar

from structlog.contextvars import bound_contextvars

from esep import files
from esep.config import Settings

FOLDER = ".failures"
LONGEST_TEXT = 2000

_FEW = 5
_LONGEST_FAULT = 1_000

_STEP = re.compile(r"[^a-z0-9]+")

Item = TypeVar("Item")
Result = TypeVar("Result")
Faults = list[tuple[str, Exception]]
"""What failed, by name, and why."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The last failure of a step."""

    step: str
    at: datetime
    text: str
    """What the step itself said: what, where, and what to do."""
    dag_id: str | None
    run_id: str | None
    """The run of Airflow in which it failed; None outside of Airflow."""


def in_few_words(faults: Sequence[tuple[str, object]]) -> str:
    """What failed and why, the first few and how many more: one cause may concern each of a thousand filings.

    A fault is a name and an exception or a text; each is cut to 1,000 signs.
    """
    few = [f"{name}: {_words(fault)}"[:_LONGEST_FAULT] for name, fault in faults[:_FEW]]
    more = [f"and {len(faults) - _FEW} more, each in the log"] if len(faults) > _FEW else []
    return "; ".join(few + more)


def _words(fault: object) -> str:
    return f"{type(fault).__name__}: {fault}" if isinstance(fault, BaseException) else str(fault)


def one_by_one(
    items: Iterable[Item],
    do: Callable[[Item], Result],
    fields: Callable[[Item], Mapping[str, str]],
    faults: Faults,
    log: Logger,
    *,
    fatal: tuple[type[Exception], ...] = (),
) -> Iterator[tuple[Item, Result]]:
    """Each item with what was done to it; the fault of one is logged, added to `faults`, and does not stop the others.

    `fields` are what log lines about an item carry, its name first; `fatal` errors concern all items and are raised.
    """
    for item in items:
        of_item = fields(item)
        with log_fields(**of_item):
            try:
                result = do(item)
            except fatal:
                raise
            except Exception as error:
                name = next(iter(of_item.values()))
                log.exception("%s failed and is left for the next run", name)
                faults.append((name, error))
                continue
            yield item, result


def record(settings: Settings, step: str, at: datetime, error: BaseException) -> None:
    """Keep the failure in place of an earlier one of the step. What cannot be written is let go: the log has it."""
    with suppress(OSError):
        files.write_json(
            _path(settings, step),
            {
                "step": step,
                "at": at.isoformat(),
                "text": (str(error) or type(error).__name__)[:LONGEST_TEXT],
                "dag_id": os.environ.get("AIRFLOW_CTX_DAG_ID"),
                "run_id": os.environ.get("AIRFLOW_CTX_DAG_RUN_ID"),
            },
        )


def forget(settings: Settings, step: str) -> None:
    """The step has succeeded."""
    with suppress(OSError):
        _path(settings, step).unlink(missing_ok=True)


def standing(settings: Settings) -> list[Failure]:
    """What failed and has not succeeded since, the latest first; a file that cannot be read is no failure."""
    found = []
    for path in (settings.home / FOLDER).glob("*.json"):
        with suppress(OSError, KeyError, TypeError, ValueError):
            value = files.read_json(path)
            at = datetime.fromisoformat(value["at"])
            found.append(Failure(value["step"], at, value["text"], value["dag_id"], value["run_id"]))
    return sorted(found, key=lambda failure: failure.at, reverse=True)


def _path(settings: Settings, step: str) -> Path:
    return settings.home / FOLDER / f"{_STEP.sub('_', step.lower())}.json"


def log_fields(**fields: str) -> AbstractContextManager[None]:
    """Bind the fields for the block: `with log_fields(registration_no="2025-000017"): …`."""
    return bound_contextvars(**fields)
