"""Faults of the machine (FAULTS.md, section 2): each ends with the right exit code and valid files, and the same command then completes.

Needs no package of the system. What needs a mount is made in a namespace of the test's own and skipped where there is none to be had.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.due import last_crawl
from crawler.errors import Exit
from crawler.layout import SiteLayout
from tests.faults.conftest import FAULT
from tests.faults.fault import article, say, text_of, whole
from tests.faults.run import ROOT, Site, pressmark
from tests.faults.server import OddServer

ARTICLES = [f"Place {number}" for number in range(14)]
SIGNALS = "2 SIGINT/SIGTERM once; second signal, SIGHUP"
DISK = "2 disk full / quota / file limit / inodes"
FOLDER = "2 read-only folder, bad owner, umask"
TWO = "2 two runs on one collection"
CLOCK = "2 clock jump back/forward, 1970, 2039, DST"
MEMORY = "2 memory pressure"
SCARCE = "2 fd exhaustion, TMPDIR missing, stdout closed/full, C locale"
NFS = "2 NFS/overlay: no flock, rename over"
Property = Callable[[str, object], None]


class Paper:
    """A small paper of its own, and a crawl of it into a folder."""

    def __init__(self, server: OddServer, folder: Path, pause: float = 0.0) -> None:
        port = server.listen()
        links = [f"http://127.0.0.1:{port}/news/the-story-of-{number}" for number in range(len(ARTICLES))]
        items = "".join(f"<item><link>{link}</link></item>" for link in links)
        server.routes[f"{port}/feed.xml"] = say(
            whole(f"<rss version='2.0'><channel>{items}</channel></rss>", "text/xml")
        )
        self.release = False
        for number, name in enumerate(ARTICLES):
            answer = whole(article(name, more=f"<!-- {os.urandom(4000).hex()} -->"))

            def route(line: Any, answer: bytes = answer) -> None:
                if pause and not self.release:
                    time.sleep(pause)
                line.send(answer)

            server.routes[f"{port}/news/the-story-of-{number}"] = route
        (folder / "config" / "sites").mkdir(parents=True)
        site = {
            "version": 1, "site": "paper", "home": f"http://127.0.0.1:{port}/",
            "discover": {"feeds": [{"url": "/feed.xml"}], "home": False},
            "politeness": {"delay": "0s", "concurrency": 2}, "fetch": {"allow_private": ["127.0.0.0/8"]},
            "extract": {"memory": False, "limits": {"workers": 1}}, "limits": {"disk_reserve": "0B"},
        }  # fmt: skip
        (folder / "config" / "sites" / "paper.yaml").write_text(yaml.safe_dump(site))
        self.server, self.port, self.folder = server, port, folder

    def words(self, collection: Path | None = None) -> list[str]:
        return ["crawl", "paper", "--config", str(self.folder / "config"), "-C", str(collection or self.folder / "c")]

    def crawl(self, **options: Any) -> Any:
        return pressmark(*self.words(), **options)

    def shell(self, collection: Path) -> str:
        return " ".join([sys.executable, str(ROOT / "pressmark.py"), *self.words(collection)])

    def valid(self, collection: Path | None = None) -> Site:
        """The site's files, each of them valid."""
        site = Site((collection or self.folder / "c") / "paper", f"http://127.0.0.1:{self.port}")
        assert site.wrong() == []
        return site

    def completes(self, collection: Path | None = None, *, crawl: bool = True) -> None:
        """The same command goes on and has each article, once, with its text; ``crawl`` is false where it has done so already."""
        self.release = True
        if crawl:
            done = self.crawl()
            assert done.returncode == 0, done.stderr
        site = self.valid(collection)
        assert sorted(row["text"] for row in site.rows("articles")) == sorted(map(text_of, ARTICLES))


@pytest.fixture
def paper(faulty: OddServer, tmp_path: Path) -> Paper:
    return Paper(faulty, tmp_path)


@pytest.fixture
def slow_paper(faulty: OddServer, tmp_path: Path) -> Iterator[Paper]:
    made = Paper(faulty, tmp_path, pause=0.4)
    yield made
    made.release = True


def limited(kind: int, soft: int) -> Callable[[], None]:
    """What a child does before it begins: take a limit upon itself."""
    return lambda: resource.setrlimit(kind, (soft, resource.getrlimit(kind)[1]))


# --- disks


def in_namespace(tmp_path: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script that may mount."""
    if not shutil.which("unshare"):
        pytest.skip("needs unshare")
    words = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-c"]
    if (
        tried := subprocess.run([*words, "mount -t tmpfs none /mnt"], capture_output=True, text=True, check=False)
    ).returncode:
        pytest.skip(f"no mount to be had: {tried.stderr.strip()[:200]}")
    return subprocess.run(
        [*words, script], cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("tiny tmpfs", "size=4k"),
        ("tmpfs that fills in the midst of a crawl", "size=440k"),
        ("no inodes in the midst of a crawl", "nr_inodes=15"),
    ],
)
def test_a_full_disk_ends_with_6_and_room_completes_it(
    paper: Paper, tmp_path: Path, name: str, options: str, record_property: Property
) -> None:
    record_property(FAULT, (DISK, name))
    disk, saved = tmp_path / "disk", tmp_path / "saved"
    disk.mkdir()
    crawl = paper.shell(disk / "c")
    done = in_namespace(
        tmp_path,
        f"mount -t tmpfs -o {options} none {disk} && {crawl}; echo $? >&3; mkdir full; cp -a {disk}/c full/c;"
        f"mount -o remount,size=50m,nr_inodes=0 {disk} && {crawl}; echo $? >&3; cp -a {disk}/c {saved}".replace(
            ">&3", ">>codes"
        ),
    )
    assert (tmp_path / "codes").read_text().split() == [str(int(Exit.STORAGE)), "0"], done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr or "full" in done.stderr or "room" in done.stderr
    paper.completes(saved, crawl=False)


def test_a_read_only_folder_ends_with_6_before_the_first_request(
    paper: Paper, tmp_path: Path, record_property: Property
) -> None:
    record_property(FAULT, (FOLDER, "read-only folder"))
    (tmp_path / "disk").mkdir()
    before = len(paper.server.log)
    done = in_namespace(
        tmp_path, f"mount -t tmpfs -o ro none {tmp_path}/disk && {paper.shell(tmp_path / 'disk' / 'c')}; echo $? >codes"
    )
    assert (tmp_path / "codes").read_text().split() == [str(int(Exit.STORAGE))], done.stderr
    assert "Read-only" in done.stderr
    assert len(paper.server.log) == before


def test_a_file_size_limit_ends_with_6_and_then_completes(paper: Paper, record_property: Property) -> None:
    record_property(FAULT, (DISK, "file-size limit"))
    done = paper.crawl(preexec_fn=limited(resource.RLIMIT_FSIZE, 150_000))
    assert done.returncode == Exit.STORAGE, done.stderr
    assert "Traceback" not in done.stderr
    paper.completes()


# --- other limits


def whole_or_told(paper: Paper, done: Any) -> None:
    """With less than it likes, a crawl has all articles, or says that it has not; then it completes."""
    if done.returncode == 0:
        paper.completes(crawl=False)
        return
    assert done.returncode in (Exit.UNEXPECTED, Exit.STORAGE, Exit.PARTIAL), (done.returncode, done.stderr)
    assert done.stderr or done.returncode == Exit.PARTIAL
    paper.completes()


def test_16_descriptors_are_enough_or_a_visible_failure(paper: Paper, record_property: Property) -> None:
    record_property(FAULT, (SCARCE, "16 descriptors"))
    whole_or_told(paper, paper.crawl(preexec_fn=limited(resource.RLIMIT_NOFILE, 16)))


def test_300_mb_of_memory_are_enough_or_a_visible_failure(paper: Paper, record_property: Property) -> None:
    record_property(FAULT, (MEMORY, "300 MB of memory"))
    whole_or_told(paper, paper.crawl(preexec_fn=limited(resource.RLIMIT_AS, 300 * 1024**2)))


# --- clocks


@pytest.mark.parametrize("year", ["1970-01-01T00:00:01Z", "2039-02-01T00:00:00Z"])
def test_a_wrong_clock_stops_nothing_and_a_right_one_goes_on(
    paper: Paper, year: str, record_property: Property
) -> None:
    record_property(FAULT, (CLOCK, f"clock at {year[:4]}"))
    done = pressmark(year, *paper.words(), program=ROOT / "tests" / "run_at.py")
    assert done.returncode == 0, done.stderr
    site = paper.valid()
    assert {row["fetched_at"][:4] for row in site.rows("articles")} == {year[:4]}
    names = {path.name for path in site.warcs}
    paper.completes()
    assert {name.removesuffix(".open") for name in names} <= {
        path.name.removesuffix(".open") for path in paper.valid().warcs
    }


# --- surroundings


def test_a_full_standard_output_is_told_and_the_archive_is_whole(paper: Paper, record_property: Property) -> None:
    record_property(FAULT, (SCARCE, "stdout full"))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, str(ROOT / "pressmark.py"), *paper.words(), "--json"], stdout=full, stderr=subprocess.PIPE,
            text=True, check=False, timeout=240,
        )  # fmt: skip
    assert done.returncode == Exit.STORAGE
    assert done.stderr.startswith("pressmark: standard output")
    paper.completes(crawl=False)


@pytest.mark.parametrize("closed", [">&-", "<&- 2>&-"])
def test_closed_streams_never_get_into_a_file(
    paper: Paper, tmp_path: Path, closed: str, record_property: Property
) -> None:
    record_property(FAULT, (SCARCE, f"closed streams: {closed}"))
    done = subprocess.run(
        ["sh", "-c", f"{paper.shell(tmp_path / 'c')} --json {closed}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == (Exit.STORAGE if closed == ">&-" else 0), done.stderr
    for path in (tmp_path / "c").rglob("*"):
        assert (
            path.is_dir()
            or b'"exit_code"' not in path.read_bytes()
            or path.name in ("report.json", "ledger.sqlite", "ledger.sqlite-wal")
        )
    paper.completes()


def test_the_c_locale_changes_no_byte(faulty: OddServer, tmp_path: Path, record_property: Property) -> None:
    record_property(FAULT, (SCARCE, "C locale"))
    port = faulty.listen()
    faulty.routes[f"{port}/a"] = say(
        whole(
            "<title>Žluťoučký kůň 🐎</title><article><h1>Žluťoučký kůň 🐎</h1>"
            + "<p>Příliš žluťoučký kůň úpěl ďábelské ódy, a tak dále a tak podobně, až do noci.</p>" * 4
            + "</article>"
        )
    )
    locale = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""}
    done = subprocess.run(
        [sys.executable, str(ROOT / "pressmark.py"), "archive", f"http://127.0.0.1:{port}/a", "-C", str(tmp_path / "c"),
         "--allow-private", "127.0.0.0/8", "-s", "extract.memory=false"],
        env={**os.environ, **locale}, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Žluťoučký kůň 🐎" in done.stdout.decode()
    (site,) = (tmp_path / "c").iterdir()
    assert "Příliš žluťoučký" in Site(site, "").rows("articles")[0]["text"]


def test_a_missing_folder_for_temporary_files_is_no_matter(paper: Paper, record_property: Property) -> None:
    record_property(FAULT, (SCARCE, "missing TMPDIR"))
    done = paper.crawl(env={"TMPDIR": "/nonexistent", "TMP": "/nonexistent", "TEMP": "/nonexistent"})
    assert done.returncode == 0, done.stderr
    paper.completes(crawl=False)


# --- signals


@pytest.mark.parametrize(
    ("name", "signals", "codes"),
    [
        ("SIGTERM", [signal.SIGTERM], {143}),
        ("SIGINT twice", [signal.SIGINT, signal.SIGINT], {130, -signal.SIGINT}),
        ("SIGHUP", [signal.SIGHUP], {129}),
    ],
)
def test_a_signal_ends_it_and_the_same_command_goes_on(
    slow_paper: Paper, name: str, signals: list[signal.Signals], codes: set[int], record_property: Property
) -> None:
    record_property(FAULT, (SIGNALS, name))
    before = len(slow_paper.server.log)
    crawl = subprocess.Popen(
        [sys.executable, str(ROOT / "pressmark.py"), *slow_paper.words()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(slow_paper.server.log) < before + 8 and crawl.poll() is None:
        time.sleep(0.02)
    for each in signals:
        crawl.send_signal(each)
        time.sleep(0.1)
    _, said = crawl.communicate(timeout=60)
    assert crawl.returncode in codes, said
    assert "Traceback" not in said
    if crawl.returncode > 0:  # a second SIGINT may end it as the kernel does
        assert slow_paper.valid().report["exit_code"] == crawl.returncode
        last = last_crawl(SiteLayout(slow_paper.folder / "c" / "paper"))
        assert last is not None
        assert last.exit_code == crawl.returncode, "what a schedule reads: it takes up again what was interrupted"
    slow_paper.completes()


# --- many pages


def test_rows_are_made_in_the_midst_of_a_run_while_pages_go_on_coming(faulty: OddServer, tmp_path: Path) -> None:
    paper = Paper(faulty, tmp_path)
    program = tmp_path / "small.py"
    program.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nif __name__ == '__main__':\n"
        "    from pipelines import adapter\n    adapter.HOLD = 3\n    from crawler.cli import main\n    sys.exit(main(sys.argv[1:]))\n"
    )
    done = pressmark(*paper.words(), "-s", "extract.memory=true", "-s", "politeness.concurrency=4", program=program)
    assert done.returncode == 0, done.stdout + done.stderr
    (log,) = (tmp_path / "c").glob("paper/runs/*/crawl.log")
    assert "Traceback" not in log.read_text()
    paper.completes(crawl=False)
    assert len(list((tmp_path / "c").glob("paper/profiles/*.json"))) > 1
