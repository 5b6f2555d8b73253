"""The files that records name are those that the proof of all files looks at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from esep.proof import chains, looks
from esep.proof.named import name_files
from esep.records import heads
from esep.records.heads import Adopted
from esep.records.naming import named_by

A, B, C = "a" * 64, "b" * 64, "c" * 64


@pytest.mark.slow
def test_they_are_those_of_the_proof(demo_home: Path) -> None:
    listed = (heads.read(demo_home) or heads.Heads()).by_chain()
    count = 0
    for chain in heads.chains(demo_home):
        found = chains.prove(demo_home, chain, listed[chain], Adopted(), strict=True)
        name_files(demo_home, found, looks.below(demo_home, chain), Adopted(), strict=True)
        proved = {(job.path.relative_to(demo_home).as_posix(), job.sha256) for job in found.jobs}
        assert {tuple(one) for path, content in found.records.items() for one in named_by(path, content)} == proved
        count += len(proved)
    assert count > 300


FILING = "archive/2025/2025-000001"
EXAMPLES = {
    "a receipt": (
        f"{FILING}/receipt.json",
        {"files": [{"path": "deep/\\xff.xlsx", "sha256": A}], "stamps": [{"path": "office.json", "sha256": B}]},
        [(f"{FILING}/package/deep/\udcff.xlsx", A), (f"{FILING}/office.json", B)],
    ),
    "a receipt from before stamps were named": (f"{FILING}/receipt.json", {"files": []}, []),
    "a verdict": (
        f"{FILING}/verdict-2.json",
        {"lake": ["finding/month=2025-01/2025-000001.e2.parquet"], "lake_sha256": {"finding/month=2025-01/x": A}},
        [("lake/finding/month=2025-01/x", A)],
    ),
    "an answer": (
        f"{FILING}/events/1-question_answered-1.json",
        {"data": {"answer": "transcribe", "transcription": "transcription-1", "files": {"a/b.xlsx": A}}},
        [(f"{FILING}/transcription-1/a/b.xlsx", A)],
    ),
    "an answer without files": (f"{FILING}/events/1-question_answered-1.json", {"data": {"answer": "take"}}, []),
    "a message": (
        "journal/1-no_distributions_reported-1.json",
        {"data": {"message_id": "m1", "files": [{"path": "a.p7s", "sha256": A}], "stamps": []}},
        [("journal/message/m1/package/a.p7s", A)],
    ),
    "a message again": ("journal/1-message_arrived_again-1.json", {"data": {"message_id": "m1"}}, []),
    "another body's receipt": (
        "journal/1-handover_acknowledged-1.json",
        {"data": {"file_name": "x.pdf", "file_path": "received/2025/c.pdf", "file_sha256": C}},
        [("journal/received/2025/c.pdf", C)],
    ),
    "a reference version": (
        "reference/accepted/price/1.json",
        {"sha256": A, "part_sha256": None, "origin_sha256": B},
        [("reference/accepted/price/1.csv", A), ("reference/accepted/price/1.origin.zip", B)],
    ),
    "a revision": (
        "lake/figure_revision/000001-a-b.json",
        {"file": "000001-a-b.parquet", "sha256": A},
        [("lake/figure_revision/000001-a-b.parquet", A)],
    ),
}


@pytest.mark.parametrize(("path", "value", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_each_kind_of_record(path: str, value: object, expected: list[tuple[str, str]]) -> None:
    assert [tuple(one) for one in named_by(path, json.dumps(value).encode())] == expected


@pytest.mark.parametrize("content", [b"{", b"[]", b"null", b'{"files": 3}'])
def test_what_is_no_record_is_named(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"receipt\.json|Expecting"):
        named_by(f"{FILING}/receipt.json", content)
