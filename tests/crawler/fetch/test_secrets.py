"""Nothing that logs in is ever sent, so none is in an archive: no credentials, no passwords of URLs, no cookie but the server's own."""

from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.warc.message import request_fields

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
USERS = ["agent:sesame@", "sesame@", ":sesame@", "a%40b:ses%61me@", "agent:sesame@agent:sesame@"]


def kept(folder: Path) -> list[tuple[str, str, bytes]]:
    """Type, header and block of each record."""
    found = []
    for path in folder.iterdir():
        with path.open("rb") as file:
            found += [
                (each.rec_type, str(each.rec_headers), each.raw_stream.read())
                for each in ArchiveIterator(file, no_record_parse=True)
            ]
    return found


@pytest.mark.fault("1 cookie / credential / Referer / proxy leak", "a password in a redirect")
@pytest.mark.parametrize("user", USERS)
def test_a_password_in_a_redirect_is_neither_sent_nor_noted(
    odd: Any, route: Any, crawl: Any, tmp_path: Path, user: str
) -> None:
    port = odd.listen()
    odd.log.clear()
    location = f"http://{user}localhost:{port}/page"
    odd.routes["/page"] = route(OK)
    odd.routes["/moved"] = route(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())
    odd.routes["/login"] = route(
        b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'
    )
    url = f"http://localhost:{port}/moved"
    result = crawl(url, f"http://localhost:{port}/login", location, warc=tmp_path)
    assert (result.pages[url].reason, result.pages[location].reason) == ("bad-redirect", "bad-url")
    assert "ses" not in result.pages[url].detail
    assert not odd.answers("/page")
    assert not any(b"authorization" in each.request.lower() or b"ses" in each.request for each in odd.log)
    (answer,) = (each for each in kept(tmp_path) if location.encode() in each[2] and each[0] == "response")
    assert b"Location: " + location.encode() in answer[2]  # the server's own words stay as they are


def test_only_the_servers_own_cookies_are_sent(odd: Any, route: Any, crawl: Any, tmp_path: Path) -> None:
    port = odd.listen()
    odd.log.clear()
    odd.routes["/page"] = route(OK)
    odd.routes["/wall"] = lambda line: line.send(
        OK
        if b"Cookie: " in line.request
        else b"HTTP/1.1 302 Found\r\nSet-Cookie: seen=yes\r\nSet-Cookie: strange=1; Domain=elsewhere.test\r\n"
        b"Location: /wall\r\nContent-Length: 0\r\n\r\n"
    )
    crawl(f"http://localhost:{port}/wall", f"http://localhost:{port}/page", warc=tmp_path)
    sent = [request_fields(block)[0] for kind, _, block in kept(tmp_path) if kind == "request"]
    assert [value for fields in sent for name, value in fields if name.lower() == "cookie"] == ["seen=yes"]
    names = {name.lower() for fields in sent for name, _ in fields}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "cookie"}
