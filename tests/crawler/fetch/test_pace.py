"""The pace of a host: longer while the server is slow or busy, back to the delay afterwards, within its bounds always."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.pace import Pace


def pace(floor=3.0, longest=60.0):
    return Pace(floor=floor, longest=longest)


def test_a_busy_server_is_asked_half_as_often_each_time_and_never_beyond_the_longest():
    host = pace()
    assert [host.busy() for _ in range(6)] == [6, 12, 24, 48, 60, 60]
    assert (host.slowed, host.slowest) == (5, 60)


def test_a_delay_of_nothing_grows_too():
    assert pace(floor=0.0).busy() == 2


def test_it_comes_back_step_by_step_to_the_delay():
    host = pace()
    host.busy()
    delays = [host.answered(0.1) for _ in range(20)]
    assert delays == sorted(delays, reverse=True)
    assert delays[0] > 5
    assert delays[-1] == 3


def test_a_slow_server_is_given_as_long_as_it_takes():
    host = pace()
    assert host.answered(7.5) == 7.5
    assert host.answered(500) == 60
    assert pace(floor=0.0).answered(0.9) == 0


def test_what_robots_txt_asks_for_is_never_undercut():
    host = pace()
    host.raise_floor(20)
    assert host.delay == 20
    assert min(host.answered(0.1) for _ in range(9)) == 20


@given(st.floats(0, 100), st.floats(0, 100), st.lists(st.one_of(st.just(None), st.floats(0, 1000)), max_size=50))
def test_it_stays_within_its_bounds(floor, longest, answers):
    host = pace(floor, max(longest, floor))
    for latency in answers:
        delay = host.busy() if latency is None else host.answered(latency)
        assert floor <= delay <= max(longest, floor)
