"""Measures the archive: writing against warcio, memory while packing, and what verify and ``warcio check`` say of broken files.

python tests/bench/bench_warc.py speed
python tests/bench/bench_warc.py pack --megabytes 2000
python tests/bench/bench_warc.py broken
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from warcio.statusandheaders import StatusAndHeaders  # noqa: E402
from warcio.warcwriter import WARCWriter  # noqa: E402

from crawler.warc.exchange import Exchange  # noqa: E402
from crawler.warc.verify import verify_file  # noqa: E402
from crawler.warc.wacz import pack  # noqa: E402
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
    """Peak memory while a collection is packed whole, and by choice of all its captures."""
    with tempfile.TemporaryDirectory(dir=ROOT.parent if ROOT.parent.is_dir() else None) as folder:
        warcs, written = Path(folder) / "warc", 0
        bodies = [gzip.compress(page(60_000, seed)) for seed in range(40)]
        with WarcWriter(warcs, prefix="b", info={}) as writer:
            number = 0
            while written < megabytes * 1_000_000:
                body = bodies[number % 40]
                head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                at = writer.write(Exchange(url=f"https://e.com/{number}", started=AT, sent=GET, received=head + body))
                written += at.length or 0
                number += 1
        base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{number} exchanges, {written / 1e6:.0f} MB; memory before packing {base / 1024:.0f} MB")
        wishes: dict[str, Callable[[object], bool] | None] = {"whole": None, "chosen": lambda entry: True}
        for name, wanted in wishes.items():
            begun = time.perf_counter()
            done = pack(
                Path(folder) / "x.wacz", sorted(warcs.iterdir()), pages=[], title="t", software="s", created=AT, wanted=wanted
            )  # fmt: skip
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            took = time.perf_counter() - begun
            print(f"{name}: {done.size / 1e6:.0f} MB in {took:.0f} s, peak memory {peak / 1024:.0f} MB", flush=True)


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
