"""What is to be said of a file or signature: a code and its values. Words come in at the last step (texts.words)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int
"""What a sentence may name: a text, a number."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that is to be said. Equal details say the same."""

    code: str
    """Stable; the name of the sentence in texts/detail.toml."""
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, code: str, **values: Value) -> Detail:
        return cls(code, values)

    def as_json(self) -> str:
        """As frames, the lake and the warehouse keep it; `from_json` gives it back."""
        return json.dumps({"code": self.code, "values": dict(self.values)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | None) -> Detail | None:
        """None for None: a cell's text has no detail, nor had records before there were codes."""
        return None if text is None else cls(**json.loads(text))
