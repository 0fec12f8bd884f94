"""The configuration: YAML to frozen dataclasses, checked before anything is fetched or written. The only door to yaml."""

from crawler.config.load import (
    BUNDLED,
    apply_overrides,
    find_config,
    known_rules,
    load_settings,
    load_site,
    load_sites,
    site_for_url,
)
from crawler.config.rules import ChromeRule, ExtractRules
from crawler.config.settings import Settings
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
    "BUNDLED",
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
    "Settings",
    "SiteConfig",
    "SitemapSource",
    "WarcOptions",
    "apply_overrides",
    "find_config",
    "known_rules",
    "load_settings",
    "load_site",
    "load_sites",
    "site_for_url",
]
