import gzip
import sys

import pytest

from crawler.warc.second import second_opinion


def record(name, block):
    head = (
        f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:{name}>\r\n"
        f"WARC-Date: 2026-11-20T09:00:00Z\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(record("1", b"tide") + record("2", b"") + record("3", b"x" * 200_000))
    return path


def test_two_readers_that_agree_say_nothing(path):
    assert list(second_opinion(path)) == []


def test_damage_anywhere_is_left_to_the_verifier(path):
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x81]) + whole[place + 1 :])
        list(second_opinion(path))
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        list(second_opinion(path))


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ([("urn:uuid:1", "other")], "another block"),
        ([], "ends before"),
        (ValueError("bad chunk"), "cannot read on: ValueError: bad chunk"),
    ],
)
def test_what_the_other_reader_sees_differently_is_told(path, monkeypatch, theirs, said):
    def other(_):
        if isinstance(theirs, Exception):
            raise theirs
        yield from theirs

    monkeypatch.setattr("crawler.warc.second._theirs", other)
    [finding] = second_opinion(path)
    assert (finding.offset, finding.record_id, finding.severity) == (0, "urn:uuid:1", "warning")
    assert said in finding.message


def test_what_the_other_reader_prints_is_not_printed(path, monkeypatch, capsys):
    def other(_):
        print("Error -3 while decompressing data", file=sys.stderr)  # as warcio.bufferedreaders does
        yield "urn:uuid:1", "other"

    monkeypatch.setattr("crawler.warc.second._theirs", other)
    assert len(list(second_opinion(path))) == 1
    assert capsys.readouterr().err == ""
