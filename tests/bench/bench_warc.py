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
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from warcio.statusandheaders import StatusAndHeaders  # noqa: E402
from warcio.warcwriter import WARCWriter  # noqa: E402

from crawler.layout import CollectionLayout  # noqa: E402
from crawler.record import SCHEMA_VERSION, Article, utc  # noqa: E402
from crawler.warc.cdxj import update_index  # noqa: E402
from crawler.warc.exchange import Exchange, Provenance, RevisitTarget  # noqa: E402
from crawler.warc.verify import verify_file  # noqa: E402
from crawler.warc.wacz import Page, pack  # noqa: E402
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
            row |= dict.fromkeys(("url", "requested_url", "canonical_url"), url) | {"schema_version": SCHEMA_VERSION}
            row |= {"id": place.record_id, "article_id": f"a_{number:016x}"}
            row |= {"fetched_at": utc(at), "title": f"Page {number}", "text": text, "run_id": known.run_id}
            row |= {"warc_filename": place.filename, "warc_record_offset": place.offset}
            rows.write(json.dumps(row) + "\n")
    site.index.parent.mkdir()
    update_index(site.index, site.warc_files())
    return urls, written


_MEASURE = """
import json, os, subprocess, sys
done = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
_, status, used = os.wait4(done.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
"""A small process of its own between: Linux counts to a child's peak what its parent had when it was started."""


def _measured(name: str, *words: object) -> None:
    """Run a command; print its time, its peak memory, and the first line it printed."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", _MEASURE, sys.executable, str(ROOT / "pressmark.py"), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    took = time.perf_counter() - begun
    code, cpu, peak = json.loads(done.stdout)
    said = done.stderr.splitlines() or [""]
    print(
        f"{name}: exit {code}, {took:.0f} s ({cpu:.0f} s CPU), peak memory {peak / 1024:.0f} MB: {said[0]}", flush=True
    )


def _cases(name: str) -> ModuleType:
    """The broken files of a test module, and what it makes them with."""
    spec = importlib.util.spec_from_file_location("cases", ROOT / "tests/crawler/warc" / name)
    assert spec
    assert spec.loader
    cases = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cases)
    return cases


def broken(wacz: Path | None) -> None:
    """Two Markdown tables of the broken files of tests/crawler/warc: WARCs, and packages where ``wacz`` is the program of py-wacz."""
    with tempfile.TemporaryDirectory() as folder:
        warcio = [sys.executable, "-c", "from warcio.cli import main; main()", "check"]
        path = Path(folder) / "x.warc.gz"
        print("| file | pressmark verify | warcio check |\n| --- | --- | --- |")
        passed = 0
        cases = _cases("test_verify.py").BROKEN
        for name, (data, _, rule) in cases.items():
            path.write_bytes(data)
            passed += _row(name, path, {rule}, warcio)
        print(f"\nwarcio check passes {passed} of {len(cases)}.\n")
        if wacz is None:
            return
        path = Path(folder) / "x.wacz"
        print("| package | pressmark verify | wacz validate |\n| --- | --- | --- |")
        module, passed = _cases("test_wacz.py"), 0
        for name, (change, how, rules) in module.BROKEN.items():
            _package(Path(folder) / "warc", path)
            module.rebuild(path, change, **how)
            passed += _row(name, path, set(rules.split()), [str(wacz), "validate", "-f"])
        print(f"\nwacz validate passes {passed} of {len(module.BROKEN)}.")
        _package(Path(folder) / "warc", path)
        whole = subprocess.run([str(wacz), "validate", "-f", str(path)], capture_output=True, check=False)
        print(
            f"The package they are made of: pressmark verify finds {len(list(verify_file(path)))}, wacz validate exits {whole.returncode}."
        )


def _row(name: str, path: Path, rules: set[str], other: list[str]) -> bool:
    """Print a row; return whether the other tool passes the file."""
    found = next(finding for finding in verify_file(path) if finding.rule in rules)
    said = subprocess.run([*other, str(path)], capture_output=True, text=True, check=False)
    print(
        f"| {name} | {found.severity} `{found.rule}` ({found.section}) | {'fails' if said.returncode else 'passes'} |",
        flush=True,
    )
    return not said.returncode


def _package(warcs: Path, path: Path) -> None:
    shutil.rmtree(warcs, ignore_errors=True)
    pages = []
    with WarcWriter(warcs, prefix="b", info={}) as writer:
        for number, name in enumerate(("first", "b", "c")):
            body = b"<p>page %d</p>" % number
            received = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            url, at = f"https://e.com/{name}", datetime(2026, 11, 1, number, tzinfo=UTC)
            writer.write(Exchange(url=url, started=at, sent=GET, received=received))
            pages.append(Page(url=url, date=at, title="t", text="page"))
    pack(path, sorted(warcs.iterdir()), pages=pages, title="T", software="s", created=AT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "pack", "broken"])
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--wacz", type=Path, help="program of py-wacz, in an environment of its own, to ask it too")
    args = parser.parse_args()
    {"speed": speed, "pack": lambda: packing(args.megabytes), "broken": lambda: broken(args.wacz)}[args.what]()
