"""Labelled digests as other tools write them (WARC 1.1, 5.8): any common algorithm, base16 or base32. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

_LABELLED = re.compile(r"([A-Za-z0-9-]+):([A-Za-z0-9+/=_-]+)\Z")
_ALGORITHMS = {
    "md5": "md5",
    "sha1": "sha1",
    "sha-1": "sha1",
    "sha256": "sha256",
    "sha-256": "sha256",
    "sha512": "sha512",
    "sha-512": "sha512",
}


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest that can be checked."""

    algorithm: str
    """Name in hashlib."""
    value: bytes

    @classmethod
    def parse(cls, text: str) -> Digest | None:
        """Read ``algorithm:value``; None if the algorithm is not known.

        Raises:
            ValueError: it has not that form, or not the algorithm's length.

        """
        match = _LABELLED.match(text)
        if not match:
            raise ValueError(f"not of the form algorithm:value: {text[:60]!r}")
        algorithm = _ALGORITHMS.get(match[1].lower())
        if algorithm is None:
            return None
        value, size = match[2], hashlib.new(algorithm, usedforsecurity=False).digest_size
        try:
            if len(value) == 2 * size:
                return cls(algorithm, bytes.fromhex(value))
            return cls(algorithm, _sized(base64.b32decode(value.upper() + "=" * (-len(value) % 8)), size))
        except (ValueError, binascii.Error) as wrong:
            raise ValueError(f"not the base16 or base32 of a {algorithm}: {text[:60]!r}") from wrong


def _sized(value: bytes, size: int) -> bytes:
    if len(value) != size:
        raise ValueError("wrong length")
    return value
