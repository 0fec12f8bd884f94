"""Has ReplayWeb.page open a package in headless Chromium and show articles of it; compares their text with pages.jsonl.

Nothing here is a dependency: `apt-get install chromium`; `uv venv /tmp/pw; uv pip install --python /tmp/pw playwright`;
`npm pack replaywebpage@2.5.3` and unpack it (its ui.js and sw.js are whole, and load nothing else).

/tmp/pw/bin/python tests/bench/replay_web.py package/ exhibit.wacz --shot shot.png
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import re
import shutil
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

_PAGE = """<!doctype html><meta charset="utf-8"><title>replay</title><script src="/ui.js"></script>
<style>html, body, replay-web-page { margin: 0; height: 100%; display: block }</style>
<replay-web-page source="/x.wacz" replaybase="/replay/"></replay-web-page>
<script>document.querySelector("replay-web-page").setAttribute("url", new URLSearchParams(location.search).get("url"))</script>"""


class _Ranges(http.server.SimpleHTTPRequestHandler):
    """Serves byte ranges (RFC 9110, 14), with which a package is read without loading it whole."""

    def do_GET(self) -> None:
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if not asked or not path.is_file():
            return super().do_GET()
        data = path.read_bytes()
        begin = int(asked[1]) if asked[1] else max(0, len(data) - int(asked[2] or 0))
        end = min(len(data), int(asked[2]) + 1) if asked[1] and asked[2] else len(data)
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(data)}")
        self.send_header("Content-Length", str(end - begin))
        self.end_headers()
        self.wfile.write(data[begin:end])
        return None

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def main() -> None:
    """Print, for each page of the package, whether its title and the first words of its text are shown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the unpacked npm package replaywebpage")
    parser.add_argument("wacz", type=Path)
    parser.add_argument("--pages", type=int, default=5, help="how many pages to look at (default: 5)")
    parser.add_argument("--shot", type=Path, help="PNG of the last page")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    args = parser.parse_args()
    with zipfile.ZipFile(args.wacz) as archive:
        pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()[1:]]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "replay").mkdir()
        shutil.copy(args.package / "ui.js", root)
        shutil.copy(args.package / "sw.js", root / "replay")
        shutil.copy(args.wacz, root / "x.wacz")
        (root / "index.html").write_text(_PAGE, encoding="utf-8")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Ranges, directory=name))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            _look(f"http://127.0.0.1:{server.server_port}/", pages[:: max(1, len(pages) // args.pages)], args)
        finally:
            server.shutdown()


def _look(base: str, pages: list[dict[str, Any]], args: argparse.Namespace) -> None:
    from playwright.sync_api import sync_playwright

    shown = 0
    with (
        sync_playwright() as play,
        play.chromium.launch(executable_path=args.chromium, args=["--no-sandbox"]) as browser,
    ):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        first = context.new_page()
        first.goto(base)  # installs the service worker, without which a frame shows this server's own files
        first.wait_for_timeout(5000)
        for page in pages:
            view = context.new_page()
            view.goto(f"{base}?{urlencode({'url': page['url']})}")
            words = " ".join(page["text"].split()[:8])
            found = _found(view, page["url"], words)
            shown += found
            print("shown  " if found else "MISSING", page["url"], "|", page["title"])
            if args.shot:
                view.screenshot(path=str(args.shot))
            view.close()
    print(f"{shown} of {len(pages)} pages show the beginning of their text")


def _found(view: Any, url: str, words: str) -> bool:
    """Whether a frame of the replay comes to hold these words."""
    for _ in range(60):
        for frame in view.frames:
            if "mp_/" in frame.url and frame.url.endswith(url):
                text = " ".join(frame.evaluate("document.body ? document.body.innerText : ''").split())
                if words in text:
                    return True
        view.wait_for_timeout(500)
    return False


if __name__ == "__main__":
    main()
