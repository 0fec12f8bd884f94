"""A large ledger: ``python -m tests.bench.bench_ledger [NUMBER …]`` (default: 10000 1000000).

Fills a ledger with so many URLs (of which 1 in 100 waits, 1 in 1000 failed for a passing reason and 1 in 500 is disallowed) and measures, in a process
of its own, what a start and a run ask of it: CPU milliseconds, the best of five, and the memory that opening it costs. The last column is the ratio.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.ledger import Ledger
from crawler.warc.exchange import Pointer

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
_NAMES = (
    "key", "url", "state", "reason", "temporary", "rank", "via", "discovered_at", "tries", "last_try_at", "record_id", "warc_filename",
    "warc_offset", "run_id",
)  # fmt: skip


def _rows(number: int) -> Iterator[tuple[Any, ...]]:
    at = "2026-11-01T09:00:00Z"
    for n in range(number):
        url = f"https://news.example/2026/11/{n % 28 + 1:02}/a-headline-of-some-words-{n}/"
        run, place = (
            f"r{n // 5000}",
            (f"urn:uuid:{n:032x}", f"news.example-{n // 20000:05}.warc.gz", n % 20000 * 50_000),
        )
        if n % 100 == 0:
            yield url, url, "pending", None, 0, 4, "sitemap", at, 0, None, None, None, None, None
        elif n % 1000 == 1:
            yield url, url, "failed", "timeout", 1, 1, "feed", at, 1, at, None, None, None, run
        elif n % 500 == 2:
            yield url, url, "skipped", "robots-disallowed", 0, 5, "link", at, 0, None, None, None, None, run
        else:
            yield url, url, "done", None, 0, 1, "feed", at, 1, at, *place, run


def _fill(path: Path, number: int) -> None:
    ledger = Ledger(path)
    ledger.defer_syncs()
    places = ",".join("?" * len(_NAMES))
    with ledger.transaction():
        ledger._db.executemany(f"INSERT INTO urls({', '.join(_NAMES)}) VALUES({places})", _rows(number))
    ledger.close()


def _measure(path: Path, number: int) -> dict[str, float]:
    """In a process of its own: CPU milliseconds of each question, and the memory."""

    def best(ask: Callable[[], object], times: int = 5) -> float:
        spent = []
        for _ in range(times):
            begun = time.process_time()
            ask()
            spent.append(time.process_time() - begun)
        return 1000 * min(spent)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ledger = Ledger(path)
    middle, run = (
        f"https://news.example/2026/11/04/a-headline-of-some-words-{number // 28 // 2 * 28 + 3}/",
        f"r{number // 5000 - 1}",
    )
    fresh = iter(range(10))

    def take_up() -> None:
        ledger.retry(tries=5, disallowed_since=AT)
        ledger.watermark()
        ledger.captured()

    def one_page() -> None:
        key = f"new{next(fresh)}"
        ledger.discover(key, f"https://news.example/{key}", via="feed", via_url=None, at=AT)
        place = Pointer(record_id=key, filename="w", offset=1, length=1, payload_digest="sha256:0")
        ledger.mark_captured(key, place, status=200, at=AT, run_id="r")
        ledger.mark_done(key)

    found = {
        "open": best(lambda: Ledger(path).close()),
        "take up what a crash or the last run left": best(take_up),
        "look up one URL": best(lambda: [ledger.get(middle) for _ in range(100)]) / 100,
        "next 8 URLs": best(lambda: ledger.pending(8, after=["x"])),
        "counts by state": best(ledger.counts),
        "counts of a run": best(lambda: ledger.counts(run_id=run)),
        "one page, from found to done": best(one_page),
    }
    found["memory, MB"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return found


def main(arguments: list[str]) -> int:
    """Measure, and print a table."""
    if arguments[:1] == ["--measure"]:
        print(json.dumps(_measure(Path(arguments[1]), int(arguments[2]))))
        return 0
    columns: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in arguments or ["10000", "1000000"]:
            path = Path(folder) / f"{number}.sqlite"
            _fill(path, int(number))
            words = [sys.executable, "-m", "tests.bench.bench_ledger", "--measure", str(path), number]
            done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
            columns[number] = json.loads(done.stdout) | {"file, MB": path.stat().st_size / 2**20}
    first, *_, last = columns.values()
    print("| CPU ms | " + " | ".join(f"{int(number):,} URLs" for number in columns) + " | ratio |")
    print("| --- |" + " --- |" * (len(columns) + 1))
    for name in first:
        values = " | ".join(f"{column[name]:.3f}" for column in columns.values())
        print(f"| {name} | {values} | {last[name] / max(first[name], 0.001):.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
