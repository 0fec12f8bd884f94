"""A site's settings as Scrapy's: the one place that translates them. Pure."""

from __future__ import annotations

from typing import Any

from crawler.config import SiteConfig
