"""Make pipelines/judge.json: learn from benchmark pages what each measure of a block weighs, and say what it is worth on unseen sites.

    python tests/bench/train_judge.py ../shared/corpora [--halves DIR]

Needs numpy and lightgbm beside Pressmark, which nothing else does. Sites are split in two halves by the hash of their host; ``--halves``
learns from one half at a time, and writes ``unseen0.json`` and ``unseen1.json``, the models that have not seen that half, for
bench_extraction.py to try. Without it, all pages teach the model.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import lightgbm
import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

from corpus import half, pages, score_module  # noqa: E402

from pipelines.body import known  # noqa: E402
from pipelines.evidence import NAMES, gather  # noqa: E402
from pipelines.judge import MODEL  # noqa: E402
from pipelines.order import STAGES  # noqa: E402
from pipelines.page import Draft  # noqa: E402
from pipelines.witness import agreement, trafilatura_says  # noqa: E402

SETTINGS = {
    "n_estimators": 120, "num_leaves": 16, "learning_rate": 0.16, "min_child_samples": 40, "subsample": 0.7, "subsample_freq": 1,
    "colsample_bytree": 0.25, "reg_lambda": 5, "extra_trees": True, "random_state": 1, "deterministic": True, "force_row_wise": True,
    "n_jobs": 2, "verbose": -1,
}  # fmt: skip


def labels(texts: list[str], truth: str, tokens) -> list[bool]:
    """Whether each block is in the true text: most of its words stand there in runs of four, or, if shorter, next to a block that does."""
    words = tokens(truth)
    runs = {tuple(words[i : i + 4]) for i in range(len(words) - 3)}
    whole = " " + " ".join(words) + " "
    split = [tokens(text) for text in texts]
    marks: list[float] = []
    for block in split:
        if len(block) >= 4:
            covered = [False] * len(block)
            for i in range(len(block) - 3):
                if tuple(block[i : i + 4]) in runs:
                    covered[i : i + 4] = [True] * 4
            marks.append(sum(covered) / len(block))
        else:
            marks.append(-1.0 if block and f" {' '.join(block)} " in whole else 0.0)
    for i, mark in enumerate(marks):
        if mark != -1.0:
            continue
        after = next((j for j in range(i + 1, min(i + 4, len(split))) if marks[j] > 0.9 or marks[j] == -1.0), None)
        before = next((j for j in range(i - 1, max(i - 4, -1), -1) if marks[j] > 0.9), None)
        joined = [split[i] + split[after][:6]] if after is not None else []
        joined += [split[before][-6:] + split[i]] if before is not None else []
        marks[i] = 1.0 if any(f" {' '.join(words)} " in whole for words in joined) else 0.0
    return [mark > 0.5 for mark in marks]


def examples(folder: Path):
    """(half, rows, labels, weights) of each page."""
    score = score_module(folder)
    for corpus in ("fundus-dev", "naeb-dev", "wcxb-dev"):
        for truth, page in pages(folder, corpus):
            draft = Draft()
            for stage in STAGES:
                if stage.__name__ == "body":
                    break
                draft = stage(page, draft)
            segments = draft.layout.segments
            said = agreement(segments, trafilatura_says(draft.layout))
            rows = gather(draft.layout, known(draft, said)).rows
            marks = labels([s.text for s in segments], truth["body"], score.tokens)
            size = max(20, len(score.tokens(truth["body"])))
            weights = [20 * min(1.0, (len(score.tokens(segments[i].text)) + 2) / size) for i in rows]
            yield half(page.url), [list(map(float, row)) for row in rows.values()], [marks[i] for i in rows], weights


def learn(data):
    """Fit the trees."""
    rows = np.array([row for _, page, _, _ in data for row in page], dtype=np.float32)
    marks = np.array([mark for _, _, page, _ in data for mark in page])
    weights = np.array([weight for _, _, _, page in data for weight in page])
    return lightgbm.LGBMClassifier(**SETTINGS).fit(rows, marks, sample_weight=weights)


def tree(node):
    """A tree in the form that ``judge`` reads."""
    if "leaf_value" in node:
        return round(node["leaf_value"], 4)
    return [
        node["split_feature"],
        float(f"{node['threshold']:.5g}"),
        tree(node["left_child"]),
        tree(node["right_child"]),
    ]


def write(model, path: Path) -> None:
    """Write the model as JSON, one tree a line."""
    trees = [
        json.dumps(tree(t["tree_structure"]), separators=(",", ":")) for t in model.booster_.dump_model()["tree_info"]
    ]
    path.write_text(
        '{"names":' + json.dumps(list(NAMES)) + ',\n"trees":[\n' + ",\n".join(trees) + "\n]}\n", encoding="utf-8"
    )


def main() -> None:
    """Learn, and check or write."""
    folder = Path(sys.argv[1])
    data = list(examples(folder))
    print(Counter(h for h, *_ in data), "pages in the halves")
    if "--halves" not in sys.argv:
        write(learn(data), MODEL)
        return
    out = Path(sys.argv[sys.argv.index("--halves") + 1])
    for h in (0, 1):
        write(learn([page for page in data if page[0] != h]), out / f"unseen{h}.json")


if __name__ == "__main__":
    main()
