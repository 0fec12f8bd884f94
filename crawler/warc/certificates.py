"""The certificates that a server showed, as a WARC keeps them: PEM text under an address made of its own digest.

Owns the form of the block and of its address. Pure; knows nothing of what a certificate says.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

MEDIA_TYPE = "application/pem-certificate-chain"
"""Registered by RFC 8555, 9.1."""


@lru_cache(maxsize=64)  # each exchange of a connection asks for the same
def to_pem(certificates: tuple[bytes, ...]) -> bytes:
    """Text of certificates given as DER, in their order (RFC 7468, 5: base64 in lines of 64)."""
    lines = []
    for each in certificates:
        text = b64encode(each).decode()
        cut = (text[begin : begin + 64] for begin in range(0, len(text), 64))
        lines += ["-----BEGIN CERTIFICATE-----", *cut, "-----END CERTIFICATE-----"]
    return "".join(line + "\n" for line in lines).encode()


def uri(digest: str) -> str:
    """Address of the record whose block has this digest (``sha256:…``)."""
    return f"urn:tls-certificates:{digest}"
