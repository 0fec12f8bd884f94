"""What test_namespace.py runs within its namespace. Not for outside: it listens on every address, on port 80, and as the DNS."""

import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

OUTSIDE = "8.8.8.8"
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"
NAMES: dict[str, list[str]] = {
    "outer.test": [OUTSIDE],
    "metadata.test": ["169.254.169.254"],
    "intranet.test": ["10.0.0.7"],
    "six.test": ["::1"],
    "unique.test": ["fd00::7"],
    "mapped.test": ["::ffff:10.0.0.7"],
    "nat64.test": ["64:ff9b::a00:7"],
    "mixed.test": ["10.0.0.7", OUTSIDE, "169.254.169.254", "::1"],
    "two.test": [OUTSIDE, "::1"],
}
FAULTS = {"servfail.test": 2, "nx.test": 3, "refused.test": 5}
"""Names that the DNS answers with an error (RCODE, RFC 1035, 4.1.1)."""
REFUSED = [name for name in NAMES if OUTSIDE not in NAMES[name]]
SPELLINGS = [
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0xa9.0xfe.0xa9.0xfe", "0251.0376.0251.0376", "169.254.43518",
    "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "10.0.0.7", "167772167", "10.7", "012.0.0.7", "192.168.1.1",
    "172.16.0.1", "100.64.0.1", "127.0.0.1", "127.1", "0.0.0.0", "0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[fd00::7]",
    "[64:ff9b::a00:7]", "localhost",
]  # fmt: skip


class Names:
    """A DNS server that answers from NAMES, and for ``rebind.test`` now with the outside and then with the inside."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                query, client = self._socket.recvfrom(2000)
            except OSError:
                return
            threading.Thread(target=self._reply, args=(query, client), daemon=True).start()

    def _reply(self, query: bytes, client: Any) -> None:
        answer = self._answer(query)
        if answer:
            self._socket.sendto(answer, client)

    def _answer(self, query: bytes) -> bytes:
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode())
            at += 1 + query[at]
        kind = struct.unpack(">H", query[at + 1 : at + 3])[0]
        name = ".".join(labels).lower()
        if name == "silent.test":
            return b""
        if name in FAULTS:
            return query[:2] + struct.pack(">HHHHH", 0x8580 | FAULTS[name], 1, 0, 0, 0) + query[12 : at + 5]
        if name == "slow.test":
            time.sleep(0.6)
        found = [OUTSIDE] if name == "slow.test" else NAMES.get(name, [])
        if name == "rebind.test" and kind == 1:
            self.asked[name] += 1
            found = [OUTSIDE if self.asked[name] % 2 else "169.254.169.254"]
        packed = [ip_address(each).packed for each in found]
        answers = [each for each in packed if len(each) == {1: 4, 28: 16}.get(kind)]
        head = query[:2] + struct.pack(">HHHHH", 0x8580, 1, len(answers), 0, 0) + query[12 : at + 5]
        return head + b"".join(struct.pack(">HHHIH", 0xC00C, kind, 1, 0, len(each)) + each for each in answers)


@pytest.fixture(scope="module")
def names() -> Iterator[Names]:
    server = Names()
    yield server
    server.close()


@pytest.fixture(scope="module")
def server(odd: Any, route: Any, names: Names) -> Any:
    odd.listen(host="0.0.0.0", port=80)
    odd.listen(host="::", port=80)
    odd.routes["/"] = route(OK, end="close")
    for number, target in enumerate([*SPELLINGS, *REFUSED]):
        head = f"HTTP/1.1 302 Found\r\nLocation: http://{target}/\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        odd.routes[f"/{number}"] = route(head.encode(), end="close")
    return odd


def guarded(crawl: Any, *urls: str, **settings: Any) -> Any:
    return crawl(*urls, **{"PRESSMARK_ALLOW_PRIVATE": False, **settings})


def test_no_name_or_spelling_leads_inside(server: Any, crawl: Any) -> None:
    urls = [f"http://{host}/" for host in (*SPELLINGS, *REFUSED)]
    server.reached.clear()
    result = guarded(crawl, *urls)
    assert server.reached == []
    assert {page.reason for page in result.pages.values()} <= {"private-address", "bad-url", "dns-failed"}
    assert [result.pages[f"http://{name}/"].reason for name in REFUSED] == ["private-address"] * len(REFUSED)
    crawl(*urls)  # the same, where it is allowed: the way is open, and only the guard shuts it
    assert {"169.254.169.254", "10.0.0.7", "192.168.1.1", "127.0.0.1", "::1", "fd00::7"} <= set(server.reached)


def test_no_redirect_leads_inside(server: Any, crawl: Any) -> None:
    urls = [f"http://outer.test/{number}" for number in range(len(SPELLINGS) + len(REFUSED))]
    server.reached.clear()
    result = guarded(crawl, *urls)
    assert set(server.reached) == {OUTSIDE}
    assert {result.pages[url].reason for url in urls} <= {"private-address", "bad-url", "dns-failed"}
    assert [each.status for each in result.pages.values()] == [None] * len(urls)


def test_of_a_lying_name_only_the_outside_is_reached(server: Any, crawl: Any, names: Names) -> None:
    for _ in range(4):
        server.reached.clear()
        result = guarded(crawl, *(f"http://{name}/" for name in ("mixed.test", "two.test", "rebind.test")))
        assert set(server.reached) == {OUTSIDE}
        assert [result.pages[f"http://{name}/"].status for name in ("mixed.test", "two.test")] == [200, 200]
        assert result.pages["http://rebind.test/"].reason in (None, "private-address")
    assert names.asked["rebind.test"] >= 4


def test_a_name_that_cannot_be_resolved_costs_only_itself(server: Any, crawl: Any) -> None:
    bad = [*FAULTS, "silent.test", "a.name.that.nobody.has.test"]
    good = ["slow.test", "outer.test"]
    result = guarded(crawl, *(f"http://{name}/" for name in [*bad, *good]))
    assert {name: result.pages[f"http://{name}/"].reason for name in bad} == dict.fromkeys(bad, "dns-failed")
    assert {name: result.pages[f"http://{name}/"].status for name in good} == dict.fromkeys(good, 200)
    assert {url for url, why, _ in result.failures if why == "dns-failed"} >= {f"http://{name}/" for name in bad}
