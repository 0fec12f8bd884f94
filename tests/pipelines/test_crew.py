"""The crew: whose page is next when several sites want the same workers. The workers are promises that a test keeps when it likes."""

from concurrent.futures import Future
from dataclasses import replace

import pytest

from crawler.config import ExtractLimits, ExtractRules
from pipelines import crew
from pipelines.basis import Basis

BASIS = Basis(ExtractRules(), None)


class Pool:
    """In the place of the workers: notes what it is given, and is done with it when told."""

    def __init__(self, limits):
        self.given, self.closed = {}, None
        self.order = []

    def survey(self, where, basis):
        self.order.append(where)
        self.given[where] = Future()
        return self.given[where]

    derive = survey

    def finish(self, where):
        self.given.pop(where).set_result(f"done {where}")

    def close(self, *, at_once=False):
        self.closed = at_once


@pytest.fixture
def join(monkeypatch):
    monkeypatch.setattr(crew, "WorkerPool", Pool)
    monkeypatch.setattr(crew, "_crews", {})
    return lambda workers=2: crew.join_crew(replace(ExtractLimits(), workers=workers))


def pool(member):
    return member._crew._pool


def test_sites_take_turns_whoever_came_with_more_pages(join):
    many, one, another = join(1), join(1), join(1)
    results = [many.survey(f"many {n}", BASIS) for n in range(5)]
    one.survey("one 0", BASIS)
    another.survey("another 0", BASIS)
    one.survey("one 1", BASIS)
    work = pool(many)
    while work.given:
        work.finish(next(iter(work.given)))
    assert work.order == ["many 0", "many 1", "one 0", "another 0", "many 2", "one 1", "many 3", "many 4"]
    assert [each.result(0) for each in results] == [f"done many {n}" for n in range(5)]


def test_while_others_wait_no_site_gets_the_last_worker(join):
    slow, quick = join(3), join(3)
    for n in range(9):
        slow.derive(f"slow {n}", BASIS)
    work = pool(slow)
    assert len(work.given) == 4, "alone it has them all, and one page more that waits in front of them"
    for n in range(9):
        quick.derive(f"quick {n}", BASIS)
    work.finish("slow 0")
    work.finish("slow 1")
    for n in range(9):  # those of the slow site are never done
        work.finish(f"quick {n}")
    assert [name for name in work.given if name.startswith("slow")] == ["slow 2", "slow 3", "slow 4", "slow 5"], (
        "the other waits no more: it has all workers again"
    )
    assert "slow 4" not in work.order[: work.order.index("quick 8")]


def test_who_leaves_gives_up_its_pages_and_the_last_one_ends_the_workers(join):
    goes, stays = join(), join()
    results = [goes.survey(f"goes {n}", BASIS) for n in range(5)]
    kept = stays.survey("stays", BASIS)
    work = pool(goes)
    goes.close()
    assert [each.cancelled() for each in results] == [False] * 3 + [True] * 2
    assert work.closed is None
    work.finish("goes 0")
    work.finish("stays")
    assert kept.result(0) == "done stays"
    stays.close(at_once=True)
    assert work.closed is True
    assert pool(join()) is not work, "who comes later finds a new crew"


def test_what_a_worker_says_of_a_page_reaches_its_site_alone(join):
    first, second = join(), join()
    bad, good = first.survey("bad", BASIS), second.survey("good", BASIS)
    pool(first).given["bad"].set_exception(ValueError("no page"))
    pool(first).finish("good")
    with pytest.raises(ValueError, match="no page"):
        bad.result(0)
    assert good.result(0) == "done good"


def test_sites_with_other_limits_have_workers_of_their_own(join):
    assert pool(join(1)) is not pool(join(2))
    assert pool(join(2)) is pool(join(2))
