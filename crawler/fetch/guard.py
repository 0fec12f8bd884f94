"""The address guard: no connection to an address that the crawler's policy does not allow, whatever name or redirect leads there.

Owns Scrapy's name resolver (``TWISTED_DNS_RESOLVER``) and the endpoint that every connection of the wire tee is made through.
Judges the addresses that a name stands for when the connection is made: Twisted connects to exactly those, so there is no moment
in which a name could be bound anew. IP literals in any spelling come this way too. Never sees a URL.

One process has one resolver, but each crawler has its own policy. The endpoint therefore says, in a context variable and only
while it begins to connect, whose connection it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.utils.datatypes import LocalCache
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver, IStreamClientEndpoint
from twisted.python.failure import Failure
from zope.interface import implementer

from crawler.errors import Reason, UsageError
from crawler.fetch.addresses import AddressPolicy, parse
from crawler.fetch.outcome import FetchError

DNS_TTL = 300.0
"""Seconds for which the addresses of a name are kept: the system's resolver does not tell the record's own time."""


def pins(texts: Iterable[str]) -> dict[tuple[str, int], tuple[str, ...]]:
    """Addresses given by hand, as curl's ``--resolve HOST:PORT:ADDRESS[,ADDRESS]``, by host and port.

    Raises:
        UsageError: one of them is not of that form.
    """
    found = {}
    for text in texts:
        host, _, rest = text.partition(":")
        port, _, addresses = rest.partition(":")
        plain = tuple(each.strip("[] ") for each in addresses.split(","))
        try:
            for each in plain:
                parse(each)
            found[_ascii(host), int(port)] = plain
        except ValueError as error:
            raise UsageError(
                f"--resolve {text}: {error}", hint="Give host, port and address, as example.org:443:192.0.2.7."
            ) from error
    return found


def _ascii(host: str) -> str:
    """The name as it stands in the DNS: Twisted hands on the Unicode form of an internationalised one.

    Raises:
        ValueError: it can stand for no host: a label is empty or too long.
    """
    return host.rstrip(".").encode("idna").decode("ascii").lower()


@dataclass(frozen=True, slots=True)
class Guard:
    """What one crawler may connect to, and where it was told to find it."""

    policy: AddressPolicy = field(default_factory=AddressPolicy)
    pins: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: BaseSettings) -> Guard:
        """Guard for the settings PRESSMARK_ALLOW_PRIVATE (a bool or networks) and PRESSMARK_RESOLVE (see ``pins``)."""
        return cls(
            AddressPolicy.of(settings.get("PRESSMARK_ALLOW_PRIVATE")), pins(settings.getlist("PRESSMARK_RESOLVE"))
        )


def refusal(addresses: Sequence[str], host: str | None = None) -> FetchError:
    """The error that names the addresses that were not connected to."""
    where = ", ".join(dict.fromkeys(addresses))
    of = f", the address of {host}," if host and host not in addresses else ""
    return FetchError(Reason.PRIVATE_ADDRESS, f"{where}{of} is not public")


@dataclass(slots=True)
class _Lookup:
    """One connection's question for addresses: whose it is, and which answers were refused."""

    guard: Guard
    refused: list[str] = field(default_factory=list)
    host: str = ""


_lookup: ContextVar[_Lookup | None] = ContextVar("address_lookup", default=None)


@implementer(IStreamClientEndpoint)
class GuardedEndpoint:
    """An endpoint whose name look-up is judged by ``guard`` and whose connection must stand within ``timeout`` seconds."""

    def __init__(self, endpoint: Any, guard: Guard, reactor: Any, timeout: float) -> None:
        self._endpoint = endpoint
        self._guard = guard
        self._reactor = reactor
        self._timeout = timeout

    def __repr__(self) -> str:
        return repr(self._endpoint)

    def connect(self, protocolFactory: Any) -> Deferred[Any]:
        """Connect; fail with a FetchError that names the address if only refused ones were found, or no connection came."""
        lookup = _Lookup(self._guard)
        token = _lookup.set(lookup)
        try:
            connected: Deferred[Any] = self._endpoint.connect(protocolFactory)
        finally:
            _lookup.reset(token)

        def late(result: object, seconds: float) -> None:
            raise FetchError(Reason.CONNECT_FAILED, f"no connection within {seconds:g} s")

        def judge(failure: Failure) -> Failure:
            if lookup.refused and failure.check(DNSLookupError):
                return Failure(refusal(lookup.refused, lookup.host))
            return failure

        connected.addTimeout(self._timeout, self._reactor, onTimeoutCancel=late)
        return connected.addErrback(judge)


@implementer(IHostResolution)
class _Resolution:
    """A look-up that was answered at once."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


@implementer(IResolutionReceiver)
class _Judge:
    """Passes on the addresses that are allowed, notes the others, and gives all of them to ``keep`` in the end."""

    def __init__(self, receiver: Any, lookup: _Lookup, keep: Any) -> None:
        self._receiver = receiver
        self._lookup = lookup
        self._keep = keep
        self._all: list[Any] = []

    def resolutionBegan(self, resolutionInProgress: Any) -> None:
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:
        self._all.append(address)
        if self._lookup.guard.policy.allows(address.host):
            self._receiver.addressResolved(address)
        else:
            self._lookup.refused.append(address.host)

    def resolutionComplete(self) -> None:
        self._keep(self._all)
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """A and AAAA addresses from the system's resolver, kept for five minutes, judged each time they are asked for."""

    def __init__(self, reactor: Any, guard: Guard, *, cache_size: int = 10_000, ttl: float = DNS_TTL) -> None:
        self._reactor = reactor
        self._system: Any = reactor.nameResolver
        self._guard = guard
        self._ttl = ttl
        self._cache: LocalCache[Any, tuple[float, list[tuple[type, str]]]] = LocalCache(cache_size)

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        """Build it for a process; ``crawler`` is Scrapy's CrawlerProcess, so its guard serves only who names no other."""
        return cls(reactor, Guard.of(crawler.settings), cache_size=crawler.settings.getint("DNSCACHE_SIZE"))

    def install_on_reactor(self) -> None:
        """Become the resolver of the process."""
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """Resolve as IHostnameResolver asks: first what was given by hand, then what is still fresh, then the system."""
        lookup = _lookup.get() or _Lookup(self._guard)
        lookup.host = hostName
        try:
            given = lookup.guard.pins.get((_ascii(hostName), portNumber))
        except ValueError:  # at which the system's resolver would fall silent
            given = ()
        key = (hostName, tuple(addressTypes or ()))
        expires, known = self._cache.get(key, (0.0, []))
        if given is not None:
            known = [(IPv6Address if ":" in each else IPv4Address, each) for each in given]
        if given is None and expires <= self._reactor.seconds():

            def keep(addresses: list[Any]) -> None:
                if addresses:
                    plain = [(type(each), each.host) for each in addresses]
                    self._cache[key] = (self._reactor.seconds() + self._ttl, plain)

            return self._system.resolveHostName(
                _Judge(resolutionReceiver, lookup, keep), hostName, portNumber, addressTypes, transportSemantics
            )
        judge = _Judge(resolutionReceiver, lookup, lambda addresses: None)
        resolution = _Resolution(hostName)
        judge.resolutionBegan(resolution)
        for kind, host in known:
            judge.addressResolved(kind("TCP", host, portNumber))
        judge.resolutionComplete()
        return resolution
