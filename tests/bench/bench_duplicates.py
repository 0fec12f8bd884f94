"""Measures the search for duplicates: what it finds of known copies, and what it costs.

python tests/bench/bench_duplicates.py found
python tests/bench/bench_duplicates.py cost --rows 20000 --rows 200000
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from crawler.dataset.duplicates import DuplicateFinder  # noqa: E402
from tests.crawler.dataset.copies import Row, copies, originals, others, row  # noqa: E402


def found(show: bool) -> None:
    """Precision and recall, all and by edit, over five seeds. Copies are looked for among copies, what is none among what is none."""
    hits, texts = Counter[str](), Counter[str]()
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    wanted = said = right = 0
    for made in [[*originals(), *other(seed)] for seed in range(1, 6) for other in (copies, others)]:
        with DuplicateFinder() as finder:
            for case in made:
                finder.add(case.row)
            results = {each.id: each for each in finder.find()}
        for case in made:
            texts[case.edit] += 1
            wanted += bool(case.sources)
            if result := results.get(case.row["id"]):
                good = result.duplicate_of in case.sources
                said, right = said + 1, right + good
                hits[case.edit] += good or not case.sources
                kinds[case.edit][result.kind] += 1
                if show and not good:
                    wrong = f"{case.row['id']} ({case.edit}): {result.duplicate_of}: {result.explanation}"
                    print(wrong, file=sys.stderr)
    print(f"{sum(texts.values())} texts, {wanted} copies; marked {said}, rightly {right}")
    print(f"precision {right / said:.4f}, recall {right / wanted:.4f}\n")
    print("| edit | texts | marked | kinds |\n| --- | --- | --- | --- |")
    for edit, number in texts.items():
        of = ", ".join(f"{kind} {n}" for kind, n in kinds[edit].most_common())
        print(f"| {edit} | {number} | {100 * hits[edit] / number:.1f} % | {of} |")


def made(rows: int) -> Iterator[Row]:
    """Rows of some 300 words in the frequencies of a language (Zipf), one in ten a copy with small changes of one before it."""
    chance = random.Random(7)
    words = ["".join(chance.choices("etaoinshrdlucmf", k=chance.randint(2, 9))) for _ in range(30_000)]
    weights = [1 / (rank + 2) for rank in range(len(words))]
    kept: list[list[str]] = []
    for number in range(rows):
        if number % 10 == 9:
            text = [w if chance.random() > 0.05 else "other" for w in chance.choice(kept)]
        else:
            text = chance.choices(words, weights, k=chance.randint(150, 450))
            if number % 50 == 0:
                kept.append(text)
        yield row(f"{number:08}", " ".join(text), at=f"2026-11-01T{number % 24:02}:00:00.{number:06}Z")


def cost(rows: int) -> None:
    """CPU and memory for that many rows; run in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.process_time()
    with TemporaryDirectory() as folder, DuplicateFinder(Path(folder)) as finder:
        making = 0.0
        source = made(rows)
        while True:
            start = time.process_time()
            each = next(source, None)
            making += time.process_time() - start
            if each is None:
                break
            finder.add(each)
        added = time.process_time() - begun - making
        number = sum(1 for _ in finder.find())
        total = time.process_time() - begun - making
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{rows} rows: {number} duplicates, {total:.0f} s of CPU ({added:.0f} s to add, {1000 * total / rows:.2f} ms a row), "
        f"peak memory {peak / 1024:.0f} MB ({before.ru_maxrss / 1024:.0f} MB before), {disk / 1e6:.0f} MB on disk"
    )


def main() -> None:
    """Run what is asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", choices=["found", "cost", "cost-of"])
    options.add_argument("--rows", type=int, action="append")
    options.add_argument("--show", action="store_true", help="list what was marked wrongly")
    args = options.parse_args()
    if args.what == "found":
        found(args.show)
    elif args.what == "cost-of":
        cost(args.rows[0])
    else:
        for rows in args.rows or [20_000, 200_000]:
            subprocess.run([sys.executable, __file__, "cost-of", "--rows", str(rows)], check=True)


if __name__ == "__main__":
    main()
