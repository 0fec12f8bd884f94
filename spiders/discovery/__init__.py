"""Discovery: bytes of a feed, a sitemap or a page in, links out. Pure: no network, no files, no Scrapy."""
