"""The address guard: forbidden addresses get no connection, whatever name, spelling or redirect leads to them."""

import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from twisted.internet.task import Clock

from crawler.errors import Reason, UsageError
from crawler.fetch.addresses import AddressPolicy
from crawler.fetch.guard import Guard, GuardedEndpoint, GuardedResolver, pins
from crawler.fetch.outcome import FetchError


def test_pins_are_written_as_for_curl() -> None:
    assert pins(["Example.org:443:192.0.2.7", "a.test:80:[::1],10.0.0.1", "bücher.test:80:1.2.3.4"]) == {
        ("example.org", 443): ("192.0.2.7",),
        ("a.test", 80): ("::1", "10.0.0.1"),
        ("xn--bcher-kva.test", 80): ("1.2.3.4",),
    }


@pytest.mark.parametrize("text", ["", "a.test", "a.test:80", "a.test:80:", "a.test:x:1.2.3.4", "a.test:80:b.test"])
def test_a_pin_of_another_form_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="--resolve"):
        pins([text])


@dataclass
class Names:
    """A reactor with a name resolver of its own, which counts what it is asked."""

    answers: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)

    @property
    def nameResolver(self) -> "Names":
        return self

    def seconds(self) -> float:
        return self.clock.seconds()

    def resolveHostName(self, receiver: Any, hostName: str, portNumber: int = 0, *_: Any) -> object:
        self.asked.append(hostName)
        receiver.resolutionBegan(None)
        for each in self.answers.get(hostName, []):
            receiver.addressResolved((IPv6Address if ":" in each else IPv4Address)("TCP", each, portNumber))
        receiver.resolutionComplete()
        return None


class Got:
    """A receiver that keeps what it is given."""

    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.addresses.append((address.host, address.port))

    def resolutionComplete(self) -> None:
        self.complete = True


def resolve(resolver: GuardedResolver, host: str, port: int = 80) -> list[tuple[str, int]]:
    got = Got()
    resolver.resolveHostName(got, host, port)
    assert got.complete
    return got.addresses


def test_only_public_addresses_of_a_name_are_passed_on() -> None:
    names = Names({"mixed.test": ["10.0.0.1", "8.8.8.8", "::1"], "inside.test": ["127.0.0.1"]})
    resolver = GuardedResolver(names, Guard())
    assert resolve(resolver, "mixed.test") == [("8.8.8.8", 80)]
    assert resolve(resolver, "inside.test") == []


def test_a_name_is_asked_for_again_after_five_minutes_and_judged_each_time() -> None:
    names = Names({"a.test": ["8.8.8.8"]})
    resolver = GuardedResolver(names, Guard())
    assert resolve(resolver, "a.test") == [("8.8.8.8", 80)]
    names.clock.advance(299)
    assert resolve(resolver, "a.test", 443) == [("8.8.8.8", 443)]
    assert names.asked == ["a.test"]
    names.answers["a.test"] = ["10.0.0.1"]
    names.clock.advance(1)
    assert resolve(resolver, "a.test") == []
    assert names.asked == ["a.test", "a.test"]


def test_a_name_without_addresses_is_not_kept() -> None:
    names = Names({})
    resolver = GuardedResolver(names, Guard())
    assert resolve(resolver, "a.test") == []
    names.answers["a.test"] = ["8.8.8.8"]
    assert resolve(resolver, "a.test") == [("8.8.8.8", 80)]


@pytest.mark.parametrize("host", ["a..test", "a" * 64 + ".test"])
def test_what_can_be_no_name_has_no_address_and_nobody_is_asked(host: str) -> None:
    names = Names({host: ["8.8.8.8"]})
    assert resolve(GuardedResolver(names, Guard()), host) == []
    assert names.asked == []


def test_a_pin_comes_before_the_dns_and_is_judged_too() -> None:
    names = Names({"a.test": ["8.8.8.8"]})
    given = pins(["a.test:80:1.1.1.1", "a.test:81:10.0.0.1"])
    resolver = GuardedResolver(names, Guard(AddressPolicy(), given))
    assert resolve(resolver, "a.test") == [("1.1.1.1", 80)]
    assert resolve(resolver, "a.test", 81) == []
    assert names.asked == []
    assert resolve(resolver, "a.test", 82) == [("8.8.8.8", 82)]


class Endpoint:
    """Resolves as Twisted's HostnameEndpoint does, then connects or not."""

    def __init__(self, resolver: GuardedResolver, host: str, error: Exception | None) -> None:
        self.resolver, self.host, self.error = resolver, host, error
        self.connected: list[str] = []

    def connect(self, factory: object) -> Deferred[Any]:
        waiting: Deferred[Any] = Deferred()
        self.connected += [host for host, _ in resolve(self.resolver, self.host)]
        if self.error is not None:
            waiting.errback(self.error)
        elif not self.connected:
            waiting.errback(DNSLookupError("no results"))
        return waiting


def outcome(waiting: Deferred[Any]) -> list[Any]:
    results: list[Any] = []
    waiting.addBoth(results.append)
    return results


def test_each_endpoint_brings_its_own_guard_to_the_one_resolver() -> None:
    names = Names({"inside.test": ["127.0.0.1"]})
    resolver = GuardedResolver(names, Guard())
    shut = Endpoint(resolver, "inside.test", None)
    opened = Endpoint(resolver, "inside.test", None)
    (failure,) = outcome(GuardedEndpoint(shut, Guard(), names.clock, 5).connect(None))
    assert isinstance(failure.value, FetchError)
    assert failure.value.reason == Reason.PRIVATE_ADDRESS
    assert "127.0.0.1" in failure.value.detail
    assert "inside.test" in failure.value.detail
    assert shut.connected == []
    assert outcome(GuardedEndpoint(opened, Guard(AddressPolicy.of(True)), names.clock, 5).connect(None)) == []
    assert opened.connected == ["127.0.0.1"]


def test_a_connection_that_fails_by_itself_is_no_refusal() -> None:
    names = Names({"mixed.test": ["127.0.0.1", "8.8.8.8"]})
    endpoint = Endpoint(GuardedResolver(names, Guard()), "mixed.test", ConnectionError("refused"))
    (failure,) = outcome(GuardedEndpoint(endpoint, Guard(), names.clock, 5).connect(None))
    assert isinstance(failure.value, ConnectionError)


def test_a_connection_must_stand_in_time() -> None:
    names = Names({"slow.test": ["8.8.8.8"]})
    endpoint = Endpoint(GuardedResolver(names, Guard()), "slow.test", None)
    results = outcome(GuardedEndpoint(endpoint, Guard(), names.clock, 5).connect(None))
    names.clock.advance(4.9)
    assert results == []
    names.clock.advance(0.2)
    assert results[0].value.reason == Reason.CONNECT_FAILED


SPELLINGS = [
    "127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "LOCALHOST.", "0.0.0.0", "0",
    "[::ffff:127.0.0.1]", "[::]", "[::1]", "127.0.0.1.", "%31%32%37.0.0.1", "１２７.0.0.1",
]  # fmt: skip


@pytest.fixture
def forbidden(odd: Any) -> int:
    """A server on 127.0.0.1 and ::1, which nobody must reach, and its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
    odd.listen(port=port)
    odd.listen(host="::1", port=port)
    odd.connections.clear()
    return port


def test_no_spelling_of_loopback_is_connected_to(odd: Any, forbidden: int, crawl: Callable[..., Any]) -> None:
    urls = [f"{scheme}://{host}:{forbidden}/x" for host in SPELLINGS for scheme in ("http", "https")]
    urls.append(f"http://pinned.test:{forbidden}/x")
    result = crawl(*urls, PRESSMARK_ALLOW_PRIVATE=False, PRESSMARK_RESOLVE=[f"pinned.test:{forbidden}:127.0.0.1"])
    reasons = {url: page.reason for url, page in result.pages.items()}
    assert odd.connections == []
    assert reasons.keys() == set(urls)
    assert set(reasons.values()) <= {"private-address", "dns-failed", "bad-url"}
    for host in ("127.0.0.1", "2130706433", "localhost", "[::1]", "[::ffff:127.0.0.1]", "pinned.test"):
        assert reasons[f"http://{host}:{forbidden}/x"] == "private-address", host
    assert result.exchanges == []
    crawl(*urls, PRESSMARK_RESOLVE=[f"pinned.test:{forbidden}:127.0.0.1"])
    assert len(odd.connections) > 10  # the same addresses, where they are allowed


def test_no_redirect_leads_inside(odd: Any, route: Any, forbidden: int, crawl: Callable[..., Any]) -> None:
    """The outside is 127.0.0.2, which the policy allows here; the inside is the rest of loopback, by name and by address."""
    inside = [
        f"http://{host}:{forbidden}/secret" for host in ("127.0.0.1", "2130706433", "localhost", "[::1]", "inner.test")
    ]
    outside = odd.listen(host="127.0.0.2")
    odd.connections.clear()
    for number, target in enumerate(inside):
        head = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
        odd.routes[f"/{number}"] = route(head.encode())
    urls = [f"http://outer.test:{outside}/{number}" for number in range(len(inside))]
    result = crawl(
        *urls, PRESSMARK_ALLOW_PRIVATE=["127.0.0.2/32"],
        PRESSMARK_RESOLVE=[f"outer.test:{outside}:127.0.0.2", f"inner.test:{forbidden}:127.0.0.1"],
    )  # fmt: skip
    assert odd.connections
    assert forbidden not in odd.connections
    for url in urls:
        assert result.pages[url].reason == "private-address"
        assert [each["received"].split()[1] for each in result.of(url)] == [b"302"]


def test_a_connection_that_slips_past_the_resolver_gets_no_byte(
    odd: Any, forbidden: int, crawl: Callable[..., Any], certificates: Any
) -> None:
    secure = odd.listen(certificates.context())
    odd.connections.clear()
    odd.log.clear()
    odd.first_bytes.clear()
    urls = [f"http://localhost:{forbidden}/x", f"https://localhost:{secure}/x"]
    result = crawl(*urls, PRESSMARK_ALLOW_PRIVATE=False, TWISTED_DNS_RESOLVER="scrapy.resolver.CachingThreadedResolver")
    assert {page.reason for page in result.pages.values()} == {"private-address"}
    assert odd.log == []
    assert odd.first_bytes == []
    assert result.exchanges == []
