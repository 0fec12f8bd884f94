"""Docstrings under fields: what a class says of each of its names, read from its source.

Owns that reading; knows nothing of what it is used for. Python throws these strings away, so the source is parsed again (PEP 257:
"string literals occurring immediately after a simple assignment").
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache


def field_docs(cls: type) -> dict[str, str]:
    """Return the docstring of each field or enum member of ``cls`` on one line, in order of the source.

    Raises:
        ValueError: one of them has none: nothing is published without its meaning.
    """
    body = _class_bodies(cls.__module__)[cls.__qualname__]
    docs: dict[str, str] = {}
    for node, after in zip(body, [*body[1:], None], strict=True):
        name = _assigned(node)
        if name is None or name.startswith("_"):
            continue
        if not (
            isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
        ):
            raise ValueError(f"{cls.__qualname__}.{name} has no docstring")
        docs[name] = fold(after.value.value)
    return docs


def fold(text: str) -> str:
    """Put a docstring on one line, its code marks as Markdown has them."""
    return " ".join(text.split()).replace("``", "`")


@cache
def _class_bodies(module: str) -> dict[str, list[ast.stmt]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node.body for node in tree.body if isinstance(node, ast.ClassDef)}


def _assigned(node: ast.stmt) -> str | None:
    target = (
        node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if isinstance(node, ast.Assign) else None
    )
    return target.id if isinstance(target, ast.Name) else None
