"""Measures the archive: writing against warcio, memory while packing, and what verify and ``warcio check`` say of broken files.

python tests/bench/bench_warc.py speed
python tests/bench/bench_warc.py pack --megabytes 2000
python tests/bench/bench_warc.py broken
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from warcio.statusandheaders import StatusAndHeaders  # noqa: E402
from warcio.warcwriter import WARCWriter  # noqa: E402

from crawler.layout import CollectionLayout  # noqa: E402
from crawler.record import Article, utc  # noqa: E402
from crawler.warc.exchange import Exchange, Provenance, RevisitTarget  # noqa: E402
from crawler.warc.verify import verify_file  # noqa: E402
from crawler.warc.writer import WarcWriter  # noqa: E402

AT = datetime(2026, 11, 23, tzinfo=UTC)
GET = b"GET /a HTTP/1.1\r\nHost: e.com\r\nAccept-Encoding: gzip\r\n\r\n"


def page(size: int, seed: int) -> bytes:
    """HTML of about ``size`` bytes that compresses as prose does, some four to one."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(1500)]
    body = b"<!doctype html><title>t</title>"
    while len(body) < size:
        body += f"<p class='text'>{' '.join(chance.choices(words, k=60))}</p>\n".encode()
    return body[:size]


def speed() -> None:
    """Request and response pairs a second, ours and warcio's, for 45 kB of HTML sent plain and sent gzipped."""
    pages = [page(45_000, seed) for seed in range(20)]
    for coding, bodies in (("plain", pages), ("gzip", [gzip.compress(body) for body in pages])):
        rates: dict[str, list[float]] = {"ours": [], "warcio": []}
        for _ in range(3):
            for name, write in (("ours", _ours), ("warcio", _warcio)):
                with tempfile.TemporaryDirectory() as folder:
                    begun = time.perf_counter()
                    write(Path(folder), bodies * 10, coding)
                    rates[name].append(len(bodies) * 10 / (time.perf_counter() - begun))
        ours, theirs = (max(rates[name]) for name in ("ours", "warcio"))
        print(f"{coding:<6} ours {ours:7.0f} pairs/s   warcio {theirs:7.0f} pairs/s   ratio {ours / theirs:.1f}")


def _head(body: bytes, coding: str) -> list[tuple[str, str]]:
    coded = [("Content-Encoding", "gzip")] if coding == "gzip" else []
    return [("Content-Type", "text/html"), ("Content-Length", str(len(body))), *coded]


def _ours(folder: Path, bodies: list[bytes], coding: str) -> None:
    with WarcWriter(folder, prefix="b", info={}) as writer:
        for number, body in enumerate(bodies):
            head = "".join(f"{name}: {value}\r\n" for name, value in _head(body, coding))
            received = f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body
            writer.write(Exchange(url=f"https://e.com/{number}", started=AT, sent=GET, received=received))


def _warcio(folder: Path, bodies: list[bytes], coding: str) -> None:
    with (folder / "w.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number, body in enumerate(bodies):
            url, http = f"https://e.com/{number}", StatusAndHeaders("200 OK", _head(body, coding), "HTTP/1.1")
            response = writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=http)
            asked = StatusAndHeaders("GET /a HTTP/1.1", [("Host", "e.com")], is_http_request=True)
            writer.write_request_response_pair(
                writer.create_warc_record(url, "request", payload=BytesIO(), http_headers=asked), response
            )


def packing(megabytes: int) -> None:
    """Peak memory of ``pressmark pack`` and ``pressmark verify`` on a collection of this size: whole, days, articles, all articles by id."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        collection, package = Path(folder) / "c", Path(folder) / "x.wacz"
        urls, written = _collection(collection, megabytes * 1_000_000)
        print(f"{len(urls)} exchanges, {written / 1e6:.0f} MB of WARC, {AT:%Y-%m-%d} and 19 days on")
        wishes = {
            "whole": [],
            "all days": ["--from", "2026"],
            "ten days": ["--from", "2026-11-25", "--to", "2026-12-04"],
            "one article": ["--page", urls[len(urls) // 2]],
            "a hundred articles": [word for url in urls[:: len(urls) // 100] for word in ("--page", url)],
        }
        for name, wish in wishes.items():
            _measured(f"pack, {name}", "pack", package, "-C", collection, "--force", *wish)
            if name in ("whole", "ten days"):
                _measured(f"verify, {name}", "verify", package)
        for path in sorted((collection / "e.com" / "warc").iterdir()):
            _measured(f"verify {path.stat().st_size / 1e6:.0f} MB", "verify", path)


def _collection(collection: Path, size: int) -> tuple[list[str], int]:
    """Write a site of ``size`` bytes of WARC over twenty days, every tenth page a revisit of the one before, with its rows."""
    site, written = CollectionLayout(collection).site("e.com"), 0
    urls: list[str] = []
    origin: RevisitTarget | None = None
    bodies = [gzip.compress(page(60_000, seed)) for seed in range(40)]
    text = " ".join(["words"] * 500)
    site.rows("articles", "2026-11").parent.mkdir(parents=True)
    with WarcWriter(site.warc, prefix="b", info={}) as writer, site.rows("articles", "2026-11").open("w") as rows:
        while written < size:
            number = len(urls)
            url, at = f"https://e.com/{number}", AT + timedelta(days=19 * written / size)
            body = bodies[number % 40]
            head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            known = Provenance(site="e.com", run_id=f"{at:%Y%m%d}", role="page", requested_url=url)
            twin = origin if number % 10 == 9 else None
            received = head + (bodies[(number - 1) % 40] if twin else body)
            place = writer.write(Exchange(url=url, started=at, sent=GET, received=received, provenance=known), twin)
            origin = place.origin
            written += place.length or 0
            urls.append(url)
            row: dict[str, object] = dict.fromkeys(field.name for field in dataclasses.fields(Article))
            row |= dict.fromkeys(("url", "requested_url", "canonical_url"), url)
            row |= {"id": place.record_id, "article_id": f"a_{number:016x}"}
            row |= {"fetched_at": utc(at), "title": f"Page {number}", "text": text, "run_id": known.run_id}
            row |= {"warc_filename": place.filename, "warc_record_offset": place.offset}
            rows.write(json.dumps(row) + "\n")
    return urls, written


def _measured(name: str, *words: object) -> None:
    """Run a command; print its time, its peak memory, and the last line it printed."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, str(ROOT / "pressmark.py"), *map(str, words)], stdout=subprocess.PIPE
    ) as done:
        assert done.stdout
        said = done.stdout.read().decode().splitlines() or [""]
        _, status, used = os.wait4(done.pid, 0)
        done.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - begun
    print(
        f"{name}: exit {done.returncode}, {took:.0f} s ({used.ru_utime + used.ru_stime:.0f} s CPU), peak memory {used.ru_maxrss / 1024:.0f} MB: {said[0]}",
        flush=True,
    )


def broken() -> None:
    """A Markdown table of the broken files of tests/crawler/warc/test_verify.py."""
    spec = importlib.util.spec_from_file_location("cases", ROOT / "tests/crawler/warc/test_verify.py")
    assert spec
    assert spec.loader
    cases = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cases)
    print("| file | pressmark verify | warcio check |\n| --- | --- | --- |")
    passed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, (data, _, rule) in cases.BROKEN.items():
            path = Path(folder) / "x.warc.gz"
            path.write_bytes(data)
            found = next(finding for finding in verify_file(path) if finding.rule == rule)
            words = [sys.executable, "-c", "from warcio.cli import main; main()", "check", str(path)]
            said = subprocess.run(words, capture_output=True, text=True, check=False)
            passed += not said.returncode
            print(
                f"| {name} | {found.severity} `{rule}` ({found.section}) | {'fails' if said.returncode else 'passes'} |"
            )
    print(f"\nwarcio check passes {passed} of {len(cases.BROKEN)}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "pack", "broken"])
    parser.add_argument("--megabytes", type=int, default=2000)
    args = parser.parse_args()
    {"speed": speed, "pack": lambda: packing(args.megabytes), "broken": broken}[args.what]()
