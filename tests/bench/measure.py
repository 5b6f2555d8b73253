"""A figure of the benchmark: two times of one run, their ratio, and the limit it has to keep."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """`measured` and `base` are medians in `unit`. Neither limit: reported, but not judged."""

    name: str
    base_name: str
    measured: float
    base: float
    limit: float | None
    """The largest ratio of the two."""
    at_most: float | None = None
    """The largest `measured`, for a goal that is no ratio. Both sides are reported all the same."""
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.measured / self.base

    @property
    def is_judged(self) -> bool:
        return self.limit is not None or self.at_most is not None

    @property
    def holds(self) -> bool:
        return (self.limit is None or self.ratio <= self.limit) and (
            self.at_most is None or self.measured <= self.at_most
        )


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def cpu_seconds(action: Callable[[], object]) -> float:
    """CPU seconds of this process and of the children that it waited for, user and system: alike on a busy machine."""

    def used() -> float:
        both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in both)

    before = used()
    action()
    return used() - before


def alternating(times: int, *actions: Callable[[], float]) -> list[float]:
    """The median of what each action tells, taken in turns, so that a slow minute of the machine meets them all."""
    reported: list[list[float]] = [[] for _ in actions]
    for _ in range(times):
        for samples, action in zip(reported, actions, strict=True):
            samples.append(action())
    return [median(samples) for samples in reported]
