"""What can go wrong: the tree of errors, the exit codes, and the slugs that name why a URL ended as it did.

Owns every exit code and every reason; never prints and never exits. Each error says what happened, where, and what to do next.

    PressmarkError                exit 1
    ├── UsageError                exit 2    the command line
    ├── ConfigError               exit 3    a YAML file: file, line, key, nearest known key
    ├── StorageError              exit 6    disk full, read-only, not a collection
    ├── EvidenceError             exit 8    a record that should be there is not
    ├── VerificationError         exit 9    bytes that do not prove what they should
    ├── PolicyError               exit 10   robots, a private address, a scheme that is not http(s)
    └── BusyError                 exit 75   another process holds the site
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Exit(IntEnum):
    """Exit codes: stable, documented in docs/exit-codes.md."""

    DONE = 0
    """All that was asked for was done."""
    UNEXPECTED = 1
    """An error nobody foresaw: a bug. The message says how to report it."""
    USAGE = 2
    """The command line cannot be understood."""
    CONFIG = 3
    """A configuration file is wrong. Nothing was fetched, nothing was written."""
    DEGRADED = 4
    """The run ended, but yield or fields are below what this site usually gives."""
    BLOCKED = 5
    """The site refuses the crawler (403, 429, challenge pages)."""
    STORAGE = 6
    """The disk is full, read-only, or not a collection."""
    PARTIAL = 7
    """Some URLs or sites failed; the rest is archived."""
    EVIDENCE = 8
    """What was asked for is not, or not wholly, in the archive."""
    VERIFICATION = 9
    """Verification found records or rows that do not prove what they should."""
    POLICY = 10
    """Refused by policy: robots.txt, a private address, a scheme that is not http or https."""
    TEMPORARY = 75
    """Temporary: another process holds the site. Try again later."""
    HUNG_UP = 129
    """Interrupted by SIGHUP. State is saved; the same command goes on."""
    INTERRUPTED = 130
    """Interrupted by SIGINT. State is saved; the same command goes on."""
    TERMINATED = 143
    """Interrupted by SIGTERM. State is saved; the same command goes on."""


INTERRUPTIONS = frozenset({Exit.HUNG_UP, Exit.INTERRUPTED, Exit.TERMINATED})
"""How a run ends that a signal ended."""


class PressmarkError(Exception):
    """Base of all errors that a user may see. ``hint`` says what to do next."""

    exit_code = Exit.UNEXPECTED

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class UsageError(PressmarkError):
    """The command line asks for something that does not exist or does not fit together."""

    exit_code = Exit.USAGE


class ConfigError(PressmarkError):
    """A configuration file is wrong; the message begins with ``file:line``."""

    exit_code = Exit.CONFIG


class StorageError(PressmarkError):
    """The collection cannot be read or written."""

    exit_code = Exit.STORAGE


class EvidenceError(PressmarkError):
    """A record or a row that should be in the archive is not."""

    exit_code = Exit.EVIDENCE


class VerificationError(PressmarkError):
    """Bytes that do not prove what they should."""

    exit_code = Exit.VERIFICATION


class PolicyError(PressmarkError):
    """Refused by policy."""

    exit_code = Exit.POLICY


class BusyError(PressmarkError):
    """Another process holds the site's lock."""

    exit_code = Exit.TEMPORARY


class Reason(StrEnum):
    """Why a URL ended without a row in articles.jsonl, or with a flagged one. The slugs are also the names of the metrics."""

    ROBOTS_DISALLOWED = "robots-disallowed"
    """robots.txt says no to our user agent (RFC 9309)."""
    ROBOTS_UNAVAILABLE = "robots-unavailable"
    """robots.txt answered 5xx or not at all: complete disallow (RFC 9309, 2.3.1.4)."""
    OUT_OF_SCOPE = "out-of-scope"
    """The site's ``scope`` does not take this URL."""
    BAD_URL = "bad-url"
    """Not an http or https URL that could be requested."""
    PRIVATE_ADDRESS = "private-address"
    """The host resolves to an address that is not public; ``--allow-private`` lets it through."""
    DNS_FAILED = "dns-failed"
    """The host's name could not be resolved."""
    CONNECT_FAILED = "connect-failed"
    """No connection could be made."""
    TLS_FAILED = "tls-failed"
    """The TLS handshake failed, or the certificate was not valid."""
    TIMEOUT = "timeout"
    """No whole answer within the time limit; what came is kept."""
    DISCONNECTED = "disconnected"
    """The connection ended before the answer did; what came is kept."""
    TOO_LARGE = "too-large"
    """The answer is larger than the byte limit; what came is kept."""
    BAD_RESPONSE = "bad-response"
    """The answer is not HTTP that can be understood."""
    TOO_MANY_REDIRECTS = "too-many-redirects"
    """More hops than the limit, or a loop. Each hop is archived."""
    BAD_REDIRECT = "bad-redirect"
    """A redirect to something that is never fetched."""
    HTTP_ERROR = "http-error"
    """The server answered with an error status."""
    NOT_FOUND = "not-found"
    """404 or 410."""
    BLOCKED = "blocked"
    """The server refuses the crawler: 401, 403, 407, 429, 451, or a challenge or consent page where the article should be."""
    NOT_HTML = "not-html"
    """Archived, but not a page text can be taken from."""
    NOT_ARTICLE = "not-article"
    """Archived, but not an article: a section page, a soft 404."""
    EMPTY = "empty"
    """Archived, but there is no text in it."""
    EXTRACT_TIMEOUT = "extract-timeout"
    """Extraction took longer than its limit and was stopped."""
    EXTRACT_FAILED = "extract-failed"
    """Extraction ended with an error, or its process died."""
    NOT_MODIFIED = "not-modified"
    """304: the copy already archived still holds."""
    NOT_FOUND_ONCE = "not-found-once"
    """Looked at again and not found, for the first time: it is gone when a look an hour or more later finds so too, or at once by 410."""
    WALLED = "walled"
    """Looked at again, but a wall stood where the text was, or the answer was not whole: nothing is said about the article."""
    DUPLICATE = "duplicate"
    """Another URL led to the same article in this run."""
    BUDGET = "budget"
    """A limit of the site's configuration was reached first."""
    TRAP_PATH = "trap-path"
    """The address is one of endlessly many: its path repeats itself, is too deep or too long."""
    TRAP_QUERY = "trap-query"
    """The address is one of endlessly many: too many parameters, or too many variants of one page."""
    TRAP_PATTERN = "trap-pattern"
    """Links alone name it, and too many pages of its form were taken, or gave no article."""
    TRAP_REPEAT = "trap-repeat"
    """Links alone name it, and pages of its form hold the same again and again."""
    INTERRUPTED = "interrupted"
    """The run was stopped before this URL's turn; the next run goes on with it."""
    WITHDRAWN = "withdrawn"
    """Taken down by a person's order, and never asked for again."""
    UNEXPECTED = "unexpected"
    """A bug; ``detail`` names it."""


TEMPORARY: frozenset[Reason] = frozenset({
    Reason.ROBOTS_UNAVAILABLE, Reason.DNS_FAILED, Reason.CONNECT_FAILED, Reason.TLS_FAILED, Reason.TIMEOUT,
    Reason.DISCONNECTED, Reason.HTTP_ERROR, Reason.BLOCKED, Reason.INTERRUPTED, Reason.BUDGET,
    Reason.TOO_MANY_REDIRECTS, Reason.BAD_RESPONSE,
})  # fmt: skip
"""Reasons after which a later run tries the URL again."""

NOT_ASKED: frozenset[Reason] = frozenset(
    {
        Reason.ROBOTS_DISALLOWED,
        Reason.OUT_OF_SCOPE,
        Reason.BAD_URL,
        Reason.PRIVATE_ADDRESS,
        Reason.BUDGET,
        Reason.DUPLICATE,
        Reason.WITHDRAWN,
        Reason.TRAP_PATH,
        Reason.TRAP_QUERY,
        Reason.TRAP_PATTERN,
        Reason.TRAP_REPEAT,
    }
)
"""Reasons for which a page was never asked for: no failure of the server's."""

LEFT_OUT: frozenset[Reason] = frozenset({
    Reason.OUT_OF_SCOPE, Reason.BUDGET, Reason.TRAP_PATH, Reason.TRAP_QUERY, Reason.TRAP_PATTERN, Reason.TRAP_REPEAT,
})  # fmt: skip
"""Reasons of our own choice: a URL that was left out for one of them is taken when a source names it and nothing speaks against it."""
