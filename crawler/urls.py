"""Addresses: what can be requested, which of them are the same page, and which a site's scope takes.

Owns the normal form of a URL, its identity (canonical form), and scope.
Never resolves a name, never makes a request, and remembers nothing between two calls.

Sources: WHATWG URL Standard; RFC 3986, 5.2.4 (dot segments) and 6.2.2 (normal forms); UTS #46 (internationalised host names).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple
from urllib.parse import urlsplit

import idna
from w3lib.url import safe_url_string

from crawler.errors import PolicyError, Reason

MAX_URL = 8192
"""Longest URL that is requested, in characters after percent-encoding."""
MAX_SCOPE_URL = 2048
"""Longest URL that discovery follows: beyond it addresses are made by machines, and patterns take too long."""
DEFAULT_STRIP_PARAMS: tuple[str, ...] = (
    "utm_*", "mtm_*", "pk_*", "hsa_*", "at_*", "_hs*", "__hs*", "vero_*", "oly_*",
    "fbclid", "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "ysclid", "twclid", "ttclid", "li_fat_id",
    "igsh", "igshid", "mc_cid", "mc_eid", "mkt_tok", "srsltid", "xtor", "ito", "cmpid", "_ga", "_gl", "_openstat", "wt_mc", "wt.mc_*",
)  # fmt: skip
"""Globs of query parameters that say how a reader came to a page, not which page it is. Any case."""

_PORTS = {"http": "80", "https": "443"}
_PLAIN = re.compile(r"https?://[a-z0-9-]++(?:\.[a-z0-9-]++)*+(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*+)++/?")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_USERINFO = re.compile(r"^(\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?[/\\]*)[^/\\?#]*@")
_HOST = re.compile(r"[a-z0-9_.-]+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_DOTS = {".": 1, "%2e": 1, "..": 2, ".%2e": 2, "%2e.": 2, "%2e%2e": 2}
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^;/]*", re.I)
_SESSION = re.compile(
    r"(?:jsessionid|phpsessid|sessionid|session_id)=.*|(?:sid|s|oscsid|zenid)=[0-9a-f]{32}"
    r"|aspsessionid[a-z]{8}=[a-z]{24}|cfid=\d+|cftoken=[0-9a-f-]+",
    re.I,
)


class _Parts(NamedTuple):
    scheme: str
    userinfo: bool
    host: str
    port: str
    rest: str


def check(url: str) -> str:
    """Return ``url`` as it is requested: absolute, http or https, ASCII only, without fragment.

    Scheme and host in lower case (IDNA by UTS #46, odd spellings of IPv4 addresses resolved), default port and dot segments removed, what
    must be percent-encoded encoded. Path and query else stay as they were written. Idempotent.

    Raises:
        PolicyError: not http(s), a user name or password in it, no or no possible host, or longer than MAX_URL.
    """
    parts = _split(url)
    if parts.userinfo:
        raise _bad(url, "holds a user name or password", "Leave out what stands before the @.")
    return f"{parts.scheme}://{_authority(parts)}{parts.rest}"


@lru_cache(maxsize=1024)
def canonical(url: str, strip_params: tuple[str, ...] = DEFAULT_STRIP_PARAMS) -> str:
    """Return the identity of ``url``: addresses that share it are one page. It is compared, never requested. Idempotent.

    On top of ``check``: percent-encoding in its normal form (RFC 3986, 6.2.2), session ids and the parameters that match a glob of
    ``strip_params`` removed, empty parameters too. Order of parameters, trailing slash, ``www.`` and the scheme are kept: sites tell
    pages apart by them.

    Raises:
        PolicyError: as ``check``.
    """
    parts = _split(check(url))
    path, _, query = parts.rest.partition("?")
    path = _without_dots(_PATH_SESSION.sub("", _normal_escapes(path)))
    dropped = _globs(strip_params)
    kept = [
        p
        for p in _normal_escapes(query).split("&")
        if p and not dropped.match(p.split("=", 1)[0]) and not _SESSION.fullmatch(p)
    ]
    return f"{parts.scheme}://{_authority(parts)}{path}" + (f"?{'&'.join(kept)}" if kept else "")


def host(url: str) -> str:
    """Host of ``url`` in lower case, without port; empty if ``url`` has none that could be asked. Never raises."""
    try:
        return _split(url).host
    except PolicyError:
        return ""


def domain(url: str) -> str:
    """Host of ``url`` without ``www.``: the record's ``domain``. Never raises."""
    return host(url).removeprefix("www.")


def same_site(url: str, hosts: Iterable[str]) -> bool:
    """Whether ``url`` is on one of ``hosts``: ``host``, ``host:port`` if the port is not the scheme's own, or ``*.host`` for all below it.

    Never raises; what cannot be requested is on no site.
    """
    try:
        parts = _split(url)
    except PolicyError:
        return False
    here = _authority(parts)
    return not parts.userinfo and any(
        here.endswith(h[1:]) if h.startswith("*.") else here == h for h in map(str.lower, hosts)
    )


class Scope:
    """Which addresses a site takes.

    Args:
        hosts: as ``same_site``; empty for any host.
        allow: regular expressions, one of which must be found in the address; empty for any.
        deny: regular expressions, none of which may be found in it.

    A pattern that begins with ``^/`` is searched in path and query, any other in the whole URL, both in the form that ``check`` returns.
    """

    def __init__(self, hosts: Iterable[str] = (), allow: Iterable[str] = (), deny: Iterable[str] = ()) -> None:
        self._hosts = tuple(hosts)
        self._allow = tuple(map(re.compile, allow))
        self._deny = tuple(map(re.compile, deny))

    def verdict(self, url: str) -> Reason | None:
        """None if ``url`` is taken; else BAD_URL or OUT_OF_SCOPE. Never raises."""
        return self.decision(url)[0]

    def decision(self, url: str) -> tuple[Reason | None, str]:
        """The verdict, and what decided it, for people. Never raises."""
        try:
            url = check(url)
        except PolicyError:
            return Reason.BAD_URL, "it cannot be requested"
        if len(url) > MAX_SCOPE_URL:
            return Reason.OUT_OF_SCOPE, f"it is longer than {MAX_SCOPE_URL} characters"
        if self._hosts and not same_site(url, self._hosts):
            return Reason.OUT_OF_SCOPE, f"its host is none of {', '.join(self._hosts)}"
        local = _split(url).rest

        def found(patterns: tuple[re.Pattern[str], ...]) -> str | None:
            return next((p.pattern for p in patterns if p.search(local if p.pattern.startswith("^/") else url)), None)

        if denied := found(self._deny):
            return Reason.OUT_OF_SCOPE, f"scope.deny has {denied}"
        if not self._allow:
            return None, "scope.allow is empty, so any address of its hosts is taken"
        if allowed := found(self._allow):
            return None, f"scope.allow has {allowed}"
        return Reason.OUT_OF_SCOPE, "no pattern of scope.allow is found in it"


def decide_scope(scope: Scope, url: str, strip_params: tuple[str, ...]) -> tuple[Reason | None, str]:
    """What a scope says of an address as it stands or, if it is not taken so, without the parameters that say how a reader came.

    A feed that names ``/story/?utm_source=rss`` means ``/story/``, and a pattern that ends in ``/$`` does too.
    """
    decision = scope.decision(url)
    if decision[0] is not Reason.OUT_OF_SCOPE:
        return decision
    bare = canonical(url, strip_params)
    return decision if bare == url else scope.decision(bare)


def without_userinfo(url: str) -> str:
    """``url`` as it may be shown: a user name or password in it is hidden. Never raises."""
    return _USERINFO.sub(r"\1…@", url)


def _bad(url: str, what: str, hint: str) -> PolicyError:
    shown = without_userinfo(url if len(url) <= 200 else url[:200] + "…")
    return PolicyError(f"{shown!r} {what}", hint=hint)


@lru_cache(maxsize=4096)
def _split(url: str) -> _Parts:
    """Parse ``url`` into its normal parts, by the WHATWG's rules for special schemes."""
    if len(url) <= MAX_SCOPE_URL and _PLAIN.fullmatch(url):
        scheme, _, rest = url.partition("://")
        name, slash, path = rest.partition("/")
        return _Parts(scheme, False, _ascii_host(url, name), "", slash + path)
    text = url[: 4 * MAX_URL].translate(_REMOVED).strip(_SPACE)
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    match = _SCHEME.match(text)
    if not match or match[1].lower() not in _PORTS:
        raise _bad(url, "is not an http or https address", "Write the whole address, beginning with https://")
    scheme = match[1].lower()
    text = text[match.end() :].partition("#")[0]
    text, mark, query = text.partition("?")
    authority, slash, path = text.replace("\\", "/").lstrip("/").partition("/")
    _, at, authority = authority.rpartition("@")
    name, port = _host_and_port(url, authority)
    try:
        # Scrapy's Request quotes path and query like this: what is asked for must be what stands in the ledger
        quoted = urlsplit(safe_url_string(f"http://h/{path}{mark}{query}"))
    except ValueError as error:
        raise _bad(url, f"cannot be read ({error})", "Check how it is written.") from None
    parts = _Parts(
        scheme,
        bool(at),
        name,
        "" if port == _PORTS[scheme] else port,
        _without_dots(quoted.path) + (f"?{quoted.query}" if quoted.query else ""),
    )
    if len(url) > 4 * MAX_URL or len(parts.rest) + len(name) > MAX_URL - 20:
        raise _bad(url, f"is longer than {MAX_URL} characters", "No server takes an address of that length.")
    return parts


_SPACE = "".join(map(chr, range(33)))
_REMOVED = dict.fromkeys(map(ord, "\t\n\r"))


def _host_and_port(url: str, authority: str) -> tuple[str, str]:
    name, port = authority, ""
    if match := re.fullmatch(r"(.*?):([0-9]*)", authority):
        name, port = match[1], match[2].lstrip("0")
        if match[2] and not 0 < int(port[:6] or 0) < 65536:
            raise _bad(url, "names a port that does not exist", "Ports are 1 to 65535.")
    if name.startswith("[") and name.endswith("]"):
        try:
            address = IPv6Address(name[1:-1])
        except AddressValueError:
            address = None
        if address is None or address.scope_id is not None:
            raise _bad(url, "names an impossible IPv6 address", "Check how it is written.")
        return f"[{address.compressed}]", port
    return _ascii_host(url, name), port


def _ascii_host(url: str, name: str) -> str:
    try:
        return _ascii_name(name)
    except (ValueError, OSError):
        raise _bad(url, "names no possible host", "Check how it is written.") from None


@lru_cache(maxsize=4096)
def _ascii_name(name: str) -> str:
    """Host name in ASCII: UTS #46 for other scripts, IPv4 addresses in dotted form whatever their spelling.

    Raises:
        ValueError: there can be no such host (``idna`` says so by one, too). OSError: nor such an IPv4 address.
    """
    if "%" in name:
        name = re.sub(
            r"(?:%[0-9A-Fa-f]{2})+", lambda m: bytes.fromhex(m[0].replace("%", "")).decode("utf-8", "replace"), name
        )
    name = (name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")).lower()
    labels = name.removesuffix(".").split(".")
    if not _HOST.fullmatch(name) or not all(0 < len(label) < 64 for label in labels) or len(name) > 253:
        raise ValueError(name)
    if _NUMBER.fullmatch(labels[-1]):
        return socket.inet_ntoa(socket.inet_aton(name.removesuffix(".")))
    return name


def _authority(parts: _Parts) -> str:
    return f"{parts.host}:{parts.port}" if parts.port else parts.host


def _without_dots(path: str) -> str:
    """Remove dot segments, also percent-encoded ones."""
    segments = path.split("/")
    if not any(s.lower() in _DOTS for s in segments):
        return path
    kept: list[str] = []
    for segment in segments[1:]:
        dots = _DOTS.get(segment.lower(), 0)
        if dots == 2 and kept:
            kept.pop()
        elif not dots:
            kept.append(segment)
    if segments[-1].lower() in _DOTS:
        kept.append("")
    return "/" + "/".join(kept)


def _normal_escapes(text: str) -> str:
    """Percent-encoding as RFC 3986, 6.2.2 wants it: upper case, none for unreserved characters, and ``%25`` for a stray ``%``."""

    def normal(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(normal, _STRAY.sub("%25", text))


@lru_cache(maxsize=256)
def _globs(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(p) for p in patterns) or r"(?!)", re.I)
