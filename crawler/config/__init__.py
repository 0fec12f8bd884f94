"""The configuration: YAML to frozen dataclasses, checked before anything is fetched or written. The only door to yaml."""

from crawler.config.discovery import Discover, FeedSource, Polling, SectionSource, SitemapSource, Traps
from crawler.config.draft import SiteDraft
from crawler.config.load import (
    BUNDLED,
    apply_overrides,
    find_config,
    known_rules,
    load_settings,
    load_site,
    load_sites,
    rules_on_trial,
    site_for_url,
)
from crawler.config.rules import ChromeRule, ExtractRules
from crawler.config.settings import Settings
from crawler.config.site import (
    Extract,
    ExtractLimits,
    Fetch,
    Limits,
    Politeness,
    Scope,
    SiteConfig,
    WarcOptions,
)
from crawler.config.watching import Expect, Notify, Schedule

__all__ = [
    "BUNDLED",
    "ChromeRule",
    "Discover",
    "Expect",
    "Extract",
    "ExtractLimits",
    "ExtractRules",
    "FeedSource",
    "Fetch",
    "Limits",
    "Notify",
    "Politeness",
    "Polling",
    "Schedule",
    "Scope",
    "SectionSource",
    "Settings",
    "SiteConfig",
    "SiteDraft",
    "SitemapSource",
    "Traps",
    "WarcOptions",
    "apply_overrides",
    "find_config",
    "known_rules",
    "load_settings",
    "load_site",
    "load_sites",
    "rules_on_trial",
    "site_for_url",
]
