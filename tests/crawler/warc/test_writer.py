import io
import os
import re
import resource
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import example, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import StorageError
from crawler.warc import records
from crawler.warc.exchange import Exchange, Provenance, RevisitTarget
from crawler.warc.reader import read_captures
from crawler.warc.scan import Entry, scan
from crawler.warc.verify import verify_file
from crawler.warc.writer import WarcWriter

Make = Callable[..., Exchange]
Open = Callable[..., WarcWriter]
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_writer(tmp_path: Path, clock: Clock, new_id: Callable[[], str]) -> Open:
    def make(**others: object) -> WarcWriter:
        fixed = {"prefix": "demo", "info": {"software": "t/1"}, "now": clock, "host": "h", "new_id": new_id}
        return WarcWriter(tmp_path, **{**fixed, **others})

    return make


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def types(path: Path) -> list[str | None]:
    with path.open("rb") as file:
        return [entry.get("WARC-Type") for entry in scan(file, on_damage=lambda damage: pytest.fail(str(damage)))]


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_all_readers_give_back_what_crossed_the_wire(
    open_writer: Open, exchange: Make, tmp_path: Path, all_odd: dict[str, tuple[bytes, bytes, bytes, bytes]]
) -> None:
    writer = open_writer()
    pointers = [
        writer.write(exchange(received, sent=sent, url=f"https://e.com/{name}"))
        for name, (sent, received, *_) in all_odd.items()
    ]
    writer.seal()
    path = only(tmp_path)
    data = path.read_bytes()
    expected = [block for sent, received, *_ in all_odd.values() for block in (sent, received)]

    with path.open("rb") as file:
        iterator = ArchiveIterator(file, no_record_parse=True)
        blocks, offsets = [], []
        for record in iterator:
            if record.rec_type in ("request", "response"):
                blocks.append(record.raw_stream.read())
            if record.rec_type == "response":
                offsets.append((iterator.get_record_offset(), iterator.get_record_length()))
    assert blocks == expected
    assert offsets == [(p.offset, p.length) for p in pointers]

    wanted = WarcRecordType.request | WarcRecordType.response
    fast = FastIterator(io.BytesIO(data), record_types=wanted, parse_http=False)
    assert [record.reader.read() for record in fast] == expected
    assert all(record.verify_block_digest() for record in FastIterator(io.BytesIO(data), parse_http=False))


def test_warcio_finds_the_same_payloads(
    open_writer: Open, exchange: Make, tmp_path: Path, all_odd: dict[str, tuple[bytes, bytes, bytes, bytes]]
) -> None:
    blind = ("chunked", "chunked-gzip")  # warcio knows no chunk extensions, and no "Chunked" with a capital
    cases = {name: case for name, case in all_odd.items() if name not in blind}
    with open_writer() as writer:
        for sent, received, *_ in cases.values():
            writer.write(exchange(received, sent=sent))
    with only(tmp_path).open("rb") as file:
        bodies = [
            r.content_stream().read() for r in ArchiveIterator(file, check_digests=True) if r.rec_type == "response"
        ]
    assert bodies == [body for *_, body in cases.values()]


def test_records_of_an_exchange_stand_together_after_one_warcinfo(
    open_writer: Open, exchange: Make, tmp_path: Path
) -> None:
    with open_writer() as writer:
        writer.write(exchange())
        writer.write(exchange(b""))
        writer.write_failure("https://e.com/", START, Provenance(), "dns-failed", None)
    assert types(only(tmp_path)) == ["warcinfo", "request", "response", "metadata", "request", "metadata", "metadata"]


def test_all_records_name_their_warcinfo_and_ids_are_unique(open_writer: Open, exchange: Make, tmp_path: Path) -> None:
    for _ in range(2):
        with open_writer() as writer:
            writer.write(exchange())
            writer.write(exchange())
    with only(tmp_path).open("rb") as file:
        entries = [
            (e.get("WARC-Type"), e.record_id, e.get("WARC-Warcinfo-ID"), e.get("WARC-Filename")) for e in scan(file)
        ]
    assert len({record_id for _, record_id, *_ in entries}) == len(entries) == 14
    current = None
    for kind, record_id, info, filename in entries:
        if kind == "warcinfo":
            current = f"<{record_id}>"
            assert filename == only(tmp_path).name.removesuffix(".open")
        else:
            assert info == current


def test_pointer_leads_to_one_whole_member(open_writer: Open, exchange: Make, tmp_path: Path) -> None:
    with open_writer() as writer:
        first, second = writer.write(exchange()), writer.write(exchange(url="https://e.com/b"))
    data = only(tmp_path).read_bytes()
    for pointer in (first, second):
        assert pointer.filename == only(tmp_path).name.removesuffix(".open")
        assert pointer.offset is not None
        assert pointer.length is not None
        (entry,) = scan(io.BytesIO(data[pointer.offset : pointer.offset + pointer.length]))
        assert entry.record_id == pointer.record_id
        assert entry.get("WARC-Type") == "response"


def test_names(open_writer: Open, exchange: Make, tmp_path: Path) -> None:
    writer = open_writer()
    assert names(tmp_path) == []
    writer.write(exchange())
    assert names(tmp_path) == ["demo-20261123100000-00001-h.warc.gz.open"]
    writer.close()
    assert names(tmp_path) == ["demo-20261123100000-00001-h.warc.gz.open"]
    open_writer().seal()
    assert names(tmp_path) == ["demo-20261123100000-00001-h.warc.gz"]


def test_hostile_prefix_and_host_become_safe_names(tmp_path: Path, exchange: Make) -> None:
    with WarcWriter(tmp_path, prefix="../../etc", info={}, host="a/b\n") as writer:
        writer.write(exchange())
    assert re.fullmatch(r"etc-[0-9a-f]{8}-\d{14}-00001-a-b-[0-9a-f]{8}\.warc\.gz\.open", only(tmp_path).name)


def test_the_next_process_goes_on_in_the_open_file(open_writer: Open, exchange: Make, tmp_path: Path) -> None:
    with open_writer() as writer:
        writer.write(exchange())
    before = only(tmp_path).read_bytes()
    with open_writer() as writer:
        writer.write(exchange())
    assert only(tmp_path).read_bytes().startswith(before)
    assert types(only(tmp_path)) == ["warcinfo", "request", "response", "metadata"] * 2


def test_opening_without_writing_changes_nothing(open_writer: Open, exchange: Make, tmp_path: Path) -> None:
    with open_writer() as writer:
        writer.write(exchange())
    before = only(tmp_path).read_bytes()
    with open_writer():
        pass
    assert only(tmp_path).read_bytes() == before


def test_age_closes_a_file_even_while_it_is_written(
    open_writer: Open, exchange: Make, tmp_path: Path, clock: Clock
) -> None:
    writer = open_writer()
    writer.write(exchange())
    clock.time = START + timedelta(days=1)
    pointer = writer.write(exchange())
    writer.close()
    assert names(tmp_path) == ["demo-20261123100000-00001-h.warc.gz", "demo-20261124100000-00002-h.warc.gz.open"]
    assert pointer.filename == "demo-20261124100000-00002-h.warc.gz"


def test_age_closes_a_file_of_an_earlier_process(
    open_writer: Open, exchange: Make, tmp_path: Path, clock: Clock
) -> None:
    with open_writer() as writer:
        writer.write(exchange())
    clock.time = START + timedelta(days=2)
    with open_writer():
        pass
    assert names(tmp_path) == ["demo-20261123100000-00001-h.warc.gz"]


def test_size_closes_a_file(open_writer: Open, exchange: Make, tmp_path: Path) -> None:
    with open_writer(max_bytes=20_000) as writer:
        for _ in range(20):
            writer.write(exchange(b"HTTP/1.1 200 OK\r\n\r\n" + os.urandom(5000)))
    assert len(names(tmp_path)) > 4
    for path in tmp_path.iterdir():
        assert path.stat().st_size < 22_000
        assert types(path)[0] == "warcinfo"
        assert types(path)[1:] == ["request", "response", "metadata"] * (len(types(path)) // 3)


@pytest.mark.fault("2 clock jump back/forward, 1970, 2039, DST", "names of files while it jumps back")
def test_clock_that_jumps_back_never_reuses_a_name(
    open_writer: Open, exchange: Make, tmp_path: Path, clock: Clock
) -> None:
    for time in (START, START - timedelta(days=400), START):
        clock.time = time
        writer = open_writer()
        writer.write(exchange())
        writer.seal()
    assert [name.split("-")[2] for name in names(tmp_path)] == ["00002", "00001", "00003"]


@pytest.mark.parametrize("cut", [1, 7, 8, 9, 100, 300])
def test_torn_tail_is_cut_and_kept(open_writer: Open, exchange: Make, tmp_path: Path, cut: int) -> None:
    with open_writer() as writer:
        writer.write(exchange())
        writer.write(exchange())
    path = only(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    with open_writer() as writer:
        writer.write(exchange())
    kept = (tmp_path / (path.name.removesuffix(".open") + ".torn")).read_bytes()
    good = len(whole) - cut - len(kept)
    assert path.read_bytes()[:good] == whole[:good]
    assert whole[good:-cut] == kept
    assert types(path) == [
        "warcinfo",
        "request",
        "response",
        "metadata",
        "warcinfo",
        "request",
        "response",
        "metadata",
    ]


@pytest.mark.parametrize("junk", [bytes(5000), b"\x1f\x8b\x08\x00junk", b"junk", b"\n" * 3 + b"x" * 99])
def test_junk_at_the_end_is_cut_and_kept(open_writer: Open, exchange: Make, tmp_path: Path, junk: bytes) -> None:
    with open_writer() as writer:
        writer.write(exchange())
    path = only(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole + junk)
    open_writer()
    assert path.read_bytes() == whole
    assert (tmp_path / (path.name.removesuffix(".open") + ".torn")).read_bytes() == junk


def test_two_torn_tails_are_both_kept(open_writer: Open, exchange: Make, tmp_path: Path) -> None:
    for junk in (b"first", b"second"):
        with open_writer() as writer:
            writer.write(exchange())
        path = next(tmp_path.glob("*.open"))
        with path.open("ab") as file:
            file.write(junk)
    open_writer()
    assert [p.read_bytes() for p in sorted(tmp_path.glob("*.torn"), key=lambda p: len(p.name))] == [b"first", b"second"]


def test_file_of_which_nothing_is_whole_goes_away_but_its_name_is_not_reused(
    open_writer: Open, exchange: Make, tmp_path: Path
) -> None:
    (tmp_path / "demo-20261123100000-00007-h.warc.gz.open").write_bytes(b"\x1f\x8b\x08")
    with open_writer() as writer:
        writer.write(exchange())
    assert names(tmp_path) == ["demo-20261123100000-00007-h.warc.gz.torn", "demo-20261123100000-00008-h.warc.gz.open"]


def test_damage_before_whole_records_is_left_as_it_is_and_the_file_closed(
    open_writer: Open, exchange: Make, tmp_path: Path
) -> None:
    with open_writer() as writer:
        writer.write(exchange())
        pointer = writer.write(exchange())
    path = only(tmp_path)
    data = bytearray(path.read_bytes())
    assert pointer.offset
    data[pointer.offset + 40] ^= 0xFF
    path.write_bytes(data)
    with open_writer() as writer:
        writer.write(exchange())
    assert names(tmp_path) == ["demo-20261123100000-00001-h.warc.gz", "demo-20261123100000-00002-h.warc.gz.open"]
    assert (tmp_path / "demo-20261123100000-00001-h.warc.gz").read_bytes() == data


def test_several_open_files_are_closed_but_the_last(open_writer: Open, exchange: Make, tmp_path: Path) -> None:
    with open_writer() as writer:
        writer.write(exchange())
    data = only(tmp_path).read_bytes()
    (tmp_path / "demo-20261123100000-00002-h.warc.gz.open").write_bytes(data)
    (tmp_path / "stray.warc.gz.open").write_bytes(data)
    open_writer()
    assert names(tmp_path) == [
        "demo-20261123100000-00001-h.warc.gz",
        "demo-20261123100000-00002-h.warc.gz.open",
        "stray.warc.gz",
    ]


@pytest.fixture
def limit_file_size() -> Iterator[Callable[[int], None]]:
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, old)


def test_write_that_fails_half_way_is_cut_back(
    open_writer: Open, exchange: Make, tmp_path: Path, limit_file_size: Callable[[int], None]
) -> None:
    writer = open_writer()
    writer.write(exchange())
    before = only(tmp_path).read_bytes()
    limit_file_size(len(before) + 1000)
    with pytest.raises(StorageError, match="could not be written"):
        writer.write(exchange(b"HTTP/1.1 200 OK\r\n\r\n" + os.urandom(5000)))
    assert only(tmp_path).read_bytes() == before
    limit_file_size(10_000_000)
    writer.write(exchange())
    writer.close()
    assert types(only(tmp_path)) == ["warcinfo"] + ["request", "response", "metadata"] * 2


def test_first_write_that_fails_leaves_no_half_warcinfo(
    open_writer: Open, exchange: Make, tmp_path: Path, limit_file_size: Callable[[int], None]
) -> None:
    writer = open_writer()
    limit_file_size(100)
    with pytest.raises(StorageError):
        writer.write(exchange())
    limit_file_size(10_000_000)
    assert only(tmp_path).read_bytes() == b""
    writer.write(exchange())
    assert types(only(tmp_path)) == ["warcinfo", "request", "response", "metadata"]


def test_after_a_failed_sync_nothing_more_is_written(
    open_writer: Open, exchange: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = open_writer()
    writer.write(exchange())

    def fail(handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError, match="could not be synced"):
        writer.sync()
    monkeypatch.undo()
    with pytest.raises(StorageError, match="known state"):
        writer.write(exchange())
    writer.close()


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x")
    with pytest.raises(StorageError, match="could not be opened"):
        WarcWriter(tmp_path / "f", prefix="x", info={})


def test_revisit_is_written_in_place_of_the_response(open_writer: Open, exchange: Make, tmp_path: Path) -> None:
    with open_writer() as writer:
        first = writer.write(exchange())
        target = RevisitTarget(
            record_id=first.record_id,
            url="https://e.com/a",
            date=exchange().started,
            payload_digest=first.payload_digest,
        )
        again = writer.write(exchange(url="https://e.com/b"), revisit_of=target)
    assert again.payload_digest == first.payload_digest == records.payload(exchange()).digest
    assert types(only(tmp_path)) == ["warcinfo", "request", "response", "metadata", "request", "revisit", "metadata"]


@settings(max_examples=80, deadline=None)
@example(cut=95706, junk=bytes(40))
@given(cut=st.integers(1, 1 << 20), junk=st.sampled_from([b"", bytes(40), b"junk"]))
def test_after_a_crash_at_any_byte_the_next_process_leaves_a_valid_file(
    tmp_path_factory: pytest.TempPathFactory, small_file: bytes, cut: int, junk: bytes
) -> None:
    folder = tmp_path_factory.mktemp("crash")
    name = "p-20261123100000-00001-h.warc.gz"
    torn = small_file[: cut % len(small_file)] + junk
    (folder / (name + ".open")).write_bytes(torn)
    with WarcWriter(folder, prefix="p", info={}, host="h", now=Clock()) as writer:
        writer.write(
            Exchange(
                url="https://e.com/", started=START, sent=b"GET / HTTP/1.1\r\n\r\n", received=b"HTTP/1.1 200 OK\r\n\r\n"
            )
        )
    (path,) = folder.glob("*.open")
    assert [f for f in verify_file(path) if f.severity == "error"] == []
    kept = b"".join(p.read_bytes() for p in folder.glob("*.torn"))
    if path.name == name + ".open":
        assert path.read_bytes().startswith(torn[: len(torn) - len(kept)])
    assert torn.endswith(kept)
    # with its metadata record, an exchange is whole; without it nobody would know what the answer was asked for
    last = ("warcinfo", "metadata")
    ends = [0] + [entry.end or 0 for entry in finished(small_file) if entry.get("WARC-Type") in last]
    # zeros may be the very bytes that were cut off
    right = next((at for at, (a, b) in enumerate(zip(torn, small_file, strict=False)) if a != b), len(torn))
    assert len(torn) - len(kept) == max(end for end in ends if end <= right)


def finished(data: bytes) -> Iterator[Entry]:
    for entry in scan(io.BytesIO(data)):
        entry.finish()
        yield entry


SCRAPS = st.text(st.characters(codec="utf-8"), max_size=40) | st.lists(
    st.sampled_from(["\r\n", "\n", "\r", "WARC/1.1\r\n", "WARC-Type: response", ": ", "\x00", "\x85", "\u2028", "é", "<", ">", "Content-Length: 9", "\t"]),
    max_size=12,
).map("".join)  # fmt: skip


@pytest.mark.fault("3 fake WARC/HTTP in body, CR LF in URL/headers", "any address, title and head (Hypothesis)")
@settings(max_examples=max(40, settings.default.max_examples // 10))
@given(url=SCRAPS, title=SCRAPS, head=SCRAPS, body=st.binary(max_size=60), sent=SCRAPS)
def test_what_strangers_write_stays_in_its_record_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, url: str, title: str, head: str, body: bytes, sent: str
) -> None:
    folder = tmp_path_factory.mktemp("strangers")
    received = b"HTTP/1.1 200 OK\r\nX: " + head.replace("\n", " ").encode() + b"\r\n\r\n" + body
    asked = b"GET / HTTP/1.1\r\nX: " + sent.replace("\n", " ").encode() + b"\r\n\r\n"
    told = Provenance(site="x", role="page", requested_url=url, discovered_url=url, title=title, published_raw=title)
    with WarcWriter(folder, prefix="p", info={"operator": title}, host="h", now=Clock()) as writer:
        for number in range(2):
            writer.write(
                Exchange(
                    url=f"https://e.com/{number}{url}", started=START, sent=asked, received=received, provenance=told
                )
            )
    (path,) = folder.glob("*.open")
    assert [str(each) for each in verify_file(path) if each.severity == "error"] == []
    with path.open("rb") as file:
        found = [(r.rec_type, r.raw_stream.read()) for r in ArchiveIterator(file, no_record_parse=True)]
    assert [kind for kind, _ in found] == ["warcinfo", *["request", "response", "metadata"] * 2]
    assert [block for kind, block in found if kind in ("response", "request")] == [asked, received] * 2
    captures = list(read_captures(path))
    assert [each.provenance for each in captures] == [told, told]
    assert [each.body for each in captures] == [body, body]
