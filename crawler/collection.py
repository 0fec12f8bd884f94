"""A site's folder, opened for writing: its ledger, its row files, and the run that is at work.

Owns the order in which things become true: the WARC record is synced (by the archiver), then the URL is ``captured``; rows are synced, then
it is ``done``. One process a site: a second one gets BusyError before anything is written. Never fetches and never extracts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.config import SiteConfig
from crawler.disk import make_folder, replace_file
from crawler.errors import Reason, StorageError
from crawler.layout import CollectionLayout
from crawler.ledger import Entry, Ledger, Validators
from crawler.lock import lock_site
from crawler.record import Article, Block, Failure, Via, utc
from crawler.report.baseline import DAY, WINDOW
from crawler.report.numbers import Counter, Measured, Numbers
from crawler.rows import RowFiles, read_rows
from crawler.swap import put_in_place
from crawler.takedown.log import standing
from crawler.urls import Scope, canonical, decide_scope, same_site
from crawler.warc.cdxj import update_index
from crawler.warc.conversions import read_conversions
from crawler.warc.exchange import Pointer
from crawler.watch import Watch

Row = Article | Block | Failure

RUNS_TRIED = 5
"""Runs in which a URL that fails for a passing reason is tried."""
_DISALLOWED_KEPT = timedelta(days=30)
"""How long a URL that robots.txt disallows is looked at again."""


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """What a spider hands to the stages: a page whose record is synced and which is ``captured`` in the ledger."""

    record_id: str


@dataclass(frozen=True, slots=True)
class Sibling:
    """What a spider hands to the stages: a page of the site that gives no rows, but shows its chrome."""

    pointer: Pointer


class SiteArchive:
    """One site of a collection, held by this process for one run."""

    def __init__(
        self,
        collection: Path,
        site: SiteConfig,
        *,
        command: str,
        now: Callable[[], datetime],
        new_run_id: Callable[[datetime], str],
    ) -> None:
        self.site = site
        self.now = now
        self.command = command
        self.stopping: int | None = None
        """The signal that asked the run to end, if one did: what is captured waits for the next run's stages."""
        self.closed = False
        self._converted: set[tuple[str, str]] | None = None
        self.counter = Counter()
        """What the run has given so far, in numbers."""
        self.removed = (0, 0)
        """Blocks of chrome taken out in this run, and their characters."""
        self.layout = CollectionLayout(collection).site(site.site)
        self._lock = lock_site(self.layout)
        try:
            put_in_place(self.layout)
            if not self.layout.ledger.exists() and self.layout.warc_files():
                raise StorageError(
                    f"{self.layout.ledger} is missing, and without it all would be fetched again",
                    hint=f"Make it anew from the WARC files: pressmark rebuild {self.layout.site}",
                )
            # at any site of the collection: an address may be filed under several
            sites = [self.layout, *CollectionLayout(collection).sites()]
            orders = [standing(each) for each in sites]
            self._withdrawn = frozenset(self.key(url) for each in orders for url in each.urls)
            self._taken_down = frozenset(orders[0].by_id)
            self.ledger = Ledger(self.layout.ledger)
            self._rows = RowFiles(self.layout, self.ledger)
            self._scope = Scope(hosts=site.hosts, allow=site.scope.allow, deny=site.scope.deny)
            self.started = started = now()
            """When the run began."""
            self.run_id = new_run_id(started)
            self.before = self.ledger.last_exit_code(command)
            """Exit code of the last run before this one that came to its end; None if there was none."""
            self.ledger.start_run(self.run_id, command, started)
            make_folder(self.layout.run(self.run_id))
            self.watch = Watch(
                self.ledger, site.recheck if command == "crawl" else (), now=now, withdrawn=self.withdrawn
            )
            """The known articles that the run looks at again."""
            self.watch.begin()
        except OSError as error:
            self._lock.close()
            raise StorageError(
                f"{error.filename or self.layout.root}: {error.strerror}",
                hint="Make room, then run the same command again.",
            ) from error
        except BaseException:
            self._lock.close()
            raise

    def close(self) -> None:
        """Close the ledger and give up the lock."""
        if not self.closed:
            self.closed = True
            self.ledger.close()
            self._lock.close()

    # --- what was found

    def key(self, url: str) -> str:
        """The identity of a URL on this site."""
        return canonical(url, self.site.scope.strip_params)

    def judge(self, url: str) -> Reason | None:
        """Whether the site's scope takes a URL as an article; the reason if not."""
        return (
            Reason.WITHDRAWN if self.withdrawn(url) else decide_scope(self._scope, url, self.site.scope.strip_params)[0]
        )

    def withdrawn(self, url: str) -> bool:
        """Whether a URL was taken down: it is never asked for again, whoever names it."""
        return self.key(url) in self._withdrawn

    def on_site(self, url: str) -> bool:
        """Whether a URL is on one of the site's hosts."""
        return same_site(url, self.site.hosts)

    def offer(
        self,
        url: str,
        *,
        via: Via,
        via_url: str | None,
        title: str | None = None,
        published_raw: str | None = None,
        reason: Reason | None = None,
        detail: str | None = None,
        backlog: bool = False,
        depth: int = 0,
    ) -> bool:
        """Note a URL that discovery found, and who named it; returns whether it is new. One left out for a ``reason`` is said so, once."""
        at, key = self.now(), self.key(url)
        reason = Reason.WITHDRAWN if key in self._withdrawn else reason
        with self.ledger.transaction():
            new = self.ledger.discover(
                key, url, via=via, via_url=via_url, at=at, title=title, published_raw=published_raw, skip=reason, detail=detail,
                run_id=self.run_id if reason else None, backlog=backlog, depth=depth,
            )  # fmt: skip
            if not reason:
                self.ledger.sight(key, via, via_url, at)
            if new and reason:
                self._write([(f"{at:%Y-%m}", self._failure(self._entry(url), reason, None, detail))])
        return new

    def _entry(self, url: str) -> Entry:
        entry = self.ledger.get(self.key(url))
        if entry is None:
            raise KeyError(f"the ledger does not know {url}")
        return entry

    # --- what became of it

    def captured(
        self, key: str, pointer: Pointer, *, status: int, at: datetime, validators: Validators | None = None
    ) -> None:
        """The record of the page is in the archive, synced; ``validators`` are what its server gave with it."""
        self.ledger.mark_captured(key, pointer, status=status, at=at, run_id=self.run_id)
        if validators:
            self.watch.captured(pointer.record_id, validators)

    def failed(
        self,
        key: str,
        reason: Reason,
        *,
        status: int | None = None,
        detail: str | None = None,
        pointer: Pointer | None = None,
    ) -> None:
        """The page could not be had: ledger and failures.jsonl say why, and where what its server answered is kept, if it answered."""
        at = self.now()
        with self.ledger.transaction():
            self.ledger.mark_failed(
                key, reason, at=at, run_id=self.run_id, status=status, detail=detail, pointer=pointer
            )
            entry = self.ledger.get(key)
            if entry:
                self.counter.without_article(entry.url, reason)
                self._write([(f"{at:%Y-%m}", self._failure(entry, reason, status, detail))])

    def skipped(self, key: str, reason: Reason, *, detail: str | None = None) -> None:
        """The page will not be asked for: ledger and failures.jsonl say why."""
        at = self.now()
        before = self.ledger.get(key)
        with self.ledger.transaction():
            self.ledger.mark_skipped(key, reason, run_id=self.run_id, detail=detail)
            entry = self.ledger.get(key)
            if entry and before and before.reason != reason:  # else an earlier run has said so
                self._write([(f"{at:%Y-%m}", self._failure(entry, reason, None, detail))])

    def done(
        self,
        record_id: str,
        month: str,
        rows: Iterable[Row],
        *,
        reason: Reason | None = None,
        detail: str | None = None,
    ) -> None:
        """The rows of a capture. Call it inside ``ledger.transaction()`` to commit many captures at once."""
        with self.ledger.transaction():
            lines: list[tuple[str, Row]] = [(month, row) for row in rows]
            blocks = [row for _, row in lines if isinstance(row, Block)]
            self.removed = (self.removed[0] + len(blocks), self.removed[1] + sum(len(block.text) for block in blocks))
            if reason:
                entry = self.ledger.by_record(record_id)
                if entry:
                    lines.append((month, self._failure(entry, reason, entry.http_status, detail)))
                    self.counter.without_article(entry.url, reason)
            self._write(lines)
            self.ledger.mark_done(record_id, reason=reason, detail=detail)
        article = next((row for _, row in lines if isinstance(row, Article)), None)
        if article:
            self.counter.article(article)
            self.watch.add(article)

    def judged(
        self,
        record_id: str,
        month: str,
        rows: Iterable[Row],
        *,
        reason: Reason | None = None,
        detail: str | None = None,
    ) -> None:
        """A look is judged: its rows, or why it gives none. Call it inside ``ledger.transaction()`` as ``done``."""
        with self.ledger.transaction():
            lines = [(month, row) for row in rows]
            self._write(lines)
            article = next((row for _, row in lines if isinstance(row, Article)), None)
            self.watch.judged(record_id, article, reason)

    def _write(self, lines: list[tuple[str, Row]]) -> None:
        if lines:
            self._rows.append(lines)

    def _failure(self, entry: Entry, reason: Reason, status: int | None, detail: str | None) -> Failure:
        return Failure(
            site=self.site.site,
            run_id=self.run_id,
            url=entry.url,
            record_id=entry.record_id,
            reason=reason,
            http_status=status,
            first_try_at=entry.first_try_at,
            last_try_at=entry.last_try_at,
            discovered_via=entry.via,
            detail=detail,
        )

    # --- start and end of a run

    def retry(self) -> int:
        """Make URLs pending again that may be had now; returns how many."""
        self._give_back()
        return self.ledger.retry(tries=RUNS_TRIED, disallowed_since=self.now() - _DISALLOWED_KEPT)

    def _give_back(self) -> None:
        """URLs that were restricted, at whichever site, and are not any more, become what they were; what was to come may come."""
        back = [
            entry
            for entry in self.ledger.withdrawn()
            if entry.key not in self._withdrawn and entry.record_id not in self._taken_down
        ]
        if not back:
            return

        wanted = {entry.record_id for entry in back if entry.record_id}

        def told(kind: str, id: str) -> dict[str, str | None]:
            files = self.layout.row_files(kind)
            return {row[id]: row.get("reason") for path in files for row in read_rows(path) if row[id] in wanted}

        outcomes = told("failures", "record_id") | told("articles", "id")
        with self.ledger.transaction():
            for entry in back:
                if entry.record_id in outcomes:
                    self.ledger.give_back(entry.key, "done", outcomes[entry.record_id])
                elif entry.record_id:
                    self.ledger.give_back(entry.key, "captured")
                elif reason := self.judge(entry.url):
                    self.ledger.give_back(entry.key, "skipped", reason)
                else:
                    self.ledger.give_back(entry.key, "pending")

    def converted(self) -> set[tuple[str, str]]:
        """Conversion records of pages whose rows an earlier run did not come to commit: record of the page, sha256 of the text.

        Read once, from the first such page on; only after a crash is there any.
        """
        if self._converted is None:
            left = [entry for entry in self.ledger.captured() if entry.run_id != self.run_id and entry.warc_filename]
            first = min(((entry.warc_filename or "", entry.warc_offset or 0) for entry in left), default=None)
            self._converted = set()
            for path in self.layout.warc_files() if first else []:
                name = path.name.removesuffix(".open")
                if first and name >= first[0]:
                    found = read_conversions(path, first[1] if name == first[0] else 0)
                    self._converted |= {(each.refers_to, each.sha256) for each in found}
        return self._converted

    def save_profile(self, digest: str, data: bytes) -> None:
        """Keep a basis of extraction under its digest, durably, before rows name it."""
        path = self.layout.profile(digest)
        if path.exists():
            return
        try:
            replace_file(path, [data])
        except OSError as error:
            self.ledger.broken = StorageError(
                f"{path}: {error.strerror}", hint="Make room, then run the same command again."
            )
            raise self.ledger.broken from error

    def update_index(self) -> None:
        """Bring the CDXJ index up to what the WARC files hold; one that is lost is made anew.

        Raises:
            StorageError: a WARC cannot be read, or the index not written. The index is then as it was.
        """
        try:
            update_index(self.layout.index, self.layout.warc_files(), standing(self.layout).places)
        except OSError as error:
            raise StorageError(
                f"{error.filename or self.layout.index}: {error.strerror}",
                hint="Make room, then run the same command again: the index is made from the WARC files.",
            ) from error

    def past(self) -> list[Measured]:
        """The numbers of the site's earlier runs, as far back as a baseline looks."""
        since = self.now() - (WINDOW + 1) * DAY
        return [Measured(at, Numbers.from_json(text)) for at, text in self.ledger.numbers(since)]

    def end(self, *, exit_code: int, summary: Mapping[str, Any]) -> None:
        """Note how the run ended."""
        if self.command == "crawl":
            self.ledger.add_numbers(self.run_id, self.now(), self.counter.numbers.to_json())
        self.ledger.end_run(self.run_id, at=self.now(), exit_code=exit_code, summary=summary)


def new_run_id(started: datetime, token: Callable[[int], bytes] = os.urandom) -> str:
    """A run's name: when it began, in UTC, and four random hex digits: ``20261123T101500Z-3fa9``."""
    return f"{utc(started.replace(microsecond=0)).replace('-', '').replace(':', '')}-{token(2).hex()}"
