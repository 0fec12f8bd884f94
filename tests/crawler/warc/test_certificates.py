"""The certificates of a connection: kept once a file, named by each exchange's metadata, readable by anybody's tools."""

import re
import ssl
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.warc import certificates, notes
from crawler.warc.exchange import Exchange
from crawler.warc.reader import read_captures
from crawler.warc.verify import verify_file
from crawler.warc.writer import WarcWriter

Make = Callable[..., Exchange]
CHAIN = (b"\x30\x82leaf" * 40, b"\x30\x82root" * 30)


@given(st.lists(st.binary(min_size=1, max_size=200), max_size=3).map(tuple))
def test_the_text_is_what_other_tools_read(chain: tuple[bytes, ...]) -> None:
    text = certificates.to_pem(chain).decode()
    parts = re.findall("-----BEGIN.*?-----END CERTIFICATE-----\n", text, re.DOTALL)
    assert tuple(ssl.PEM_cert_to_DER_cert(each) for each in parts) == chain
    assert "".join(parts) == text
    assert all(len(line) <= 64 for line in text.splitlines())


def records(path: Path) -> list[tuple[str, str, bytes]]:
    """Type, address and block of each record."""
    with path.open("rb") as file:
        return [
            (each.rec_type, each.rec_headers.get_header("WARC-Target-URI"), each.raw_stream.read())
            for each in ArchiveIterator(file, no_record_parse=True)
        ]


def test_a_chain_is_kept_once_in_each_file(exchange: Make, tmp_path: Path) -> None:
    with WarcWriter(tmp_path, prefix="p", info={}, host="h") as writer:
        for chain in (CHAIN, CHAIN, CHAIN[:1], (), CHAIN):
            writer.write(exchange(certificates=chain))
        writer.seal()
        writer.write(exchange(certificates=CHAIN))
    first, second = sorted(tmp_path.iterdir())
    whole, leaf = (certificates.to_pem(each) for each in (CHAIN, CHAIN[:1]))
    assert [block for kind, _, block in records(first) if kind == "resource"] == [whole, leaf]
    assert [block for kind, _, block in records(second) if kind == "resource"] == [whole]
    for path in (first, second):
        assert list(verify_file(path)) == []
        assert {each.url for each in read_captures(path)} == {"https://e.com/a"}


def test_each_exchange_names_its_chain_and_its_certificate(exchange: Make, tmp_path: Path) -> None:
    with WarcWriter(tmp_path, prefix="p", info={}, host="h") as writer:
        writer.write(exchange(certificates=CHAIN, tls_problem="self-signed certificate"))
        writer.write(exchange())
    (path,) = tmp_path.iterdir()
    found = records(path)
    addresses = [address for kind, address, _ in found if kind == "resource"]
    one, other = (notes.from_block(block) for kind, _, block in found if kind == "metadata")
    assert one is not None
    assert other is not None
    assert one.tls_certificate == "sha256:" + sha256(CHAIN[0]).hexdigest()
    assert addresses == [certificates.uri(str(one.tls_chain))]
    assert one.tls_problem == "self-signed certificate"
    assert (other.tls_certificate, other.tls_chain, other.tls_problem) == (None, None, None)
