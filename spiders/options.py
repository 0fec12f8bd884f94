"""A site's settings as Scrapy's: the one place that translates them. Pure."""

from __future__ import annotations

from typing import Any

from crawler.config import SiteConfig


def scrapy_settings(site: SiteConfig) -> dict[str, Any]:
    """Scrapy settings of one site's crawler; docs/settings.md says what each means."""
    manners, fetch = site.politeness, site.fetch
    settings: dict[str, Any] = {
        "USER_AGENT": manners.user_agent,
        # without any delay Scrapy lets all that waits for a host go at once, whatever the limit (2.19)
        "DOWNLOAD_DELAY": max(manners.delay, 0.001),
        "DOWNLOAD_DELAY_JITTER": 0,  # the delay is a promise: never less
        "PRESSMARK_MAX_DELAY": manners.max_delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": manners.concurrency,
        "RETRY_TIMES": manners.tries - 1,
        "DOWNLOAD_TIMEOUT": manners.timeout,
        "DOWNLOAD_MAXSIZE": 2 * manners.max_body,
        "DOWNLOAD_VERIFY_CERTIFICATES": fetch.verify_tls,
        "PRESSMARK_ROBOTS": manners.robots,
        "PRESSMARK_IDLE_TIMEOUT": manners.idle_timeout,
        "PRESSMARK_MAX_RAW_BYTES": manners.max_body,
        "PRESSMARK_STOP_AFTER_BLOCKS": manners.stop_after_blocks,
        "PRESSMARK_ALLOW_PRIVATE": fetch.allow_private
        if isinstance(fetch.allow_private, bool)
        else list(fetch.allow_private),
    }
    if site.limits.max_time is not None:
        settings["CLOSESPIDER_TIMEOUT"] = site.limits.max_time
    return settings
