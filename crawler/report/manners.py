"""How a run treated the servers that it asked, for its report: what each asked for, and what it got. Plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class HostManners:
    """One host in a run. Times are seconds."""

    host: str
    """The host, with its port if that is not the usual one."""
    requests: int = 0
    """Answers that came, robots.txt and redirects counted in."""
    delay: float = 0.0
    """Least time between two requests, as configured or as robots.txt asks."""
    crawl_delay_asked: float | None = None
    """Crawl-delay of its robots.txt; what is more than ``politeness.max_delay`` is not given."""
    retry_after_asked: float | None = None
    """The longest Retry-After that it sent."""
    retry_after_given: float | None = None
    """The longest pause that it got for that within the run."""
    busy: int = 0
    """Answers 429 and 503, and time-outs."""
    slowed: int = 0
    """How often the delay was made longer."""
    slowest: float = 0.0
    """The longest that it was."""
