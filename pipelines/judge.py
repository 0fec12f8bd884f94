"""The judge of a block: how likely it is part of the article, from its evidence.

Owns the weighing. What each measure weighs was learnt from public benchmark pages (``tests/bench/train_judge.py`` makes ``judge.json``; no
page of any site is in it, only thresholds): many small decision trees whose leaves add up to log odds. Pure: the same measures, the same
odds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

from pipelines.evidence import NAMES

MODEL = Path(__file__).with_name("judge.json")
SURE = 2.0
"""Log odds at which the rest of the trees is not asked: they no longer change the verdict."""
FIRST = 3
"""Groups of trees that are asked before that is looked at."""
GROUP = 5
"""Trees in a group."""

Ask = Callable[[Sequence[float]], float]


@cache
def _trees() -> tuple[Any, ...]:
    """The trees: each a leaf (a number), or [measure, threshold, tree if at most that, tree if more]."""
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    if tuple(model["names"]) != NAMES:
        raise RuntimeError("judge.json was made for other measures: run tests/bench/train_judge.py")
    return tuple(model["trees"])


@cache
def _groups() -> int:
    return -(-len(_trees()) // GROUP)


@cache
def _group(number: int) -> Ask:
    """What a group of trees adds to the log odds, as one expression of Python: four times as fast as to walk the trees."""
    trees = _trees()[number * GROUP : (number + 1) * GROUP]
    ask: Ask = eval("lambda row: " + " + ".join(map(_expression, trees)), {"__builtins__": {}})  # noqa: S307 - numbers only
    return ask


def _expression(tree: Any) -> str:
    if not isinstance(tree, list):
        return repr(float(tree))
    measure, threshold, low, high = tree
    return f"({_expression(low)} if row[{int(measure)}] <= {float(threshold)!r} else {_expression(high)})"


def probability(row: Sequence[float]) -> float:
    """Return how likely a block with these measures is part of the article, 0 to 1."""
    odds = 0.0
    for number in range(_groups()):
        odds += _group(number)(row)
        if number >= FIRST and (odds > SURE or odds < -SURE):
            break
    return 1.0 / (1.0 + exp(-odds))


def forget() -> None:
    """Read the model again when it is next asked: benches change it."""
    for known in (_trees, _groups, _group):
        known.cache_clear()
