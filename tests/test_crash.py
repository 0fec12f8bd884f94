"""A sample of what tests/bench/bench_crash.py does in full: a crawl that dies at any call that writes is gone on with, and nothing is lost or doubled."""

import errno
import random

import pytest

from tests.crash import tracer
from tests.crash.harness import Harness, spread
from tests.crash.press import Press

SEED = 20261125
WHY_NOT = tracer.why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"no crash can be made here: {WHY_NOT}")


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    work = tmp_path_factory.mktemp("crash")
    press = Press(work / "press", articles=6)
    yield Harness(work, press)
    press.stop()


@pytest.fixture(scope="module")
def calls(harness):
    return harness.calls()


@pytest.mark.fault("2 power loss", "what was not synced is lost, or torn")
def test_what_a_power_loss_or_a_kill_leaves_is_gone_on_with(harness, calls):
    losses = [["lost"], ["torn"], ["lost"], ["torn"]]
    points = spread(calls, len(losses), random.Random(SEED))
    states = harness.states(dict(zip(points, losses, strict=True)), seed=SEED)
    assert len(states) == len(losses)
    for state in states:
        harness.resume(state)


@pytest.mark.fault("2 SIGKILL at any write", "a kill in the midst of a WARC")
def test_a_killed_crawl_is_gone_on_with(harness, calls):
    [at] = spread([call for call in calls if call.path.suffix == ".open"], 1, random.Random(SEED))
    harness.resume(harness.killed(at))


@pytest.mark.fault("2 SIGKILL at any write", "a kill with four requests under way")
def test_what_a_kill_leaves_of_requests_side_by_side_is_gone_on_with(harness, calls, tmp_path):
    side_by_side = Harness(tmp_path, harness.press, "-s", "politeness.concurrency=4", "-s", "politeness.delay=0s")
    commits = [call.number for call in calls if call.path.name == "ledger.sqlite-wal" and call.kind == "sync"]
    points = [commits[len(commits) * tenth // 10] for tenth in (4, 7)]
    states = side_by_side.states(dict.fromkeys(points, ("none",)), seed=SEED)
    assert len(states) == len(points)
    for state in states:
        side_by_side.resume(state)


@pytest.mark.fault("2 disk full / quota / file limit / inodes", "ENOSPC from a write on, EIO once")
@pytest.mark.parametrize(("error", "lasting"), [(errno.ENOSPC, True), (errno.EIO, False)])
def test_a_failing_disk_ends_the_run_and_the_next_goes_on(harness, calls, error, lasting):
    written = [call for call in calls if call.kind in ("write", "sync")]
    [at] = spread(written, 1, random.Random(SEED + error))
    harness.resume(harness.failing(at, error, lasting=lasting))
