"""How a run ends before its end: no room on the disk, a second signal, one that is to be ignored, and what stalls when it is told to stop."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.disk import check_room
from crawler.errors import Exit, StorageError
from tests.faults.fault import article, whole
from tests.faults.run import ROOT, pressmark
from tests.faults.server import Line, OddServer
from tests.faults.test_machine import ARTICLES, DISK, SIGNALS, Paper

STALLS = 5
"""Number of the article whose answer stops in the middle."""


@pytest.fixture
def paper(faulty: OddServer, tmp_path: Path) -> Paper:
    return Paper(faulty, tmp_path)


@pytest.fixture
def stalling(faulty: OddServer, tmp_path: Path) -> Paper:
    """A paper of which one article stops in its middle until it is released."""
    made = Paper(faulty, tmp_path)
    answer = whole(article(ARTICLES[STALLS]))

    def route(line: Line) -> None:
        if made.release:
            line.send(answer)
        else:
            line.send(answer[:-200])
            line.hang()

    faulty.routes[f"{made.port}/news/the-story-of-{STALLS}"] = route
    return made


def program(folder: Path, before: str) -> Path:
    """Pressmark's own program, with something set otherwise before it begins."""
    made = folder / "changed.py"
    made.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nif __name__ == '__main__':\n"
        + "".join(f"    {line}\n" for line in before.splitlines())
        + "    from crawler.cli import main\n    sys.exit(main(sys.argv[1:]))\n"
    )
    return made


def begin(paper: Paper, at: Path = ROOT / "pressmark.py", **options: Any) -> subprocess.Popen[str]:
    words = [sys.executable, str(at), *paper.words()]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, **options)


def wait_until(crawl: subprocess.Popen[str], seen: Callable[[], object]) -> None:
    while not seen():
        assert crawl.poll() is None, crawl.communicate()
        time.sleep(0.02)


def all_but_one_asked(paper: Paper) -> bool:
    """Nothing is left but the article that stalls."""
    asked = {each.request.split()[1] for each in paper.server.log if each.port == paper.port and each.response}
    return sum(target.startswith(b"/news/the-story-of-") for target in asked) >= len(ARTICLES) - 1


def is_caught(pid: int, number: signal.Signals) -> bool:
    """Whether a process has a handler of its own for a signal, by proc(5)."""
    status = Path(f"/proc/{pid}/status").read_text()
    (mask,) = (int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(mask >> (number - 1) & 1)


# --- the disk's reserve


@pytest.mark.parametrize(("free", "enough"), [(999, False), (1000, True)])
def test_room_is_what_this_user_may_still_write(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, enough: bool
) -> None:
    class Disk:
        f_bavail, f_bfree, f_frsize, f_bsize = free, 10**9, 512, 4096

    monkeypatch.setattr("os.statvfs", lambda folder: Disk if folder == tmp_path else pytest.fail(str(folder)))
    wanted = tmp_path / "not" / "there" / "yet"
    if enough:
        check_room(wanted, 1000 * 512)
    else:
        with pytest.raises(StorageError, match="are free on the disk of"):
            check_room(wanted, 1000 * 512)


@pytest.mark.fault(DISK, "less room than the reserve before a run")
def test_too_little_room_before_a_run_ends_it_with_6_and_writes_nothing(paper: Paper) -> None:
    before = len(paper.server.log)
    done = pressmark(*paper.words(), "-s", "limits.disk_reserve=1000TiB")
    assert done.returncode == Exit.STORAGE, done.stderr
    assert "MB are free on the disk of" in done.stderr
    assert "Make room" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (paper.folder / "c").exists()
    assert len(paper.server.log) == before, "nothing was asked for"


@pytest.mark.fault(DISK, "less room than the reserve in a run")
def test_too_little_room_in_a_run_ends_it_with_6_and_room_completes_it(stalling: Paper, tmp_path: Path) -> None:
    full = tmp_path / "full"
    changed = program(
        tmp_path,
        "import os\nfrom crawler import disk\nfrom crawler.fetch import session\n"
        f"disk.free_bytes = lambda folder: 0 if os.path.exists({str(full)!r}) else 10**12\n"
        "session._LOOK_AT_DISK, session._LET_GO_AFTER = 0.02, 0.2",
    )
    paper = stalling
    site = paper.folder / "config" / "sites" / "paper.yaml"
    site.write_text(site.read_text().replace("0B", "1MiB"))
    crawl = begin(paper, changed)
    wait_until(crawl, lambda: all_but_one_asked(paper))
    full.touch()
    _, said = crawl.communicate(timeout=60)
    assert crawl.returncode == Exit.STORAGE, said
    assert "MB are free on the disk of" in said
    assert "Traceback" not in said
    left = paper.valid()
    assert left.report["exit_code"] == Exit.STORAGE
    rowed = {row["url"] for row in left.rows("articles")}
    done = {url for url, (state, _) in left.ledger.items() if state == "done"}
    assert done == rowed, "what is done has its row, and nothing else"
    assert {state for state, _ in left.ledger.values()} <= {"pending", "captured", "done"}
    before = len(paper.server.log)
    full.unlink()
    paper.completes()
    captured = {url for url, (state, _) in left.ledger.items() if state in ("captured", "done")}
    again = {f"http://127.0.0.1:{paper.port}{each.request.split()[1].decode()}" for each in paper.server.log[before:]}
    assert len(captured) >= len(ARTICLES) - 2
    assert not captured & again, "what was recorded is not asked for again"


# --- signals


@pytest.mark.fault(SIGNALS, "SIGTERM while an answer stalls")
def test_what_stalls_is_cut_when_its_grace_is_over_and_asked_for_again(stalling: Paper, tmp_path: Path) -> None:
    paper, changed = stalling, program(tmp_path, "from crawler import run\nrun._LET_GO_AFTER = 0.3")
    crawl = begin(paper, changed)
    wait_until(crawl, lambda: all_but_one_asked(paper))
    crawl.send_signal(signal.SIGTERM)
    _, said = crawl.communicate(timeout=60)
    assert crawl.returncode == Exit.TERMINATED, said
    left, url = paper.valid(), f"http://127.0.0.1:{paper.port}/news/the-story-of-{STALLS}"
    assert [each.truncated for each in left.records[url] if each.kind == "response"] == ["unspecified"]
    assert left.ledger[url][0] == "pending"
    assert left.report["articles"] == len(left.rows("articles")), "the report is written within the time"
    paper.completes()


@pytest.mark.fault(SIGNALS, "SIGTERM twice")
def test_a_second_signal_kills_at_once_and_that_loses_nothing(stalling: Paper) -> None:
    crawl = begin(stalling)
    wait_until(crawl, lambda: all_but_one_asked(stalling))
    assert is_caught(crawl.pid, signal.SIGTERM)
    crawl.send_signal(signal.SIGTERM)
    wait_until(
        crawl, lambda: not is_caught(crawl.pid, signal.SIGTERM)
    )  # the first was heeded; the stalled page holds the run
    crawl.send_signal(signal.SIGTERM)
    crawl.communicate(timeout=60)
    assert crawl.returncode == -signal.SIGTERM, "killed, not ended in order"
    assert not list(stalling.folder.glob("c/paper/runs/*/report.json"))
    stalling.completes()


@pytest.mark.fault(SIGNALS, "an ignored SIGHUP")
def test_sighup_does_not_end_a_run_that_is_to_outlive_its_terminal(stalling: Paper) -> None:
    crawl = begin(stalling, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))  # as nohup(1) does
    wait_until(crawl, lambda: all_but_one_asked(stalling))
    assert not is_caught(crawl.pid, signal.SIGHUP)
    crawl.send_signal(signal.SIGHUP)
    crawl.send_signal(signal.SIGTERM)
    _, said = crawl.communicate(timeout=60)
    assert crawl.returncode == Exit.TERMINATED, said
    (report,) = stalling.folder.glob("c/paper/runs/*/report.json")
    assert json.loads(report.read_bytes()), "it was SIGTERM that ended it, in order"
