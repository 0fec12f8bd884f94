import gc
import gzip
import io
import json
import shutil
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from crawler.errors import EvidenceError, StorageError
from crawler.warc.cdxj import IndexEntry
from crawler.warc.exchange import Exchange, Provenance, RevisitTarget
from crawler.warc.reader import read_captures
from crawler.warc.scan import scan
from crawler.warc.verify import verify_file
from crawler.warc.wacz import Packed, Page, pack
from crawler.warc.writer import WarcWriter
from crawler.warc.zipnum import compress_index

Make = Callable[..., Exchange]
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def warcs(tmp_path: Path, exchange: Make) -> list[Path]:
    """Two files: the second holds a revisit of a record in the first, and is still being written."""
    folder = tmp_path / "warc"
    with WarcWriter(folder, prefix="demo", info={}, host="h") as writer:
        first = writer.write(exchange(url="https://e.com/first"))
        writer.write(exchange(url="https://e.com/b", started=datetime(2026, 11, 1, tzinfo=UTC)))
        writer.seal()
        target = RevisitTarget(
            record_id=first.record_id,
            url="https://e.com/first",
            date=exchange().started,
            payload_digest=first.payload_digest,
        )
        writer.write(exchange(url="https://e.com/again"), revisit_of=target)
        writer.write(exchange(url="https://e.com/a"))
    return sorted(folder.iterdir())


@pytest.fixture
def make(tmp_path: Path, warcs: list[Path]) -> Callable[..., tuple[Path, Packed]]:
    def pack_them(
        wanted: Callable[[IndexEntry], bool] | None = None, target: Path = tmp_path / "x.wacz"
    ) -> tuple[Path, Packed]:
        pages = [
            Page(url=c.url, date=c.date, title="Title é", text="Text", record_id=c.pointer.record_id)
            for p in warcs
            for c in read_captures(p)
        ]
        return target, pack(target, warcs, pages=pages, title="T", software="pressmark", created=AT, wanted=wanted)

    return pack_them


def member(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def test_whole_files_go_in_as_they_are(make: Callable[..., tuple[Path, Packed]], warcs: list[Path]) -> None:
    path, packed = make()
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [
            *(f"archive/{p.name.removesuffix('.open')}" for p in warcs),
            "indexes/index.cdx.gz",
            "indexes/index.idx",
            "pages/pages.jsonl",
            "datapackage.json",
            "datapackage-digest.json",
        ]
        assert [archive.read(name) for name in archive.namelist()[:2]] == [p.read_bytes() for p in warcs]
        assert {i.compress_type for i in archive.infolist() if i.filename.endswith(".gz")} == {zipfile.ZIP_STORED}
    assert packed == Packed(warcs=2, captures=4, pages=4, size=path.stat().st_size, missing_originals=0)


def test_manifest_proves_every_file(make: Callable[..., tuple[Path, Packed]]) -> None:
    path, _ = make()
    data = member(path, "datapackage.json")
    manifest = json.loads(data)
    assert (manifest["profile"], manifest["wacz_version"], manifest["created"]) == (
        "data-package",
        "1.1.1",
        "2026-11-23T12:00:00Z",
    )
    for resource in manifest["resources"]:
        content = member(path, resource["path"])
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")
    digest = json.loads(member(path, "datapackage-digest.json"))
    assert digest == {"path": "datapackage.json", "hash": f"sha256:{sha256(data).hexdigest()}"}


def test_local_and_central_headers_agree_on_extra_fields(
    make: Callable[..., tuple[Path, Packed]], tmp_path: Path
) -> None:
    """ReplayWeb.page (wabac 2.27) takes a member without an extra field in the central directory to have none at all."""
    path, _ = make()
    with zipfile.ZipFile(path) as archive:
        assert all(info.extra[:2] == b"UT" for info in archive.infolist())
    streamed = tmp_path / "streamed.wacz"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(streamed, "w") as new:
        for info in old.infolist():
            plain = zipfile.ZipInfo(info.filename)
            with new.open(plain, "w", force_zip64=True) as out:
                out.write(old.read(info))
    assert {(f.severity, f.rule) for f in verify_file(streamed)} == {("warning", "member-extra")}


def test_index_is_sorted_and_listed(make: Callable[..., tuple[Path, Packed]]) -> None:
    path, _ = make()
    lines = gzip.decompress(member(path, "indexes/index.cdx.gz")).splitlines(keepends=True)
    assert lines == sorted(lines)
    idx: list[bytes] = []
    assert b"".join(compress_index(lines, "index.cdx.gz", idx)) == member(path, "indexes/index.cdx.gz")
    assert b"".join(idx) == member(path, "indexes/index.idx")


def test_pages_carry_title_and_text(make: Callable[..., tuple[Path, Packed]]) -> None:
    path, _ = make()
    header, first, *_ = member(path, "pages/pages.jsonl").splitlines()
    assert json.loads(header) == {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
    page = json.loads(first)
    assert (page["url"], page["ts"], page["title"], page["text"]) == (
        "https://e.com/first",
        "2026-11-23T10:00:00Z",
        "Title é",
        "Text",
    )


def test_a_selected_revisit_brings_its_original(make: Callable[..., tuple[Path, Packed]]) -> None:
    path, packed = make(lambda entry: entry.url.endswith("/again"))
    assert (packed.captures, packed.pages, packed.missing_originals) == (2, 2, 0)
    assert sorted(c.url for c in read_captures(path)) == ["https://e.com/again", "https://e.com/first"]
    with zipfile.ZipFile(path) as archive:
        kinds = [
            [entry.get("WARC-Type") for entry in scan(io.BytesIO(archive.read(n)))]
            for n in archive.namelist()
            if n.startswith("archive/")
        ]
    assert kinds == [["warcinfo", "request", "response", "metadata"], ["warcinfo", "request", "revisit", "metadata"]]
    assert list(verify_file(path)) == []


@pytest.mark.parametrize("wanted", [None, lambda entry: entry.url.endswith("/again")])
def test_what_was_taken_down_is_brought_by_nothing(
    tmp_path: Path, warcs: list[Path], wanted: Callable[[IndexEntry], bool] | None
) -> None:
    first = next(c for c in read_captures(warcs[0]) if c.url.endswith("/first"))
    packed = pack(
        tmp_path / "x.wacz", warcs, pages=[], title="T", software="s", created=AT, wanted=wanted,
        hidden={(first.pointer.filename, first.pointer.offset)},
    )  # fmt: skip
    assert packed.missing_originals == 1
    found = list(read_captures(tmp_path / "x.wacz"))
    assert "https://e.com/again" in [c.url for c in found]
    assert "https://e.com/first" not in [c.url for c in found]
    with zipfile.ZipFile(tmp_path / "x.wacz") as archive:
        for name in archive.namelist():
            if name.startswith("archive/"):
                assert first.pointer.record_id not in [e.record_id for e in scan(io.BytesIO(archive.read(name)))]


def test_a_time_range(make: Callable[..., tuple[Path, Packed]]) -> None:
    path, packed = make(lambda entry: entry.timestamp < "20261115")
    assert [c.url for c in read_captures(path)] == ["https://e.com/b"]
    assert (packed.warcs, packed.captures, packed.pages) == (1, 1, 1)


def test_redirects_come_with_the_page_they_led_to(tmp_path: Path, exchange: Make) -> None:
    hop = b"HTTP/1.1 301 Moved\r\nLocation: /page\r\nContent-Length: 0\r\n\r\n"
    with WarcWriter(tmp_path / "warc", prefix="demo", info={}) as writer:
        for run in "12":
            asked = Provenance(run_id=run, role="page", requested_url="https://e.com/go")
            writer.write(exchange(hop, url="https://e.com/go", provenance=asked))
            writer.write(
                exchange(url="https://e.com/page", provenance=asked, started=datetime(2026, 11, int(run), tzinfo=UTC))
            )
    pack(
        tmp_path / "x.wacz", list((tmp_path / "warc").iterdir()), pages=[], title="T", software="s", created=AT,
        wanted=lambda entry: entry.url.endswith("/page") and entry.timestamp.startswith("20261102"),
    )  # fmt: skip
    found = list(read_captures(tmp_path / "x.wacz"))
    assert [(c.url, c.provenance.run_id) for c in found] == [("https://e.com/go", "2"), ("https://e.com/page", "2")]


def test_memory_does_not_grow_with_the_number_of_records(
    tmp_path: Path, exchange: Make, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr("crawler.warc.wacz.compress_index", partial(compress_index, lines_per_block=50))
    gc.collect()
    gc.freeze()  # or what earlier tests left decides how rarely old garbage is collected
    request.addfinalizer(gc.unfreeze)
    peaks = []
    for number in (300, 900):
        folder = tmp_path / str(number)
        with WarcWriter(folder, prefix="demo", info={}) as writer:
            for n in range(number):
                writer.write(exchange(url=f"https://e.com/{n}"))
        tracemalloc.start()
        for wanted in (None, lambda entry: True):
            pack(
                tmp_path / "x.wacz",
                list(folder.iterdir()),
                pages=[],
                title="T",
                software="s",
                created=AT,
                wanted=wanted,
            )
        list(verify_file(tmp_path / "x.wacz"))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 600 * 600  # bytes a record: caches of bounded size fill up


def test_records_keep_their_bytes_and_provenance(make: Callable[..., tuple[Path, Packed]], warcs: list[Path]) -> None:
    path, _ = make(lambda entry: entry.url.endswith("/a"))
    (found,) = read_captures(path)
    (original,) = (c for p in warcs for c in read_captures(p) if c.url.endswith("/a"))
    assert (found.body, found.provenance, found.fidelity, found.pointer.record_id) == (
        original.body,
        original.provenance,
        "wire",
        original.pointer.record_id,
    )


def test_a_missing_original_is_counted(tmp_path: Path, warcs: list[Path]) -> None:
    packed = pack(tmp_path / "x.wacz", warcs[1:], pages=[], title="T", software="s", created=AT, wanted=lambda e: True)
    assert packed.missing_originals == 1


def test_plain_files_can_be_selected_from(tmp_path: Path, warcs: list[Path]) -> None:
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(warcs[0].read_bytes()))
    pack(
        tmp_path / "x.wacz",
        [plain],
        pages=[],
        title="T",
        software="s",
        created=AT,
        wanted=lambda e: e.url.endswith("/b"),
    )
    assert [c.url for c in read_captures(tmp_path / "x.wacz")] == ["https://e.com/b"]
    assert [f for f in verify_file(tmp_path / "x.wacz") if f.severity == "error"] == []


def test_a_torn_tail_is_not_packed(tmp_path: Path, warcs: list[Path]) -> None:
    with warcs[1].open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")
    pack(tmp_path / "x.wacz", warcs, pages=[], title="T", software="s", created=AT)
    assert list(verify_file(tmp_path / "x.wacz")) == []


def test_nothing_to_pack_leaves_nothing(tmp_path: Path, warcs: list[Path]) -> None:
    with pytest.raises(EvidenceError, match="no capture"):
        pack(tmp_path / "out" / "x.wacz", warcs, pages=[], title="T", software="s", created=AT, wanted=lambda e: False)
    assert list((tmp_path / "out").iterdir()) == []


def test_an_old_package_stays_until_the_new_one_is_whole(tmp_path: Path, warcs: list[Path]) -> None:
    target = tmp_path / "x.wacz"
    target.write_bytes(b"old")

    def broken() -> Iterator[Page]:
        raise StorageError("rows cannot be read")
        yield

    with pytest.raises(StorageError, match="rows"):
        pack(target, warcs, pages=broken(), title="T", software="s", created=AT)
    assert target.read_bytes() == b"old"


def test_the_package_verifies(make: Callable[..., tuple[Path, Packed]]) -> None:
    path, _ = make()
    assert list(verify_file(path)) == []


def rebuild(path: Path, change: Callable[[dict[str, bytes]], None], store: bool = True, honest: bool = True) -> None:
    """Write the package anew with some members changed; ``honest``: the manifest speaks of the changed ones."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if honest and "datapackage.json" in members:
        manifest = json.loads(members["datapackage.json"])
        manifest["resources"] = [
            {"name": name, "path": name, "hash": f"sha256:{sha256(data).hexdigest()}", "bytes": len(data)}
            for name, data in members.items()
            if "/" in name
        ]
        members["datapackage.json"] = json.dumps(manifest).encode()
        if "datapackage-digest.json" in members:
            digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(members['datapackage.json']).hexdigest()}"}
            members["datapackage-digest.json"] = json.dumps(digest).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED)


def drop(*names: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        for name in [n for n in members if n.startswith(names)]:
            del members[name]

    return change


def put(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({name: data})


def edit(name: str, old: bytes, new: bytes, *, coded: bool = False) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        data = gzip.decompress(members[name]) if coded else members[name]
        assert old in data
        members[name] = gzip.compress(data.replace(old, new)) if coded else data.replace(old, new)

    return change


def unsorted(members: dict[str, bytes]) -> None:
    lines = gzip.decompress(members["indexes/index.cdx.gz"]).splitlines(keepends=True)
    members["indexes/index.cdx.gz"] = gzip.compress(b"".join(reversed(lines)))


def short_index(members: dict[str, bytes]) -> None:
    lines = gzip.decompress(members["indexes/index.cdx.gz"]).splitlines(keepends=True)
    members["indexes/index.cdx.gz"] = gzip.compress(b"".join(lines[1:]))


def flip_warc(members: dict[str, bytes]) -> None:
    name = next(n for n in members if n.startswith("archive/"))
    data = bytearray(members[name])
    data[len(data) // 2] ^= 0xFF
    members[name] = bytes(data)


def all_offsets(members: dict[str, bytes]) -> None:
    data = gzip.decompress(members["indexes/index.cdx.gz"])
    members["indexes/index.cdx.gz"] = gzip.compress(data.replace(b'"offset": "', b'"offset": "9'))


def all_lengths(members: dict[str, bytes]) -> None:
    data = gzip.decompress(members["indexes/index.cdx.gz"])
    members["indexes/index.cdx.gz"] = gzip.compress(data.replace(b'"length": "', b'"length": "9'))


INDEX = "indexes/index.cdx.gz"
BROKEN: dict[str, tuple[Callable[[dict[str, bytes]], None], dict[str, bool], str]] = {
    "no manifest": (drop("datapackage.json"), {}, "no-manifest"),
    "manifest no JSON": (put("datapackage.json", b"{"), {"honest": False}, "manifest-syntax"),
    "manifest a list": (put("datapackage.json", b"[]"), {"honest": False}, "manifest-syntax"),
    "another profile": (edit("datapackage.json", b"data-package", b"x"), {}, "manifest-profile"),
    "no version": (edit("datapackage.json", b"wacz_version", b"x"), {}, "manifest-version"),
    "no resources": (edit("datapackage.json", b"resources", b"x"), {"honest": False}, "manifest-resources"),
    "manifest changed": (edit("datapackage.json", b'"T"', b'"U"'), {"honest": False}, "manifest-digest"),
    "digest without hash": (put("datapackage-digest.json", b"{}"), {"honest": False}, "manifest-digest"),
    "digest no JSON": (put("datapackage-digest.json", b"x"), {"honest": False}, "manifest-digest"),
    "no WARC": (drop("archive/"), {}, "no-warc"),
    "no index": (drop("indexes/"), {}, "no-index"),
    "no pages": (drop("pages/"), {}, "no-pages"),
    "page no JSON": (put("pages/pages.jsonl", b"x\n"), {}, "page-syntax"),
    "page without url": (put("pages/pages.jsonl", b'{"ts": "2026-11-23T10:00:00Z"}\n'), {}, "page-fields"),
    "page without ts": (put("pages/pages.jsonl", b'{"url": "https://e.com/"}\n'), {}, "page-fields"),
    "page of no RFC 3339 time": (put("pages/pages.jsonl", b'{"url": "https://e.com/", "ts": "20261123"}\n'), {}, "page-fields"),
    "file not listed": (put("archive/y.txt", b"x"), {"honest": False}, "resource-unlisted"),
    "file listed but missing": (drop(INDEX), {"honest": False}, "resource-missing"),
    "file changed": (put("pages/pages.jsonl", b'{"format": "json-pages-1.0"}\n'), {"honest": False}, "resource-hash"),
    "file of another size": (put("pages/pages.jsonl", b""), {"honest": False}, "resource-size"),
    "compressed again": (lambda members: None, {"store": False}, "member-compressed"),
    "WARC damaged": (flip_warc, {}, "bad-gzip bad-checksum bad-length bad-header"),
    "index not sorted": (unsorted, {}, "index-order"),
    "index line no CDXJ": (put(INDEX, gzip.compress(b"com,e)/ 2026 {}\n")), {}, "index-line"),
    "index without a capture": (short_index, {}, "index-incomplete"),
    "index of wrong offsets": (all_offsets, {}, "index-offset"),
    "index of wrong lengths": (all_lengths, {}, "index-length"),
    "index of another URL": (edit(INDEX, b"https://e.com/first", b"https://e.com/other", coded=True), {}, "index-record"),
    "index of another time": (edit(INDEX, b" 20261101", b" 20261102", coded=True), {}, "index-record"),
    "name that leads out": (put("../x", b""), {}, "member-name"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_packages(make: Callable[..., tuple[Path, Packed]], name: str) -> None:
    path, _ = make()
    change, how, rules = BROKEN[name]
    rebuild(path, change, **how)
    assert set(rules.split()) & {finding.rule for finding in verify_file(path) if finding.severity == "error"}


def test_rebuilding_alone_breaks_nothing(make: Callable[..., tuple[Path, Packed]]) -> None:
    path, _ = make()
    rebuild(path, lambda members: None)
    assert list(verify_file(path)) == []


@pytest.mark.parametrize("keep", [100, 2000, -30])
def test_torn_packages(make: Callable[..., tuple[Path, Packed]], keep: int) -> None:
    path, _ = make()
    path.write_bytes(path.read_bytes()[:keep])
    assert [f.rule for f in verify_file(path) if f.severity == "error"] == ["zip-damaged"]


def test_a_line_may_lead_to_a_record_that_needs_none(make: Callable[..., tuple[Path, Packed]]) -> None:
    """py-wacz indexes the metadata records of wget too."""
    path, _ = make()

    def change(members: dict[str, bytes]) -> None:
        name = next(n for n in members if n.startswith("archive/"))
        entries = []
        for entry in scan(io.BytesIO(members[name])):
            entry.finish()
            entries.append(entry)
        [found] = [e for e in entries if e.get("WARC-Type") == "metadata"][:1]
        values = {
            "url": found.get("WARC-Target-URI"),
            "offset": found.offset,
            "length": found.length,
            "filename": name.rpartition("/")[2],
        }
        date = "".join(c for c in found.get("WARC-Date") if c.isdigit())[:14]
        lines = gzip.decompress(members[INDEX]).splitlines(keepends=True)
        members[INDEX] = gzip.compress(
            b"".join(sorted([*lines, f"com,e)/first {date} {json.dumps(values)}\n".encode()]))
        )

    rebuild(path, change)
    assert list(verify_file(path)) == []


def test_an_uncompressed_index_is_as_good(make: Callable[..., tuple[Path, Packed]]) -> None:
    path, _ = make()

    def change(members: dict[str, bytes]) -> None:
        members["indexes/index.cdxj"] = gzip.decompress(members.pop(INDEX))
        del members["indexes/index.idx"]

    rebuild(path, change)
    assert list(verify_file(path)) == []


def test_two_files_of_one_name(tmp_path: Path, warcs: list[Path]) -> None:
    other = tmp_path / "other" / warcs[0].name
    other.parent.mkdir()
    shutil.copy(warcs[0], other)
    with pytest.raises(StorageError, match="two files"):
        pack(tmp_path / "x.wacz", [warcs[0], other], pages=[], title="T", software="s", created=AT)
