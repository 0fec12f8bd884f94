"""Has pywb index WARC files on its own and serve each capture at its own time; compares every answer with ours.

Without files it makes its own: the demo newspaper crawled twice (304s), and some of its pages archived under two addresses, twice (the same
payload within a run, and across runs and files). pywb is no dependency: install it in an environment of its own
(`uv venv /tmp/pywb; uv pip install --python /tmp/pywb pywb 'setuptools<80'`).

python tests/bench/replay_pywb.py /tmp/pywb/bin --mended
python tests/bench/replay_pywb.py /tmp/pywb/bin archive/demo/warc/*
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
from warcio.archiveiterator import ArchiveIterator

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from crawler.dataset.lookup import rows  # noqa: E402
from crawler.layout import OPEN, CollectionLayout  # noqa: E402
from crawler.warc import capture as kinds  # noqa: E402
from crawler.warc.exchange import Capture  # noqa: E402
from crawler.warc.reader import read_captures  # noqa: E402
from crawler.warc.scan import scan  # noqa: E402

_CODINGS: dict[str | None, Callable[[bytes], Any]] = {
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "br": brotli.decompress,
}
_MENDED = r'''"""pywb with one fault of warcio's mended: a chunked message ends with the empty line behind its trailer (RFC 9112, 7.1.2)."""

import sys

from pywb.apps.cli import wayback
from warcio.bufferedreaders import ChunkedDataReader

as_it_is = ChunkedDataReader._try_decode


def to_the_end(self, line):
    if not line.endswith(b"\r\n") or line.partition(b";")[0].strip(b" \t\r\n0") or not line.startswith(b"0"):
        return as_it_is(self, line)
    while self.stream.readline() not in (b"\r\n", b"\n", b""):
        pass
    self.all_chunks_read = True
    self._process_read(b"")


ChunkedDataReader._try_decode = to_the_end
sys.exit(wayback())
'''


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """Never follow: a redirect is a capture like any other."""


def main() -> None:
    """Print how many captures of each kind came back the same; exit 1 if one did not that warcio itself would read as we do."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bin", type=Path, help="folder with pywb's wayback and wb-manager")
    parser.add_argument("warc", nargs="*", type=Path, help="files to replay (default: a crawl of the demo newspaper)")
    parser.add_argument(
        "--mended", action="store_true", help="then again, with warcio's chunk decoder mended in pywb's process"
    )
    args = parser.parse_args()
    ways = {"as installed": [str(args.bin / "wayback")]}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if args.mended:
            (folder / "mended.py").write_text(_MENDED)
            ways["warcio's chunk decoder mended"] = [str(args.bin / "python"), str(folder / "mended.py")]
        warcs = args.warc or _crawled(folder / "archive")
        files = [Path(shutil.copy(path, folder / path.name.removesuffix(OPEN))) for path in warcs]
        for words in (["init", "c"], ["add", "c", *map(str, files)]):
            subprocess.run([args.bin / "wb-manager", *words], cwd=folder, check=True, capture_output=True)
        found = {way: _replayed(command, folder, files) for way, command in ways.items()}
    for way, results in found.items():
        print(f"\npywb, {way}:")
        for what, number in sorted(results.items()):
            print(f"  {number:4} {', '.join(map(str, what))}")
        counts = Counter(how for *_, how in results.elements())
        served = results.total() - counts["not served"]
        print(f"  {results.total()} captures: {served} served, {counts['same']} the same")
    if any(how in ("differs", "not served") for results in found.values() for *_, how in results):
        raise SystemExit(1)


def _crawled(collection: Path) -> list[Path]:
    """WARC files of the demo newspaper crawled twice, and of some of its pages archived under two addresses, twice, with a new file between."""
    for _ in range(2):
        _pressmark("demo", "-C", collection)
    served = subprocess.Popen([sys.executable, ROOT / "tests/newspaper/serve.py"], stdout=subprocess.PIPE, text=True)
    try:
        assert served.stdout is not None
        home = json.loads(served.stdout.readline())["url"].rstrip("/")
        paths = sorted(
            urlsplit(row["url"]).path for row in rows(CollectionLayout(collection).site("demo"), "articles")
        )[:8]
        site = CollectionLayout(collection).site("127.0.0.1")
        for _ in range(2):
            asked = [f"{home}{path}{query}" for path in paths for query in ("", "?print")]
            _pressmark("archive", *asked, "--allow-private", "-s", "politeness.delay=0s", "-C", collection)
            for path in site.warc.glob(f"*{OPEN}"):
                path.rename(path.with_suffix(""))
    finally:
        served.terminate()
        served.wait()
    return [path for site in CollectionLayout(collection).sites() for path in site.warc_files()]


def _pressmark(*words: object) -> None:
    done = subprocess.run([sys.executable, ROOT / "pressmark.py", *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"pressmark {words[0]}: exit {done.returncode}\n{done.stderr}{done.stdout}")


def _replayed(command: list[str], folder: Path, files: list[Path]) -> Counter[tuple[str, int, str]]:
    """Ask for each capture; count by kind, status and what came."""
    found: Counter[tuple[str, int, str]] = Counter()
    with _running(command, folder) as port:
        for path in files:
            kind = {entry.offset: _kind(entry) for entry in scan(path.open("rb"))}
            for capture in read_captures(path):
                how = _compared(*_served(port, capture), capture, path)
                found[kind[capture.pointer.offset or 0], capture.status, how] += 1
                if how != "same":
                    print(f"{how}: {capture.url}")
    return found


def _kind(entry: Any) -> str:
    return (kinds.profile(entry) if entry.get("WARC-Type") == "revisit" else None) or str(entry.get("WARC-Type"))


@contextlib.contextmanager
def _running(command: list[str], folder: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen([*command, "-p", str(port)], cwd=folder, stdout=quiet, stderr=quiet)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.2)
        else:
            raise SystemExit("pywb does not start")
        yield port
    finally:
        server.terminate()
        server.wait()


def _compared(served: bool, status: int, body: bytes, capture: Capture, path: Path) -> str:
    """Whether pywb's answer is ours; if not, whether it is what warcio, with which pywb reads, makes of the record."""
    if not served or status != capture.status:
        return "not served"
    if body == capture.body:
        return "same"
    with path.open("rb") as file:
        file.seek(capture.pointer.offset or 0)
        theirs = next(iter(ArchiveIterator(file))).content_stream().read()
    return "as warcio reads it" if body == theirs else "differs"


def _served(port: int, capture: Capture) -> tuple[bool, int, bytes]:
    """Whether pywb answered with this very capture, the status, and the body without its coding."""
    at = f"http://127.0.0.1:{port}/c/{capture.date:%Y%m%d%H%M%S}id_/{capture.url}"
    request = urllib.request.Request(at, headers={"Accept-Encoding": "identity"})
    try:
        answer: Any = urllib.request.build_opener(_Stay).open(request)
    except urllib.error.HTTPError as error:
        answer = error
    body: bytes = answer.read()
    decode = _CODINGS.get(answer.headers.get("Content-Encoding"))
    served = answer.headers.get("Memento-Datetime") == f"{capture.date:%a, %d %b %Y %H:%M:%S} GMT"
    return served, answer.status, decode(body) if decode and body else body


if __name__ == "__main__":
    main()
