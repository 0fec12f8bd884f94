"""A week of simulated news, crawled as cron would: each event is told in the run in which it happens, and nothing else is told.

    python -m tests.bench.bench_week [--keep DIR]

Five papers on loopback, each with a fate (tests/week/scenario.py), after six days in which nothing happens; a run every twelve hours, the
clock injected. Prints what each run of the week told, and what it should have. Exit 1 if anything was told too early, too late, falsely or
not at all, if an article that any source named is not archived with its text, or if `verify` finds anything.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from tests.week.harness import Run, configure, crawl, rows
from tests.week.press import Press
from tests.week.scenario import MONDAY, Told, expected, papers, runs


def told(run: Run) -> Told:
    """What a run told."""
    return Told(run.alarms(), run.changed(), run.report["watched"]["cosmetic"], run.report["exit_code"])


def missed(collection: Path, times: list[datetime]) -> list[str]:
    """Articles that a source named at one of the times and that are not archived, or whose text is not all there."""
    wrong = []
    for paper in papers():
        found = {urlsplit(row["url"]).path: row for row in rows(collection, paper.name) if row["change"] == "new"}
        for number in sorted(set().union(*(paper.listed(now) for now in times))):
            row = found.get(paper.path(number))
            if row is None:
                wrong.append(f"{paper.name} {number}: not archived")
                continue
            at = datetime.fromisoformat(row["fetched_at"])
            if paper.redesigned is None or at < paper.redesigned:
                text = "\n\n".join(paper.text(number, at).paragraphs)
                wrong += [] if row["text"] == text else [f"{paper.name} {number}: another text"]
    return wrong


def main() -> int:
    """Run the week."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--keep", type=Path, metavar="DIR", help="leave collection and configuration there")
    folder = options.parse_args().keep or Path(tempfile.mkdtemp(prefix="week-"))
    wanted, wrong, asked, began = expected(), [], 0, time.process_time()
    times = runs()
    with Press(papers(), times[0]) as press:
        config = configure(folder / "config", papers(), press)
        for now in times:
            ran = crawl(press, now, folder / "c", config)
            asked += len(ran)
            for run in ran:
                should, was = wanted.get((run.site, now), Told()), told(run)
                if was == should:
                    if should != Told() and now >= MONDAY:
                        print(
                            f"{now:%a %H:%M} {run.site:<11} exit {was.exit_code}  {', '.join(sorted(was.alarms)) or was.changed or ''}"
                        )
                    continue
                wrong.append(f"{now:%a %d %H:%M} {run.site}: told {was}, should have told {should}")
                print("WRONG", wrong[-1], flush=True)
        wrong += missed(folder / "c", times)
        articles = sum(len(rows(folder / "c", paper.name)) for paper in papers())
    launcher = Path(__file__).parents[2] / "pressmark.py"
    proof = subprocess.run([sys.executable, str(launcher), "verify", str(folder / "c")], capture_output=True, text=True)
    wrong += [] if proof.returncode == 0 else [proof.stdout]
    print(f"{asked} runs of {len(papers())} papers in {len(times)} starts; {articles} rows; {proof.stdout.strip()}")
    print("\n".join(wrong) if wrong else "all was told in its run, nothing else was told, nothing was missed")
    print(f"{time.process_time() - began:.0f} s of the harness's own CPU")
    return 1 if wrong or asked != len(times) * len(papers()) else 0


if __name__ == "__main__":
    sys.exit(main())
