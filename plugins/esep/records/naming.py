"""The files that a record names by their SHA-256: what has to be where the record is.

A receipt names the package's files and the stamps beside it, a verdict its files of the lake, an answer the officer's
transcription, an event of the journal the bytes of a message or another body's receipt, and the record of a reference
version or of a revision the file beside it. `proof.named` judges the same files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from esep.file_names import from_text
from esep.records import heads

_BESIDE = {
    heads.REFERENCE: {".csv": "sha256", ".part": "part_sha256", ".origin.zip": "origin_sha256"},
    heads.REVISION: {".parquet": "sha256"},
}


class Named(NamedTuple):
    """A file: path relative to the home as the file system has it, and hex SHA-256."""

    path: str
    sha256: str


def named_by(path: str, content: bytes) -> list[Named]:
    """The files that the record of this path (relative to the home) names. Raises ValueError for a damaged one."""
    chain = heads.chain_of(path) or ""
    try:
        return list(_named(chain, path, json.loads(content)))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: it is not a record that can be read ({error!r})") from error


def _named(chain: str, path: str, value: Mapping[str, Any]) -> Iterator[Named]:
    if chain in _BESIDE:
        stem = path.removesuffix(".json")
        for ending, key in _BESIDE[chain].items():
            if value.get(key):
                yield Named(stem + ending, value[key])
        return
    data = value.get("data") or {}
    if chain == heads.JOURNAL:
        if "message_id" in data and "files" in data:
            yield from _received(f"{chain}/message/{data['message_id']}", data["files"], data.get("stamps") or ())
        if data.get("file_path"):
            yield Named(f"{chain}/{data['file_path']}", data["file_sha256"])
    elif path == f"{chain}/receipt.json":
        yield from _received(chain, value["files"], value.get("stamps") or ())
    elif "lake_sha256" in value:
        for file, digest in value["lake_sha256"].items():
            yield Named(f"lake/{file}", digest)
    elif data.get("transcription"):
        for name, digest in data["files"].items():
            yield Named(f"{chain}/{data['transcription']}/{name}", digest)


def _received(folder: str, package: Any, stamps: Any) -> Iterator[Named]:
    for below, received in ((f"{folder}/package", package), (folder, stamps)):
        for file in received:
            yield Named(f"{below}/{from_text(file['path'])}", file["sha256"])
