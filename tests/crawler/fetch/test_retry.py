"""Trying again: within bounds, each try archived, Retry-After heeded, and a server that refuses is left alone."""

from collections.abc import Callable
from typing import Any

import pytest

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\npage"


def answer(status: int, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} Odd", *headers, "Content-Length: 0", "", ""]).encode()


def nth(*answers: bytes | str) -> Any:
    """A route whose n-th answer is the n-th of these, the last one from then on; a word ends the connection so."""
    count = 0

    def serve(line: Any) -> None:
        nonlocal count
        what = answers[min(count, len(answers) - 1)]
        count += 1
        if isinstance(what, str):
            getattr(line, what)()
        else:
            line.send(what)

    return serve


TRIED = {
    # path: (answers, tries, reason)
    "/503": ((answer(503), PAGE), 2, None),
    "/500": ((answer(500),), 3, "http-error"),
    "/429": ((answer(429),), 3, "blocked"),
    "/408": ((answer(408), answer(502), PAGE), 3, None),
    "/dropped": (("drop", PAGE), 2, None),
    "/reset": (("reset",), 3, "disconnected"),
    "/cut": ((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", "drop"), 3, "disconnected"),
    "/after": ((answer(503, "Retry-After: 0"), PAGE), 2, None),
    "/garbage": ((answer(503, "Retry-After: soon"), PAGE), 2, None),
    "/long": ((answer(503, "Retry-After: 1000000000"),), 1, "http-error"),
    "/date": ((answer(429, "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT"),), 1, "blocked"),
    "/404": ((answer(404),), 1, "not-found"),
    "/403": ((answer(403),), 1, "blocked"),
    "/junk": ((b"junk\r\n\r\n",), 1, "bad-response"),
}  # fmt: skip


@pytest.fixture(scope="module")
def crawled(odd: Any, crawl: Callable[..., Any]) -> tuple[str, Any, Any]:
    prefix = f"http://localhost:{odd.listen()}"
    for path, (answers, *_) in TRIED.items():
        odd.routes[path] = nth(*answers)
    settings = {
        "RETRY_TIMES": 2,
        "PRESSMARK_BACKOFF": 0.01,
        "PRESSMARK_RETRY_AFTER_MAX": 0.05,
        "PRESSMARK_IDLE_TIMEOUT": 1,
    }
    return prefix, odd, crawl(*(prefix + path for path in TRIED), **settings)


@pytest.mark.parametrize("path", TRIED)
def test_tries_are_bounded_and_each_is_archived(crawled: Any, path: str) -> None:
    prefix, odd, result = crawled
    _, tries, reason = TRIED[path]
    page = result.pages[prefix + path]
    assert page.reason == reason
    kept = [(each["sent"], each["received"]) for each in result.of(prefix + path)]
    logged = [(each.request, each.response) for each in odd.answers(path)]
    assert kept == logged
    if path in (
        "/reset",
        "/dropped",
        "/cut",
    ):  # the pool sends again by itself if a connection that it had kept says nothing
        assert tries <= len(kept) <= 2 * tries
    else:
        assert len({each["started"] for each in result.of(prefix + path)}) == len(kept) == tries


def test_refusals_in_a_row_end_the_crawl(odd: Any, crawl: Callable[..., Any], route: Any) -> None:
    prefix = f"http://localhost:{odd.listen()}"
    odd.routes["/no"] = route(answer(403))
    odd.routes["/yes"] = route(PAGE)
    many = [f"{prefix}/no?{number}" for number in range(9)]
    one_by_one = {"CONCURRENT_REQUESTS": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "PRESSMARK_STOP_AFTER_BLOCKS": 3}
    result = crawl(*many, **one_by_one)
    assert result.stats["finish_reason"] == "blocked"
    assert 3 <= len(odd.answers("/no")) <= 5
    mixed = [url for pair in zip(many[::2], (f"{prefix}/yes?{n}" for n in range(4)), strict=False) for url in pair]
    assert crawl(*mixed, **one_by_one).stats["finish_reason"] == "finished"
    assert crawl(*many, **{**one_by_one, "PRESSMARK_STOP_AFTER_BLOCKS": 0}).stats["finish_reason"] == "finished"
