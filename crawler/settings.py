"""Scrapy's settings for every crawl: the only place that names spiders and stages.

What a site's YAML says comes on top (spiders.options). Reads top to bottom as the way of a request and of what comes back. Begins by making
sure that ``spiders`` and ``pipelines`` are our own: any project may own these names, and Scrapy would take another's without a word.
"""

from pathlib import Path
from typing import Any

import pipelines
import spiders
from crawler import __version__
from crawler.errors import PressmarkError

_HOME = Path(__file__).resolve().parents[1]
for _package in (spiders, pipelines):
    if Path(str(_package.__file__)).resolve().parents[1] != _HOME:
        raise PressmarkError(
            f"the package '{_package.__name__}' that Python finds is {_package.__file__}, not Pressmark's own in {_HOME}",
            hint="Run the command 'pressmark', which finds its own; for plain scrapy, run it in Pressmark's checkout.",
        )

BOT_NAME = "pressmark"
SPIDER_MODULES = ["spiders"]

# --- how a request goes out

USER_AGENT = f"pressmark/{__version__}"
DOWNLOAD_HANDLERS: dict[str, Any] = {
    "http": "crawler.fetch.handler.WireDownloadHandler",
    "https": "crawler.fetch.handler.WireDownloadHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
TWISTED_DNS_RESOLVER = "crawler.fetch.guard.GuardedResolver"
REACTOR_THREADPOOL_MAXSIZE = 20  # name look-ups that stall hold a thread each
DOWNLOAD_VERIFY_CERTIFICATES = True
COOKIES_ENABLED = True
REFERER_ENABLED = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    # not zstd: no WARC reader in wide use decodes it
    "Accept-Encoding": "gzip, deflate, br",
}

SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # in the order in which sources name them

# --- manners

CONCURRENT_REQUESTS = 4  # a site; more would only wait in the host's slot, and must end before a run can
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 3.0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
RETRY_TIMES = 2
REDIRECT_MAX_TIMES = 20
_SCRAPYS = "scrapy.downloadermiddlewares"
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    f"{_SCRAPYS}.robotstxt.RobotsTxtMiddleware": None,
    "crawler.fetch.robots.RobotsMiddleware": 100,
    f"{_SCRAPYS}.retry.RetryMiddleware": None,
    "crawler.fetch.retry.RetryMiddleware": 550,
    f"{_SCRAPYS}.httpcompression.HttpCompressionMiddleware": None,
    "crawler.fetch.decoding.DecodingMiddleware": 590,
    f"{_SCRAPYS}.redirect.RedirectMiddleware": None,
    "crawler.fetch.redirects.RedirectMiddleware": 600,
    f"{_SCRAPYS}.cookies.CookiesMiddleware": None,
    "crawler.fetch.cookies.CookiesMiddleware": 700,
    f"{_SCRAPYS}.redirect.MetaRefreshMiddleware": None,
    f"{_SCRAPYS}.httpauth.HttpAuthMiddleware": None,
    f"{_SCRAPYS}.offsite.OffsiteMiddleware": None,
    f"{_SCRAPYS}.httpproxy.HttpProxyMiddleware": None,  # a proxy of the environment would connect past the address guard
    f"{_SCRAPYS}.httpcache.HttpCacheMiddleware": None,
}

SPIDER_MIDDLEWARES = {
    "crawler.fetch.accounting.Accounting": 1100
}  # next to the spider: before anything can drop a request
URLLENGTH_LIMIT = 0  # crawler.urls has the limit; Scrapy's own would drop without a word

# --- what comes back

HTTPERROR_ALLOW_ALL = True
SCRAPER_SLOT_MAX_ACTIVE_SIZE = (
    500_000  # bytes of answers at work, beyond which none is fetched; the least costs 100 KB of objects
)
ITEM_PIPELINES = {"pipelines.adapter.ExtractionPipeline": 100}
EXTENSIONS = {
    "crawler.fetch.session.SiteSession": 0,
    "crawler.fetch.politeness.Politeness": 100,
    "scrapy.extensions.telnet.TelnetConsole": None,
}

# --- no open doors

TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0
