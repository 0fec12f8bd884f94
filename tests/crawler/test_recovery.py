"""What a run archived and did not come to tell the ledger, in whatever order its pages were committed, is taken up once by the next."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.collection import SiteArchive
from crawler.config import SiteConfig
from crawler.errors import Reason
from crawler.ledger import Look, Validators
from crawler.recovery import reconcile
from crawler.warc.exchange import Exchange, Provenance
from crawler.warc.writer import WarcWriter

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
SITE = SiteConfig(version=1, site="e", home="https://e.example/", recheck=(3600.0, 86400.0))


def url(name):
    return f"https://e.example/{name}"


class Run:
    """One run of a site, of which a test says what it came to do before it died."""

    def __init__(self, collection, number):
        self.id = f"run-{number}"
        self.archive = SiteArchive(
            collection, SITE, command="crawl", now=lambda: NOW + number * HOUR, new_run_id=lambda _: self.id
        )
        self.ledger = self.archive.ledger
        self.taken_up = reconcile(self.archive)
        self._writer = WarcWriter(self.archive.layout.warc, prefix="e", info={}, now=self.archive.now, host="h")

    def find(self, *names):
        for name in names:
            self.archive.offer(url(name), via="feed", via_url=None)

    def write(self, name, *, status=200, final=None, **more):
        """Archive an answer, synced."""
        said = {"truncated": more.pop("truncated", None)}
        provenance = Provenance(site="e", run_id=self.id, role="page", requested_url=url(name), **more)
        exchange = Exchange(
            url=url(final or name), started=self.archive.now(), sent=b"GET / HTTP/1.1\r\nHost: e.example\r\n\r\n",
            received=b"HTTP/1.1 %d X\r\nContent-Type: text/html\r\n\r\n<p>%s" % (status, name.encode()), provenance=provenance, **said,
        )  # fmt: skip
        pointer = self._writer.write(exchange)
        self._writer.sync()
        return pointer

    def commit(self, name, pointer):
        self.archive.captured(self.archive.key(url(name)), pointer, status=200, at=self.archive.now())

    def rotate(self):
        self._writer.seal()

    def die(self):
        self._writer.close()
        self.archive.close()

    def states(self):
        rows = self.ledger._db.execute("SELECT url, state FROM urls ORDER BY url")
        return {row[0].removeprefix("https://e.example/"): row[1] for row in rows}

    def waiting(self):
        return [entry.url.rpartition("/")[2] for entry in self.ledger.captured()]


@pytest.fixture
def begin(tmp_path):
    runs = []

    def make():
        if runs:
            runs[-1].die()
        runs.append(Run(tmp_path, len(runs)))
        return runs[-1]

    yield make
    runs[-1].die()


@pytest.mark.parametrize("rotated", [False, True])
def test_a_page_whose_commit_was_overtaken_by_a_later_one_is_taken_up(begin, rotated):
    run = begin()
    run.find("a", "b", "c", "d")
    run.write("a")
    b = run.write("b")
    if rotated:
        run.rotate()
    run.write("c")
    d = run.write("d")
    run.commit("b", b)
    run.commit("d", d)
    run.archive.done(b.record_id, "2026-11", [])
    run = begin()
    assert run.taken_up == 2
    assert run.states() == {"a": "captured", "b": "done", "c": "captured", "d": "captured"}
    assert sorted(run.waiting()) == ["a", "c", "d"]
    assert begin().taken_up == 0


def test_what_was_looked_through_is_not_read_again(begin):
    run = begin()
    run.find("a", "b")
    run.write("a")
    mark = begin().ledger.watermark()
    run = begin()
    assert run.ledger.watermark() == mark, "nothing was written since"
    b = run.write("b")
    run = begin()
    assert (run.taken_up, run.states()) == (1, {"a": "captured", "b": "captured"})
    assert run.ledger.watermark() == (b.filename, b.offset + b.length)


def test_an_answer_that_was_judged_not_to_count_does_not_count_later(begin):
    run = begin()
    run.find("refused", "cut", "gone")
    run.write("refused")
    run.write("cut", truncated="time")
    run.write("gone", status=404)
    run.archive.failed(run.archive.key(url("refused")), Reason.UNEXPECTED)
    run = begin()
    assert run.taken_up == 0
    assert run.states() == {"refused": "failed", "cut": "pending", "gone": "pending"}


def test_what_failed_in_an_earlier_run_and_came_in_the_last_one_is_taken_up(begin):
    run = begin()
    run.find("a")
    run.archive.failed(run.archive.key(url("a")), Reason.TIMEOUT)
    run = begin()
    run.write("a")
    assert begin().states() == {"a": "captured"}


def test_a_redirect_to_what_is_archived_gives_no_second_article(begin):
    run = begin()
    run.find("a", "old-a")
    run.commit("a", run.write("a"))
    run.write("old-a", final="a")
    assert begin().states() == {"a": "captured", "old-a": "skipped"}


def test_a_look_that_was_judged_is_not_judged_again_and_an_overtaken_one_is(begin):
    run = begin()
    run.find("a", "b")
    looks = {}
    for name in "ab":
        pointer = run.write(name)
        run.commit(name, pointer)
        run.archive.done(pointer.record_id, "2026-11", [])
        looks[name] = Look(run.archive.key(url(name)), f"a_{name}", NOW, Validators())
        run.ledger.watch(looks[name], NOW + HOUR)
    run = begin()
    overtaken = run.write("b", article_id="a_b")
    for _ in range(2):  # twice in one run: the ledger knows only the last by its id
        pointer = run.write("a", article_id="a_a")
        run.archive.watch.looked(looks["a"], pointer, Validators())
        run.archive.judged(pointer.record_id, "2026-11", [])
    run = begin()
    assert run.taken_up == 1
    assert [look.record_id for look in run.ledger.looked()] == [overtaken.record_id]
    assert run.ledger.look_due(looks["b"].key) == "2026-11-27T09:00:00Z", "it is not asked for again at once"
    run.archive.judged(overtaken.record_id, "2026-11", [])
    assert begin().ledger.looked() == []
