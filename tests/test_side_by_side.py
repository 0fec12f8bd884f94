"""Two processes at work on one collection, each on a site of its own: neither waits for the other, and both complete."""

import json
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
SITES = ("north", "south")


def test_two_processes_crawl_two_sites_of_one_collection(serve_newspaper, tmp_path):
    papers = {name: serve_newspaper(articles=4) for name in SITES}
    (tmp_path / "config" / "sites").mkdir(parents=True)
    for name, paper in papers.items():
        site = yaml.safe_load((ROOT / "config" / "sites" / "demo.yaml").read_text())
        site |= {"site": name, "home": paper.url, "fetch": {"allow_private": ["127.0.0.0/8"]}}
        site["discover"] = {"feeds": [{"url": "/feed.xml"}], "home": False}
        (tmp_path / "config" / "sites" / f"{name}.yaml").write_text(yaml.safe_dump(site))

    def pressmark(*words):
        return subprocess.Popen(
            [sys.executable, str(ROOT / "pressmark.py"), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        )  # fmt: skip

    crawls = [pressmark("crawl", name, "--config", "config", "-C", "c") for name in SITES]
    said = [crawl.communicate(timeout=240) for crawl in crawls]
    assert [crawl.returncode for crawl in crawls] == [0, 0], said
    for name, paper in papers.items():
        [report] = (tmp_path / "c" / name / "runs").glob("*/report.json")
        assert json.loads(report.read_text())["exit_code"] == 0
        rows = [
            json.loads(line)
            for path in (tmp_path / "c" / name / "articles").glob("*.jsonl")
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        got = [row["canonical_url"] for row in rows]
        assert len(set(got)) == len(got)
        assert set(got) >= {row["url"] for row in paper.truth if row["reach"] == "everywhere"}
        assert len(got) >= 2
        assert {row["site"] for row in rows} == {name}
    verify = pressmark("verify", "c")
    told, _ = verify.communicate(timeout=240)
    assert verify.returncode == 0, told
