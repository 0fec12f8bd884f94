"""A hundred sites in one process: ``python -m tests.bench.bench_sites [--sites 100] [--articles 5]``.

Each site is the demo newspaper under a name of its own, all on one loopback server. The crawl of all of them is run twice: once as they are, and once with
one site that accepts each connection and never answers. What the others need of time, CPU and memory in the second run, against the first.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.crash.press import ROOT, Press

_YAML = """version: 1
site: {name}
home: http://{name}.example:{port}/
language: en
discover:
  feeds: [{{url: /feed.xml}}]
  home: false
scope:
  allow: ['^/\\d{{4}}/\\d\\d/\\d\\d/[a-z0-9-]+/$']
politeness: {{delay: 100ms, timeout: 20s, idle_timeout: 20s, tries: 1}}
limits: {{max_articles: {articles}}}
fetch: {{allow_private: [127.0.0.0/8], resolve: ['{name}.example:{port}:127.0.0.1']}}
"""


def _stall(listener: socket.socket, held: list[socket.socket]) -> None:
    """Accept, and say nothing."""
    while True:
        try:
            held.append(listener.accept()[0])
        except OSError:
            return


def _crawl(
    folder: Path, port: int, sites: int, articles: int, stalling: int | None
) -> tuple[dict[str, float], dict[str, int]]:
    config = folder / "config" / "sites"
    config.mkdir(parents=True)
    for number in range(sites):
        name = f"s{number:03}"
        at = stalling if stalling is not None and number == sites // 2 else port
        (config / f"{name}.yaml").write_text(_YAML.format(name=name, port=at, articles=articles))
    words = [
        sys.executable,
        str(ROOT / "pressmark.py"),
        "crawl",
        "--config",
        str(config.parent),
        "-C",
        str(folder / "c"),
        "--json",
    ]
    begun = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    most = 0
    reader = []
    thread = threading.Thread(target=lambda: reader.append(process.stdout.read()))
    thread.start()
    while thread.is_alive():
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
            most = max(most, int(status.split("VmHWM:")[1].split()[0]))
        except (OSError, IndexError):
            pass
        thread.join(0.5)
    _, _, usage = os.wait4(process.pid, 0)
    outcomes = [json.loads(line) for line in reader[0].splitlines()]
    ended = sorted(
        (folder / "c" / each["site"] / "runs" / each["run_id"] / "report.json").stat().st_mtime
        for each in outcomes
        if each["articles"]
    )
    started = time.time() - (time.monotonic() - begun)
    figures = {
        "last of the others ended after, s": (ended[-1] if ended else started) - started,
        "all ended after, s": time.monotonic() - begun,
        "CPU, workers included, s": usage.ru_utime + usage.ru_stime,
        "memory of the main process, MB": most / 1024,
    }
    return figures, {each["site"]: each["articles"] for each in outcomes}


def main() -> int:
    """Run the bench, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--articles", type=int, default=5, help="articles of each site (default: 5)")
    options = parser.parse_args()
    held: list[socket.socket] = []
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        folder = Path(name)
        threading.Thread(target=_stall, args=(listener, held), daemon=True).start()
        press = Press(folder / "press", 30)
        port = int(press.url.rstrip("/").rpartition(":")[2])
        try:
            runs = {
                label: _crawl(folder / label, port, options.sites, options.articles, stalling)
                for label, stalling in (("as they are", None), ("one stalls", listener.getsockname()[1]))
            }
        finally:
            press.stop()
    plain, stalled = (figures for figures, _ in runs.values())
    print("| | as they are | one stalls | ratio |\n| --- | --- | --- | --- |")
    for key in plain:
        print(f"| {key} | {plain[key]:.1f} | {stalled[key]:.1f} | {stalled[key] / max(plain[key], 0.1):.2f} |")
    for label, (_, articles) in runs.items():
        print(
            f"{label}: {len(articles)} sites, {sum(articles.values())} articles, {sum(not n for n in articles.values())} without any"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
