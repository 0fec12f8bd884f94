"""robots.txt before every first request: what each outcome of asking for it means, and what is recorded."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\npage"
SHUT = b"User-agent: *\nDisallow: /shut\n"


def answer(status: int, body: bytes = b"", *headers: bytes) -> bytes:
    head = b"".join(each + b"\r\n" for each in headers)
    return b"HTTP/1.1 %d Odd\r\n%bContent-Length: %d\r\n\r\n%b" % (status, head, len(body), body)


def endless(start: bytes, part: bytes) -> Any:
    def serve(line: Any) -> None:
        line.over = True
        line.send(start)
        while True:
            line.send(part)

    return serve


ASKED: dict[str, tuple[Any, str | None, str | None, str | None]] = {
    # robots.txt: (its route, the verdict for /open, the reason for /shut, the verdict for /shut when told to ignore it)
    "200": (answer(200, SHUT), None, "robots-disallowed", "ignored"),
    "gzip": (answer(200, gzip.compress(SHUT), b"Content-Encoding: gzip"), None, "robots-disallowed", "ignored"),
    "html": (answer(200, b"<html>no rules</html>"), None, None, "allowed"),
    "204": (b"HTTP/1.1 204 None\r\n\r\n", None, None, "allowed"),
    "404": (answer(404, SHUT), None, None, "allowed"),
    "401": (answer(401, SHUT), None, None, "allowed"),
    "403": (answer(403, SHUT), None, None, "allowed"),
    "429": (answer(429), "robots-unavailable", "robots-unavailable", "unknown"),
    "500": (answer(500), "robots-unavailable", "robots-unavailable", "unknown"),
    "503": (answer(503, SHUT), "robots-unavailable", "robots-unavailable", "unknown"),
    "cut": (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + SHUT, "robots-unavailable", "robots-unavailable", "unknown"),
    "junk": (b"junk\r\n\r\n", "robots-unavailable", "robots-unavailable", "unknown"),
    "moved": (answer(301, b"", b"Location: /robots2.txt"), None, "robots-disallowed", "ignored"),
    "loop": (answer(302, b"", b"Location: /robots.txt"), None, None, "allowed"),
    "far": (answer(302, b"", b"Location: /hop1"), None, None, "allowed"),
    "file": (answer(302, b"", b"Location: file:///etc/passwd"), None, None, "allowed"),
    "endless": (endless(b"HTTP/1.1 200 OK\r\n\r\n" + SHUT, b"# filler\n" * 5000), None, "robots-disallowed", "ignored"),
}  # fmt: skip


@pytest.fixture(scope="module")
def origins(odd: Any, route: Any) -> dict[str, str]:
    """An origin for each kind of answer."""
    found = {}
    for name, (serve, *_) in ASKED.items():
        port = odd.listen()
        found[name] = f"http://localhost:{port}"
        odd.routes[f"{port}/robots.txt"] = (
            route(serve, end="drop" if name in ("cut", "junk") else "") if isinstance(serve, bytes) else serve
        )
    for number in range(1, 7):
        odd.routes[f"/hop{number}"] = route(answer(302, b"", b"Location: /hop%d" % (number + 1)))
    odd.routes["/hop7"] = odd.routes["/robots2.txt"] = route(answer(200, SHUT))
    odd.routes["/open"] = odd.routes["/shut"] = odd.routes["/shut/2"] = route(PAGE)
    return found


@pytest.fixture(scope="module")
def obeyed(origins: dict[str, str], crawl: Callable[..., Any]) -> Any:
    return crawl(*(origin + path for origin in origins.values() for path in ("/open", "/shut")))


@pytest.fixture(scope="module")
def ignored(origins: dict[str, str], crawl: Callable[..., Any]) -> Any:
    return crawl(*(origin + "/shut" for origin in origins.values()), PRESSMARK_ROBOTS="ignore")


@pytest.mark.parametrize("name", ASKED)
def test_what_an_answer_means(origins: dict[str, str], obeyed: Any, name: str) -> None:
    _, opened, shut, _ = ASKED[name]
    for path, reason in (("/open", opened), ("/shut", shut)):
        page = obeyed.pages[origins[name] + path]
        assert page.reason == reason
        assert (page.status == 200) == (reason is None)
        assert bool(obeyed.of(origins[name] + path)) == (reason is None)
        if reason is None:
            assert page.robots == "allowed"
            assert obeyed.of(page.url)[0]["provenance"]["robots"] == "allowed"


@pytest.mark.parametrize("name", ASKED)
def test_the_verdict_is_recorded_where_a_person_decides_otherwise(
    origins: dict[str, str], ignored: Any, name: str
) -> None:
    url = origins[name] + "/shut"
    assert ignored.pages[url].status == 200
    assert ignored.pages[url].robots == ASKED[name][3]
    assert ignored.of(url)[0]["provenance"]["robots"] == ASKED[name][3]
    assert ignored.of(origins[name] + "/robots.txt")


def test_robots_txt_is_asked_for_once_and_archived(origins: dict[str, str], obeyed: Any, odd: Any) -> None:
    (kept,) = obeyed.of(origins["200"] + "/robots.txt")
    assert kept["received"] == answer(200, SHUT)
    assert kept["provenance"]["role"] == "robots"
    assert kept["provenance"]["robots"] == "unknown"
    assert kept["truncated"] is None


def test_what_is_refused_leaves_a_record(origins: dict[str, str], obeyed: Any) -> None:
    refused = [(url, reason) for url, reason, _ in obeyed.failures if url == origins["200"] + "/shut"]
    assert refused == [(origins["200"] + "/shut", "robots-disallowed")]


def test_an_endless_robots_txt_is_read_as_far_as_anybody_looks(origins: dict[str, str], obeyed: Any) -> None:
    (kept,) = obeyed.of(origins["endless"] + "/robots.txt")
    assert kept["truncated"] == "length"
    assert 512 * 1024 < len(kept["received"]) < 1024 * 1024


def test_at_most_five_hops(origins: dict[str, str], obeyed: Any) -> None:
    hops = [
        each["url"].rpartition("/")[2] for each in obeyed.exchanges if each["url"].startswith(origins["far"] + "/hop")
    ]
    assert hops == ["hop1", "hop2", "hop3", "hop4", "hop5"]


def test_one_request_may_ignore_what_the_others_obey(origins: dict[str, str], crawl: Callable[..., Any]) -> None:
    result = crawl(origins["200"] + "/shut", {"url": origins["200"] + "/shut/2", "meta": {"robots": "ignore"}})
    assert result.pages[origins["200"] + "/shut"].reason == "robots-disallowed"
    assert result.pages[origins["200"] + "/shut/2"].robots == "ignored"
    assert len(result.of(origins["200"] + "/robots.txt")) == 1


def test_an_origin_is_scheme_host_and_port(odd: Any, route: Any, crawl: Callable[..., Any], certificates: Any) -> None:
    plain, secure = odd.listen(), odd.listen(certificates.context())
    odd.routes[f"{plain}/robots.txt"] = route(answer(200, SHUT))
    odd.routes[f"{secure}/robots.txt"] = route(answer(404))
    urls = [f"http://localhost:{plain}/shut", f"https://localhost:{secure}/shut"]
    result = crawl(*urls)
    assert [result.pages[url].reason for url in urls] == ["robots-disallowed", None]


def test_a_crawl_delay_is_heeded_within_reason_and_reported(odd: Any, route: Any, crawl: Callable[..., Any]) -> None:
    port = odd.listen()
    odd.routes[f"{port}/robots.txt"] = route(answer(200, b"User-agent: *\nCrawl-delay: 0.5\n"))
    url = f"http://localhost:{port}/open"
    result = crawl(url, f"{url}?2")
    assert result.stats["robots/crawl_delay/localhost"] == 0.5
    assert result.slots == {"localhost": [0.5, 0]}
    odd.routes[f"{port}/robots.txt"] = route(answer(200, b"User-agent: *\nCrawl-delay: 86400\nDisallow: /\n"))
    result = crawl(url)
    assert result.stats["robots/crawl_delay/localhost"] == 86400
    assert result.slots == {"localhost": [60.0, 0]}


def test_a_page_is_named_after_what_befell_it_and_not_robots_txt(crawl: Callable[..., Any]) -> None:
    result = crawl("http://nosuchhost.invalid/page")
    assert result.pages["http://nosuchhost.invalid/page"].reason == "dns-failed"
