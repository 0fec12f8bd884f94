"""Which addresses are public: a table of those that must never be reached, and what an allowance opens."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import UsageError
from crawler.fetch.addresses import AddressPolicy, is_public, parse

BAD = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::a00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "64:ff9b:1::8.8.8.8", "100::1",
    "2001::1", "2001:0:a00:1::f5ff:fffe", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1",
    "2002:a9fe:a9fe::", "2a00::5efe:10.0.0.1", "2a00::200:5efe:127.0.0.1", "3fff::1", "4000::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fdff::1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "8000::1",
]  # fmt: skip
GOOD = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
    "168.63.129.15", "168.63.129.17", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
    "198.17.255.255", "198.20.0.0", "223.255.255.255", "2a00:1450:4001::1", "2606:4700::1111", "2620:fe::fe",
    "2001:4860:4860::8888", "2002:808:808::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2a00::5efe:8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("host", BAD)
def test_an_address_that_is_not_public_is_refused(host: str) -> None:
    assert not AddressPolicy().allows(host)
    assert AddressPolicy.of(True).allows(host)


@pytest.mark.parametrize("host", GOOD)
def test_a_public_address_is_allowed(host: str) -> None:
    assert AddressPolicy().allows(host)


@pytest.mark.parametrize(
    "host", ["", "localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "1.2.3.4.5", "::g", "[::1]"]
)
def test_what_is_no_address_is_refused(host: str) -> None:
    assert not AddressPolicy().allows(host)
    assert not AddressPolicy.of(True).allows(host)


@pytest.mark.parametrize(
    ("allow", "opened", "shut"),
    [
        (["127.0.0.0/8"], ["127.0.0.1", "::ffff:127.0.0.1"], ["10.0.0.1", "::1", "64:ff9b::127.0.0.1", "2002:7f00:1::"]),
        ("10.1.0.0/16, ::1", ["10.1.2.3", "::1"], ["10.2.0.0", "127.0.0.1"]),
        (["10.1.2.3/16"], ["10.1.0.1"], ["10.2.0.1"]),
        (["64:ff9b::/96"], [], ["64:ff9b::127.0.0.1"]),
        (["64:ff9b::/96", "127.0.0.0/8"], ["64:ff9b::127.0.0.1"], ["64:ff9b::10.0.0.1"]),
        (["fd00::/8"], ["fd12::1"], ["fc00::1"]),
        ("0", [], ["127.0.0.1"]),
        ("1", ["127.0.0.1"], []),
        ([], [], ["127.0.0.1"]),
        (None, [], ["127.0.0.1"]),
        (False, [], ["127.0.0.1"]),
    ],
)  # fmt: skip
def test_an_allowance_opens_what_it_names_and_nothing_else(
    allow: bool | str | list[str] | None, opened: list[str], shut: list[str]
) -> None:
    policy = AddressPolicy.of(allow)
    assert [each for each in opened + shut if policy.allows(each)] == opened
    assert policy.allows("8.8.8.8")


def test_a_network_that_is_none_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="allow-private"):
        AddressPolicy.of(["10.0.0.0/99"])


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1))
def test_an_ipv4_address_is_judged_the_same_in_every_form(number: int, noise: int) -> None:
    inner = IPv4Address(number)
    high = noise & ~(0xFFFF << 48) | (0x2A00 << 48)
    forms = [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x64FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80 | (noise & (2**80 - 1) & ~(0xFFFFFFFF << 32))),
        IPv6Address(high << 64 | 0x00005EFE << 32 | number),
    ]
    for form in forms:
        assert is_public(form) == is_public(inner)


@given(st.ip_addresses(v=4))
def test_what_python_knows_as_private_is_never_public(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not is_public(address)
    elif address not in IPv4Network("192.0.0.0/24") and address not in IPv4Network("192.88.99.0/24"):
        assert is_public(address) or address == IPv4Address("168.63.129.16")


@given(st.ip_addresses(v=6))
def test_what_python_knows_as_private_is_never_public_in_ipv6(address: IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        assert not is_public(address) or address.ipv4_mapped is not None


@given(st.text())
def test_no_text_breaks_the_policy(text: str) -> None:
    assert AddressPolicy().allows(text) in (True, False)


def test_a_zone_is_left_out() -> None:
    assert parse("fe80::1%eth0") == IPv6Address("fe80::1")
