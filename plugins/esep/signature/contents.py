"""The files that a detached signature may cover: each hashed once for an algorithm, the likely ones first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from esep.signature import gost
from esep.signature.algorithms import SHA2

GOST_BUDGET_BYTES = 8 * 1024 * 1024
"""Most bytes hashed by Streebog for one package; what is beyond is left unverified, and said so."""
LARGEST_READ_BYTES = 64 * 1024 * 1024
"""Largest file read whole: only for signatures without signed attributes. All others are hashed piece by piece."""
TRIAL_BUDGET_BYTES = 1024 * 1024 * 1024
"""Most bytes read whole for all such signatures of a package together: each tries one file after the other."""
GOST_BUDGET_SIGNATURES = 32
"""Most GOST signature values computed for one package (up to three seconds each)."""


class Contents:
    """The files of a package beside the signature. A file that cannot be read matches nothing."""

    def __init__(self, candidates: Mapping[str, bytes | Path]) -> None:
        self._candidates = dict(candidates)
        self._order = self._likely_first(None)
        self._digests: dict[tuple[str, str], bytes | None] = {}
        self._attached: dict[tuple[bytes, str], bytes] = {}
        self._gost_bytes = 0
        self._gost_signatures = 0
        self._trial_bytes = 0
        self._left_out: dict[str, list[str]] = {}

    def prefer_for(self, signature_path: str) -> None:
        """Try first the files whose names suit this signature. Digests and budgets go on from before."""
        self._order = self._likely_first(signature_path)
        self._attached.clear()  # what the last signature held is not kept in memory

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def with_digest(self, digest: bytes, algorithm: str) -> str | None:
        """Path of the first file with this message digest."""
        return next((path for path in self._order if self._digest(path, algorithm) == digest), None)

    def equal_to(self, content: bytes) -> str | None:
        """Path of the first file with exactly these bytes."""
        same_size = (path for path in self._order if self._size(path) == len(content))
        return next((path for path in same_size if self.read(path) == content), None)

    def read(self, path: str, largest: int | None = None) -> bytes | None:
        """The bytes of a file; None if it cannot be read or is larger than `largest`."""
        if largest is not None and self._size(path) > largest:
            return None
        source = self._candidates[path]
        if not isinstance(source, Path):
            return bytes(source)
        try:
            return source.read_bytes()
        except OSError:
            return None

    def read_for(self, path: str, algorithm: str) -> bytes | None:
        """The bytes of a file that someone else will hash with `algorithm`; None where the budget does not allow it."""
        size = self._size(path)
        if algorithm in SHA2:
            budget = min(LARGEST_READ_BYTES, TRIAL_BUDGET_BYTES - self._trial_bytes)
        else:
            budget = GOST_BUDGET_BYTES - self._gost_bytes
        if size > budget:
            self._left_out.setdefault(algorithm, []).append(path)
            return None
        if algorithm in SHA2:
            self._trial_bytes += size
        content = self.read(path)
        return content if content is not None and self.may_hash(content, algorithm) else None

    def left_out(self, algorithm: str) -> tuple[str, ...]:
        """Files that were too large for this algorithm: whether they are signed is not known."""
        return tuple(dict.fromkeys(self._left_out.get(algorithm, ())))

    def digest_of(self, content: bytes, algorithm: str) -> bytes | None:
        """Digest of bytes; None where the budget for Streebog does not allow it."""
        key = (content, algorithm)
        if key not in self._attached:
            if not self.may_hash(content, algorithm):
                return None
            known = SHA2.get(algorithm)
            self._attached[key] = hashlib.new(known, content).digest() if known else gost.digest(content)
        return self._attached[key]

    def may_hash(self, content: bytes, algorithm: str) -> bool:
        """Whether the budget allows these bytes to be hashed; they count as hashed then."""
        if algorithm in SHA2:
            return True
        if self._gost_bytes + len(content) > GOST_BUDGET_BYTES:
            return False
        self._gost_bytes += len(content)
        return True

    def may_compute_gost(self) -> bool:
        """Whether the budget allows one more GOST signature; it counts as computed then."""
        self._gost_signatures += 1
        return self._gost_signatures <= GOST_BUDGET_SIGNATURES

    def _digest(self, path: str, algorithm: str) -> bytes | None:
        key = (path, algorithm)
        if key not in self._digests:
            self._digests[key] = self._compute(path, algorithm)
        return self._digests[key]

    def _compute(self, path: str, algorithm: str) -> bytes | None:
        if algorithm not in SHA2:
            content = self.read_for(path, algorithm)
            return None if content is None else gost.digest(content)
        source = self._candidates[path]
        if not isinstance(source, Path):
            return hashlib.new(SHA2[algorithm], source).digest()
        try:
            with source.open("rb") as file:
                return hashlib.file_digest(file, SHA2[algorithm]).digest()
        except OSError:
            return None

    def _likely_first(self, signature_path: str | None) -> list[str]:
        def order(path: str) -> tuple[bool, int, str]:
            return not _belongs(signature_path, path), self._size(path), path

        return sorted(self._candidates, key=order)

    def _size(self, path: str) -> int:
        source = self._candidates[path]
        if not isinstance(source, Path):
            return len(source)
        try:
            return source.stat().st_size
        except OSError:
            return 0


def _belongs(signature_path: str | None, path: str) -> bool:
    """Whether the names suggest it: `form.xlsx.p7s` or `form.p7s` beside `form.xlsx`."""
    if signature_path is None:
        return False
    named = PurePosixPath(signature_path).name
    candidate = PurePosixPath(path)
    return named.rpartition(".")[0] in (candidate.name, candidate.stem)
