"""The judge of a block: how likely it is part of the article, from its evidence.

Owns the weighing. What each measure weighs was learnt from public benchmark pages (``tests/bench/train_judge.py`` makes ``judge.json``; no
page of any site is in it, only thresholds): many small decision trees whose leaves add up to log odds. Pure: the same measures, the same
odds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

from pipelines.evidence import NAMES

MODEL = Path(__file__).with_name("judge.json")
SURE = 2.0
"""Log odds at which the rest of the trees is not asked: they no longer change the verdict."""
FIRST = 15
"""Trees that are asked before that is looked at."""

Tree = Any
"""A leaf (float), or (measure, threshold, tree if at most that, tree if more)."""


@cache
def _trees() -> tuple[Tree, ...]:
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    if tuple(model["names"]) != NAMES:
        raise RuntimeError("judge.json was made for other measures: run tests/bench/train_judge.py")
    return tuple(_tree(tree) for tree in model["trees"])


def _tree(value: Any) -> Tree:
    return (value[0], value[1], _tree(value[2]), _tree(value[3])) if isinstance(value, list) else float(value)


def probability(row: Sequence[float]) -> float:
    """Return how likely a block with these measures is part of the article, 0 to 1."""
    odds = 0.0
    for asked, tree in enumerate(_trees()):
        node = tree
        while node.__class__ is tuple:
            node = node[2] if row[node[0]] <= node[1] else node[3]
        odds += node
        if asked % 5 == 0 and asked >= FIRST and (odds > SURE or odds < -SURE):
            break
    return 1.0 / (1.0 + exp(-odds))
