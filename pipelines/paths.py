"""CSS paths of elements: where in a page a block stands, in a form that a browser's console understands.

Never longer than it must be: ``:nth-of-type()`` stands only where there are several of the kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement


class Paths:
    """Paths of the elements of one tree; what they share is worked out once."""

    def __init__(self) -> None:
        self._paths: dict[HtmlElement, str] = {}
        self._steps: dict[HtmlElement, str] = {}

    def of(self, element: HtmlElement) -> str:
        """Path of ``element`` from ``body`` down, as ``body > main > aside:nth-of-type(2)``."""
        chain: list[HtmlElement] = []
        current: HtmlElement | None = element
        while current is not None and current not in self._paths and current.tag not in ("body", "html"):
            chain.append(current)
            current = current.getparent()
        path = self._paths.get(current, "body") if current is not None else "body"
        for step in reversed(chain):
            path = f"{path} > {self._step(step)}"
            self._paths[step] = path
        return path

    def _step(self, element: HtmlElement) -> str:
        if element in self._steps:
            return self._steps[element]
        parent = element.getparent()
        if parent is None:
            return str(element.tag)
        if len(parent) == 1:
            step = str(element.tag)
            self._steps[element] = step
            return step
        # all children at once: asking each for its place among the others would be quadratic
        kinds: dict[str, list[HtmlElement]] = {}
        for child in parent:
            kinds.setdefault(child.tag, []).append(child)
        for tag, children in kinds.items():
            for i, child in enumerate(children, 1):
                self._steps[child] = tag if len(children) == 1 else f"{tag}:nth-of-type({i})"
        return self._steps[element]
