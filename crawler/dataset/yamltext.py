"""Plain data as YAML, for files that other programs read. Writes only; strings are quoted as in JSON, so that nothing in them is taken for
syntax.
"""

from __future__ import annotations

import json
from typing import Any


def to_yaml(value: dict[str, Any]) -> str:
    """Write a mapping of mappings, lists and scalars as YAML 1.2 in block style; keys must be plain words."""
    return "\n".join(_mapping(value, 0)) + "\n"


def _mapping(value: dict[str, Any], depth: int) -> list[str]:
    lines = []
    for key, part in value.items():
        if isinstance(part, dict | list) and part:
            lines.append(f"{' ' * depth}{key}:")
            lines += _mapping(part, depth + 2) if isinstance(part, dict) else _sequence(part, depth)
        else:
            lines.append(f"{' ' * depth}{key}: {_scalar(part)}")
    return lines


def _sequence(value: list[Any], depth: int) -> list[str]:
    lines = []
    for part in value:
        if isinstance(part, dict) and part:
            first, *rest = _mapping(part, depth + 2)
            lines += [f"{' ' * depth}- {first.lstrip()}", *rest]
        else:
            lines.append(f"{' ' * depth}- {_scalar(part)}")
    return lines


def _scalar(value: Any) -> str:
    # ASCII only: YAML forbids some characters that JSON lets through unescaped
    return json.dumps(value, ensure_ascii=not str(value).isprintable())
