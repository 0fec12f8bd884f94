"""What our ``metadata`` records say: provenance, fidelity, interim answers, and why a fetch failed (WARC 1.1, 6.6).

Owns the names of these lines. ``from_block(to_block(notes))`` gives the notes back exactly. Other tools' metadata records are no
notes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args, get_type_hints

from crawler.record import Fidelity
from crawler.warc import fields
from crawler.warc.exchange import Provenance

MARK = ("pressmark", "1")
"""First line of our blocks, metadata and warcinfo: who wrote it, and the version of these lines."""

_NAMES = {
    "site": "site",
    "run_id": "runId",
    "role": "role",
    "requested_url": "requestedUrl",
    "discovered_via": "discoveredVia",
    "discovered_url": "via",  # the standard's own name
    "discovered_at": "discoveredAt",
    "article_id": "articleId",
    "title": "title",
    "published_raw": "publishedRaw",
    "robots": "robots",
}
_TLS = {"tls_certificate": "tlsCertificate", "tls_chain": "tlsChain", "tls_problem": "tlsProblem"}
_CHOICES: dict[str, frozenset[Any]] = {
    name: frozenset(choice for part in (hint, *get_args(hint)) for choice in get_args(part) if isinstance(choice, str))
    for name, hint in get_type_hints(Provenance).items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Content of one of our metadata records."""

    provenance: Provenance = field(default_factory=Provenance)
    fidelity: Fidelity = "wire"
    interim: tuple[bytes, ...] = ()
    """Heads of interim answers: a response block has to begin with the final status line."""
    tls_certificate: str | None = None
    """``sha256:`` and base16 of the server's own certificate (DER): its fingerprint. None without TLS."""
    tls_chain: str | None = None
    """Block digest of the record that holds all certificates which the server showed."""
    tls_problem: str | None = None
    """Why they did not verify; None if they did."""
    failure: str | None = None
    """Slug of why there is no answer; None if there is one."""
    detail: str | None = None
    """What exactly happened, for people."""


def to_block(notes: Notes) -> bytes:
    """Serialise notes as an ``application/warc-fields`` block."""
    lines = [MARK, ("captureFidelity", notes.fidelity)]
    for attribute, name in _NAMES.items():
        value = getattr(notes.provenance, attribute)
        if value is not None:
            lines.append((name, value.isoformat() if isinstance(value, datetime) else value))
    lines += [("interim", head.decode("latin-1")) for head in notes.interim]
    for attribute, name in _TLS.items():
        if (value := getattr(notes, attribute)) is not None:
            lines.append((name, value))
    if notes.failure is not None:
        lines.append(("failure", notes.failure))
    if notes.detail is not None:
        lines.append(("detail", notes.detail))
    return fields.to_block(lines)


def from_block(block: bytes) -> Notes | None:
    """Read notes back; None if the block is not ours. A line that cannot be understood counts as absent."""
    lines = fields.from_block(block)
    if not lines or lines[0] != MARK:
        return None
    known: dict[str, Any] = {}
    for attribute, name in _NAMES.items():
        value = fields.get(lines, name)
        if value is None or (_CHOICES[attribute] and value not in _CHOICES[attribute]):
            continue
        if attribute == "discovered_at":
            try:
                known[attribute] = datetime.fromisoformat(value)
            except ValueError:
                continue
        else:
            known[attribute] = value
    fidelity = fields.get(lines, "captureFidelity")
    return Notes(
        provenance=Provenance(**known),
        fidelity="reconstructed" if fidelity == "reconstructed" else "wire",
        interim=tuple(head.encode("latin-1", "replace") for head in fields.get_all(lines, "interim")),
        **{attribute: fields.get(lines, name) for attribute, name in _TLS.items()},
        failure=fields.get(lines, "failure"),
        detail=fields.get(lines, "detail"),
    )
