"""What the stages are worth on real pages, and what they cost: body and facts against the truth, CPU against trafilatura.

    python tests/bench/bench_extraction.py ../shared/corpora [--unseen DIR] [--memory] [--half 0|1] [--only CORPUS]
                                           [--rows DIR] [--every N] [--peers] [--folded]

``--unseen`` judges each page by the model that has not seen its site (made by ``train_judge.py --halves DIR``): without it, the pages are
those that the model was learnt from, and the figures flatter. ``--memory`` first learns a profile of each site from all its pages in the corpus.
``--without STEP`` leaves a step of ``body`` out, to see what it is worth; without ``judge`` trafilatura decides alone.
``--peers`` measures the extractors of ``peers.py`` on the same pages in the same run: their F1, their CPU time, and Pressmark's as a ratio to it.
``--folded`` takes only pages with six paragraphs side by side or more, and hides two thirds of them behind a button, as "Read more" does.
``--every N`` takes every Nth page of a corpus. ``--rows DIR`` keeps the rows and the truth of these pages, outside the repository.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

from corpus import half, host, pages  # noqa: E402
from lxml import html  # noqa: E402
from peers import peers  # noqa: E402

from pipelines import body, judge  # noqa: E402
from pipelines.decode import decode  # noqa: E402
from pipelines.order import run_stages  # noqa: E402
from pipelines.page import Draft, Page  # noqa: E402
from pipelines.parse import parse  # noqa: E402
from pipelines.profile import SiteProfile, Survey, build_profile, survey  # noqa: E402

STEPS = ("judge", "uncaption", "behead", "sign_off", "remember", "once", "make_whole", "fill_headings")
CORPORA = ("fundus-dev", "naeb-dev", "wcxb-dev")


def profiles(folder: Path, corpus: str) -> dict[str, SiteProfile]:
    """The memory of each site of a corpus."""
    surveys: dict[str, list[Survey]] = defaultdict(list)
    for _, page in pages(folder, corpus):
        surveys[host(page.url)].append(survey(page))
    return {site: build_profile(found) for site, found in surveys.items()}


def models(folder: Path | None) -> Iterator[tuple[int | None, Path]]:
    """(half, model) pairs: the halves that each model may be tried on."""
    if folder is None:
        yield None, judge.MODEL
    else:
        yield from ((h, folder / f"unseen{h}.json") for h in (0, 1))


def row(page: Page, draft: Draft) -> str:
    """A row as the scorer wants it."""
    value = {
        "url": page.url,
        "text": draft.text,
        "title": draft.title,
        "authors": draft.authors,
        "published_at": draft.published_at,
    }
    return json.dumps(value, ensure_ascii=False) + "\n"


def folded(page: Page) -> bytes | None:
    """The page with the last two thirds of its longest run of paragraphs hidden behind a button; None if none has six."""
    tree = parse(page, decode(page, Draft())).tree
    if tree is None:
        return None
    runs = [
        [p for p in around if p.tag == "p" and len(p.text_content()) > 60]
        for around in tree.iter("div", "article", "section", "main")
    ]
    longest = max(runs, key=len, default=[])
    if len(longest) < 6:
        return None
    around = longest[0].getparent()
    first, last = around.index(longest[len(longest) // 3]), around.index(longest[-1])
    button, box = around.makeelement("button"), around.makeelement("div", style="display:none")
    button.text = "Read more"
    box.extend(around[first : last + 1])
    around[first:first] = [button, box]
    return html.tostring(tree, encoding="utf-8")


def scored(folder: Path, truth: Path, rows: Path) -> str:
    """What the scorer prints."""
    command = [sys.executable, folder.parent / "score" / "score_jsonl.py", truth, rows]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--unseen", type=Path)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--half", type=int)
    parser.add_argument("--only", action="append")
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--folded", action="store_true")
    parser.add_argument("--without", action="append", default=[], choices=STEPS)
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory() as scratch:
        measure(args, args.rows or Path(scratch))


def measure(args: argparse.Namespace, out: Path) -> None:
    """Extract and score the pages; rows and truth go to ``out``."""
    for step in args.without:
        setattr(body._Verdicts, step, lambda *_: None)
    for corpus in args.only or CORPORA:
        known = profiles(args.folder, corpus) if args.memory else {}
        others = peers() if args.peers else {}
        spent: dict[str, float] = defaultdict(float)
        rows: dict[str, list[str]] = defaultdict(list)
        failed: dict[str, int] = defaultdict(int)
        seen: set[str] = set()
        for only, model in models(args.unseen):
            judge.MODEL = model
            judge.forget()
            cold = True
            for _, page in islice(pages(args.folder, corpus), 0, None, args.every):
                if {only, args.half} - {None, half(page.url)}:
                    continue
                page = replace(page, profile=known.get(host(page.url)))
                if args.folded:
                    hidden = folded(page)
                    if hidden is None:
                        continue
                    page = replace(page, body=hidden, headers=(("Content-Type", "text/html; charset=utf-8"),))
                seen.add(page.url)
                if cold:
                    # what a process loads once is no page's time
                    cold = False
                    run_stages(page)
                    for extract in others.values():
                        with suppress(Exception):
                            extract(page)
                start = time.process_time()
                draft = run_stages(page)
                spent["pressmark"] += time.process_time() - start
                rows["pressmark"].append(row(page, draft))
                for name, extract in others.items():
                    start = time.process_time()
                    try:
                        text = extract(page)
                    except Exception:
                        text = ""
                        failed[name] += 1
                    spent[name] += time.process_time() - start
                    rows[name].append(row(page, Draft(text=text)))
        truth = out / f"{corpus}.truth.jsonl"
        lines = (args.folder / f"{corpus}.truth.jsonl").read_text(encoding="utf-8").split("\n")
        truth.write_text(
            "".join(line + "\n" for line in lines if line and json.loads(line)["url"] in seen), encoding="utf-8"
        )
        print(corpus, len(seen), "pages")
        for name, values in rows.items():
            written = out / (f"{corpus}.rows.jsonl" if name == "pressmark" else f"{corpus}.{name}.jsonl")
            written.write_text("".join(values), encoding="utf-8")
            ratio = f", Pressmark's {spent['pressmark'] / spent[name]:.2f} of it" if name != "pressmark" else ""
            fault = f", {failed[name]} pages failed" if failed[name] else ""
            print(f"  {name}: {1000 * spent[name] / len(seen):.1f} ms CPU a page{ratio}{fault}")
            found = scored(args.folder, truth, written)
            # no facts are asked of others
            print("   ", found if name == "pressmark" else found.partition("  n ")[0], flush=True)


if __name__ == "__main__":
    main()
