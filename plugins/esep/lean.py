"""What keeps a process that opens filers' files small: its environment, and pandas left out."""

from __future__ import annotations

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


class _WithoutPandas:
    """An import hook. pyarrow takes pandas in with the first value it converts, where it can: 0.5 s and 60 MB."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name == "pandas" and "great_expectations" not in sys.modules:
            raise ModuleNotFoundError("pandas is used by Great Expectations alone", name=name)


@contextmanager
def without_pandas() -> Iterator[None]:
    """Inside of it Great Expectations alone imports pandas, and pyarrow once that is there."""
    sys.meta_path.insert(0, _WithoutPandas)
    try:
        yield
    finally:
        sys.meta_path.remove(_WithoutPandas)


@contextmanager
def fresh() -> Iterator[bool]:
    """`without_pandas` with ENVIRONMENT, in a process that has begun nothing yet; else nothing is done, and False."""
    if "numpy" in sys.modules or "pandas" in sys.modules:
        yield False
        return
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with without_pandas():
        yield True
