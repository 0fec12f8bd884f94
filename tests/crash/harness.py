"""The harness: one crawl of the demo newspaper, stopped at any of its writing calls, gone on with, and judged.

A kill is not made a hundred times: while the tracer holds the crawl at its k-th writing call, no other is made, so a copy of the folder at that
moment is what SIGKILL would leave (``Harness.killed`` does kill, to show it). From the same moment ``Disk`` tells what a power loss would leave.
What must hold afterwards is in ``Harness.resume``.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pipelines.adapter  # noqa: F401
import spiders.site  # noqa: F401 - imported once here, so that no crawl has to
from crawler.cli import main
from crawler.commands import verify
from crawler.config import ExtractLimits
from crawler.layout import SiteLayout
from crawler.warc.reader import read_captures
from pipelines import crew, workers
from pipelines.basis import Basis
from pipelines.derive import Derived
from tests.crash import tracer
from tests.crash.disk import Disk, Loss
from tests.crash.press import Press
from tests.crash.tracer import Call, Verdict

SITE = "demo"
_HARMLESS = ("remove", "sync", "rename")
"""Calls that a full disk lets through."""


class _Inline:
    """Workers that work in the crawl's own process: a resumed crawl and a verification need no new process for each, which halves their cost."""

    def __init__(self, limits: ExtractLimits) -> None:
        self.timeout = limits.timeout

    def survey(self, where: workers.Where, basis: Basis) -> Future[str | None]:
        return self._do(workers._survey, where, basis)

    def derive(self, where: workers.Where, basis: Basis) -> Future[Derived]:
        return self._do(workers._derive, where, basis)

    def _do(self, work: Callable[..., Any], where: workers.Where, basis: Basis) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work(where, basis.json))
        except Exception as error:
            done.set_exception(error)
        return done

    def __enter__(self) -> _Inline:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self, *, at_once: bool = False) -> None:
        pass


@dataclass(frozen=True, slots=True)
class State:
    """What a crash left: a collection."""

    call: Call
    loss: Loss
    folder: Path
    promised: frozenset[str]
    """Articles whose capture the ledger had committed at that moment."""

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.call.number} {self.call.name} {self.call.path.name} [{self.loss}]"


class Harness:
    """Crashes crawls of one newspaper, each in a folder below ``work``."""

    def __init__(self, work: Path, press: Press, *options: str) -> None:
        self._work = work
        self.press = press
        """The newspaper."""
        self._options = options
        self._made = 0

    def crawl_in(self, collection: Path, *, inline: bool = False) -> Callable[[], None]:
        """A program that crawls the newspaper into a collection, and exits as ``pressmark`` does; ``inline`` without worker processes."""
        words = [
            "crawl",
            SITE,
            "--allow-private",
            "127.0.0.0/8",
            "-s",
            f"home={self.press.url}",
            "-s",
            "extract.limits.workers=1",
        ]
        return self._command(collection, [*words, *self._options, "-C", str(collection)], inline=inline)

    def _command(self, collection: Path, words: list[str], *, inline: bool) -> Callable[[], None]:
        log = self._log(collection.parent)

        def program() -> None:
            if inline:
                crew.WorkerPool = verify.WorkerPool = _Inline  # type: ignore[assignment,attr-defined]
            output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            for stream in (1, 2):
                os.dup2(output, stream)
            sys.stdout, sys.stderr = (os.fdopen(stream, "w") for stream in (1, 2))
            code = main(words)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

        return program

    @staticmethod
    def _log(folder: Path) -> Path:
        """What the programs that worked in a folder's collection printed."""
        return folder.with_name(folder.name + ".txt")

    def new_folder(self) -> Path:
        """A folder for one crawl, and in it, to be made by the crawl, its collection ``c``."""
        self._made += 1
        folder = self._work / f"{self._made:04d}"
        folder.mkdir(parents=True)
        return folder

    # --- crashes

    def calls(self) -> list[Call]:
        """All writing calls of a whole crawl."""
        self.press.withdraw(set())
        found: list[Call] = []
        folder = self.new_folder()
        ended = tracer.run(self.crawl_in(folder / "c"), folder / "c", lambda call: found.append(call) or "go")  # type: ignore[func-returns-value]
        assert ended.code == 0, self._log(folder).read_text()
        return found

    def states(self, wanted: Mapping[int, Iterable[Loss]], *, seed: int = 0) -> list[State]:
        """Run one crawl; give what crashes at the calls of those numbers would leave, a state for each loss."""
        self.press.withdraw(set())
        folder = self.new_folder()
        made: list[State] = []
        disk = Disk(folder / "disk")  # one above the collection: a name that is not synced is lost, its own too
        disk.folder.mkdir()
        chance = random.Random(seed)

        def judge(call: Call) -> Verdict:
            if call.number in wanted:
                promised = _promised(disk.folder / "c", self._work / "copy")
            for loss in wanted.get(call.number, ()):
                target = folder / f"{call.number}-{loss}"
                disk.leave(target, loss, chance)
                made.append(State(call, loss, target, promised))
            disk.before(call)
            return "go"

        ended = tracer.run(self.crawl_in(disk.folder / "c"), disk.folder, judge)
        assert ended.code == 0, self._log(disk.folder).read_text()
        return made

    def killed(self, number: int) -> State:
        """Kill a crawl, workers and all, before its call of that number."""
        return self._broken(number, lambda call: "kill" if call.number == number else "go", -9)

    def failing(self, number: int, error: int, *, lasting: bool) -> State:
        """Let the call of that number fail with ``error``, and, if ``lasting``, all later ones that a full disk (or a dead one) would not make."""

        def judge(call: Call) -> Verdict:
            if call.number != number and not (lasting and call.number > number):
                return "go"
            return "go" if error == errno.ENOSPC and call.kind in _HARMLESS else error

        return self._broken(number, judge, None)

    def _broken(self, number: int, judge: Callable[[Call], Verdict], code: int | None) -> State:
        self.press.withdraw(set())
        folder = self.new_folder()
        at: list[Call] = []

        def watch(call: Call) -> Verdict:
            if call.number == number:
                at.append(call)
            return judge(call)

        ended = tracer.run(self.crawl_in(folder / "c"), folder / "c", watch)
        talk = self._log(folder).read_text() if self._log(folder).exists() else ""
        assert at, f"the crawl ended before its call {number}"
        if code is None:
            # a failing disk ends the run with 6 and one sentence; or the run could do without what failed
            assert ended.code in (0, 6), f"call {at[0]} failing gave exit code {ended.code}: {talk}"
            assert "Traceback" not in talk, talk
        else:
            assert ended.code == code, (ended, talk)
        return State(at[0], "none", folder, _promised(folder / "c", self._work / "copy"))

    # --- what must hold

    def resume(self, state: State, withdrawn: float = 0.5, seed: int = 0) -> None:
        """Run the same command again, part of what was recorded being withdrawn; raises AssertionError where the promise is not kept."""
        collection = state.folder / "c"
        recorded = self._recorded(collection)
        lost = state.promised - recorded
        assert not lost, f"{state.name}: the ledger knew these, the archive lost them: {sorted(lost)[:3]}"
        chance = random.Random(seed)
        self.press.withdraw({url for url in sorted(recorded) if chance.random() < withdrawn})
        self._run(state, self.crawl_in(collection, inline=True))
        again = recorded & set(self.press.asked())
        assert not again, f"{state.name}: asked again for what was recorded: {sorted(again)[:3]}"
        rows = self._rows(collection)
        assert sorted(row["canonical_url"] for row in rows) == sorted(self.press.articles), (
            f"{state.name}: not every article once"
        )
        wrong = [row["url"] for row in rows if row["text"] != self.press.articles[row["canonical_url"]]]
        assert not wrong, f"{state.name}: {wrong}"
        for report in collection.glob("*/runs/*/report.json"):
            json.loads(report.read_text())
        self._run(state, self._command(collection, ["verify", str(collection)], inline=True))
        shutil.rmtree(state.folder)

    def _run(self, state: State, program: Callable[[], None]) -> None:
        pid = os.fork()
        if pid == 0:
            try:
                program()
            finally:
                os._exit(125)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert code == 0, f"{state.name}: exit code {code}: {self._log(state.folder).read_text()}"

    def _recorded(self, collection: Path) -> set[str]:
        """Articles whose exchange is whole in the archive."""
        return {
            capture.provenance.requested_url or ""
            for warc in SiteLayout(collection / SITE).warc_files()
            for capture in read_captures(warc)
            if capture.provenance.role == "page" and capture.status == 200
        }

    def _rows(self, collection: Path) -> list[dict[str, str]]:
        files = sorted((collection / SITE / "articles").glob("*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def _promised(collection: Path, scratch: Path) -> frozenset[str]:
    """What the ledger says is captured, read from a copy: opening it would change it."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    for path in (collection / SITE).glob("ledger.sqlite*"):
        shutil.copy(path, scratch)
    if not (scratch / "ledger.sqlite").exists():
        return frozenset()
    db = sqlite3.connect(scratch / "ledger.sqlite")
    try:
        return frozenset(url for (url,) in db.execute("SELECT url FROM urls WHERE state IN ('captured', 'done')"))
    except sqlite3.OperationalError:  # it has no tables yet
        return frozenset()
    finally:
        db.close()


def spread(calls: list[Call], number: int, chance: random.Random) -> list[int]:
    """Choose so many of the calls: at least one of each kind on each kind of file, the others at random."""
    by_kind: dict[tuple[str, str], list[int]] = {}
    for call in calls:
        by_kind.setdefault((call.kind, _sort(call.path)), []).append(call.number)
    chosen = {chance.choice(numbers) for numbers in by_kind.values()}
    chosen = set(chance.sample(sorted(chosen), min(number, len(chosen))))
    rest = [call.number for call in calls if call.number not in chosen]
    return sorted(chosen | set(chance.sample(rest, min(number - len(chosen), len(rest)))))


def _sort(path: Path) -> str:
    """What sort of file it is, whatever its name."""
    return f"{path.parent.name}/{path.name.rpartition('.')[2]}" if path.suffix else path.name
