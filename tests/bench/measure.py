"""A figure of the benchmark: two times of one run, their ratio, and the limit it has to keep."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """`measured` and `base` are medians in seconds. `limit` None: reported, but not judged."""

    name: str
    base_name: str
    measured: float
    base: float
    limit: float | None

    @property
    def ratio(self) -> float:
        return self.measured / self.base

    @property
    def holds(self) -> bool:
        return self.limit is None or self.ratio <= self.limit


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def alternating(times: int, *actions: Callable[[], float]) -> list[float]:
    """The median of what each action tells, taken in turns, so that a slow minute of the machine meets them all."""
    reported: list[list[float]] = [[] for _ in actions]
    for _ in range(times):
        for samples, action in zip(reported, actions, strict=True):
            samples.append(action())
    return [median(samples) for samples in reported]
