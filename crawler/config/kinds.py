"""The kinds of value that a setting can have: how a text becomes a value, and what is wrong when it cannot.

Owns the spelling of durations, sizes, addresses, patterns and names in YAML; never reads a file and knows no setting. A kind is put on
a field with ``Annotated``, so that loader, JSON Schema and documentation all read the same one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from cssselect import HTMLTranslator, SelectorError

from crawler.config.regex import read_regex
from crawler.errors import PolicyError
from crawler.layout import is_safe
from crawler.urls import check


@dataclass(frozen=True, eq=False)
class Kind:
    """A spelling of values as text."""

    name: str
    """What a user reads: ``expected …``."""
    read: Callable[[str], Any]
    """Text to value; raises ValueError that says what is wrong with it."""
    show: Callable[[Any], str] = str
    """Value back to its text in YAML."""
    pattern: str | None = None
    """Regular expression for the JSON Schema, where one can say most of it."""


@dataclass(frozen=True)
class Range:
    """Least and greatest value of a number, a duration (seconds) or a size (bytes), both included."""

    least: float
    most: float


_DURATION = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s|m|h|d|w)")
_SECONDS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001}
_SIZE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(B|[KMGT]i?B)")
_BYTES = {"B": 1} | {f"{p}{i}B": b**n for i, b in (("", 1000), ("i", 1024)) for n, p in enumerate("KMGT", 1)}
_HOST = re.compile(r"(\*\.)?([\w-]{1,63}\.)*[\w-]{1,63}(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-\d{3})?(-[a-zA-Z0-9]{4,8})*")
_EMAIL = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}\.)+[\w-]{2,63}")
_GLOB = re.compile(r"[\w.*~\[\]-]{1,100}")
_SLUG = re.compile(r"[a-z][a-z0-9_-]{0,63}")


def _read_duration(text: str) -> float:
    if not (m := _DURATION.fullmatch(text)):
        raise ValueError("write a number and a unit: 500ms, 3s, 15m, 12h, 7d or 2w")
    return float(m[1]) * _SECONDS[m[2]]


def show_duration(seconds: float) -> str:
    """Write seconds as a setting: the largest unit that gives a whole number."""
    unit, size = next((u, s) for u, s in _SECONDS.items() if u == "ms" or (seconds and seconds % s == 0))
    return "0s" if not seconds else f"{round(seconds / size)}{unit}"


def _read_size(text: str) -> int:
    if not (m := _SIZE.fullmatch(text)):
        raise ValueError("write a number and a unit: 512B, 100KB, 32MiB, 1GB (KB is 1000 bytes, KiB is 1024)")
    return int(float(m[1]) * _BYTES[m[2]])


def show_size(count: int) -> str:
    """Write bytes as a setting: the largest unit that gives a whole number."""
    units = sorted(_BYTES.items(), key=lambda item: -item[1])
    unit, size = next((u, s) for u, s in units if s == 1 or (count and count % s == 0))
    return f"{count // size}{unit}"


def _read_url(text: str) -> str:
    if "#" in text or any(c.isspace() for c in text):
        raise ValueError("an address holds no white space and no '#'")
    try:
        check(text)
    except PolicyError as error:
        raise ValueError(error.hint) from None
    return text


def _read_address(text: str) -> str:
    if text.startswith("/") and not text.startswith("//"):
        _read_url("http://host" + text)
        return text
    return _read_url(text)


def _read_host(text: str) -> str:
    if not _HOST.fullmatch(text) or text != text.lower():
        raise ValueError("write the host alone, in lower case, with its port if it is unusual, or *. and a domain")
    return text


def _read_css(text: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(text)
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {error}") from None
    return text


def _read_timezone(text: str) -> str:
    if text not in available_timezones() and text != "UTC":
        raise ValueError("write a name of the IANA time zone database, such as Europe/Kyiv or UTC")
    ZoneInfo(text)
    return text


def _read_network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError as error:
        raise ValueError(f"{error}; write 127.0.0.1, 10.0.0.0/8 or fd00::/8") from None


def _read_resolve(text: str) -> str:
    host, port, address = (*text.split(":", 2), "", "")[:3]
    if not _HOST.fullmatch(host) or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("write HOST:PORT:ADDRESS, as for curl")
    ip_address(address.removeprefix("[").removesuffix("]"))
    return text


def _read_contact(text: str) -> str:
    if _EMAIL.fullmatch(text):
        return text
    if not text.startswith(("http://", "https://")) or set(text) & set("();,"):
        raise ValueError("write an e-mail address or the address of a page")
    return _read_url(text)


def _read_text(text: str) -> str:
    if not text.strip() or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text) or len(text) > 500:
        raise ValueError("write one line of at most 500 characters")
    return text


def _matching(regex: re.Pattern[str], advice: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not regex.fullmatch(text):
            raise ValueError(advice)
        return text

    return read


def _read_key(text: str) -> str:
    if not is_safe(text):
        raise ValueError("write lower-case letters, digits, '.', '_' and '-', at most 100; it is also a folder's name")
    return text


DURATION = Kind("a duration such as 3s, 15m or 7d", _read_duration, show_duration, f"^{_DURATION.pattern}$")
SIZE = Kind("a size such as 32MiB or 1GB", _read_size, show_size, f"^{_SIZE.pattern}$")
URL = Kind("an address", _read_url, pattern=r"^https?://[^\s@]+$")
ADDRESS = Kind("an address", _read_address, pattern=r"^(https?:/)?/[^\s@]*$")
HOST = Kind("a host", _read_host)
REGEX = Kind("a regular expression", read_regex)
CSS = Kind("a CSS selector", _read_css)
TIMEZONE = Kind("a time zone", _read_timezone)
LANGUAGE = Kind(
    "a language", _matching(_LANGUAGE, "write a BCP 47 tag such as en, uk or pt-BR"), pattern=f"^({_LANGUAGE.pattern})$"
)
NETWORK = Kind("an address or a network", _read_network)
RESOLVE = Kind("HOST:PORT:ADDRESS", _read_resolve)
CONTACT = Kind("an e-mail address or the address of a page", _read_contact)
TEXT = Kind("a text", _read_text)
GLOB = Kind(
    "a name, * standing for any letters", _matching(_GLOB, "write a parameter's name; * stands for any letters")
)
SLUG = Kind("a name", _matching(_SLUG, "write lower-case letters, digits, '_' and '-'"), pattern=f"^{_SLUG.pattern}$")
SITE_KEY = Kind("a site's key", _read_key)

Duration = Annotated[float, DURATION]
"""Seconds."""
Size = Annotated[int, SIZE]
"""Bytes."""
Url = Annotated[str, URL]
"""Absolute http or https URL."""
Address = Annotated[str, ADDRESS]
"""Absolute URL, or a path on the site's home."""
Host = Annotated[str, HOST]
"""Host, with its port where it is not the scheme's own; ``*.`` and a domain for all hosts below it."""
Regex = Annotated[str, REGEX]
"""Regular expression of Python's ``re``, searched."""
Css = Annotated[str, CSS]
"""CSS selector, level 3."""
TimeZone = Annotated[str, TIMEZONE]
"""Name in the IANA time zone database."""
Language = Annotated[str, LANGUAGE]
"""BCP 47 tag."""
Network = Annotated[str, NETWORK]
"""IP address or network in CIDR notation."""
Resolve = Annotated[str, RESOLVE]
"""``HOST:PORT:ADDRESS``."""
Contact = Annotated[str, CONTACT]
"""E-mail address or URL."""
Text = Annotated[str, TEXT]
"""One line of text."""
Glob = Annotated[str, GLOB]
"""Name with ``*``."""
Slug = Annotated[str, SLUG]
"""Lower-case name."""
SiteKey = Annotated[str, SITE_KEY]
"""Safe file name."""
