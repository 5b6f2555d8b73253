"""What a store must offer, tried on it before anything relies on it (docs/operating.md, "Storage")."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from enum import StrEnum

from esep.store.model import Store


class StoreLack(StrEnum):
    """What a store lacks; each has its words in texts/status.toml under `lack_…`."""

    NEW_OBJECTS = "new_objects"
    """An object takes the place of one that has the name."""
    OBJECT_VERSIONS = "object_versions"
    """An object is replaced though it is another one than was read, or not replaced though it is the same."""
    OBJECT_LISTS = "object_lists"
    """What was written is not read or listed at once, or not in order."""


def lacks(store: Store) -> list[StoreLack]:
    """What the store lacks. Raises StoreError where it cannot be reached."""
    trial = f"trial/{uuid.uuid4().hex}/"
    names = [f"{trial}{number}" for number in range(3)]
    made = [store.put_new(name, name.encode()) for name in names]
    found = [lack for lack, holds in _TRIALS.items() if not holds(store, trial, names)]
    for name in names:  # what fails before is said; a store that just failed is not asked for more
        store.remove(name)
    return found if all(made) else list(dict.fromkeys([StoreLack.NEW_OBJECTS, *found]))


def _refuses_a_taken_name(store: Store, _: str, names: list[str]) -> bool:
    return not store.put_new(names[0], b"other") and _content(store, names[0]) == names[0].encode()


def _knows_versions(store: Store, _: str, names: list[str]) -> bool:
    before = store.read(names[1])
    if before is None or not store.replace(names[1], b"second", before.version):
        return False
    return not store.replace(names[1], b"third", before.version) and _content(store, names[1]) == b"second"


def _lists_at_once(store: Store, trial: str, names: list[str]) -> bool:
    return list(store.list_after(trial)) == names and list(store.list_after(trial, names[0])) == names[1:]


def _content(store: Store, name: str) -> bytes | None:
    found = store.read(name)
    return found.content if found else None


_TRIALS: dict[StoreLack, Callable[[Store, str, list[str]], bool]] = {
    StoreLack.NEW_OBJECTS: _refuses_a_taken_name,
    StoreLack.OBJECT_VERSIONS: _knows_versions,
    StoreLack.OBJECT_LISTS: _lists_at_once,
}
