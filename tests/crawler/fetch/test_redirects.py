"""Redirects: each hop archived, each end named, cookie walls passed, nothing of one hop left in the next."""

from collections.abc import Callable
from typing import Any

import pytest


def hop(target: str, status: int = 302, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Moved", f"Location: {target}", *headers, "Content-Length: 0", "", ""]
    return "\r\n".join(lines).encode("latin-1")


PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\npage"
ENDS = {
    # start: (route, reason, hops archived); "reason" None for a page in the end
    "/to": (hop("/page"), None, 2),
    "/301": (hop("/page", 301), None, 2),
    "/308": (hop("page", 308), None, 2),
    "/absolute": (hop("http://localhost:PORT/page"), None, 2),
    "/network": (hop("//localhost:PORT/page"), None, 2),
    "/fragment": (hop("/page#part"), None, 2),
    "/host": (hop("http://127.0.0.1:PORT/page"), None, 2),
    "/self": (hop("/self"), "too-many-redirects", 2),
    "/ping": (hop("/pong"), "too-many-redirects", 4),
    "/chain20": (hop("/n19"), None, 21),
    "/chain21": (hop("/n20"), "too-many-redirects", 21),
    "/file": (hop("file:///etc/passwd"), "bad-redirect", 1),
    "/ftp": (hop("ftp://localhost/x"), "bad-redirect", 1),
    "/data": (hop("data:text/html,hello"), "bad-redirect", 1),
    "/javascript": (hop("javascript:alert(1)"), "bad-redirect", 1),
    "/port": (hop("http://localhost:99999/"), "bad-redirect", 1),
    "/long": (hop("/" + "a" * 9000), "bad-redirect", 1),
    "/nohost": (hop("http://:80/"), "bad-redirect", 1),
    "/two": (hop("/page", 302, "Location: /missing"), "bad-redirect", 1),
    "/300": (hop("/page", 300), "bad-redirect", 1),
    "/nowhere": (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "bad-redirect", 1),
    "/gone": (hop("/missing"), "not-found", 2),
    "/wall": (None, None, 3),
    "/refuses": (hop("http://localhost:CLOSED/"), "connect-failed", 1),
}


def cookie_wall(line: Any) -> None:
    if b"Cookie: seen=1" in line.request:
        line.send(PAGE)
    else:
        line.send(hop("/consent"))


@pytest.fixture(scope="module")
def crawled(odd: Any, route: Any, crawl: Callable[..., Any]) -> tuple[str, Any, Any]:
    port = odd.listen()
    for path, (answer, *_) in ENDS.items():
        if answer is not None:
            odd.routes[path] = route(answer.replace(b"PORT", str(port).encode()).replace(b"CLOSED", b"1"))
    odd.routes["/pong"] = route(hop("/ping"))
    for number in range(1, 21):
        odd.routes[f"/n{number}"] = route(hop(f"/n{number - 1}" if number > 1 else "/page"))
    odd.routes["/page"] = route(PAGE)
    odd.routes["/wall"] = cookie_wall
    odd.routes["/consent"] = route(hop("/wall", 302, "Set-Cookie: seen=1; Path=/"))
    prefix = f"http://localhost:{port}"
    return prefix, odd, crawl(*(prefix + path for path in ENDS))


@pytest.mark.parametrize("path", ENDS)
def test_each_redirect_has_an_end_and_every_hop_is_archived(crawled: Any, path: str) -> None:
    prefix, _, result = crawled
    _, reason, hops = ENDS[path]
    page = result.pages[prefix + path]
    assert page.reason == reason
    assert (page.body == b"page") == (reason is None)
    chain = [each for each in result.exchanges if each["provenance"]["requested_url"] == prefix + path]
    assert len(chain) == hops
    assert chain[0]["url"] == prefix + path
    assert all(each["truncated"] is None for each in chain)
    assert all(
        each["received"].startswith(b"HTTP/1.1 3") for each in chain[: -1 if reason in (None, "not-found") else None]
    )


def test_what_is_kept_of_a_hop_is_what_crossed_the_wire(crawled: Any) -> None:
    _, odd, result = crawled
    kept = [(each["sent"], each["received"]) for each in result.exchanges if each["url"].endswith("/wall")]
    assert kept == [(each.request, each.response) for each in odd.answers("/wall")]
    assert b"Cookie: seen=1" in kept[1][0]


def test_no_cookie_is_carried_to_another_page(crawled: Any) -> None:
    prefix, _, result = crawled
    assert [each["url"] for each in result.exchanges if b"\r\nCookie:" in each["sent"]] == [prefix + "/wall"]


def test_no_referer_is_sent(crawled: Any) -> None:
    *_, result = crawled
    assert not any(b"\r\nReferer:" in each["sent"] for each in result.exchanges)


def test_a_failed_hop_does_not_point_to_the_record_of_the_one_before(crawled: Any) -> None:
    prefix, _, result = crawled
    assert not result.pages[prefix + "/refuses"].captured
    assert result.pages[prefix + "/gone"].captured


def test_a_hop_to_another_host_goes_through_that_hosts_slot(crawled: Any) -> None:
    *_, result = crawled
    assert set(result.slots) == {"localhost", "127.0.0.1"}
