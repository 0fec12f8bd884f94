"""A site that is set in another template from one day to the next: its articles still come, and a person is told."""

import json
import subprocess
import sys
from pathlib import Path

LAUNCHER = Path(__file__).parents[1] / "pressmark.py"


def crawl(paper, collection):
    words = ["crawl", "demo", "--allow-private", "127.0.0.0/8", "-s", f"home={paper.url}", "-C", collection, "--json"]
    done = subprocess.run([sys.executable, LAUNCHER, *words], capture_output=True, text=True, timeout=300, check=False)
    [report] = map(json.loads, done.stdout.splitlines())
    return done.returncode, report


def test_a_redesign_is_reported_once(serve_newspaper, tmp_path):
    clean, soup = (serve_newspaper(edition=name, articles=16) for name in ("clean", "meaningless"))
    code, report = crawl(clean, tmp_path)
    assert (code, report["alarms"], report["numbers"]["compared"]) == (0, [], 0), (
        "a first run has nothing to compare with"
    )
    code, report = crawl(soup, tmp_path)
    [alarm] = (each for each in report["alarms"] if each["kind"] == "layout")
    assert code == 4
    assert report["numbers"]["strange"] == report["numbers"]["compared"] > 5
    assert alarm["url"].startswith(soup.url)
    assert "a redesign" in alarm["message"]
    assert report["articles"] > 5, "its articles were archived all the same"
