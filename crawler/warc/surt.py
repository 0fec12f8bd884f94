"""Sort-friendly form of a URL, the key of a CDXJ index: ``https://www.E.com/a/?b=2&a=1`` becomes ``com,e)/a?a=1&b=2``.

Pure. Follows what replay tools do (lower case, no www, no default port, no user, no fragment, no session id, sorted query), so that
they find our records under their own keys. Loses what URLs differ in: never use it to tell pages apart.
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import quote_from_bytes, unquote_to_bytes

_URL = re.compile(r"(?:(https?)://)?([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.IGNORECASE | re.DOTALL)
_WWW = re.compile(r"www\d*\.")
_PRINTABLE = "".join(chr(c) for c in range(33, 127) if chr(c) not in "#%")
_PATH_SESSION = re.compile(r"\((?:[a-z]\([0-9a-z]{24}\))+\)/(?=.+\.aspx)|\([0-9a-z]{24}\)/(?=.+\.aspx)")
_QUERY_SESSION = re.compile(
    r"(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}(?:&|\Z)|aspsessionid[a-z]{8}=[a-z]{24}(?:&|\Z)|cfid=[^&]+&cftoken=[^&]+(?:&|\Z)"
)


def surt(url: str) -> str:
    """Return the key of ``url``; what is no http or https URL is its own key, lower case and without white space."""
    text = re.sub(r"[\t\r\n]", "", url.strip())
    if not re.match(r"https?://", text, re.IGNORECASE):
        return re.sub(r"\s+", "%20", text.lower())
    match = _URL.match(text)
    assert match
    scheme, authority, path, query = match.groups()
    host, port = _host(authority, "443" if scheme.lower() == "https" else "80")
    key = f"{','.join(reversed(host.split('.')))}{port}){_path(path)}"
    query = _query(query) if query else ""
    return f"{key}?{query}" if query else key


def _host(authority: str, default_port: str) -> tuple[str, str]:
    host, _, port = authority.rpartition("@")[2].partition(":")
    raw = _unescape(host)
    if not raw.isascii():
        with suppress(UnicodeError):
            raw = raw.decode("utf-8", "ignore").encode("idna")
    host = _WWW.sub("", _quote(raw).replace("..", ".").strip(".").lower(), count=1)
    return host, f":{_quote(port.encode())}" if port and port != default_port else ""


def _path(path: str) -> str:
    parts: list[str] = []
    text = _quote(_unescape(path)).lower()
    for part in text.split("/")[1:]:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    kept = [part for part in parts[:-1] if part] + parts[-1:]
    return _PATH_SESSION.sub("", "/" + "/".join(kept)).rstrip("/") or "/"


def _query(query: str) -> str:
    text = _QUERY_SESSION.sub("", _quote(_unescape(query)).lower())
    return "&".join("=".join(pair) for pair in sorted(tuple(each.split("=", 1)) for each in text.split("&")))


def _unescape(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    while (again := unquote_to_bytes(data)) != data:
        data = again
    return data


def _quote(data: bytes) -> str:
    return quote_from_bytes(data, safe=_PRINTABLE)
