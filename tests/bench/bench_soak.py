"""Crawls very many tiny pages through one process tree and says what grows: memory, open files, threads, ledger, bytes on disk.

python tests/bench/bench_soak.py --pages 100000 --sites 4 --minutes 70
The pages come from a server on 127.0.0.1, in a process of its own. What was reached when the time is over is what is told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MB = 1 << 20


def page(site: str, number: int) -> bytes:
    """A small article of its own text."""
    words = [
        f"{word}{number * 31 % 997}"
        for word in ("harbour", "ferry", "quay", "storm", "mayor", "pier", "office", "river")
    ]
    sentence = (
        f"On day {number} the {' and the '.join(words)} of {site} were seen again by our reporter, who counted them. "
    )
    return (
        f'<!doctype html><html lang="en"><head><title>Report {number} of {site}</title></head><body><article>'
        f"<h1>Report {number} of {site}</h1><p>{sentence * 2}</p><p>{sentence}</p></article></body></html>"
    ).encode()


def sitemap(prefix: str, begin: int, end: int) -> bytes:
    """A sitemap of the articles from ``begin`` to ``end``."""
    urls = "".join(f"<url><loc>{prefix}/a/report-{number}-of-the-day</loc></url>" for number in range(begin, end))
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def serve(sites: int, ports: Queue[list[int]]) -> None:
    """Serve all sites, a port each."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ")[1].decode()
                kind, body, status = "text/html", b"", "200 OK"
                if path.startswith("/a/"):
                    body = page(f"Town {port}", int(path.split("-")[1]))
                elif path.startswith("/map/"):
                    begin, end = path.split("/")[2:4]
                    kind, body = "application/xml", sitemap(f"http://127.0.0.1:{port}", int(begin), int(end))
                else:
                    status = "404 Not Found"
                writer.write(
                    b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
                    % (status.encode(), kind.encode(), len(body))
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        servers = [await asyncio.start_server(answer, "127.0.0.1", 0) for _ in range(sites)]
        ports.put([server.sockets[0].getsockname()[1] for server in servers])
        await asyncio.gather(*(server.serve_forever() for server in servers))

    asyncio.run(main())


def children(pid: int) -> list[int]:
    """All processes below one."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *children(int(child))]
    return found


def rss(pid: int) -> float:
    """Resident memory of a process in MB; 0 if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MB
    except (OSError, IndexError):
        return 0.0


def look(pid: int, collection: Path) -> dict[str, Any]:
    """One measurement."""
    below = children(pid)
    rows = sum(path.read_bytes().count(b"\n") for path in collection.glob("*/articles/*.jsonl"))
    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line
    )
    return {
        "rows": rows, "main_mb": round(rss(pid), 1), "workers_mb": round(sum(map(rss, below)), 1), "processes": 1 + len(below),
        "files": len(os.listdir(f"/proc/{pid}/fd")), "threads": int(status["Threads"]),
        "ledger_mb": round(sum(path.stat().st_size for path in collection.glob("*/ledger.sqlite*")) / MB, 1),
        "warc_mb": round(sum(path.stat().st_size for path in collection.glob("*/warc/*")) / MB, 1),
    }  # fmt: skip


def slope(points: list[tuple[float, float]]) -> float:
    """Least squares: how much the second grows with one of the first."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def configure(folder: Path, ports: list[int], pages: int) -> None:
    """A site a port; its sitemaps hold 5,000 articles each."""
    (folder / "sites").mkdir(parents=True)
    for number, port in enumerate(ports):
        maps = "\n".join(f"    - url: /map/{begin}/{min(begin + 5000, pages)}" for begin in range(0, pages, 5000))
        (folder / "sites" / f"soak{number}.yaml").write_text(
            f"version: 1\nsite: soak{number}\nhome: http://127.0.0.1:{port}/\ndiscover:\n  home: false\n  sitemaps:\n{maps}\n"
            "politeness: {delay: 0s, concurrency: 4}\nfetch: {allow_private: [127.0.0.0/8]}\nextract: {limits: {workers: 1}}\n"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--sites", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--every", type=float, default=15, help="seconds between two looks")
    args = parser.parse_args()
    ports: Queue[list[int]] = Queue()
    server = Process(target=serve, args=(args.sites, ports), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory(prefix="soak") as name:
        folder = Path(name)
        configure(folder / "config", ports.get(timeout=30), args.pages // args.sites)
        collection, begun, looks = folder / "c", time.monotonic(), []
        words = [
            sys.executable,
            str(ROOT / "pressmark.py"),
            "crawl",
            "--config",
            str(folder / "config"),
            "-C",
            str(collection),
            "--json",
        ]
        crawl = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        while crawl.poll() is None:
            time.sleep(args.every)
            try:
                looks.append({"seconds": round(time.monotonic() - begun), **look(crawl.pid, collection)})
                print(json.dumps(looks[-1]), flush=True)
            except (OSError, KeyError):
                break  # it has just ended
            if time.monotonic() - begun > args.minutes * 60:
                crawl.send_signal(signal.SIGTERM)
                break
        out = crawl.communicate(timeout=600)[0]
        code = crawl.returncode
        reports = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        alive = [each for each in looks if each["threads"] > 1]
        after = [each for each in alive if each["rows"] > min(1_000 * args.sites, args.pages / 4)] or alive  # warm
        print(f"exit {code}; articles {sum(each['articles'] for each in reports)}; {round(time.monotonic() - begun)} s")
        for each in reports:
            asked = each["requests"]
            print(
                f"  {each['site']}: asked {asked['asked']}, ended {asked['ended']}, lost {asked['lost']}, stopped {asked['stopped']}"
            )
        for key in ("main_mb", "workers_mb", "files", "threads", "ledger_mb", "warc_mb"):
            grown = slope([(each["rows"] / 1000, each[key]) for each in after])
            print(
                f"  {key}: first {after[0][key]}, last {after[-1][key]}, most {max(each[key] for each in after)}; {grown:+.3f} a 1,000 pages"
            )
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
