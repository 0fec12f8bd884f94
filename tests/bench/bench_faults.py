"""What the worst pages cost: each archived by itself by the whole program; peak memory of all its processes, time, and bytes on disk.

python tests/bench/bench_faults.py             all of them
python tests/bench/bench_faults.py nesting     those whose name holds the word
Sizes are those of FAULTS.md: 100 MB of elements, nesting of a million, a bomb of a gigabyte.
"""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.faults.content import WITHIN  # noqa: E402
from tests.faults.fault import article, endless, head, say, whole  # noqa: E402
from tests.faults.network import ENDLESS_ONES  # noqa: E402
from tests.faults.run import Site  # noqa: E402
from tests.faults.server import OddServer, Route  # noqa: E402

MB = 1 << 20


def _page(inside: Callable[[], str]) -> Callable[[], Route]:
    return lambda: say(whole(article("Worst").replace("</article>", inside() + "</article>")))


def _bomb() -> Route:
    maker = zlib.compressobj(9, wbits=31)
    zeros = b" " * MB
    body = (
        maker.compress(article("Worst").encode()) + b"".join(maker.compress(zeros) for _ in range(1024)) + maker.flush()
    )
    return say(whole(body, Content_Encoding="gzip"))


WORST: dict[str, Callable[[], Route]] = {
    "nesting of 1,000,000": _page(lambda: "<div>" * 1_000_000),
    "30 MB of small elements": _page(lambda: "<b>x</b>" * 3_750_000),
    "100 MB of small elements, gzipped": lambda: say(
        whole(gzip.compress(article("Worst").replace("</article>", "<i>y</i>" * 12_500_000).encode(), 1), Content_Encoding="gzip")
    ),
    "200,000 attributes": _page(lambda: f"<img {' '.join(f'a{number}=1' for number in range(200_000))}>"),
    "50,000 cells": _page(lambda: f"<table>{'<tr><td>1</td><td>2</td></tr>' * 25_000}</table>"),
    "30 MB of text": _page(lambda: "<p>" + "Words that are plain and long enough. " * 800_000),
    "8,000 paragraphs": _page(lambda: "<p>A sentence of plain words, long enough to count as one. </p>" * 8_000),
    "1,000 rows and 5,000 short paragraphs": _page(
        lambda: f"<table>{'<tr><td>1</td></tr>' * 1_000}</table>" + "<p>short</p>" * 5_000
    ),
    "JSON-LD of 30 MB": _page(lambda: '<script type="application/ld+json">[' + '{"@type":"Thing","name":"x"},' * 1_000_000 + "{}]</script>"),
    "gzip bomb of 1 GB": _bomb,
    "endless body": lambda: endless(head(Content_Type="text/html"), b"<p>words " * 8000),
    "endless headers": lambda: ENDLESS_ONES["header-flood"].route("x"),
    "title of 5 MB": lambda: WITHIN["title-of-5-mb"].route("Worst"),
}  # fmt: skip


def peak(pid: int) -> int:
    """Resident bytes of a process and all below it, now."""
    total = 0
    try:
        total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            total += sum(peak(int(child)) for child in task.read_text().split())
    except (OSError, IndexError):
        pass
    return total


def main() -> None:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    print(f"{'page':40} {'ends as':20} {'all MB':>7} {'wall s':>7} {'CPU s':>7} {'disk MB':>8}")
    for name, make in WORST.items():
        if word not in name:
            continue
        server = OddServer()
        port = server.listen()
        server.routes["/worst"] = make()
        with tempfile.TemporaryDirectory() as folder:
            words = [
                sys.executable,
                str(ROOT / "pressmark.py"),
                "archive",
                f"http://127.0.0.1:{port}/worst",
                "-C",
                folder,
            ]
            words += ["--allow-private", "127.0.0.0/8", "-s", "extract.limits.workers=1", "-s", "politeness.delay=0s"]
            before, begun, most = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), 0
            run = subprocess.Popen(words, stdout=subprocess.DEVNULL)
            while run.poll() is None:
                most = max(most, peak(run.pid))
                time.sleep(0.05)
            after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - begun
            (site,) = (each for each in Path(folder).iterdir() if each.is_dir())
            found = Site(site, "")
            rows = [
                *(f"row of {len(row['text'])}" for row in found.rows("articles")),
                *(row["reason"] for row in found.rows("failures")),
            ]
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
            print(
                f"{name:40} {', '.join(rows):20} {most / MB:7.0f} {wall:7.1f} {cpu:7.1f} {size / MB:8.2f}", flush=True
            )
        server.close()


if __name__ == "__main__":
    main()
