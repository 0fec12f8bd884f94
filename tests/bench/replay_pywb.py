"""Has pywb index WARC files on its own and serve each capture at its own time; compares every body with ours.

pywb is no dependency: install it in an environment of its own (`uv venv /tmp/pywb; uv pip install --python /tmp/pywb pywb 'setuptools<80'`).

python tests/bench/replay_pywb.py /tmp/pywb/bin archive/demo/warc/*
"""

from __future__ import annotations

import gzip
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
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
from warcio.archiveiterator import ArchiveIterator

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from crawler.layout import OPEN  # noqa: E402
from crawler.warc.exchange import Capture  # noqa: E402
from crawler.warc.reader import read_captures  # noqa: E402
from crawler.warc.scan import scan  # noqa: E402

_CODINGS: dict[str | None, Callable[[bytes], Any]] = {
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "br": brotli.decompress,
}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """Never follow: a redirect is a capture like any other."""


def main(bin_folder: Path, warcs: list[Path]) -> None:
    """Print how many captures of each kind came back the same."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [Path(shutil.copy(path, folder / path.name.removesuffix(OPEN))) for path in warcs]
        for words in (["init", "c"], ["add", "c", *map(str, files)]):
            subprocess.run([bin_folder / "wb-manager", *words], cwd=folder, check=True, capture_output=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [bin_folder / "wayback", "-p", str(port)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait(port)
            found: Counter[tuple[str, int, str]] = Counter()
            for path in files:
                kinds = {entry.offset: entry.get("WARC-Type") or "" for entry in scan(path.open("rb"))}
                for capture in read_captures(path):
                    how = _compared(_served(port, capture), capture, path)
                    found[kinds[capture.pointer.offset or 0], capture.status, how] += 1
                    if how != "same":
                        print(f"{how}: {capture.url}")
            for what, number in sorted(found.items()):
                print(number, *what)
        finally:
            server.terminate()


def _compared(body: bytes, capture: Capture, path: Path) -> str:
    """Whether pywb's body is ours; if not, whether it is what warcio, with which pywb reads, makes of the record."""
    if body == capture.body:
        return "same"
    with path.open("rb") as file:
        file.seek(capture.pointer.offset or 0)
        theirs = next(iter(ArchiveIterator(file))).content_stream().read()
    return "as warcio reads it" if body == theirs else "differs"


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("pywb does not start")


def _served(port: int, capture: Capture) -> bytes:
    at = f"http://127.0.0.1:{port}/c/{capture.date:%Y%m%d%H%M%S}id_/{capture.url}"
    request = urllib.request.Request(at, headers={"Accept-Encoding": "identity"})
    try:
        answer: Any = urllib.request.build_opener(_Stay).open(request)
    except urllib.error.HTTPError as error:
        answer = error
    body: bytes = answer.read()
    decode = _CODINGS.get(answer.headers.get("Content-Encoding"))
    return decode(body) if decode and body else body


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
