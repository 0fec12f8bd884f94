"""What the quality score promises against what was measured: makes OFFSET and SLOPE of pipelines/quality.py.

    python tests/bench/train_judge.py ../shared/corpora --halves DIR
    python tests/bench/bench_quality.py ../shared/corpora DIR

Each page is extracted with the judge that has not learnt from its site (``DIR/unseenH.json``). It also lists the pages that give no row, or
one that scores less than 0.5, with the reason. Two parameters are fitted on one half of
the sites and checked on the other, both ways, then on all pages: that line is what quality.py holds.
"""

from __future__ import annotations

import math
import sys
from itertools import pairwise
from pathlib import Path
from statistics import mean, pvariance

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

from corpus import half, pages, score_module  # noqa: E402

from pipelines import judge  # noqa: E402
from pipelines.order import run_stages  # noqa: E402
from pipelines.quality import expected_f1  # noqa: E402

LOW = 0.5
"""Rows that score less are listed."""
EDGES = (0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.975, 1.01)
Row = tuple[int, float, float]
"""Half, log odds of the expected F1, measured F1."""


def measured(folder: Path, models: Path) -> list[Row]:
    """Each page that gives a row."""
    score = score_module(folder)
    rows = []
    for side in (0, 1):
        judge.MODEL = models / f"unseen{side}.json"
        judge.forget()
        for corpus in ("fundus-dev", "naeb-dev", "wcxb-dev"):
            for truth, page in pages(folder, corpus):
                if half(page.url) != side:
                    continue
                draft = run_stages(page)
                if draft.verdict:
                    print(f"no row: {draft.verdict} ({', '.join(draft.flags)}) {page.url}")
                    continue
                if draft.quality < LOW:
                    hit, false, missed = score.page_score(truth["body"], draft.text)
                    print(
                        f"low: {draft.quality:.2f} ({', '.join(draft.flags) or draft.method}) F1 "
                        f"{2 * hit / (2 * hit + false + missed) if hit else 0.0:.2f} {page.url}"
                    )
                hit, false, missed = score.page_score(truth["body"], draft.text)
                expected = min(0.999, max(0.001, expected_f1(draft)))
                rows.append(
                    (side, math.log(expected / (1 - expected)), 2 * hit / (2 * hit + false + missed) if hit else 0.0)
                )
    return rows


def fitted(rows: list[Row]) -> tuple[float, float]:
    """Offset and slope of the logistic function that fits best (cross entropy, by gradient)."""
    offset, slope = 0.0, 1.0
    for _ in range(4000):
        errors = [(f1 - said(odds, offset, slope), odds) for _, odds, f1 in rows]
        offset += 0.3 * mean(error for error, _ in errors)
        slope += 0.1 * mean(error * odds for error, odds in errors)
    return offset, slope


def said(odds: float, offset: float, slope: float) -> float:
    """The score."""
    return 1 / (1 + math.exp(-(offset + slope * odds)))


def report(title: str, rows: list[Row], offset: float, slope: float) -> None:
    """Print how far off the score is, and what was measured for each range of it."""
    pairs = [(said(odds, offset, slope), f1) for _, odds, f1 in rows]
    error, spread = mean((q - f1) ** 2 for q, f1 in pairs), pvariance([f1 for _, f1 in pairs])
    bad, good = [q for q, f1 in pairs if f1 < 0.8], [q for q, f1 in pairs if f1 >= 0.8]
    order = mean((b < g) + (b == g) / 2 for b in bad for g in good) if bad and good else 1.0
    print(
        f"{title}: offset {offset:.3f} slope {slope:.3f}; {1 - error / spread:.0%} of the variance; a page under 0.8 scores lower than one"
    )
    print(f"  above it in {order:.0%} of all pairs ({len(bad)} of {len(pairs)} pages)")
    for low, high in pairwise(EDGES):
        part = [(q, f1) for q, f1 in pairs if low <= q < high]
        if part:
            score, f1 = mean(q for q, _ in part), mean(f1 for _, f1 in part)
            print(f"  {low:5.3f} to {min(high, 1):5.3f}  {len(part):4} pages  score {score:.3f}  F1 {f1:.3f}")


def main() -> None:
    """Fit, check and print."""
    rows = measured(Path(sys.argv[1]), Path(sys.argv[2]))
    for side in (0, 1):
        report(
            f"fitted on half {side}, other half",
            [row for row in rows if row[0] != side],
            *fitted([row for row in rows if row[0] == side]),
        )
    report("all", rows, *fitted(rows))


if __name__ == "__main__":
    main()
