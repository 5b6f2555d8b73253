"""A flood: what is looked at in the file system grows with the number of packages, not with its square."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from esep.office import events, registration


class Looks:
    """Entries of folders that were listed. Counting the folders alone would not show one that grows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entries = 0
        scandir, listdir = os.scandir, os.listdir

        class Counted:
            def __init__(self, items: Any) -> None:
                self.items = items

            def __enter__(self) -> Counted:
                return self

            def __exit__(self, *_: object) -> None:
                self.items.close()

            def __iter__(self) -> Iterator[Any]:
                return self

            def __next__(inner) -> Any:  # noqa: N805 - two selves
                item = next(inner.items)
                self.entries += 1
                return item

            def close(self) -> None:
                self.items.close()

        def counted_names(*arguments: Any) -> list[Any]:
            names = listdir(*arguments)
            self.entries += len(names)
            return names

        monkeypatch.setattr(os, "scandir", lambda *arguments: Counted(scandir(*arguments)))
        monkeypatch.setattr(os, "listdir", counted_names)


def stamped(office: Any, number: int) -> None:
    """A file whose stamp has the shorter spelling, which could serve a second file."""
    office.file(f"p{number}.zip", b"%d" % number)
    (office.inbox / f"p{number}.office.json").write_text(json.dumps({"incoming_no": str(number)}))


def unstamped(office: Any, number: int) -> None:
    office.folder(f"p{number}", {"form.xlsx": b"%d" % number, "in/other": b"x"})


@pytest.mark.parametrize("drop", [stamped, unstamped])
def test_what_is_listed_for_a_package_does_not_grow_with_the_flood(
    office: Any, monkeypatch: pytest.MonkeyPatch, drop: Callable[[Any, int], None]
) -> None:
    looks = Looks(monkeypatch)
    counted = []
    for flood in (20, 80):
        for number in range(flood):
            drop(office, flood * 1_000 + number)
        before = looks.entries
        results = office.run()
        assert len(results) == flood
        assert not any(result.fault for result in results)
        counted.append((looks.entries - before) / flood)
        assert office.left() == []
    # The register reads what is there once a run: 20 filings more over 80 packages are no more than one entry each.
    assert counted[1] < counted[0] + 2


def test_what_was_logged_of_a_filing_is_read_once_however_often_it_comes_again(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = events.read_file
    monkeypatch.setattr(events, "read_file", lambda path: read.append(path.name) or real(path))
    for number in range(30):
        office.file(f"p{number}.zip", b"the same")
    results = office.run()
    assert [result.duplicate for result in results] == [False, *[True] * 29]
    assert read == []
    office.file("again.zip", b"the same")
    (result,) = office.run()
    assert result.duplicate
    assert len(read) == len(set(read)) == 29


def test_a_number_that_another_process_took_meanwhile_is_passed_over(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others register without the lock between the packages of this run: no gap, no double."""
    for number in range(6):
        unstamped(office, number)
    real = registration.register

    def beside(package: Any, settings: Any, now: Any, **others: Any) -> Any:
        if package.name in ("p2", "p4"):
            real(package, settings, now)
        return real(package, settings, now, **others)

    monkeypatch.setattr(registration, "register", beside)
    numbers = [result.number for result in office.run()]
    assert numbers == [f"2099-{serial:06d}" for serial in (1, 2, 4, 5, 7, 8)]
    assert office.numbers() == [f"2099-{serial:06d}" for serial in range(1, 9)]
