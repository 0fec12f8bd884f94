"""TLS evidence: the certificates that a server showed are kept, and where they did not verify, that is said."""

import ssl
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from crawler.warc import notes

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"


def shown(port: int) -> bytes:
    return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", port)))


def test_the_certificate_of_each_connection_is_kept(odd: Any, route: Any, crawl: Any, certificates: Any) -> None:
    odd.routes["/page"] = odd.routes["/closed"] = route(OK)
    odd.routes["/closed"] = route(OK.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n"), end="close")
    ports = [odd.listen(certificates.context()) for _ in range(2)]
    urls = [f"https://localhost:{port}{path}" for port in ports for path in ("/page?1", "/closed?2", "/page?3")]
    result = crawl(*urls, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    leaves = [shown(port).hex() for port in ports]
    assert leaves[0] != leaves[1]
    for url in urls:
        (kept,) = result.of(url)
        assert kept["certificates"] == [leaves[url.startswith(f"https://localhost:{ports[1]}")]]
        assert kept["tls_problem"] is None


def test_a_plain_connection_has_none(odd: Any, route: Any, crawl: Any) -> None:
    odd.routes["/page"] = route(OK)
    url = f"http://localhost:{odd.listen()}/page"
    (kept,) = crawl(url).of(url)
    assert (kept["certificates"], kept["tls_problem"]) == ([], None)


def test_what_did_not_verify_is_said_where_nobody_had_to(odd: Any, route: Any, crawl: Any, certificates: Any) -> None:
    odd.routes["/page"] = route(OK)
    expected = {
        "expired": certificates.context(days=-1),
        "self-signed": certificates.context(known=False),
        "not for localhost": certificates.context("elsewhere.test"),
        "": certificates.context(),
    }
    urls = {text: f"https://localhost:{odd.listen(tls)}/page" for text, tls in expected.items()}
    urls["not for 127.0.0.1"] = urls["not for localhost"].replace("localhost", "127.0.0.1")
    urls["by address"] = urls[""].replace("localhost", "127.0.0.1")
    result = crawl(*urls.values(), DOWNLOAD_VERIFY_CERTIFICATES=False)
    for text, url in urls.items():
        (kept,) = result.of(url)
        assert len(kept["certificates"]) == 1
        if text in ("", "by address"):
            assert kept["tls_problem"] is None
        else:
            assert text in kept["tls_problem"]


def test_it_stands_in_the_archive(odd: Any, route: Any, crawl: Any, certificates: Any, tmp_path: Path) -> None:
    odd.routes["/page"] = route(OK)
    port = odd.listen(certificates.context(known=False))
    crawl(
        *(f"https://localhost:{port}/page?{each}" for each in range(3)),
        warc=tmp_path, DOWNLOAD_VERIFY_CERTIFICATES=False,
    )  # fmt: skip
    (path,) = tmp_path.iterdir()
    with path.open("rb") as file:
        found = [(each.rec_type, each.raw_stream.read()) for each in ArchiveIterator(file, no_record_parse=True)]
    chains = [block for kind, block in found if kind == "resource"]
    assert [ssl.PEM_cert_to_DER_cert(each.decode()) for each in chains] == [shown(port)]
    said = [notes.from_block(block) for kind, block in found if kind == "metadata"]
    assert len(said) == 4
    assert {each and each.tls_problem for each in said} == {"self-signed certificate"}
