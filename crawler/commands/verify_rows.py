"""The rows of a site, held against its WARC files: each row proved from its record, and no row missing.

Owns what is asked of the rows together: that each page has its row or a reason, that a row which another one or the ledger names is there,
and the place of each in the history of its article. What one row must say is the concern of ``pipelines.proof``. Never changes a file.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing

from crawler.dataset.lookup import rows
from crawler.errors import StorageError
from crawler.layout import SiteLayout
from crawler.ledger import Known, Ledger
from crawler.record import utc
from crawler.upgrade import Row
from crawler.warc.conversions import Converted, read_conversions
from crawler.warc.exchange import Capture
from crawler.warc.finding import Finding, Severity
from crawler.warc.reader import read_captures
from pipelines.derive import Derived, gives_rows
from pipelines.history import MemoryStore, before, body_of, place
from pipelines.offline import in_order
from pipelines.proof import Doubt, Prover, differences
from pipelines.revision import Body
from pipelines.workers import WorkerPool


def _known(row: Row, before: Known | None) -> Known:
    """What a row that cannot be made again says to those after it."""
    text_of = before if before and row["change"] == "gone" else None
    place = (row["warc_filename"], row["warc_record_offset"])
    return (
        Known(row["id"], row["revision"], row["text_sha256"], row["id"], *place)
        if text_of is None
        else dataclasses.replace(text_of, id=row["id"])
    )


def _missed_before(row: Row, store: MemoryStore, by_id: Mapping[str, Row], looks: Iterable[str]) -> None:
    """A row that says gone rests on an earlier look, which gave no row: the first since the article was last seen."""
    known = store.article(row["article_id"])
    seen_at = by_id[known.id]["fetched_at"] if known and known.id in by_id else ""
    first = min((at for at in looks if seen_at < at < row["fetched_at"]), default=None)
    if known and not known.gone:
        store.remember(row["article_id"], dataclasses.replace(known, missing_at=first))


class RowsVerifier:
    """The rows of one site against its records."""

    def __init__(self, site: SiteLayout, pool: WorkerPool) -> None:
        self._site = site
        self._prover = Prover(pool, site.warc_file, site.profile)

    def findings(self) -> Iterator[Finding | int]:
        """Yield what does not hold, and 1 for each row that was checked."""
        # before the rows: a crawl that is at work writes these first
        remembered = self._rows_known()
        if isinstance(remembered, Finding):
            yield remembered
            remembered = set()
        try:
            removed = defaultdict(list)
            for block in rows(self._site, "removed", restricted=True):
                removed[block["id"]].append(block)
            articles = list(rows(self._site, "articles", restricted=True))
            failed = {row["url"] for row in rows(self._site, "failures")}
        except StorageError as error:
            yield self._site_finding("row-unreadable", str(error))
            return
        looks: dict[str, list[str]] = defaultdict(list)
        named = dict.fromkeys(remembered or (), "the ledger")
        named |= {row["previous_id"]: f"row {row['id']}" for row in articles if row["previous_id"]}
        yield from self._complete({row["id"] for row in articles}, failed, named, looks)
        if remembered is None and looks:
            yield self._unsure(looks)
        texts: dict[str, list[Converted]] = defaultdict(list)
        for warc in self._site.warc_files():
            for each in read_conversions(warc):
                texts[each.refers_to].append(each)
        store = MemoryStore()
        by_id: dict[str, Row] = {}
        found: list[Finding] = []
        turns = self._turns(articles, by_id, texts, found)
        for (row, capture), future in in_order(turns, lambda turn: self._derive(*turn)):
            yield from found
            found.clear()
            if capture is None or future is None:
                store.remember(row["article_id"], _known(row, store.article(row["article_id"])))
                continue
            derived = self._prover.settled(future, capture)
            if row["change"] == "gone":
                _missed_before(row, store, by_id, looks[row["article_id"]])
            known = before(derived, store)
            earlier = self._earlier(by_id.get(known.text_id), row) if known else None
            for doubt in differences(row, removed[row["id"]], place(derived, store, earlier)):
                yield self._doubted(row, doubt)
            yield 1
        yield from found

    def _turns(
        self, articles: Iterable[Row], by_id: dict[str, Row], texts: dict[str, list[Converted]], found: list[Finding]
    ) -> Iterator[tuple[Row, Capture | None]]:
        """The rows with their records, which are read only when their turn comes: a site's pages would not fit into memory.

        None is for one that cannot be made again and still counts for those after it. ``by_id`` grows, and so does ``found`` by what does
        not hold.
        """
        for row in articles:
            capture = self._prover.record(row)
            if isinstance(capture, Doubt):
                found.append(self._doubted(row, capture))
                if capture.rule == "erased":
                    yield row, None
                continue
            if row["id"] in by_id:
                found.append(self._finding(row, "row-doubled", "the record has two rows"))
                continue
            by_id[row["id"]] = row
            if unusable := self._prover.unusable(row):
                found.append(self._doubted(row, unusable))
                if unusable.rule == "other-version":
                    yield row, None
                continue
            found += self._conversions(row, texts.pop(row["id"], []))
            yield row, capture

    def _derive(self, row: Row, capture: Capture | None) -> Future[Derived] | None:
        return None if capture is None else self._prover.derive(capture, row)

    def _earlier(self, row: Row | None, later: Row) -> Body | None:
        """What the capture before said, extracted with the basis of the later one, as the crawl compared them."""
        capture = self._prover.record(row) if row else None
        if capture is None or isinstance(capture, Doubt):
            return None
        derived = self._prover.settled(self._prover.derive(capture, later), capture)
        return body_of(derived) if derived.article else None

    def _finding(self, row: Row, rule: str, message: str, severity: Severity = "error") -> Finding:
        return Finding(
            severity=severity, file=row["warc_filename"] or self._site.site, offset=row["warc_record_offset"],
            record_id=row["id"], rule=rule, section="docs/record.md", message=message,
        )  # fmt: skip

    def _rows_known(self) -> set[str] | Finding | None:
        """The rows that the ledger remembers; None if there is no ledger."""
        if not self._site.ledger.exists():
            return None
        try:
            with closing(Ledger(self._site.ledger, read_only=True, no_trace=True)) as ledger:
                return ledger.rows_known()
        except StorageError as error:
            return self._site_finding("ledger-unreadable", f"{error.message}: a row may be missing")

    def _complete(
        self, known: set[str], failed: set[str], named: dict[str, str], looks: dict[str, list[str]]
    ) -> Iterator[Finding]:
        """Each page that was archived has a row, or a reason why it has none.

        A look at a known article gives a row only if something has changed. Whether it did is said by the row after it, or by the ledger.

        Args:
            known: rows that are there.
            failed: addresses that have a reason.
            named: rows that must be there, and what says so.
            looks: is told when an article was looked at and no row was given.
        """
        missing = {id: by for id, by in named.items() if id not in known}
        for warc in self._site.warc_files():
            for capture in read_captures(warc, on_damage=lambda _: None):
                id, asked = capture.pointer.record_id, capture.provenance.requested_url or capture.url
                why = None
                if by := missing.pop(id, None):
                    why = f"{capture.url} is archived and gave a row, which {by} names; it is not there"
                elif id in known or not gives_rows(capture):
                    continue
                elif capture.provenance.article_id:
                    looks[capture.provenance.article_id].append(utc(capture.date))
                elif not {asked, capture.url} & failed:
                    why = f"{capture.url} is archived but has no row and no reason"
                if why:
                    yield Finding(
                        severity="error", file=warc.name, offset=capture.pointer.offset, record_id=id, rule="row-missing",
                        section="docs/record.md", message=why,
                    )  # fmt: skip
        for id, by in missing.items():
            yield self._site_finding("row-missing", f"{by} names a row that is not there; nor is its record", id)

    def _unsure(self, looks: Mapping[str, list[str]]) -> Finding:
        number = sum(map(len, looks.values()))
        text = f"no ledger says which of {number} looks at known articles gave a row: one may be missing; make it anew: pressmark rebuild"
        return self._site_finding("ledger-missing", text)

    def _site_finding(self, rule: str, message: str, record_id: str | None = None) -> Finding:
        return Finding(
            severity="error", file=self._site.site, offset=None, record_id=record_id, rule=rule, section="docs/durability.md",
            message=message,
        )  # fmt: skip

    def _doubted(self, row: Row, doubt: Doubt) -> Finding:
        return self._finding(row, doubt.rule, doubt.message, doubt.severity)

    def _conversions(self, row: Row, found: list[Converted]) -> Iterator[Finding]:
        """The text in the WARC is the row's, and is there once."""
        if found and row["text_sha256"] not in [each.sha256 for each in found]:
            text = f"the text in the conversion record {found[-1].record_id} is not the row's"
            yield self._finding(row, "conversion-differs", text)
        if len({each.sha256 for each in found}) < len(found):
            yield self._finding(
                row, "conversion-doubled", "the WARC holds the same text of this record twice", "warning"
            )
