"""What is said about a signature reads in Kazakh and Russian too: findings and letters quote it."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from esep import signature
from esep.letters.details import detail_words
from esep.letters.signature_details import SIGNATURE_DETAILS


def sentences() -> list[str]:
    """String literals of the library that read as sentences and are no docstring; what differs is written `x`."""
    texts = []
    for path in sorted(Path(signature.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        left_out |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if id(node) in left_out:
                continue
            if isinstance(node, ast.JoinedStr):
                parts = [str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values]
                texts.append("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return [text for text in texts if text[:1].isupper() and text.endswith(".")]


def test_every_sentence_is_in_the_catalogue():
    told = sentences()
    assert len(told) > 25
    assert [text for text in told if detail_words(text, "kk") is None or detail_words(text, "ru") is None] == []


@pytest.mark.parametrize("sentence", SIGNATURE_DETAILS)
def test_no_translation_is_left_over_or_loses_a_value(sentence):
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {frozenset(names(text)) for text in SIGNATURE_DETAILS[sentence].values()} == {frozenset(names(sentence))}
    pieces = [literal for literal, *_ in string.Formatter().parse(sentence)]
    assert any(all(piece in text for piece in pieces) for text in sentences()), sentence
