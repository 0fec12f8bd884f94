"""Crawls a press as cron would, at times of its own, and gathers what the reports say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from .paper import Paper
from .press import Press

RUN_AT = Path(__file__).parents[1] / "run_at.py"
_YAML = """version: 1
site: {name}
home: {home}
discover:
  feeds: [{{url: /feed.xml}}]
  sitemaps: [{{url: /sitemap.xml}}]
scope: {{allow: [^/news/\\d+-]}}
politeness: {{delay: 0s}}
fetch: {{allow_private: [127.0.0.0/8]}}
recheck: [11h, 35h]
extract: {{limits: {{workers: 1}}}}
schedule: {{every: 12h}}
"""


@dataclass(frozen=True)
class Run:
    """One run of one site."""

    at: datetime
    site: str
    report: dict[str, Any]

    def alarms(self) -> set[str]:
        """What was told for the first time: kind, and of sources what befell them."""
        found = set()
        for alarm in self.report["alarms"]:
            if alarm["first"]:
                found.add(f"source {alarm['message'].split(':')[0]}" if alarm["kind"] == "source" else alarm["kind"])
        return found

    def changed(self) -> set[tuple[int, str]]:
        """Number and change of the known articles that were found changed."""
        return {(int(each["url"].rpartition("/")[2][:4]), each["change"]) for each in self.report["watched"]["changed"]}


def configure(folder: Path, papers: list[Paper], press: Press) -> Path:
    """Write the YAML of the papers; returns the folder of the configuration."""
    (folder / "sites").mkdir(parents=True)
    for paper in papers:
        (folder / "sites" / f"{paper.name}.yaml").write_text(_YAML.format(name=paper.name, home=press.home(paper.name)))
    return folder


def run_at(now: datetime, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a command at that time."""
    line = [sys.executable, str(RUN_AT), now.isoformat(), *map(str, words)]
    env = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(line, capture_output=True, text=True, timeout=600, env=env)


def crawl(press: Press, now: datetime, collection: Path, config: Path) -> list[Run]:
    """Let all papers that are due be crawled at that time."""
    press.now = now
    done = run_at(now, "crawl", "--due", "--json", "-C", collection, "--config", config)
    if done.stderr:
        raise AssertionError(done.stderr)
    return [Run(now, report["site"], report) for report in map(json.loads, done.stdout.splitlines())]


def rows(collection: Path, site: str) -> list[dict[str, Any]]:
    """The rows of a site's articles."""
    files = sorted((collection / site / "articles").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
