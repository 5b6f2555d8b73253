"""docker-compose.yaml as data, with the variables of .env put in as Compose does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from esep.config import PROJECT

_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?:(?P<rule>:-|:\?)(?P<rest>[^}]*))?\})")


class MissingVariableError(KeyError):
    """A `${NAME:?…}` without a value."""


def text() -> str:
    return (PROJECT / "docker-compose.yaml").read_text(encoding="utf-8")


def raw() -> dict[str, Any]:
    """The file as YAML, anchors and merge keys resolved, variables not."""
    value = yaml.safe_load(text())
    assert isinstance(value, dict)
    return value


def interpolated(value: Any, variables: Mapping[str, str]) -> Any:
    """`value` with `${NAME}`, `${NAME:-default}`, `${NAME:?message}` and `$$` replaced in every text."""

    def replace(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return "$"
        found = variables.get(name, "")
        if not found and match["rule"] == ":?":
            raise MissingVariableError(name)
        return found or (match["rest"] if match["rule"] == ":-" else "")

    if isinstance(value, str):
        return _VARIABLE.sub(replace, value)
    if isinstance(value, list):
        return [interpolated(item, variables) for item in value]
    if isinstance(value, dict):
        return {key: interpolated(item, variables) for key, item in value.items()}
    return value


def required() -> set[str]:
    """Names that must have a value before anything starts."""
    return {match["name"] for match in _VARIABLE.finditer(_without_comments()) if match["rule"] == ":?"}


def named() -> set[str]:
    """All names the file asks for."""
    return {match["name"] for match in _VARIABLE.finditer(_without_comments()) if match["name"]}


def _without_comments() -> str:
    return "\n".join(line for line in text().splitlines() if not line.lstrip().startswith("#"))
