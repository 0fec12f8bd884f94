"""Figures and names in words, for card and page. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def percent(share: float) -> str:
    """A share for people; what is not quite nothing and not quite all is never shown as if it were."""
    if 0 < share < 0.01:
        return "<1 %"
    return ">99 %" if 0.99 < share < 1 else f"{share:.0%}".replace("%", " %")


def listed(counts: Mapping[str, int] | Iterable[tuple[str, int]]) -> str:
    """Counts as a list for people, most first: ``feed 40, link 3``."""
    pairs = counts.items() if isinstance(counts, Mapping) else counts
    return ", ".join(f"{name} {number:,}" for name, number in sorted(pairs, key=lambda item: (-item[1], str(item[0]))))


def plain_markdown(text: str) -> str:
    """Text that is given by people as it stands in Markdown: on one line, nothing of it taken for a mark."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in " ".join(text.split()))
