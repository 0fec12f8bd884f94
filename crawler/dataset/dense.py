"""The dense head: the few rows that together fill every column, put first, so that readers infer every type from them.

Readers of JSON lines look at the first rows and call a column that is null in all of them "null": Hugging Face ``datasets`` and Polars
then fail further down. Owns which columns of a row are filled, and which rows go first. Never reads a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from crawler.dataset.fields import EACH, Field, leaves

Filler = Callable[[Any], int]


def filled_by(fields: tuple[Field, ...]) -> Callable[[dict[str, Any]], int]:
    """A function that says which leaves of ``fields`` a row fills: a number with one bit a leaf, in the order of ``fields.leaves``."""
    whole, _ = _record(fields, 0)
    return whole


def _record(fields: tuple[Field, ...], first: int) -> tuple[Filler, int]:
    steps: list[tuple[str, Filler | None, int]] = []
    bit = first
    for field in fields:
        if field.kind == "record":
            step, bit = _record(field.parts, bit)
            steps.append((field.name, step, 0))
        elif field.kind == "list":
            step, bit = _list(field.parts[0], bit)
            steps.append((field.name, step, 0))
        else:
            steps.append((field.name, None, 1 << bit))
            bit += 1

    def filled(value: dict[str, Any]) -> int:
        found = 0
        for name, step, mask in steps:
            part = value[name]
            if part is not None:
                found |= mask if step is None else step(part)
        return found

    return filled, bit


def _list(entry: Field, first: int) -> tuple[Filler, int]:
    if entry.kind == "record":
        one, after = _record(entry.parts, first)

        def filled(values: list[Any]) -> int:
            found = 0
            for value in values:
                found |= one(value)
            return found

        return filled, after
    mask = 1 << first
    return (lambda values: mask if values else 0), first + 1


def lists_of_records(fields: tuple[Field, ...]) -> int:
    """Of the bits of ``filled_by``, those of values within lists of records (``images[].url``)."""
    return sum(1 << bit for bit, (path, _) in enumerate(leaves(fields)) if EACH in path[:-1])


def head(masks: Iterable[tuple[int, int]]) -> list[int]:
    """Choose rows that together fill all that any row fills; ``masks`` are pairs of a row's number and what it fills.

    The first row that fills something new is taken; then those are left out that the others make needless. A column that no row fills
    cannot be helped: its type is in the schema and in Parquet only.
    """
    chosen: list[tuple[int, int]] = []
    have = 0
    for number, mask in masks:
        if mask & ~have:
            chosen.append((number, mask))
            have |= mask
    kept = list(chosen)
    for row in chosen:
        others = 0
        for other in kept:
            if other is not row:
                others |= other[1]
        if others == have:
            kept.remove(row)
    return [number for number, _ in kept]
