"""Make pipelines/judge.json: learn from benchmark pages what each measure of a block weighs, and say what it is worth on unseen sites.

    python tests/bench/train_judge.py ../shared/corpora [--halves DIR]

Needs numpy, lightgbm, scikit-learn and rapidfuzz beside Pressmark, which nothing else does. Sites are split in two halves by the hash of their host; ``--halves``
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
from rapidfuzz.distance import LCSseq

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
    "n_estimators": 180, "num_leaves": 31, "learning_rate": 0.1, "min_child_samples": 40, "subsample": 0.7, "subsample_freq": 1,
    "colsample_bytree": 0.25, "reg_lambda": 5, "extra_trees": True, "random_state": 6, "deterministic": True, "force_row_wise": True,
    "n_jobs": 1, "verbose": -1,
}  # fmt: skip
CORPORA = {"fundus-dev": 2.5, "naeb-dev": 2.0, "wcxb-dev": 1.0}
"""What a page of each corpus weighs: news is a fifth of the pages, and what Pressmark is for."""
EVEN = 0.3
"""Weight of any block, beside twenty times its share of the article: a short one in or out makes a page inexact, if not much worse."""
ALIGNED = 0.6
"""A block is the truth's if so many of its words stand there, in the order of the page."""


def labels(texts: list[str], truth: str, tokens) -> list[bool]:
    """Whether each block is in the true text, at this place: a table of contents says what the headings say, and is not the article.

    A block that the truth has in another order than the page counts too, unless the words stand there in another block already.
    """
    maybe = contained(texts, truth, tokens)
    words = [tokens(text) for text in texts]
    chosen = [i for i, mark in enumerate(maybe) if mark]
    share = dict(zip(chosen, aligned([words[i] for i in chosen], tokens(truth)), strict=True))
    keys = [" ".join(block) for block in words]
    placed = " " + " ".join(keys[i] for i in chosen if share[i] > ALIGNED) + " "
    marks = [mark and (share[i] > ALIGNED or f" {keys[i]} " not in placed) for i, mark in enumerate(maybe)]
    equal: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        equal.setdefault(key, []).append(i)
    for i, key in enumerate(keys):
        # of equal blocks, the one with the article's text after it
        if marks[i] and len(equal[key]) > 1 and not any(marks[i + 1 : i + 3]):
            better = next((j for j in equal[key] if j > i and not marks[j] and any(marks[j + 1 : j + 3])), None)
            if better is not None:
                marks[i], marks[better] = False, True
    return marks


def aligned(blocks: list[list[str]], truth: list[str]) -> list[float]:
    """How much of each block the longest common subsequence of the blocks' words and the truth's holds."""
    owner = [i for i, block in enumerate(blocks) for _ in block]
    hits = [0] * len(blocks)
    for step in LCSseq.opcodes([word for block in blocks for word in block], truth):
        if step.tag == "equal":
            for i in owner[step.src_start : step.src_end]:
                hits[i] += 1
    return [hit / len(block) if block else 0.0 for hit, block in zip(hits, blocks, strict=True)]


def contained(texts: list[str], truth: str, tokens) -> list[bool]:
    """Whether each block is in the true text, wherever: most of its words stand there in runs of four, or, if shorter, next to a block that does."""
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
    for corpus, weight in CORPORA.items():
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
            weights = [weight * (EVEN + 20 * min(1.0, (len(score.tokens(segments[i].text)) + 2) / size)) for i in rows]
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
