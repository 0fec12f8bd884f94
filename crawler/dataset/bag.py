"""The export as a bag (BagIt 1.0, RFC 8493): digests of every file, so that anybody can tell with ``sha256sum -c`` whether one was changed.

The payload is ``data/``; all else are tag files, covered by the tag manifest. Owns the names of the bag's own files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import file_digest, sha256
from pathlib import Path

from crawler.layout import OPEN, WARC

DECLARATION = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"


def sha256_of(path: Path) -> str:
    """SHA-256 (base16) of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def payload_digests(root: Path) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of every payload file, by its path below ``root``."""
    return {name: (path.stat().st_size, sha256_of(path)) for name, path in _files(root) if name.startswith("data/")}


def seal(root: Path, payload: dict[str, tuple[int, str]], info: Iterable[tuple[str, str]]) -> str:
    """Write the bag's own files over a folder whose payload has these digests; returns the SHA-256 of the tag manifest.

    That digest is the export's fingerprint: it changes if any byte of any file does.
    """
    size = sum(length for length, _ in payload.values())
    lines = [*info, ("Payload-Oxum", f"{size}.{len(payload)}")]
    _write(root / DECLARATION, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    _write(root / INFO, "".join(f"{label}: {' '.join(text.split())}\n" for label, text in lines))
    _write(root / MANIFEST, _manifest(payload))
    tags = {
        name: sha256_of(path) for name, path in _files(root) if not name.startswith("data/") and name != TAG_MANIFEST
    }
    _write(root / TAG_MANIFEST, "".join(f"{digest}  {_encoded(name)}\n" for name, digest in sorted(tags.items())))
    return sha256_of(root / TAG_MANIFEST)


def manifest_digest(payload: dict[str, tuple[int, str]]) -> str:
    """SHA-256 of the payload's manifest, before it is written: it fixes every byte of the data."""
    return sha256(_manifest(payload).encode()).hexdigest()


def _manifest(payload: dict[str, tuple[int, str]]) -> str:
    return "".join(f"{digest}  {_encoded(name)}\n" for name, (_, digest) in sorted(payload.items()))


def _files(root: Path) -> list[tuple[str, Path]]:
    return sorted((path.relative_to(root).as_posix(), path) for path in root.rglob("*") if path.is_file())


def _encoded(name: str) -> str:
    """A path as manifests have it (RFC 8493, 2.1.3)."""
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def broken(root: Path) -> Iterator[tuple[str, str]]:
    """Yield each file of a bag that is not as its manifests say, and what is wrong with it (RFC 8493, 3)."""
    listed: dict[str, str] = {}
    for name in (MANIFEST, TAG_MANIFEST):
        try:
            lines = (root / name).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            yield name, f"the manifest cannot be read: {error}"
            continue
        for line in lines:
            digest, _, path = line.partition("  ")
            listed[path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")] = digest.lower()
    here = {name for name, _ in _files(root)}
    for name, digest in sorted(listed.items()):
        if name not in here:
            yield name, "it is gone"
        elif (found := sha256_of(root / name)) != digest:
            yield name, f"it was changed: its SHA-256 is {found}, the manifest says {digest}"
    for name in sorted(here - listed.keys() - {TAG_MANIFEST}):
        if not name.removesuffix(OPEN).endswith(WARC):  # put there to be at hand
            yield name, "no manifest lists it"
