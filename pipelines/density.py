"""Where a page's prose is densest: the idea of Arc90's readability, on the frames of the one walk.

Owns that one measure: how much prose each frame holds close to itself. Pure; never decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.blocks import Frame, Layout

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HOLDERS = frozenset({"div", "section", "article", "main", "body", "td"})
_COMMAS = (",", "，", "、", "،")


def densities(layout: Layout) -> tuple[Frame | None, list[float]]:
    """Return the frame that holds most prose closest to itself (None if there is no prose), and how much each frame holds, by serial.

    A paragraph counts one, one more for each comma and each hundred characters up to three; wholly for the frame it stands in, by half
    for the next, by a quarter for the one after. Links take away their share.
    """
    density = [0.0] * len(layout.frames)
    for segment in layout.segments:
        if not segment.is_prose or segment.tag in HEADINGS:
            continue
        score = 1.0 + sum(map(segment.text.count, _COMMAS)) + min(segment.chars // 100, 3)
        holder = segment.frame if segment.tag in _HOLDERS else segment.frame.parent
        for share in (1.0, 0.5, 0.25):
            if holder is None:
                break
            density[holder.serial] += score * share
            holder = holder.parent
    best: Frame | None = None
    most = 0.0
    for frame in layout.frames:
        if density[frame.serial]:
            density[frame.serial] *= 1 - frame.link_chars / max(1, frame.chars)
            if density[frame.serial] > most:
                best, most = frame, density[frame.serial]
    return best, density
