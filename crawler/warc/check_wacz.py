"""Rules for a WACZ package (specs.webrecorder.net/wacz/1.1.1): its manifest and digests, its files, its pages, its index.

Owns what is said of the package; the WARCs in it are checked by verify.py. Streams every member; trusts no name in it.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from hashlib import new as new_hash
from pathlib import PurePosixPath
from typing import IO, Any

from crawler.warc.finding import Breach, error, warning
from crawler.warc.reader import warc_members
from crawler.warc.source import PIECE

SPEC = "WACZ 1.1.1"
_HASH = re.compile(r"(sha256|sha512|sha1|md5):([0-9a-f]+)\Z")
_JSON_LIMIT = 64 << 20

Member = tuple[str, Breach]
"""Name of a member, and what is wrong with it."""


def check_wacz(archive: zipfile.ZipFile) -> Iterator[Member]:
    """Yield what is wrong with a package; its WARCs and index lines are left to others."""
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield name, error("member-doubled", f"{SPEC}, Zip Format", "the package holds two files of this name")
    yield from _contents(archive, names)
    yield from _manifest(archive, names)
    if "pages/pages.jsonl" in names:
        yield from _pages(archive)


def read_lines(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield each line of a package's index with its member's name, compressed or not."""
    for name in sorted(set(archive.namelist())):
        if name.startswith("indexes/") and name.endswith((".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")):
            with archive.open(name) as member:
                for line in _lines(_inflated(member) if name.endswith(".gz") else member):
                    if not line.startswith(b"!meta"):
                        yield name, line


def _contents(archive: zipfile.ZipFile, names: list[str]) -> Iterator[Member]:
    if not warc_members(archive):
        yield "archive/", error("no-warc", f"{SPEC}, archive", "there is no WARC in archive/")
    if not any(n.startswith("indexes/") and n.endswith((".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")) for n in names):
        yield "indexes/", error("no-index", f"{SPEC}, indexes", "there is no index in indexes/")
    if "pages/pages.jsonl" not in names:
        yield "pages/pages.jsonl", error("no-pages", f"{SPEC}, pages.jsonl", "there is no pages/pages.jsonl")
    for name in warc_members(archive):
        if name.endswith(".zst"):
            text = "a WARC in a package should be called .warc or .warc.gz: replay tools do not read Zstandard"
            yield name, warning("member-zstandard", f"{SPEC}, archive", text)
    for info in archive.infolist():
        packed = info.filename.startswith("archive/") or info.filename.endswith(".gz")
        if packed and not info.is_dir() and info.compress_type != zipfile.ZIP_STORED:
            yield (
                info.filename,
                error(
                    "member-compressed",
                    f"{SPEC}, Zip Compression",
                    "it is compressed again, so no record can be fetched",
                ),
            )
        if not info.extra and _local_extra(archive, info):
            text = "only its local header has an extra field: ReplayWeb.page reads it at the wrong place"
            yield info.filename, warning("member-extra", f"{SPEC}, Zip Format", text)
        if ".." in PurePosixPath(info.filename).parts or info.filename.startswith("/") or "\\" in info.filename:
            yield info.filename, error("member-name", f"{SPEC}, Zip Format", "the name leads out of the package")


def _local_extra(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> int:
    """Bytes of the extra field in a member's local header (APPNOTE 4.3.7)."""
    assert archive.fp
    archive.fp.seek(info.header_offset + 28)
    return int.from_bytes(archive.fp.read(2), "little")


def _manifest(archive: zipfile.ZipFile, names: list[str]) -> Iterator[Member]:
    name, section = "datapackage.json", f"{SPEC}, datapackage.json"
    if name not in names:
        yield name, error("no-manifest", section, "there is no datapackage.json")
        return
    data = _read(archive, name)
    manifest = _json(data)
    if not isinstance(manifest, dict):
        yield name, error("manifest-syntax", section, "it is no JSON object")
        return
    if manifest.get("profile") != "data-package":
        yield name, error("manifest-profile", section, "profile is not data-package")
    if not isinstance(manifest.get("wacz_version"), str):
        yield name, error("manifest-version", section, "there is no wacz_version")
    resources = manifest.get("resources")
    resources = [each for each in resources if isinstance(each, dict)] if isinstance(resources, list) else []
    if not resources:
        yield name, error("manifest-resources", section, "there are no resources")
    yield from _resources(archive, names, resources)
    yield from _digest(archive, names, data)


def _resources(archive: zipfile.ZipFile, names: list[str], resources: list[dict[str, Any]]) -> Iterator[Member]:
    section = f"{SPEC}, datapackage.json"
    listed = set()
    for each in resources:
        path = each.get("path")
        if not isinstance(path, str) or path not in names:
            yield str(path), error("resource-missing", section, "the manifest lists it, the package does not hold it")
            continue
        listed.add(path)
        match = _HASH.match(str(each.get("hash")))
        if not match:
            yield path, error("resource-hash", section, "the manifest gives no hash of it")
        try:
            size, value = _hash(archive, path, match[1] if match else "sha256")
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as broken:
            yield path, error("member-damaged", f"{SPEC}, Zip Format", f"it cannot be read: {broken}")
            continue
        if match and value != match[2]:
            yield path, error("resource-hash", section, "it is not what its hash in the manifest says")
        if each.get("bytes") != size:
            yield path, error("resource-size", section, f"it has {size} bytes, the manifest says {each.get('bytes')}")
    for path in sorted(set(names) - listed - {"datapackage.json", "datapackage-digest.json"}):
        yield path, error("resource-unlisted", section, "the manifest does not list it")


def _digest(archive: zipfile.ZipFile, names: list[str], manifest: bytes) -> Iterator[Member]:
    name, section = "datapackage-digest.json", f"{SPEC}, datapackage-digest.json"
    if name not in names:
        yield (
            name,
            warning("no-manifest-digest", section, "there is no datapackage-digest.json: nothing proves the manifest"),
        )
        return
    values = _json(_read(archive, name))
    match = _HASH.match(str(values.get("hash"))) if isinstance(values, dict) else None
    if not match or values.get("path") != "datapackage.json":
        yield name, error("manifest-digest", section, "it gives no hash of datapackage.json")
    elif new_hash(match[1], manifest, usedforsecurity=False).hexdigest() != match[2]:
        yield "datapackage.json", error("manifest-digest", section, "it is not what datapackage-digest.json says")


def _pages(archive: zipfile.ZipFile) -> Iterator[Member]:
    name, section = "pages/pages.jsonl", f"{SPEC}, pages.jsonl"
    with archive.open(name) as member:
        for number, line in enumerate(_lines(member), 1):
            page = _json(line)
            if not isinstance(page, dict):
                yield name, error("page-syntax", section, f"line {number} is no JSON object")
            elif "format" in page and number == 1:
                continue
            elif not isinstance(page.get("url"), str) or not _is_date(page.get("ts")):
                yield name, error("page-fields", section, f"line {number} has no url or no ts of RFC 3339")


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and "T" in value and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as member:
            return member.read(_JSON_LIMIT)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return b""


def _hash(archive: zipfile.ZipFile, name: str, algorithm: str) -> tuple[int, str]:
    size, seen = 0, new_hash(algorithm, usedforsecurity=False)
    with archive.open(name) as member:
        while piece := member.read(PIECE):
            size += len(piece)
            seen.update(piece)
    return size, seen.hexdigest()


def _inflated(member: IO[bytes]) -> IO[bytes]:
    return io.BufferedReader(gzip.GzipFile(fileobj=member))


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines of a member that may be damaged: it ends where it can no longer be read (its hash says so already)."""
    try:
        while line := stream.readline(1 << 20):
            yield line
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return
