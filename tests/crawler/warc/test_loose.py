"""Records that belong to captures: told from their gzip member alone, noted by every name, and never when anything about them is odd."""

import sqlite3

import pytest

from crawler.warc.gzipmember import compress
from crawler.warc.loose import SCHEMA, Loose

ID = "urn:uuid:00000000-0000-4000-8000-00000000000"


def record(kind=b"request", block=b"GET / HTTP/1.1\r\n\r\n", more=b"", length=None):
    size = len(block) if length is None else length
    head = b"WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: <%s1>\r\n%sContent-Length: %d\r\n\r\n"
    return head % (kind, ID.encode(), more, size) + block + b"\r\n\r\n"


@pytest.fixture
def look(tmp_path):
    """What is said of the member at an offset of a file, and what is wanted then once a record has been read that goes by names."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(SCHEMA)
    loose = Loose(database)

    def look_at(data, names=(), redirect=None):
        (tmp_path / "x").write_bytes(b"before" + data)
        with (tmp_path / "x").open("rb") as file:
            length = loose.look(file.fileno(), 7, 6)
        loose.read(names, redirect)
        return length, loose.wanted()

    return look_at


@pytest.mark.parametrize("kind", [b"request", b"metadata", b"conversion"])
@pytest.mark.parametrize("name", [1, 2, 3, 4])
def test_it_is_noted_by_each_of_its_names(look, kind, name):
    more = b"".join(
        b"%s: <%s%d>\r\n" % (field, ID.encode(), number)
        for field, number in ((b"WARC-Concurrent-To", 2), (b"warc-concurrent-to", 3), (b"WARC-Refers-To", 4))
    )
    member = compress(record(kind, more=more))
    length, wanted = look(member + b"what comes after", [f"{ID}{name}", f"{ID}{name}"], f"{ID}{name}")
    assert (length, wanted) == (len(member), [(7, 6, f"{ID}{name}")])
    assert look(b"", [f"{ID}{name}"]) == (0, []), "each is handed out once"


def test_what_belongs_to_nothing_that_was_read_is_left(look):
    assert look(compress(record()), [f"{ID}5"]) == (len(compress(record())), [])


def test_a_long_text_is_one_too(look):
    noise = b"".join(b"%d" % (n * n * n) for n in range(90_000))
    member = compress(record(b"conversion", noise))
    assert len(member) > 3 << 16
    assert look(member + member, [f"{ID}1"]) == (len(member), [(7, 6, None)])


ODD = {
    "a capture": compress(record(b"response")),
    "no type": compress(record().replace(b"WARC-Type", b"X")),
    "two types": compress(record(more=b"WARC-Type: response\r\n")),
    "a folded line": compress(record(more=b"WARC-Refers-To:\r\n <urn:x>\r\n")),
    "two records in one member": compress(record() + record()),
    "another length": compress(record(length=3)),
    "no length": compress(record().replace(b"Content-Length", b"X")),
    "a long header": compress(record(more=b"".join(b"X: %d\r\n" % (n * n * n) for n in range(9_000)))),
    "torn": compress(record())[:-1],
    "a wrong checksum": compress(record())[:-8] + bytes(8),
    "no gzip": record(),
    "nothing": b"",
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD.keys())
def test_what_is_odd_is_read_as_all_else_is(look, data):
    assert look(data, [f"{ID}1"]) == (0, [])
