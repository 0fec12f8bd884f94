"""The folder of a site (FAULTS.md, section 2): who else is at work on it, whose it is, and what its file system cannot do."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.errors import Exit
from tests.faults.conftest import FAULT
from tests.faults.run import ROOT, pressmark
from tests.faults.server import OddServer
from tests.faults.test_machine import FOLDER, NFS, TWO, Paper
from tests.faults.test_stopping import begin, program, wait_until

Property = Callable[[str, object], None]


@pytest.fixture
def paper(faulty: OddServer, tmp_path: Path) -> Paper:
    return Paper(faulty, tmp_path)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_run_on_a_site_ends_at_once_with_75_and_changes_no_byte(
    faulty: OddServer, tmp_path: Path, record_property: Property
) -> None:
    record_property(FAULT, (TWO, "a second run"))
    paper = Paper(faulty, tmp_path, pause=0.3)
    first = begin(paper)
    wait_until(first, lambda: sum(each.port == paper.port for each in faulty.log) > 5)
    first.send_signal(signal.SIGSTOP)
    before, asked = contents(paper.folder / "c"), len(faulty.log)
    second = paper.crawl()
    assert second.returncode == Exit.TEMPORARY, second.stderr
    assert "another process is at work" in second.stderr
    assert contents(paper.folder / "c") == before
    assert len(faulty.log) == asked
    first.send_signal(signal.SIGCONT)
    paper.release = True
    _, said = first.communicate(timeout=120)
    assert first.returncode == 0, said
    paper.completes(crawl=False)


def test_the_lock_of_a_run_that_was_killed_holds_nobody_up(
    faulty: OddServer, tmp_path: Path, record_property: Property
) -> None:
    record_property(FAULT, (TWO, "the lock of a killed run"))
    paper = Paper(faulty, tmp_path, pause=0.3)
    crawl = begin(paper, start_new_session=True)
    wait_until(crawl, lambda: sum(each.port == paper.port for each in faulty.log) > 5)
    os.killpg(crawl.pid, signal.SIGKILL)
    crawl.communicate(timeout=60)
    paper.completes()


def test_a_file_system_without_locks_is_refused_before_the_first_request(
    paper: Paper, tmp_path: Path, record_property: Property
) -> None:
    record_property(FAULT, (NFS, "no flock"))
    changed = program(
        tmp_path,
        "import errno, fcntl\ndef refuse(*_):\n    raise OSError(errno.ENOLCK, 'No locks available')\nfcntl.flock = refuse",
    )
    before = len(paper.server.log)
    done = pressmark(*paper.words(), program=changed)
    assert done.returncode == Exit.STORAGE, done.stderr
    assert "No locks available" in done.stderr
    assert "must support flock" in done.stderr
    assert len(paper.server.log) == before


def as_anybody(words: list[str]) -> list[str]:
    """The command without root's right to pass over permissions (CAP_DAC_OVERRIDE), where it would have it."""
    if os.geteuid():
        return words
    if not shutil.which("setpriv"):
        pytest.skip("needs setpriv, or a user that is not root")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--", *words]


def give_away(path: Path) -> None:
    """Make it somebody else's, to be read by all and written by nobody here."""
    path.chmod(0o555 if path.is_dir() else 0o444)
    if not os.geteuid():
        os.chown(path, 65534, 65534)


def give_back(path: Path) -> None:
    path.chmod(0o755 if path.is_dir() else 0o644)
    os.chown(path, os.geteuid(), os.getegid())


@pytest.mark.parametrize("what", ["c", "c/paper", "c/paper/warc", "c/paper/ledger.sqlite", "c/paper/lock"])
def test_what_belongs_to_somebody_else_is_refused_before_the_first_request(
    paper: Paper, what: str, record_property: Property
) -> None:
    record_property(FAULT, (FOLDER, f"somebody else's {what}"))
    paper.release = True
    assert paper.crawl().returncode == 0
    if what == "c":
        shutil.rmtree(paper.folder / "c" / "paper")
    give_away(paper.folder / what)
    words = as_anybody([sys.executable, str(ROOT / "pressmark.py"), *paper.words()])
    asked = len(paper.server.log)
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == Exit.STORAGE, done.stderr
    assert str(paper.folder / "c") in done.stderr
    assert "Traceback" not in done.stderr
    assert len(paper.server.log) == asked
    give_back(paper.folder / what)
    paper.completes()


@pytest.mark.parametrize("mask", [0o077, 0o000])
def test_a_mask_decides_who_may_read_and_nothing_else(paper: Paper, mask: int, record_property: Property) -> None:
    record_property(FAULT, (FOLDER, f"umask {mask:03o}"))
    done = paper.crawl(preexec_fn=lambda: os.umask(mask))
    assert done.returncode == 0, done.stderr
    paper.completes(crawl=False)
    modes = {path.stat().st_mode & 0o777 for path in (paper.folder / "c").rglob("*") if path.is_file()}
    assert not any(mode & mask for mode in modes)
    assert not any(mode & 0o111 for mode in modes)
