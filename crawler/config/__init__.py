"""The configuration: YAML to frozen dataclasses, checked before anything is fetched or written. The only door to yaml."""

from crawler.config.rules import ChromeRule, ExtractRules
from crawler.config.site import (
    Discover,
    Extract,
    ExtractLimits,
    FeedSource,
    Fetch,
    Limits,
    Politeness,
    Scope,
    SectionSource,
    SiteConfig,
    SitemapSource,
    WarcOptions,
)

__all__ = [
    "ChromeRule",
    "Discover",
    "Extract",
    "ExtractLimits",
    "ExtractRules",
    "FeedSource",
    "Fetch",
    "Limits",
    "Politeness",
    "Scope",
    "SectionSource",
    "SiteConfig",
    "SitemapSource",
    "WarcOptions",
]
