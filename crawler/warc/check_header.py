"""Rules for a record's header by itself (WARC 1.1, 4 to 6): its syntax, and which fields which type must, may and may not bear.

Pure; looks at no block and at no other record.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator, Set

from crawler.warc import fields
from crawler.warc.capture import REVISITS, parse_date, profile
from crawler.warc.digests import Digest
from crawler.warc.finding import Breach, error, warning
from crawler.warc.scan import Entry

TYPES = frozenset({"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"})

_MANDATORY = {"WARC-Type": "5.5", "WARC-Record-ID": "5.2", "WARC-Date": "5.4"}
_NEEDED: dict[str, tuple[str, Set[str]]] = {
    "WARC-Target-URI": ("5.14", {"response", "resource", "request", "revisit", "conversion", "continuation"}),
    "WARC-Profile": ("5.18", {"revisit"}),
    "WARC-Segment-Number": ("5.20", {"continuation"}),
    "WARC-Segment-Origin-ID": ("5.21", {"continuation"}),
}
_FORBIDDEN: dict[str, tuple[str, Set[str]]] = {
    "WARC-Concurrent-To": ("5.7", {"warcinfo", "conversion", "continuation"}),
    "WARC-IP-Address": ("5.10", {"warcinfo", "conversion", "continuation"}),
    "WARC-Refers-To": ("5.11", {"warcinfo", "response", "resource", "request", "continuation"}),
    "WARC-Target-URI": ("5.14", {"warcinfo"}),
    "WARC-Warcinfo-ID": ("5.16", {"warcinfo"}),
    "WARC-Filename": ("5.17", TYPES - {"warcinfo"}),
    "WARC-Profile": ("5.18", TYPES - {"revisit"}),
    "WARC-Segment-Origin-ID": ("5.21", TYPES - {"continuation"}),
    "WARC-Segment-Total-Length": ("5.22", TYPES - {"continuation"}),
}
_NO_PAYLOAD = {"warcinfo", "metadata"}
_ONCE = {
    "warc-type", "warc-record-id", "warc-date", "content-length", "content-type", "warc-block-digest", "warc-payload-digest",
    "warc-ip-address", "warc-refers-to", "warc-refers-to-target-uri", "warc-refers-to-date", "warc-target-uri", "warc-truncated",
    "warc-warcinfo-id", "warc-filename", "warc-profile", "warc-identified-payload-type", "warc-segment-number",
    "warc-segment-origin-id", "warc-segment-total-length",
}  # fmt: skip
_IDS = ("WARC-Record-ID", "WARC-Concurrent-To", "WARC-Refers-To", "WARC-Warcinfo-ID", "WARC-Segment-Origin-ID")
_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+>\Z")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S*\Z", re.ASCII)
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_VERSIONS = (b"WARC/1.0", b"WARC/1.1")


def check_header(entry: Entry) -> Iterator[Breach]:
    """Yield what is wrong with a record's header."""
    yield from _syntax(entry.header)
    kind = entry.get("WARC-Type") or ""
    for name, section in _MANDATORY.items():
        if not entry.get(name):
            yield error("field-missing", f"WARC 1.1, {section}", f"there is no {name}, which every record shall have")
    if kind and kind not in TYPES:
        yield warning("type-unknown", "WARC 1.1, 5.5", f"readers pass over records of the type {kind!r}")
    for name, (section, types) in _NEEDED.items():
        if kind in types and entry.get(name) is None:
            yield error(
                "field-missing", f"WARC 1.1, {section}", f"there is no {name}, which a {kind} record shall have"
            )
    for name, (section, types) in _FORBIDDEN.items():
        if kind in types and entry.get(name) is not None:
            yield error("field-forbidden", f"WARC 1.1, {section}", f"a {kind} record shall not have {name}")
    for name, count in Counter(name.lower() for name, _ in entry.fields).items():
        if count > 1 and name in _ONCE:
            yield error("field-doubled", "WARC 1.1, 5.1", f"{name} stands {count} times")
    yield from _values(entry)
    if kind in _NO_PAYLOAD and entry.get("WARC-Payload-Digest"):
        yield warning("payload-digest-without-payload", "WARC 1.1, 5.9", f"a {kind} record has no payload")
    if entry.block_length and kind != "continuation" and not entry.get("Content-Type"):
        yield warning("content-type-missing", "WARC 1.1, 5.6", "a record with a block should have a Content-Type")
    if kind == "revisit":
        yield from _revisit(entry)


def _syntax(header: bytes) -> Iterator[Breach]:
    section = "WARC 1.1, 4"
    version, *lines = header.split(b"\n")
    if version.rstrip() not in _VERSIONS:
        yield warning("version-unknown", section, f"the version is {version.rstrip().decode('ascii', 'replace')!r}")
    if any(not line.endswith(b"\r") for line in (version, *lines[:-1])):
        yield error("line-end", section, "a line of the header does not end with CR LF")
    for line in (each.removesuffix(b"\r") for each in lines[:-1]):
        if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line):
            yield error("control-character", section, f"there is a control character in {line[:60]!r}")
        try:
            line.decode()
        except UnicodeDecodeError:
            yield error("not-utf-8", section, f"this is not UTF-8: {line[:60]!r}")
        if line[:1] in (b" ", b"\t"):
            yield warning("folded-line", section, "a folded line: many readers do not join them")
        elif line and not (b":" in line and _TOKEN.match(line.partition(b":")[0])):
            yield error("no-field", section, f"this is no named field: {line[:60]!r}")


def _values(entry: Entry) -> Iterator[Breach]:
    for name in _IDS:
        for value in fields.get_all(entry.fields, name):
            if not _ID.match(value):
                yield error("id-syntax", "WARC 1.1, 5.2", f"{name} is no URI in angle brackets: {value!r}")
    for name, section in (("WARC-Date", "5.4"), ("WARC-Refers-To-Date", "5.13")):
        if date := entry.get(name):
            try:
                parse_date(date)
            except ValueError:
                yield error("date-syntax", f"WARC 1.1, {section}", f"{name} is no UTC date: {date!r}")
                continue
            if entry.header.startswith(b"WARC/1.0") and len(date) != len("2026-11-23T10:00:00Z"):
                text = f"a date of WARC 1.0 is precise to the second: {name} is {date!r}"
                yield warning("date-precision", "WARC 1.0, 5.4", text)
    for name, section in (("WARC-Target-URI", "5.14"), ("WARC-Refers-To-Target-URI", "5.12")):
        if (uri := entry.get(name)) is not None:
            if uri != fields.bare(uri) and entry.header.startswith(b"WARC/1.1"):  # the grammar of WARC 1.0 has them
                yield warning(
                    "uri-brackets", f"WARC 1.1, {section}", f"{name} stands in angle brackets, as some old writers do"
                )
            if not _URI.match(fields.bare(uri)):
                yield error("uri-syntax", f"WARC 1.1, {section}", f"{name} is no URI without white space: {uri!r}")
    if address := entry.get("WARC-IP-Address"):
        try:
            ipaddress.ip_address(address)
        except ValueError:
            yield error("address-syntax", "WARC 1.1, 5.10", f"WARC-IP-Address is no address: {address!r}")
    for name, section in (("WARC-Block-Digest", "5.8"), ("WARC-Payload-Digest", "5.9")):
        if (digest := entry.get(name)) is not None:
            try:
                known = Digest.parse(digest)
            except ValueError as wrong:
                yield error("digest-syntax", f"WARC 1.1, {section}", f"{name}: {wrong}")
                continue
            if known is None:
                yield warning("digest-unknown", f"WARC 1.1, {section}", f"{name} cannot be checked: {digest[:40]!r}")
    reason = entry.get("WARC-Truncated")
    if reason is not None and reason not in ("length", "time", "disconnect", "unspecified"):
        yield warning("truncated-reason", "WARC 1.1, 5.15", f"WARC-Truncated has a reason of its own: {reason!r}")


def _revisit(entry: Entry) -> Iterator[Breach]:
    if entry.get("WARC-Profile") and profile(entry) is None:
        yield warning(
            "profile-unknown",
            "WARC 1.1, 6.7",
            f"the profile is none of {', '.join(REVISITS)}: readers cannot use the record",
        )
    if profile(entry) == "identical-payload-digest" and not entry.get("WARC-Payload-Digest"):
        yield error(
            "field-missing", "WARC 1.1, 6.7.2", "there is no WARC-Payload-Digest, which this profile shall have"
        )
    for name in ("WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"):
        if not entry.get(name):
            yield warning(
                "revisit-reference", "WARC 1.1, 6.7", f"there is no {name}: replay tools cannot find the original"
            )
