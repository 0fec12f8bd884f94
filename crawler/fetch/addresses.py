"""Which network addresses may be reached. Pure: judges addresses, never names, and resolves nothing.

Public means: an address of the open internet. IPv4 addresses inside IPv6 ones are taken out and judged too, in all the forms by
which a gateway or an operating system turns one into the other, because ``ipaddress.is_global`` alone lets many of them through.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from crawler.errors import UsageError

_NOT_PUBLIC_4 = tuple(
    IPv4Network(n)
    for n in (
        "0.0.0.0/8",  # this network, RFC 791
        "10.0.0.0/8",  # private, RFC 1918
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598; one cloud's metadata service
        "127.0.0.0/8",  # loopback, RFC 1122
        "168.63.129.16/32",  # one cloud's metadata and DNS, though taken from public space
        "169.254.0.0/16",  # link-local, RFC 3927; most clouds' metadata services
        "172.16.0.0/12",  # private, RFC 1918
        "192.0.0.0/24",  # protocol assignments, RFC 6890; one cloud's metadata service
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "192.168.0.0/16",  # private, RFC 1918
        "198.18.0.0/15",  # benchmarks, RFC 2544
        "198.51.100.0/24",  # documentation, RFC 5737
        "203.0.113.0/24",  # documentation, RFC 5737
        "224.0.0.0/4",  # multicast, RFC 5771
        "240.0.0.0/4",  # reserved and broadcast, RFC 1112, 919
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
"""The only global unicast addresses that IANA has given out."""
_NOT_PUBLIC_6 = tuple(
    IPv6Network(n)
    for n in (
        "2001::/23",  # protocol assignments, RFC 2928: Teredo, benchmarks, ORCHID and the like
        "2001:db8::/32",  # documentation, RFC 3849
        "3fff::/20",  # documentation, RFC 9637
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_LOW_32_BITS = tuple(
    IPv6Network(n)
    for n in (
        "::/96",  # IPv4-compatible, RFC 4291
        "::ffff:0:0/96",  # IPv4-mapped, RFC 4291
        "::ffff:0:0:0/96",  # IPv4-translated, RFC 7915
        "64:ff9b::/96",  # NAT64, RFC 6052
    )
)
"""Forms that carry an IPv4 address in their last 32 bits."""
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""Upper half of an interface identifier that carries an IPv4 address in its lower half, RFC 5214."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def parse(host: str) -> Address:
    """Address in its usual notation, an IPv6 zone (``%eth0``) left out.

    Raises:
        ValueError: it is no address.
    """
    return ipaddress.ip_address(host.partition("%")[0])


def embedded(address: IPv6Address) -> Iterator[IPv4Address]:
    """All IPv4 addresses that are carried inside an IPv6 address."""
    number = int(address)
    if number > 1 and any(address in network for network in _LOW_32_BITS):  # :: and ::1 stand for themselves
        yield IPv4Address(number & 0xFFFFFFFF)
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        yield IPv4Address(number & 0xFFFFFFFF)


def is_public(address: Address) -> bool:
    """Whether the address, and every address inside it, belongs to the open internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address not in _GLOBAL_6 and address not in _NAT64:
        mapped = address.ipv4_mapped
        return mapped is not None and is_public(mapped)
    if any(address in network for network in _NOT_PUBLIC_6):
        return False
    return all(is_public(inner) for inner in embedded(address))


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Which addresses may be reached: the public ones, and those of the networks that a person has allowed."""

    allowed: tuple[Network, ...] = ()

    @classmethod
    def of(cls, allow: bool | str | Iterable[str] | None) -> AddressPolicy:
        """Policy for a setting: False or None for public addresses only, True for all, or networks as ``10.0.0.0/8``.

        A text is taken as Scrapy's command line gives it: ``0``, ``1``, or networks parted by commas.

        Raises:
            UsageError: one of them is no network.
        """
        if isinstance(allow, str):
            words = allow.replace(",", " ").split()
            allow = {"0": False, "1": True}.get(allow, words)
        if allow is None or isinstance(allow, bool):
            allow = ["0.0.0.0/0", "::/0"] if allow else []
        try:
            return cls(tuple(ipaddress.ip_network(each, strict=False) for each in allow))
        except ValueError as error:
            raise UsageError(
                f"--allow-private: {error}",
                hint="Give a network as 10.0.0.0/8 or fd00::/8, or no value for all of them.",
            ) from error

    def allows(self, host: str) -> bool:
        """Whether a connection to this address may be made; False for what is no address."""
        try:
            address = parse(host)
        except ValueError:
            return False
        if is_public(address):
            return True
        inner = tuple(embedded(address)) if isinstance(address, IPv6Address) else ()
        if self._names(address):
            return all(is_public(each) or self._names(each) for each in inner)
        # A mapped address is the IPv4 address itself in other clothes: allowing that one allows it.
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return mapped is not None and self._names(mapped)

    def _names(self, address: Address) -> bool:
        return any(address in network for network in self.allowed)
