"""What the code answers today, kept so that a rebuild keeps it or names the difference.

`hold("pages/viewer/ru/filing", text)` compares a text with the one on record. The first part of a name is its area; an
area is two files in `expected/`: all texts in `<area>.txt.xz`, and a line of name and hash for each in `<area>.sha256`,
by which a commit shows which of them it changes. `ESEP_GOLDENS=write` records what is held instead of comparing.
"""

from __future__ import annotations

import difflib
import hashlib
import lzma
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from esep.config import PROJECT

EXPECTED = Path(__file__).with_name("expected")
WRITING = os.environ.get("ESEP_GOLDENS") == "write"
SHOWN_LINES = 60
_BETWEEN = "\x1e"
"""Begins the name of a case; texts hold no such sign (see `normalised`)."""

_MASKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\b\d+\.\d+\.\d+\+[0-9a-f]{8,64}\b"), "<code>"),
    (re.compile(r"\(seed \d+\)"), "(seed <number>)"),
    (re.compile(r'(name="?form_token"? value="?)[^"›]*'), r"\1<token>"),
    # Hashes whole or cut short, ids; not numbers of taxpayers, which have no letters, nor wallets ("0x…").
    (re.compile(r"\b[0-9a-f]{12,64}\b"), lambda found: found[0] if found[0].isdigit() else "<hash>"),
    (re.compile(r"\d{8}T\d{6}\.\d{6}Z"), "<moment>"),
    (re.compile(r'("(?:bytes|size)": )\d+'), r"\1<bytes>"),
    (re.compile(r"\d[\d,]*(?= bytes\b)"), "<number of>"),
)


def normalised(text: str, *folders: Path) -> str:
    """The text without what differs in two runs: versions of the code, hashes, ids, folders (written `<folder>`)."""
    named = {str(folder): f"<{folder.name}>" for folder in folders}
    named |= {str(PROJECT): "<project>", tempfile.gettempdir() + "/": "<tmp>/"}
    for place in sorted(named, key=len, reverse=True):
        text = text.replace(place, named[place])
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text.replace(_BETWEEN, "␞").replace("\r\n", "\n")


def hold(name: str, text: str) -> None:
    """Fail with a diff where the text is not the one on record under this name, or there is none."""
    area = name.partition("/")[0]
    _held[area][name] = text
    if WRITING:
        return
    known = _recorded(area).get(name)
    if known == text:
        return
    if known is None:
        pytest.fail(f"{name}: no golden is on record. {_how(area)}", pytrace=False)
    lines = difflib.unified_diff(known.split("\n"), text.split("\n"), "on record", "now", lineterm="", n=1)
    shown = [line for _, line in zip(range(SHOWN_LINES), lines, strict=False)]
    pytest.fail("\n".join([f"{name} is not what it was.", *shown, "", _how(area)]), pytrace=False)


def nothing_else(area: str) -> None:
    """Fail where a text of the area is on record that this run did not hold; call it last. Writing leaves it out."""
    if WRITING:
        _whole.add(area)
        return
    left = sorted(_recorded(area).keys() - _held[area].keys())
    assert not left, f"on record, but not answered any more: {left[:20]}. {_how(area)}"


def flush() -> None:
    """Write what was held, at the end of a test process; areas that were not held whole keep their other texts."""
    if not WRITING:
        return
    EXPECTED.mkdir(exist_ok=True)
    for area, texts in _held.items():
        with FileLock(Path(tempfile.gettempdir()) / f"esep-golden-{area}.lock"):
            _recorded_areas.pop(area, None)
            whole = dict(sorted((texts if area in _whole else _recorded(area) | texts).items()))
            content = "".join(f"{_BETWEEN}{name}\n{text}\n" for name, text in whole.items())
            path = EXPECTED / f"{area}.txt.xz"
            if not path.exists() or lzma.decompress(path.read_bytes()).decode() != content:
                path.write_bytes(lzma.compress(content.encode(), preset=6))
            index = "".join(
                f"{hashlib.sha256(text.encode()).hexdigest()[:16]}  {name}\n" for name, text in whole.items()
            )
            (EXPECTED / f"{area}.sha256").write_text(index, encoding="utf-8")


def _recorded(area: str) -> dict[str, str]:
    """Name → text of an area; empty where nothing is on record."""
    if area not in _recorded_areas:
        path = EXPECTED / f"{area}.txt.xz"
        content = lzma.decompress(path.read_bytes()).decode() if path.exists() else ""
        cases = (case.removesuffix("\n").partition("\n") for case in content.split(_BETWEEN)[1:])
        _recorded_areas[area] = {name: text for name, _, text in cases}
    return _recorded_areas[area]


def _how(area: str) -> str:
    return (
        f"If it is meant and better: run this file with ESEP_GOLDENS=write, name the difference in the commit "
        f"(`git diff tests/goldens/expected/{area}.sha256` lists the cases)."
    )


_held: dict[str, dict[str, str]] = defaultdict(dict)
_whole: set[str] = set()
_recorded_areas: dict[str, dict[str, str]] = {}
