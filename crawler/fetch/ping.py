"""A ping: one POST that tells a watchdog how a run goes, as healthchecks.io and its like take it. Blocking; for a thread of its own.

Owns the request and nothing else: the answer's body is never read, a redirect is never followed. Connects only where the site's own
policy lets it: a service at a private address needs ``fetch.allow_private``.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from urllib.parse import urlsplit, urlunsplit

from crawler import __version__
from crawler.fetch.addresses import AddressPolicy

LONGEST_BODY = 10_000
"""Characters of a summary that are sent."""


def ping(url: str, path: str, body: str, *, policy: AddressPolicy, timeout: float) -> None:
    """Tell.

    Args:
        url: address of the check.
        path: what is added to its path: ``start``, or an exit code.
        body: summary for people.
        policy: which addresses may be connected to.
        timeout: seconds for each step.

    Raises:
        OSError: it could not be told; the message says why.
    """
    parts = urlsplit(url)
    target = urlunsplit(("", "", f"{parts.path.rstrip('/')}/{path}", parts.query, ""))
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = _address(parts.hostname or "", port, policy)
    connection = http.client.HTTPConnection(parts.hostname or "", port, timeout=timeout)
    sock: socket.socket = socket.create_connection((address, port), timeout=timeout)
    try:
        if secure:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
        connection.sock = sock
        headers = {
            "User-Agent": f"pressmark/{__version__}",
            "Content-Type": "text/plain; charset=utf-8",
            "Host": parts.netloc,
        }
        connection.request("POST", target, body[:LONGEST_BODY].encode("utf-8", "replace"), headers)
        status = connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(f"not HTTP: {type(error).__name__}") from None  # its text may hold our own address
    finally:
        connection.close()
        sock.close()
    if not 200 <= status < 300:
        raise OSError(f"status {status}")


def _address(host: str, port: int, policy: AddressPolicy) -> str:
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    allowed = next((address for address in found if policy.allows(address)), None)
    if allowed is None:
        raise OSError(f"{', '.join(dict.fromkeys(found))} is not public; fetch.allow_private lets it through")
    return allowed
