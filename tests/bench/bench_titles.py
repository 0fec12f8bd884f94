"""What the sources of a page's title are worth, and how far any weighing of them could go.

    python tests/bench/bench_titles.py ../shared/corpora

Prints how many titles of each corpus are right (the measure of ../shared/score/facts.py): as ``headline`` chooses, and by each source alone
(site names cut off; where a page lacks the source, what ``headline`` chose). Then the bound: pages are grouped by which of their sources say
the same, and for each group the answer that is right most often is looked up in the truth itself. No rule that weighs, counts or orders these sources
can do better. Once with the first corpus alone in view, once so that no other corpus falls below what is asked of it.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

from corpus import pages  # noqa: E402

from pipelines import headline  # noqa: E402
from pipelines.order import STAGES  # noqa: E402
from pipelines.page import Draft, Page  # noqa: E402
from pipelines.schemaorg import text_of  # noqa: E402
from pipelines.site_names import site_names  # noqa: E402

ASKED = {"fundus-dev": 0.93, "naeb-dev": 0.93, "wcxb-dev": 0.86}
SOURCES = ("chosen", "h1", "jsonld", "og:title", "twitter:title", "title")


def wordings(page: Page) -> dict[str, str]:
    """The title by each source that the page has, site names cut off."""
    draft = Draft()
    for stage in STAGES:
        before, draft = draft, stage(page, draft)
        if stage is headline.headline:
            break
    found = {"chosen": draft.title or ""}
    if before.tree is None:
        return found
    names = site_names(page, before)
    printed = [c for c in headline._printed(before.tree) if c.key not in names]
    stated = {name: value for name, value in reversed(before.meta) if name in SOURCES}
    for source, node in before.works[:1]:
        if source == "jsonld":
            stated["jsonld"] = text_of(node.get("headline")) or text_of(node.get("name")) or ""
    element = next(before.tree.iter("title"), None)
    stated["title"] = (element.text or "") if element is not None else ""
    for name, value in stated.items():
        candidate = headline._candidate(value, "meta")
        if candidate is not None and candidate.key not in names:
            found[name] = headline._without_site(candidate, names, printed).text
    if printed:
        found["h1"] = printed[0].text
    return found


def main() -> None:
    """Count."""
    folder = Path(sys.argv[1])
    sys.path.append(str(folder.parent / "score"))
    from facts import norm

    corpora: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for corpus in ASKED:
        corpora[corpus] = [
            (norm(truth["title"]), {source: norm(text) for source, text in wordings(page).items()})
            for truth, page in pages(folder, corpus)
        ]

    def line(name: str, right: dict[str, int]) -> None:
        print(f"{name:42}", "  ".join(f"{right[c]:3} {right[c] / len(corpora[c]):.3f}" for c in ASKED))

    print(f"{'':42}", "  ".join(ASKED))
    for source in SOURCES:
        line(source, {c: sum(said.get(source, said["chosen"]) == truth for truth, said in corpora[c]) for c in ASKED})
    first, *others = ASKED
    best = bound(corpora)
    line("by group, for the first corpus alone", max(best, key=lambda right: right[first]))
    kept = [right for right in best if all(right[c] >= ASKED[c] * len(corpora[c]) for c in others)]
    line("by group, and no other below what is asked", max(kept, key=lambda right: right[first]))


def bound(corpora: dict[str, list[tuple[str, dict[str, str]]]]) -> list[dict[str, int]]:
    """Right answers by corpus, for all ways worth having to answer each group of pages with one of its sources."""
    groups: defaultdict[str, defaultdict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for corpus, rows in corpora.items():
        for truth, said in rows:
            wording: dict[str, int] = {}
            group = "".join(
                str(wording.setdefault(said[source], len(wording))) if source in said else "-" for source in SOURCES
            )
            groups[group][corpus][wording.get(truth, -1)] += 1
    first, *others = corpora
    ways: dict[tuple[int, ...], int] = {(0,) * len(others): 0}
    for by_corpus in groups.values():
        answers = {answer for found in by_corpus.values() for answer in found} - {-1} or {0}
        after: dict[tuple[int, ...], int] = {}
        for rights, right in ways.items():
            for answer in answers:
                state = tuple(n + by_corpus[c][answer] for n, c in zip(rights, others, strict=True))
                after[state] = max(after.get(state, 0), right + by_corpus[first][answer])
        ways = after
    return [{first: right, **dict(zip(others, rights, strict=True))} for rights, right in ways.items()]


if __name__ == "__main__":
    main()
