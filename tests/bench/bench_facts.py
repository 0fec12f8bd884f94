"""How right the facts are, and what they cost.

    python tests/bench/bench_facts.py ../shared/corpora [--alone]

Prints, for each corpus, the share of pages whose title, authors, day and minute are right (the measure of ../shared/score/facts.py) on
the even pages, on which rules were chosen, on the odd ones, and on all; how many captions and topics of the truth were found; and the
CPU of each stage in milliseconds a page, beside ``trafilatura.bare_extraction(with_metadata=True)`` in the same run unless ``--alone``.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

import trafilatura  # noqa: E402
from corpus import pages  # noqa: E402

from pipelines.order import STAGES  # noqa: E402
from pipelines.page import Draft  # noqa: E402

FACTS = (
    "structured", "headline", "dates", "people", "taxonomy", "canonical", "rights", "language", "images", "kind", "access", "quality",
)  # fmt: skip


def main() -> None:
    """Score and time the stages."""
    folder = Path(sys.argv[1])
    sys.path.append(str(folder.parent / "score"))
    from facts import facts_score, norm

    spent: defaultdict[str, float] = defaultdict(float)
    count, theirs = 0, 0.0
    for name in ("fundus-dev", "naeb-dev", "wcxb-dev"):
        rows: list[tuple[dict[str, Any], dict[str, Any]]] = []
        extra: dict[str, list[float]] = defaultdict(list)
        for truth, page in pages(folder, name):
            draft = Draft()
            for stage in STAGES:
                start = time.process_time()
                draft = stage(page, draft)
                spent[stage.__name__] += time.process_time() - start
            if "--alone" not in sys.argv:
                start = time.process_time()
                trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)
                theirs += time.process_time() - start
            count += 1
            rows.append((truth, {"title": draft.title, "authors": draft.authors, "date": draft.published_at}))
            captions = norm(" ".join(image.caption or "" for image in draft.images))
            if truth.get("captions"):
                extra["captions"].append(sum(norm(c) in captions for c in truth["captions"]) / len(truth["captions"]))
            if truth.get("topics"):
                mine = {norm(tag) for tag in draft.tags}
                extra["topics"].append(sum(norm(t) in mine for t in truth["topics"]) / len(truth["topics"]))
        for label, part in (("even", rows[::2]), ("odd", rows[1::2]), ("all", rows)):
            print(name, label, {k: round(v, 3) for k, v in facts_score(part).items() if v})
        if extra:
            print(name, "found", {k: round(sum(v) / len(v), 3) for k, v in extra.items()})
    ours = sum(spent[stage] for stage in FACTS)
    print("ms a page:", {stage: round(1000 * s / count, 2) for stage, s in spent.items()})
    print(f"facts: {1000 * ours / count:.2f} ms a page", end="")
    print(f" = {ours / theirs:.0%} of trafilatura's {1000 * theirs / count:.1f} ms" if theirs else "")


if __name__ == "__main__":
    main()
