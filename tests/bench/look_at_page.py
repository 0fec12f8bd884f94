"""Open an export's index.html in headless Chromium: count its network requests and console messages, and take pictures to look at.

    python tests/bench/look_at_page.py EXPORT [--out FOLDER] [--chromium PATH]

Pictures: desktop (1200 wide), phone (390), dark, and the page as it prints (PDF). Exit 1 if the page asked for anything but itself, or said
anything on the console. Needs Chromium (Debian: ``apt-get install chromium``).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-device-scale-factor=1", "--enable-logging=stderr",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
_DARK = ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")


def open_page(chromium: str, page: Path, *options: str) -> tuple[set[str], list[str]]:
    """Open a page once; returns the addresses (without query) that were asked for, and what was said on the console."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "net.json"
        done = subprocess.run(
            [
                chromium,
                *_QUIET,
                f"--user-data-dir={folder}/profile",
                f"--log-net-log={log}",
                *options,
                page.absolute().as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=180,
        )
        said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
        events = json.loads(log.read_text())["events"]
    asked = {event["params"]["url"].split("?")[0] for event in events if "url" in (event.get("params") or {})}
    return {url for url in asked if "://" in url and not url.startswith(("chrome", page.absolute().as_uri()))}, said


def main() -> int:
    """Look at it in each way."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("export", type=Path)
    options.add_argument("--out", type=Path, default=Path("pictures"))
    options.add_argument("--chromium", default="chromium")
    args = options.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    page = args.export / "index.html"
    empty = args.out / "empty.html"
    empty.write_text("<!doctype html><title>x</title>")
    own, _ = open_page(args.chromium, empty, f"--screenshot={args.out / 'empty.png'}")
    print(f"Chromium itself asks for {len(own)} addresses with an empty page; these are not counted")
    wrong = 0
    for name, extra in (
        ("desktop.png", ("--window-size=1200,7200",)),
        ("phone.png", ("--window-size=390,13000",)),
        ("dark.png", ("--window-size=1200,2400", *_DARK)),
        ("print.pdf", ()),
    ):
        target = "print-to-pdf" if name.endswith(".pdf") else "screenshot"
        asked, said = open_page(args.chromium, page, f"--{target}={args.out / name}", *extra)
        requests = sorted(asked - own)
        print(
            f"{name}: {len(requests)} requests beyond the page {requests or ''}, {len(said)} console messages {said or ''}"
        )
        wrong += len(requests) + len(said)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
