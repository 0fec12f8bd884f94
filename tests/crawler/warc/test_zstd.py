"""WARCs in Zstandard frames, with a dictionary and without, whole, split, damaged and hostile."""

import gzip
import io
import json
import random
import sys
import tracemalloc
import zipfile
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.warc.cdxj import index_entries
from crawler.warc.gzipmember import compress
from crawler.warc.reader import read_capture_at, read_captures, read_raw
from crawler.warc.repair import repair_file
from crawler.warc.scan import scan
from crawler.warc.source import Broken
from crawler.warc.verify import verify_file, verify_stream

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHECKED = {zstd.CompressionParameter.checksum_flag: 1}
EMPTY = zstd.compress(b"", options=CHECKED)
EXTENSION = b"\x50\x2a\x4d\x18\x03\0\0\0abc"


def frame(data, dictionary=None, **options):
    return zstd.compress(data, options=CHECKED | options, zstd_dict=dictionary)


def skippable(data):
    return b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data


@pytest.fixture(scope="module")
def members(small_file):
    """The records of a small file, as they are without compression."""
    return [
        gzip.decompress(small_file[entry.offset : entry.offset + (entry.length or 0)])
        for entry in map(finished, scan(io.BytesIO(small_file)))
    ]


@pytest.fixture(scope="module")
def dictionary(members):
    return zstd.train_dict([record[at:] for record in members for at in range(0, len(record), 3)], 2048)


def finished(entry):
    entry.finish()
    return entry


def read(data, offset=0):
    """What is read, record by record, and what is damaged."""
    damages, found = [], []
    file = io.BytesIO(data)
    file.seek(offset)
    for entry in scan(file, offset=offset, on_damage=damages.append):
        try:
            block = b"".join(entry.pieces())
            entry.finish()
            found.append((entry.header, block, entry.gap, entry.offset, entry.length))
        except Broken:
            continue
    return found, damages


FORMS = ["no dictionary", "dictionary", "dictionary compressed", "extensions between", "one frame for all"]


@pytest.fixture(params=FORMS)
def packed(request, members, dictionary):
    content = dictionary.dict_content
    return {
        "no dictionary": b"".join(map(frame, members)),
        "dictionary": skippable(content) + b"".join(frame(record, dictionary) for record in members),
        "dictionary compressed": skippable(frame(content)) + b"".join(frame(record, dictionary) for record in members),
        "extensions between": b"".join(frame(record) + EXTENSION + EMPTY for record in members),
        "one frame for all": frame(b"".join(members)),
    }[request.param]


def test_the_same_is_read_as_from_gzip(packed, small_file, tmp_path):
    (tmp_path / "x.warc.zst").write_bytes(packed)
    (tmp_path / "x.warc.gz").write_bytes(small_file)
    found, wanted = (
        [(c.url, c.date, c.status, c.headers, c.body, c.damaged, c.provenance) for c in read_captures(tmp_path / name)]
        for name in ("x.warc.zst", "x.warc.gz")
    )
    assert found == wanted
    assert len(found) == 4
    alone = len({capture.pointer.offset for capture in read_captures(tmp_path / "x.warc.zst")}) > 1
    rules = {finding.rule for finding in verify_file(tmp_path / "x.warc.zst")}
    assert rules == (set() if alone else {"member-alignment"})
    assert {finding.rule for finding in verify_stream(io.BytesIO(packed))} == rules


@pytest.mark.parametrize("packed", FORMS[:4], indirect=True)
def test_a_record_is_found_by_its_offset(packed, members, tmp_path):
    path = tmp_path / "x.warc.zst"
    path.write_bytes(packed)
    for capture in read_captures(path):
        at, length = capture.pointer.offset, capture.pointer.length
        assert read_capture_at(path, at).body == capture.body
        assert read_raw(path, at, length) + b"\r\n\r\n" in members
        assert read(packed, at)[0] == [each for each in read(packed)[0] if each[3] >= at]


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_record_may_be_in_several_frames(members, data):
    wanted = read(b"".join(map(frame, members)))[0]
    parts = []
    for record in members:
        cuts = sorted(data.draw(st.lists(st.integers(1, len(record) - 1), max_size=4)))
        bounds = [0, *cuts, len(record)]
        pieces = [record[a:b] for a, b in pairwise(bounds)]
        parts += [frame(piece) + data.draw(st.sampled_from([b"", EMPTY, EXTENSION])) for piece in pieces]
    found, damages = read(b"".join(parts))
    assert damages == []
    assert [each[:3] for each in found] == [each[:3] for each in wanted]


@given(at=st.integers(0, 1 << 20), flip=st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_a_changed_byte_costs_one_record_at_most(members, dictionary, at, flip):
    data = bytearray(b"".join(frame(record, dictionary) for record in members))
    head = skippable(dictionary.dict_content)
    data[at % len(data)] ^= flip
    whole = set(members)
    found, damages = read(head + bytes(data))
    assert all(header + block + gap in whole for header, block, gap, *_ in found)
    assert len(found) >= len(members) - 1
    assert damages or len(found) == len(members)


def test_a_torn_end_is_told(members):
    data = b"".join(map(frame, members))
    whole = read(data)[0]
    for cut in (1, 4, 5, 40):
        found, damages = read(data[:-cut])
        assert (found, [damage.reason for damage in damages]) == (whole[:-1], ["torn"])


def test_without_its_dictionary_a_file_is_damaged_and_says_so(members, dictionary):
    found, damages = read(b"".join(frame(record, dictionary) for record in members))
    assert found == []
    assert damages[0].reason == "bad-zstd"
    assert "ictionary" in damages[0].detail


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b"\x5d\x2a\x4d\x18\xff\xff\xff\xff" + bytes(50), "more than 8 MiB"),
        (skippable(frame(bytes(9 << 20))), "larger than 8 MiB"),
        (skippable(frame(b"\x37\xa4\x30\xec" + bytes(99))[:-9]), "not whole"),
        (skippable(b"no dictionary"), "cannot be used"),
        (skippable(b""), "cannot be used"),
    ],
)
def test_a_dictionary_that_cannot_be_used(members, head, why):
    damages = read(head + frame(members[0]))[1]
    assert (damages[0].offset, damages[0].reason) == (0, "bad-zstd")
    assert why in damages[0].detail


def test_a_frame_that_looks_back_too_far_is_refused(members):
    wide = {zstd.CompressionParameter.window_log: 30, zstd.CompressionParameter.enable_long_distance_matching: 1}
    far = zstd.ZstdCompressor(options=CHECKED | wide)
    data = far.compress(members[0]) + far.flush()
    found, damages = read(data + frame(members[1]))
    assert [damage.reason for damage in damages] == ["bad-zstd"]
    assert len(found) == 1


def test_a_bomb_costs_no_memory(members):
    head = b"WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: %d\r\n\r\n" % (256 << 20)
    bomb = zstd.ZstdCompressor(options=CHECKED)
    data = bomb.compress(head) + b"".join(bomb.compress(bytes(1 << 20)) for _ in range(256))
    data += bomb.compress(b"\r\n\r\n") + bomb.flush()
    assert len(data) < 1 << 20
    tracemalloc.start()
    (entry,) = map(finished, scan(io.BytesIO(data)))
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()
    assert (entry.block_length, entry.length) == (256 << 20, len(data))


def test_a_package_that_holds_one_is_read_as_the_file_is_and_verified_with_one_warning(members, dictionary, tmp_path):
    file, package = tmp_path / "x.warc.zst", tmp_path / "x.wacz"
    file.write_bytes(skippable(dictionary.dict_content) + b"".join(frame(record, dictionary) for record in members))
    captures = list(read_captures(file))
    inside = {
        "archive/x.warc.zst": file.read_bytes(),
        "indexes/index.cdx": b"".join(sorted(entry.to_line() for entry in index_entries(file))),
        "pages/pages.jsonl": b'{"format": "json-pages-1.0", "id": "pages"}\n',
    }
    listed = [
        {"name": name, "path": name, "hash": f"sha256:{sha256(data).hexdigest()}", "bytes": len(data)}
        for name, data in inside.items()
    ]
    manifest = json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": listed}).encode()
    said = {"path": "datapackage.json", "hash": f"sha256:{sha256(manifest).hexdigest()}"}
    inside |= {"datapackage.json": manifest, "datapackage-digest.json": json.dumps(said).encode()}
    with zipfile.ZipFile(package, "w") as wacz:
        for name, data in inside.items():
            wacz.writestr(name, data)
    assert list(read_captures(package)) == captures
    assert len(captures) > 1
    alone = [finding.rule for finding in verify_file(file)]
    assert [each.rule for each in verify_file(package) if each.severity == "error"] == []
    assert [each.rule for each in verify_file(package) if each.rule not in alone] == ["member-zstandard"]
    broken = bytearray(inside["archive/x.warc.zst"])
    broken[captures[1].pointer.offset + captures[1].pointer.length // 2] ^= 0xFF
    with zipfile.ZipFile(package, "w") as wacz:
        for name, data in (inside | {"archive/x.warc.zst": bytes(broken)}).items():
            wacz.writestr(name, data)
    assert "bad-zstd" in [each.rule for each in verify_file(package)]


def test_a_repair_gives_gzip_that_needs_no_dictionary(members, dictionary, tmp_path):
    data = skippable(dictionary.dict_content) + b"".join(frame(record, dictionary) for record in members)
    (tmp_path / "x.warc.zst").write_bytes(data[:-3])
    done = repair_file(tmp_path / "x.warc.zst", tmp_path / "y.warc.gz")
    assert (done.saved, len(done.lost)) == (len(members) - 1, 1)
    assert gzip.decompress((tmp_path / "y.warc.gz").read_bytes()) == b"".join(members[:-1])


def test_gzip_that_holds_the_magic_number_is_gzip():
    noise = random.Random(1).randbytes(50_000)
    block = b"\x28\xb5\x2f\xfd".join(noise[at : at + 90] for at in range(0, 50_000, 90))
    record = b"WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)
    broken = compress(record)[:-8] + bytes(8)
    found, damages = read(broken + compress(record) + frame(record))
    assert [each[1] for each in found] == [block, block]
    assert [damage.reason for damage in damages] == ["bad-checksum"]
