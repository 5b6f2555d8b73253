"""What keeps a process small and quick to start: its environment, imports left out, the collector kept from modules."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

ENVIRONMENT: Mapping[str, str] = {
    # Each of these keeps reserved but unused address space away from a child's limit.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
"""To be set before numpy and pyarrow are imported."""
_PANDAS = "pandas"
"""pyarrow takes it in with the first value it converts, where it can: 0.5 s and 60 MB. Great Expectations needs it."""
_UNUSED = frozenset({"pyarrow.dataset", "pyspark", "sqlalchemy"})
"""Taken in where they can be: by pyarrow's group_by, with all file systems; by Great Expectations, which is given
frames alone, for its other engines."""


class _LeftOut:
    """An import hook: these are not installed."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name in _UNUSED or (name == _PANDAS and "great_expectations" not in sys.modules):
            raise ModuleNotFoundError(f"{name} is left out of this process", name=name)


def one_allocator() -> None:
    """Arrow takes its memory where numpy does, in a process in which ENVIRONMENT came too late to say so.

    Its own allocator gives the memory of each column back, to have the next one's cleared page by page: a quarter of
    the time in which a million rows are typed.
    """
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


@contextmanager
def few_imports() -> Iterator[None]:
    """Inside of it libraries go without what they can use and Esep does not; pandas comes with Great Expectations."""
    sys.meta_path.insert(0, _LeftOut)
    try:
        yield
    finally:
        sys.meta_path.remove(_LeftOut)


@contextmanager
def loading() -> Iterator[None]:
    """For the import of large libraries: the collector does not look at modules, which stay, then or at the end.

    Of the import of Great Expectations it is a quarter. Once in a process: what is garbage at its end stays, too.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        atexit.register(_give_back)
        if was_enabled:
            gc.enable()


def _give_back() -> None:
    """DuckDB's binding reports each object that nothing collected at the end as a leak."""
    if "duckdb" in sys.modules:
        gc.unfreeze()


@contextmanager
def fresh() -> Iterator[bool]:
    """`few_imports` with ENVIRONMENT, in a process that has begun nothing yet; else nothing is done, and False."""
    if "numpy" in sys.modules or "pandas" in sys.modules:
        yield False
        return
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with few_imports():
        yield True
