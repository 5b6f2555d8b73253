"""Whatever a library says of a file stays inside: no exception's text and no path of the machine is reported of it."""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esep import signature
from esep.detail import Detail
from esep.forms.reading import jobs
from esep.forms.reading.package import unread
from esep.forms.reading.result import RESULTS
from esep.texts.words import detail_words
from forms.failing_libraries import ALL_USES, MARKER, SAMPLES, failing, fails
from signature import cms_maker as make

USES = [pytest.param(module, name, id=f"{module.__name__}.{name}") for module, name in ALL_USES]


def results(out: Path, samples: tuple[Path, ...] = SAMPLES) -> Iterator[tuple[Path, str]]:
    """What the child hands on for each sample, or what its parent tells of a child that failed."""
    for number, path in enumerate(samples):
        folder = out / str(number)
        folder.mkdir(parents=True)
        file = {"path": str(path), "name": path.name, "sha256": "0", "size": path.stat().st_size, "nested": False}
        try:
            jobs.run({"task": "read", "files": [file], "out": str(folder)})
        except Exception:  # the zygote makes a crash of it
            fault = unread("crash", None)
            yield path, json.dumps({"files": [{"detail": dataclasses.asdict(fault.detail)}]})
        else:
            yield path, (folder / RESULTS).read_text(encoding="utf-8")


def details(result: str) -> list[Detail]:
    found = [file["detail"] for file in json.loads(result)["files"]]
    return [Detail(one["code"], one["values"]) for one in found if one]


@pytest.mark.parametrize(("module", "name"), USES)
def test_a_library_that_fails_is_not_quoted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: types.ModuleType, name: str
) -> None:
    monkeypatch.setattr(module, name, failing(getattr(module, name)))
    for path, result in results(tmp_path):
        assert MARKER not in result
        assert str(path.parent) not in result
        assert str(tmp_path) not in result
        for detail in details(result):
            assert all(detail_words(detail, language) for language in ("kk", "ru", "en")), detail


def damages() -> list[Callable[[bytes], bytes]]:
    return [
        lambda data: data[: len(data) // 2],
        lambda data: data[:400] + b"\xff" * 400 + data[800:],
        lambda data: data[: len(data) // 3] + bytes(200) + data[len(data) // 3 + 200 :],
        lambda data: data[:-300] + b"\x01" * 300,
    ]


@pytest.mark.parametrize("damage", damages(), ids=["cut", "head", "middle", "tail"])
def test_damaged_files_are_reported_in_all_languages_and_without_paths(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    made = []
    for number, path in enumerate(SAMPLES):
        damaged = tmp_path / f"{number}{path.suffix}"
        damaged.write_bytes(damage(path.read_bytes()))
        made.append(damaged)
    for _, result in results(tmp_path / "out", tuple(made)):
        assert str(tmp_path) not in result
        for detail in details(result):
            assert all(detail_words(detail, language) for language in ("kk", "ru", "en")), detail


def test_verification_quotes_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    from esep.signature import cms_file, verification

    cms = make.sign(make.Rsa(make.rsa_key()), b"content", attached=True)
    for module, name in (
        (verification.cms_file, "read"),
        (verification.cms_file, "whole_element"),
        (cms_file, "_signer"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, fails)
            report = signature.verify(cms, {}, None, make.NOW)
            assert MARKER not in str(report)
            assert report.detail
            assert detail_words(report.detail, "kk")


def test_a_fault_of_a_file_says_only_its_own_sentence() -> None:
    assert all(
        detail_words(fault.detail, language)
        for fault in (unread("time", None), unread("memory", None), unread("crash", None), unread("memory", "XFD9"))
        for language in ("kk", "ru", "en")
    )
